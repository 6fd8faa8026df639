package tenant

import (
	"context"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
)

// PersonTraces knows what another room keeps about people.
type PersonTraces interface {
	// Traced tells which of people did something that is evidence.
	Traced(ctx context.Context, tid ID, people []db.ID) (map[db.ID]bool, error)
	// Forget removes what rules made about people who did nothing, in the transaction that removes them.
	Forget(ctx context.Context, tid ID, tx *db.Tx, people []db.ID) error
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
	people, err := s.peopleOf(ctx, tid, anyIDs(ids))
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
		switch {
		case p == nil:
			r.Undo = UndoGone
		case r.Outcome == RowAdded && (traced[p.ID] || p.Credential == CredentialChosen || !p.LastLoginAt.IsZero()):
			r.Undo = UndoKeptUsed
		case p.Version != r.version+1:
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

// takeBack undoes an import: first it is written down what happens to each row, then one transaction does it.
func (s *Imports) takeBack(ctx context.Context, tid ID, imp Import) error {
	run, err := s.claim(ctx, tid, imp.ID, ImportUndoing)
	if err != nil {
		return err
	}
	if err := s.undoRows(ctx, tid, imp.ID, func(rows []keptRow) error { return s.mark(ctx, tid, imp.ID, run, rows) }); err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.own(ctx, tid, tx, imp.ID, run); err != nil {
			return err
		}
		if err := s.lockRules(ctx, tid, tx); err != nil {
			return err
		}
		return s.undo(ctx, tid, tx, imp)
	})
	if db.IsReference(err) || db.IsDuplicate(err) {
		return fault.Wrap(err, fault.Conflict, "import_undo_used")
	}
	return err
}

func (s *Imports) mark(ctx context.Context, tid ID, id, run db.ID, rows []keptRow) error {
	of := map[string][]any{}
	for _, r := range rows {
		of[r.Undo] = append(of[r.Undo], r.Number)
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.own(ctx, tid, tx, id, run); err != nil {
			return err
		}
		for state, numbers := range of {
			cond := db.Where("tenant_id = ? AND import_id = ?", tid, id).In("position", numbers)
			if _, err := tx.Exec(ctx, sqlMarkUndo+cond.SQL(), append([]any{state}, cond.Args()...)...); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Imports) undo(ctx context.Context, tid ID, tx *db.Tx, imp Import) error {
	var count ImportUndoCount
	day := Day(imp.AppliedAt.Time)
	for _, step := range []struct {
		query string
		args  []any
	}{
		{sqlUndoPostBegun, []any{tid, day, imp.ID, "begin"}},
		{sqlUndoPostEnded, []any{tid, AddDays(day, -1), imp.ID, "end"}},
		{sqlUndoPostLost, []any{day, tid, imp.ID}},
	} {
		if _, err := tx.Exec(ctx, step.query, step.args...); err != nil {
			return err
		}
	}
	for _, outcome := range []string{RowAdded, RowChanged, RowMissing} {
		for after := 0; ; {
			rows, err := s.rows(ctx, tid, tx, imp.ID, outcome, after, importBatch)
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				break
			}
			after = rows[len(rows)-1].Number
			if err := s.undoSome(ctx, tid, tx, imp, rows, &count); err != nil {
				return err
			}
		}
	}
	if err := s.audit.Append(ctx, tid, tx, Change{Action: "person.import_undo", SubjectKind: "person_import", Subject: imp.ID, Detail: map[string]any{
		"removed": count.Remove, "restored": count.Restore, "returned": count.Return, "kept": count.KeptChanged + count.KeptUsed}}); err != nil {
		return err
	}
	imp.Summary.Undo = &count
	if _, err := tx.Exec(ctx, sqlUndoneImport, db.JSON[ImportSummary]{V: imp.Summary}, 0, tid, imp.ID); err != nil {
		return err
	}
	return s.enqueue(ctx, tid, tx, imp.ID, s.clock())
}

// undoSome takes rows of one outcome back. Whoever was changed since it was decided stops all of it; the job decides anew.
func (s *Imports) undoSome(ctx context.Context, tid ID, tx *db.Tx, imp Import, rows []keptRow, count *ImportUndoCount) error {
	var moved []keptRow
	for _, r := range rows {
		count.add(r.Undo, 1)
		if r.Undo == UndoRemove || r.Undo == UndoRestore || r.Undo == UndoReturn {
			moved = append(moved, r)
		}
	}
	if len(moved) == 0 {
		return nil
	}
	if err := s.unchanged(ctx, tid, tx, moved); err != nil {
		return err
	}
	var err error
	action := "person.update"
	switch moved[0].Undo {
	case UndoRemove:
		action, err = "person.delete", s.remove(ctx, tid, tx, moved)
	case UndoRestore:
		err = s.restore(ctx, tid, tx, moved)
	default:
		action, err = "person.state", s.giveBack(ctx, tid, tx, imp, moved)
	}
	if err != nil {
		return err
	}
	changes := make([]Change, 0, len(moved))
	for _, r := range moved {
		c := Change{Action: action, SubjectKind: "person", Subject: r.Person, Detail: map[string]any{"import": imp.ID, "undo": true}}
		if r.before != nil {
			c.After = r.before.Input
		}
		changes = append(changes, c)
	}
	return s.audit.AppendMany(ctx, tid, tx, changes)
}

// unchanged locks people and compares their versions with what the import left.
func (s *Imports) unchanged(ctx context.Context, tid ID, tx *db.Tx, rows []keptRow) error {
	want, ids := make(map[db.ID]int64, len(rows)), make([]any, 0, len(rows))
	for _, r := range rows {
		want[r.Person], ids = r.version+1, append(ids, r.Person)
	}
	cond := db.Where("p.tenant_id = ?", tid).In("p.id", ids)
	found, err := tx.QueryLocked(ctx, sqlLockVersions+cond.SQL(), cond.Args()...)
	if err != nil {
		return err
	}
	defer found.Close()
	same := 0
	for found.Next() {
		var id db.ID
		var version int64
		if err := found.Scan(&id, &version); err != nil {
			return err
		}
		if want[id] == version {
			same++
		}
	}
	if err := found.Err(); err != nil {
		return err
	}
	if same != len(rows) {
		return fmt.Errorf("people changed while an import was being taken back") // tried again
	}
	return nil
}

// remove takes away people whom the import added and who did nothing. Who began to learn since that was found out is held by what they did: a foreign key
// refuses, and nothing of the undo happens.
func (s *Imports) remove(ctx context.Context, tid ID, tx *db.Tx, rows []keptRow) error {
	ids := make([]db.ID, 0, len(rows))
	for _, r := range rows {
		ids = append(ids, r.Person)
	}
	for _, t := range s.traces {
		if err := t.Forget(ctx, tid, tx, ids); err != nil {
			return err
		}
	}
	if err := s.people.sessions.EndPeople(ctx, tid, tx, ids); err != nil {
		return err
	}
	of := db.Where("tenant_id = ?", tid).In("person_id", anyIDs(ids))
	for _, table := range []string{sqlRemoveValues, sqlDropPosts, sqlRemoveRoles, sqlRemoveCredentials} {
		if _, err := tx.Exec(ctx, table+of.SQL(), of.Args()...); err != nil {
			return err
		}
	}
	cond := db.Where("tenant_id = ?", tid).In("id", anyIDs(ids))
	_, err := tx.Exec(ctx, sqlRemovePeople+cond.SQL(), cond.Args()...)
	return err
}

// restore gives people the values they had.
func (s *Imports) restore(ctx context.Context, tid ID, tx *db.Tx, rows []keptRow) error {
	now := db.At(s.clock())
	people, fields, ids := make([][]any, 0, len(rows)), [][]any{}, make([]any, 0, len(rows))
	for _, r := range rows {
		ids = append(ids, r.Person)
		in := r.before.Input
		row := append([]any{tid, r.Person}, in.values()...)
		people = append(people, append(row, string(r.before.State), now, now, r.version+2))
		for field, value := range in.Fields {
			if value != "" {
				fields = append(fields, []any{tid, r.Person, field, value, Clip(Fold(value), 200)})
			}
		}
	}
	if err := tx.UpsertMany(ctx, sqlReplacePeople, rowReplacePeople, "tenant_id, id", columnsImportChanged, people); err != nil {
		return err
	}
	cond := db.Where("tenant_id = ?", tid).In("person_id", ids)
	if _, err := tx.Exec(ctx, sqlRemoveValues+cond.SQL(), cond.Args()...); err != nil {
		return err
	}
	return tx.InsertMany(ctx, sqlInsertValues, "(?, ?, ?, ?, ?)", fields)
}

// giveBack brings back people whom the import suspended or let go, with their roles and posts.
func (s *Imports) giveBack(ctx context.Context, tid ID, tx *db.Tx, imp Import, rows []keptRow) error {
	of := map[PersonState][]any{}
	var roles [][]any
	ids := make([]any, 0, len(rows))
	for _, r := range rows {
		of[r.before.State] = append(of[r.before.State], r.Person)
		ids = append(ids, r.Person)
		for _, role := range r.before.Input.Roles {
			roles = append(roles, []any{tid, r.Person, string(role)})
		}
	}
	for state, people := range of {
		cond := db.Where("tenant_id = ?", tid).In("id", people)
		if _, err := tx.Exec(ctx, sqlSetStates+cond.SQL(), append([]any{string(state), db.Text(""), db.At(s.clock())}, cond.Args()...)...); err != nil {
			return err
		}
	}
	if err := tx.InsertNew(ctx, sqlInsertRole, "(?, ?, ?)", "tenant_id, person_id, role", roles); err != nil {
		return err
	}
	if imp.Options.missing() != MissingLeave {
		return nil
	}
	left := imp.Options.LeftOn
	if left == "" {
		left = Day(imp.AppliedAt.Time)
	}
	cond := db.Where("tenant_id = ?", tid).In("person_id", ids).And("ends_on = ? OR (ends_on = starts_on AND starts_on > ?)", left, left)
	_, err := tx.Exec(ctx, sqlUndoEndedPosts+cond.SQL(), cond.Args()...)
	return err
}

// setStates suspends people or lets them leave, as setState does with one of them: roles and posts go with who leaves, sessions end at once.
func (s *People) setStates(ctx context.Context, tid ID, tx *db.Tx, ids []db.ID, state PersonState, on string, detail map[string]any) error {
	list := anyIDs(ids)
	of := func() *db.Cond { return db.Where("tenant_id = ?", tid).In("person_id", list) }
	left := db.Text("")
	if state == PersonLeft {
		left = db.Text(on)
		grantable := make([]any, 0, len(GrantableRoles))
		for _, r := range GrantableRoles {
			grantable = append(grantable, string(r))
		}
		roles := of().In("role", grantable)
		if _, err := tx.Exec(ctx, sqlDropRolesOf+roles.SQL(), roles.Args()...); err != nil {
			return err
		}
		early := of().And("ends_on IS NULL AND starts_on <= ?", on)
		if _, err := tx.Exec(ctx, sqlEndPosts+early.SQL(), append([]any{on}, early.Args()...)...); err != nil {
			return err
		}
		late := of().And("ends_on IS NULL")
		if _, err := tx.Exec(ctx, sqlEndAtOnce+late.SQL(), late.Args()...); err != nil {
			return err
		}
	}
	cond := db.Where("tenant_id = ?", tid).In("id", list)
	if _, err := tx.Exec(ctx, sqlSetStates+cond.SQL(), append([]any{string(state), left, s.now()}, cond.Args()...)...); err != nil {
		return err
	}
	changes := make([]Change, 0, len(ids))
	for _, id := range ids {
		d := map[string]any{"to": state, "left_on": left}
		for k, v := range detail {
			d[k] = v
		}
		changes = append(changes, Change{Action: "person.state", SubjectKind: "person", Subject: id, Detail: d})
	}
	if err := s.audit.AppendMany(ctx, tid, tx, changes); err != nil {
		return err
	}
	return s.sessions.EndPeople(ctx, tid, tx, slices.Clone(ids))
}
