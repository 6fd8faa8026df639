-- What a message is about: the round, the enrolment, and which of the round's reminders it is ('' for other messages). After expires_at a message
-- that is still waiting is not sent any more; resent_at is when somebody had it sent again.
-- state: queued, sent, refused, given_up, dropped (not needed any more), no_address, kept.
ALTER TABLE mail_message ADD COLUMN round_id BLOB CHECK (length(round_id) = 16);
ALTER TABLE mail_message ADD COLUMN enrolment_id BLOB CHECK (length(enrolment_id) = 16);
ALTER TABLE mail_message ADD COLUMN slot TEXT NOT NULL DEFAULT '' CHECK (length(slot) <= 16);
ALTER TABLE mail_message ADD COLUMN expires_at INTEGER;
ALTER TABLE mail_message ADD COLUMN resent_at INTEGER;
-- The dedupe of the reminders of earlier versions says both: "<enrolment> <slot>[ <due day>]".
UPDATE mail_message SET enrolment_id = unhex(replace(substr(dedupe, 1, 36), '-', '')),
 slot = substr(substr(dedupe, 38), 1, instr(substr(dedupe, 38) || ' ', ' ') - 1)
 WHERE kind IN ('round.assigned', 'round.due') AND enrolment_id IS NULL;
UPDATE mail_message SET round_id = (SELECT e.round_id FROM enrolment e WHERE e.tenant_id = mail_message.tenant_id AND e.id = mail_message.enrolment_id)
 WHERE enrolment_id IS NOT NULL AND round_id IS NULL;
CREATE INDEX mail_message_round ON mail_message (tenant_id, round_id, created_at, id);
CREATE INDEX mail_message_enrolment ON mail_message (tenant_id, enrolment_id, created_at);
-- The organisation's own words for its reminders; without a row the product's stand. slot: assigned, before, today, after.
CREATE TABLE reminder_template (
  tenant_id INTEGER NOT NULL,
  slot TEXT NOT NULL CHECK (length(slot) <= 16),
  language TEXT NOT NULL CHECK (length(language) <= 5),
  subject TEXT NOT NULL CHECK (length(subject) <= 200),
  body_text TEXT NOT NULL,
  updated_by BLOB NOT NULL CHECK (length(updated_by) = 16),
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, slot, language),
  CONSTRAINT reminder_template_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
-- The days on which one round reminds, where they differ from the organisation's.
CREATE TABLE round_reminder (
  tenant_id INTEGER NOT NULL,
  round_id BLOB NOT NULL CHECK (length(round_id) = 16),
  plan TEXT NOT NULL CHECK (json_valid(plan)),
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, round_id),
  CONSTRAINT round_reminder_round FOREIGN KEY (tenant_id, round_id) REFERENCES round (tenant_id, id)
) STRICT;
-- For the job that looks at the open rounds of all organisations.
CREATE INDEX round_state ON round (state, tenant_id, id);
