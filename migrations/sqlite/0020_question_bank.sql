-- A question of an organisation's bank. What it asks stands in its versions; version_id is the one that is asked from now on. category is a path
-- (a/b/c); difficulty 1 to 3, 0 unknown; state: active, retired. digest is of the body, to know a question again that a file brings.
CREATE TABLE question (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  category TEXT NOT NULL CHECK (length(category) <= 300),
  kind TEXT NOT NULL CHECK (length(kind) <= 16),
  difficulty INTEGER NOT NULL DEFAULT 0,
  state TEXT NOT NULL CHECK (length(state) <= 16),
  search_text TEXT NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  version_id BLOB NOT NULL CHECK (length(version_id) = 16),
  number INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  updated_by BLOB NOT NULL CHECK (length(updated_by) = 16),
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT question_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
CREATE INDEX question_category ON question (tenant_id, state, category, id);
CREATE INDEX question_digest ON question (tenant_id, digest);
-- What a question asked at one time; it never changes. Published lessons carry a copy, and attempts name its id: the evidence of what was asked.
CREATE TABLE question_version (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  question_id BLOB NOT NULL CHECK (length(question_id) = 16),
  number INTEGER NOT NULL,
  body TEXT NOT NULL CHECK (json_valid(body)),
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT question_version_number UNIQUE (tenant_id, question_id, number),
  CONSTRAINT question_version_question FOREIGN KEY (tenant_id, question_id) REFERENCES question (tenant_id, id)
) STRICT;
-- The tags of a question; tag_key is the folded text.
CREATE TABLE question_tag (
  tenant_id INTEGER NOT NULL,
  question_id BLOB NOT NULL CHECK (length(question_id) = 16),
  tag_key TEXT NOT NULL CHECK (length(tag_key) <= 100),
  tag TEXT NOT NULL CHECK (length(tag) <= 100),
  PRIMARY KEY (tenant_id, question_id, tag_key),
  CONSTRAINT question_tag_question FOREIGN KEY (tenant_id, question_id) REFERENCES question (tenant_id, id)
) STRICT;
CREATE INDEX question_tag_key ON question_tag (tenant_id, tag_key, question_id);
-- A file of questions: checked, then put into the bank by a job in one transaction. state: checked, applying, applied.
CREATE TABLE question_import (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  file_name TEXT NOT NULL CHECK (length(file_name) <= 255),
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  format TEXT NOT NULL CHECK (length(format) <= 16),
  state TEXT NOT NULL CHECK (length(state) <= 16),
  summary TEXT NOT NULL CHECK (json_valid(summary)),
  actor TEXT NOT NULL CHECK (json_valid(actor)),
  problem TEXT CHECK (json_valid(problem)),
  done_units INTEGER NOT NULL DEFAULT 0,
  total_units INTEGER NOT NULL DEFAULT 0,
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  applied_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT question_import_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
-- What the check made of each row of the file. outcome: added, changed, unchanged, wrong.
CREATE TABLE question_import_row (
  tenant_id INTEGER NOT NULL,
  import_id BLOB NOT NULL CHECK (length(import_id) = 16),
  position INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (length(outcome) <= 16),
  question_id BLOB CHECK (length(question_id) = 16),
  version INTEGER NOT NULL DEFAULT 0,
  body TEXT NOT NULL CHECK (json_valid(body)),
  detail TEXT NOT NULL CHECK (json_valid(detail)),
  PRIMARY KEY (tenant_id, import_id, position),
  CONSTRAINT question_import_row_import FOREIGN KEY (tenant_id, import_id) REFERENCES question_import (tenant_id, id)
) STRICT;
CREATE INDEX question_import_row_outcome ON question_import_row (tenant_id, import_id, outcome, position);
-- The questions that everybody in a round is asked in a lesson whose set is drawn once for the round. lesson_id is the draft lesson's, which stays the same in
-- every version of the course.
CREATE TABLE round_question_set (
  tenant_id INTEGER NOT NULL,
  round_id BLOB NOT NULL CHECK (length(round_id) = 16),
  lesson_id BLOB NOT NULL CHECK (length(lesson_id) = 16),
  questions TEXT NOT NULL CHECK (json_valid(questions)),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, round_id, lesson_id),
  CONSTRAINT round_question_set_round FOREIGN KEY (tenant_id, round_id) REFERENCES round (tenant_id, id)
) STRICT;
-- What a quiz of the draft draws from the bank (JSON); NULL: nothing. It is read when a question changes, to know which courses have something to publish.
ALTER TABLE lesson ADD COLUMN draws TEXT CHECK (json_valid(draws));
-- For the figures of a quiz and of a question over all its attempts.
CREATE INDEX attempt_lesson ON attempt (version_lesson_id, number);
CREATE INDEX attempt_answer_question ON attempt_answer (question_id, tenant_id, attempt_id);
