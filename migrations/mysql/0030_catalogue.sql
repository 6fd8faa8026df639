-- With which organisations the association shares a course whose shared is 'chosen'. member_tenant_id is the organisation. ended_at: sharing with it ended:
-- versions published before then stay readable, so that rounds under way can end.
CREATE TABLE course_share (
  tenant_id BIGINT NOT NULL,
  course_id BINARY(16) NOT NULL,
  member_tenant_id BIGINT NOT NULL,
  given_at BIGINT NOT NULL,
  ended_at BIGINT,
  PRIMARY KEY (tenant_id, course_id, member_tenant_id),
  CONSTRAINT course_share_course FOREIGN KEY (tenant_id, course_id) REFERENCES course (tenant_id, id),
  CONSTRAINT course_share_member FOREIGN KEY (member_tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX course_share_members ON course_share (member_tenant_id, tenant_id, course_id);
-- Which version of a course of the association an organisation uses for new rounds: that of its first round, until it takes a newer one. taken_by NULL: it
-- began with a round.
CREATE TABLE course_use (
  tenant_id BIGINT NOT NULL,
  course_tenant_id BIGINT NOT NULL,
  course_id BINARY(16) NOT NULL,
  version_id BINARY(16) NOT NULL,
  taken_by BINARY(16),
  taken_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, course_tenant_id, course_id),
  CONSTRAINT course_use_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
INSERT IGNORE INTO course_use (tenant_id, course_tenant_id, course_id, version_id, taken_at)
 SELECT x.tenant_id, x.course_tenant_id, x.course_id, v.id, v.published_at
 FROM (SELECT r.tenant_id, r.course_tenant_id, v.course_id, MAX(v.number) AS newest FROM round r
 JOIN course_version v ON v.tenant_id = r.course_tenant_id AND v.id = r.course_version_id WHERE r.tenant_id <> r.course_tenant_id
 GROUP BY r.tenant_id, r.course_tenant_id, v.course_id) x
 JOIN course_version v ON v.tenant_id = x.course_tenant_id AND v.course_id = x.course_id AND v.number = x.newest;
-- For whom a course is, in words, and how long it takes in minutes (0: nobody said), as its editor puts it.
ALTER TABLE course ADD COLUMN audience VARCHAR(200) NOT NULL DEFAULT '';
ALTER TABLE course ADD COLUMN minutes INT NOT NULL DEFAULT 0;
ALTER TABLE course_version ADD COLUMN audience VARCHAR(200) NOT NULL DEFAULT '';
ALTER TABLE course_version ADD COLUMN minutes INT NOT NULL DEFAULT 0;
