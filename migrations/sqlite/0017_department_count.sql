-- Head-counts of all departments on a day are read from this index alone.
CREATE INDEX person_department_count ON person_department (tenant_id, department_id, starts_on, ends_on, person_id);
