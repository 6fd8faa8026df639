-- Which master key this database is served under, by the id that backups name too (docs/backup.md, key_id): it tells keys apart and does not tell the key. One row, made by the
-- first start; a start under another key is refused until `kenshu key accept` replaces it (tenant/master_key.go).
CREATE TABLE master_key (
  slot INTEGER NOT NULL CHECK (slot = 1),
  key_id TEXT NOT NULL CHECK (length(key_id) = 16),
  noted_at INTEGER NOT NULL,
  PRIMARY KEY (slot)
) STRICT;
