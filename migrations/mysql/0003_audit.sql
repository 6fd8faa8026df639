-- Append-only: who did what to whom, when, in which role, from where and why. Never updated; the chain lives in audit_seal.
CREATE TABLE audit_event (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  happened_at BIGINT NOT NULL,
  actor_kind VARCHAR(16) NOT NULL,
  actor_id BINARY(16),
  actor_name VARCHAR(200) NOT NULL,
  actor_role VARCHAR(32) NOT NULL,
  action VARCHAR(64) NOT NULL,
  subject_kind VARCHAR(32) NOT NULL,
  subject_id BINARY(16),
  before_digest BINARY(32),
  after_digest BINARY(32),
  detail MEDIUMTEXT NOT NULL,
  reason VARCHAR(500) NOT NULL,
  source VARCHAR(64) NOT NULL,
  request_id VARCHAR(64) NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT audit_event_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX audit_event_subject ON audit_event (tenant_id, subject_id, id);
-- The hash chain of one organisation: hash = HMAC-SHA256(key, previous hash, event), written by the sealer job.
CREATE TABLE audit_seal (
  tenant_id BIGINT NOT NULL,
  seq BIGINT NOT NULL,
  event_id BINARY(16) NOT NULL,
  hash BINARY(32) NOT NULL,
  sealed_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, seq),
  CONSTRAINT audit_seal_once UNIQUE (tenant_id, event_id),
  CONSTRAINT audit_seal_event FOREIGN KEY (tenant_id, event_id) REFERENCES audit_event (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- Events that the sealer has not chained yet. Written with the event, removed with its seal: finding work never scans the log.
CREATE TABLE audit_pending (
  tenant_id BIGINT NOT NULL,
  event_id BINARY(16) NOT NULL,
  PRIMARY KEY (tenant_id, event_id),
  CONSTRAINT audit_pending_event FOREIGN KEY (tenant_id, event_id) REFERENCES audit_event (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX audit_event_action ON audit_event (tenant_id, action, id);
