-- The published version that a person takes, where it is another than their round's: a newer version was published and the round went over to it. NULL: the round's.
ALTER TABLE enrolment ADD COLUMN course_version_id BLOB CHECK (length(course_version_id) = 16);
-- When this person went over, and the number of the version with which they last began again; NULL and 0 for everybody else, also for who stays with the version that
-- the round had.
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
-- What was chosen for those under way when a version was published, or taken from the association: keep (they go over and keep what is done) or restart. Nothing is
-- written when they stay.
CREATE TABLE course_move (
  tenant_id INTEGER NOT NULL,
  course_id BLOB NOT NULL CHECK (length(course_id) = 16),
  number INTEGER NOT NULL,
  course_tenant_id INTEGER NOT NULL,
  course_version_id BLOB NOT NULL CHECK (length(course_version_id) = 16),
  how TEXT NOT NULL CHECK (how IN ('keep', 'restart')),
  chosen_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, course_id, number)
) WITHOUT ROWID, STRICT;
