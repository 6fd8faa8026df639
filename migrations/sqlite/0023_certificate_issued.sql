-- Which designs were used: a certificate takes the latest design of its day.
CREATE INDEX completion_certificate_issued ON completion_certificate (tenant_id, issued_at);
