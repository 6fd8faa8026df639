-- The open rounds of one organisation, by deadline. It takes the place of an index that began with the state: jobs that go over all organisations
-- come by the register.
DROP INDEX round_state;
CREATE INDEX round_open ON round (tenant_id, state, deadline_on, id);
-- For the job that looks at imports of all organisations whose rows have been kept long enough.
CREATE INDEX person_import_kept ON person_import (rows_until, tenant_id, id);
-- Codes of what is deleted go with it: they are found by what they name.
CREATE INDEX public_code_target ON public_code (tenant_id, target_id);
