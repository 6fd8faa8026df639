package content

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// KindQuestionImport is the job that puts a checked file of questions into the bank.
const KindQuestionImport = "question.import"

// maxQuestionChecks is how many files of one organisation wait to be read: each is in memory whole.
const maxQuestionChecks = 2

// importRowsKept is how long the rows of a checked file stay.
const importRowsKept = 7 * 24 * time.Hour

// maxRowFaults is how many of the faults of one row are kept; nobody reads further.
const maxRowFaults = 50

// The states of an import.
const (
	ImportChecked  = "checked" // nothing changed yet
	ImportApplying = "applying"
	ImportApplied  = "applied"
)

// The outcomes of a row.
const (
	RowAdded     = "added"
	RowChanged   = "changed"
	RowUnchanged = "unchanged" // stands in the bank, or earlier in the file
	RowWrong     = "wrong"
)

// QuestionImport is a file of questions and what became of it.
type QuestionImport struct {
	ID        db.ID
	FileName  string
	Format    string
	State     string
	Counts    ImportCounts
	Problem   string // why applying went wrong: a key of the page's dictionary; empty when it did not
	Done      int
	Total     int
	CreatedAt db.Time
	AppliedAt db.Time

	actor tenant.StoredActor
}

// ImportCounts are the rows of a file by outcome.
type ImportCounts struct {
	Added     int `json:"added"`
	Changed   int `json:"changed"`
	Unchanged int `json:"unchanged"`
	Wrong     int `json:"wrong"`
}

// ImportRow is what a file does with one question.
type ImportRow struct {
	Number   int
	Outcome  string
	Question db.ID // of the bank, when it stands there
	Input    QuestionInput
	Faults   []fault.Field
	Notes    []fault.Field

	version int64
}

// rowNotes is what is kept of a row for people to read.
type rowNotes struct {
	Faults []fault.Field `json:"faults,omitempty"`
	Notes  []fault.Field `json:"notes,omitempty"`
}

// Check reads a file of questions against the bank and keeps what it would do under id; the bank stays as it is. The same id again answers the first file. It
// returns the faults of ReadQuestions, and fault.Limited when files of theirs wait already.
func (s *Questions) Check(ctx context.Context, tid tenant.ID, id db.ID, name string, sha db.Hash, file io.Reader) (QuestionImport, error) {
	if found, err := s.FindImport(ctx, tid, id); !fault.Is(err, fault.NotFound) {
		return found, err
	}
	done, err := s.checks.Take(ctx, tid, maxQuestionChecks)
	if err != nil {
		return QuestionImport{}, err
	}
	defer done()
	raw, err := io.ReadAll(io.LimitReader(file, MaxQuestionFile+1))
	if err != nil {
		return QuestionImport{}, fmt.Errorf("read file of questions: %w", err)
	}
	format, list, err := ReadQuestions(bytes.NewReader(raw), int64(len(raw)), name)
	if err != nil {
		return QuestionImport{}, err
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		rows, err := s.weigh(ctx, tx, tid, list)
		if err != nil {
			return err
		}
		return s.keep(ctx, tx, tid, QuestionImport{ID: id, FileName: tenant.Clip(tenant.Tidy(name), 255), Format: format}, sha, rows)
	})
	if err != nil && !db.IsDuplicate(err) {
		return QuestionImport{}, fmt.Errorf("check questions: %w", err)
	}
	return s.FindImport(ctx, tid, id)
}

// weigh says what each question of a file would do.
func (s *Questions) weigh(ctx context.Context, r db.Runner, tid tenant.ID, list []FileQuestion) ([]ImportRow, error) {
	byID, byDigest, err := s.known(ctx, r, tid, list)
	if err != nil {
		return nil, err
	}
	seen := map[db.Hash]bool{}
	var ids = map[db.ID]bool{}
	rows := make([]ImportRow, 0, len(list))
	for _, f := range list {
		row := ImportRow{Number: f.Row, Input: f.Input, Faults: f.Faults, Notes: f.Notes, Outcome: RowAdded}
		digest := sameness(f.Input)
		old, exists := byID[f.ID]
		switch {
		case len(f.Faults) > 0:
			row.Outcome = RowWrong
		case exists && ids[f.ID]:
			row.Outcome, row.Faults = RowWrong, []fault.Field{{Path: "id", Key: "import_id_twice"}}
		case exists:
			ids[f.ID] = true
			row.Question, row.version, row.Outcome = f.ID, old.Version, RowChanged
			if alike(old, f.Input, digest) {
				row.Outcome = RowUnchanged
			}
		case seen[digest]:
			row.Outcome = RowUnchanged
		case !byDigest[digest].IsZero():
			row.Question, row.Outcome = byDigest[digest], RowUnchanged
		}
		seen[digest] = true
		rows = append(rows, row)
	}
	return rows, nil
}

func alike(old BankQuestion, in QuestionInput, digest db.Hash) bool {
	same := sameness(old.input()) == digest && old.Category == in.Category && old.Difficulty == in.Difficulty && len(old.Tags) == len(in.Tags)
	for _, tag := range in.Tags {
		found := false
		for _, have := range old.Tags {
			found = found || have == tag
		}
		same = same && found
	}
	return same
}

// known finds the questions that a file names by their ids, and those that say the same.
func (s *Questions) known(ctx context.Context, r db.Runner, tid tenant.ID, list []FileQuestion) (map[db.ID]BankQuestion, map[db.Hash]db.ID, error) {
	byID, byDigest := map[db.ID]BankQuestion{}, map[db.Hash]db.ID{}
	for len(list) > 0 {
		part := list[:min(len(list), 400)]
		list = list[len(part):]
		var ids, digests []any
		for _, f := range part {
			if !f.ID.IsZero() {
				ids = append(ids, f.ID)
			}
			digests = append(digests, sameness(f.Input))
		}
		if len(ids) > 0 {
			found, err := s.read(ctx, r, tid, db.Where("q.tenant_id = ?", tid).In("q.id", ids), "")
			if err != nil {
				return nil, nil, err
			}
			for _, q := range found {
				byID[q.ID] = q
			}
		}
		cond := db.Where("tenant_id = ?", tid).In("digest", digests).And("state = ?", QuestionActive)
		err := db.Each(ctx, r, sqlQuestionDigests+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
			var id db.ID
			var digest db.Hash
			err := scan(&id, &digest)
			byDigest[digest] = id
			return err
		})
		if err != nil {
			return nil, nil, err
		}
	}
	return byID, byDigest, nil
}

func (s *Questions) keep(ctx context.Context, tx *db.Tx, tid tenant.ID, imp QuestionImport, sha db.Hash, rows []ImportRow) error {
	now := db.At(s.clock())
	old := db.At(s.clock().Add(-importRowsKept))
	if _, err := tx.Exec(ctx, sqlForgetQuestionRows, tid, tid, old); err != nil {
		return err
	}
	actor, err := tenant.StoreActor(ctx, tid, tx)
	if err != nil {
		return err
	}
	var values [][]any
	for i, row := range rows {
		switch row.Outcome {
		case RowAdded:
			imp.Counts.Added++
		case RowChanged:
			imp.Counts.Changed++
		case RowUnchanged:
			imp.Counts.Unchanged++
		default:
			imp.Counts.Wrong++
		}
		value, err := row.kept(tid, imp.ID, i+1)
		if err != nil {
			return err
		}
		values = append(values, value)
	}
	if _, err := tx.Exec(ctx, sqlInsertQuestionImport, tid, imp.ID, imp.FileName, sha, imp.Format, ImportChecked, db.JSON[ImportCounts]{V: imp.Counts},
		db.JSON[tenant.StoredActor]{V: actor}, len(rows), author(ctx), now); err != nil {
		return err
	}
	return tx.InsertMany(ctx, sqlInsertQuestionRow, rowInsertQuestionRow, values)
}

// kept is the row as it is stored. What can be put into the bank is kept whole; of a wrong row as much as people need to find it in their file: nothing
// bounds what may stand in there.
func (r ImportRow) kept(tid tenant.ID, imp db.ID, position int) ([]any, error) {
	in, notes := r.Input, rowNotes{r.Faults, r.Notes}
	if r.Outcome == RowWrong {
		in = in.clipped()
		notes = rowNotes{r.Faults[:min(len(r.Faults), maxRowFaults)], r.Notes[:min(len(r.Notes), maxRowFaults)]}
	}
	body, err := json.Marshal(keptInput{r.Number, in})
	if err != nil {
		return nil, err
	}
	detail, err := json.Marshal(notes)
	return []any{tid, imp, position, r.Outcome, r.Question, r.version, string(body), string(detail)}, err
}

// clipped is the input within the limits of a question, whether or not it makes sense then.
func (in QuestionInput) clipped() QuestionInput {
	texts := func(list []string, most, characters int) []string {
		out := make([]string, 0, min(len(list), most))
		for _, text := range list[:min(len(list), most)] {
			out = append(out, tenant.Clip(text, characters))
		}
		return out
	}
	choices := func(list []Choice) []Choice {
		out := make([]Choice, 0, min(len(list), MaxChoices))
		for _, c := range list[:min(len(list), MaxChoices)] {
			out = append(out, Choice{ID: tenant.Clip(c.ID, 36), Text: tenant.Clip(c.Text, maxChoice)})
		}
		return out
	}
	in.Category, in.Tags = tenant.Clip(in.Category, maxCategory), texts(in.Tags, MaxTags, maxTag)
	q := &in.Question
	q.Kind, q.Number, q.Tolerance = tenant.Clip(q.Kind, 40), tenant.Clip(q.Number, 40), tenant.Clip(q.Tolerance, 40)
	q.Text, q.Explanation = tenant.Clip(q.Text, maxText), tenant.Clip(q.Explanation, maxText)
	q.Choices, q.Targets = choices(q.Choices), choices(q.Targets)
	q.Correct, q.Accepted = texts(q.Correct, MaxChoices, 80), texts(q.Accepted, MaxAccepted, MaxAnswer)
	return in
}

// keptInput is a row as it was read.
type keptInput struct {
	Number int           `json:"number"`
	Input  QuestionInput `json:"input"`
}

// FindImport gives a file of questions with its counts; fault.NotFound when tid has no such.
func (s *Questions) FindImport(ctx context.Context, tid tenant.ID, id db.ID) (QuestionImport, error) {
	imp := QuestionImport{ID: id}
	var counts db.JSON[ImportCounts]
	var actor db.JSON[tenant.StoredActor]
	var problem db.JSON[string]
	err := db.One(s.db.QueryRow(ctx, sqlFindQuestionImport, tid, id).Scan(
		&imp.FileName, &imp.Format, &imp.State, &counts, &actor, &problem, &imp.Done, &imp.Total, &imp.CreatedAt, &imp.AppliedAt))
	imp.Counts, imp.actor, imp.Problem = counts.V, actor.V, problem.V
	return imp, err
}

// ImportRows gives the rows of a file with an outcome ("" for all) in its order, and the cursor of the next page; none when they are kept no longer.
func (s *Questions) ImportRows(ctx context.Context, tid tenant.ID, id db.ID, outcome string, page db.Page) ([]ImportRow, string, error) {
	if _, err := s.FindImport(ctx, tid, id); err != nil {
		return nil, "", err
	}
	after, err := db.ReadCursor(page.After, 1)
	if err != nil {
		return nil, "", err
	}
	cond := db.Where("tenant_id = ? AND import_id = ?", tid, id)
	if after != nil {
		cond.And("position > ?", after[0])
	}
	if outcome != "" {
		cond.And("outcome = ?", outcome)
	}
	limit := page.Clamp()
	positions, rows, err := s.importRows(ctx, s.db, cond, limit+1)
	if err != nil {
		return nil, "", fmt.Errorf("rows of questions: %w", err)
	}
	if len(rows) <= limit {
		return rows, "", nil
	}
	return rows[:limit], db.Cursor(fmt.Sprint(positions[limit-1])), nil
}

func (s *Questions) importRows(ctx context.Context, r db.Runner, cond *db.Cond, limit int) (positions []int, list []ImportRow, err error) {
	list = []ImportRow{}
	err = db.Each(ctx, r, sqlQuestionRows+cond.SQL()+" ORDER BY position LIMIT ?", cond.Args(limit), func(scan func(...any) error) error {
		var position int
		var row ImportRow
		var body db.JSON[keptInput]
		var notes db.JSON[rowNotes]
		if err := scan(&position, &row.Outcome, &row.Question, &row.version, &body, &notes); err != nil {
			return err
		}
		row.Number, row.Input, row.Faults, row.Notes = body.V.Number, body.V.Input, notes.V.Faults, notes.V.Notes
		positions, list = append(positions, position), append(list, row)
		return nil
	})
	return positions, list, err
}

// Apply has a job put the rows of a checked file that are right into the bank, all or none. It returns fault.NotFound, and fault.Conflict "import_state" when
// the file is being applied or was, or has no row that is right.
func (s *Questions) Apply(ctx context.Context, tid tenant.ID, id db.ID) (QuestionImport, error) {
	imp, err := s.FindImport(ctx, tid, id)
	if err != nil {
		return QuestionImport{}, err
	}
	if imp.Counts.Added+imp.Counts.Changed == 0 {
		return QuestionImport{}, fault.New(fault.Conflict, "import_state")
	}
	payload, err := json.Marshal(map[string]db.ID{"import": id})
	if err != nil {
		return QuestionImport{}, err
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		actor, err := tenant.StoreActor(ctx, tid, tx)
		if err != nil {
			return err
		}
		r, err := tx.Exec(ctx, sqlBeginQuestionImport, ImportApplying, db.JSON[tenant.StoredActor]{V: actor}, tid, id, ImportChecked)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return errors.Join(err, fault.New(fault.Conflict, "import_state"))
		}
		return tx.Enqueue(ctx, s.clock(), db.Job{Kind: KindQuestionImport, Tenant: tid.Number(), Payload: payload, Max: 6})
	})
	if err != nil {
		return QuestionImport{}, fmt.Errorf("apply questions: %w", err)
	}
	return s.FindImport(ctx, tid, id)
}

// ApplyJob is the handler of KindQuestionImport. Until its one transaction commits the bank is as it was, so it may be run again.
func (s *Questions) ApplyJob(ctx context.Context, job db.Job, report func(done, total int64)) error {
	var payload struct {
		Import db.ID `json:"import"`
	}
	if err := json.Unmarshal(job.Payload, &payload); err != nil {
		return fault.Wrap(err, fault.Invalid, "invalid")
	}
	tid := tenant.System(job.Tenant, "import of questions")
	imp, err := s.FindImport(ctx, tid, payload.Import)
	if err != nil || imp.State != ImportApplying {
		return err
	}
	ctx = tenant.WithActor(ctx, imp.actor.Actor(tid))
	total := int64(imp.Counts.Added + imp.Counts.Changed)
	report(0, total)
	err = s.db.Tx(ctx, func(tx *db.Tx) error { return s.apply(ctx, tx, tid, imp) })
	if err == nil {
		report(total, total)
	}
	return job.Settle(err, func(why *fault.Error) error { // it stands where it stood
		_, err := s.db.Exec(context.WithoutCancel(ctx), sqlStopQuestionImport, ImportChecked, db.JSON[string]{V: why.Key}, tid, imp.ID, ImportApplying)
		return err
	})
}

// notThereYet refuses a file whose questions came into the bank after it was checked, with another file for instance: they would stand there twice. From here on
// no other file is put in.
func (s *Questions) notThereYet(ctx context.Context, tx *db.Tx, tid tenant.ID, rows []ImportRow) error {
	var public db.ID
	if err := db.One(tx.QueryRowLocked(ctx, sqlOrganisationPublicID, tid).Scan(&public)); err != nil {
		return err
	}
	var fresh []FileQuestion
	for _, row := range rows {
		if row.Outcome == RowAdded {
			fresh = append(fresh, FileQuestion{Input: row.Input})
		}
	}
	_, there, err := s.known(ctx, tx, tid, fresh)
	if err == nil && len(there) > 0 {
		err = fault.New(fault.Conflict, "question_import_overtaken")
	}
	return err
}

// apply writes every row that is right. It returns fault.Conflict "question_import_overtaken" when a question changed since the check, and fault.Forbidden
// "orderer_gone" when who ordered it may do so no longer.
func (s *Questions) apply(ctx context.Context, tx *db.Tx, tid tenant.ID, imp QuestionImport) error {
	if err := tenant.StillMay(ctx, tid, tx.Locking(), imp.actor); err != nil {
		return err
	}
	_, rows, err := s.importRows(ctx, tx, db.Where("tenant_id = ? AND import_id = ?", tid, imp.ID), MaxFileQuestions+1)
	if err != nil {
		return err
	}
	if len(rows) == 0 {
		return fault.New(fault.Conflict, "question_import_overtaken")
	}
	if err := s.notThereYet(ctx, tx, tid, rows); err != nil {
		return err
	}
	var fresh []newQuestion
	var touched []drawFacts
	var changed []any
	for _, row := range rows {
		switch row.Outcome {
		case RowAdded:
			id := db.NewID()
			fresh = append(fresh, newQuestion{id, row.Input})
			touched = append(touched, row.Input.facts(id))
		case RowChanged:
			changed = append(changed, row.Question)
		}
	}
	if err := s.insert(ctx, tx, tid, fresh); err != nil {
		return err
	}
	before, err := s.overwrite(ctx, tx, tid, rows, changed)
	if err != nil {
		return err
	}
	if err := s.touchCourses(ctx, tx, tid, append(touched, before...)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlEndQuestionImport, ImportApplied, db.At(s.clock()), tid, imp.ID, ImportApplying); err != nil {
		return err
	}
	return s.audit.Append(ctx, tid, tx, tenant.Change{
		Action: "question.import", SubjectKind: "question_import", Subject: imp.ID, After: imp.Counts,
		Detail: map[string]any{"name": imp.FileName, "format": imp.Format, "added": imp.Counts.Added, "changed": imp.Counts.Changed},
	})
}

// overwrite changes the questions that the file names, and gives what decided before and decides now where they are drawn.
func (s *Questions) overwrite(ctx context.Context, tx *db.Tx, tid tenant.ID, rows []ImportRow, ids []any) ([]drawFacts, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	if err := s.lock(ctx, tx, tid, ids); err != nil {
		return nil, err
	}
	found, err := s.read(ctx, tx, tid, db.Where("q.tenant_id = ?", tid).In("q.id", ids), "")
	if err != nil {
		return nil, err
	}
	old := map[db.ID]BankQuestion{}
	for _, q := range found {
		old[q.ID] = q
	}
	var touched []drawFacts
	var list []changedQuestion
	for _, row := range rows {
		if row.Outcome != RowChanged {
			continue
		}
		was, ok := old[row.Question]
		if !ok || was.Version != row.version {
			return nil, fault.New(fault.Conflict, "question_import_overtaken")
		}
		list = append(list, changedQuestion{was, row.Input})
		touched = append(touched, was.facts(), row.Input.facts(was.ID))
	}
	return touched, s.rewrite(ctx, tx, tid, list)
}

// Export writes the questions that a filter chooses, by category, in one of QuestionFormats; language ("ja" or "en") is that of headings. The log records who
// took them along.
func (s *Questions) Export(ctx context.Context, tid tenant.ID, filter QuestionFilter, format, language string, answered AnsweredOf, w io.Writer) error {
	if !slices.Contains(QuestionFormats, format) || sheetHeadings[language] == nil {
		return fault.New(fault.Invalid, "not_in_list")
	}
	cond := filter.cond(tid)
	total := 0
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := db.One(tx.QueryRow(ctx, sqlCountQuestions+cond.SQL(), cond.Args()...).Scan(&total)); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, tenant.Change{
			Action: "question.export", SubjectKind: "question_import", Subject: db.NewID(), Detail: map[string]any{"format": format, "questions": total},
		})
	})
	if err != nil {
		return fmt.Errorf("export questions: %w", err)
	}
	return s.db.Snapshot(ctx, func(r db.Runner) error {
		return writeQuestions(w, format, language, true, func(yield func(BankQuestion, error) bool) {
			category, last := "", db.ID{}
			for first := true; ; first = false {
				page := filter.cond(tid)
				if !first {
					page.And("q.category > ? OR (q.category = ? AND q.id > ?)", category, category, last)
				}
				list, err := s.read(ctx, r, tid, page, " ORDER BY q.category, q.id LIMIT ?", 500)
				if err != nil {
					yield(BankQuestion{}, err)
					return
				}
				known, err := answersTo(ctx, tid, r, answered, list)
				if err != nil {
					yield(BankQuestion{}, err)
					return
				}
				for _, q := range list {
					q.Answered = known[q.Question.ID]
					if !yield(q, nil) {
						return
					}
					category, last = q.Category, q.ID
				}
				if len(list) < 500 {
					return
				}
			}
		})
	})
}

// answersTo asks how the questions of one page were answered, once for all of them.
func answersTo(ctx context.Context, tid tenant.ID, r db.Runner, answered AnsweredOf, list []BankQuestion) (map[db.ID]Answered, error) {
	versions := make([]db.ID, 0, len(list))
	for _, q := range list {
		versions = append(versions, q.Question.ID)
	}
	return answered(ctx, tid, r, versions)
}
