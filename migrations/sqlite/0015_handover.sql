-- The manager hands the organisation's side to a successor. The role moves only when the successor accepts, in one step, so there is never none and never two.
-- open_slot is 1 while the offer is open and NULL afterwards: at most one is open in an organisation.
CREATE TABLE handover (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  from_person BLOB NOT NULL CHECK (length(from_person) = 16),
  to_person BLOB NOT NULL CHECK (length(to_person) = 16),
  offered_by TEXT NOT NULL CHECK (length(offered_by) <= 16),
  keep_as_deputy INTEGER NOT NULL,
  note TEXT NOT NULL CHECK (length(note) <= 500),
  state TEXT NOT NULL CHECK (length(state) <= 16),
  open_slot INTEGER,
  expires_at INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  decided_at INTEGER,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT handover_open UNIQUE (tenant_id, open_slot),
  CONSTRAINT handover_from FOREIGN KEY (tenant_id, from_person) REFERENCES person (tenant_id, id),
  CONSTRAINT handover_to FOREIGN KEY (tenant_id, to_person) REFERENCES person (tenant_id, id)
) STRICT;
CREATE INDEX handover_invited ON handover (tenant_id, to_person, open_slot);
-- Accounts of one human being in several organisations, joined by that person: who has proved to be both can change between them. No organisation sees the others.
CREATE TABLE identity_member (
  tenant_id INTEGER NOT NULL,
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  identity_id BLOB NOT NULL CHECK (length(identity_id) = 16),
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, person_id),
  CONSTRAINT identity_member_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
) STRICT;
CREATE INDEX identity_member_identity ON identity_member (identity_id);
