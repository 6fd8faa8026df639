-- Lists ask for one-time credentials that have run out or soon will.
CREATE INDEX credential_kind ON credential (tenant_id, kind, expires_at);
-- How easily a login ID is guessed, worked out once for a version of the person. basis is the version of the rules and of the organisation's row: a row
-- with another person_version or basis is worked out again. stem is the ID without its figures at the end: many alike are a series (weak = 1, too).
CREATE TABLE login_check (
  tenant_id INTEGER NOT NULL,
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  person_version INTEGER NOT NULL,
  basis TEXT NOT NULL CHECK (length(basis) <= 32),
  reasons TEXT NOT NULL CHECK (length(reasons) <= 255),
  stem TEXT NOT NULL CHECK (length(stem) <= 64),
  weak INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, person_id),
  CONSTRAINT login_check_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX login_check_weak ON login_check (tenant_id, weak, person_id);
CREATE INDEX login_check_stem ON login_check (tenant_id, stem, person_id);
-- One-time passwords handed out together. state: queued, ready, taken, expired, cancelled, failed. The passwords are worked out from the nonce and a key
-- outside the database; the nonce goes when the slips were taken or nobody came for them, and then nobody can ever print them again.
CREATE TABLE slip_batch (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  state TEXT NOT NULL CHECK (length(state) <= 16),
  replace_chosen INTEGER NOT NULL,
  new_login INTEGER NOT NULL,
  nonce BLOB CHECK (length(nonce) = 32),
  total INTEGER NOT NULL,
  issued INTEGER NOT NULL DEFAULT 0,
  as_of INTEGER NOT NULL,
  keep_until INTEGER NOT NULL,
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  issued_at INTEGER,
  taken_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT slip_batch_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
CREATE INDEX slip_batch_newest ON slip_batch (tenant_id, created_at, id);
-- Whom a batch is for. state: waiting, issued, or why nothing was handed out: changed (somebody else did meanwhile), chosen, left, guarded, own.
CREATE TABLE slip_batch_person (
  tenant_id INTEGER NOT NULL,
  batch_id BLOB NOT NULL CHECK (length(batch_id) = 16),
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  state TEXT NOT NULL CHECK (length(state) <= 16),
  PRIMARY KEY (tenant_id, batch_id, person_id),
  CONSTRAINT slip_batch_person_batch FOREIGN KEY (tenant_id, batch_id) REFERENCES slip_batch (tenant_id, id),
  CONSTRAINT slip_batch_person_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE
) STRICT;
-- A file of passwords. state: checked (dry run), queued, applied, cancelled, expired, failed. The file itself lies encrypted under object_key until then
-- and is removed at the end; problems names wrong rows, never what stood in them.
CREATE TABLE password_file (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  file_name TEXT NOT NULL CHECK (length(file_name) <= 255),
  object_key TEXT NOT NULL CHECK (length(object_key) <= 255),
  state TEXT NOT NULL CHECK (length(state) <= 16),
  total INTEGER NOT NULL,
  wrong INTEGER NOT NULL,
  done INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  problems TEXT NOT NULL CHECK (json_valid(problems)),
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT password_file_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
CREATE INDEX password_file_newest ON password_file (tenant_id, created_at, id);
-- Hashes of a file that is being applied: they open nothing until all of them are there and one transaction puts them in force.
CREATE TABLE password_stage (
  tenant_id INTEGER NOT NULL,
  file_id BLOB NOT NULL CHECK (length(file_id) = 16),
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  hash TEXT NOT NULL CHECK (length(hash) <= 255),
  PRIMARY KEY (tenant_id, file_id, person_id),
  CONSTRAINT password_stage_file FOREIGN KEY (tenant_id, file_id) REFERENCES password_file (tenant_id, id),
  CONSTRAINT password_stage_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE
) STRICT;
-- What went wrong with personal data, or may have (domain.md section 10). number counts an organisation's incidents; affected is how many people it
-- concerns in all, which may be more than those named in incident_person. kind: credential_leak, leak, loss, damage, unauthorised_access, other. state: open, closed.
CREATE TABLE incident (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  number INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (length(kind) <= 32),
  title TEXT NOT NULL CHECK (length(title) <= 200),
  state TEXT NOT NULL CHECK (length(state) <= 16),
  noticed_at INTEGER NOT NULL,
  overview TEXT NOT NULL CHECK (length(overview) <= 4000),
  data_items TEXT NOT NULL CHECK (length(data_items) <= 2000),
  affected INTEGER NOT NULL,
  cause TEXT NOT NULL CHECK (length(cause) <= 4000),
  measures TEXT NOT NULL CHECK (length(measures) <= 4000),
  conclusion TEXT NOT NULL CHECK (length(conclusion) <= 4000),
  version INTEGER NOT NULL DEFAULT 1,
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  closed_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT incident_number UNIQUE (tenant_id, number),
  CONSTRAINT incident_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
CREATE INDEX incident_state ON incident (tenant_id, state, number);
-- Whose account or data it is about.
CREATE TABLE incident_person (
  tenant_id INTEGER NOT NULL,
  incident_id BLOB NOT NULL CHECK (length(incident_id) = 16),
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  PRIMARY KEY (tenant_id, incident_id, person_id),
  CONSTRAINT incident_person_incident FOREIGN KEY (tenant_id, incident_id) REFERENCES incident (tenant_id, id),
  CONSTRAINT incident_person_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE
) STRICT;
CREATE INDEX incident_person_person ON incident_person (tenant_id, person_id);
-- What was found out and done, in order; nothing is changed afterwards.
CREATE TABLE incident_note (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  incident_id BLOB NOT NULL CHECK (length(incident_id) = 16),
  body TEXT NOT NULL CHECK (length(body) <= 4000),
  author_id BLOB CHECK (length(author_id) = 16),
  author_name TEXT NOT NULL CHECK (length(author_name) <= 200),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT incident_note_incident FOREIGN KEY (tenant_id, incident_id) REFERENCES incident (tenant_id, id)
) STRICT;
CREATE INDEX incident_note_order ON incident_note (tenant_id, incident_id, id);
