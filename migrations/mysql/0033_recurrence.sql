-- How a training repeats; its id is that of the round with which it began. kind: calendar (a round every so many months), completion (again for each person, so
-- many months after their last completion). opens_on: from which day on the job looks; '' of completion: every day. The days of calendar are counted from the
-- anchor, step times months; next_ is what the manager sees of it and may change. state: active, stopped. problem: why the next round could not be opened.
CREATE TABLE recurrence (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  kind VARCHAR(16) NOT NULL,
  months INT NOT NULL,
  lead_days INT NOT NULL,
  due_days INT NOT NULL,
  same_questions SMALLINT NOT NULL,
  state VARCHAR(16) NOT NULL,
  last_round_id BINARY(16) NOT NULL,
  anchor_starts_on VARCHAR(10) NOT NULL,
  anchor_deadline_on VARCHAR(10) NOT NULL,
  step INT NOT NULL,
  next_title VARCHAR(200) NOT NULL,
  next_starts_on VARCHAR(10) NOT NULL,
  next_deadline_on VARCHAR(10) NOT NULL,
  opens_on VARCHAR(10) NOT NULL,
  problem VARCHAR(32) NOT NULL DEFAULT '',
  version BIGINT NOT NULL DEFAULT 1,
  created_by BINARY(16) NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT recurrence_round FOREIGN KEY (tenant_id, id) REFERENCES round (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX recurrence_open ON recurrence (tenant_id, state, opens_on, id);
-- Which recurrence made a round, and for which of its turns: each turn has one round, however many machines find it due.
ALTER TABLE round ADD COLUMN recurrence_id BINARY(16);
ALTER TABLE round ADD COLUMN occurrence VARCHAR(16);
CREATE UNIQUE INDEX round_occurrence ON round (tenant_id, recurrence_id, occurrence);
