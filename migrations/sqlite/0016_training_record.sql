-- The training record of a whole fiscal year that was handed out. content lists the rounds with the digests of their own records, so its digest proves all of them.
CREATE TABLE year_record (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  fiscal_year INTEGER NOT NULL,
  number INTEGER NOT NULL,
  digest BLOB NOT NULL CHECK (length(digest) = 32),
  content TEXT NOT NULL CHECK (json_valid(content)),
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT year_record_digest UNIQUE (tenant_id, fiscal_year, digest),
  CONSTRAINT year_record_number UNIQUE (tenant_id, number),
  CONSTRAINT year_record_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
-- A link with which somebody without an account, as an auditor, reads one issued record until a day. Its token stands in public_code as a hash only.
CREATE TABLE record_link (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  kind TEXT NOT NULL CHECK (length(kind) <= 8),
  record_id BLOB NOT NULL CHECK (length(record_id) = 16),
  recipient TEXT NOT NULL CHECK (length(recipient) <= 200),
  expires_at INTEGER NOT NULL,
  revoked_at INTEGER,
  opened INTEGER NOT NULL DEFAULT 0,
  last_opened_at INTEGER,
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT record_link_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
