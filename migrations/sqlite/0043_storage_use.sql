-- What the installation kept when it was last counted on a day: one row a day, written by the job storage.count, removed after 400 days. body is JSON: the kinds of
-- files and the organisations that keep the most (content/storage_use.go).
CREATE TABLE storage_day (
  day TEXT NOT NULL CHECK (length(day) = 10),
  counted_at INTEGER NOT NULL,
  files INTEGER NOT NULL,
  file_bytes INTEGER NOT NULL,
  database_bytes INTEGER NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  PRIMARY KEY (day)
) WITHOUT ROWID, STRICT;
