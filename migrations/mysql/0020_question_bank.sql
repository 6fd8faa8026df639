-- A question of an organisation's bank. What it asks stands in its versions; version_id is the one that is asked from now on. category is a path
-- (a/b/c); difficulty 1 to 3, 0 unknown; state: active, retired. digest is of the body, to know a question again that a file brings.
CREATE TABLE question (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  category VARCHAR(300) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  difficulty SMALLINT NOT NULL DEFAULT 0,
  state VARCHAR(16) NOT NULL,
  search_text MEDIUMTEXT NOT NULL,
  digest BINARY(32) NOT NULL,
  version_id BINARY(16) NOT NULL,
  number INT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  updated_by BINARY(16) NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT question_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX question_category ON question (tenant_id, state, category, id);
CREATE INDEX question_digest ON question (tenant_id, digest);
-- What a question asked at one time; it never changes. Published lessons carry a copy, and attempts name its id: the evidence of what was asked.
CREATE TABLE question_version (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  question_id BINARY(16) NOT NULL,
  number INT NOT NULL,
  body MEDIUMTEXT NOT NULL,
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT question_version_number UNIQUE (tenant_id, question_id, number),
  CONSTRAINT question_version_question FOREIGN KEY (tenant_id, question_id) REFERENCES question (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- The tags of a question; tag_key is the folded text.
CREATE TABLE question_tag (
  tenant_id BIGINT NOT NULL,
  question_id BINARY(16) NOT NULL,
  tag_key VARCHAR(100) NOT NULL,
  tag VARCHAR(100) NOT NULL,
  PRIMARY KEY (tenant_id, question_id, tag_key),
  CONSTRAINT question_tag_question FOREIGN KEY (tenant_id, question_id) REFERENCES question (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX question_tag_key ON question_tag (tenant_id, tag_key, question_id);
-- A file of questions: checked, then put into the bank by a job in one transaction. state: checked, applying, applied.
CREATE TABLE question_import (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  file_name VARCHAR(255) NOT NULL,
  sha256 BINARY(32) NOT NULL,
  format VARCHAR(16) NOT NULL,
  state VARCHAR(16) NOT NULL,
  summary MEDIUMTEXT NOT NULL,
  actor MEDIUMTEXT NOT NULL,
  problem MEDIUMTEXT,
  done_units BIGINT NOT NULL DEFAULT 0,
  total_units BIGINT NOT NULL DEFAULT 0,
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  applied_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT question_import_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- What the check made of each row of the file. outcome: added, changed, unchanged, wrong.
CREATE TABLE question_import_row (
  tenant_id BIGINT NOT NULL,
  import_id BINARY(16) NOT NULL,
  position INT NOT NULL,
  outcome VARCHAR(16) NOT NULL,
  question_id BINARY(16),
  version BIGINT NOT NULL DEFAULT 0,
  body MEDIUMTEXT NOT NULL,
  detail MEDIUMTEXT NOT NULL,
  PRIMARY KEY (tenant_id, import_id, position),
  CONSTRAINT question_import_row_import FOREIGN KEY (tenant_id, import_id) REFERENCES question_import (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX question_import_row_outcome ON question_import_row (tenant_id, import_id, outcome, position);
-- The questions that everybody in a round is asked in a lesson whose set is drawn once for the round. lesson_id is the draft lesson's, which stays the same in
-- every version of the course.
CREATE TABLE round_question_set (
  tenant_id BIGINT NOT NULL,
  round_id BINARY(16) NOT NULL,
  lesson_id BINARY(16) NOT NULL,
  questions MEDIUMTEXT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, round_id, lesson_id),
  CONSTRAINT round_question_set_round FOREIGN KEY (tenant_id, round_id) REFERENCES round (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- What a quiz of the draft draws from the bank (JSON); NULL: nothing. It is read when a question changes, to know which courses have something to publish.
ALTER TABLE lesson ADD COLUMN draws MEDIUMTEXT;
-- For the figures of a quiz and of a question over all its attempts.
CREATE INDEX attempt_lesson ON attempt (version_lesson_id, number);
CREATE INDEX attempt_answer_question ON attempt_answer (question_id, tenant_id, attempt_id);
