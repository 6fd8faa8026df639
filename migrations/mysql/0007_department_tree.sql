-- The tree of departments (docs/decisions/0008-department-tree.md). A row says what is true today: parent_id is the department it belongs to (NULL: none),
-- since_on the first day on which it has this name and parent (NULL: since it was made), closed_on the first day on which it is no more, merged_into
-- where its people went then. name_key is unique among the open departments of one parent.
-- parent_id and merged_into have no foreign key: rows of one table are moved between databases in one go, and a key to itself would forbid that.
ALTER TABLE department ADD COLUMN parent_id BINARY(16);
ALTER TABLE department ADD COLUMN since_on VARCHAR(10);
ALTER TABLE department ADD COLUMN closed_on VARCHAR(10);
ALTER TABLE department ADD COLUMN merged_into BINARY(16);
-- What a department was called and where it hung before, from starts_on to ends_on inclusive; what is true today stands in department.
CREATE TABLE department_history (
  tenant_id BIGINT NOT NULL,
  department_id BINARY(16) NOT NULL,
  starts_on VARCHAR(10) NOT NULL,
  ends_on VARCHAR(10) NOT NULL,
  name VARCHAR(100) NOT NULL,
  parent_id BINARY(16),
  PRIMARY KEY (tenant_id, department_id, starts_on),
  CONSTRAINT department_history_department FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- Changes of the tree entered in advance, done on effective_on. state: draft, active, applied, failed, cancelled. steps and problems are lists.
CREATE TABLE department_plan (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  title VARCHAR(200) NOT NULL,
  effective_on VARCHAR(10) NOT NULL,
  state VARCHAR(16) NOT NULL,
  steps MEDIUMTEXT NOT NULL,
  problems MEDIUMTEXT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_by BINARY(16),
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  decided_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT department_plan_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX department_plan_due ON department_plan (tenant_id, state, effective_on);
-- main marks the main post (主務) among concurrent ones (兼務); at most one a day.
ALTER TABLE person_department ADD COLUMN main SMALLINT NOT NULL DEFAULT 0;
-- Who begins or ends a post on a day; the daily job asks.
CREATE INDEX person_department_starts ON person_department (tenant_id, starts_on, person_id);
CREATE INDEX person_department_ends ON person_department (tenant_id, ends_on, person_id);
