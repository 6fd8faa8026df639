-- A person's own note on a lesson, which nobody else reads. lesson_id is the lesson through all versions of its course; position is the place in a recording in milliseconds, NULL without one;
-- client_seq says which of the browser's texts it is. The titles are those of when it was written: a note stays readable when its course is gone.
CREATE TABLE note (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  person_id BINARY(16) NOT NULL,
  enrolment_id BINARY(16) NOT NULL,
  lesson_id BINARY(16) NOT NULL,
  course_title VARCHAR(200) NOT NULL,
  lesson_title VARCHAR(200) NOT NULL,
  position BIGINT,
  body VARCHAR(2000) NOT NULL,
  client_seq BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  KEY note_person (tenant_id, person_id, enrolment_id),
  CONSTRAINT note_person FOREIGN KEY (tenant_id, person_id) REFERENCES person (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
