-- A certificate that was issued again stays: replaced counts from 1, in the order in which they were replaced; 0 is the one that stands for the enrolment now.
-- One that was replaced is revoked as well: who checks it learns that it is not valid any more.
ALTER TABLE completion_certificate ADD COLUMN replaced INT NOT NULL DEFAULT 0;
ALTER TABLE completion_certificate ADD COLUMN replaced_at BIGINT;
ALTER TABLE completion_certificate ADD COLUMN replaced_by BINARY(16);
ALTER TABLE completion_certificate ADD COLUMN replaced_reason VARCHAR(500) NOT NULL DEFAULT '';
ALTER TABLE completion_certificate ADD CONSTRAINT completion_certificate_standing UNIQUE (tenant_id, enrolment_id, replaced);
ALTER TABLE completion_certificate DROP INDEX completion_certificate_once;
