-- A person inside one organisation. login_key and search_text are folded (NFKC, lower case, trimmed) forms; sort_name is kana or name;
-- import_id is the file that brought the person in.
CREATE TABLE person (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  login_id TEXT NOT NULL CHECK (length(login_id) <= 64),
  login_key TEXT NOT NULL CHECK (length(login_key) <= 64),
  name TEXT NOT NULL CHECK (length(name) <= 100),
  name_kana TEXT NOT NULL DEFAULT '' CHECK (length(name_kana) <= 100),
  sort_name TEXT NOT NULL CHECK (length(sort_name) <= 100),
  search_text TEXT NOT NULL CHECK (length(search_text) <= 600),
  email TEXT NOT NULL DEFAULT '' CHECK (length(email) <= 254),
  employee_number TEXT NOT NULL DEFAULT '' CHECK (length(employee_number) <= 64),
  employment_kind TEXT NOT NULL CHECK (length(employment_kind) <= 16),
  state TEXT NOT NULL CHECK (length(state) <= 16),
  joined_on TEXT CHECK (length(joined_on) <= 10),
  left_on TEXT CHECK (length(left_on) <= 10),
  locale TEXT NOT NULL DEFAULT 'ja' CHECK (length(locale) <= 5),
  import_id BLOB CHECK (length(import_id) = 16),
  session_epoch INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT person_login UNIQUE (tenant_id, login_key),
  CONSTRAINT person_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
CREATE INDEX person_sort ON person (tenant_id, sort_name, id);
CREATE INDEX person_state ON person (tenant_id, state);
-- How a person proves who they are. kind one_time: keyed SHA-256 of 80 random bits, must be replaced at log-in; chosen: argon2id.
CREATE TABLE credential (
  tenant_id INTEGER NOT NULL,
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  kind TEXT NOT NULL CHECK (length(kind) <= 16),
  hash TEXT NOT NULL CHECK (length(hash) <= 255),
  expires_at INTEGER,
  changed_at INTEGER NOT NULL,
  last_login_at INTEGER,
  PRIMARY KEY (tenant_id, person_id),
  CONSTRAINT credential_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
) STRICT;
-- Which roles a person holds in this organisation (domain.md section 2).
CREATE TABLE person_role (
  tenant_id INTEGER NOT NULL,
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  role TEXT NOT NULL CHECK (length(role) <= 32),
  PRIMARY KEY (tenant_id, person_id, role),
  CONSTRAINT person_role_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
) STRICT;
CREATE INDEX person_role_role ON person_role (tenant_id, role, person_id);
-- Departments; name_key is the folded name, unique inside the organisation.
CREATE TABLE department (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  name TEXT NOT NULL CHECK (length(name) <= 100),
  name_key TEXT NOT NULL CHECK (length(name_key) <= 100),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT department_name UNIQUE (tenant_id, name_key),
  CONSTRAINT department_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
-- Membership of a department from starts_on to ends_on inclusive (NULL: still); several at once are concurrent posts.
CREATE TABLE person_department (
  tenant_id INTEGER NOT NULL,
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  department_id BLOB NOT NULL CHECK (length(department_id) = 16),
  starts_on TEXT NOT NULL CHECK (length(starts_on) <= 10),
  ends_on TEXT CHECK (length(ends_on) <= 10),
  PRIMARY KEY (tenant_id, person_id, department_id, starts_on),
  CONSTRAINT person_department_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),
  CONSTRAINT person_department_department FOREIGN KEY (tenant_id, department_id) REFERENCES department (tenant_id, id)
) STRICT;
CREATE INDEX person_department_department ON person_department (tenant_id, department_id, person_id);
-- A file of people that was checked (dry run) and perhaps applied. summary holds the counts; the rows are read again from object_key.
CREATE TABLE person_import (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  file_name TEXT NOT NULL CHECK (length(file_name) <= 255),
  object_key TEXT NOT NULL CHECK (length(object_key) <= 255),
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  state TEXT NOT NULL CHECK (length(state) <= 16),
  summary TEXT NOT NULL CHECK (json_valid(summary)),
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  applied_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT person_import_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
