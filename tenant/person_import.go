package tenant

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"time"

	"kenshu/fault"
	"kenshu/storage/blob"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
)

// Limits of a file of people.
const (
	MaxImportBytes = 20 << 20
	MaxImportRows  = 20_000
)

// The states of an import.
const (
	ImportChecked = "checked" // dry run only; nothing changed
	ImportApplied = "applied"
)

// The outcomes of a row.
const (
	RowAdded     = "added"
	RowChanged   = "changed"
	RowUnchanged = "unchanged"
	RowWrong     = "wrong"
)

// Import is a file of people that was checked and perhaps applied.
type Import struct {
	ID        db.ID
	FileName  string
	State     string
	Summary   ImportSummary
	CreatedAt db.Time
	AppliedAt db.Time

	objectKey string
	sha       db.Hash
}

// ImportSummary is what a dry run found.
type ImportSummary struct {
	Added          int      `json:"added"`
	Changed        int      `json:"changed"`
	Unchanged      int      `json:"unchanged"`
	Wrong          int      `json:"wrong"`
	NewDepartments []string `json:"new_departments"`
	Ignored        []string `json:"ignored"` // headings that mean nothing to us
	Format         string   `json:"format"`
	Encoding       string   `json:"encoding"`
	Digest         string   `json:"digest"` // of the preview: applying does exactly this or nothing
}

// ImportRow is what happens to one row of the file.
type ImportRow struct {
	Number         int            `json:"row"` // as Excel shows it
	Outcome        string         `json:"outcome"`
	Person         db.ID          `json:"person,omitzero"` // whom the row means, when known
	Name           string         `json:"name"`
	LoginID        string         `json:"login_id"`
	EmployeeNumber string         `json:"employee_number"`
	Changes        []ImportChange `json:"changes,omitempty"`
	Faults         []fault.Field  `json:"faults,omitempty"` // Path is the field; Args["column"] the heading in the file
}

// ImportChange is one value before and after.
type ImportChange struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Imports checks files of people and applies them.
type Imports struct {
	db      *db.DB
	objects blob.Objects
	people  *People
	audit   *Audit
	clock   clockFunc
	turns   chan struct{}
}

// Six files of 17 MB looked at together take 1.2 GB: a process looks at so many at once, and who waits longer is told to come again.
const (
	importsAtOnce = 2
	importWait    = 30 * time.Second
)

func (s *Imports) turn(ctx context.Context) (done func(), err error) {
	timer := time.NewTimer(importWait)
	defer timer.Stop()
	select {
	case s.turns <- struct{}{}:
		return func() { <-s.turns }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-timer.C:
		return nil, fault.New(fault.Unavailable, "busy")
	}
}

// NewImports makes the service. The files are kept in objects, as evidence of what was applied.
func NewImports(d *db.DB, objects blob.Objects, people *People, audit *Audit, clock func() time.Time) *Imports {
	return &Imports{db: d, objects: objects, people: people, audit: audit, clock: clock, turns: make(chan struct{}, importsAtOnce)}
}

// Check reads a file under id and tells what applying it would do; nobody is changed. The same id again answers the first check.
// It returns fault.TooLarge, or fault.Invalid when the file as a whole cannot be read: "import_no_name" (no heading for names),
// "import_column_twice", "import_empty", or what sheet.Read returns.
func (s *Imports) Check(ctx context.Context, tid ID, id db.ID, fileName string, file []byte) (Import, error) {
	if len(file) > MaxImportBytes {
		return Import{}, fault.New(fault.TooLarge, "sheet_bytes", "limit", MaxImportBytes)
	}
	if found, err := s.Find(ctx, tid, id); !fault.Is(err, fault.NotFound) { // another file must not take the place of what was checked, or even applied
		return found, err
	}
	done, err := s.turn(ctx)
	if err != nil {
		return Import{}, err
	}
	defer done()
	plan, err := s.plan(ctx, tid, s.db, file)
	if err != nil {
		return Import{}, err
	}
	prefix, err := s.prefix(ctx, tid)
	if err != nil {
		return Import{}, err
	}
	imp := Import{
		ID: id, FileName: Clip(Tidy(fileName), 255), State: ImportChecked, Summary: plan.summary, CreatedAt: db.At(s.clock()),
		objectKey: prefix + "/person_import/" + id.String(), sha: sha256.Sum256(file),
	}
	if err := s.keep(ctx, imp, file, plan.rows); err != nil {
		return Import{}, err
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		return tx.InsertMany(ctx, sqlInsertImport, rowInsertImport, [][]any{{tid, id, imp.FileName, imp.objectKey, imp.sha, imp.State,
			db.JSON[ImportSummary]{V: imp.Summary}, ActorFrom(ctx).Person, imp.CreatedAt}})
	})
	if db.IsDuplicate(err) {
		return s.Find(ctx, tid, id)
	}
	return imp, err
}

// prefix is where the organisation's objects are.
func (s *Imports) prefix(ctx context.Context, tid ID) (string, error) {
	var org db.ID
	err := db.One(s.db.QueryRow(ctx, sqlImportOrganisation, tid).Scan(&org))
	return org.String(), err
}

// keep stores the file and its preview.
func (s *Imports) keep(ctx context.Context, imp Import, file []byte, rows []ImportRow) error {
	if file != nil {
		if _, err := s.objects.Put(ctx, imp.objectKey, bytes.NewReader(file), int64(len(file)), "application/octet-stream"); err != nil {
			return err
		}
	}
	preview, err := json.Marshal(rows)
	if err != nil {
		return err
	}
	_, err = s.objects.Put(ctx, imp.objectKey+".preview", bytes.NewReader(preview), int64(len(preview)), "application/json")
	return err
}

// Find gives an import with its counts, or fault.NotFound.
func (s *Imports) Find(ctx context.Context, tid ID, id db.ID) (Import, error) {
	return scanImport(s.db.QueryRow(ctx, sqlFindImport, tid, id))
}

func scanImport(row interface{ Scan(...any) error }) (Import, error) {
	var imp Import
	var summary db.JSON[ImportSummary]
	err := db.One(row.Scan(&imp.ID, &imp.FileName, &imp.objectKey, &imp.sha, &imp.State, &summary, &imp.CreatedAt, &imp.AppliedAt))
	imp.Summary = summary.V
	return imp, err
}

// ImportPage is part of a preview.
type ImportPage struct {
	Items []ImportRow
	Next  string
	Total int // of this outcome
}

// Rows gives the rows with an outcome ("" for all) in the order of the file.
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
	rows, err := s.preview(ctx, imp)
	if err != nil {
		return ImportPage{}, err
	}
	out, limit := ImportPage{Items: []ImportRow{}}, page.Clamp()
	for _, r := range rows {
		if outcome != "" && r.Outcome != outcome {
			continue
		}
		out.Total++
		switch {
		case r.Number <= from:
		case len(out.Items) < limit:
			out.Items = append(out.Items, r)
		default:
			out.Next = db.Cursor(fmt.Sprint(out.Items[limit-1].Number))
		}
	}
	return out, nil
}

func (s *Imports) preview(ctx context.Context, imp Import) ([]ImportRow, error) {
	raw, err := s.object(ctx, imp.objectKey+".preview")
	if err != nil {
		return nil, err
	}
	var rows []ImportRow
	err = json.Unmarshal(raw, &rows)
	return rows, err
}

func (s *Imports) object(ctx context.Context, key string) ([]byte, error) {
	r, info, err := s.objects.Open(ctx, key, 0, -1)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	b := bytes.NewBuffer(make([]byte, 0, info.Size+bytes.MinRead))
	_, err = b.ReadFrom(r)
	return b.Bytes(), err
}

// plan reads a file against the people as they are now.
func (s *Imports) plan(ctx context.Context, tid ID, r db.Runner, file []byte) (*importPlan, error) {
	records, summary, err := readRecords(file)
	if err != nil {
		return nil, err
	}
	known, err := s.snapshot(ctx, tid, r)
	if err != nil {
		return nil, err
	}
	head, err := s.people.LoginHead(ctx, tid, "", "")
	if err != nil {
		return nil, err
	}
	plan := &importPlan{known: known, head: head, summary: summary, deputy: !ofManager(ctx), departments: map[string]bool{}}
	for i := range records {
		plan.add(&records[i])
	}
	return plan, plan.close()
}

// ofManager tells whether the actor may change the manager's own row.
func ofManager(ctx context.Context) bool {
	who := ActorFrom(ctx)
	return who.Kind != "person" || who.Role == string(RoleManager)
}

// WrongRows gives the faulty rows as a table to mend, with the reason in front; sentence puts a fault into words.
func (s *Imports) WrongRows(ctx context.Context, tid ID, id db.ID, language string, sentence func(fault.Field) string) (sheet.Table, error) {
	imp, err := s.Find(ctx, tid, id)
	if err != nil {
		return sheet.Table{}, err
	}
	rows, err := s.preview(ctx, imp)
	if err != nil {
		return sheet.Table{}, err
	}
	file, err := s.object(ctx, imp.objectKey)
	if err != nil {
		return sheet.Table{}, err
	}
	records, _, err := readRecords(file)
	if err != nil {
		return sheet.Table{}, err
	}
	return wrongTable(rows, records, language, sentence), nil
}
