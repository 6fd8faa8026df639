-- Whether publishing needed an approval when the course was last published: the rule can be switched off only with one more.
ALTER TABLE course ADD COLUMN review_published INTEGER NOT NULL DEFAULT 0;
UPDATE course SET review_published = review_needed WHERE latest_version_id IS NOT NULL;
