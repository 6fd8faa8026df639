-- The posts of people by their ids, in the order of people, without looking into the table: SQLite took the index of starting days for it, and read every
-- post of the organisation for each handful of people.
CREATE INDEX person_department_person ON person_department (tenant_id, person_id, starts_on, ends_on, department_id);
