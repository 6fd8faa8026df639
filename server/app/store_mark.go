package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"time"

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
func (a *App) keepMark(ctx context.Context, job db.Job, _ func(int64, int64)) error {
	err := a.markStore(ctx)
	if errors.Is(err, tenant.ErrStoreOfOther) {
		a.Log.Error("nothing is removed from the object store until this is decided", "error", err)
	}
	return a.saidOnce(ctx, job, err)
}

// saidOnce keeps the runs of a schedule from piling up among the work given up while the store is another's: one of each kind says it.
func (a *App) saidOnce(ctx context.Context, job db.Job, err error) error {
	if !job.Scheduled() || !errors.Is(err, tenant.ErrStoreOfOther) {
		return err
	}
	said, lookErr := a.DB.GivenUp(ctx, job.Kind, tenant.ErrStoreOfOther.Error()[:40])
	if said || lookErr != nil {
		return lookErr
	}
	return err
}

// disputed tells whether the store is another's by now; one that does not answer is not.
func (a *App) disputed(ctx context.Context) bool {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	return errors.Is(a.marks.Check(ctx), tenant.ErrStoreOfOther)
}

// ownStore lets a job run only with a store that is this database's: what a copy of it does not know is no stray, and whom a copy deleted is not to be deleted here.
func (a *App) ownStore(work db.Handler) db.Handler {
	return func(ctx context.Context, job db.Job, report func(int64, int64)) error {
		if err := a.marks.Check(ctx); err != nil {
			return a.saidOnce(ctx, job, err)
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

const adoptUsage = "kenshu adopt [--follow | --remove]\n" +
	"--follow and --remove say what becomes of deletions that the store's journal has and this database does not know: they are done here too, or taken out of the journal"

// adoptListed is how many pages of the journal adopt names.
const adoptListed = 20

// runAdopt makes the object store this database's, whatever mark it bears. It is the operator's word that nothing else uses the store any more. Where the next start would delete people
// by it, it only shows that, and wants to be told.
func runAdopt(ctx context.Context, cfg Config, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("adopt", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	follow, remove := flags.Bool("follow", false, ""), flags.Bool("remove", false, "")
	if err := flags.Parse(args); err != nil || *follow && *remove {
		return errors.New("usage: " + adoptUsage)
	} else if flags.NArg() > 0 {
		return fmt.Errorf("%q is too much, and nothing was done; usage: %s", flags.Arg(0), adoptUsage)
	}
	if err := checkThere(ctx, cfg); err != nil {
		return err
	}
	a, err := stores(ctx, cfg, nil, nil)
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.migrateOwn(ctx, true); err != nil {
		return err
	}
	if a.Cache, err = cache.Open(ctx, cache.Config{}); err != nil { // nothing here asks the replicas' one
		return err
	}
	s, err := a.services(a.Clock)
	if err != nil {
		return err
	}
	pages, people, err := s.Deletions.Unfollowed(ctx)
	if err != nil {
		return err
	}
	if err := listUnfollowed(out, pages, people); err != nil {
		return err
	}
	switch {
	case people > 0 && !*follow && !*remove:
		return errors.New("nothing was changed. Stop what else uses the store. If these deletions were made in this installation (its database was put back to an older state, say), run: kenshu adopt --follow\n" +
			"if they were made in a copy, for a test say: kenshu adopt --remove (kenshu deletions FILE keeps them elsewhere first). If they are of both kinds, remove the copy's objects by hand, then: kenshu adopt --follow")
	case *remove: // before the mark: replicas that run follow the journal as soon as the store is theirs again
		if err := s.Deletions.Remove(ctx, pages); err != nil {
			return err
		}
	}
	if err := tenant.NewStoreMarks(a.DB, a.Blob, a.Clock).Adopt(ctx); err != nil {
		return err
	}
	if err := a.DB.ForgetTransfer(ctx); err != nil {
		return err
	}
	note := ""
	switch {
	case len(pages) > 0 && *remove:
		note = "The deletions were taken out of the journal. "
	case len(pages) > 0:
		note = "The next start follows the deletions; replicas that run do within the hour. "
	}
	_, err = fmt.Fprintln(out, note+"The object store is this database's now; another that still uses it is refused. Start kenshu.")
	return err
}

// listUnfollowed shows what the journal has that the database does not know.
func listUnfollowed(out io.Writer, pages []tenant.UnfollowedPage, people int) error {
	if len(pages) == 0 {
		return nil
	}
	lines := 0
	for _, p := range pages {
		lines += p.Lines
	}
	_, err := fmt.Fprintf(out, "The store's journal has %d deletions that this database does not know. They are about %d people who are here. The objects that hold them:\n", lines, people)
	for _, p := range pages[:min(len(pages), adoptListed)] {
		if err == nil {
			_, err = fmt.Fprintf(out, "  %s   %d of %s to %s\n", p.Key, p.Lines, p.First.In(tenant.Zone).Format("2006-01-02 15:04"), p.Last.In(tenant.Zone).Format("2006-01-02 15:04"))
		}
	}
	if more := len(pages) - adoptListed; more > 0 && err == nil {
		_, err = fmt.Fprintf(out, "  and %d more\n", more)
	}
	return err
}
