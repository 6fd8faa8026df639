package tenant

import (
	"context"

	"kenshu/fault"
	"kenshu/storage/db"
)

// PersonTraces knows what another room keeps about people.
type PersonTraces interface {
	// Traced tells which of people did something that is evidence.
	Traced(ctx context.Context, tid ID, people []db.ID) (map[db.ID]bool, error)
	// Forget removes what rules made about people who did nothing, in the transaction that removes them.
	Forget(ctx context.Context, tid ID, tx *db.Tx, people []db.ID) error
	// TakenBack follows people who got back what they had: what rules did with them since, because of it, is taken back as far as nothing was begun.
	TakenBack(ctx context.Context, tid ID, tx *db.Tx, people []db.ID, since db.Time) error
}

// What an undo does with a row, and why it leaves one alone.
const (
	UndoRemove      = "remove"       // added by the import, nothing done since: removed
	UndoRestore     = "restore"      // changed by the import: gets the values of before
	UndoReturn      = "return"       // suspended or let go by the import: back as before
	UndoKeptChanged = "kept_changed" // changed by somebody since
	UndoKeptUsed    = "kept_used"    // added by the import and has logged in or learned since
	UndoGone        = "gone"         // is no more
)

// ImportUndoCount counts what an undo does or did.
type ImportUndoCount struct {
	Remove      int `json:"remove"`
	Restore     int `json:"restore"`
	Return      int `json:"return"`
	KeptChanged int `json:"kept_changed"`
	KeptUsed    int `json:"kept_used"`
	Gone        int `json:"gone"`
}

func (c *ImportUndoCount) add(state string, n int) {
	switch state {
	case UndoRemove:
		c.Remove += n
	case UndoRestore:
		c.Restore += n
	case UndoReturn:
		c.Return += n
	case UndoKeptChanged:
		c.KeptChanged += n
	case UndoKeptUsed:
		c.KeptUsed += n
	case UndoGone:
		c.Gone += n
	}
}

// ImportUndo is what an undo would do now.
type ImportUndo struct {
	Count ImportUndoCount
	Slips int         // of Count.Remove: have a one-time password, so that a slip may have been handed out
	Kept  []ImportRow // the first who would be left alone, with the reason in Undo
	Until db.Time
}

const undoShown = 200

// UndoPreview tells what an undo would do now. It returns fault.NotFound, or fault.Conflict "import_undo_late" when it is too late or there is nothing to undo.
func (s *Imports) UndoPreview(ctx context.Context, tid ID, id db.ID) (ImportUndo, error) {
	imp, err := s.undoable(ctx, tid, id)
	if err != nil {
		return ImportUndo{}, err
	}
	out := ImportUndo{Kept: []ImportRow{}, Until: imp.UndoUntil}
	err = s.undoRows(ctx, tid, id, func(rows []keptRow) error {
		for _, r := range rows {
			out.Count.add(r.Undo, 1)
			if r.Undo == UndoRemove && r.oneTime {
				out.Slips++
			}
			if (r.Undo == UndoKeptChanged || r.Undo == UndoKeptUsed || r.Undo == UndoGone) && len(out.Kept) < undoShown {
				out.Kept = append(out.Kept, r.ImportRow)
			}
		}
		return nil
	})
	return out, err
}

func (s *Imports) undoable(ctx context.Context, tid ID, id db.ID) (Import, error) {
	imp, err := s.Find(ctx, tid, id)
	if err != nil {
		return imp, err
	}
	if imp.State != ImportApplied || imp.UndoUntil.IsZero() || s.clock().After(imp.UndoUntil.Time) {
		return imp, fault.New(fault.Conflict, "import_undo_late")
	}
	return imp, nil
}

// Undo has an applied import taken back, all of it or nothing, by a job: people that it added and who did nothing since are removed, changed ones get back
// what they had, and who was changed or learned since is left alone. It returns fault.NotFound, and fault.Conflict "import_undo_late".
func (s *Imports) Undo(ctx context.Context, tid ID, id db.ID) (Import, error) {
	imp, err := s.undoable(ctx, tid, id)
	if err != nil {
		return Import{}, err
	}
	if imp.Summary.Manager && !ofManager(ctx) {
		return Import{}, fault.New(fault.Forbidden, "manager_only")
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error { return s.begin(ctx, tid, tx, imp, ImportUndoing, ImportApplied) })
	if err != nil {
		return Import{}, err
	}
	return s.Find(ctx, tid, id)
}

// undoRows passes on the rows that did something, some at a time, each with what an undo does with it now.
func (s *Imports) undoRows(ctx context.Context, tid ID, id db.ID, take func([]keptRow) error) error {
	for _, outcome := range []string{RowAdded, RowChanged, RowMissing} {
		for after := 0; ; {
			rows, err := s.rows(ctx, tid, s.db, id, outcome, after, importBatch)
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				break
			}
			after = rows[len(rows)-1].Number
			if err := s.judge(ctx, tid, rows); err != nil {
				return err
			}
			if err := take(rows); err != nil {
				return err
			}
		}
	}
	return nil
}

// judge says what an undo does with rows of one outcome.
func (s *Imports) judge(ctx context.Context, tid ID, rows []keptRow) error {
	ids := make([]db.ID, 0, len(rows))
	for _, r := range rows {
		ids = append(ids, r.Person)
	}
	people, err := s.peopleOf(ctx, tid, db.Args(ids))
	if err != nil {
		return err
	}
	fields, err := ReadPersonFields(ctx, tid, s.db)
	if err != nil {
		return err
	}
	traced := map[db.ID]bool{}
	if rows[0].Outcome == RowAdded {
		if traced, err = s.traced(ctx, tid, ids); err != nil {
			return err
		}
	}
	for i := range rows {
		r := &rows[i]
		p := people[r.Person]
		r.oneTime = p != nil && p.Credential == CredentialOneTime
		switch {
		case p == nil:
			r.Undo = UndoGone
		case r.Outcome == RowAdded && (traced[p.ID] || p.Credential == CredentialChosen || !p.LastLoginAt.IsZero()):
			r.Undo = UndoKeptUsed
		case p.Version != r.version+1, r.wordGone(fields):
			r.Undo = UndoKeptChanged
		case r.Outcome == RowAdded:
			r.Undo = UndoRemove
		case r.Outcome == RowChanged:
			r.Undo = UndoRestore
		default:
			r.Undo = UndoReturn
		}
	}
	return nil
}

func (s *Imports) traced(ctx context.Context, tid ID, ids []db.ID) (map[db.ID]bool, error) {
	all := map[db.ID]bool{}
	for _, t := range s.traces {
		some, err := t.Traced(ctx, tid, ids)
		if err != nil {
			return nil, err
		}
		for id, yes := range some {
			all[id] = all[id] || yes
		}
	}
	return all, nil
}
