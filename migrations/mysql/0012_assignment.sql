-- Rules of more kinds, due days that count from a person's own day, extensions, exemptions that end.
-- assignment.kind: everyone, department, person, attribute; not_department, not_person, not_attribute keep out whom they reach. with_below: the
-- departments below it as well. attribute (of kind attribute): employment_kind, role, joined_from, field; its value is in value, folded in value_key;
-- field_id is the own field. target_id of an attribute is worked out from all of these, so that the unique key holds. removed_at: taken off, kept to be restored.
ALTER TABLE assignment ADD COLUMN with_below SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE assignment ADD COLUMN attribute VARCHAR(16) NOT NULL DEFAULT '';
ALTER TABLE assignment ADD COLUMN field_id BINARY(16);
ALTER TABLE assignment ADD COLUMN value VARCHAR(200) NOT NULL DEFAULT '';
ALTER TABLE assignment ADD COLUMN value_key VARCHAR(200) NOT NULL DEFAULT '';
ALTER TABLE assignment ADD COLUMN removed_at BIGINT;
CREATE INDEX assignment_target ON assignment (tenant_id, target_id);
-- due_rule: fixed (the deadline), joined or assigned (due_days after that day, never after the deadline but for late joiners). follow_out: who no
-- longer matches and has not started is withdrawn. copied_from: the round whose audience this one took.
ALTER TABLE round ADD COLUMN due_rule VARCHAR(16) NOT NULL DEFAULT 'fixed';
ALTER TABLE round ADD COLUMN due_days INT NOT NULL DEFAULT 0;
ALTER TABLE round ADD COLUMN follow_out SMALLINT NOT NULL DEFAULT 0;
ALTER TABLE round ADD COLUMN copied_from BINARY(16);
-- extended_on: the later due day that the manager gave this person. exempt_until: the last day of an exemption; a job ends it.
ALTER TABLE enrolment ADD COLUMN extended_on VARCHAR(10);
ALTER TABLE enrolment ADD COLUMN extended_reason VARCHAR(500) NOT NULL DEFAULT '';
ALTER TABLE enrolment ADD COLUMN exempt_until VARCHAR(10);
