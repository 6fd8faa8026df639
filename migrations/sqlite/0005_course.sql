-- An uploaded file. state: uploading, processing, ready, refused (problem says why). sha256 is of the stored bytes.
CREATE TABLE asset (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  kind TEXT NOT NULL CHECK (length(kind) <= 16),
  file_name TEXT NOT NULL CHECK (length(file_name) <= 255),
  media_type TEXT NOT NULL CHECK (length(media_type) <= 100),
  size INTEGER NOT NULL,
  sha256 BLOB CHECK (length(sha256) = 32),
  object_key TEXT NOT NULL CHECK (length(object_key) <= 255),
  state TEXT NOT NULL CHECK (length(state) <= 16),
  problem TEXT NOT NULL DEFAULT '' CHECK (length(problem) <= 64),
  duration_ms INTEGER NOT NULL DEFAULT 0,
  width INTEGER NOT NULL DEFAULT 0,
  height INTEGER NOT NULL DEFAULT 0,
  pages INTEGER NOT NULL DEFAULT 0,
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT asset_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
CREATE INDEX asset_state ON asset (tenant_id, state, id);
-- A resumable upload of one asset; which parts arrived is asked of the object store, never of the browser. upload_open is for the job that ends
-- forgotten ones in all organisations.
CREATE TABLE upload (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  asset_id BLOB NOT NULL CHECK (length(asset_id) = 16),
  store_upload_id TEXT NOT NULL CHECK (length(store_upload_id) <= 255),
  part_size INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (length(state) <= 16),
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT upload_asset FOREIGN KEY (tenant_id, asset_id) REFERENCES asset (tenant_id, id)
) STRICT;
CREATE INDEX upload_open ON upload (state, expires_at);
-- A course being made. shared: 'none', or 'all' (the association's catalogue, read-only for organisations).
-- version is the compare-and-set of the course's own fields; content_version counts every change that publishing would show, and
-- published_content_version is what it was at the last publishing: they differ when there are changes not yet published.
CREATE TABLE course (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  title TEXT NOT NULL CHECK (length(title) <= 200),
  summary TEXT NOT NULL CHECK (length(summary) <= 2000),
  language TEXT NOT NULL CHECK (length(language) <= 5),
  shared TEXT NOT NULL CHECK (length(shared) <= 8),
  state TEXT NOT NULL CHECK (length(state) <= 16),
  latest_version_id BLOB CHECK (length(latest_version_id) = 16),
  version INTEGER NOT NULL DEFAULT 1,
  content_version INTEGER NOT NULL DEFAULT 1,
  published_content_version INTEGER NOT NULL DEFAULT 0,
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT course_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
CREATE INDEX course_shared ON course (tenant_id, shared, state);
-- A lesson of the draft. body is JSON whose shape depends on kind (content/lesson.go); version is the compare-and-set of autosave.
-- A deleted lesson keeps its row (deleted_at) and its revisions, so that deleting can be undone.
CREATE TABLE lesson (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  course_id BLOB NOT NULL CHECK (length(course_id) = 16),
  position INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (length(kind) <= 16),
  title TEXT NOT NULL CHECK (length(title) <= 200),
  body TEXT NOT NULL CHECK (json_valid(body)),
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  deleted_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT lesson_course FOREIGN KEY (tenant_id, course_id) REFERENCES course (tenant_id, id)
) STRICT;
CREATE INDEX lesson_position ON lesson (tenant_id, course_id, position);
-- Every saved state of a lesson, so that nothing an editor saved is ever lost.
CREATE TABLE lesson_revision (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  lesson_id BLOB NOT NULL CHECK (length(lesson_id) = 16),
  version INTEGER NOT NULL,
  title TEXT NOT NULL CHECK (length(title) <= 200),
  body TEXT NOT NULL CHECK (json_valid(body)),
  saved_by BLOB NOT NULL CHECK (length(saved_by) = 16),
  saved_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT lesson_revision_version UNIQUE (tenant_id, lesson_id, version),
  CONSTRAINT lesson_revision_lesson FOREIGN KEY (tenant_id, lesson_id) REFERENCES lesson (tenant_id, id)
) STRICT;
-- An immutable published course. offered_at: since when organisations may read it; it is never taken back, so that rounds under way can end when
-- the course is shared no longer.
CREATE TABLE course_version (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  course_id BLOB NOT NULL CHECK (length(course_id) = 16),
  number INTEGER NOT NULL,
  title TEXT NOT NULL CHECK (length(title) <= 200),
  summary TEXT NOT NULL CHECK (length(summary) <= 2000),
  language TEXT NOT NULL CHECK (length(language) <= 5),
  lesson_count INTEGER NOT NULL,
  duration_ms INTEGER NOT NULL DEFAULT 0,
  published_by BLOB NOT NULL CHECK (length(published_by) = 16),
  published_at INTEGER NOT NULL,
  offered_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT course_version_number UNIQUE (tenant_id, course_id, number),
  CONSTRAINT course_version_course FOREIGN KEY (tenant_id, course_id) REFERENCES course (tenant_id, id)
) STRICT;
-- A lesson of a published version: a copy that never changes. lesson_id says which draft lesson it came from (no foreign key: that one may be deleted).
CREATE TABLE version_lesson (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  course_version_id BLOB NOT NULL CHECK (length(course_version_id) = 16),
  lesson_id BLOB NOT NULL CHECK (length(lesson_id) = 16),
  position INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (length(kind) <= 16),
  title TEXT NOT NULL CHECK (length(title) <= 200),
  body TEXT NOT NULL CHECK (json_valid(body)),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT version_lesson_position UNIQUE (tenant_id, course_version_id, position),
  CONSTRAINT version_lesson_version FOREIGN KEY (tenant_id, course_version_id) REFERENCES course_version (tenant_id, id)
) STRICT;
