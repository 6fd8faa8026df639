-- The file of an import goes with its rows. Those of before, which nothing removed, go a week after they came, or at once when that is past.
UPDATE person_import SET rows_until = created_at + 604800000000 WHERE rows_until IS NULL AND object_key <> '';
