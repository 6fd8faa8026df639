-- The tree of departments (docs/decisions/0008-department-tree.md). A row says what is true today: parent_id is the department it belongs to (NULL: none),
-- since_on the first day on which it has this name and parent (NULL: since it was made), closed_on the first day on which it is no more, merged_into
-- where its people went then. name_key is unique among the open departments of one parent.
-- parent_id and merged_into have no foreign key: rows of one table are moved between databases in one go, and a key to itself would forbid that.
ALTER TABLE department ADD COLUMN parent_id BLOB CHECK (length(parent_id) = 16);
ALTER TABLE department ADD COLUMN since_on TEXT CHECK (length(since_on) <= 10);
ALTER TABLE department ADD COLUMN closed_on TEXT CHECK (length(closed_on) <= 10);
ALTER TABLE department ADD COLUMN merged_into BLOB CHECK (length(merged_into) = 16);
-- What a department was called and where it hung before, from starts_on to ends_on inclusive; what is true today stands in department.
CREATE TABLE department_history (
  tenant_id INTEGER NOT NULL,
  department_id BLOB NOT NULL CHECK (length(department_id) = 16),
  starts_on TEXT NOT NULL CHECK (length(starts_on) <= 10),
  ends_on TEXT NOT NULL CHECK (length(ends_on) <= 10),
  name TEXT NOT NULL CHECK (length(name) <= 100),
  parent_id BLOB CHECK (length(parent_id) = 16),
  PRIMARY KEY (tenant_id, department_id, starts_on),
  CONSTRAINT department_history_department FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id)
) STRICT;
-- Changes of the tree entered in advance, done on effective_on. state: draft, active, applied, failed, cancelled. steps and problems are lists.
CREATE TABLE department_plan (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  title TEXT NOT NULL CHECK (length(title) <= 200),
  effective_on TEXT NOT NULL CHECK (length(effective_on) <= 10),
  state TEXT NOT NULL CHECK (length(state) <= 16),
  steps TEXT NOT NULL CHECK (json_valid(steps)),
  problems TEXT NOT NULL CHECK (json_valid(problems)),
  version INTEGER NOT NULL DEFAULT 1,
  created_by BLOB CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  decided_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT department_plan_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
CREATE INDEX department_plan_due ON department_plan (tenant_id, state, effective_on);
-- main marks the main post (主務) among concurrent ones (兼務); at most one a day.
ALTER TABLE person_department ADD COLUMN main INTEGER NOT NULL DEFAULT 0 CHECK (main IN (0, 1));
-- Who begins or ends a post on a day; the daily job asks.
CREATE INDEX person_department_starts ON person_department (tenant_id, starts_on, person_id);
CREATE INDEX person_department_ends ON person_department (tenant_id, ends_on, person_id);
