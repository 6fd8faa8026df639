-- A course of the catalogue that an organisation makes its own (source_id: which; course_tenant_id and version_id: whose, and as it was then). state: copying, done
-- (course_id is the draft), stopped (problem says why; nothing was made). The job that copies has the id of the copy.
CREATE TABLE course_copy (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  course_tenant_id INTEGER NOT NULL,
  source_id BLOB NOT NULL CHECK (length(source_id) = 16),
  version_id BLOB NOT NULL CHECK (length(version_id) = 16),
  title TEXT NOT NULL CHECK (length(title) <= 200),
  state TEXT NOT NULL CHECK (length(state) <= 16),
  problem TEXT NOT NULL DEFAULT '' CHECK (length(problem) <= 64),
  actor TEXT NOT NULL CHECK (json_valid(actor)),
  course_id BLOB CHECK (length(course_id) = 16),
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT course_copy_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
CREATE INDEX course_copy_source ON course_copy (tenant_id, source_id, created_at, id);
