-- A way of looking at the report table that somebody kept under a name: body is JSON (lms.View: columns, filters, order, form), checked before it is
-- written; ids in it are looked up inside the organisation only. shared: every manager and deputy of the organisation sees it; else only its owner.
-- name_key is the folded name, unique for one owner.
CREATE TABLE saved_view (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  person_id BINARY(16) NOT NULL,
  name VARCHAR(100) NOT NULL,
  name_key VARCHAR(100) NOT NULL,
  shared SMALLINT NOT NULL,
  body MEDIUMTEXT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT saved_view_name UNIQUE (tenant_id, person_id, name_key),
  CONSTRAINT saved_view_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX saved_view_shared ON saved_view (tenant_id, shared, name_key);
-- Which saved view a person's report table opens with.
CREATE TABLE saved_view_default (
  tenant_id BIGINT NOT NULL,
  person_id BINARY(16) NOT NULL,
  view_id BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, person_id),
  CONSTRAINT saved_view_default_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE,
  CONSTRAINT saved_view_default_view FOREIGN KEY (tenant_id, view_id) REFERENCES saved_view (tenant_id, id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- How a round stood at the end of a day. Written once, after the day (job report.day); a day that is missing is counted from what stands in enrolment.
CREATE TABLE round_day (
  tenant_id BIGINT NOT NULL,
  round_id BINARY(16) NOT NULL,
  day VARCHAR(10) NOT NULL,
  assigned INT NOT NULL,
  completed INT NOT NULL,
  overdue INT NOT NULL,
  PRIMARY KEY (tenant_id, round_id, day),
  CONSTRAINT round_day_round FOREIGN KEY (tenant_id, round_id) REFERENCES round (tenant_id, id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- The orders of the report table: by due day, and by day of completion.
CREATE INDEX enrolment_due ON enrolment (tenant_id, due_on, id);
CREATE INDEX enrolment_done ON enrolment (tenant_id, completed_at, id);
