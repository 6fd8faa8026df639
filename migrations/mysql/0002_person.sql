-- A person inside one organisation. login_key and search_text are folded (NFKC, lower case, trimmed) forms; sort_name is kana or name;
-- import_id is the file that brought the person in.
CREATE TABLE person (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  login_id VARCHAR(64) NOT NULL,
  login_key VARCHAR(64) NOT NULL,
  name VARCHAR(100) NOT NULL,
  name_kana VARCHAR(100) NOT NULL DEFAULT '',
  sort_name VARCHAR(100) NOT NULL,
  search_text VARCHAR(600) NOT NULL,
  email VARCHAR(254) NOT NULL DEFAULT '',
  employee_number VARCHAR(64) NOT NULL DEFAULT '',
  employment_kind VARCHAR(16) NOT NULL,
  state VARCHAR(16) NOT NULL,
  joined_on VARCHAR(10),
  left_on VARCHAR(10),
  locale VARCHAR(5) NOT NULL DEFAULT 'ja',
  import_id BINARY(16),
  session_epoch BIGINT NOT NULL DEFAULT 0,
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT person_login UNIQUE (tenant_id, login_key),
  CONSTRAINT person_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX person_sort ON person (tenant_id, sort_name, id);
CREATE INDEX person_state ON person (tenant_id, state);
-- How a person proves who they are. kind one_time: keyed SHA-256 of 80 random bits, must be replaced at log-in; chosen: argon2id.
CREATE TABLE credential (
  tenant_id BIGINT NOT NULL,
  person_id BINARY(16) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  hash VARCHAR(255) NOT NULL,
  expires_at BIGINT,
  changed_at BIGINT NOT NULL,
  last_login_at BIGINT,
  PRIMARY KEY (tenant_id, person_id),
  CONSTRAINT credential_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- Which roles a person holds in this organisation (domain.md section 2).
CREATE TABLE person_role (
  tenant_id BIGINT NOT NULL,
  person_id BINARY(16) NOT NULL,
  role VARCHAR(32) NOT NULL,
  PRIMARY KEY (tenant_id, person_id, role),
  CONSTRAINT person_role_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX person_role_role ON person_role (tenant_id, role, person_id);
-- Departments; name_key is the folded name, unique inside the organisation.
CREATE TABLE department (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  name VARCHAR(100) NOT NULL,
  name_key VARCHAR(100) NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT department_name UNIQUE (tenant_id, name_key),
  CONSTRAINT department_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- Membership of a department from starts_on to ends_on inclusive (NULL: still); several at once are concurrent posts.
CREATE TABLE person_department (
  tenant_id BIGINT NOT NULL,
  person_id BINARY(16) NOT NULL,
  department_id BINARY(16) NOT NULL,
  starts_on VARCHAR(10) NOT NULL,
  ends_on VARCHAR(10),
  PRIMARY KEY (tenant_id, person_id, department_id, starts_on),
  CONSTRAINT person_department_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),
  CONSTRAINT person_department_department FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX person_department_department ON person_department (tenant_id, department_id, person_id);
-- A file of people that was checked (dry run) and perhaps applied. summary holds the counts; the rows are read again from object_key.
CREATE TABLE person_import (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  file_name VARCHAR(255) NOT NULL,
  object_key VARCHAR(255) NOT NULL,
  sha256 BINARY(32) NOT NULL,
  state VARCHAR(16) NOT NULL,
  summary MEDIUMTEXT NOT NULL,
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  applied_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT person_import_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
