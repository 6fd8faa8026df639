-- A field of its own that an organisation keeps about its people (at most 20). kind: text, number, date, choice; choices is a JSON list of words,
-- [] unless kind is choice. name_key is the folded name.
CREATE TABLE person_field (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  name TEXT NOT NULL CHECK (length(name) <= 50),
  name_key TEXT NOT NULL CHECK (length(name_key) <= 100),
  kind TEXT NOT NULL CHECK (length(kind) <= 16),
  choices TEXT NOT NULL CHECK (json_valid(choices)),
  position INTEGER NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT person_field_name UNIQUE (tenant_id, name_key),
  CONSTRAINT person_field_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
-- What an own field says about a person; no row: nothing. value_key is the folded value, by which people are found.
CREATE TABLE person_value (
  tenant_id INTEGER NOT NULL,
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  field_id BLOB NOT NULL CHECK (length(field_id) = 16),
  value TEXT NOT NULL CHECK (length(value) <= 200),
  value_key TEXT NOT NULL CHECK (length(value_key) <= 200),
  PRIMARY KEY (tenant_id, person_id, field_id),
  CONSTRAINT person_value_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id),
  CONSTRAINT person_value_field FOREIGN KEY (tenant_id, field_id) REFERENCES person_field (tenant_id, id)
) STRICT;
CREATE INDEX person_value_key ON person_value (tenant_id, field_id, value_key, person_id);
-- The last day of somebody whose leaving was entered in advance; when that day is over a job makes it so. person_leaves is for the job, which
-- looks in all organisations.
ALTER TABLE person ADD COLUMN leaves_on TEXT CHECK (length(leaves_on) <= 10);
CREATE INDEX person_leaves ON person (leaves_on);
-- What was deleted for good, by which rule, in figures, without personal data: target_hash is a keyed hash of the id that is gone, so that a
-- restored backup can be brought to the same state. Append-only.
CREATE TABLE deletion (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  kind TEXT NOT NULL CHECK (length(kind) <= 32),
  target_hash BLOB NOT NULL CHECK (length(target_hash) = 32),
  rule TEXT NOT NULL CHECK (length(rule) <= 48),
  counts TEXT NOT NULL CHECK (json_valid(counts)),
  deleted_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT deletion_once UNIQUE (tenant_id, kind, target_hash),
  CONSTRAINT deletion_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
