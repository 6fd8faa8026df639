-- The register's root: one row is one tenant. tenant_id heads every key of every tenant-owned table and is never shown;
-- the association itself is the tenant of kind 'association' (exactly one). code is what people type to log in.
CREATE TABLE organisation (
  tenant_id INTEGER PRIMARY KEY AUTOINCREMENT,
  id BLOB NOT NULL CHECK (length(id) = 16),
  code TEXT NOT NULL CHECK (length(code) <= 32),
  kind TEXT NOT NULL CHECK (length(kind) <= 16),
  name TEXT NOT NULL CHECK (length(name) <= 200),
  name_search TEXT NOT NULL CHECK (length(name_search) <= 255),
  plan TEXT NOT NULL CHECK (length(plan) <= 32),
  state TEXT NOT NULL CHECK (length(state) <= 16),
  session_epoch INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  CONSTRAINT organisation_id UNIQUE (id),
  CONSTRAINT organisation_code UNIQUE (code)
) STRICT;
CREATE INDEX organisation_name ON organisation (kind, name_search, id);
-- One value per name and tenant; names and defaults stand in tenant/setting.go.
CREATE TABLE setting (
  tenant_id INTEGER NOT NULL,
  name TEXT NOT NULL CHECK (length(name) <= 64),
  value TEXT NOT NULL CHECK (json_valid(value)),
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, name),
  CONSTRAINT setting_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
-- Resolves a code printed on a public document (certificate) to its tenant. code_hash is SHA-256 of the 128-bit code. Not tenant-owned.
CREATE TABLE public_code (
  code_hash BLOB NOT NULL PRIMARY KEY CHECK (length(code_hash) = 32),
  tenant_id INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (length(kind) <= 32),
  target_id BLOB NOT NULL CHECK (length(target_id) = 16),
  created_at INTEGER NOT NULL,
  CONSTRAINT public_code_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
