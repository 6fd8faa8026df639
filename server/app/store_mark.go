package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"slices"
	"strings"
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

// saidOnce keeps the runs of a schedule from piling up among the work given up while something waits to be decided: one of each kind says it.
func (a *App) saidOnce(ctx context.Context, job db.Job, err error) error {
	for _, because := range []error{tenant.ErrStoreOfOther, tenant.ErrPageReturned} {
		if !job.Scheduled() || !errors.Is(err, because) {
			continue
		}
		said, lookErr := a.marks.Said(ctx, job.Kind, because)
		if said || lookErr != nil {
			return lookErr
		}
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

// replayDeletions is the handler of tenant.KindReplayDeletions. It fails where pages returned, so that this is seen by who runs the installation.
func (a *App) replayDeletions(ctx context.Context, job db.Job, _ func(int64, int64)) error {
	done, err := a.replay(ctx)
	if err == nil && len(done.Returned) > 0 {
		err = returned(done)
	}
	return a.saidOnce(ctx, job, err)
}

// returned is what is said of pages that were taken out of the journal and are there again.
func returned(done tenant.Replayed) error {
	return fmt.Errorf("%w (%s)", tenant.ErrPageReturned, strings.Join(done.Returned, ", "))
}

// keepDeletions is the handler of tenant.KindKeepDeletions. With another's store what is to be kept waits; that it is another's, the job of the mark says.
func (a *App) keepDeletions(ctx context.Context, job db.Job, report func(int64, int64)) error {
	err := a.ownStore(a.Services.Deletions.Keep)(ctx, job, report)
	if errors.Is(err, tenant.ErrStoreOfOther) {
		return nil
	}
	return err
}

const adoptUsage = "kenshu adopt [--follow | --remove [PAGE…] | --put-back [PAGE…]]\n" +
	"--follow and --remove say what becomes of deletions that the store's journal has and this database does not know: they are done here too, or taken out of the journal, all or the pages named\n" +
	"--put-back puts pages that were taken out back into the journal: those named, or with all in place of a name every one; without a name it shows them"

const (
	adoptListed = 20 // pages of the journal that adopt names when it only asks
	adoptShares = 10 // organisations that it names of a page
)

// adopting is what adopt was told to do.
type adopting struct {
	follow, remove, putBack bool
	pages                   []string // to remove or to put back
}

func readAdopt(args []string) (adopting, error) {
	var in adopting
	flags := flag.NewFlagSet("adopt", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.BoolVar(&in.follow, "follow", false, "")
	flags.BoolVar(&in.remove, "remove", false, "")
	flags.BoolVar(&in.putBack, "put-back", false, "")
	if err := flags.Parse(args); err != nil || flags.NFlag() > 1 {
		return in, errors.New("usage: " + adoptUsage)
	}
	if in.pages = flags.Args(); len(in.pages) > 0 && !in.remove && !in.putBack {
		return in, fmt.Errorf("%q is too much, and nothing was done; usage: %s", in.pages[0], adoptUsage)
	}
	return in, nil
}

// runAdopt makes the object store this database's, whatever mark it bears. It is the operator's word that nothing else uses the store any more. Where the next start would delete people
// by it, it only shows that, and wants to be told.
func runAdopt(ctx context.Context, cfg Config, args []string, out io.Writer) error {
	in, err := readAdopt(args)
	if err != nil {
		return err
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
	var back []tenant.JournalPage
	if in.putBack {
		if back, err = toPutBack(ctx, s.Deletions, in.pages, out); err != nil {
			return err
		}
	}
	pages, err := decide(ctx, s.Deletions, in, back, out)
	if err != nil {
		return err
	}
	if err := tenant.NewStoreMarks(a.DB, a.Blob, a.Clock).Adopt(ctx); err != nil {
		return err
	}
	if err := a.DB.ForgetTransfer(ctx); err != nil {
		return err
	}
	if err := s.Deletions.Reclaim(ctx); err != nil {
		return err
	}
	if err := s.Deletions.PutBack(ctx, back); err != nil { // after the mark: whoever had the store before is not to follow them
		return err
	}
	if in.follow {
		if err := s.Deletions.Follow(ctx, pages); err != nil {
			return err
		}
	} else {
		pages = slices.DeleteFunc(pages, func(p tenant.JournalPage) bool { return p.Returned })
	}
	note := ""
	if len(pages)+len(back) > 0 {
		note = "The next start follows the deletions; replicas that run do within the hour. "
	}
	_, err = fmt.Fprintln(out, note+"The object store is this database's now; another that still uses it is refused. Start kenshu.")
	return err
}

// decide shows the pages of the journal that the database does not know but for those that are put back, takes out of it what is to be removed, and gives what is left. It is an error
// when people would go by them and nobody said so.
func decide(ctx context.Context, journal *tenant.Deletions, in adopting, back []tenant.JournalPage, out io.Writer) (pages []tenant.JournalPage, err error) {
	pages, unread, err := journal.Unfollowed(ctx)
	if err != nil {
		return nil, err
	}
	pages = slices.DeleteFunc(pages, func(p tenant.JournalPage) bool {
		return slices.ContainsFunc(back, func(b tenant.JournalPage) bool { return b.ID == p.ID })
	})
	done := "nothing was changed. "
	if in.remove { // before the mark: replicas that run follow the journal as soon as the store is theirs again
		taken, err := choose(pages, in.pages, tenant.DeletionPrefix)
		if err != nil {
			return nil, err
		}
		if len(taken) > 0 {
			done = ""
			if err := remove(ctx, journal, taken, out); err != nil {
				return nil, err
			}
		}
		if pages, unread, err = journal.Unfollowed(ctx); err != nil {
			return nil, err
		}
	}
	for _, err := range unread {
		if _, err := fmt.Fprintf(out, "Whom a page of the journal names that cannot be read is not deleted: %v\n", err); err != nil {
			return nil, err
		}
	}
	people := tenant.PeopleNamed(pages)
	var again, others []tenant.JournalPage
	for _, p := range pages {
		if p.Returned {
			again = append(again, p)
		} else {
			others = append(others, p)
		}
	}
	note := ""
	if len(again) > 0 { // first, and all by name: to follow them too may not be what is meant
		note = fmt.Sprintf(" %d of the pages were taken out earlier and are there again; --follow follows these too.", len(again))
	}
	pages = append(again, others...)
	title := fmt.Sprintf("The store's journal has %d deletions that this database does not know. They are about %d people who are here.%s The objects that hold them:", deletions(pages), people, note)
	if err := listPages(out, title, tenant.DeletionPrefix, pages, max(adoptListed, len(again))); err != nil {
		return nil, err
	}
	if people > 0 && !in.follow {
		return nil, errors.New(done + "Stop what else uses the store. If these deletions were made in this installation (its database was put back to an older state, say), run: kenshu adopt --follow\n" +
			"if they were made in a copy, for a test say: kenshu adopt --remove (kenshu adopt --put-back takes it back). If they are of both kinds, name the copy's: kenshu adopt --remove PAGE…, then: kenshu adopt --follow")
	}
	return pages, nil
}

// remove takes pages out of the journal, and says which.
func remove(ctx context.Context, journal *tenant.Deletions, pages []tenant.JournalPage, out io.Writer) error {
	pages, err := journal.Remove(ctx, pages)
	if err != nil {
		return fmt.Errorf("%w; run the same command again", err)
	}
	title := fmt.Sprintf("%d deletions were taken out of the journal. They lie here now, and stay until somebody removes them by hand:", deletions(pages))
	if err := listPages(out, title, tenant.RemovedPrefix, pages, len(pages)); err != nil {
		return err
	}
	_, err = fmt.Fprintln(out, "The way back: kenshu adopt --put-back PAGE…")
	return err
}

// toPutBack shows what was taken out of the journal, and gives what of it is to be put back.
func toPutBack(ctx context.Context, journal *tenant.Deletions, names []string, out io.Writer) ([]tenant.JournalPage, error) {
	pages, unread, err := journal.Removed(ctx)
	if err != nil {
		return nil, err
	}
	title := fmt.Sprintf("%d deletions were taken out of the journal earlier. They are about %d people who are here. The objects that hold them:", deletions(pages), tenant.PeopleNamed(pages))
	if err := listPages(out, title, tenant.RemovedPrefix, pages, len(pages)); err != nil {
		return nil, err
	}
	for _, err := range unread {
		if _, err := fmt.Fprintf(out, "cannot be put back: %v\n", err); err != nil {
			return nil, err
		}
	}
	switch {
	case len(pages) == 0:
		return nil, errors.New("nothing was changed: there is nothing to put back")
	case len(names) == 0:
		return nil, errors.New("nothing was changed. Name the pages whose deletions are to be done here after all: kenshu adopt --put-back PAGE… (or all)")
	case len(names) == 1 && names[0] == "all":
		return pages, nil
	}
	return choose(pages, names, tenant.RemovedPrefix)
}

// choose gives those of pages that are named, with their prefix or without; all when none is.
func choose(pages []tenant.JournalPage, names []string, prefix string) ([]tenant.JournalPage, error) {
	if len(names) == 0 {
		return pages, nil
	}
	var chosen []tenant.JournalPage
	for _, name := range names {
		id := strings.TrimPrefix(name, prefix)
		i := slices.IndexFunc(pages, func(p tenant.JournalPage) bool { return p.ID.String() == id })
		if i < 0 {
			return nil, fmt.Errorf("nothing was changed: there is no page %s%s, or this database knows it", prefix, id)
		}
		chosen = append(chosen, pages[i])
	}
	return chosen, nil
}

// deletions counts those that pages hold.
func deletions(pages []tenant.JournalPage) (n int) {
	for _, p := range pages {
		n += p.Lines
	}
	return n
}

// listPages shows pages below a title, the first of them by name.
func listPages(out io.Writer, title, prefix string, pages []tenant.JournalPage, named int) error {
	if len(pages) == 0 {
		return nil
	}
	_, err := fmt.Fprintln(out, title)
	for _, p := range pages[:min(len(pages), named)] {
		if err == nil {
			note := ""
			if p.Returned {
				note = "; taken out earlier, and there again"
			}
			_, err = fmt.Fprintf(out, "  %s%s   %d of %s to %s%s\n", prefix, p.ID, p.Lines, p.First.In(tenant.Zone).Format("2006-01-02 15:04"), p.Last.In(tenant.Zone).Format("2006-01-02 15:04"), note)
			if err == nil {
				err = listShares(out, p.Shares)
			}
		}
	}
	if more := len(pages) - named; more > 0 && err == nil {
		_, err = fmt.Fprintf(out, "  and %d more\n", more)
	}
	return err
}

// listShares shows what a page would do in each organisation.
func listShares(out io.Writer, shares []tenant.PageShare) error {
	rest := tenant.PageShare{}
	if len(shares) > adoptShares {
		for _, s := range shares[adoptShares:] {
			rest = tenant.PageShare{Lines: rest.Lines + s.Lines, Deleted: rest.Deleted + s.Deleted, Anonymised: rest.Anonymised + s.Anonymised}
		}
	}
	line := func(of string, s tenant.PageShare) error {
		_, err := fmt.Fprintf(out, "      %s: %d deletions; of people who are here it deletes %d and anonymises %d\n", of, s.Lines, s.Deleted, s.Anonymised)
		return err
	}
	for _, s := range shares[:min(len(shares), adoptShares)] {
		of := s.Code + " " + s.Name
		if s.Code == "" {
			of = "an organisation that is not here"
		}
		if err := line(of, s); err != nil {
			return err
		}
	}
	if rest.Lines == 0 {
		return nil
	}
	return line(fmt.Sprintf("%d more organisations", len(shares)-adoptShares), rest)
}
