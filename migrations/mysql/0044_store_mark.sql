-- The marks that this database has given its object store. The store keeps the newest one as the object mark; a store whose mark is not among these went on with another
-- database, or with another copy of this one, and is refused (tenant/store_mark.go). Rows older than 30 days are removed once a newer mark was stored.
CREATE TABLE store_mark (
  id BINARY(16) NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
