-- Append-only: who did what to whom, when, in which role, from where and why. Never updated; the chain lives in audit_seal.
CREATE TABLE audit_event (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  happened_at INTEGER NOT NULL,
  actor_kind TEXT NOT NULL CHECK (length(actor_kind) <= 16),
  actor_id BLOB CHECK (length(actor_id) = 16),
  actor_name TEXT NOT NULL CHECK (length(actor_name) <= 200),
  actor_role TEXT NOT NULL CHECK (length(actor_role) <= 32),
  action TEXT NOT NULL CHECK (length(action) <= 64),
  subject_kind TEXT NOT NULL CHECK (length(subject_kind) <= 32),
  subject_id BLOB CHECK (length(subject_id) = 16),
  before_digest BLOB CHECK (length(before_digest) = 32),
  after_digest BLOB CHECK (length(after_digest) = 32),
  detail TEXT NOT NULL CHECK (json_valid(detail)),
  reason TEXT NOT NULL CHECK (length(reason) <= 500),
  source TEXT NOT NULL CHECK (length(source) <= 64),
  request_id TEXT NOT NULL CHECK (length(request_id) <= 64),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT audit_event_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
CREATE INDEX audit_event_subject ON audit_event (tenant_id, subject_id, id);
-- The hash chain of one organisation: hash = HMAC-SHA256(key, previous hash, event), written by the sealer job.
CREATE TABLE audit_seal (
  tenant_id INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  event_id BLOB NOT NULL CHECK (length(event_id) = 16),
  hash BLOB NOT NULL CHECK (length(hash) = 32),
  sealed_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, seq),
  CONSTRAINT audit_seal_once UNIQUE (tenant_id, event_id),
  CONSTRAINT audit_seal_event FOREIGN KEY (tenant_id, event_id) REFERENCES audit_event (tenant_id, id)
) STRICT;
-- Events that the sealer has not chained yet. Written with the event, removed with its seal: finding work never scans the log.
CREATE TABLE audit_pending (
  tenant_id INTEGER NOT NULL,
  event_id BLOB NOT NULL CHECK (length(event_id) = 16),
  PRIMARY KEY (tenant_id, event_id),
  CONSTRAINT audit_pending_event FOREIGN KEY (tenant_id, event_id) REFERENCES audit_event (tenant_id, id)
) STRICT;
CREATE INDEX audit_event_action ON audit_event (tenant_id, action, id);
