-- When a line of the deletion journal was written into the object store as well, where it survives the restore of an older database. Empty: not yet.
ALTER TABLE deletion ADD COLUMN kept_at INTEGER;
CREATE INDEX deletion_kept ON deletion (kept_at);
-- The pages of the journal in the object store that this database knows. A page that it does not know is newer than the database: what it lists is deleted
-- again before anybody is served.
CREATE TABLE deletion_page (
  id BLOB NOT NULL CHECK (length(id) = 16),
  known_at INTEGER NOT NULL,
  PRIMARY KEY (id)
) WITHOUT ROWID, STRICT;
