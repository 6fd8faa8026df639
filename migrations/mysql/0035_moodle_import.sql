-- A Moodle course backup, under the id of its uploaded file, and what becomes of it. state: checking, checked, refused (problem says why), applying, applied.
-- plan is what comes and what does not (content/moodle_plan.go); once applied, what came. The file itself goes when the course is there.
CREATE TABLE moodle_import (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  file_name VARCHAR(255) NOT NULL,
  size BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  problem VARCHAR(64) NOT NULL DEFAULT '',
  plan MEDIUMTEXT,
  title VARCHAR(200) NOT NULL DEFAULT '',
  language VARCHAR(5) NOT NULL DEFAULT '',
  actor MEDIUMTEXT,
  job_id BINARY(16),
  course_id BINARY(16),
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  applied_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT moodle_import_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX moodle_import_created ON moodle_import (tenant_id, created_at, id);
CREATE INDEX moodle_import_course ON moodle_import (tenant_id, course_id);
