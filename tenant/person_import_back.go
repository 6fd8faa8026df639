package tenant

import (
	"context"
	"errors"
	"slices"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
)

// undoTries is how often it is decided anew what an undo does, because somebody was changed or began something at the same moment.
const undoTries = 5

// errUndoMet says that somebody was changed, or did something, between the decision about them and the undo.
var errUndoMet = errors.New("people did something while an import was being taken back")

// takeBack undoes an import: first it is written down what happens to each row, then one transaction does it. Who does something in between is met by the
// next try, which leaves them alone.
func (s *Imports) takeBack(ctx context.Context, tid ID, imp Import) error {
	for try := 1; ; try++ {
		err := s.takeBackOnce(ctx, tid, imp)
		again := errors.Is(err, errUndoMet) || db.IsReference(err) || db.IsDuplicate(err)
		switch {
		case !again:
			return err
		case try == undoTries:
			return fault.Wrap(err, fault.Conflict, "import_undo_used")
		}
	}
}

func (s *Imports) takeBackOnce(ctx context.Context, tid ID, imp Import) error {
	run, err := s.claim(ctx, tid, imp.ID, ImportUndoing)
	if err != nil {
		return err
	}
	if err := s.undoRows(ctx, tid, imp.ID, func(rows []keptRow) error { return s.mark(ctx, tid, imp.ID, run, rows) }); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.own(ctx, tid, tx, imp.ID, run); err != nil {
			return err
		}
		if err := mayStill(ctx, tid, tx.Locking(), imp.actor.mandate()); err != nil {
			return err
		}
		if err := s.lockRules(ctx, tid, tx); err != nil {
			return err
		}
		return s.undo(ctx, tid, tx, imp)
	})
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
	fields, err := ReadPersonFields(ctx, tid, tx.Locking())
	if err != nil {
		return err
	}
	done := 0
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
			done += len(rows)
			s.isFar(ctx, imp.ID, done, imp.inAll()-imp.Summary.Unchanged)
			if err := s.undoSome(ctx, tid, tx, undoing{imp, fields}, rows, &count); err != nil {
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

// undoing is what taking an import back needs to know.
type undoing struct {
	Import
	fields []PersonField // as they are now, and stay until the end of the transaction
}

// undoSome takes rows of one outcome back. Whoever was changed since it was decided stops all of it; it is decided anew.
func (s *Imports) undoSome(ctx context.Context, tid ID, tx *db.Tx, imp undoing, rows []keptRow, count *ImportUndoCount) error {
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
	switch detail := map[string]any{"import": imp.ID, "undo": true}; moved[0].Undo {
	case UndoRemove:
		return s.remove(ctx, tid, tx, moved, detail)
	case UndoRestore:
		if err := s.restorePosts(ctx, tid, tx, imp.Import, moved); err != nil {
			return err
		}
		return s.restore(ctx, tid, tx, imp.fields, moved, detail)
	default:
		return s.giveBack(ctx, tid, tx, imp.Import, moved, detail)
	}
}

// unchanged locks people and compares their versions with what the import left.
func (s *Imports) unchanged(ctx context.Context, tid ID, tx *db.Tx, rows []keptRow) error {
	want, ids := make(map[db.ID]int64, len(rows)), make([]any, 0, len(rows))
	for _, r := range rows {
		want[r.Person], ids = r.version+1, append(ids, r.Person)
	}
	same := 0
	cond := db.Where("p.tenant_id = ?", tid).In("p.id", ids)
	err := db.Each(ctx, tx.Locking(), sqlLockVersions+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
		var id db.ID
		var version int64
		err := scan(&id, &version)
		if want[id] == version {
			same++
		}
		return err
	})
	if err == nil && same != len(rows) {
		return errUndoMet
	}
	return err
}

// remove deletes people whom the import added and who did nothing, as the act of deleting does. Who logs in at this moment is met by the lock on their
// credential, and who begins to learn by the foreign key of what they began: then it is decided anew.
func (s *Imports) remove(ctx context.Context, tid ID, tx *db.Tx, rows []keptRow, detail map[string]any) error {
	people, ids := make([]actPerson, 0, len(rows)), make([]db.ID, 0, len(rows))
	for _, r := range rows {
		people, ids = append(people, actPerson{id: r.Person, name: r.Name}), append(ids, r.Person)
	}
	met := 0
	used := db.Where("c.tenant_id = ?", tid).In("c.person_id", db.Args(ids))
	if err := db.Each(ctx, tx.Locking(), sqlLockCredentials+used.SQL(), used.Args(), func(scan func(...any) error) error {
		var kind string
		var last db.Time
		err := scan(&kind, &last)
		if kind == string(CredentialChosen) || !last.IsZero() {
			met++
		}
		return err
	}); err != nil {
		return err
	}
	if met > 0 {
		return errUndoMet
	}
	for _, t := range s.traces {
		if err := t.Forget(ctx, tid, tx, ids); err != nil {
			return err
		}
	}
	return s.acts.erase(ctx, tid, tx, people, erasing{rule: RuleMistake, counts: map[string]int{}, detail: detail, keep: importTables})
}

// importTables hold what the file said, which the page shows for as long as it is kept.
var importTables = map[string]bool{"person_import_row": true, "person_import_part": true}

// restore gives people the values they had.
func (s *Imports) restore(ctx context.Context, tid ID, tx *db.Tx, fields []PersonField, rows []keptRow, detail map[string]any) error {
	now := db.At(s.clock())
	people, changes := make([][]any, 0, len(rows)), make([]Change, 0, len(rows))
	cleared, values := map[db.ID][]any{}, [][]any{}
	for _, r := range rows {
		if r.wordGone(fields) {
			return errUndoMet
		}
		in := r.before.Input
		row := append([]any{tid, r.Person}, in.values()...)
		people = append(people, append(row, string(r.before.State), now, now, r.version+2))
		for _, c := range r.Changes {
			f, is := fieldOfChange(fields, c)
			switch {
			case !is:
			case c.Before == "":
				cleared[f.ID] = append(cleared[f.ID], r.Person)
			default:
				values = append(values, []any{tid, r.Person, f.ID, c.Before, f.Key(c.Before)})
			}
		}
		changes = append(changes, Change{Action: "person.update", SubjectKind: "person", Subject: r.Person, After: in, Detail: detail})
	}
	if err := tx.UpsertMany(ctx, sqlReplacePeople, rowReplacePeople, "tenant_id, id", columnsImportChanged, people); err != nil {
		return err
	}
	for field, who := range cleared {
		cond := db.Where("tenant_id = ?", tid).In("person_id", who).And("field_id = ?", field)
		if _, err := tx.Exec(ctx, sqlRemoveValues+cond.SQL(), cond.Args()...); err != nil {
			return err
		}
	}
	if err := tx.UpsertMany(ctx, sqlInsertPersonValues, rowInsertPersonValues, keysPersonValues, columnsPersonValues, values); err != nil {
		return err
	}
	return s.audit.AppendMany(ctx, tid, tx, changes)
}

// restorePosts takes back posts that the import began, and lets those go on that it ended, where the department is still there.
func (s *Imports) restorePosts(ctx context.Context, tid ID, tx *db.Tx, imp Import, rows []keptRow) error {
	day, ids := Day(imp.AppliedAt.Time), make([]db.ID, 0, len(rows))
	for _, r := range rows {
		ids = append(ids, r.Person)
	}
	if _, err := forEach(ctx, tid, tx, ids, sqlDropLaterPosts, "person_id", nil, func(c *db.Cond) {
		c.And("starts_on = ?", day).And(condUndoPart, imp.ID, "begin")
	}); err != nil {
		return err
	}
	if _, err := forEach(ctx, tid, tx, ids, sqlReopenPosts, "person_id", nil, func(c *db.Cond) {
		c.And("ends_on = ?", AddDays(day, -1)).And(condOpenPart, tid).And(condUndoPart, imp.ID, "end")
	}); err != nil {
		return err
	}
	lost := db.Also("s.person_id", db.Args(ids))
	_, err := tx.Exec(ctx, sqlUndoPostLost+lost.More(), append([]any{day, tid, imp.ID}, lost.Args()...)...)
	return err
}

// giveBack brings back people whom the import suspended or let go, as the act of returning does, with their roles, posts, and a leaving that was planned.
func (s *Imports) giveBack(ctx context.Context, tid ID, tx *db.Tx, imp Import, rows []keptRow, detail map[string]any) error {
	of, leaving := map[PersonState][]actPerson{}, map[string][]actPerson{}
	var roles, posts [][]any
	gone, _ := imp.Options.missing().place("")
	tree, err := ReadDepartmentTree(ctx, tid, tx)
	if err != nil {
		return err
	}
	for _, r := range rows {
		one := actPerson{id: r.Person, name: r.Name, state: gone}
		of[r.before.State] = append(of[r.before.State], one)
		if r.before.LeavesOn != "" {
			leaving[r.before.LeavesOn] = append(leaving[r.before.LeavesOn], one)
		}
		for _, role := range r.before.Input.Roles {
			roles = append(roles, []any{tid, r.Person, string(role)})
		}
		for _, p := range r.before.Posts {
			if tree.Cell(p.Department) != "" { // one that was closed meanwhile takes nobody in
				posts = append(posts, []any{tid, r.Person, p.Department, p.StartsOn, p.EndsOn, p.Main})
			}
		}
	}
	for state, people := range of {
		if err := s.people.place(ctx, tid, tx, placing{to: state, posts: true, people: people, detail: detail, later: true}); err != nil {
			return err
		}
	}
	for on, people := range leaving {
		if err := s.people.leaveLater(ctx, tid, tx, people, on); err != nil {
			return err
		}
	}
	if err := tx.UpsertMany(ctx, sqlInsertTerm, rowInsertTerm, "tenant_id, person_id, department_id, starts_on", "ends_on, main", posts); err != nil {
		return err
	}
	return tx.InsertNew(ctx, sqlInsertRole, "(?, ?, ?)", "tenant_id, person_id, role", roles)
}

// fieldOfChange gives the own field that a change was about; is is false when it was about something else, or the field is no more.
func fieldOfChange(fields []PersonField, c ImportChange) (f PersonField, is bool) {
	id, own := strings.CutPrefix(c.Field, targetField)
	at := slices.IndexFunc(fields, func(f PersonField) bool { return own && f.ID.String() == id })
	if at < 0 {
		return f, false
	}
	return fields[at], true
}

// wordGone tells that somebody had a choice which is called otherwise by now, or is gone: nobody can say what to give back.
func (r keptRow) wordGone(fields []PersonField) bool {
	return slices.ContainsFunc(r.Changes, func(c ImportChange) bool {
		f, is := fieldOfChange(fields, c)
		return is && f.Kind == FieldChoice && c.Before != "" && !slices.Contains(f.Choices, c.Before)
	})
}
