-- An unpacked lesson package (SCORM). Its name is the digest of the zip, so that the same bytes are kept once; assets of kind package point at it by their
-- sha256. folder is the id under which its files lie in the object store. manifest is what a player needs of imsmanifest.xml (content/manifest.go).
CREATE TABLE package (
  tenant_id BIGINT NOT NULL,
  sha256 BINARY(32) NOT NULL,
  folder BINARY(16) NOT NULL,
  standard VARCHAR(16) NOT NULL,
  title VARCHAR(200) NOT NULL,
  manifest MEDIUMTEXT NOT NULL,
  files INT NOT NULL,
  size BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, sha256),
  CONSTRAINT package_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- A file of a package. name_key is its path inside the package, in NFC and lower case; number is its name in the object store.
CREATE TABLE package_file (
  tenant_id BIGINT NOT NULL,
  sha256 BINARY(32) NOT NULL,
  name_key VARCHAR(500) NOT NULL,
  number INT NOT NULL,
  size BIGINT NOT NULL,
  media_type VARCHAR(100) NOT NULL,
  PRIMARY KEY (tenant_id, sha256, name_key),
  CONSTRAINT package_file_package FOREIGN KEY (tenant_id, sha256) REFERENCES package (tenant_id, sha256)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
CREATE INDEX asset_sha256 ON asset (tenant_id, sha256);
-- One opening of a package lesson by its learner. Launches are never overwritten: what the package reported in one stays as it was.
CREATE TABLE package_launch (
  tenant_id BIGINT NOT NULL,
  id BINARY(16) NOT NULL,
  enrolment_id BINARY(16) NOT NULL,
  version_lesson_id BINARY(16) NOT NULL,
  number INT NOT NULL,
  started_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT package_launch_number UNIQUE (tenant_id, enrolment_id, version_lesson_id, number),
  CONSTRAINT package_launch_enrolment FOREIGN KEY (tenant_id, enrolment_id) REFERENCES enrolment (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- What one activity of a package last said in one launch; client_seq keeps an older message from overwriting a newer one. cmi is the data model as the activity
-- left it, from which it goes on. completion, success, score and seconds are the package's own report about the learner. activity '' is the package as a whole.
CREATE TABLE package_state (
  tenant_id BIGINT NOT NULL,
  launch_id BINARY(16) NOT NULL,
  activity VARCHAR(255) NOT NULL,
  client_seq BIGINT NOT NULL,
  cmi MEDIUMTEXT NOT NULL,
  completion VARCHAR(16) NOT NULL,
  success VARCHAR(16) NOT NULL,
  score_percent INT,
  seconds BIGINT NOT NULL,
  saved_at BIGINT NOT NULL,
  PRIMARY KEY (tenant_id, launch_id, activity),
  CONSTRAINT package_state_launch FOREIGN KEY (tenant_id, launch_id) REFERENCES package_launch (tenant_id, id)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
-- 1 when something that was needed to complete rests on what a package reported about itself.
ALTER TABLE enrolment ADD COLUMN self_reported SMALLINT NOT NULL DEFAULT 0;
