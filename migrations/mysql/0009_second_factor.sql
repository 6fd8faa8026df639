-- The authenticator app of a person (TOTP, RFC 6238). secret is sealed with a key outside the database; last_step is the latest 30-second step of which a
-- code was taken, so that no code counts twice.
CREATE TABLE second_factor (
  tenant_id BIGINT NOT NULL,
  person_id BINARY(16) NOT NULL,
  secret VARBINARY(255) NOT NULL,
  last_step BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (tenant_id, person_id),
  CONSTRAINT second_factor_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- Codes for whoever has lost the other factor; number is the first character of the code, hash is argon2id of the whole.
CREATE TABLE recovery_code (
  tenant_id BIGINT NOT NULL,
  person_id BINARY(16) NOT NULL,
  number SMALLINT NOT NULL,
  hash VARCHAR(255) NOT NULL,
  created_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (tenant_id, person_id, number),
  CONSTRAINT recovery_code_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- Passkeys (WebAuthn). key_hash is SHA-256 of the credential's own id; record is the credential record as the library keeps it, without secrets.
CREATE TABLE passkey (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  person_id BINARY(16) NOT NULL,
  key_hash BINARY(32) NOT NULL,
  name VARCHAR(100) NOT NULL,
  record MEDIUMTEXT NOT NULL,
  sign_count BIGINT NOT NULL DEFAULT 0,
  cloned_at BIGINT,
  created_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT passkey_key UNIQUE (tenant_id, key_hash),
  CONSTRAINT passkey_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX passkey_owner ON passkey (tenant_id, person_id);
-- Log-ins and where they came from: device in words, source a network without its last part, token_hash where the cache keeps the session while it lives.
CREATE TABLE session_device (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  person_id BINARY(16) NOT NULL,
  token_hash BINARY(32) NOT NULL,
  device VARCHAR(100) NOT NULL,
  source VARCHAR(64) NOT NULL,
  started_at BIGINT NOT NULL,
  ended_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT session_device_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX session_device_owner ON session_device (tenant_id, person_id, started_at);
CREATE INDEX session_device_started ON session_device (started_at);
-- 1: the own password is shorter than what counts without a second factor.
ALTER TABLE credential ADD COLUMN short_password SMALLINT NOT NULL DEFAULT 0;
