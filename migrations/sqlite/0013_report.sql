-- A way of looking at the report table that somebody kept under a name: body is JSON (lms.View: columns, filters, order, form), checked before it is
-- written; ids in it are looked up inside the organisation only. shared: every manager and deputy of the organisation sees it; else only its owner.
-- name_key is the folded name, unique for one owner.
CREATE TABLE saved_view (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  name TEXT NOT NULL CHECK (length(name) <= 100),
  name_key TEXT NOT NULL CHECK (length(name_key) <= 100),
  shared INTEGER NOT NULL CHECK (shared IN (0, 1)),
  body TEXT NOT NULL CHECK (json_valid(body)),
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT saved_view_name UNIQUE (tenant_id, person_id, name_key),
  CONSTRAINT saved_view_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX saved_view_shared ON saved_view (tenant_id, shared, name_key);
-- Which saved view a person's report table opens with.
CREATE TABLE saved_view_default (
  tenant_id INTEGER NOT NULL,
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  view_id BLOB NOT NULL CHECK (length(view_id) = 16),
  PRIMARY KEY (tenant_id, person_id),
  CONSTRAINT saved_view_default_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT saved_view_default_view FOREIGN KEY (tenant_id, view_id) REFERENCES saved_view (tenant_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX saved_view_default_view ON saved_view_default (tenant_id, view_id);
-- How a round stood at the end of a day. Written once, after the day (job report.day); a day that is missing is counted from what stands in enrolment.
CREATE TABLE round_day (
  tenant_id INTEGER NOT NULL,
  round_id BLOB NOT NULL CHECK (length(round_id) = 16),
  day TEXT NOT NULL CHECK (length(day) = 10),
  assigned INTEGER NOT NULL,
  completed INTEGER NOT NULL,
  overdue INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, round_id, day),
  CONSTRAINT round_day_round FOREIGN KEY (tenant_id, round_id) REFERENCES round (tenant_id, id) ON DELETE CASCADE
) STRICT;
-- The orders of the report table: by due day, and by day of completion.
CREATE INDEX enrolment_due ON enrolment (tenant_id, due_on, id);
CREATE INDEX enrolment_done ON enrolment (tenant_id, completed_at, id);
