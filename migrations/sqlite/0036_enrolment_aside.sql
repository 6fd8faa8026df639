-- When it was decided that somebody is exempt or taken out; NULL: never, or before this was kept (then the enrolment's creation stands for it).
ALTER TABLE enrolment ADD COLUMN aside_at INTEGER;
