-- The answers of one person to a survey lesson in one round; they never change. lesson_id is the draft lesson's, which stays the same in every version of the
-- course. Anonymous answers have neither enrolment_id nor sent_at, and their id says nothing about when they came: nothing leads from them to a person. shown: 1
-- once they may be seen, which anonymous ones may in groups only (lms/survey.go).
CREATE TABLE survey_response (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  round_id BINARY(16) NOT NULL,
  lesson_id BINARY(16) NOT NULL,
  enrolment_id BINARY(16),
  answers MEDIUMTEXT NOT NULL,
  shown SMALLINT NOT NULL DEFAULT 0,
  sent_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT survey_response_once UNIQUE (tenant_id, enrolment_id, lesson_id),
  CONSTRAINT survey_response_round FOREIGN KEY (tenant_id, round_id) REFERENCES round (tenant_id, id),
  CONSTRAINT survey_response_enrolment FOREIGN KEY (tenant_id, enrolment_id) REFERENCES enrolment (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX survey_response_lesson ON survey_response (tenant_id, round_id, lesson_id, shown, id);
-- A pledge as it was signed; it never changes. name is as it was typed, text_digest the SHA-256 of the text that was signed, version_number the published version
-- of the course in which it stands.
CREATE TABLE pledge_signature (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  enrolment_id BINARY(16) NOT NULL,
  version_lesson_id BINARY(16) NOT NULL,
  version_number INT NOT NULL,
  title VARCHAR(200) NOT NULL,
  name VARCHAR(200) NOT NULL,
  text_digest BINARY(32) NOT NULL,
  signed_at BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT pledge_signature_once UNIQUE (tenant_id, enrolment_id, version_lesson_id),
  CONSTRAINT pledge_signature_enrolment FOREIGN KEY (tenant_id, enrolment_id) REFERENCES enrolment (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
