-- A field of its own that an organisation keeps about its people (at most 20). kind: text, number, date, choice; choices is a JSON list of words,
-- [] unless kind is choice. name_key is the folded name.
CREATE TABLE person_field (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  name VARCHAR(50) NOT NULL,
  name_key VARCHAR(100) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  choices MEDIUMTEXT NOT NULL,
  position INT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT person_field_name UNIQUE (tenant_id, name_key),
  CONSTRAINT person_field_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- What an own field says about a person; no row: nothing. value_key is the folded value, by which people are found.
CREATE TABLE person_value (
  tenant_id BIGINT NOT NULL,
  person_id BINARY(16) NOT NULL,
  field_id BINARY(16) NOT NULL,
  value VARCHAR(200) NOT NULL,
  value_key VARCHAR(200) NOT NULL,
  PRIMARY KEY (tenant_id, person_id, field_id),
  CONSTRAINT person_value_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),
  CONSTRAINT person_value_field FOREIGN KEY (tenant_id, field_id) REFERENCES person_field (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX person_value_key ON person_value (tenant_id, field_id, value_key, person_id);
-- The last day of somebody whose leaving was entered in advance; when that day is over a job makes it so. person_leaves is for the job, which
-- looks in all organisations.
ALTER TABLE person ADD COLUMN leaves_on VARCHAR(10);
CREATE INDEX person_leaves ON person (leaves_on);
-- What was deleted for good, by which rule, in figures, without personal data: target_hash is a keyed hash of the id that is gone, so that a
-- restored backup can be brought to the same state. Append-only.
CREATE TABLE deletion (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  kind VARCHAR(32) NOT NULL,
  target_hash BINARY(32) NOT NULL,
  rule VARCHAR(48) NOT NULL,
  counts MEDIUMTEXT NOT NULL,
  deleted_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT deletion_once UNIQUE (tenant_id, kind, target_hash),
  CONSTRAINT deletion_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
