-- What refers to a file: 'lesson' (a lesson of a draft), 'version' (a lesson of a published version). Written in the transaction that changes the
-- holder. The foreign key decides between somebody who begins to use a file and somebody who removes it.
CREATE TABLE asset_use (
  tenant_id BIGINT NOT NULL,
  asset_id BINARY(16) NOT NULL,
  holder_kind VARCHAR(16) NOT NULL,
  holder_id BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, asset_id, holder_kind, holder_id),
  CONSTRAINT asset_use_asset FOREIGN KEY (tenant_id, asset_id) REFERENCES asset (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX asset_use_holder ON asset_use (tenant_id, holder_kind, holder_id);
-- superseded_by: the file that drafts mean since this one was replaced; published versions go on meaning this one. No foreign key: when that file is
-- removed this is emptied. unused_since: since when the daily sweep has found nothing that refers to the file. name_key: the folded name, for searching.
ALTER TABLE asset ADD COLUMN superseded_by BINARY(16);
ALTER TABLE asset ADD COLUMN unused_since BIGINT;
ALTER TABLE asset ADD COLUMN name_key VARCHAR(255) NOT NULL DEFAULT '';
CREATE INDEX asset_superseded ON asset (tenant_id, superseded_by);
CREATE INDEX asset_unused ON asset (tenant_id, unused_since);
CREATE INDEX asset_created ON asset (tenant_id, created_at, id);
CREATE INDEX asset_size ON asset (tenant_id, size, id);
UPDATE asset SET name_key = LOWER(file_name);
INSERT IGNORE INTO asset_use (tenant_id, asset_id, holder_kind, holder_id)
 SELECT l.tenant_id, a.id, 'lesson', l.id FROM lesson l JOIN asset a ON a.tenant_id = l.tenant_id
 WHERE l.deleted_at IS NULL AND l.body LIKE CONCAT('%', LOWER(CONCAT_WS('-', SUBSTR(HEX(a.id), 1, 8), SUBSTR(HEX(a.id), 9, 4), SUBSTR(HEX(a.id), 13, 4), SUBSTR(HEX(a.id), 17, 4), SUBSTR(HEX(a.id), 21))), '%');
INSERT IGNORE INTO asset_use (tenant_id, asset_id, holder_kind, holder_id)
 SELECT v.tenant_id, a.id, 'version', v.id FROM version_lesson v JOIN asset a ON a.tenant_id = v.tenant_id
 WHERE v.body LIKE CONCAT('%', LOWER(CONCAT_WS('-', SUBSTR(HEX(a.id), 1, 8), SUBSTR(HEX(a.id), 9, 4), SUBSTR(HEX(a.id), 13, 4), SUBSTR(HEX(a.id), 17, 4), SUBSTR(HEX(a.id), 21))), '%');
