-- What refers to a file: 'lesson' (a lesson of a draft), 'version' (a lesson of a published version). Written in the transaction that changes the
-- holder. The foreign key decides between somebody who begins to use a file and somebody who removes it.
CREATE TABLE asset_use (
  tenant_id INTEGER NOT NULL,
  asset_id BLOB NOT NULL CHECK (length(asset_id) = 16),
  holder_kind TEXT NOT NULL CHECK (length(holder_kind) <= 16),
  holder_id BLOB NOT NULL CHECK (length(holder_id) = 16),
  PRIMARY KEY (tenant_id, asset_id, holder_kind, holder_id),
  CONSTRAINT asset_use_asset FOREIGN KEY (tenant_id, asset_id) REFERENCES asset (tenant_id, id)
) STRICT;
CREATE INDEX asset_use_holder ON asset_use (tenant_id, holder_kind, holder_id);
-- superseded_by: the file that drafts mean since this one was replaced; published versions go on meaning this one. No foreign key: when that file is
-- removed this is emptied. unused_since: since when the daily sweep has found nothing that refers to the file. name_key: the folded name, for searching.
ALTER TABLE asset ADD COLUMN superseded_by BLOB CHECK (length(superseded_by) = 16);
ALTER TABLE asset ADD COLUMN unused_since INTEGER;
ALTER TABLE asset ADD COLUMN name_key TEXT NOT NULL DEFAULT '' CHECK (length(name_key) <= 255);
CREATE INDEX asset_superseded ON asset (tenant_id, superseded_by);
CREATE INDEX asset_unused ON asset (tenant_id, unused_since);
CREATE INDEX asset_created ON asset (tenant_id, created_at, id);
CREATE INDEX asset_size ON asset (tenant_id, size, id);
UPDATE asset SET name_key = lower(file_name);
INSERT OR IGNORE INTO asset_use (tenant_id, asset_id, holder_kind, holder_id)
 SELECT l.tenant_id, a.id, 'lesson', l.id FROM lesson l JOIN asset a ON a.tenant_id = l.tenant_id
 WHERE l.deleted_at IS NULL AND l.body LIKE '%' || lower(substr(hex(a.id), 1, 8) || '-' || substr(hex(a.id), 9, 4) || '-' || substr(hex(a.id), 13, 4) || '-' || substr(hex(a.id), 17, 4) || '-' || substr(hex(a.id), 21)) || '%';
INSERT OR IGNORE INTO asset_use (tenant_id, asset_id, holder_kind, holder_id)
 SELECT v.tenant_id, a.id, 'version', v.id FROM version_lesson v JOIN asset a ON a.tenant_id = v.tenant_id
 WHERE v.body LIKE '%' || lower(substr(hex(a.id), 1, 8) || '-' || substr(hex(a.id), 9, 4) || '-' || substr(hex(a.id), 13, 4) || '-' || substr(hex(a.id), 17, 4) || '-' || substr(hex(a.id), 21)) || '%';
