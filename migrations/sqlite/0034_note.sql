-- A person's own note on a lesson, which nobody else reads. lesson_id is the lesson through all versions of its course; position is the place in a recording in milliseconds, NULL without one;
-- client_seq says which of the browser's texts it is. The titles are those of when it was written: a note stays readable when its course is gone.
CREATE TABLE note (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  person_id BLOB NOT NULL CHECK (length(person_id) = 16),
  enrolment_id BLOB NOT NULL CHECK (length(enrolment_id) = 16),
  lesson_id BLOB NOT NULL CHECK (length(lesson_id) = 16),
  course_title TEXT NOT NULL CHECK (length(course_title) <= 200),
  lesson_title TEXT NOT NULL CHECK (length(lesson_title) <= 200),
  position INTEGER,
  body TEXT NOT NULL CHECK (length(body) <= 2000),
  client_seq INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT note_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
) STRICT;
CREATE INDEX note_person ON note (tenant_id, person_id, enrolment_id);
