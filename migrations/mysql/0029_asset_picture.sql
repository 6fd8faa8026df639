-- Pictures made of a file: smaller sizes of an image ('w320', 'w800', 'w1600'), the poster of a video or PDF ('poster') and its small size ('w320').
CREATE TABLE asset_picture (
  tenant_id BIGINT NOT NULL,
  asset_id BINARY(16) NOT NULL,
  name VARCHAR(16) NOT NULL,
  media_type VARCHAR(100) NOT NULL,
  width INT NOT NULL,
  height INT NOT NULL,
  size BIGINT NOT NULL,
  object_key VARCHAR(255) NOT NULL,
  PRIMARY KEY (tenant_id, asset_id, name),
  CONSTRAINT asset_picture_asset FOREIGN KEY (tenant_id, asset_id) REFERENCES asset (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
