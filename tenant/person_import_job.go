package tenant

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
)

// Work is the handler of KindPersonImport: it goes on with an import from where it is. Whatever it was doing when it was broken off, it begins again:
// until the one transaction that puts a file into effect, or takes it back, nobody is changed.
func (s *Imports) Work(ctx context.Context, job db.Job, report func(done, total int64)) error {
	var payload struct {
		Import db.ID `json:"import"`
	}
	if err := json.Unmarshal(job.Payload, &payload); err != nil {
		return fault.Wrap(err, fault.Invalid, "invalid")
	}
	tid := System(job.Tenant, "import of people")
	imp, err := s.Find(ctx, tid, payload.Import)
	if err != nil {
		return err
	}
	ctx = context.WithValue(WithActor(ctx, imp.actor.actor(tid)), mandateKey{}, imp.actor.mandate())
	if imp.State == ImportApplied || imp.State == ImportUndone {
		err = s.tell(ctx, tid, imp, report)
	} else if err = s.people.sessions.mayStill(ctx, tid, imp.actor.mandate()); err == nil {
		err = s.step(ctx, tid, imp)
	}
	if err == nil || errors.Is(err, errOvertaken) {
		return nil
	}
	return job.Settle(err, func(why *fault.Error) error {
		return s.stop(context.WithoutCancel(ctx), tid, imp, &ImportProblem{Key: why.Key, Args: why.Args})
	})
}

// step does what the import's state asks for.
func (s *Imports) step(ctx context.Context, tid ID, imp Import) error {
	switch imp.State {
	case ImportWaiting, ImportReading:
		return s.check(ctx, tid, imp)
	case ImportApplying:
		return s.putAgain(ctx, tid, imp)
	case ImportUndoing:
		return s.takeBack(ctx, tid, imp)
	}
	return nil
}

// stop ends what was going on: a file that cannot be read is refused, one that could not be put into effect or taken back stands where it stood.
func (s *Imports) stop(ctx context.Context, tid ID, imp Import, problem *ImportProblem) error {
	back := map[string]string{ImportWaiting: ImportRefused, ImportReading: ImportRefused, ImportApplying: ImportChecked, ImportUndoing: ImportApplied}[imp.State]
	if back == "" {
		return nil
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, sqlStopImport, back, db.JSON[*ImportProblem]{V: problem}, tid, imp.ID, imp.State); err != nil {
			return err
		}
		imp.State, imp.Problem = back, problem
		return s.reportTo(ctx, tid, tx, imp)
	})
}

// begin brings an import from one of the states into another and has a job go on with it. It returns fault.Conflict "import_state", and
// "import_old" when the file is to be read again and is kept no longer.
func (s *Imports) begin(ctx context.Context, tid ID, tx *db.Tx, imp Import, to string, from ...string) error {
	if to == ImportReading && imp.objectKey == "" {
		return fault.New(fault.Conflict, "import_old")
	}
	cond := db.Where("tenant_id = ? AND id = ?", tid, imp.ID)
	states := make([]any, 0, len(from))
	for _, f := range from {
		states = append(states, f)
	}
	cond.In("state", states)
	actor, err := storeActor(ctx, tid, tx)
	if err != nil {
		return err
	}
	args := []any{to, db.JSON[ImportOptions]{V: imp.Options}, db.JSON[storedActor]{V: actor}}
	r, err := tx.Exec(ctx, sqlBeginImport+cond.SQL(), append(args, cond.Args()...)...)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, fault.New(fault.Conflict, "import_state"))
	}
	return s.enqueue(ctx, tid, tx, imp.ID, s.clock())
}

// claim makes this run the only one that may go on with an import in the state.
func (s *Imports) claim(ctx context.Context, tid ID, id db.ID, states ...any) (db.ID, error) {
	run := db.NewID()
	cond := db.Where("tenant_id = ? AND id = ?", tid, id).In("state", states)
	r, err := s.db.Exec(ctx, sqlClaimImport+cond.SQL(), append([]any{run, db.At(s.clock())}, cond.Args()...)...)
	if err != nil {
		return run, err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return run, errors.Join(err, errOvertaken)
	}
	return run, nil
}

// fetch brings a file from the objects to where it can be read at any place.
func (s *Imports) fetch(ctx context.Context, key string) (file *os.File, size int64, err error) {
	r, info, err := s.objects.Open(ctx, key, 0, -1)
	if err != nil {
		return nil, 0, fmt.Errorf("open file of import: %w", err)
	}
	defer r.Close()
	if file, err = os.CreateTemp("", "kenshu-import-"); err != nil {
		return nil, 0, err
	}
	_ = os.Remove(file.Name()) // it goes away with its last reader
	if _, err := io.Copy(file, r); err != nil {
		return nil, 0, errors.Join(err, file.Close())
	}
	return file, info.Size, nil
}

// check reads a file against the people as they are and keeps ready what it does.
func (s *Imports) check(ctx context.Context, tid ID, imp Import) error {
	run, err := s.claim(ctx, tid, imp.ID, ImportWaiting, ImportReading)
	if err != nil {
		return err
	}
	if err := s.clearRows(ctx, tid, imp.ID); err != nil {
		return err
	}
	file, size, err := s.fetch(ctx, imp.objectKey)
	if err != nil {
		return err
	}
	defer file.Close()
	p, known, err := s.prepare(ctx, tid, imp, run, file, size)
	if err != nil {
		return err
	}
	if !known {
		if imp.Options.Automatic {
			return fault.New(fault.Conflict, "import_mapping_needed")
		}
		return s.checked(ctx, tid, imp, p, ImportUnmapped)
	}
	if err := p.readAll(ctx, file, size); err != nil {
		return err
	}
	if err := p.missing(ctx, imp.Options.missing(), cmp.Or(imp.Options.LeftOn, Today(s.clock))); err != nil {
		return err
	}
	return s.checked(ctx, tid, imp, p, ImportChecked)
}

func (o ImportOptions) missing() MissingPeople {
	if o.Missing == "" {
		return MissingKeep
	}
	return o.Missing
}

// prepare learns what the columns are and what rows are compared with; known is false when somebody has to say first what the columns are.
func (s *Imports) prepare(ctx context.Context, tid ID, imp Import, run db.ID, file io.ReaderAt, size int64) (p *importPlan, known bool, err error) {
	top, err := readHead(file, size)
	if err != nil {
		return nil, false, err
	}
	if len(top.rows) == 0 {
		return nil, false, fault.New(fault.Invalid, "import_empty")
	}
	fields, err := ReadPersonFields(ctx, tid, s.db)
	if err != nil {
		return nil, false, err
	}
	form, err := s.form(ctx, tid, top, imp.Options.Mapping, fields)
	if err != nil {
		return nil, false, err
	}
	tree, err := ReadDepartmentTree(ctx, tid, s.db)
	if err != nil {
		return nil, false, err
	}
	slip, err := s.people.LoginHead(ctx, tid, "", "")
	if err != nil {
		return nil, false, err
	}
	p = &importPlan{service: s, tid: tid, id: imp.ID, run: run, form: form, words: form.mapping().Words, fields: fields, known: &peopleIndex{}, head: slip, deputy: !ofManager(ctx),
		actor: ActorFrom(ctx).Person, tree: tree, made: map[departmentSpot]db.ID{}, looked: map[string]departmentRef{}, logins: map[string]int{}, numbers: map[string]int{},
		names: map[string]int{}, rowOf: map[int32]int{}, given: map[string]bool{},
		summary: ImportSummary{NewDepartments: []string{}, Ignored: []string{}, Form: &form, Format: string(top.info.Format), Encoding: top.info.Encoding}}
	for _, c := range form.Columns {
		if p.summary.Headings = append(p.summary.Headings, c.Heading); c.Target == "" && c.Heading != "" {
			p.summary.Ignored = append(p.summary.Ignored, Clip(c.Heading, 50))
		}
	}
	for _, f := range fields {
		if p.summary.Fields == nil {
			p.summary.Fields = map[string]int64{}
		}
		p.summary.Fields[f.ID.String()] = f.Version
	}
	p.words = imp.Options.Mapping.wordsOr(p.words)
	// A word for a kind of employment that nobody knows is asked about while somebody is there to say; of a file that a program sent its rows are wrong.
	known = form.Sure && (imp.Options.Automatic || imp.Options.Mapping != nil || !form.asksWords())
	return p, known, s.db.QueryRow(ctx, sqlImportPopulation, tid).Scan(&p.summary.Population)
}

// wordsOr are the words that were chosen, whether or not the beginning of the file holds them, and others.
func (m *ImportMapping) wordsOr(words map[string]EmploymentKind) map[string]EmploymentKind {
	if m == nil {
		return words
	}
	for text, kind := range m.Words {
		words[text] = kind
	}
	return words
}

// ofManager tells whether the actor may change the manager's own row.
func ofManager(ctx context.Context) bool {
	who := ActorFrom(ctx)
	return who.Kind != "person" && who.Kind != "token" || who.Role == string(RoleManager)
}

func (p *importPlan) readAll(ctx context.Context, file io.ReaderAt, size int64) error {
	if _, err := readRecords(file, size, p.form, func(r record) error { return p.take(ctx, r) }); err != nil {
		return err
	}
	return p.flush(ctx)
}

// clearRows takes away what an earlier run kept ready, some at a time, so that nobody waits long.
func (s *Imports) clearRows(ctx context.Context, tid ID, id db.ID) error {
	if _, err := s.db.Exec(ctx, sqlClearImportParts, tid, id); err != nil {
		return err
	}
	var last int
	if err := s.db.QueryRow(ctx, sqlLastImportRow, tid, id).Scan(&last); err != nil {
		return db.One(err)
	}
	for from := 0; from < last; from += importStep {
		if _, err := s.db.Exec(ctx, sqlClearImportRows, tid, id, from+importStep); err != nil {
			return err
		}
	}
	return nil
}

// importStep is how many rows one statement takes on.
const importStep = 2000

// checked ends a check, in the state mapping or checked.
func (s *Imports) checked(ctx context.Context, tid ID, imp Import, p *importPlan, state string) error {
	now := s.clock()
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.own(ctx, tid, tx, imp.ID, p.run); err != nil {
			return err
		}
		var problem any // why it is checked anew
		if imp.Options.Tries > 0 {
			problem = db.JSON[ImportProblem]{V: ImportProblem{Key: "import_outdated"}}
		}
		if _, err := tx.Exec(ctx, sqlCheckedImport, state, db.JSON[ImportSummary]{V: p.summary}, db.At(now.Add(importKeep)), problem, tid, imp.ID); err != nil {
			return err
		}
		imp.State, imp.Summary = state, p.summary
		return s.decide(ctx, tid, tx, imp)
	})
	if err != nil {
		return fmt.Errorf("end of check: %w", err)
	}
	return nil
}

// decide goes on with an unattended import, or says why not.
func (s *Imports) decide(ctx context.Context, tid ID, tx *db.Tx, imp Import) error {
	if !imp.Options.Automatic || imp.State != ImportChecked {
		return nil
	}
	var problem *ImportProblem
	m := imp.Summary
	switch {
	case m.Wrong > 0:
		problem = &ImportProblem{Key: "import_wrong", Args: map[string]any{"count": m.Wrong}}
	case imp.Options.missing() != MissingKeep && m.Missing*100 > imp.Options.Limit*max(1, m.Population):
		problem = &ImportProblem{Key: "import_too_many", Args: map[string]any{"count": m.Missing, "limit": imp.Options.Limit}}
	case m.Asked() > 0:
		problem = &ImportProblem{Key: "import_department_similar", Args: map[string]any{"count": m.Asked()}}
	case m.Manager:
		problem = &ImportProblem{Key: "import_manager_row"}
	default:
		return s.begin(ctx, tid, tx, imp, ImportApplying, ImportChecked)
	}
	if _, err := tx.Exec(ctx, sqlStopImport, ImportChecked, db.JSON[*ImportProblem]{V: problem}, tid, imp.ID, ImportChecked); err != nil {
		return err
	}
	imp.Problem = problem
	return s.reportTo(ctx, tid, tx, imp)
}

// Tick is the handler of KindPersonImportTick: what has been kept long enough is taken away, and who was promised a file every so many days is told when
// none came.
func (s *Imports) Tick(ctx context.Context, _ db.Job, _ func(done, total int64)) error {
	now := s.clock()
	due := []struct {
		tenant int64
		id     db.ID
	}{}
	err := db.Each(ctx, s.db, sqlImportsKept, []any{db.At(now), db.At(now.Add(-importKeep))}, func(scan func(...any) error) error {
		var one struct {
			tenant int64
			id     db.ID
		}
		err := scan(&one.tenant, &one.id)
		due = append(due, one)
		return err
	})
	if err != nil {
		return fmt.Errorf("imports that were kept long enough: %w", err)
	}
	for _, d := range due {
		if err := s.forget(ctx, System(d.tenant, "end of what an import keeps"), d.id); err != nil {
			return err
		}
	}
	return s.warnSilence(ctx)
}

// KindPersonImportTick is the job that runs every few minutes.
const KindPersonImportTick = "person.import.tick"

// ImportTick is how often it runs.
const ImportTick = 10 * time.Minute

// forget takes away what a file said about people, and the file; the counts stay, and its digest in the log.
func (s *Imports) forget(ctx context.Context, tid ID, id db.ID) error {
	if err := s.clearRows(ctx, tid, id); err != nil {
		return err
	}
	imp, err := s.Find(ctx, tid, id)
	if err != nil {
		return err
	}
	if imp.objectKey != "" {
		if err := s.objects.Remove(ctx, imp.objectKey); err != nil {
			return fmt.Errorf("remove file of import: %w", err)
		}
	}
	if imp.Summary.Form != nil {
		for i := range imp.Summary.Form.Columns {
			imp.Summary.Form.Columns[i].Samples = nil
		}
	}
	_, err = s.db.Exec(ctx, sqlForgotImport, db.JSON[ImportSummary]{V: imp.Summary}, tid, id)
	return err
}
