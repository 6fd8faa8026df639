-- What the queued removals of an organisation's files still hold (it counts against the quota), without reading everybody's.
CREATE INDEX job_of_tenant ON job (tenant_id, kind, state);
