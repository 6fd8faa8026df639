-- A certificate that was issued again stays: replaced counts from 1, in the order in which they were replaced; 0 is the one that stands for the enrolment now.
-- One that was replaced is revoked as well: who checks it learns that it is not valid any more. SQLite cannot take a key off a table: the table is made anew.
CREATE TABLE completion_certificate_next (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  enrolment_id BLOB NOT NULL CHECK (length(enrolment_id) = 16),
  number TEXT NOT NULL CHECK (length(number) <= 32),
  code TEXT NOT NULL CHECK (length(code) <= 32),
  content TEXT NOT NULL CHECK (json_valid(content)),
  issued_at INTEGER NOT NULL,
  revoked_at INTEGER,
  revoked_reason TEXT NOT NULL DEFAULT '' CHECK (length(revoked_reason) <= 500),
  replaced INTEGER NOT NULL DEFAULT 0 CHECK (replaced = 0 OR revoked_at IS NOT NULL),
  replaced_at INTEGER,
  replaced_by BLOB CHECK (length(replaced_by) = 16),
  replaced_reason TEXT NOT NULL DEFAULT '' CHECK (length(replaced_reason) <= 500),
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT completion_certificate_standing UNIQUE (tenant_id, enrolment_id, replaced),
  CONSTRAINT completion_certificate_number UNIQUE (tenant_id, number),
  CONSTRAINT completion_certificate_enrolment FOREIGN KEY (tenant_id, enrolment_id) REFERENCES enrolment (tenant_id, id)
) STRICT;
INSERT INTO completion_certificate_next (tenant_id, id, enrolment_id, number, code, content, issued_at, revoked_at, revoked_reason)
  SELECT c.tenant_id, c.id, c.enrolment_id, c.number, c.code, c.content, c.issued_at, c.revoked_at, c.revoked_reason FROM completion_certificate c
  WHERE NOT EXISTS (SELECT 1 FROM completion_certificate_next n WHERE n.tenant_id = c.tenant_id AND n.id = c.id);
DROP TABLE completion_certificate;
ALTER TABLE completion_certificate_next RENAME TO completion_certificate;
CREATE INDEX completion_certificate_issued ON completion_certificate (tenant_id, issued_at);
