-- The training record of a whole fiscal year that was handed out. content lists the rounds with the digests of their own records, so its digest proves all of them.
CREATE TABLE year_record (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  fiscal_year INT NOT NULL,
  number INT NOT NULL,
  digest BINARY(32) NOT NULL,
  content MEDIUMTEXT NOT NULL,
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT year_record_digest UNIQUE (tenant_id, fiscal_year, digest),
  CONSTRAINT year_record_number UNIQUE (tenant_id, number),
  CONSTRAINT year_record_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- A link with which somebody without an account, as an auditor, reads one issued record until a day. Its token stands in public_code as a hash only.
CREATE TABLE record_link (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  kind VARCHAR(8) NOT NULL,
  record_id BINARY(16) NOT NULL,
  recipient VARCHAR(200) NOT NULL,
  expires_at BIGINT NOT NULL,
  revoked_at BIGINT,
  opened INT NOT NULL DEFAULT 0,
  last_opened_at BIGINT,
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT record_link_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
