-- An unpacked lesson package (SCORM). Its name is the digest of the zip, so that the same bytes are kept once; assets of kind package point at it by their
-- sha256. folder is the id under which its files lie in the object store. manifest is what a player needs of imsmanifest.xml (content/manifest.go).
CREATE TABLE package (
  tenant_id INTEGER NOT NULL,
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  folder BLOB NOT NULL CHECK (length(folder) = 16),
  standard TEXT NOT NULL CHECK (length(standard) <= 16),
  title TEXT NOT NULL CHECK (length(title) <= 200),
  manifest TEXT NOT NULL CHECK (json_valid(manifest)),
  files INTEGER NOT NULL,
  size INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, sha256),
  CONSTRAINT package_organisation FOREIGN KEY (tenant_id) REFERENCES organisation (tenant_id)
) STRICT;
-- A file of a package. name_key is its path inside the package, in NFC and lower case; number is its name in the object store.
CREATE TABLE package_file (
  tenant_id INTEGER NOT NULL,
  sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
  name_key TEXT NOT NULL CHECK (length(name_key) <= 500),
  number INTEGER NOT NULL,
  size INTEGER NOT NULL,
  media_type TEXT NOT NULL CHECK (length(media_type) <= 100),
  PRIMARY KEY (tenant_id, sha256, name_key),
  CONSTRAINT package_file_package FOREIGN KEY (tenant_id, sha256) REFERENCES package (tenant_id, sha256)
) STRICT;
CREATE INDEX asset_sha256 ON asset (tenant_id, sha256);
-- One opening of a package lesson by its learner. Launches are never overwritten: what the package reported in one stays as it was.
CREATE TABLE package_launch (
  tenant_id INTEGER NOT NULL,
  id BLOB NOT NULL CHECK (length(id) = 16),
  enrolment_id BLOB NOT NULL CHECK (length(enrolment_id) = 16),
  version_lesson_id BLOB NOT NULL CHECK (length(version_lesson_id) = 16),
  number INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, id),
  CONSTRAINT package_launch_number UNIQUE (tenant_id, enrolment_id, version_lesson_id, number),
  CONSTRAINT package_launch_enrolment FOREIGN KEY (tenant_id, enrolment_id) REFERENCES enrolment (tenant_id, id)
) STRICT;
-- What one activity of a package last said in one launch; client_seq keeps an older message from overwriting a newer one. cmi is the data model as the activity
-- left it, from which it goes on. completion, success, score and seconds are the package's own report about the learner. activity '' is the package as a whole.
CREATE TABLE package_state (
  tenant_id INTEGER NOT NULL,
  launch_id BLOB NOT NULL CHECK (length(launch_id) = 16),
  activity TEXT NOT NULL CHECK (length(activity) <= 255),
  client_seq INTEGER NOT NULL,
  cmi TEXT NOT NULL CHECK (json_valid(cmi)),
  completion TEXT NOT NULL CHECK (length(completion) <= 16),
  success TEXT NOT NULL CHECK (length(success) <= 16),
  score_percent INTEGER,
  seconds INTEGER NOT NULL,
  saved_at INTEGER NOT NULL,
  PRIMARY KEY (tenant_id, launch_id, activity),
  CONSTRAINT package_state_launch FOREIGN KEY (tenant_id, launch_id) REFERENCES package_launch (tenant_id, id)
) STRICT;
-- 1 when something that was needed to complete rests on what a package reported about itself.
ALTER TABLE enrolment ADD COLUMN self_reported INTEGER NOT NULL DEFAULT 0;
