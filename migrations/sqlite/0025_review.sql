-- What editors say to each other about a lesson of a draft. The first comment of a thread has its own id as thread_id and says what it is about: quote holds
-- words of the lesson, empty for the lesson as a whole. resolved_at is that of the thread and stands in its first comment.
CREATE TABLE lesson_comment (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  lesson_id BLOB NOT NULL CHECK (length(lesson_id) = 16),
  thread_id BLOB NOT NULL CHECK (length(thread_id) = 16),
  quote TEXT NOT NULL CHECK (length(quote) <= 300),
  text TEXT NOT NULL CHECK (length(text) <= 4000),
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  resolved_by BLOB CHECK (length(resolved_by) = 16),
  resolved_at INTEGER,
  deleted_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT lesson_comment_lesson FOREIGN KEY (tenant_id, lesson_id) REFERENCES lesson (tenant_id, id)
) STRICT;
CREATE INDEX lesson_comment_thread ON lesson_comment (tenant_id, lesson_id, thread_id, id);
-- One request to look at a draft before it is published. content_version is the course's when it was asked, and after a decision that which was decided about.
-- state: asked, approved, returned, withdrawn.
CREATE TABLE course_review (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  course_id BLOB NOT NULL CHECK (length(course_id) = 16),
  number INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (length(state) <= 16),
  content_version INTEGER NOT NULL,
  note TEXT NOT NULL CHECK (length(note) <= 2000),
  answer TEXT NOT NULL DEFAULT '' CHECK (length(answer) <= 2000),
  asked_by BLOB NOT NULL CHECK (length(asked_by) = 16),
  asked_at INTEGER NOT NULL,
  decided_by BLOB CHECK (length(decided_by) = 16),
  decided_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT course_review_number UNIQUE (tenant_id, course_id, number),
  CONSTRAINT course_review_course FOREIGN KEY (tenant_id, course_id) REFERENCES course (tenant_id, id)
) STRICT;
-- Whether a version may only be made of what somebody else approved.
ALTER TABLE course ADD COLUMN review_needed INTEGER NOT NULL DEFAULT 0;
-- The state of the newest request and the content version that it is about; empty and 0 when there is none since the last publishing.
ALTER TABLE course ADD COLUMN review_state TEXT NOT NULL DEFAULT '' CHECK (length(review_state) <= 16);
ALTER TABLE course ADD COLUMN review_content_version INTEGER NOT NULL DEFAULT 0;
-- The request whose approval the version was made on; NULL: nobody was asked.
ALTER TABLE course_version ADD COLUMN review_id BLOB CHECK (length(review_id) = 16);
