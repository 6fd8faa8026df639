-- How a training repeats; its id is that of the round with which it began. kind: calendar (a round every so many months), completion (again for each person, so
-- many months after their last completion). opens_on: from which day on the job looks; '' of completion: every day. The days of calendar are counted from the
-- anchor, step times months; next_ is what the manager sees of it and may change. state: active, stopped. problem: why the next round could not be opened.
CREATE TABLE recurrence (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  kind TEXT NOT NULL CHECK (length(kind) <= 16),
  months INTEGER NOT NULL,
  lead_days INTEGER NOT NULL,
  due_days INTEGER NOT NULL,
  same_questions INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (length(state) <= 16),
  last_round_id BLOB NOT NULL CHECK (length(last_round_id) = 16),
  anchor_starts_on TEXT NOT NULL CHECK (length(anchor_starts_on) <= 10),
  anchor_deadline_on TEXT NOT NULL CHECK (length(anchor_deadline_on) <= 10),
  step INTEGER NOT NULL,
  next_title TEXT NOT NULL CHECK (length(next_title) <= 200),
  next_starts_on TEXT NOT NULL CHECK (length(next_starts_on) <= 10),
  next_deadline_on TEXT NOT NULL CHECK (length(next_deadline_on) <= 10),
  opens_on TEXT NOT NULL CHECK (length(opens_on) <= 10),
  problem TEXT NOT NULL DEFAULT '' CHECK (length(problem) <= 32),
  version INTEGER NOT NULL DEFAULT 1,
  created_by BLOB NOT NULL CHECK (length(created_by) = 16),
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT recurrence_round FOREIGN KEY (tenant_id, id) REFERENCES round (tenant_id, id)
) STRICT;
CREATE INDEX recurrence_open ON recurrence (tenant_id, state, opens_on, id);
-- Which recurrence made a round, and for which of its turns: each turn has one round, however many machines find it due.
ALTER TABLE round ADD COLUMN recurrence_id BLOB CHECK (length(recurrence_id) = 16);
ALTER TABLE round ADD COLUMN occurrence TEXT CHECK (length(occurrence) <= 16);
CREATE UNIQUE INDEX round_occurrence ON round (tenant_id, recurrence_id, occurrence);
