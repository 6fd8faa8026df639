package tenant

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
)

// errWorldChanged says that somebody changed people while the file was being applied.
var errWorldChanged = errors.New("people changed while a file was being applied")

// Apply does what the preview shows, all of it or nothing. The same import again answers the same result. It returns fault.NotFound, and
// fault.Conflict "import_wrong" (rows are wrong) or "import_outdated": people changed since the check; the preview is made new then.
func (s *Imports) Apply(ctx context.Context, tid ID, id db.ID) (Import, error) {
	imp, err := s.Find(ctx, tid, id)
	if err != nil || imp.State == ImportApplied {
		return imp, err
	}
	done, err := s.turn(ctx)
	if err != nil {
		return Import{}, err
	}
	defer done()
	file, err := s.object(ctx, imp.objectKey)
	if err != nil {
		return Import{}, err
	}
	for range 3 {
		err = s.db.Tx(ctx, func(tx *db.Tx) error { return s.apply(ctx, tid, tx, id, file) })
		if !errors.Is(err, errWorldChanged) && !db.IsDuplicate(err) {
			break
		}
	}
	switch {
	case fault.Is(err, fault.Conflict), errors.Is(err, errWorldChanged), db.IsDuplicate(err):
		return Import{}, s.renew(ctx, tid, imp, file, err)
	case err != nil:
		return Import{}, fmt.Errorf("apply import: %w", err)
	}
	return s.Find(ctx, tid, id)
}

// renew makes the preview new after a conflict and passes the conflict on.
func (s *Imports) renew(ctx context.Context, tid ID, imp Import, file []byte, cause error) error {
	if !fault.Is(cause, fault.Conflict) {
		cause = fault.Wrap(cause, fault.Conflict, "import_outdated")
	}
	plan, err := s.plan(ctx, tid, s.db, file)
	if err != nil {
		return err
	}
	if plan.summary.Digest == imp.Summary.Digest {
		return cause
	}
	if err := s.keep(ctx, imp, nil, plan.rows); err != nil {
		return err
	}
	if _, err := s.db.Exec(ctx, sqlRedoImport, db.JSON[ImportSummary]{V: plan.summary}, tid, imp.ID); err != nil {
		return err
	}
	return cause
}

func (s *Imports) apply(ctx context.Context, tid ID, tx *db.Tx, id db.ID, file []byte) error {
	imp, err := scanImport(tx.QueryRowLocked(ctx, sqlFindImport, tid, id))
	if err != nil || imp.State == ImportApplied {
		return err
	}
	plan, err := s.plan(ctx, tid, tx, file)
	switch {
	case err != nil:
		return err
	case plan.summary.Wrong > 0:
		return fault.New(fault.Conflict, "import_wrong", "count", plan.summary.Wrong)
	case plan.summary.Digest != imp.Summary.Digest:
		return fault.New(fault.Conflict, "import_outdated")
	}
	if err := s.createDepartments(ctx, tid, tx, plan); err != nil {
		return err
	}
	w, err := s.work(ctx, plan, id)
	if err != nil {
		return err
	}
	if err := s.write(ctx, tid, tx, w); err != nil {
		return err
	}
	w.changes = append(w.changes, Change{Action: "person.import", SubjectKind: "person_import", Subject: id, Detail: map[string]any{
		"added": imp.Summary.Added, "changed": imp.Summary.Changed, "unchanged": imp.Summary.Unchanged, "file_sha256": fmt.Sprintf("%x", imp.sha[:])}})
	if err := s.audit.AppendMany(ctx, tid, tx, w.changes); err != nil {
		return err
	}
	if err := s.people.changed(ctx, tid, tx, w.moved); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, sqlApplyImport, db.At(s.clock()), db.JSON[ImportSummary]{V: imp.Summary}, tid, id)
	return err
}

func (s *Imports) createDepartments(ctx context.Context, tid ID, tx *db.Tx, plan *importPlan) error {
	now := db.At(s.clock())
	rows, changes := [][]any{}, []Change{}
	for _, name := range plan.summary.NewDepartments {
		d := Named{db.NewID(), name}
		plan.known.departments[departmentKey(name)] = d
		rows = append(rows, []any{tid, d.ID, name, departmentKey(name), now, now})
		changes = append(changes, Change{Action: "department.create", SubjectKind: "department", Subject: d.ID, Detail: map[string]any{"name": name}})
	}
	if err := tx.InsertMany(ctx, sqlInsertDepartments, rowInsertDepartments, rows); err != nil {
		return err
	}
	return s.audit.AppendMany(ctx, tid, tx, changes)
}

// importWork is everything an import writes, made ready for few statements.
type importWork struct {
	added    []plannedPerson
	ids      []db.ID // of added
	replaced []plannedPerson
	ends     map[db.ID][]any // department: people who leave it
	posts    [][]any         // person, department
	moved    []db.ID         // who came or changed department
	changes  []Change
	importID db.ID
}

func (s *Imports) work(ctx context.Context, plan *importPlan, importID db.ID) (*importWork, error) {
	w := &importWork{ends: map[db.ID][]any{}, importID: importID}
	unnamed := 0
	for _, p := range plan.people {
		if p.in.LoginID == "" {
			unnamed++
		}
	}
	logins, err := proposeLoginIDs(unnamed)
	if err != nil {
		return nil, err
	}
	for _, p := range plan.people {
		if p.in.LoginID == "" {
			p.in.LoginID, logins = logins[0], logins[1:]
		}
		if p.moved {
			p.in.Departments = plan.idsOf(p.departments)
		}
		w.take(p)
	}
	return w, ctx.Err()
}

func (p *importPlan) idsOf(names []string) []db.ID {
	ids := make([]db.ID, 0, len(names))
	for _, n := range names {
		ids = append(ids, p.known.departments[departmentKey(n)].ID)
	}
	slices.SortFunc(ids, compareID)
	return slices.Compact(ids)
}

func (w *importWork) take(p plannedPerson) {
	id, action := db.NewID(), "person.create"
	var before any
	var old []db.ID
	if p.old == nil {
		w.added, w.ids = append(w.added, p), append(w.ids, id)
	} else {
		id, action, before, old = p.old.ID, "person.update", p.old.input(), p.old.input().Departments
		w.replaced = append(w.replaced, p)
	}
	for _, d := range p.in.Departments {
		if !slices.Contains(old, d) {
			w.posts = append(w.posts, []any{id, d})
		}
	}
	for _, d := range old {
		if !slices.Contains(p.in.Departments, d) {
			w.ends[d] = append(w.ends[d], id)
		}
	}
	if p.old == nil || p.moved {
		w.moved = append(w.moved, id)
	}
	w.changes = append(w.changes, Change{Action: action, SubjectKind: "person", Subject: id, Before: before, After: p.in, Detail: map[string]any{"import": w.importID}})
}

func (s *Imports) write(ctx context.Context, tid ID, tx *db.Tx, w *importWork) error {
	now, today := db.At(s.clock()), Today(s.clock)
	people, roles := make([][]any, 0, len(w.added)), make([][]any, 0, len(w.added))
	for i, p := range w.added {
		row := append([]any{tid, w.ids[i]}, p.in.values()...)
		people = append(people, append(row, string(PersonActive), w.importID, now, now))
		roles = append(roles, []any{tid, w.ids[i], string(RoleStaff)})
	}
	if err := tx.InsertMany(ctx, sqlInsertPeople, rowInsertPeople, people); err != nil {
		return err
	}
	if err := tx.InsertMany(ctx, sqlInsertRole, "(?, ?, ?)", roles); err != nil {
		return err
	}
	if err := s.replace(ctx, tid, tx, w.replaced); err != nil {
		return err
	}
	if err := s.endPosts(ctx, tid, tx, w.ends); err != nil {
		return err
	}
	posts := make([][]any, 0, len(w.posts))
	for _, p := range w.posts {
		posts = append(posts, []any{tid, p[0], p[1], today, db.Text("")})
	}
	return tx.InsertMany(ctx, sqlInsertPost, rowInsertPost, posts)
}

// replace writes changed people whose versions are still those of the snapshot; the login ID stays, so no other row can be hit.
func (s *Imports) replace(ctx context.Context, tid ID, tx *db.Tx, people []plannedPerson) error {
	for part := range slices.Chunk(people, 500) {
		ids, want := make([]any, 0, len(part)), make(map[db.ID]int64, len(part))
		for _, p := range part {
			ids, want[p.old.ID] = append(ids, p.old.ID), p.old.Version
		}
		cond := db.Where("p.tenant_id = ?", tid).In("p.id", ids)
		rows, err := tx.QueryLocked(ctx, sqlVersions+cond.SQL(), cond.Args()...)
		if err != nil {
			return err
		}
		same := 0
		for rows.Next() {
			var id db.ID
			var version int64
			if err = rows.Scan(&id, &version); err == nil && want[id] == version {
				same++
			}
		}
		if err := errors.Join(err, rows.Err(), rows.Close()); err != nil { //nolint:sqlclosecheck // before the next statement of the transaction
			return err
		}
		if same != len(part) {
			return errWorldChanged
		}
	}
	now := db.At(s.clock())
	values := make([][]any, 0, len(people))
	for _, p := range people {
		row := append([]any{tid, p.old.ID}, p.in.values()...)
		values = append(values, append(row, string(p.old.State), p.old.CreatedAt, now, p.old.Version+1))
	}
	return tx.UpsertMany(ctx, sqlReplacePeople, rowReplacePeople, "tenant_id, id", columnsReplacePeople, values)
}

// endPosts ends posts with yesterday, a department at a time; those that began today are taken back.
func (s *Imports) endPosts(ctx context.Context, tid ID, tx *db.Tx, ends map[db.ID][]any) error {
	today := Today(s.clock)
	for department, people := range ends {
		for part := range slices.Chunk(people, 500) {
			drop := db.Where("tenant_id = ?", tid).And("department_id = ?", department).And("starts_on >= ?", today).In("person_id", part)
			if _, err := tx.Exec(ctx, sqlDropPosts+drop.SQL(), drop.Args()...); err != nil {
				return err
			}
			end := db.Where("tenant_id = ?", tid).And("department_id = ?", department).And(condLivePosts, today, today).In("person_id", part)
			if _, err := tx.Exec(ctx, sqlEndPosts+end.SQL(), append([]any{AddDays(today, -1)}, end.Args()...)...); err != nil {
				return err
			}
		}
	}
	return nil
}
