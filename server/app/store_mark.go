package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"kenshu/fault"
	"kenshu/storage/cache"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// markStore gives the object store this database's mark. Where there is no room for one now, the job does it later.
func (a *App) markStore(ctx context.Context) error {
	lost, err := a.marks.Renew(ctx)
	if lost {
		a.Log.Warn("the object store bore no mark, and has this database's now: right after a restore, or a copy of the files to another place; otherwise look whether they are there")
	}
	if fault.Is(err, fault.Unavailable) {
		a.Log.Warn("the object store could not be marked as this database's", "error", err)
		return nil
	}
	return err
}

// keepMark is the handler of tenant.KindMarkStore.
func (a *App) keepMark(ctx context.Context, _ db.Job, _ func(int64, int64)) error {
	err := a.markStore(ctx)
	if errors.Is(err, tenant.ErrStoreOfOther) {
		a.Log.Error("nothing is removed from the object store until this is decided", "error", err)
	}
	return err
}

// ownStore lets a job run only with a store that is this database's: what a copy of it does not know is no stray, and whom a copy deleted is not to be deleted here.
func (a *App) ownStore(work db.Handler) db.Handler {
	return func(ctx context.Context, job db.Job, report func(int64, int64)) error {
		if err := a.marks.Check(ctx); err != nil {
			return err
		}
		return work(ctx, job, report)
	}
}

// keepDeletions is the handler of tenant.KindKeepDeletions. With another's store what is to be kept waits; that it is another's, the job of the mark says.
func (a *App) keepDeletions(ctx context.Context, job db.Job, report func(int64, int64)) error {
	err := a.ownStore(a.Services.Deletions.Keep)(ctx, job, report)
	if errors.Is(err, tenant.ErrStoreOfOther) {
		return nil
	}
	return err
}

// adopt makes the object store this database's, whatever mark it bears. It is the operator's word that nothing else uses the store any more.
func adopt(ctx context.Context, cfg Config, out io.Writer) error {
	a, err := stores(ctx, cfg, nil, nil)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.migrate(ctx); err != nil {
		return err
	}
	if err := a.checkKey(ctx, true); err != nil {
		return err
	}
	if a.Cache, err = cache.Open(ctx, cache.Config{}); err != nil { // nothing here asks the replicas' one
		return err
	}
	s, err := a.services(a.Clock)
	if err != nil {
		return err
	}
	if err := tenant.NewStoreMarks(a.DB, a.Blob, a.Clock).Adopt(ctx); err != nil {
		return err
	}
	deletions, err := s.Deletions.Unfollowed(ctx)
	if err != nil {
		return err
	}
	if deletions > 0 {
		_, err = fmt.Fprintf(out, "The store's journal has %d deletions that this database does not know; the start follows them. If they were made in a copy, for a test say, remove its pages below %s first (docs/backup.md).\n",
			deletions, tenant.DeletionPrefix)
		if err != nil {
			return err
		}
	}
	_, err = fmt.Fprintln(out, "The object store is this database's now; another that still uses it is refused. Start kenshu.")
	return err
}
