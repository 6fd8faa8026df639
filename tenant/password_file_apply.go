package tenant

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
)

// passwordRow is one row of a file of passwords.
type passwordRow struct {
	number   int
	login    string
	password string
	faults   []fault.Field
}

// passwordHeadings are what the two columns may be called, folded.
var passwordHeadings = map[string][]string{
	"login_id": {"ログインid", "login id", "login_id", "id", "ユーザーid", "ユーザid", "user id", "login"},
	"password": {"パスワード", "password", "仮パスワード", "初期パスワード", "one-time password"},
}

// readPasswords reads a file with a column of login IDs and one of passwords; others are passed over. A password is taken exactly as it stands.
func readPasswords(file []byte) ([]passwordRow, error) {
	var rows []passwordRow
	login, password, seen := -1, -1, 0
	_, err := sheet.Read(bytes.NewReader(file), int64(len(file)), sheet.Limits{Bytes: MaxPasswordFileBytes, Rows: MaxPasswordRows + headingRows, Columns: 50, Cell: 1000, Line: 10_000},
		func(row sheet.Row) error {
			if login < 0 || password < 0 {
				for i, cell := range row.Cells {
					switch key := Fold(cell); {
					case slices.Contains(passwordHeadings["login_id"], key):
						login = i
					case slices.Contains(passwordHeadings["password"], key):
						password = i
					}
				}
				if seen++; (login < 0 || password < 0) && seen >= headingRows {
					return fault.New(fault.Invalid, "password_file_columns")
				}
				return nil
			}
			r := passwordRow{number: row.Number, login: Tidy(row.Cell(login)), password: row.Cell(password)}
			for _, f := range row.Faults {
				if f.Column == login || f.Column == password {
					r.faults = append(r.faults, fault.Field{Path: map[bool]string{true: "login_id", false: "password"}[f.Column == login], Key: f.Key})
				}
			}
			if r.login != "" || r.password != "" {
				rows = append(rows, r)
			}
			return nil
		})
	switch {
	case err != nil:
		return nil, err
	case login < 0 || password < 0:
		return nil, fault.New(fault.Invalid, "password_file_columns")
	case len(rows) == 0:
		return nil, fault.New(fault.Invalid, "import_empty")
	}
	return rows, nil
}

// passwordOwner is somebody whose password a row sets.
type passwordOwner struct {
	id      db.ID
	state   PersonState
	manager bool
	changed db.Time // of the credential
	who     Subject
}

// judgeInTurn judges a file when the turn of its organisation comes.
func (s *PasswordFiles) judgeInTurn(ctx context.Context, tid ID, rows []passwordRow) ([]PasswordProblem, error) {
	done, err := s.checks.Take(ctx, tid, maxPasswordChecks)
	if err != nil {
		return nil, err
	}
	defer done()
	_, problems, err := s.judge(ctx, tid, rows)
	return problems, err
}

// judge looks at every row: whose it is, and whether the password could be guessed. owners are in the order of rows; wrong rows have none.
func (s *PasswordFiles) judge(ctx context.Context, tid ID, rows []passwordRow) (owners []passwordOwner, problems []PasswordProblem, err error) {
	known, err := s.owners(ctx, tid)
	if err != nil {
		return nil, nil, err
	}
	owners, problems = make([]passwordOwner, len(rows)), []PasswordProblem{}
	logins, words := map[string]bool{}, map[string]bool{}
	for i, r := range rows {
		if err := ctx.Err(); err != nil {
			return nil, nil, err
		}
		key := Fold(r.login)
		owner, found := known[key]
		faults := r.faults
		add := func(path, name string) { faults = append(faults, fault.Field{Path: path, Key: name}) }
		switch {
		case r.login == "":
			add("login_id", "required")
		case !found, owner.state == PersonLeft:
			add("login_id", "password_no_account")
		case logins[key]:
			add("login_id", "password_login_twice")
		case owner.manager && !ofManager(ctx):
			add("login_id", "manager_only")
		case owner.id == ActorFrom(ctx).Person:
			add("login_id", "own_account")
		}
		logins[key] = true
		switch {
		case r.password == "":
			add("password", "required")
		case words[r.password]:
			add("password", "password_shared")
		default:
			words[r.password] = true
			for _, f := range passwordReasons(r.password, owner.who, s.credentials.rules) {
				faults = append(faults, fault.Field{Path: "password", Key: f.Key, Args: f.Args})
			}
		}
		if len(faults) > 0 {
			problems = append(problems, PasswordProblem{Row: r.number, LoginID: Clip(r.login, 100), Faults: faults})
			continue
		}
		owners[i] = owner
	}
	return owners, problems, nil
}

// owners reads everybody by login key, in two queries.
func (s *PasswordFiles) owners(ctx context.Context, tid ID) (map[string]passwordOwner, error) {
	head, err := s.people.LoginHead(ctx, tid, "", "")
	if err != nil {
		return nil, err
	}
	managers := map[db.ID]bool{}
	if err := db.Each(ctx, s.db, sqlPasswordManagers, []any{tid}, func(scan func(...any) error) error {
		var id db.ID
		err := scan(&id)
		managers[id] = true
		return err
	}); err != nil {
		return nil, err
	}
	out := map[string]passwordOwner{}
	return out, db.Each(ctx, s.db, sqlPasswordOwners, []any{tid}, func(scan func(...any) error) error {
		o := passwordOwner{who: Subject{Organisation: head.Organisation, Code: head.Code}}
		var key string
		err := scan(&o.id, &key, &o.state, &o.who.Name, &o.who.Kana, &o.who.LoginID, &o.who.EmployeeNumber, &o.who.Email, &o.changed)
		o.manager = managers[o.id]
		out[key] = o
		return err
	})
}

// ApplyJob is the handler of KindPasswordFile: it hashes every password, one at a time beside the log-ins, into password_stage, and then puts all of them in
// force in one transaction. A killed run goes on where it was.
func (s *PasswordFiles) ApplyJob(ctx context.Context, job db.Job, report func(int64, int64)) error {
	var p passwordPayload
	if err := json.Unmarshal(job.Payload, &p); err != nil {
		return fault.Wrap(err, fault.Invalid, "job_payload")
	}
	tid := System(job.Tenant, "password file job")
	select { // one file at a time in a process: hashing takes a core
	case s.turns <- struct{}{}:
		defer func() { <-s.turns }()
	case <-ctx.Done():
		return ctx.Err()
	}
	f, err := s.Find(ctx, tid, p.File)
	if err != nil {
		return err
	}
	if f.State == PasswordFileQueued {
		if ctx, err = actAs(ctx, tid, s.db, f.CreatedBy, p.Role); err != nil {
			return err
		}
		p.Person = f.CreatedBy
		if err = s.people.sessions.mayStill(ctx, tid, p.mandate); err == nil {
			err = s.apply(ctx, tid, f, p.mandate, report)
		}
		switch {
		case errors.Is(err, errPasswordFileOver):
		case fault.Is(err, fault.Conflict), fault.Is(err, fault.Forbidden), fault.Is(err, fault.Invalid), fault.Is(err, fault.NotFound):
			if _, finishErr := s.finish(ctx, tid, f.ID, PasswordFileFailed); finishErr != nil {
				return finishErr
			}
		case err != nil:
			return fmt.Errorf("apply password file: %w", err)
		}
	}
	return s.remove(ctx, tid, f)
}

// errPasswordFileOver says that the file was cancelled while it was being hashed.
var errPasswordFileOver = errors.New("the password file was cancelled")

func (s *PasswordFiles) apply(ctx context.Context, tid ID, f PasswordFile, by mandate, report func(int64, int64)) error {
	file, err := s.open(ctx, f)
	if err != nil {
		return err
	}
	rows, err := readPasswords(file)
	if err != nil {
		return err
	}
	owners, problems, err := s.judge(ctx, tid, rows)
	switch {
	case err != nil:
		return err
	case len(problems) > 0: // people changed since the check
		return fault.New(fault.Conflict, "password_file_outdated")
	}
	if err := s.stage(ctx, tid, f, rows, owners, report); err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := mayStill(ctx, tid, tx.Locking(), by); err != nil { // hashing took its time
			return err
		}
		return s.swap(ctx, tid, tx, f)
	})
}

// stage hashes what is not hashed yet. It looks after every few rows whether the file was cancelled.
func (s *PasswordFiles) stage(ctx context.Context, tid ID, f PasswordFile, rows []passwordRow, owners []passwordOwner, report func(int64, int64)) error {
	done := map[db.ID]bool{}
	if err := db.Each(ctx, s.db, sqlStaged, []any{tid, f.ID}, func(scan func(...any) error) error {
		var id db.ID
		err := scan(&id)
		done[id] = true
		return err
	}); err != nil {
		return err
	}
	const batch = 20
	var staged [][]any
	for i, r := range rows {
		if !done[owners[i].id] {
			hash, err := s.hash(ctx, r.password)
			if err != nil {
				return err
			}
			staged = append(staged, []any{tid, f.ID, owners[i].id, hash})
		}
		if len(staged) < batch && i < len(rows)-1 {
			continue
		}
		if err := s.keepStaged(ctx, tid, f, staged, i+1); err != nil {
			return err
		}
		staged = nil
		report(int64(i+1), int64(len(rows)))
	}
	return nil
}

// hash waits for its turn among the log-ins as long as it takes.
func (s *PasswordFiles) hash(ctx context.Context, password string) (string, error) {
	for {
		hash, err := s.credentials.hasher.hash(ctx, password)
		if err == nil || !fault.Is(err, fault.Unavailable) {
			return hash, err
		}
	}
}

func (s *PasswordFiles) keepStaged(ctx context.Context, tid ID, f PasswordFile, staged [][]any, done int) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		now, err := scanPasswordFile(tx.QueryRowLocked(ctx, sqlFindPasswordFile+" WHERE tenant_id = ? AND id = ?", tid, f.ID))
		switch {
		case err != nil:
			return err
		case now.State != PasswordFileQueued:
			return errPasswordFileOver
		}
		if err := tx.UpsertMany(ctx, sqlInsertStage, "(?, ?, ?, ?)", "tenant_id, file_id, person_id", "", staged); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlCountStaged, done, tid, f.ID)
		return err
	})
}

// swap puts every staged hash in force at once. Whose credential changed since the file was checked is passed over: theirs is newer.
func (s *PasswordFiles) swap(ctx context.Context, tid ID, tx *db.Tx, f PasswordFile) error {
	now, err := scanPasswordFile(tx.QueryRowLocked(ctx, sqlFindPasswordFile+" WHERE tenant_id = ? AND id = ?", tid, f.ID))
	switch {
	case err != nil:
		return err
	case now.State != PasswordFileQueued:
		return errPasswordFileOver
	}
	policy, err := ReadSecurityPolicy(ctx, tid, tx)
	if err != nil {
		return err
	}
	at := s.clock()
	expires := db.At(at.Add(policy.oneTimeFor()))
	ids, hashes, skipped, err := s.due(ctx, tid, tx, f)
	if err != nil {
		return err
	}
	rows, changes := make([][]any, 0, len(ids)), make([]Change, 0, len(ids))
	for i, id := range ids {
		rows = append(rows, []any{tid, id, credentialOneTime, hashes[i], expires, db.At(at)})
		changes = append(changes, Change{Action: "credential.issue", SubjectKind: "person", Subject: id,
			Detail: map[string]any{"expires_at": expires.UTC().Format(time.RFC3339), "password_file": f.ID}})
	}
	if err := tx.UpsertMany(ctx, sqlInsertCredential, "(?, ?, ?, ?, ?, ?)", "tenant_id, person_id", "kind, hash, expires_at, changed_at", rows); err != nil {
		return err
	}
	if err := separatePeople(ctx, tid, tx, ids); err != nil {
		return err
	}
	if err := guardManager(ctx, tid, tx, s.audit, ids, at); err != nil {
		return err
	}
	if err := s.people.sessions.EndPeople(ctx, tid, tx, ids); err != nil {
		return err
	}
	if err := s.audit.AppendMany(ctx, tid, tx, changes); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, sqlApplyPasswordFile, skipped, db.At(at), tid, f.ID)
	return err
}

// due locks the people of the file and reads what to put in force.
func (s *PasswordFiles) due(ctx context.Context, tid ID, tx *db.Tx, f PasswordFile) (ids []db.ID, hashes []string, skipped int, err error) {
	if err := db.Each(ctx, tx.Locking(), sqlLockStaged, []any{tid, f.ID}, func(func(...any) error) error { return nil }); err != nil {
		return nil, nil, 0, err
	}
	return ids, hashes, skipped, db.Each(ctx, tx, sqlDueStaged, []any{tid, f.ID}, func(scan func(...any) error) error {
		var id db.ID
		var hash string
		var state PersonState
		var changed db.Time
		if err := scan(&id, &hash, &state, &changed); err != nil {
			return err
		}
		if state == PersonLeft || changed.After(f.CreatedAt.Time) {
			skipped++
			return nil
		}
		ids, hashes = append(ids, id), append(hashes, hash)
		return nil
	})
}
