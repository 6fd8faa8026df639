-- Background work. A row is leased by one worker at a time; (kind, slot) makes repeats and scheduled runs happen once.
CREATE TABLE job (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  kind TEXT NOT NULL CHECK (length(kind) <= 48),
  slot TEXT NOT NULL CHECK (length(slot) <= 128),
  tenant_id INTEGER,
  payload TEXT NOT NULL CHECK (json_valid(payload)),
  state TEXT NOT NULL CHECK (length(state) <= 16),
  run_at INTEGER NOT NULL,
  lease_owner TEXT NOT NULL DEFAULT '' CHECK (length(lease_owner) <= 64),
  lease_until INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  max_attempts INTEGER NOT NULL,
  done_units INTEGER NOT NULL DEFAULT 0,
  total_units INTEGER NOT NULL DEFAULT 0,
  last_error TEXT NOT NULL DEFAULT '' CHECK (length(last_error) <= 500),
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  CONSTRAINT job_slot UNIQUE (kind, slot)
) STRICT;
CREATE INDEX job_due ON job (state, kind, run_at);
CREATE INDEX job_finished ON job (state, finished_at);
-- The mail outbox. state: queued, sent, refused, no_address, kept (no SMTP configured: shown on screen). dedupe makes a repeat one message.
CREATE TABLE mail_message (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  dedupe TEXT NOT NULL CHECK (length(dedupe) <= 128),
  person_id BLOB CHECK (length(person_id) = 16),
  to_address TEXT NOT NULL CHECK (length(to_address) <= 254),
  to_name TEXT NOT NULL CHECK (length(to_name) <= 100),
  kind TEXT NOT NULL CHECK (length(kind) <= 48),
  subject TEXT NOT NULL CHECK (length(subject) <= 255),
  body_text TEXT NOT NULL,
  state TEXT NOT NULL CHECK (length(state) <= 16),
  attempts INTEGER NOT NULL DEFAULT 0,
  last_error TEXT NOT NULL DEFAULT '' CHECK (length(last_error) <= 500),
  created_at INTEGER NOT NULL,
  sent_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT mail_message_once UNIQUE (tenant_id, dedupe),
  CONSTRAINT mail_message_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
CREATE INDEX mail_message_state ON mail_message (tenant_id, state, created_at);
CREATE INDEX mail_message_newest ON mail_message (tenant_id, created_at, id);
CREATE INDEX mail_message_person ON mail_message (tenant_id, person_id, kind);
