-- The picture of a course in lists: a file of kind image, or none. A version keeps the one it was published with.
ALTER TABLE course ADD COLUMN cover_id BLOB CHECK (length(cover_id) = 16);
ALTER TABLE course_version ADD COLUMN cover_id BLOB CHECK (length(cover_id) = 16);
