package tenant

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"kenshu/fault"
	"kenshu/storage/blob"
	"kenshu/storage/db"
)

// The jobs of password files.
const (
	KindPasswordFile    = "credential.password_file"     // hashes and applies
	KindPasswordFileEnd = "credential.password_file_end" // removes one that nobody applied
)

// The states of a PasswordFile.
const (
	PasswordFileChecked   = "checked"   // dry run only; nobody's password changed
	PasswordFileQueued    = "queued"    // passwords are being hashed; nobody's changed yet
	PasswordFileApplied   = "applied"   // all of them are in force
	PasswordFileCancelled = "cancelled" // nobody's changed
	PasswordFileExpired   = "expired"   // checked and forgotten: nobody's changed
	PasswordFileFailed    = "failed"    // it could not be applied: nobody's changed
)

// Limits of a file of passwords.
const (
	MaxPasswordFileBytes = 8 << 20
	MaxPasswordRows      = 20_000
	passwordFileKeep     = time.Hour // how long a checked file waits to be applied

	maxPasswordChecks = 2 // of one organisation wait to be judged: a large file takes a core for half a minute
)

// PasswordFile is a list of login IDs and passwords that a manager brought (domain.md section 3). The passwords are one-time in nature: people still choose
// their own at the first log-in.
type PasswordFile struct {
	ID         db.ID
	FileName   string
	State      string
	Total      int
	Wrong      int
	Done       int // passwords hashed so far
	Skipped    int // people who got another credential while the file was being applied: theirs is newer and stays
	CreatedBy  db.ID
	CreatedAt  db.Time
	FinishedAt db.Time

	objectKey string
	problems  []PasswordProblem
}

// PasswordProblem is what is wrong with one row. It never holds what stood in the password's cell.
type PasswordProblem struct {
	Row     int           `json:"row"`                // as Excel shows it
	LoginID string        `json:"login_id,omitempty"` // "" since somebody of the organisation was anonymised or deleted
	Faults  []fault.Field `json:"faults"`             // Path is login_id or password
}

// PasswordFiles sets passwords by file.
type PasswordFiles struct {
	db          *db.DB
	objects     blob.Objects
	people      *People
	credentials *Credentials
	audit       *Audit
	clock       clockFunc
	turns       chan struct{}
	checks      Turns // whose file is being judged
}

// NewPasswordFiles makes the service.
func NewPasswordFiles(d *db.DB, objects blob.Objects, people *People, credentials *Credentials, audit *Audit, clock func() time.Time) *PasswordFiles {
	return &PasswordFiles{db: d, objects: objects, people: people, credentials: credentials, audit: audit, clock: clock, turns: make(chan struct{}, 1)}
}

type passwordPayload struct {
	File db.ID `json:"file"`
	mandate
}

// Check reads a file under id and tells what is wrong with each row; nobody's password changes. The file is kept encrypted for an hour. The same id again
// answers the first check. It returns fault.Conflict "password_files_off" where the organisation does not allow it, fault.TooLarge, fault.Limited when files of theirs wait
// already, or fault.Invalid when the file as a whole cannot be read.
func (s *PasswordFiles) Check(ctx context.Context, tid ID, id db.ID, fileName string, file []byte) (PasswordFile, error) {
	if err := s.allowed(ctx, tid); err != nil {
		return PasswordFile{}, err
	}
	if len(file) > MaxPasswordFileBytes {
		return PasswordFile{}, fault.New(fault.TooLarge, "sheet_bytes", "limit", MaxPasswordFileBytes)
	}
	if found, err := s.Find(ctx, tid, id); !fault.Is(err, fault.NotFound) {
		return found, err
	}
	rows, err := readPasswords(file)
	if err != nil {
		return PasswordFile{}, err
	}
	problems, err := s.judgeInTurn(ctx, tid, rows)
	if err != nil {
		return PasswordFile{}, err
	}
	var organisation db.ID
	if err := db.One(s.db.QueryRow(ctx, sqlImportOrganisation, tid).Scan(&organisation)); err != nil {
		return PasswordFile{}, err
	}
	now := db.At(s.clock())
	f := PasswordFile{ID: id, FileName: Clip(Tidy(fileName), 255), State: PasswordFileChecked, Total: len(rows), Wrong: len(problems), CreatedBy: ActorFrom(ctx).Person,
		CreatedAt: now, objectKey: organisation.String() + "/password_file/" + id.String(), problems: problems}
	if err := s.insert(ctx, tid, f); err != nil {
		if db.IsDuplicate(err) {
			return s.Find(ctx, tid, id)
		}
		return PasswordFile{}, fmt.Errorf("check password file: %w", err)
	}
	// The row and the job that removes the file come before the file: none can be left behind.
	if f.Wrong == 0 {
		err = s.keep(ctx, f, file)
	}
	return f, err
}

func (s *PasswordFiles) allowed(ctx context.Context, tid ID) error {
	policy, err := ReadSecurityPolicy(ctx, tid, s.db)
	if err == nil && !policy.PasswordFiles {
		return fault.New(fault.Conflict, "password_files_off")
	}
	return err
}

func (s *PasswordFiles) insert(ctx context.Context, tid ID, f PasswordFile) error {
	payload, err := json.Marshal(passwordPayload{File: f.ID})
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.InsertMany(ctx, sqlInsertPasswordFile, rowInsertPasswordFile, [][]any{{tid, f.ID, f.FileName, f.objectKey, f.State, f.Total, f.Wrong,
			db.JSON[[]PasswordProblem]{V: f.problems}, f.CreatedBy, f.CreatedAt}}); err != nil {
			return err
		}
		return tx.Enqueue(ctx, s.clock(), db.Job{Kind: KindPasswordFileEnd, Slot: f.ID.String(), Tenant: tid.n, Payload: payload,
			RunAt: db.At(s.clock().Add(passwordFileKeep)), Max: 1000})
	})
}

// sealer gives what closes one file. Its key is outside the database and the object store.
func (s *PasswordFiles) sealer(id db.ID) (Sealer, error) {
	return NewSealer(s.credentials.mac("password file", id.String()))
}

// keep stores the file encrypted.
func (s *PasswordFiles) keep(ctx context.Context, f PasswordFile, file []byte) error {
	sealer, err := s.sealer(f.ID)
	if err != nil {
		return err
	}
	sealed, err := sealer.Seal(file, f.ID[:])
	if err != nil {
		return err
	}
	_, err = s.objects.Put(ctx, f.objectKey, bytes.NewReader(sealed), int64(len(sealed)), "application/octet-stream")
	return err
}

// open reads the file back.
func (s *PasswordFiles) open(ctx context.Context, f PasswordFile) ([]byte, error) {
	r, _, err := s.objects.Open(ctx, f.objectKey, 0, -1)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	sealed, err := io.ReadAll(io.LimitReader(r, 2*MaxPasswordFileBytes))
	if err != nil {
		return nil, err
	}
	sealer, err := s.sealer(f.ID)
	if err != nil {
		return nil, err
	}
	return sealer.Open(sealed, f.ID[:])
}

// Find gives a file with its counts, or fault.NotFound.
func (s *PasswordFiles) Find(ctx context.Context, tid ID, id db.ID) (PasswordFile, error) {
	return scanPasswordFile(s.db.QueryRow(ctx, sqlFindPasswordFile+" WHERE tenant_id = ? AND id = ?", tid, id))
}

func scanPasswordFile(row db.Row) (PasswordFile, error) {
	var f PasswordFile
	var problems db.JSON[[]PasswordProblem]
	err := db.One(row.Scan(&f.ID, &f.FileName, &f.objectKey, &f.State, &f.Total, &f.Wrong, &f.Done, &f.Skipped, &problems, &f.CreatedBy, &f.CreatedAt, &f.FinishedAt))
	f.problems = problems.V
	return f, err
}

// List gives the last files, newest first, without their problems.
func (s *PasswordFiles) List(ctx context.Context, tid ID, page db.Page) ([]PasswordFile, string, error) {
	cond := db.Where("tenant_id = ?", tid)
	if err := newestAfter(cond, page.After); err != nil {
		return nil, "", err
	}
	limit := page.Clamp()
	out, err := db.List(ctx, s.db, sqlListPasswordFiles+cond.SQL()+" ORDER BY created_at DESC, id DESC LIMIT ?", cond.Args(limit+1), scanPasswordFile)
	if err != nil || len(out) <= limit {
		return out, "", err
	}
	last := out[limit-1]
	return out[:limit], db.Cursor(fmt.Sprint(last.CreatedAt.UnixMicro()), last.ID.String()), nil
}

// Problems gives the wrong rows in the order of the file, from the row after a cursor on.
func (s *PasswordFiles) Problems(ctx context.Context, tid ID, id db.ID, page db.Page) ([]PasswordProblem, string, error) {
	f, err := s.Find(ctx, tid, id)
	if err != nil {
		return nil, "", err
	}
	after, err := db.ReadCursor(page.After, 1)
	if err != nil {
		return nil, "", err
	}
	out, limit := []PasswordProblem{}, page.Clamp()
	for _, p := range f.problems {
		if after != nil && p.Row <= digits(after[0]) {
			continue
		}
		if len(out) == limit {
			return out, db.Cursor(fmt.Sprint(out[limit-1].Row)), nil
		}
		out = append(out, p)
	}
	return out, "", nil
}

// Apply begins to hash the passwords of a checked file in the background; nobody's password changes before all of them are ready. The same file again answers
// how far it is. It returns fault.NotFound, fault.Conflict "password_file_wrong" while rows are wrong, "password_file_over" when it was cancelled or ran out, and
// "password_files_off".
func (s *PasswordFiles) Apply(ctx context.Context, tid ID, id db.ID) (PasswordFile, error) {
	if err := s.allowed(ctx, tid); err != nil {
		return PasswordFile{}, err
	}
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		f, err := scanPasswordFile(tx.QueryRowLocked(ctx, sqlFindPasswordFile+" WHERE tenant_id = ? AND id = ?", tid, id))
		switch {
		case err != nil:
			return err
		case f.State == PasswordFileQueued, f.State == PasswordFileApplied:
			return nil
		case f.State != PasswordFileChecked:
			return fault.New(fault.Conflict, "password_file_over")
		case f.Wrong > 0:
			return fault.New(fault.Conflict, "password_file_wrong", "count", f.Wrong)
		}
		if _, err := tx.Exec(ctx, sqlQueuePasswordFile, ActorFrom(ctx).Person, tid, id); err != nil {
			return err
		}
		by, err := mandateOf(ctx, tid, tx)
		if err != nil {
			return err
		}
		payload, err := json.Marshal(passwordPayload{id, by})
		if err != nil {
			return err
		}
		if err := tx.Enqueue(ctx, s.clock(), db.Job{Kind: KindPasswordFile, Slot: id.String(), Tenant: tid.n, Payload: payload, Max: 100}); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: "credential.password_file", SubjectKind: "password_file", Subject: id, Detail: map[string]any{"people": f.Total}})
	})
	if err != nil {
		return PasswordFile{}, err
	}
	return s.Find(ctx, tid, id)
}

// Cancel ends a file that has not been applied and removes it. One that was applied stays so. It returns fault.NotFound.
func (s *PasswordFiles) Cancel(ctx context.Context, tid ID, id db.ID) (PasswordFile, error) {
	f, err := s.finish(ctx, tid, id, PasswordFileCancelled)
	if err != nil {
		return PasswordFile{}, err
	}
	if err := s.remove(ctx, tid, f); err != nil {
		return PasswordFile{}, err
	}
	return s.Find(ctx, tid, id)
}

// finish sets the end of a file that is not over yet, and gives it.
func (s *PasswordFiles) finish(ctx context.Context, tid ID, id db.ID, state string) (PasswordFile, error) {
	var f PasswordFile
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		var err error
		f, err = scanPasswordFile(tx.QueryRowLocked(ctx, sqlFindPasswordFile+" WHERE tenant_id = ? AND id = ?", tid, id))
		if err != nil || (f.State != PasswordFileChecked && f.State != PasswordFileQueued) {
			return err
		}
		_, err = tx.Exec(ctx, sqlEndPasswordFile, state, db.At(s.clock()), tid, id)
		return err
	})
	return f, err
}

// remove deletes what a file leaves behind: the encrypted file and its hashes.
func (s *PasswordFiles) remove(ctx context.Context, tid ID, f PasswordFile) error {
	if err := s.objects.Remove(ctx, f.objectKey); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, sqlDropStage, tid, f.ID)
	return err
}

// EndJob is the handler of KindPasswordFileEnd.
func (s *PasswordFiles) EndJob(ctx context.Context, job db.Job, _ func(int64, int64)) error {
	var p passwordPayload
	if err := json.Unmarshal(job.Payload, &p); err != nil {
		return fault.Wrap(err, fault.Invalid, "job_payload")
	}
	tid := System(job.Tenant, "password file job")
	f, err := s.Find(ctx, tid, p.File)
	switch {
	case fault.Is(err, fault.NotFound):
		return nil
	case err != nil:
		return err
	case f.State == PasswordFileQueued:
		return fault.New(fault.Unavailable, "busy") // still at work: come again
	case f.State == PasswordFileChecked:
		if f, err = s.finish(ctx, tid, p.File, PasswordFileExpired); err != nil {
			return err
		}
	}
	return s.remove(ctx, tid, f)
}
