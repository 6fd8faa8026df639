-- Pictures made of a file: smaller sizes of an image ('w320', 'w800', 'w1600'), the poster of a video or PDF ('poster') and its small size ('w320').
CREATE TABLE asset_picture (
  tenant_id INTEGER NOT NULL,
  asset_id BLOB NOT NULL CHECK (length(asset_id) = 16),
  name TEXT NOT NULL CHECK (length(name) <= 16),
  media_type TEXT NOT NULL CHECK (length(media_type) <= 100),
  width INTEGER NOT NULL,
  height INTEGER NOT NULL,
  size INTEGER NOT NULL,
  object_key TEXT NOT NULL CHECK (length(object_key) <= 255),
  PRIMARY KEY (tenant_id, asset_id, name),
  CONSTRAINT asset_picture_asset FOREIGN KEY (tenant_id, asset_id) REFERENCES asset (tenant_id, id)
) STRICT;
