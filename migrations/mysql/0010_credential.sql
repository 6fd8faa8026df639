-- Lists ask for one-time credentials that have run out or soon will.
CREATE INDEX credential_kind ON credential (tenant_id, kind, expires_at);
-- How easily a login ID is guessed, worked out once for a version of the person. basis is the version of the rules and of the organisation's row: a row
-- with another person_version or basis is worked out again. stem is the ID without its figures at the end: many alike are a series (weak = 1, too).
CREATE TABLE login_check (
  tenant_id BIGINT NOT NULL,
  person_id BINARY(16) NOT NULL,
  person_version BIGINT NOT NULL,
  basis VARCHAR(32) NOT NULL,
  reasons VARCHAR(255) NOT NULL,
  stem VARCHAR(64) NOT NULL,
  weak SMALLINT NOT NULL,
  PRIMARY KEY (tenant_id, person_id),
  CONSTRAINT login_check_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX login_check_weak ON login_check (tenant_id, weak, person_id);
CREATE INDEX login_check_stem ON login_check (tenant_id, stem, person_id);
-- One-time passwords handed out together. state: queued, ready, taken, expired, cancelled, failed. The passwords are worked out from the nonce and a key
-- outside the database; the nonce goes when the slips were taken or nobody came for them, and then nobody can ever print them again.
CREATE TABLE slip_batch (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  state VARCHAR(16) NOT NULL,
  replace_chosen SMALLINT NOT NULL,
  new_login SMALLINT NOT NULL,
  nonce BINARY(32),
  total INT NOT NULL,
  issued INT NOT NULL DEFAULT 0,
  as_of BIGINT NOT NULL,
  keep_until BIGINT NOT NULL,
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  issued_at BIGINT,
  taken_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT slip_batch_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX slip_batch_newest ON slip_batch (tenant_id, created_at, id);
-- Whom a batch is for. state: waiting, issued, or why nothing was handed out: changed (somebody else did meanwhile), chosen, left, guarded, own.
CREATE TABLE slip_batch_person (
  tenant_id BIGINT NOT NULL,
  batch_id BINARY(16) NOT NULL,
  person_id BINARY(16) NOT NULL,
  state VARCHAR(16) NOT NULL,
  PRIMARY KEY (tenant_id, batch_id, person_id),
  CONSTRAINT slip_batch_person_batch FOREIGN KEY (tenant_id, batch_id) REFERENCES slip_batch (tenant_id, id),
  CONSTRAINT slip_batch_person_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- A file of passwords. state: checked (dry run), queued, applied, cancelled, expired, failed. The file itself lies encrypted under object_key until then
-- and is removed at the end; problems names wrong rows, never what stood in them.
CREATE TABLE password_file (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  file_name VARCHAR(255) NOT NULL,
  object_key VARCHAR(255) NOT NULL,
  state VARCHAR(16) NOT NULL,
  total INT NOT NULL,
  wrong INT NOT NULL,
  done INT NOT NULL DEFAULT 0,
  skipped INT NOT NULL DEFAULT 0,
  problems MEDIUMTEXT NOT NULL,
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  finished_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT password_file_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX password_file_newest ON password_file (tenant_id, created_at, id);
-- Hashes of a file that is being applied: they open nothing until all of them are there and one transaction puts them in force.
CREATE TABLE password_stage (
  tenant_id BIGINT NOT NULL,
  file_id BINARY(16) NOT NULL,
  person_id BINARY(16) NOT NULL,
  hash VARCHAR(255) NOT NULL,
  PRIMARY KEY (tenant_id, file_id, person_id),
  CONSTRAINT password_stage_file FOREIGN KEY (tenant_id, file_id) REFERENCES password_file (tenant_id, id),
  CONSTRAINT password_stage_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- What went wrong with personal data, or may have (domain.md section 10). number counts an organisation's incidents; affected is how many people it
-- concerns in all, which may be more than those named in incident_person. kind: credential_leak, leak, loss, damage, unauthorised_access, other. state: open, closed.
CREATE TABLE incident (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  number INT NOT NULL,
  kind VARCHAR(32) NOT NULL,
  title VARCHAR(200) NOT NULL,
  state VARCHAR(16) NOT NULL,
  noticed_at BIGINT NOT NULL,
  overview TEXT NOT NULL,
  data_items VARCHAR(2000) NOT NULL,
  affected INT NOT NULL,
  cause TEXT NOT NULL,
  measures TEXT NOT NULL,
  conclusion TEXT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  closed_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT incident_number UNIQUE (tenant_id, number),
  CONSTRAINT incident_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX incident_state ON incident (tenant_id, state, number);
-- Whose account or data it is about.
CREATE TABLE incident_person (
  tenant_id BIGINT NOT NULL,
  incident_id BINARY(16) NOT NULL,
  person_id BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, incident_id, person_id),
  CONSTRAINT incident_person_incident FOREIGN KEY (tenant_id, incident_id) REFERENCES incident (tenant_id, id),
  CONSTRAINT incident_person_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id) ON DELETE CASCADE
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX incident_person_person ON incident_person (tenant_id, person_id);
-- What was found out and done, in order; nothing is changed afterwards.
CREATE TABLE incident_note (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  incident_id BINARY(16) NOT NULL,
  body TEXT NOT NULL,
  author_id BINARY(16),
  author_name VARCHAR(200) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT incident_note_incident FOREIGN KEY (tenant_id, incident_id) REFERENCES incident (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX incident_note_order ON incident_note (tenant_id, incident_id, id);
