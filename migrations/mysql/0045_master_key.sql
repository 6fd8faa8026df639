-- Which master key this database is served under, by the id that backups name too (docs/backup.md, key_id): it tells keys apart and does not tell the key. One row, made by the
-- first start; a start under another key is refused until `kenshu key accept` replaces it (tenant/master_key.go).
CREATE TABLE master_key (
  slot TINYINT NOT NULL,
  key_id CHAR(16) NOT NULL,
  noted_at BIGINT NOT NULL,
  PRIMARY KEY (slot),
  CONSTRAINT master_key_one CHECK (slot = 1)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
