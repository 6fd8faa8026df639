-- The answers of one person to a survey lesson in one round; they never change. lesson_id is the draft lesson's, which stays the same in every version of the
-- course. Anonymous answers have neither enrolment_id nor sent_at, and their id says nothing about when they came: nothing leads from them to a person,
-- nor does the order in which they lie (WITHOUT ROWID: by their id). shown: 1
-- once they may be seen, which anonymous ones may in groups only (lms/survey.go).
CREATE TABLE survey_response (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  round_id BLOB NOT NULL CHECK (length(round_id) = 16),
  lesson_id BLOB NOT NULL CHECK (length(lesson_id) = 16),
  enrolment_id BLOB CHECK (length(enrolment_id) = 16),
  answers TEXT NOT NULL CHECK (json_valid(answers)),
  shown INTEGER NOT NULL DEFAULT 0,
  sent_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT survey_response_once UNIQUE (tenant_id, enrolment_id, lesson_id),
  CONSTRAINT survey_response_round FOREIGN KEY (tenant_id, round_id) REFERENCES round (tenant_id, id),
  CONSTRAINT survey_response_enrolment FOREIGN KEY (tenant_id, enrolment_id) REFERENCES enrolment (tenant_id, id)
) WITHOUT ROWID, STRICT;
CREATE INDEX survey_response_lesson ON survey_response (tenant_id, round_id, lesson_id, shown, id);
-- A pledge as it was signed; it never changes. name is as it was typed, text_digest the SHA-256 of the text that was signed, version_number the published version
-- of the course in which it stands.
CREATE TABLE pledge_signature (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  enrolment_id BLOB NOT NULL CHECK (length(enrolment_id) = 16),
  version_lesson_id BLOB NOT NULL CHECK (length(version_lesson_id) = 16),
  version_number INTEGER NOT NULL,
  title TEXT NOT NULL CHECK (length(title) <= 200),
  name TEXT NOT NULL CHECK (length(name) <= 200),
  text_digest BLOB NOT NULL CHECK (length(text_digest) = 32),
  signed_at INTEGER NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT pledge_signature_once UNIQUE (tenant_id, enrolment_id, version_lesson_id),
  CONSTRAINT pledge_signature_enrolment FOREIGN KEY (tenant_id, enrolment_id) REFERENCES enrolment (tenant_id, id)
) STRICT;
