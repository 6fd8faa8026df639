package tenant

import (
	"context"
	"fmt"
	"time"

	"kenshu/storage/db"
)

// importStray is how long a file lies in the store without a row before it is taken for what a process left that died in between.
const importStray = 24 * time.Hour

// KindPersonImportStray is the daily job that sees to it that no file of an import stays for ever, whoever wrote it.
const KindPersonImportStray = "person.import.stray"

// SweepStrayJob is the handler of KindPersonImportStray.
func (s *Imports) SweepStrayJob(ctx context.Context, _ db.Job, report func(done, total int64)) error {
	numbers, err := db.Values[int64](ctx, s.db, sqlImportTenants)
	if err != nil {
		return fmt.Errorf("sweep import files: %w", err)
	}
	for i, n := range numbers {
		if err := s.SweepStray(ctx, System(n, "files of imports without a record")); err != nil {
			return fmt.Errorf("sweep import files: %w", err)
		}
		report(int64(i), int64(len(numbers)))
	}
	return nil
}

// SweepStray has the files go of which no time stands by when they go, as a replica of an older version leaves them, and removes those that no import names.
func (s *Imports) SweepStray(ctx context.Context, tid ID) error {
	now := s.clock()
	if _, err := s.db.Exec(ctx, sqlImportUntil, tid, db.At(now.Add(-importKeep))); err != nil {
		return err
	}
	keys, err := db.Values[string](ctx, s.db, sqlImportObjects, tid)
	if err != nil {
		return err
	}
	named := make(map[string]bool, len(keys))
	for _, key := range keys {
		named[key] = true
	}
	prefix, err := s.prefix(ctx, tid)
	if err != nil {
		return err
	}
	for info, err := range s.objects.List(ctx, prefix+"/person_import/") {
		if err != nil {
			return err
		}
		if named[info.Key] || !info.Modified.Before(now.Add(-importStray)) {
			continue
		}
		if err := s.objects.Remove(ctx, info.Key); err != nil {
			return err
		}
	}
	return nil
}
