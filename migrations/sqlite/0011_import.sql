-- An import goes on as a job: its options, who acts, what became of it, and how far it is. Rows are kept until rows_until, an undo is offered until undo_until.
ALTER TABLE person_import ADD COLUMN origin TEXT NOT NULL DEFAULT 'page' CHECK (length(origin) <= 16);
ALTER TABLE person_import ADD COLUMN options TEXT CHECK (json_valid(options));
ALTER TABLE person_import ADD COLUMN actor TEXT CHECK (json_valid(actor));
ALTER TABLE person_import ADD COLUMN problem TEXT CHECK (json_valid(problem));
ALTER TABLE person_import ADD COLUMN run_id BLOB CHECK (length(run_id) = 16);
ALTER TABLE person_import ADD COLUMN run_at INTEGER;
ALTER TABLE person_import ADD COLUMN done_units INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person_import ADD COLUMN total_units INTEGER NOT NULL DEFAULT 0;
ALTER TABLE person_import ADD COLUMN rows_until INTEGER;
ALTER TABLE person_import ADD COLUMN undo_until INTEGER;
CREATE INDEX person_import_newest ON person_import (tenant_id, created_at, id);
-- What happens to each row of a file, made ready by the check and put into effect by one transaction. position is the row's number in the file; people who are
-- missing from it follow after the last. It holds personal data for a short time (person_import.rows_until).
CREATE TABLE person_import_row (
  tenant_id INTEGER NOT NULL,
  import_id BLOB NOT NULL CHECK (length(import_id) = 16),
  position INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (length(outcome) <= 16),
  person_id BLOB CHECK (length(person_id) = 16),
  version INTEGER NOT NULL DEFAULT 0,
  login_id TEXT NOT NULL DEFAULT '' CHECK (length(login_id) <= 64),
  login_key TEXT NOT NULL DEFAULT '' CHECK (length(login_key) <= 64),
  name TEXT NOT NULL DEFAULT '' CHECK (length(name) <= 200),
  name_kana TEXT NOT NULL DEFAULT '' CHECK (length(name_kana) <= 200),
  sort_name TEXT NOT NULL DEFAULT '' CHECK (length(sort_name) <= 100),
  search_text TEXT NOT NULL DEFAULT '' CHECK (length(search_text) <= 600),
  email TEXT NOT NULL DEFAULT '' CHECK (length(email) <= 254),
  employee_number TEXT NOT NULL DEFAULT '' CHECK (length(employee_number) <= 100),
  employment_kind TEXT NOT NULL DEFAULT '' CHECK (length(employment_kind) <= 16),
  joined_on TEXT CHECK (length(joined_on) <= 10),
  locale TEXT NOT NULL DEFAULT 'ja' CHECK (length(locale) <= 5),
  audit_id BLOB CHECK (length(audit_id) = 16),
  before_digest BLOB CHECK (length(before_digest) = 32),
  after_digest BLOB CHECK (length(after_digest) = 32),
  before_values TEXT CHECK (json_valid(before_values)),
  detail TEXT CHECK (json_valid(detail)),
  undo_state TEXT NOT NULL DEFAULT '' CHECK (length(undo_state) <= 32),
  PRIMARY KEY (tenant_id, import_id, position),
  CONSTRAINT person_import_row_import FOREIGN KEY (tenant_id, import_id) REFERENCES person_import (tenant_id, id)
) STRICT;
CREATE INDEX person_import_row_outcome ON person_import_row (tenant_id, import_id, outcome, position);
CREATE INDEX person_import_row_person ON person_import_row (tenant_id, import_id, person_id);
-- Posts that begin or end, and own fields' values, of the rows above. kind: begin, end, value.
CREATE TABLE person_import_part (
  tenant_id INTEGER NOT NULL,
  import_id BLOB NOT NULL CHECK (length(import_id) = 16),
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  kind TEXT NOT NULL CHECK (length(kind) <= 8),
  target_id BLOB NOT NULL CHECK (length(target_id) = 16),
  value TEXT NOT NULL DEFAULT '' CHECK (length(value) <= 500),
  value_key TEXT NOT NULL DEFAULT '' CHECK (length(value_key) <= 200),
  PRIMARY KEY (tenant_id, import_id, kind, person_id, target_id),
  CONSTRAINT person_import_part_import FOREIGN KEY (tenant_id, import_id) REFERENCES person_import (tenant_id, id)
) STRICT;
-- How an organisation reads files with these headings: signature is the SHA-256 of the folded headings.
CREATE TABLE import_mapping (
  tenant_id INTEGER NOT NULL,
  signature BLOB NOT NULL CHECK (length(signature) = 32),
  mapping TEXT NOT NULL CHECK (json_valid(mapping)),
  updated_by BLOB NOT NULL CHECK (length(updated_by) = 16),
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, signature),
  CONSTRAINT import_mapping_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
-- The rules of unattended imports, one row an organisation. Putting an import into effect locks it, so that two go one after the other.
CREATE TABLE import_rule (
  tenant_id INTEGER NOT NULL,
  rules TEXT NOT NULL CHECK (json_valid(rules)),
  warned_on TEXT CHECK (length(warned_on) <= 10),
  last_file_at INTEGER,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id),
  CONSTRAINT import_rule_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
-- A secret for a program: hash is the SHA-256 of its 256 random bits. It may do what its scope says, and no more than who made it still may.
CREATE TABLE api_token (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  name TEXT NOT NULL CHECK (length(name) <= 100),
  scope TEXT NOT NULL CHECK (length(scope) <= 32),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  last_used_at INTEGER,
  last_used_from TEXT NOT NULL DEFAULT '' CHECK (length(last_used_from) <= 64),
  revoked_at INTEGER,
  revoked_by BLOB CHECK (length(revoked_by) = 16),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT api_token_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
