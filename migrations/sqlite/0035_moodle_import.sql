-- A Moodle course backup, under the id of its uploaded file, and what becomes of it. state: checking, checked, refused (problem says why), applying, applied.
-- plan is what comes and what does not (content/moodle_plan.go); once applied, what came. The file itself goes when the course is there.
CREATE TABLE moodle_import (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  file_name TEXT NOT NULL CHECK (length(file_name) <= 255),
  size INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (length(state) <= 16),
  problem TEXT NOT NULL DEFAULT '' CHECK (length(problem) <= 64),
  plan TEXT CHECK (json_valid(plan)),
  title TEXT NOT NULL DEFAULT '' CHECK (length(title) <= 200),
  language TEXT NOT NULL DEFAULT '' CHECK (length(language) <= 5),
  actor TEXT CHECK (json_valid(actor)),
  job_id BLOB CHECK (length(job_id) = 16),
  course_id BLOB CHECK (length(course_id) = 16),
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  applied_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT moodle_import_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
CREATE INDEX moodle_import_created ON moodle_import (tenant_id, created_at, id);
CREATE INDEX moodle_import_course ON moodle_import (tenant_id, course_id);
