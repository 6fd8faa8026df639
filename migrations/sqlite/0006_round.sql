-- One running of a published course. The course may belong to the association, hence course_tenant_id; course_title and lessons_total are copied
-- from the version, which never changes.
-- starts_on and deadline_on are calendar days in the association's time zone, deadline_on included. state: open, closed.
CREATE TABLE round (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  title TEXT NOT NULL CHECK (length(title) <= 200),
  course_tenant_id INTEGER NOT NULL,
  course_version_id BLOB NOT NULL CHECK (length(course_version_id) = 16),
  course_title TEXT NOT NULL DEFAULT '' CHECK (length(course_title) <= 200),
  lessons_total INTEGER NOT NULL DEFAULT 0,
  starts_on TEXT NOT NULL CHECK (length(starts_on) <= 10),
  deadline_on TEXT NOT NULL CHECK (length(deadline_on) <= 10),
  state TEXT NOT NULL CHECK (length(state) <= 16),
  version INTEGER NOT NULL DEFAULT 1,
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT round_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id),
  CONSTRAINT round_course_version FOREIGN KEY (course_tenant_id, course_version_id) REFERENCES course_version (tenant_id, id)
) STRICT;
CREATE INDEX round_deadline ON round (tenant_id, deadline_on, id);
-- A rule that puts people in a round: kind everyone, department or person; target_id is the department or the person.
-- future_joiners: also people who come to match later. target_id is all zero bytes for everyone, so that the unique key holds.
CREATE TABLE assignment (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  round_id BLOB NOT NULL CHECK (length(round_id) = 16),
  kind TEXT NOT NULL CHECK (length(kind) <= 16),
  target_id BLOB NOT NULL CHECK (length(target_id) = 16),
  future_joiners INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT assignment_once UNIQUE (tenant_id, round_id, kind, target_id),
  CONSTRAINT assignment_round FOREIGN KEY (tenant_id, round_id) REFERENCES round (tenant_id, id)
) STRICT;
-- One person in one round. status: not_started, in_progress, interrupted, failed, completed, exempt, withdrawn (overdue is worked out from due_on).
-- status never leaves completed.
CREATE TABLE enrolment (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  round_id BLOB NOT NULL CHECK (length(round_id) = 16),
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  status TEXT NOT NULL CHECK (length(status) <= 16),
  due_on TEXT NOT NULL CHECK (length(due_on) <= 10),
  lessons_done INTEGER NOT NULL DEFAULT 0,
  lessons_total INTEGER NOT NULL,
  score_percent INTEGER,
  started_at INTEGER,
  completed_at INTEGER,
  last_activity_at INTEGER,
  exempt_reason TEXT NOT NULL DEFAULT '' CHECK (length(exempt_reason) <= 500),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT enrolment_once UNIQUE (tenant_id, round_id, person_id),
  CONSTRAINT enrolment_round FOREIGN KEY (tenant_id, round_id) REFERENCES round (tenant_id, id),
  CONSTRAINT enrolment_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
) STRICT;
CREATE INDEX enrolment_person ON enrolment (tenant_id, person_id, round_id, status, due_on);
CREATE INDEX enrolment_status ON enrolment (tenant_id, round_id, status, due_on, person_id);
CREATE INDEX enrolment_completed ON enrolment (tenant_id, completed_at);
-- How far an enrolment is in one lesson. position and furthest are milliseconds (video) or pages (pdf); seen is a JSON list of
-- seen [from,to] intervals; spent is a JSON list of merged wall-clock [from,to] seconds, so that time is counted once. Merging only ever adds.
CREATE TABLE progress (
  tenant_id INTEGER NOT NULL,
  enrolment_id BLOB NOT NULL CHECK (length(enrolment_id) = 16),
  version_lesson_id BLOB NOT NULL CHECK (length(version_lesson_id) = 16),
  state TEXT NOT NULL CHECK (length(state) <= 16),
  position INTEGER NOT NULL DEFAULT 0,
  furthest INTEGER NOT NULL DEFAULT 0,
  seen TEXT NOT NULL CHECK (json_valid(seen)),
  spent TEXT NOT NULL CHECK (json_valid(spent)),
  spent_seconds INTEGER NOT NULL DEFAULT 0,
  started_at INTEGER NOT NULL,
  completed_at INTEGER,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, enrolment_id, version_lesson_id),
  CONSTRAINT progress_enrolment FOREIGN KEY (tenant_id, enrolment_id) REFERENCES enrolment (tenant_id, id)
) STRICT;
-- One try at a quiz; append-only: once submitted it never changes. paper is the JSON list of drawn questions and choice order.
CREATE TABLE attempt (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  enrolment_id BLOB NOT NULL CHECK (length(enrolment_id) = 16),
  version_lesson_id BLOB NOT NULL CHECK (length(version_lesson_id) = 16),
  number INTEGER NOT NULL,
  paper TEXT NOT NULL CHECK (json_valid(paper)),
  state TEXT NOT NULL CHECK (length(state) <= 16),
  score_percent INTEGER,
  passed INTEGER,
  started_at INTEGER NOT NULL,
  submitted_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT attempt_number UNIQUE (tenant_id, enrolment_id, version_lesson_id, number),
  CONSTRAINT attempt_enrolment FOREIGN KEY (tenant_id, enrolment_id) REFERENCES enrolment (tenant_id, id)
) STRICT;
-- The last answer given to a question of an attempt, saved as it is given; client_seq keeps an older retry from overwriting a newer answer.
CREATE TABLE attempt_answer (
  tenant_id INTEGER NOT NULL,
  attempt_id BLOB NOT NULL CHECK (length(attempt_id) = 16),
  question_id TEXT NOT NULL CHECK (length(question_id) <= 36),
  answer TEXT NOT NULL CHECK (json_valid(answer)),
  client_seq INTEGER NOT NULL,
  correct INTEGER,
  answered_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, attempt_id, question_id),
  CONSTRAINT attempt_answer_attempt FOREIGN KEY (tenant_id, attempt_id) REFERENCES attempt (tenant_id, id)
) STRICT;
-- Proof that one person completed one round. content is the JSON that was printed and never changes; code is shown on the page of the owner.
CREATE TABLE completion_certificate (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  enrolment_id BLOB NOT NULL CHECK (length(enrolment_id) = 16),
  number TEXT NOT NULL CHECK (length(number) <= 32),
  code TEXT NOT NULL CHECK (length(code) <= 32),
  content TEXT NOT NULL CHECK (json_valid(content)),
  issued_at INTEGER NOT NULL,
  revoked_at INTEGER,
  revoked_reason TEXT NOT NULL DEFAULT '' CHECK (length(revoked_reason) <= 500),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT completion_certificate_once UNIQUE (tenant_id, enrolment_id),
  CONSTRAINT completion_certificate_number UNIQUE (tenant_id, number),
  CONSTRAINT completion_certificate_enrolment FOREIGN KEY (tenant_id, enrolment_id) REFERENCES enrolment (tenant_id, id)
) STRICT;
-- A training record that was handed out: its digest proves that a later copy is the same document. number counts the organisation's issues.
CREATE TABLE training_record (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  round_id BLOB NOT NULL CHECK (length(round_id) = 16),
  number INTEGER NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  content TEXT NOT NULL CHECK (json_valid(content)),
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT training_record_digest UNIQUE (tenant_id, round_id, digest),
  CONSTRAINT training_record_number UNIQUE (tenant_id, number),
  CONSTRAINT training_record_round FOREIGN KEY (tenant_id, round_id) REFERENCES round (tenant_id, id)
) STRICT;
