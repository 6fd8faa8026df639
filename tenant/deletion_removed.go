package tenant

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
)

// JournalPage is a page of the journal as an operator sees it.
type JournalPage struct {
	ID          db.ID
	Lines       int         // deletions that it holds
	First, Last db.Time     // of them
	Returned    bool        // it was taken out of the journal, and is there again: Replay does not follow it
	Shares      []PageShare // of organisations, first where it would do most
	people      []db.ID     // whom following it deletes or anonymises
}

// PageShare is what a page of the journal holds about one organisation, and what following it does there. It tells nobody's name.
type PageShare struct {
	Code, Name          string // "" where the organisation is not here
	Lines               int
	Deleted, Anonymised int // people
}

// ErrPageReturned means that the journal has pages which an operator took out of it. Whoever brought them back (a mirror, a bucket's older version) need not have known that.
var ErrPageReturned = errors.New("pages that were taken out of the deletion journal are there again, and nobody is deleted by them until that is decided: run kenshu adopt --follow where they are about " +
	"deletions of this installation, otherwise kenshu adopt --remove")

// PeopleNamed counts those whom following pages deletes or anonymises.
func PeopleNamed(pages []JournalPage) int {
	here := map[db.ID]bool{}
	for _, p := range pages {
		for _, id := range p.people {
			here[id] = true
		}
	}
	return len(here)
}

// Unfollowed gives the pages of the journal that the database does not know, in the order they were written in: those the next Replay follows, and those that returned. unread are pages
// that it cannot follow.
func (s *Deletions) Unfollowed(ctx context.Context) (list []JournalPage, unread []error, err error) {
	var out Replayed
	pages, err := s.unknown(ctx, &out)
	if err != nil {
		return nil, nil, err
	}
	list, err = s.show(ctx, pages)
	return list, out.Unread, err
}

// Removed gives what Unfollowed does of the pages that Remove took out of the journal, beside those that cannot be read.
func (s *Deletions) Removed(ctx context.Context) (list []JournalPage, unread []error, err error) {
	var out Replayed
	pages, err := s.under(ctx, RemovedPrefix, nil, &out)
	if err != nil {
		return nil, nil, err
	}
	list, err = s.show(ctx, pages)
	return list, out.Unread, err
}

// show sums up pages, with what each would do here.
func (s *Deletions) show(ctx context.Context, pages []unknownPage) (list []JournalPage, err error) {
	here := map[int64]organisationHere{}
	for n := range byTarget(pages) {
		if here[n], err = s.here(ctx, System(n, "deletion journal")); err != nil {
			return nil, fmt.Errorf("read deletion journal: %w", err)
		}
	}
	for _, p := range pages {
		page := JournalPage{ID: p.id, Lines: len(p.lines), Returned: p.returned}
		for i, l := range p.lines {
			if at := l.DeletedAt; i == 0 {
				page.First, page.Last = at, at
			} else if page.First = earlier(page.First, at); at.After(page.Last.Time) {
				page.Last = at
			}
		}
		for n, journal := range byTarget([]unknownPage{p}) {
			page.add(here[n], journal)
		}
		slices.SortFunc(page.Shares, func(a, b PageShare) int {
			return cmp.Or(cmp.Compare(b.Deleted+b.Anonymised, a.Deleted+a.Anonymised), cmp.Compare(b.Lines, a.Lines), cmp.Compare(a.Code, b.Code))
		})
		list = append(list, page)
	}
	return list, nil
}

// organisationHere is what pages are compared with.
type organisationHere struct {
	code, name string
	people     map[db.Hash]personHere
}

type personHere struct {
	id    db.ID
	state PersonState
}

func (s *Deletions) here(ctx context.Context, tid ID) (organisationHere, error) {
	o := organisationHere{people: map[db.Hash]personHere{}}
	d := s.acts.people.db
	if err := db.One(d.QueryRow(ctx, sqlOrganisationHere, tid).Scan(&o.code, &o.name)); fault.Is(err, fault.NotFound) {
		return o, nil
	} else if err != nil {
		return o, err
	}
	people, err := db.List(ctx, d, sqlStatesOf, []any{tid}, func(row db.Row) (p personHere, err error) {
		err = row.Scan(&p.id, &p.state)
		return p, err
	})
	for _, p := range people {
		o.people[s.acts.TargetHash(p.id)] = p
	}
	return o, err
}

// add adds what the page's lines of one organisation, by whom they are about, would do to the people who are there.
func (p *JournalPage) add(o organisationHere, journal map[db.Hash][]deletionLine) {
	share := PageShare{Code: o.code, Name: o.name}
	for target, lines := range journal {
		share.Lines += len(lines)
		person, ok := o.people[target]
		gone := slices.ContainsFunc(lines, func(l deletionLine) bool { return l.Kind == deletionOfPerson })
		switch {
		case !ok || !gone && person.state == PersonAnonymised:
			continue
		case gone:
			share.Deleted++
		default:
			share.Anonymised++
		}
		p.people = append(p.people, person.id)
	}
	p.Shares = append(p.Shares, share)
}

func earlier(a, b db.Time) db.Time {
	if b.Before(a.Time) {
		return b
	}
	return a
}

// Remove takes pages out of the journal and gives those that it took: nobody is deleted by them any more, until PutBack or Follow, wherever they come from. A page that became known
// meanwhile, as a running replica wrote it, is this installation's own and stays. At every moment in between a page lies in both places, or the database remembers that it was taken out.
func (s *Deletions) Remove(ctx context.Context, pages []JournalPage) (taken []JournalPage, err error) {
	for _, p := range pages {
		if err := s.copyPage(ctx, p.ID, DeletionPrefix, RemovedPrefix); err != nil {
			return nil, err
		}
	}
	err = s.acts.people.db.Tx(ctx, func(tx *db.Tx) error {
		now := s.acts.people.now()
		for _, p := range pages {
			if err := tx.Upsert(ctx, sqlPutPage, "id", "", p.ID, now, now); err != nil {
				return err
			}
		}
		return nil
	})
	var own map[string]knownPage
	if err == nil {
		own, err = s.known(ctx)
	}
	for _, p := range pages {
		key := DeletionPrefix + p.ID.String()
		if err != nil {
			break
		}
		if _, known := own[key]; known {
			err = s.forgetRemoved(ctx, p.ID)
			continue
		}
		taken = append(taken, p)
		err = s.objects.Remove(ctx, key)
	}
	if err != nil {
		return nil, fmt.Errorf("take pages out of the deletion journal: %w", err)
	}
	return taken, nil
}

// removedKeys are the keys of the pages that were taken out of the journal, readable or not.
func (s *Deletions) removedKeys(ctx context.Context) (map[string]bool, error) {
	keys := map[string]bool{}
	for info, err := range s.objects.List(ctx, RemovedPrefix) {
		if err != nil {
			return nil, fmt.Errorf("read deletion journal: %w", err)
		}
		keys[info.Key] = true
	}
	return keys, nil
}

// Follow has the next Replay follow pages that returned.
func (s *Deletions) Follow(ctx context.Context, pages []JournalPage) error {
	for _, p := range pages {
		if err := s.forgetRemoved(ctx, p.ID); err != nil {
			return err
		}
	}
	return nil
}

// forgetRemoved forgets that a page which lies in the journal was taken out of it.
func (s *Deletions) forgetRemoved(ctx context.Context, id db.ID) error {
	err := s.objects.Remove(ctx, RemovedPrefix+id.String())
	if err == nil {
		_, err = s.acts.people.db.Exec(ctx, sqlForgetRemoved, id)
	}
	if err != nil {
		return fmt.Errorf("forget %s%s: %w", RemovedPrefix, id, err)
	}
	return nil
}

// PutBack puts pages that Remove took out back into the journal: the next Replay follows them.
func (s *Deletions) PutBack(ctx context.Context, pages []JournalPage) error {
	for _, p := range pages { // while the store has them among those taken out
		if _, err := s.acts.people.db.Exec(ctx, sqlForgetRemoved, p.ID); err != nil {
			return fmt.Errorf("put pages back into the deletion journal: %w", err)
		}
	}
	for _, p := range pages { // after a kill between it is in both places, which Replay does not follow
		err := s.copyPage(ctx, p.ID, RemovedPrefix, DeletionPrefix)
		if err == nil {
			err = s.objects.Remove(ctx, RemovedPrefix+p.ID.String())
		}
		if err != nil {
			return fmt.Errorf("put pages back into the deletion journal: %w", err)
		}
	}
	return nil
}

// copyPage puts what lies below one prefix below the other, too. One that is gone from the first and there in the second was brought already.
func (s *Deletions) copyPage(ctx context.Context, id db.ID, from, to string) error {
	text, err := s.read(ctx, from+id.String())
	if fault.Is(err, fault.NotFound) {
		if _, there := s.objects.Stat(ctx, to+id.String()); there == nil {
			return nil
		}
	}
	if err == nil {
		err = s.put(ctx, to, id, text)
	}
	if err != nil {
		return fmt.Errorf("copy %s%s to %s: %w", from, id, to, err)
	}
	return nil
}
