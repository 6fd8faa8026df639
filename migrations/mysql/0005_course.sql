-- An uploaded file. state: uploading, processing, ready, refused (problem says why). sha256 is of the stored bytes.
CREATE TABLE asset (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  file_name VARCHAR(255) NOT NULL,
  media_type VARCHAR(100) NOT NULL,
  size BIGINT NOT NULL,
  sha256 BINARY(32),
  object_key VARCHAR(255) NOT NULL,
  state VARCHAR(16) NOT NULL,
  problem VARCHAR(64) NOT NULL DEFAULT '',
  duration_ms BIGINT NOT NULL DEFAULT 0,
  width INT NOT NULL DEFAULT 0,
  height INT NOT NULL DEFAULT 0,
  pages INT NOT NULL DEFAULT 0,
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT asset_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX asset_state ON asset (tenant_id, state, id);
-- A resumable upload of one asset; which parts arrived is asked of the object store, never of the browser. upload_open is for the job that ends
-- forgotten ones in all organisations.
CREATE TABLE upload (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  asset_id BINARY(16) NOT NULL,
  store_upload_id VARCHAR(255) NOT NULL,
  part_size BIGINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT upload_asset FOREIGN KEY (tenant_id, asset_id) REFERENCES asset (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX upload_open ON upload (state, expires_at);
-- A course being made. shared: 'none', or 'all' (the association's catalogue, read-only for organisations).
-- version is the compare-and-set of the course's own fields; content_version counts every change that publishing would show, and
-- published_content_version is what it was at the last publishing: they differ when there are changes not yet published.
CREATE TABLE course (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  title VARCHAR(200) NOT NULL,
  summary VARCHAR(2000) NOT NULL,
  language VARCHAR(5) NOT NULL,
  shared VARCHAR(8) NOT NULL,
  state VARCHAR(16) NOT NULL,
  latest_version_id BINARY(16),
  version BIGINT NOT NULL DEFAULT 1,
  content_version BIGINT NOT NULL DEFAULT 1,
  published_content_version BIGINT NOT NULL DEFAULT 0,
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT course_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX course_shared ON course (tenant_id, shared, state);
-- A lesson of the draft. body is JSON whose shape depends on kind (content/lesson.go); version is the compare-and-set of autosave.
-- A deleted lesson keeps its row (deleted_at) and its revisions, so that deleting can be undone.
CREATE TABLE lesson (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  course_id BINARY(16) NOT NULL,
  position INT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  title VARCHAR(200) NOT NULL,
  body MEDIUMTEXT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  deleted_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT lesson_course FOREIGN KEY (tenant_id, course_id) REFERENCES course (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX lesson_position ON lesson (tenant_id, course_id, position);
-- Every saved state of a lesson, so that nothing an editor saved is ever lost.
CREATE TABLE lesson_revision (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  lesson_id BINARY(16) NOT NULL,
  version BIGINT NOT NULL,
  title VARCHAR(200) NOT NULL,
  body MEDIUMTEXT NOT NULL,
  saved_by BINARY(16) NOT NULL,
  saved_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT lesson_revision_version UNIQUE (tenant_id, lesson_id, version),
  CONSTRAINT lesson_revision_lesson FOREIGN KEY (tenant_id, lesson_id) REFERENCES lesson (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- An immutable published course. offered_at: since when organisations may read it; it is never taken back, so that rounds under way can end when
-- the course is shared no longer.
CREATE TABLE course_version (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  course_id BINARY(16) NOT NULL,
  number INT NOT NULL,
  title VARCHAR(200) NOT NULL,
  summary VARCHAR(2000) NOT NULL,
  language VARCHAR(5) NOT NULL,
  lesson_count INT NOT NULL,
  duration_ms BIGINT NOT NULL DEFAULT 0,
  published_by BINARY(16) NOT NULL,
  published_at BIGINT NOT NULL,
  offered_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT course_version_number UNIQUE (tenant_id, course_id, number),
  CONSTRAINT course_version_course FOREIGN KEY (tenant_id, course_id) REFERENCES course (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- A lesson of a published version: a copy that never changes. lesson_id says which draft lesson it came from (no foreign key: that one may be deleted).
CREATE TABLE version_lesson (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  course_version_id BINARY(16) NOT NULL,
  lesson_id BINARY(16) NOT NULL,
  position INT NOT NULL,
  kind VARCHAR(16) NOT NULL,
  title VARCHAR(200) NOT NULL,
  body MEDIUMTEXT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT version_lesson_position UNIQUE (tenant_id, course_version_id, position),
  CONSTRAINT version_lesson_version FOREIGN KEY (tenant_id, course_version_id) REFERENCES course_version (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
