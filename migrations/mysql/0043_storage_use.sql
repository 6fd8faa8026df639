-- What the installation kept when it was last counted on a day: one row a day, written by the job storage.count, removed after 400 days. body is JSON: the kinds of
-- files and the organisations that keep the most (content/storage_use.go).
CREATE TABLE storage_day (
  day VARCHAR(10) NOT NULL,
  counted_at BIGINT NOT NULL,
  files BIGINT NOT NULL,
  file_bytes BIGINT NOT NULL,
  database_bytes BIGINT NOT NULL,
  body MEDIUMTEXT NOT NULL,
  PRIMARY KEY (day)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
