-- The register's root: one row is one tenant. tenant_id heads every key of every tenant-owned table and is never shown;
-- the association itself is the tenant of kind 'association' (exactly one). code is what people type to log in.
CREATE TABLE organisation (
  tenant_id BIGINT NOT NULL AUTO_INCREMENT PRIMARY KEY,
  id BINARY(16) NOT NULL,
  code VARCHAR(32) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  name VARCHAR(200) NOT NULL,
  name_search VARCHAR(255) NOT NULL,
  plan VARCHAR(32) NOT NULL,
  state VARCHAR(16) NOT NULL,
  session_epoch BIGINT NOT NULL DEFAULT 0,
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  CONSTRAINT organisation_id UNIQUE (id),
  CONSTRAINT organisation_code UNIQUE (code)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX organisation_name ON organisation (kind, name_search, id);
-- One value per name and tenant; names and defaults stand in tenant/setting.go.
CREATE TABLE setting (
  tenant_id BIGINT NOT NULL,
  name VARCHAR(64) NOT NULL,
  value MEDIUMTEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, name),
  CONSTRAINT setting_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- Resolves a code printed on a public document (certificate) to its tenant. code_hash is SHA-256 of the 128-bit code. Not tenant-owned.
CREATE TABLE public_code (
  code_hash BINARY(32) NOT NULL PRIMARY KEY,
  tenant_id BIGINT NOT NULL,
  kind VARCHAR(32) NOT NULL,
  target_id BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  CONSTRAINT public_code_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
