-- The manager hands the organisation's side to a successor. The role moves only when the successor accepts, in one step, so there is never none and never two.
-- open_slot is 1 while the offer is open and NULL afterwards: at most one is open in an organisation.
CREATE TABLE handover (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  from_person BINARY(16) NOT NULL,
  to_person BINARY(16) NOT NULL,
  offered_by VARCHAR(16) NOT NULL,
  keep_as_deputy SMALLINT NOT NULL,
  note VARCHAR(500) NOT NULL,
  state VARCHAR(16) NOT NULL,
  open_slot SMALLINT,
  expires_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  decided_at BIGINT,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT handover_open UNIQUE (tenant_id, open_slot),
  CONSTRAINT handover_from FOREIGN KEY (tenant_id, from_person) REFERENCES person (tenant_id, id),
  CONSTRAINT handover_to FOREIGN KEY (tenant_id, to_person) REFERENCES person (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX handover_invited ON handover (tenant_id, to_person, open_slot);
-- Accounts of one human being in several organisations, joined by that person: who has proved to be both can change between them. No organisation sees the others.
CREATE TABLE identity_member (
  tenant_id BIGINT NOT NULL,
  person_id BINARY(16) NOT NULL,
  identity_id BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, person_id),
  CONSTRAINT identity_member_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX identity_member_identity ON identity_member (identity_id);
