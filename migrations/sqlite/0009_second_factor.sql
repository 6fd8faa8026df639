-- The authenticator app of a person (TOTP, RFC 6238). secret is sealed with a key outside the database; last_step is the latest 30-second step of which a
-- code was taken, so that no code counts twice.
CREATE TABLE second_factor (
  tenant_id INTEGER NOT NULL,
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  secret BLOB NOT NULL CHECK (length(secret) <= 255),
  last_step INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (tenant_id, person_id),
  CONSTRAINT second_factor_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
) STRICT;
-- Codes for whoever has lost the other factor; number is the first character of the code, hash is argon2id of the whole.
CREATE TABLE recovery_code (
  tenant_id INTEGER NOT NULL,
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  number INTEGER NOT NULL,
  hash TEXT NOT NULL CHECK (length(hash) <= 255),
  created_at INTEGER NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (tenant_id, person_id, number),
  CONSTRAINT recovery_code_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
) STRICT;
-- Passkeys (WebAuthn). key_hash is SHA-256 of the credential's own id; record is the credential record as the library keeps it, without secrets.
CREATE TABLE passkey (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  key_hash BLOB NOT NULL CHECK (length(key_hash) = 32),
  name TEXT NOT NULL CHECK (length(name) <= 100),
  record TEXT NOT NULL CHECK (json_valid(record)),
  sign_count INTEGER NOT NULL DEFAULT 0,
  cloned_at INTEGER,
  created_at INTEGER NOT NULL,
  used_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT passkey_key UNIQUE (tenant_id, key_hash),
  CONSTRAINT passkey_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
) STRICT;
CREATE INDEX passkey_owner ON passkey (tenant_id, person_id);
-- Log-ins and where they came from: device in words, source a network without its last part, token_hash where the cache keeps the session while it lives.
CREATE TABLE session_device (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  token_hash BLOB NOT NULL CHECK (length(token_hash) = 32),
  device TEXT NOT NULL CHECK (length(device) <= 100),
  source TEXT NOT NULL CHECK (length(source) <= 64),
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT session_device_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
) STRICT;
CREATE INDEX session_device_owner ON session_device (tenant_id, person_id, started_at);
CREATE INDEX session_device_started ON session_device (started_at);
-- 1: the own password is shorter than what counts without a second factor.
ALTER TABLE credential ADD COLUMN short_password INTEGER NOT NULL DEFAULT 0;
