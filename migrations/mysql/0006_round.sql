-- One running of a published course. The course may belong to the association, hence course_tenant_id; course_title and lessons_total are copied
-- from the version, which never changes.
-- starts_on and deadline_on are calendar days in the association's time zone, deadline_on included. state: open, closed.
CREATE TABLE round (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  title VARCHAR(200) NOT NULL,
  course_tenant_id BIGINT NOT NULL,
  course_version_id BINARY(16) NOT NULL,
  course_title VARCHAR(200) NOT NULL DEFAULT '',
  lessons_total INT NOT NULL DEFAULT 0,
  starts_on VARCHAR(10) NOT NULL,
  deadline_on VARCHAR(10) NOT NULL,
  state VARCHAR(16) NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT round_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id),
  CONSTRAINT round_course_version FOREIGN KEY (course_tenant_id, course_version_id) REFERENCES course_version (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX round_deadline ON round (tenant_id, deadline_on, id);
-- A rule that puts people in a round: kind everyone, department or person; target_id is the department or the person.
-- future_joiners: also people who come to match later. target_id is all zero bytes for everyone, so that the unique key holds.
CREATE TABLE assignment (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  round_id BINARY(16) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  target_id BINARY(16) NOT NULL,
  future_joiners SMALLINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT assignment_once UNIQUE (tenant_id, round_id, kind, target_id),
  CONSTRAINT assignment_round FOREIGN KEY (tenant_id, round_id) REFERENCES round (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- One person in one round. status: not_started, in_progress, interrupted, failed, completed, exempt, withdrawn (overdue is worked out from due_on).
-- status never leaves completed.
CREATE TABLE enrolment (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  round_id BINARY(16) NOT NULL,
  person_id BINARY(16) NOT NULL,
  status VARCHAR(16) NOT NULL,
  due_on VARCHAR(10) NOT NULL,
  lessons_done INT NOT NULL DEFAULT 0,
  lessons_total INT NOT NULL,
  score_percent INT,
  started_at BIGINT,
  completed_at BIGINT,
  last_activity_at BIGINT,
  exempt_reason VARCHAR(500) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT enrolment_once UNIQUE (tenant_id, round_id, person_id),
  CONSTRAINT enrolment_round FOREIGN KEY (tenant_id, round_id) REFERENCES round (tenant_id, id),
  CONSTRAINT enrolment_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX enrolment_person ON enrolment (tenant_id, person_id, round_id, status, due_on);
CREATE INDEX enrolment_status ON enrolment (tenant_id, round_id, status, due_on, person_id);
CREATE INDEX enrolment_completed ON enrolment (tenant_id, completed_at);
-- How far an enrolment is in one lesson. position and furthest are milliseconds (video) or pages (pdf); seen is a JSON list of
-- seen [from,to] intervals; spent is a JSON list of merged wall-clock [from,to] seconds, so that time is counted once. Merging only ever adds.
CREATE TABLE progress (
  tenant_id BIGINT NOT NULL,
  enrolment_id BINARY(16) NOT NULL,
  version_lesson_id BINARY(16) NOT NULL,
  state VARCHAR(16) NOT NULL,
  position BIGINT NOT NULL DEFAULT 0,
  furthest BIGINT NOT NULL DEFAULT 0,
  seen MEDIUMTEXT NOT NULL,
  spent MEDIUMTEXT NOT NULL,
  spent_seconds INT NOT NULL DEFAULT 0,
  started_at BIGINT NOT NULL,
  completed_at BIGINT,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, enrolment_id, version_lesson_id),
  CONSTRAINT progress_enrolment FOREIGN KEY (tenant_id, enrolment_id) REFERENCES enrolment (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- One try at a quiz; append-only: once submitted it never changes. paper is the JSON list of drawn questions and choice order.
CREATE TABLE attempt (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  enrolment_id BINARY(16) NOT NULL,
  version_lesson_id BINARY(16) NOT NULL,
  number INT NOT NULL,
  paper MEDIUMTEXT NOT NULL,
  state VARCHAR(16) NOT NULL,
  score_percent INT,
  passed SMALLINT,
  started_at BIGINT NOT NULL,
  submitted_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT attempt_number UNIQUE (tenant_id, enrolment_id, version_lesson_id, number),
  CONSTRAINT attempt_enrolment FOREIGN KEY (tenant_id, enrolment_id) REFERENCES enrolment (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- The last answer given to a question of an attempt, saved as it is given; client_seq keeps an older retry from overwriting a newer answer.
CREATE TABLE attempt_answer (
  tenant_id BIGINT NOT NULL,
  attempt_id BINARY(16) NOT NULL,
  question_id VARCHAR(36) NOT NULL,
  answer MEDIUMTEXT NOT NULL,
  client_seq BIGINT NOT NULL,
  correct SMALLINT,
  answered_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, attempt_id, question_id),
  CONSTRAINT attempt_answer_attempt FOREIGN KEY (tenant_id, attempt_id) REFERENCES attempt (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- Proof that one person completed one round. content is the JSON that was printed and never changes; code is shown on the page of the owner.
CREATE TABLE completion_certificate (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  enrolment_id BINARY(16) NOT NULL,
  number VARCHAR(32) NOT NULL,
  code VARCHAR(32) NOT NULL,
  content MEDIUMTEXT NOT NULL,
  issued_at BIGINT NOT NULL,
  revoked_at BIGINT,
  revoked_reason VARCHAR(500) NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT completion_certificate_once UNIQUE (tenant_id, enrolment_id),
  CONSTRAINT completion_certificate_number UNIQUE (tenant_id, number),
  CONSTRAINT completion_certificate_enrolment FOREIGN KEY (tenant_id, enrolment_id) REFERENCES enrolment (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- A training record that was handed out: its digest proves that a later copy is the same document. number counts the organisation's issues.
CREATE TABLE training_record (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  round_id BINARY(16) NOT NULL,
  number INT NOT NULL,
  digest BINARY(32) NOT NULL,
  content MEDIUMTEXT NOT NULL,
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT training_record_digest UNIQUE (tenant_id, round_id, digest),
  CONSTRAINT training_record_number UNIQUE (tenant_id, number),
  CONSTRAINT training_record_round FOREIGN KEY (tenant_id, round_id) REFERENCES round (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
