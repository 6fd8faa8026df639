-- ordered: lessons are taken in their order. requires: the courses that must be completed before, a JSON list of {tenant, course, title}; NULL: none. A published
-- version keeps what it was published with.
ALTER TABLE course ADD COLUMN ordered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE course ADD COLUMN requires TEXT CHECK (json_valid(requires));
ALTER TABLE course_version ADD COLUMN ordered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE course_version ADD COLUMN requires TEXT CHECK (json_valid(requires));
