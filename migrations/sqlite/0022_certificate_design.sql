-- How an organisation's completion certificates look. A change is a new number; no row ever changes, because certificates that were issued name their number.
CREATE TABLE certificate_design (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  number INTEGER NOT NULL,
  content TEXT NOT NULL CHECK (json_valid(content)),
  logo BLOB,
  seal BLOB,
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT certificate_design_number UNIQUE (tenant_id, number),
  CONSTRAINT certificate_design_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
-- The keys with which the installation signs digital badges (Open Badges 3.0). public_key is a JWK, private_key is sealed with the installation's secret. The oldest
-- that can be opened signs; all stay, so that what they signed can be checked. Not tenant-owned.
CREATE TABLE signing_key (
  id BLOB NOT NULL PRIMARY KEY CHECK (length(id) = 16),
  public_key TEXT NOT NULL CHECK (json_valid(public_key)),
  private_key BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
