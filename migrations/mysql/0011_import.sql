-- An import goes on as a job: its options, who acts, what became of it, and how far it is. Rows are kept until rows_until, an undo is offered until undo_until.
ALTER TABLE person_import ADD COLUMN origin VARCHAR(16) NOT NULL DEFAULT 'page';
ALTER TABLE person_import ADD COLUMN options MEDIUMTEXT;
ALTER TABLE person_import ADD COLUMN actor MEDIUMTEXT;
ALTER TABLE person_import ADD COLUMN problem MEDIUMTEXT;
ALTER TABLE person_import ADD COLUMN run_id BINARY(16);
ALTER TABLE person_import ADD COLUMN run_at BIGINT;
ALTER TABLE person_import ADD COLUMN done_units BIGINT NOT NULL DEFAULT 0;
ALTER TABLE person_import ADD COLUMN total_units BIGINT NOT NULL DEFAULT 0;
ALTER TABLE person_import ADD COLUMN rows_until BIGINT;
ALTER TABLE person_import ADD COLUMN undo_until BIGINT;
CREATE INDEX person_import_newest ON person_import (tenant_id, created_at, id);
-- What happens to each row of a file, made ready by the check and put into effect by one transaction. position is the row's number in the file; people who are
-- missing from it follow after the last. It holds personal data for a short time (person_import.rows_until).
CREATE TABLE person_import_row (
  tenant_id BIGINT NOT NULL,
  import_id BINARY(16) NOT NULL,
  position INT NOT NULL,
  outcome VARCHAR(16) NOT NULL,
  person_id BINARY(16),
  version BIGINT NOT NULL DEFAULT 0,
  login_id VARCHAR(64) NOT NULL DEFAULT '',
  login_key VARCHAR(64) NOT NULL DEFAULT '',
  name VARCHAR(200) NOT NULL DEFAULT '',
  name_kana VARCHAR(200) NOT NULL DEFAULT '',
  sort_name VARCHAR(100) NOT NULL DEFAULT '',
  search_text VARCHAR(600) NOT NULL DEFAULT '',
  email VARCHAR(254) NOT NULL DEFAULT '',
  employee_number VARCHAR(100) NOT NULL DEFAULT '',
  employment_kind VARCHAR(16) NOT NULL DEFAULT '',
  joined_on VARCHAR(10),
  locale VARCHAR(5) NOT NULL DEFAULT 'ja',
  audit_id BINARY(16),
  before_digest BINARY(32),
  after_digest BINARY(32),
  before_values MEDIUMTEXT,
  detail MEDIUMTEXT,
  undo_state VARCHAR(32) NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, import_id, position),
  CONSTRAINT person_import_row_import FOREIGN KEY (tenant_id, import_id) REFERENCES person_import (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX person_import_row_outcome ON person_import_row (tenant_id, import_id, outcome, position);
CREATE INDEX person_import_row_person ON person_import_row (tenant_id, import_id, person_id);
-- Posts that begin or end, and own fields' values, of the rows above. kind: begin, end, value.
CREATE TABLE person_import_part (
  tenant_id BIGINT NOT NULL,
  import_id BINARY(16) NOT NULL,
  person_id BINARY(16) NOT NULL,
  kind VARCHAR(8) NOT NULL,
  target_id BINARY(16) NOT NULL,
  value VARCHAR(500) NOT NULL DEFAULT '',
  value_key VARCHAR(200) NOT NULL DEFAULT '',
  PRIMARY KEY (tenant_id, import_id, kind, person_id, target_id),
  CONSTRAINT person_import_part_import FOREIGN KEY (tenant_id, import_id) REFERENCES person_import (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- How an organisation reads files with these headings: signature is the SHA-256 of the folded headings.
CREATE TABLE import_mapping (
  tenant_id BIGINT NOT NULL,
  signature BINARY(32) NOT NULL,
  mapping MEDIUMTEXT NOT NULL,
  updated_by BINARY(16) NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, signature),
  CONSTRAINT import_mapping_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- The rules of unattended imports, one row an organisation. Putting an import into effect locks it, so that two go one after the other.
CREATE TABLE import_rule (
  tenant_id BIGINT NOT NULL,
  rules MEDIUMTEXT NOT NULL,
  warned_on VARCHAR(10),
  last_file_at BIGINT,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id),
  CONSTRAINT import_rule_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- A secret for a program: hash is the SHA-256 of its 256 random bits. It may do what its scope says, and no more than who made it still may.
CREATE TABLE api_token (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  name VARCHAR(100) NOT NULL,
  scope VARCHAR(32) NOT NULL,
  hash BINARY(32) NOT NULL,
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  last_used_at BIGINT,
  last_used_from VARCHAR(64) NOT NULL DEFAULT '',
  revoked_at BIGINT,
  revoked_by BINARY(16),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT api_token_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
