-- What a message is about: the round, the enrolment, and which of the round's reminders it is ('' for other messages). After expires_at a message
-- that is still waiting is not sent any more; resent_at is when somebody had it sent again.
-- state: queued, sent, refused, given_up, dropped (not needed any more), no_address, kept.
ALTER TABLE mail_message ADD COLUMN round_id BINARY(16);
ALTER TABLE mail_message ADD COLUMN enrolment_id BINARY(16);
ALTER TABLE mail_message ADD COLUMN slot VARCHAR(16) NOT NULL DEFAULT '';
ALTER TABLE mail_message ADD COLUMN expires_at BIGINT;
ALTER TABLE mail_message ADD COLUMN resent_at BIGINT;
-- The dedupe of the reminders of earlier versions says both: "<enrolment> <slot>[ <due day>]".
UPDATE mail_message SET enrolment_id = UNHEX(REPLACE(SUBSTRING(dedupe, 1, 36), '-', '')), slot = SUBSTRING_INDEX(SUBSTRING(dedupe, 38), ' ', 1)
 WHERE kind IN ('round.assigned', 'round.due') AND enrolment_id IS NULL;
UPDATE mail_message SET round_id = (SELECT e.round_id FROM enrolment e WHERE e.tenant_id = mail_message.tenant_id AND e.id = mail_message.enrolment_id)
 WHERE enrolment_id IS NOT NULL AND round_id IS NULL;
CREATE INDEX mail_message_round ON mail_message (tenant_id, round_id, created_at, id);
CREATE INDEX mail_message_enrolment ON mail_message (tenant_id, enrolment_id, created_at);
-- The organisation's own words for its reminders; without a row the product's stand. slot: assigned, before, today, after.
CREATE TABLE reminder_template (
  tenant_id BIGINT NOT NULL,
  slot VARCHAR(16) NOT NULL,
  language VARCHAR(5) NOT NULL,
  subject VARCHAR(200) NOT NULL,
  body_text TEXT NOT NULL,
  updated_by BINARY(16) NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, slot, language),
  CONSTRAINT reminder_template_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- The days on which one round reminds, where they differ from the organisation's.
CREATE TABLE round_reminder (
  tenant_id BIGINT NOT NULL,
  round_id BINARY(16) NOT NULL,
  plan TEXT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, round_id),
  CONSTRAINT round_reminder_round FOREIGN KEY (tenant_id, round_id) REFERENCES round (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- For the job that looks at the open rounds of all organisations.
CREATE INDEX round_state ON round (state, tenant_id, id);
