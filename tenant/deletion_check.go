package tenant

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"kenshu/fault"
)

// Checked is what Check found.
type Checked struct {
	Written int     // pages that were missing or damaged and are written again
	Bad     []error // pages that cannot be: the database does not have their lines
}

// Check reads every page of the journal. A page that the store lost or damaged is written again while the database still has its lines; one that it does not have is
// named. Pages of another master key are left alone. A page that is missing and cannot be written is named once: there is nothing left to do about it.
func (s *Deletions) Check(ctx context.Context) (Checked, error) {
	var out Checked
	missing, err := s.known(ctx) // before the store is asked: a page is stored before the database knows it
	if err != nil {
		return out, fmt.Errorf("check deletion journal: %w", err)
	}
	if err := s.reclaim(ctx, missing); err != nil {
		return out, fmt.Errorf("check deletion journal: %w", err)
	}
	damaged := map[string]error{}
	for info, err := range s.objects.List(ctx, DeletionPrefix) {
		if err != nil {
			return out, fmt.Errorf("check deletion journal: %w", err)
		}
		_, _, err := s.page(ctx, info.Key)
		switch {
		case errors.Is(err, errPageAltered):
			damaged[info.Key] = err
			continue
		case fault.Is(err, fault.NotFound):
			continue // removed since it was listed
		case err != nil && !errors.Is(err, errPageOfOther):
			return out, fmt.Errorf("check deletion journal: %w", err)
		}
		delete(missing, info.Key)
	}
	for _, key := range slices.Sorted(maps.Keys(damaged)) {
		page, known := missing[key]
		delete(missing, key)
		if err := s.mend(ctx, page, known, fmt.Errorf("%s: %w", key, damaged[key]), &out); err != nil {
			return out, err
		}
	}
	for _, key := range slices.Sorted(maps.Keys(missing)) {
		before := len(out.Bad)
		if err := s.mend(ctx, missing[key], true, fmt.Errorf("%s: %w", key, errPageLost), &out); err != nil {
			return out, err
		}
		if len(out.Bad) > before {
			if _, err := s.acts.people.db.Exec(ctx, sqlForgetPage, missing[key].id); err != nil {
				return out, fmt.Errorf("check deletion journal: %w", err)
			}
		}
	}
	return out, nil
}

// Reclaim puts pages that the database knows, and that somebody with another database took out, back into the journal, and forgets that they were: a database that is put back to an older
// day would not follow them otherwise.
func (s *Deletions) Reclaim(ctx context.Context) error {
	known, err := s.known(ctx)
	if err == nil {
		err = s.reclaim(ctx, known)
	}
	if err != nil {
		return fmt.Errorf("reclaim pages of the deletion journal: %w", err)
	}
	return nil
}

func (s *Deletions) reclaim(ctx context.Context, known map[string]knownPage) error {
	removed, err := s.removedKeys(ctx)
	if err != nil || len(removed) == 0 {
		return err
	}
	for _, key := range slices.Sorted(maps.Keys(known)) {
		id := known[key].id
		if !removed[RemovedPrefix+id.String()] {
			continue
		}
		_, _, err := s.page(ctx, key)
		if err == nil {
			err = s.forgetRemoved(ctx, id)
		} else if errors.Is(err, errPageAltered) || fault.Is(err, fault.NotFound) {
			if _, _, err = s.page(ctx, RemovedPrefix+id.String()); err == nil {
				err = s.PutBack(ctx, []JournalPage{{ID: id}})
			}
		}
		if err != nil && !errors.Is(err, errPageAltered) && !errors.Is(err, errPageOfOther) && !fault.Is(err, fault.NotFound) {
			return err
		}
	}
	return nil
}

var errPageLost = errors.New("a page of the deletion journal is gone from the object store, and its lines from the database")

// mend writes a page again from the lines that were kept with it, or notes what is bad.
func (s *Deletions) mend(ctx context.Context, page knownPage, known bool, bad error, out *Checked) error {
	var lines []deletionLine
	var err error
	if known {
		if lines, err = s.lines(ctx, sqlKeptDeletions, page.at); err != nil {
			return fmt.Errorf("mend deletion journal: %w", err)
		}
	}
	if len(lines) == 0 {
		out.Bad = append(out.Bad, bad)
		return nil
	}
	if err := s.store(ctx, page.id, lines); err != nil {
		return fmt.Errorf("mend deletion journal: %w", err)
	}
	out.Written++
	return nil
}
