-- What the invited person said when they declined, and when the manager put the news of it away.
ALTER TABLE handover ADD COLUMN answer TEXT NOT NULL DEFAULT '' CHECK (length(answer) <= 500);
ALTER TABLE handover ADD COLUMN dismissed_at INTEGER;
