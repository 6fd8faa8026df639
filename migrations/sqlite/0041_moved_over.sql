-- The published version that a person takes, where it is another than their round's: a newer version was published and the round went over to it. NULL: the round's.
ALTER TABLE enrolment ADD COLUMN course_version_id BLOB CHECK (length(course_version_id) = 16);
-- When this person went over, and 1 when they begin again; NULL and 0 for everybody else, also for who stays with the version that the round had.
ALTER TABLE enrolment ADD COLUMN moved_at INTEGER;
ALTER TABLE enrolment ADD COLUMN began_again INTEGER NOT NULL DEFAULT 0;
-- The published versions that a round had before it went over to the one of round.course_version_id. Whoever completed keeps the version of then.
CREATE TABLE round_version (
  tenant_id INTEGER NOT NULL,
  round_id BLOB NOT NULL CHECK (length(round_id) = 16),
  course_version_id BLOB NOT NULL CHECK (length(course_version_id) = 16),
  left_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, round_id, course_version_id),
  CONSTRAINT round_version_round FOREIGN KEY (tenant_id, round_id) REFERENCES round (tenant_id, id)
) WITHOUT ROWID, STRICT;
