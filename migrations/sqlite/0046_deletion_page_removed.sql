-- When an operator took this page out of the journal (kenshu adopt --remove). It is then one that the database does not know, and is not followed where it comes back,
-- whatever the object store remembers of it. NULL: the database knows the page.
ALTER TABLE deletion_page ADD COLUMN removed_at INTEGER;
