-- Rules of more kinds, due days that count from a person's own day, extensions, exemptions that end.
-- assignment.kind: everyone, department, person, attribute; not_department, not_person, not_attribute keep out whom they reach. with_below: the
-- departments below it as well. attribute (of kind attribute): employment_kind, role, joined_from, field; its value is in value, folded in value_key;
-- field_id is the own field. target_id of an attribute is worked out from all of these, so that the unique key holds. removed_at: taken off, kept to be restored.
ALTER TABLE assignment ADD COLUMN with_below INTEGER NOT NULL DEFAULT 0;
ALTER TABLE assignment ADD COLUMN attribute TEXT NOT NULL DEFAULT '' CHECK (length(attribute) <= 16);
ALTER TABLE assignment ADD COLUMN field_id BLOB CHECK (length(field_id) = 16);
ALTER TABLE assignment ADD COLUMN value TEXT NOT NULL DEFAULT '' CHECK (length(value) <= 200);
ALTER TABLE assignment ADD COLUMN value_key TEXT NOT NULL DEFAULT '' CHECK (length(value_key) <= 200);
ALTER TABLE assignment ADD COLUMN removed_at INTEGER;
CREATE INDEX assignment_target ON assignment (tenant_id, target_id);
-- due_rule: fixed (the deadline), joined or assigned (due_days after that day, never after the deadline but for late joiners). follow_out: who no
-- longer matches and has not started is withdrawn. copied_from: the round whose audience this one took.
ALTER TABLE round ADD COLUMN due_rule TEXT NOT NULL DEFAULT 'fixed' CHECK (length(due_rule) <= 16);
ALTER TABLE round ADD COLUMN due_days INTEGER NOT NULL DEFAULT 0;
ALTER TABLE round ADD COLUMN follow_out INTEGER NOT NULL DEFAULT 0;
ALTER TABLE round ADD COLUMN copied_from BLOB CHECK (length(copied_from) = 16);
-- extended_on: the later due day that the manager gave this person. exempt_until: the last day of an exemption; a job ends it.
ALTER TABLE enrolment ADD COLUMN extended_on TEXT CHECK (length(extended_on) <= 10);
ALTER TABLE enrolment ADD COLUMN extended_reason TEXT NOT NULL DEFAULT '' CHECK (length(extended_reason) <= 500);
ALTER TABLE enrolment ADD COLUMN exempt_until TEXT CHECK (length(exempt_until) <= 10);
