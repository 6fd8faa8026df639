package tenant

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"kenshu/fault"
	"kenshu/storage/blob"
	"kenshu/storage/cache"
	"kenshu/storage/db"
)

// Limits of a file of people.
const (
	MaxImportBytes       = 64 << 20
	MaxImportRows        = 100_000
	MaxImportDepartments = 2_000 // made by one file: more is a column taken for another
)

// How long what a file says about people is kept beside them, in hours: for an undo, and for a preview that nobody put into effect.
const (
	importUndo = 24 * time.Hour
	importKeep = 7 * 24 * time.Hour
)

// maxImportsADay is how many files of one organisation are taken in 24 hours: each may have 64 MB, and is kept with its rows for up to a week.
const maxImportsADay = 300

// The states of an import.
const (
	ImportWaiting  = "waiting"  // received; it is read at its hour
	ImportReading  = "reading"  // being checked
	ImportUnmapped = "mapping"  // somebody must say what the columns are
	ImportChecked  = "checked"  // dry run done; nothing changed
	ImportRefused  = "refused"  // the file as a whole cannot be read
	ImportApplying = "applying" // being put into effect
	ImportApplied  = "applied"
	ImportUndoing  = "undoing"
	ImportUndone   = "undone"
)

// The outcomes of a row.
const (
	RowAdded     = "added"
	RowChanged   = "changed"
	RowUnchanged = "unchanged"
	RowWrong     = "wrong"
	RowMissing   = "missing" // a person whom the file does not name
)

// Where an import came from.
const (
	OriginPage = "page" // a person chose the file
	OriginCall = "call" // a program sent it to be done at once
	OriginDrop = "drop" // a program laid it down, to be done at the hour that the organisation chose
)

// KindPersonImport is the job that reads a file of people, puts it into effect, or takes it back.
const KindPersonImport = "person.import"

// Import is a file of people and what became of it.
type Import struct {
	ID        db.ID
	FileName  string
	State     string
	Origin    string
	Summary   ImportSummary
	Options   ImportOptions
	Problem   *ImportProblem // why it went no further, or was refused
	Actor     string         // name of who acted last
	CreatedAt db.Time
	AppliedAt db.Time
	Done      int     // rows, while it is being worked on
	Total     int     // of them there are; 0 while that is not known
	RowsUntil db.Time // what the file says about people is kept so long
	UndoUntil db.Time

	actor     storedActor
	objectKey string
	sha       db.Hash
	run       db.ID
}

// ImportProblem is a sentence of the page's dictionary.
type ImportProblem struct {
	Key  string         `json:"key"`
	Args map[string]any `json:"args,omitempty"`
}

// ImportOptions are what was chosen for one import.
type ImportOptions struct {
	Mapping   *ImportMapping `json:"mapping,omitempty"` // nil: as remembered or guessed
	Missing   MissingPeople  `json:"missing"`
	LeftOn    string         `json:"left_on,omitempty"`   // with MissingLeave
	Automatic bool           `json:"automatic,omitempty"` // put into effect without asking, within Limit
	Limit     int            `json:"limit,omitempty"`     // percent of the people who may go without asking
	Tries     int            `json:"tries,omitempty"`     // how often people had changed before it could be put into effect
}

// MissingPeople says what happens to people whom the file does not name.
type MissingPeople string

// The choices for missing people.
const (
	MissingKeep    MissingPeople = "keep"
	MissingSuspend MissingPeople = "suspend"
	MissingLeave   MissingPeople = "leave"
)

// ImportSummary is what a dry run found.
type ImportSummary struct {
	Added          int                 `json:"added"`
	Changed        int                 `json:"changed"`
	Unchanged      int                 `json:"unchanged"`
	Wrong          int                 `json:"wrong"`
	Missing        int                 `json:"missing"`    // people whom the file does not name, whatever is chosen for them
	Population     int                 `json:"population"` // people at the time of the check
	NewDepartments []string            `json:"new_departments"`
	Ignored        []string            `json:"ignored"` // headings that were left out
	Headings       []string            `json:"headings,omitempty"`
	Form           *ImportForm         `json:"form,omitempty"` // what is known of the columns
	Format         string              `json:"format"`
	Encoding       string              `json:"encoding"`
	Manager        bool                `json:"manager,omitempty"` // the manager's own row changes
	Fields         map[string]int64    `json:"fields,omitempty"`  // the version of each own field at the time of the check
	Departments    []newDepartment     `json:"departments,omitempty"`
	Similar        []SimilarDepartment `json:"similar,omitempty"` // names that are nearly those of departments
	Kana           int                 `json:"kana,omitempty"`    // rows whose reading was not in full-width katakana
	Undo           *ImportUndoCount    `json:"undo,omitempty"`
}

// newDepartment is one that the file makes.
type newDepartment struct {
	ID     db.ID  `json:"id"`
	Parent db.ID  `json:"parent,omitzero"`
	Name   string `json:"name"`
}

// storedActor is who acts, kept for the job that goes on with their work.
type storedActor struct {
	Kind      string `json:"kind"`
	Person    db.ID  `json:"person"`
	Name      string `json:"name"`
	Role      string `json:"role"`
	Source    string `json:"source"`
	RequestID string `json:"request_id"`
	Token     db.ID  `json:"token,omitzero"`
	Epoch     int64  `json:"epoch,omitempty"`
}

// storeActor keeps who orders in ctx; whoever goes on with an mandate of before, as a job does that checks a file anew, keeps its epoch.
func storeActor(ctx context.Context, tid ID, r db.Runner) (storedActor, error) {
	a := ActorFrom(ctx)
	by, err := mandateOf(ctx, tid, r)
	if before, ok := ctx.Value(mandateKey{}).(mandate); ok {
		by = before
	}
	return storedActor{a.Kind, a.Person, a.Name, a.Role, a.Source, a.RequestID, by.Token, by.Epoch}, err
}

type mandateKey struct{}

func (a storedActor) actor(tid ID) Actor {
	return Actor{Kind: a.Kind, Tenant: tid, Person: a.Person, Name: a.Name, Role: a.Role, Source: a.Source, RequestID: a.RequestID, Token: a.Token}
}

// mandate is who asked for what the job does.
func (a storedActor) mandate() mandate {
	if a.Kind != "person" && a.Kind != "token" {
		return mandate{}
	}
	return mandate{Person: a.Person, Role: a.Role, Epoch: a.Epoch, Token: a.Token}
}

// ImportRow is what happens to one row of the file.
type ImportRow struct {
	Number         int // as Excel shows it; of a missing person a number after the last row
	Outcome        string
	Person         db.ID // whom the row means, when known
	Name           string
	LoginID        string
	EmployeeNumber string
	Changes        []ImportChange
	Faults         []fault.Field // Path is the field
	Undo           string        // what an undo does or did with it, "" when it was not asked
}

// ImportChange is one value before and after.
type ImportChange struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Imports receives files of people, checks them, puts them into effect and takes them back. All of it is done by jobs.
type Imports struct {
	db      *db.DB
	objects blob.Objects
	people  *People
	acts    *PeopleActs
	audit   *Audit
	outbox  *Outbox
	traces  []PersonTraces
	clock   clockFunc

	far       cache.Store // how far a transaction is that others cannot look into
	publicURL string
}

// NewImports makes the service. The files lie in objects until their rows are forgotten. acts are how people go and come back; traces are asked before
// an undo removes anybody. In far stands how far a file is being put into effect; publicURL is where mails say that the page is.
func NewImports(d *db.DB, objects blob.Objects, acts *PeopleActs, outbox *Outbox, far cache.Store, publicURL string, traces ...PersonTraces) *Imports {
	people := acts.people
	return &Imports{db: d, objects: objects, people: people, acts: acts, audit: people.audit, outbox: outbox, clock: people.clock, traces: traces, far: far, publicURL: publicURL}
}

// ImportFile is a file as it was received.
type ImportFile struct {
	Name string
	Size int64
	SHA  db.Hash
	Body io.Reader
}

// Receive keeps a file under id and has it read by a job; nobody is changed by that unless options.Automatic. The same id again answers the first
// file. It returns fault.TooLarge.
func (s *Imports) Receive(ctx context.Context, tid ID, id db.ID, file ImportFile, origin string, options ImportOptions, at time.Time) (Import, error) {
	if file.Size > MaxImportBytes {
		return Import{}, fault.New(fault.TooLarge, "sheet_bytes", "limit", MaxImportBytes)
	}
	if err := options.validate(Today(s.clock)); err != nil {
		return Import{}, err
	}
	if found, err := s.Find(ctx, tid, id); !fault.Is(err, fault.NotFound) { // another file must not take the place of what was checked, or even applied
		return found, err
	}
	prefix, err := s.prefix(ctx, tid)
	if err != nil {
		return Import{}, err
	}
	now := s.clock()
	var today int
	if err := s.db.QueryRow(ctx, sqlImportsSince, tid, db.At(now.Add(-24*time.Hour))).Scan(&today); err != nil {
		return Import{}, fmt.Errorf("receive import: %w", err)
	}
	if today >= maxImportsADay {
		return Import{}, fault.New(fault.Limited, "limited", "retry_after", 3600)
	}
	key := prefix + "/person_import/" + id.String() + "/" + db.NewID().String()
	if _, err := s.objects.Put(ctx, key, file.Body, file.Size, "application/octet-stream"); err != nil {
		return Import{}, fmt.Errorf("keep file: %w", err)
	}
	state := ImportReading
	until := now
	if at.After(now) {
		state, until = ImportWaiting, at
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		actor, err := storeActor(ctx, tid, tx)
		if err != nil {
			return err
		}
		if err := tx.InsertMany(ctx, sqlInsertImport, rowInsertImport, [][]any{{tid, id, Clip(Tidy(file.Name), 255), key, file.SHA, state,
			`{"new_departments":[],"ignored":[]}`, ActorFrom(ctx).Person, db.At(now), origin, db.JSON[ImportOptions]{V: options}, db.JSON[storedActor]{V: actor},
			db.At(until.Add(importKeep))}}); err != nil {
			return err
		}
		return s.enqueue(ctx, tid, tx, id, at)
	})
	if err != nil {
		_ = s.objects.Remove(context.WithoutCancel(ctx), key)
	}
	if err != nil && !db.IsDuplicate(err) {
		return Import{}, fmt.Errorf("receive import: %w", err)
	}
	return s.Find(ctx, tid, id)
}

// enqueue has a job go on with an import, once whatever happens, at the given time or at once.
func (s *Imports) enqueue(ctx context.Context, tid ID, tx *db.Tx, id db.ID, at time.Time) error {
	payload, err := json.Marshal(map[string]db.ID{"import": id})
	if err != nil {
		return err
	}
	return tx.Enqueue(ctx, s.clock(), db.Job{Kind: KindPersonImport, Tenant: tid.n, Payload: payload, RunAt: db.At(at), Max: importTries})
}

// importTries is how often a job tries before the import is refused.
const importTries = 6

// prefix is where the organisation's objects are.
func (s *Imports) prefix(ctx context.Context, tid ID) (string, error) {
	var org db.ID
	err := db.One(s.db.QueryRow(ctx, sqlImportOrganisation, tid).Scan(&org))
	return org.String(), err
}

// Find gives an import with its counts, or fault.NotFound.
func (s *Imports) Find(ctx context.Context, tid ID, id db.ID) (Import, error) {
	imp, err := scanImport(s.db.QueryRow(ctx, sqlFindImport, tid, id))
	if err == nil && (imp.State == ImportApplying || imp.State == ImportUndoing) {
		imp.Done, imp.Total = s.howFar(ctx, id)
	}
	return imp, err
}

// List gives the imports, newest first, and the cursor of the next page.
func (s *Imports) List(ctx context.Context, tid ID, page db.Page) ([]Import, string, error) {
	cond := db.Where("tenant_id = ?", tid)
	after, err := db.ReadCursor(page.After, 2)
	if err != nil {
		return nil, "", err
	}
	if after != nil {
		id, err := db.ParseID(after[1])
		if err != nil {
			return nil, "", fault.Wrap(err, fault.Invalid, "cursor")
		}
		at := number([]byte(after[0]))
		cond.And("created_at < ? OR (created_at = ? AND id < ?)", at, at, id)
	}
	limit := page.Clamp()
	list, err := db.List(ctx, s.db, sqlImports+cond.SQL()+" ORDER BY created_at DESC, id DESC LIMIT ?", cond.Args(limit+1), scanImport)
	if err != nil {
		return nil, "", fmt.Errorf("list imports: %w", err)
	}
	if len(list) <= limit {
		return list, "", nil
	}
	last := list[limit-1]
	return list[:limit], db.Cursor(fmt.Sprint(last.CreatedAt.UnixMicro()), last.ID.String()), nil
}

func scanImport(row db.Row) (Import, error) {
	var imp Import
	var summary db.JSON[ImportSummary]
	var options db.JSON[ImportOptions]
	var actor db.JSON[storedActor]
	var problem db.JSON[*ImportProblem]
	err := db.One(row.Scan(&imp.ID, &imp.FileName, &imp.objectKey, &imp.sha, &imp.State, &summary, &imp.CreatedAt, &imp.AppliedAt,
		&imp.Origin, &options, &actor, &problem, &imp.run, &imp.Done, &imp.Total, &imp.RowsUntil, &imp.UndoUntil))
	imp.Summary, imp.Options, imp.actor, imp.Problem = summary.V, options.V, actor.V, problem.V
	imp.Actor = imp.actor.Name
	return imp, err
}

// ImportPage is part of a preview.
type ImportPage struct {
	Items []ImportRow
	Next  string
	Total int // of this outcome
}

// Rows gives the rows with an outcome ("" for all) in the order of the file; none when they are kept no longer.
func (s *Imports) Rows(ctx context.Context, tid ID, id db.ID, outcome string, page db.Page) (ImportPage, error) {
	imp, err := s.Find(ctx, tid, id)
	if err != nil {
		return ImportPage{}, err
	}
	after, err := db.ReadCursor(page.After, 1)
	if err != nil {
		return ImportPage{}, err
	}
	from := 0
	if after != nil {
		from = digits(after[0])
	}
	limit := page.Clamp()
	out := ImportPage{Items: []ImportRow{}, Total: imp.Summary.of(outcome)}
	rows, err := s.rows(ctx, tid, s.db, id, outcome, from, limit+1)
	if err != nil {
		return ImportPage{}, err
	}
	if len(rows) > limit {
		rows = rows[:limit]
		out.Next = db.Cursor(fmt.Sprint(rows[limit-1].Number))
	}
	for _, r := range rows {
		out.Items = append(out.Items, r.ImportRow)
	}
	return out, nil
}

// of counts the rows of an outcome.
func (m ImportSummary) of(outcome string) int {
	switch outcome {
	case RowAdded:
		return m.Added
	case RowChanged:
		return m.Changed
	case RowUnchanged:
		return m.Unchanged
	case RowWrong:
		return m.Wrong
	case RowMissing:
		return m.Missing
	}
	return m.Added + m.Changed + m.Unchanged + m.Wrong + m.Missing
}

// keptRow is a row with what only the service needs.
type keptRow struct {
	ImportRow
	version int64
	before  *keptPerson
	cells   []string
	oneTime bool // they have a one-time password now; known after judge
}

// keptPerson is a person as they were before the import.
type keptPerson struct {
	Input PersonInput `json:"input"`
	State PersonState `json:"state"`

	// Of who leaves: the last day that was planned, and posts that have an end or begin later.
	LeavesOn string     `json:"leaves_on,omitempty"`
	Posts    []keptPost `json:"posts,omitempty"`
}

// keptPost is a post that a return alone would not bring back as it was.
type keptPost struct {
	Department db.ID   `json:"department"`
	StartsOn   string  `json:"starts_on"`
	EndsOn     db.Text `json:"ends_on,omitempty"`
	Main       bool    `json:"main,omitempty"`
}

// rowDetail is the part of a row that only people read.
type rowDetail struct {
	Changes []ImportChange `json:"changes,omitempty"`
	Faults  []fault.Field  `json:"faults,omitempty"`
	Cells   []string       `json:"cells,omitempty"` // of a wrong row, as in the file
	Made    bool           `json:"made,omitempty"`  // the login ID is proposed by us
}

// rows reads rows after a position.
func (s *Imports) rows(ctx context.Context, tid ID, r db.Runner, id db.ID, outcome string, after, limit int) ([]keptRow, error) {
	cond := db.Where("r.tenant_id = ? AND r.import_id = ?", tid, id).And("r.position > ?", after)
	if outcome != "" {
		cond.And("r.outcome = ?", outcome)
	}
	var list []keptRow
	err := db.Each(ctx, r, sqlImportRows+cond.SQL()+" ORDER BY r.position LIMIT ?", cond.Args(limit), func(scan func(...any) error) error {
		var k keptRow
		var detail db.JSON[rowDetail]
		var before db.JSON[*keptPerson]
		if err := scan(&k.Number, &k.Outcome, &k.Person, &k.version, &k.Name, &k.LoginID, &k.EmployeeNumber, &detail, &before, &k.Undo); err != nil {
			return err
		}
		k.Changes, k.Faults, k.cells, k.before = detail.V.Changes, detail.V.Faults, detail.V.Cells, before.V
		if detail.V.Made {
			k.LoginID = ""
		}
		list = append(list, k)
		return nil
	})
	return list, err
}
