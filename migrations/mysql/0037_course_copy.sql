-- A course of the catalogue that an organisation makes its own (source_id: which; course_tenant_id and version_id: whose, and as it was then). state: copying, done
-- (course_id is the draft), stopped (problem says why; nothing was made). The job that copies has the id of the copy.
CREATE TABLE course_copy (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  course_tenant_id BIGINT NOT NULL,
  source_id BINARY(16) NOT NULL,
  version_id BINARY(16) NOT NULL,
  title VARCHAR(200) NOT NULL,
  state VARCHAR(16) NOT NULL,
  problem VARCHAR(64) NOT NULL DEFAULT '',
  actor MEDIUMTEXT NOT NULL,
  course_id BINARY(16),
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT course_copy_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX course_copy_source ON course_copy (tenant_id, source_id, created_at, id);
