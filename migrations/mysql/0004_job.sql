-- Background work. A row is leased by one worker at a time; (kind, slot) makes repeats and scheduled runs happen once.
CREATE TABLE job (
  id BINARY(16) NOT NULL PRIMARY KEY,
  kind VARCHAR(48) NOT NULL,
  slot VARCHAR(128) NOT NULL,
  tenant_id BIGINT,
  payload MEDIUMTEXT NOT NULL,
  state VARCHAR(16) NOT NULL,
  run_at BIGINT NOT NULL,
  lease_owner VARCHAR(64) NOT NULL DEFAULT '',
  lease_until BIGINT,
  attempts INT NOT NULL DEFAULT 0,
  max_attempts INT NOT NULL,
  done_units BIGINT NOT NULL DEFAULT 0,
  total_units BIGINT NOT NULL DEFAULT 0,
  last_error VARCHAR(500) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  finished_at BIGINT,
  CONSTRAINT job_slot UNIQUE (kind, slot)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX job_due ON job (state, kind, run_at);
CREATE INDEX job_finished ON job (state, finished_at);
-- The mail outbox. state: queued, sent, refused, no_address, kept (no SMTP configured: shown on screen). dedupe makes a repeat one message.
CREATE TABLE mail_message (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  dedupe VARCHAR(128) NOT NULL,
  person_id BINARY(16),
  to_address VARCHAR(254) NOT NULL,
  to_name VARCHAR(100) NOT NULL,
  kind VARCHAR(48) NOT NULL,
  subject VARCHAR(255) NOT NULL,
  body_text MEDIUMTEXT NOT NULL,
  state VARCHAR(16) NOT NULL,
  attempts INT NOT NULL DEFAULT 0,
  last_error VARCHAR(500) NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL,
  sent_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT mail_message_once UNIQUE (tenant_id, dedupe),
  CONSTRAINT mail_message_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX mail_message_state ON mail_message (tenant_id, state, created_at);
CREATE INDEX mail_message_newest ON mail_message (tenant_id, created_at, id);
CREATE INDEX mail_message_person ON mail_message (tenant_id, person_id, kind);
