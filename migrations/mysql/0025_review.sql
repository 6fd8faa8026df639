-- What editors say to each other about a lesson of a draft. The first comment of a thread has its own id as thread_id and says what it is about: quote holds
-- words of the lesson, empty for the lesson as a whole. resolved_at is that of the thread and stands in its first comment.
CREATE TABLE lesson_comment (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  lesson_id BINARY(16) NOT NULL,
  thread_id BINARY(16) NOT NULL,
  quote VARCHAR(300) NOT NULL,
  text VARCHAR(4000) NOT NULL,
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  resolved_by BINARY(16),
  resolved_at BIGINT,
  deleted_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT lesson_comment_lesson FOREIGN KEY (tenant_id, lesson_id) REFERENCES lesson (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX lesson_comment_thread ON lesson_comment (tenant_id, lesson_id, thread_id, id);
-- One request to look at a draft before it is published. content_version is the course's when it was asked, and after a decision that which was decided about.
-- state: asked, approved, returned, withdrawn.
CREATE TABLE course_review (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  course_id BINARY(16) NOT NULL,
  number INT NOT NULL,
  state VARCHAR(16) NOT NULL,
  content_version BIGINT NOT NULL,
  note VARCHAR(2000) NOT NULL,
  answer VARCHAR(2000) NOT NULL DEFAULT '',
  asked_by BINARY(16) NOT NULL,
  asked_at BIGINT NOT NULL,
  decided_by BINARY(16),
  decided_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT course_review_number UNIQUE (tenant_id, course_id, number),
  CONSTRAINT course_review_course FOREIGN KEY (tenant_id, course_id) REFERENCES course (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- Whether a version may only be made of what somebody else approved.
ALTER TABLE course ADD COLUMN review_needed SMALLINT NOT NULL DEFAULT 0;
-- The state of the newest request and the content version that it is about; empty and 0 when there is none since the last publishing.
ALTER TABLE course ADD COLUMN review_state VARCHAR(16) NOT NULL DEFAULT '';
ALTER TABLE course ADD COLUMN review_content_version BIGINT NOT NULL DEFAULT 0;
-- The request whose approval the version was made on; NULL: nobody was asked.
ALTER TABLE course_version ADD COLUMN review_id BINARY(16);
