package app

import (
	"context"
	"errors"
	"fmt"
	"io"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// markStore gives the object store this database's mark. Where there is no room for one now, the job does it later.
func (a *App) markStore(ctx context.Context) error {
	lost, err := a.marks.Renew(ctx)
	if lost {
		a.Log.Warn("the object store bore no mark of this database, which had given it one: if the place of the objects was changed, the files have to go there too")
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

// ownStore lets remove what nothing names only from a store that is this database's: what a copy of it does not know is no stray.
func (a *App) ownStore(remove db.Handler) db.Handler {
	return func(ctx context.Context, job db.Job, report func(int64, int64)) error {
		if err := a.marks.Check(ctx); err != nil {
			return err
		}
		return remove(ctx, job, report)
	}
}

// adopt makes the object store this database's, whatever mark it bears. It is the operator's word that nothing else uses the store any more.
func adopt(ctx context.Context, cfg Config, args []string, out io.Writer) error {
	if len(args) > 0 {
		return errors.New("kenshu adopt takes nothing more: it makes the object store of the settings this database's")
	}
	a, err := stores(ctx, cfg, nil, nil)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.migrate(ctx); err != nil {
		return err
	}
	if err := tenant.NewStoreMarks(a.DB, a.Blob, a.Clock).Adopt(ctx); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "the object store is this database's now; another that still uses it is refused. Start kenshu.")
	return err
}
