-- What the invited person said when they declined, and when the manager put the news of it away.
ALTER TABLE handover ADD COLUMN answer VARCHAR(500) NOT NULL DEFAULT '';
ALTER TABLE handover ADD COLUMN dismissed_at BIGINT;
