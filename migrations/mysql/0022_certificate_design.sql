-- How an organisation's completion certificates look. A change is a new number; no row ever changes, because certificates that were issued name their number.
CREATE TABLE certificate_design (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  number INT NOT NULL,
  content TEXT NOT NULL,
  logo MEDIUMBLOB,
  seal MEDIUMBLOB,
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT certificate_design_number UNIQUE (tenant_id, number),
  CONSTRAINT certificate_design_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- The keys with which the installation signs digital badges (Open Badges 3.0). public_key is a JWK, private_key is sealed with the installation's secret. The oldest
-- that can be opened signs; all stay, so that what they signed can be checked. Not tenant-owned.
CREATE TABLE signing_key (
  id BINARY(16) NOT NULL PRIMARY KEY,
  public_key TEXT NOT NULL,
  private_key BLOB NOT NULL,
  created_at BIGINT NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
