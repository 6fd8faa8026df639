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

// Apply has what the preview shows put into effect, all of it or nothing, by a job. An import that is applied or on its way answers as it stands. It returns
// fault.NotFound, fault.Forbidden "manager_only", and fault.Conflict "import_wrong" (rows are wrong), "import_confirm" (many people go; confirmed is to be their
// number), "import_department_similar" (names nearly those of departments, and nobody said which is meant), "import_old" or "import_state".
func (s *Imports) Apply(ctx context.Context, tid ID, id db.ID, confirmed int) (Import, error) {
	imp, err := s.Find(ctx, tid, id)
	switch {
	case err != nil:
		return Import{}, err
	case slices.Contains([]string{ImportApplied, ImportApplying, ImportUndoing, ImportUndone}, imp.State):
		return imp, nil
	case imp.State == ImportChecked && imp.Summary.Wrong > 0:
		return Import{}, fault.New(fault.Conflict, "import_wrong", "count", imp.Summary.Wrong)
	case imp.State == ImportChecked && imp.Summary.Asked() > 0:
		return Import{}, fault.New(fault.Conflict, "import_department_similar", "count", imp.Summary.Asked())
	case imp.State == ImportChecked && (imp.RowsUntil.IsZero() || s.clock().After(imp.RowsUntil.Time)):
		return Import{}, fault.New(fault.Conflict, "import_old")
	case imp.Summary.Manager && !ofManager(ctx):
		return Import{}, fault.New(fault.Forbidden, "manager_only")
	case imp.manyGo() && confirmed != imp.Summary.Missing:
		return Import{}, fault.New(fault.Conflict, "import_confirm", "count", imp.Summary.Missing)
	}
	imp.Options.Tries = 0
	err = s.db.Tx(ctx, func(tx *db.Tx) error { return s.begin(ctx, tid, tx, imp, ImportApplying, ImportChecked) })
	if err != nil {
		return Import{}, fmt.Errorf("apply import: %w", err)
	}
	return s.Find(ctx, tid, id)
}

// Beyond so many people, or percent of all, who go because a file does not name them, somebody types their number.
const (
	manyPeople  = 20
	manyPercent = 10
)

func (i Import) manyGo() bool {
	m := i.Summary
	return i.Options.missing() != MissingKeep && (m.Missing > manyPeople || m.Missing*100 > manyPercent*m.Population)
}

// Missing says what happens to the people whom a checked file does not name, and has it checked again. left is their last day when they leave.
// It returns fault.NotFound, fault.Invalid, or fault.Conflict "import_state".
func (s *Imports) Missing(ctx context.Context, tid ID, id db.ID, then MissingPeople, left string) (Import, error) {
	imp, err := s.Find(ctx, tid, id)
	if err != nil {
		return Import{}, err
	}
	imp.Options.Missing, imp.Options.LeftOn = then, left
	if err := imp.Options.validate(Today(s.clock)); err != nil {
		return Import{}, err
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error { return s.begin(ctx, tid, tx, imp, ImportReading, ImportChecked) })
	if err != nil {
		return Import{}, err
	}
	return s.Find(ctx, tid, id)
}

func (o ImportOptions) validate(today string) error {
	var c fault.Check
	c.If(!slices.Contains([]MissingPeople{MissingKeep, MissingSuspend, MissingLeave}, o.missing()), "missing", "not_in_list")
	if o.Missing == MissingLeave && !o.Automatic {
		c.If(!ValidDay(o.LeftOn), "left_on", "date")
		c.If(ValidDay(o.LeftOn) && o.LeftOn > today, "left_on", "date_future")
	}
	return c.Err()
}

// errWorldChanged says that people were changed since the check.
var errWorldChanged = fault.New(fault.Conflict, "import_outdated")

// unattendedTries is how often an unattended import is checked anew because people had changed.
const unattendedTries = 3

// putAgain puts an import into effect; when people have changed since the check, it is checked anew: an unattended one goes on by itself, for another one
// somebody looks at the new preview.
func (s *Imports) putAgain(ctx context.Context, tid ID, imp Import) error {
	run, err := s.claim(ctx, tid, imp.ID, ImportApplying)
	if err != nil {
		return err
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error { return s.put(ctx, tid, tx, imp.ID, run) })
	if !fault.Is(err, fault.Conflict) && !db.IsDuplicate(err) && !db.IsReference(err) {
		return err
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		again := imp
		again.Options.Tries++
		if imp.Options.Automatic && again.Options.Tries > unattendedTries {
			return errWorldChanged
		}
		return s.begin(ctx, tid, tx, again, ImportReading, ImportApplying)
	})
}

// put is the one transaction that makes an import true.
func (s *Imports) put(ctx context.Context, tid ID, tx *db.Tx, id, run db.ID) error {
	imp, err := scanImport(tx.QueryRowLocked(ctx, sqlFindImport, tid, id))
	switch {
	case err != nil:
		return err
	case imp.State != ImportApplying || imp.run != run:
		return errOvertaken
	}
	if err := mayStill(ctx, tid, tx.Locking(), imp.actor.mandate()); err != nil {
		return err
	}
	if err := s.lockRules(ctx, tid, tx); err != nil { // two imports go one after the other
		return err
	}
	if err := s.asChecked(ctx, tid, tx, imp); err != nil {
		return err
	}
	if err := s.createDepartments(ctx, tid, tx, imp.Summary.Departments); err != nil {
		return err
	}
	last, err := s.putPeople(ctx, tid, tx, imp)
	if err != nil {
		return err
	}
	if err := s.putParts(ctx, tid, tx, imp); err != nil {
		return err
	}
	if err := s.putMissing(ctx, tid, tx, imp); err != nil {
		return err
	}
	return s.putDone(ctx, tid, tx, imp, last)
}

// asChecked compares people with those of the check: nobody whom the file changes, names or misses was changed since, and nobody came or went.
func (s *Imports) asChecked(ctx context.Context, tid ID, tx *db.Tx, imp Import) error {
	var people int
	if err := tx.QueryRow(ctx, sqlImportPopulation, tid).Scan(&people); err != nil {
		return err
	}
	if people != imp.Summary.Population {
		return errWorldChanged
	}
	var added int
	if err := tx.QueryRow(ctx, sqlImportAdded, tid, imp.ID).Scan(&added); err != nil {
		return err
	}
	if added != imp.Summary.Added { // what was kept ready is gone: its time was over
		return errWorldChanged
	}
	missing := imp.Summary.Missing
	if imp.Options.missing() == MissingKeep {
		missing = 0
	}
	for outcome, want := range map[string]int{RowChanged: imp.Summary.Changed, RowMissing: missing, RowUnchanged: imp.Summary.Unchanged} {
		if want == 0 {
			continue
		}
		var same int
		row := tx.QueryRow
		if outcome != RowUnchanged {
			row = tx.QueryRowLocked
		}
		if err := row(ctx, sqlImportSame, tid, imp.ID, outcome).Scan(&same); err != nil {
			return err
		}
		if same != want {
			return errWorldChanged
		}
	}
	return nil
}

// createDepartments makes the departments that the file brings, in the order in which one hangs below the other.
func (s *Imports) createDepartments(ctx context.Context, tid ID, tx *db.Tx, list []newDepartment) error {
	now := db.At(s.clock())
	rows, changes := [][]any{}, []Change{}
	for _, d := range list {
		rows = append(rows, []any{tid, d.ID, d.Name, departmentKeyUnder(d.Parent, d.Name), now, now, d.Parent})
		changes = append(changes, Change{Action: "department.create", SubjectKind: "department", Subject: d.ID, Detail: map[string]any{"name": d.Name}})
	}
	if err := tx.InsertMany(ctx, sqlImportDepartments, rowImportDepartments, rows); err != nil {
		return err
	}
	return s.audit.AppendMany(ctx, tid, tx, changes)
}

// putPeople adds and changes people and writes that into the log; it gives the last position.
func (s *Imports) putPeople(ctx context.Context, tid ID, tx *db.Tx, imp Import) (last int, err error) {
	if err := tx.QueryRow(ctx, sqlLastImportRow, tid, imp.ID).Scan(&last); err != nil {
		return 0, err
	}
	who, now := ActorFrom(ctx), db.At(s.clock())
	detail := fmt.Sprintf(`{"import":%q}`, imp.ID)
	file, all := imp.inFile(), imp.inAll()
	for from := 0; from < last; from += importStep {
		s.isFar(ctx, imp.ID, file*from/last, all)
		span := []any{tid, imp.ID, from, from + importStep}
		outcome := []any{tid, imp.ID, "", from, from + importStep}
		if imp.Summary.Added > 0 {
			if _, err := tx.Exec(ctx, sqlImportPerson, append([]any{now, now}, span...)...); err != nil {
				return 0, err
			}
			if _, err := tx.Exec(ctx, sqlImportStaff, span...); err != nil {
				return 0, err
			}
		}
		if imp.Summary.Changed > 0 {
			if err := tx.Upsert(ctx, sqlImportChanged, "tenant_id, id", columnsImportChanged, append([]any{now}, span...)...); err != nil {
				return 0, err
			}
		}
		for what, action := range map[string]string{RowAdded: "person.create", RowChanged: "person.update"} {
			if imp.Summary.of(what) == 0 {
				continue
			}
			outcome[2] = what
			if _, err := tx.Exec(ctx, sqlImportAudit, append([]any{now, who.Kind, who.Person, Clip(who.Name, 200), Clip(who.Role, 32), action, detail,
				Clip(who.Source, 64), Clip(who.RequestID, 64)}, outcome...)...); err != nil {
				return 0, err
			}
			if _, err := tx.Exec(ctx, sqlImportAuditPending, outcome...); err != nil {
				return 0, err
			}
		}
	}
	s.isFar(ctx, imp.ID, file, all)
	return last, nil
}

// inFile is how many rows of an import stand in the file; the others are people whom it does not name.
func (i Import) inFile() int { return i.Summary.of("") - i.Summary.Missing }

// inAll is how many rows there are to put into effect.
func (i Import) inAll() int {
	if i.Options.missing() == MissingKeep {
		return i.inFile()
	}
	return i.Summary.of("")
}

// putParts ends posts with yesterday and begins others today, so that the history stays, and writes own fields.
func (s *Imports) putParts(ctx context.Context, tid ID, tx *db.Tx, imp Import) error {
	id, today := imp.ID, Today(s.clock)
	for kind, statements := range map[string][]struct {
		query string
		args  []any
	}{
		"end": {
			{sqlImportPostDrop, []any{tid, today, id}},
			{sqlImportPostEnd, []any{AddDays(today, -1), tid, today, today, id}},
		},
		"begin": {{sqlImportPostLater, []any{tid, today, id}}}, // it begins today instead
	} {
		var count int
		if err := tx.QueryRow(ctx, sqlImportParts, tid, id, kind).Scan(&count); err != nil {
			return err
		}
		for _, st := range statements {
			if count == 0 {
				continue
			}
			if _, err := tx.Exec(ctx, st.query, st.args...); err != nil {
				return err
			}
		}
	}
	if err := tx.Upsert(ctx, sqlImportPostBegin, "tenant_id, person_id, department_id, starts_on", "ends_on", today, tid, id); err != nil {
		return err
	}
	var closed int
	if err := tx.QueryRow(ctx, sqlImportPostClosed, tid, id).Scan(&closed); err != nil {
		return err
	}
	if closed > 0 {
		return errWorldChanged
	}
	if err := tx.Upsert(ctx, sqlImportValues, "tenant_id, person_id, field_id", "value, value_key", tid, id); err != nil {
		return err
	}
	return s.fieldsAsChecked(ctx, tid, tx, imp.Summary.Fields)
}

// fieldsAsChecked compares the own fields with those of the check, and keeps them so: a choice may be called otherwise by now, or be gone.
func (s *Imports) fieldsAsChecked(ctx context.Context, tid ID, tx *db.Tx, versions map[string]int64) error {
	if len(versions) == 0 {
		return nil
	}
	fields, err := ReadPersonFields(ctx, tid, tx.Locking())
	if err != nil {
		return err
	}
	same := slices.DeleteFunc(fields, func(f PersonField) bool { return versions[f.ID.String()] != f.Version })
	if len(same) < len(versions) {
		return errWorldChanged
	}
	return nil
}

// putMissing suspends the people whom the file does not name, or lets them leave.
func (s *Imports) putMissing(ctx context.Context, tid ID, tx *db.Tx, imp Import) error {
	if imp.Options.missing() == MissingKeep {
		return nil
	}
	state, on := imp.Options.missing().place(cmp.Or(imp.Options.LeftOn, Today(s.clock)))
	detail, done := map[string]any{"import": imp.ID}, imp.inFile()
	for after := 0; ; {
		rows, err := s.rows(ctx, tid, tx, imp.ID, RowMissing, after, importBatch)
		if err != nil || len(rows) == 0 {
			return err
		}
		after = rows[len(rows)-1].Number
		done += len(rows)
		s.isFar(ctx, imp.ID, done, imp.inAll())
		people := make([]actPerson, 0, len(rows))
		for _, r := range rows {
			people = append(people, actPerson{id: r.Person, name: r.Name, state: r.before.State})
		}
		if err := s.people.place(ctx, tid, tx, placing{to: state, on: on, people: people, detail: detail, later: true}); err != nil {
			return err
		}
	}
}

// place is the state into which missing people come, and the last day of those who leave.
func (m MissingPeople) place(on string) (PersonState, string) {
	if m == MissingLeave {
		return PersonLeft, on
	}
	return PersonSuspended, ""
}

// putDone writes down that an import is in effect and has everybody told who acts on it.
func (s *Imports) putDone(ctx context.Context, tid ID, tx *db.Tx, imp Import, last int) error {
	m := imp.Summary
	detail := map[string]any{"added": m.Added, "changed": m.Changed, "unchanged": m.Unchanged, "file_sha256": fmt.Sprintf("%x", imp.sha[:])}
	if len(m.NewDepartments) > 0 {
		detail["departments"] = m.NewDepartments[:min(len(m.NewDepartments), departmentsInMail)]
	}
	if imp.Options.missing() != MissingKeep {
		detail["missing"], detail["missing_people"] = m.Missing, imp.Options.Missing
	}
	if err := s.audit.Append(ctx, tid, tx, Change{Action: "person.import", SubjectKind: "person_import", Subject: imp.ID, Detail: detail}); err != nil {
		return err
	}
	now := s.clock()
	until := db.At(now.Add(importUndo))
	if _, err := tx.Exec(ctx, sqlAppliedImport, db.At(now), until, until, last, tid, imp.ID); err != nil {
		return err
	}
	imp.State, imp.Problem = ImportApplied, nil
	if err := s.reportTo(ctx, tid, tx, imp); err != nil {
		return err
	}
	return s.enqueue(ctx, tid, tx, imp.ID, now)
}

// tell tells the observers who was added, changed, suspended or let go, or taken back, some people at a time: what follows from it may take a while and keeps
// nobody waiting. Telling twice does no harm.
func (s *Imports) tell(ctx context.Context, tid ID, imp Import, report func(done, total int64)) error {
	outcomes := []string{RowAdded, RowChanged, RowMissing}
	done := 0
	for _, outcome := range outcomes {
		for after := 0; ; {
			rows, err := s.rows(ctx, tid, s.db, imp.ID, outcome, after, importBatch)
			if err != nil {
				return err
			}
			if len(rows) == 0 {
				break
			}
			after = rows[len(rows)-1].Number
			ids := make([]db.ID, 0, len(rows))
			for _, r := range rows {
				ids = append(ids, r.Person)
			}
			if err := s.db.Tx(ctx, func(tx *db.Tx) error { return s.tellOf(ctx, tid, tx, imp, ids) }); err != nil {
				return fmt.Errorf("tell of an import: %w", err)
			}
			done += len(rows)
			report(int64(done), int64(imp.Summary.Added+imp.Summary.Changed+imp.Summary.Missing))
			if _, err := s.db.Exec(ctx, sqlImportProgress, done, tid, imp.ID); err != nil {
				return errors.Join(err)
			}
		}
	}
	_, err := s.db.Exec(ctx, sqlImportProgress, imp.Total, tid, imp.ID)
	return err
}

// tellOf tells of some people. What an undo gave back is followed as if the import had never been.
func (s *Imports) tellOf(ctx context.Context, tid ID, tx *db.Tx, imp Import, ids []db.ID) error {
	if err := s.people.changed(ctx, tid, tx, ids); err != nil || imp.State != ImportUndone {
		return err
	}
	for _, t := range s.traces {
		if err := t.TakenBack(ctx, tid, tx, ids, imp.AppliedAt); err != nil {
			return err
		}
	}
	return nil
}
