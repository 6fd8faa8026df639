package tenant

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
)

// The jobs of slip batches.
const (
	KindSlipIssue = "credential.slip_issue" // hands out the passwords of a batch
	KindSlipEnd   = "credential.slip_end"   // ends a batch whose time is over
)

// The states of a SlipBatch.
const (
	SlipQueued    = "queued"    // passwords are being handed out
	SlipReady     = "ready"     // the slips wait for who asked for them
	SlipTaken     = "taken"     // they were saved
	SlipExpired   = "expired"   // nobody came for them: the passwords were taken away again
	SlipCancelled = "cancelled" // taken back before they were saved: the same
)

// Why somebody of a batch got no slip; SlipIssued is who did.
const (
	SlipWaiting = "waiting"
	SlipIssued  = "issued"
	SlipChanged = "changed" // somebody else handed one out meanwhile, or they chose a password
	SlipChosen  = "chosen"  // they have a password of their own, which was not to be replaced
	SlipLeft    = "left"    // they left the organisation
	SlipGuarded = "guarded" // the manager's account, asked for by a deputy
	SlipOwn     = "own"     // the account of who asked
)

// The figures of slip batches.
const (
	MaxSlips      = 20_000           // people at once
	slipKeep      = 24 * time.Hour   // how long slips wait to be saved
	slipAgain     = 10 * time.Minute // how long after saving them they can be saved again, when the file did not arrive
	slipChunk     = 500              // people a transaction
	slipsAtOnce   = 200              // so many are handed out before Create answers
	slipAsOfLimit = time.Hour        // how old a preview may be
)

// SlipBatch is one handing-out of one-time passwords, for a few or for thousands.
type SlipBatch struct {
	ID            db.ID
	State         string
	ReplaceChosen bool
	NewLogin      bool
	Total, Issued int
	AsOf          db.Time
	KeepUntil     db.Time // when ready: until when the slips can be saved; when taken: saved again
	CreatedBy     db.ID
	CreatedAt     db.Time
	IssuedAt      db.Time
	TakenAt       db.Time
	Again         bool // the slips can be printed (still)

	nonce db.Hash
}

// SlipTarget says whom a batch is for: people by id, or everybody a query finds.
type SlipTarget struct {
	People []db.ID
	Query  *PeopleQuery
}

// SlipOrder is what is wanted of a batch.
type SlipOrder struct {
	Target        SlipTarget
	ReplaceChosen bool      // also replace passwords that people chose themselves
	NewLogin      bool      // also give everybody a new login ID that is hard to guess
	AsOf          time.Time // when the preview was made: whose credential changed since is left out; zero is now
}

// SlipPreview says what a batch would do.
type SlipPreview struct {
	Count    int       // who would get a slip
	Chosen   int       // of these: would lose a password of their own
	Active   int       // of these: have logged in before and would be logged out
	Left     int       // who would get none: left
	Guarded  int       // the manager's account, for a deputy
	Own      int       // one's own account
	Days     int       // how long the passwords would be valid
	AsOf     time.Time // send it back with the order
	KeepTime time.Duration
}

// SlipBatches hands out one-time passwords on slips.
//
// The passwords of a batch are worked out from its nonce and a key outside the database; nothing that opens an account lies anywhere. So a kill
// between any two lines leaves either passwords that can still be printed, by going on, or, when nobody comes for them, none: those
// are taken away again. After the slips were saved the nonce is deleted, and nobody can print them a second time.
type SlipBatches struct {
	db          *db.DB
	people      *People
	credentials *Credentials
	audit       *Audit
	clock       clockFunc
}

// NewSlipBatches makes the service.
func NewSlipBatches(d *db.DB, people *People, credentials *Credentials, audit *Audit, clock func() time.Time) *SlipBatches {
	return &SlipBatches{db: d, people: people, credentials: credentials, audit: audit, clock: clock}
}

// Preview tells what a batch would do; nothing happens. It returns fault.NotFound for an unknown id, fault.Invalid for a bad query, fault.TooLarge.
func (s *SlipBatches) Preview(ctx context.Context, tid ID, target SlipTarget) (SlipPreview, error) {
	out := SlipPreview{AsOf: s.clock().UTC().Truncate(time.Microsecond), KeepTime: slipKeep}
	policy, err := ReadSecurityPolicy(ctx, tid, s.db)
	if err != nil {
		return out, err
	}
	people, err := s.resolve(ctx, tid, target)
	out.Days = policy.OneTimeDays
	for _, p := range people {
		switch s.refusal(ctx, p) {
		case SlipLeft:
			out.Left++
		case SlipGuarded:
			out.Guarded++
		case SlipOwn:
			out.Own++
		default:
			out.Count++
			if p.Credential == CredentialChosen {
				out.Chosen++
			}
			if !p.LastLoginAt.IsZero() {
				out.Active++
			}
		}
	}
	return out, err
}

// resolve reads whom a target means.
func (s *SlipBatches) resolve(ctx context.Context, tid ID, target SlipTarget) ([]Person, error) {
	var people []Person
	if target.Query == nil {
		if len(target.People) > MaxSlips {
			return nil, fault.New(fault.TooLarge, "too_many_people", "max", MaxSlips)
		}
		return s.people.some(ctx, tid, s.db, target.People)
	}
	for p, err := range s.people.all(ctx, tid, *target.Query) {
		if err != nil {
			return nil, err
		}
		if people = append(people, p); len(people) > MaxSlips {
			return nil, fault.New(fault.TooLarge, "too_many_people", "max", MaxSlips)
		}
	}
	return people, nil
}

// refusal tells why the actor may hand nothing out to this person, "" when they may.
func (s *SlipBatches) refusal(ctx context.Context, p Person) string {
	switch {
	case p.State == PersonLeft, p.State == PersonAnonymised:
		return SlipLeft
	case p.ID == ActorFrom(ctx).Person:
		return SlipOwn
	case mayChange(ctx, p) != nil:
		return SlipGuarded
	}
	return ""
}

// Create begins a batch under id. Few are handed out before it answers, more by a job that can be left and found again. The same id again
// answers the first batch. It returns fault.NotFound, fault.Invalid, fault.TooLarge, and fault.Conflict: "credential_chosen" with a count when passwords of
// people's own would go and that was not asked for, "slips_nobody" when nobody would get a slip, "slips_outdated" for an old preview.
func (s *SlipBatches) Create(ctx context.Context, tid ID, id db.ID, order SlipOrder) (SlipBatch, error) {
	if found, err := s.Find(ctx, tid, id); !fault.Is(err, fault.NotFound) {
		return found, err
	}
	now := s.clock().UTC()
	if order.AsOf.IsZero() {
		order.AsOf = now
	}
	if order.AsOf.After(now.Add(time.Minute)) || order.AsOf.Before(now.Add(-slipAsOfLimit)) {
		return SlipBatch{}, fault.New(fault.Conflict, "slips_outdated")
	}
	people, err := s.resolve(ctx, tid, order.Target)
	if err != nil {
		return SlipBatch{}, err
	}
	b := SlipBatch{ID: id, State: SlipQueued, ReplaceChosen: order.ReplaceChosen, NewLogin: order.NewLogin, AsOf: db.At(order.AsOf), KeepUntil: db.At(now.Add(slipKeep)),
		CreatedBy: ActorFrom(ctx).Person, CreatedAt: db.At(now)}
	rows, err := s.rows(ctx, tid, &b, people)
	if err != nil {
		return SlipBatch{}, err
	}
	if _, err := rand.Read(b.nonce[:]); err != nil {
		return SlipBatch{}, fmt.Errorf("slip nonce: %w", err)
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error { return s.insert(ctx, tid, tx, b, rows) })
	if err != nil && !db.IsDuplicate(err) {
		return SlipBatch{}, fmt.Errorf("create slip batch: %w", err)
	}
	if b.Total <= slipsAtOnce {
		_ = s.issue(ctx, tid, id, func(int64, int64) {}) // failing here is no loss: the job does it
	}
	return s.Find(ctx, tid, id)
}

// rows decides who is in the batch, and refuses one that would do nothing or too much.
func (s *SlipBatches) rows(ctx context.Context, tid ID, b *SlipBatch, people []Person) ([][]any, error) {
	rows, chosen := make([][]any, 0, len(people)), 0
	for _, p := range people {
		state := s.refusal(ctx, p)
		if state == "" {
			state = SlipWaiting
			b.Total++
			if p.Credential == CredentialChosen {
				chosen++
			}
		}
		rows = append(rows, []any{tid, b.ID, p.ID, state})
	}
	switch {
	case b.Total == 0:
		return nil, fault.New(fault.Conflict, "slips_nobody")
	case chosen > 0 && !b.ReplaceChosen:
		return nil, fault.New(fault.Conflict, "credential_chosen", "count", chosen)
	}
	return rows, nil
}

// slipPayload is what the jobs know: who asked, in which role, so that the log names them.
type slipPayload struct {
	Batch db.ID  `json:"batch"`
	Role  string `json:"role,omitempty"`
}

func (s *SlipBatches) insert(ctx context.Context, tid ID, tx *db.Tx, b SlipBatch, rows [][]any) error {
	if err := tx.InsertMany(ctx, sqlInsertSlips, rowInsertSlips, [][]any{{tid, b.ID, b.State, yes(b.ReplaceChosen), yes(b.NewLogin), b.nonce, b.Total, b.AsOf, b.KeepUntil,
		b.CreatedBy, b.CreatedAt}}); err != nil {
		return err
	}
	if err := tx.InsertMany(ctx, sqlInsertSlipPeople, "(?, ?, ?, ?)", rows); err != nil {
		return err
	}
	payload, err := json.Marshal(slipPayload{Batch: b.ID, Role: ActorFrom(ctx).Role})
	if err != nil {
		return err
	}
	if err := tx.EnqueueMany(ctx, s.clock(), []db.Job{
		{Kind: KindSlipIssue, Slot: b.ID.String(), Tenant: tid.n, Payload: payload, Max: 100},
		{Kind: KindSlipEnd, Slot: b.ID.String(), Tenant: tid.n, Payload: payload, RunAt: b.KeepUntil, Max: 1000},
	}); err != nil {
		return err
	}
	return s.audit.Append(ctx, tid, tx, Change{Action: "credential.issue_many", SubjectKind: "slip_batch", Subject: b.ID,
		Detail: map[string]any{"people": b.Total, "replace_chosen": b.ReplaceChosen, "new_login": b.NewLogin}})
}

func yes(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Find gives a batch, or fault.NotFound.
func (s *SlipBatches) Find(ctx context.Context, tid ID, id db.ID) (SlipBatch, error) {
	return scanSlips(s.db.QueryRow(ctx, sqlFindSlips+" WHERE tenant_id = ? AND id = ?", tid, id))
}

func scanSlips(row interface{ Scan(...any) error }) (SlipBatch, error) {
	var b SlipBatch
	err := db.One(row.Scan(&b.ID, &b.State, &b.ReplaceChosen, &b.NewLogin, &b.nonce, &b.Total, &b.Issued, &b.AsOf, &b.KeepUntil, &b.CreatedBy, &b.CreatedAt, &b.IssuedAt, &b.TakenAt))
	b.Again = b.nonce != (db.Hash{}) && (b.State == SlipReady || b.State == SlipTaken)
	return b, err
}

// List gives the organisation's batches, newest first, and the cursor of the next page.
func (s *SlipBatches) List(ctx context.Context, tid ID, page db.Page) ([]SlipBatch, string, error) {
	cond := db.Where("tenant_id = ?", tid)
	if err := newestAfter(cond, page.After); err != nil {
		return nil, "", err
	}
	limit, out := page.Clamp(), []SlipBatch{}
	err := each(ctx, s.db, sqlFindSlips+cond.SQL()+" ORDER BY created_at DESC, id DESC LIMIT ?", cond.Args(limit+1), func(scan func(...any) error) error {
		b, err := scanSlips(scanFunc(scan))
		out = append(out, b)
		return err
	})
	if err != nil || len(out) <= limit {
		return out, "", err
	}
	last := out[limit-1]
	return out[:limit], db.Cursor(fmt.Sprint(last.CreatedAt.UnixMicro()), last.ID.String()), nil
}

// scanFunc lets a Scan function stand for a row.
type scanFunc func(...any) error

// Scan reads the row.
func (f scanFunc) Scan(dest ...any) error { return f(dest...) }

// newestAfter narrows a list that is ordered by created_at and id, newest first, to what follows a cursor.
func newestAfter(cond *db.Cond, cursor string) error {
	after, err := db.ReadCursor(cursor, 2)
	if err != nil || after == nil {
		return err
	}
	id, err := db.ParseID(after[1])
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "cursor")
	}
	at := db.At(time.UnixMicro(int64(digits(after[0]))))
	cond.And("created_at <= ?", at).And("created_at < ? OR id < ?", at, id)
	return nil
}

// SlipRefusal is somebody who got no slip, and why.
type SlipRefusal struct {
	Person db.ID
	Name   string
	State  string
}

// Refused lists who of a batch got no slip, at most 1,000, and how many for each reason.
func (s *SlipBatches) Refused(ctx context.Context, tid ID, id db.ID) ([]SlipRefusal, map[string]int, error) {
	if _, err := s.Find(ctx, tid, id); err != nil {
		return nil, nil, err
	}
	counts, out := map[string]int{}, []SlipRefusal{}
	if err := each(ctx, s.db, sqlCountSlipPeople, []any{tid, id}, func(scan func(...any) error) error {
		var state string
		var n int
		err := scan(&state, &n)
		counts[state] = n
		return err
	}); err != nil {
		return nil, nil, err
	}
	return out, counts, each(ctx, s.db, sqlRefusedSlips, []any{tid, id}, func(scan func(...any) error) error {
		var r SlipRefusal
		err := scan(&r.Person, &r.Name, &r.State)
		out = append(out, r)
		return err
	})
}

// batchOneTime works out the password of one person of a batch.
func (c *Credentials) batchOneTime(tid ID, b SlipBatch, person db.ID) string {
	return oneTimeText(c.mac("slip batch", fmt.Sprint(tid.n), b.ID.String(), string(b.nonce[:]), person.String()))
}

// IssueJob is the handler of KindSlipIssue.
func (s *SlipBatches) IssueJob(ctx context.Context, job db.Job, report func(int64, int64)) error {
	tid, p, ctx, err := s.jobOf(ctx, job)
	if err != nil {
		return err
	}
	return s.issue(ctx, tid, p.Batch, report)
}

// jobOf gives what a job is about and lets it act as who asked for it.
func (s *SlipBatches) jobOf(ctx context.Context, job db.Job) (ID, slipPayload, context.Context, error) {
	tid := System(job.Tenant, "slip batch job")
	var p slipPayload
	if err := json.Unmarshal(job.Payload, &p); err != nil {
		return tid, p, ctx, fault.Wrap(err, fault.Invalid, "job_payload")
	}
	b, err := s.Find(ctx, tid, p.Batch)
	if err != nil {
		return tid, p, ctx, err
	}
	ctx, err = actAs(ctx, tid, s.db, b.CreatedBy, p.Role)
	return tid, p, ctx, err
}

// actAs lets a job act as the person who asked for it.
func actAs(ctx context.Context, tid ID, r db.Runner, person db.ID, role string) (context.Context, error) {
	var name string
	err := db.One(r.QueryRow(ctx, sqlActorName, tid, person).Scan(&name))
	if err != nil && !fault.Is(err, fault.NotFound) {
		return ctx, err
	}
	return WithActor(ctx, Actor{Kind: "person", Tenant: tid, Person: person, Name: name, Role: role}), nil
}

// mayStill tells whether somebody who asked a job for passwords takes part and holds the role in which they asked: fault.Forbidden when not.
func mayStill(ctx context.Context, tid ID, r db.Runner, person db.ID, role string) error {
	holds := role == ""
	if err := each(ctx, r, sqlTokenMaker, []any{tid, person}, func(scan func(...any) error) error {
		var held string
		err := scan(&held)
		holds = holds || held == role
		return err
	}); err != nil {
		return err
	}
	if !holds {
		return fault.New(fault.Forbidden, "not_allowed")
	}
	return nil
}

// issue hands out the passwords of everybody who waits, a few hundred people a transaction, and opens the batch when nobody waits any more.
func (s *SlipBatches) issue(ctx context.Context, tid ID, id db.ID, report func(int64, int64)) error {
	for {
		more := false
		var b SlipBatch
		err := s.db.Tx(ctx, func(tx *db.Tx) error {
			var err error
			b, err = scanSlips(tx.QueryRowLocked(ctx, sqlFindSlips+" WHERE tenant_id = ? AND id = ?", tid, id))
			if err != nil || b.State != SlipQueued {
				more = false
				return err
			}
			more, err = s.chunk(ctx, tid, tx, &b)
			return err
		})
		if err != nil {
			return fmt.Errorf("issue slips: %w", err)
		}
		report(int64(b.Issued), int64(b.Total))
		if !more {
			return nil
		}
	}
}

// chunk does the next few hundred people of a batch and tells whether there are more.
func (s *SlipBatches) chunk(ctx context.Context, tid ID, tx *db.Tx, b *SlipBatch) (bool, error) {
	var ids []db.ID
	if err := each(ctx, tx, sqlWaitingSlips, []any{tid, b.ID, slipChunk}, func(scan func(...any) error) error {
		var id db.ID
		err := scan(&id)
		ids = append(ids, id)
		return err
	}); err != nil {
		return false, err
	}
	if len(ids) == 0 {
		_, err := tx.Exec(ctx, sqlSlipsReady, db.At(s.clock()), tid, b.ID)
		return false, err
	}
	people, err := s.lockPeople(ctx, tid, tx, ids)
	if err != nil {
		return false, err
	}
	by := map[string][]any{}
	var give []Person
	for _, p := range people {
		state := SlipIssued
		refused := s.refusal(ctx, p) // they may have left, or become the manager, since the batch was made
		switch {
		case refused != "":
			state = refused
		case p.CredentialAt.After(b.AsOf.Time):
			state = SlipChanged
		case p.Credential == CredentialChosen && !b.ReplaceChosen:
			state = SlipChosen
		default:
			give = append(give, p)
		}
		by[state] = append(by[state], p.ID)
	}
	for _, state := range []string{SlipIssued, SlipLeft, SlipGuarded, SlipOwn, SlipChanged, SlipChosen} {
		cond := db.Where("tenant_id = ?", tid).And("batch_id = ?", b.ID).In("person_id", by[state])
		if _, err := tx.Exec(ctx, sqlSetSlips+cond.SQL(), append([]any{state}, cond.Args()...)...); err != nil {
			return false, err
		}
	}
	b.Issued += len(give)
	if _, err := tx.Exec(ctx, sqlCountSlips, len(give), tid, b.ID); err != nil {
		return false, err
	}
	return true, s.give(ctx, tid, tx, *b, give)
}

// lockPeople reads people and keeps their credentials as they are until the end of the transaction, so that of two batches, or a batch and a
// person who chooses a password, the later one sees what the earlier one did.
func (s *SlipBatches) lockPeople(ctx context.Context, tid ID, tx *db.Tx, ids []db.ID) ([]Person, error) {
	cond := db.Where("tenant_id = ?", tid).In("id", anyIDs(ids))
	err := each(ctx, tx.Locking(), sqlLockPeople+cond.SQL()+" ORDER BY id", cond.Args(), func(func(...any) error) error { return nil })
	if err != nil {
		return nil, err
	}
	cond = db.Where("p.tenant_id = ?", tid).In("p.id", anyIDs(ids))
	people, _, err := s.people.read(ctx, tid, tx, sqlPeople+cond.SQL(), cond.Args()...)
	return people, err
}

// give puts the passwords of one chunk in force.
func (s *SlipBatches) give(ctx context.Context, tid ID, tx *db.Tx, b SlipBatch, people []Person) error {
	if len(people) == 0 {
		return nil
	}
	list, ids := make([]OneTime, 0, len(people)), make([]db.ID, 0, len(people))
	for _, p := range people {
		list = append(list, OneTime{Person: p.ID, Password: s.credentials.batchOneTime(tid, b, p.ID)})
		ids = append(ids, p.ID)
	}
	if b.NewLogin {
		if err := s.renameLogins(ctx, tid, tx, people); err != nil {
			return err
		}
	}
	if err := s.credentials.put(ctx, tid, tx, list); err != nil {
		return err
	}
	return s.people.sessions.EndPeople(ctx, tid, tx, ids) // also of who never logged in: a log-in with the old slip may be under way
}

// renameLogins gives everybody a new login ID that says nothing about them.
func (s *SlipBatches) renameLogins(ctx context.Context, tid ID, tx *db.Tx, people []Person) error {
	logins, err := proposeLoginIDs(len(people))
	if err != nil {
		return err
	}
	changes := make([]Change, 0, len(people))
	for i, p := range people {
		before := p.input()
		in := before
		in.LoginID = logins[i]
		if _, err := tx.Exec(ctx, sqlRenameLogin, in.LoginID, Fold(in.LoginID), in.searchText(), s.people.now(), tid, p.ID); err != nil {
			return err
		}
		changes = append(changes, Change{Action: "person.update", SubjectKind: "person", Subject: p.ID, Before: before, After: in, Detail: map[string]any{"changed": []string{"login_id"}}})
	}
	return s.audit.AppendMany(ctx, tid, tx, changes)
}

// Take gives the slips of a batch to who asked for it. Only passwords that still work are among them. Whoever begins to take them must end with Taken,
// or they can be taken again until KeepUntil. It returns fault.NotFound (also to others than who asked), fault.Conflict "slips_not_ready" while they are being handed
// out, fault.Gone "slips_gone" when they were saved or ran out.
func (s *SlipBatches) Take(ctx context.Context, tid ID, id db.ID) ([]Slip, error) {
	var b SlipBatch
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		var err error
		b, err = scanSlips(tx.QueryRowLocked(ctx, sqlFindSlips+" WHERE tenant_id = ? AND id = ?", tid, id))
		switch {
		case err != nil:
			return err
		case b.CreatedBy != ActorFrom(ctx).Person:
			return fault.New(fault.NotFound, "not_found")
		case b.State == SlipQueued:
			return fault.New(fault.Conflict, "slips_not_ready")
		case !b.Again || !s.clock().Before(b.KeepUntil.Time):
			return fault.New(fault.Gone, "slips_gone")
		}
		if b.State == SlipReady { // from here on a slip may be on paper: what is on it stays in force
			if _, err := tx.Exec(ctx, sqlTakeSlips, db.At(s.clock()), tid, id); err != nil {
				return err
			}
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: "credential.take_slips", SubjectKind: "slip_batch", Subject: id, Detail: map[string]any{"people": b.Issued}})
	})
	if err != nil {
		return nil, err
	}
	return s.slips(ctx, tid, b)
}

// slips works the slips of a batch out; a password that was replaced since is left out.
func (s *SlipBatches) slips(ctx context.Context, tid ID, b SlipBatch) ([]Slip, error) {
	hashes := map[db.ID]credential{}
	var ids []db.ID
	if err := each(ctx, s.db, sqlIssuedSlips, []any{tid, b.ID}, func(scan func(...any) error) error {
		var id db.ID
		var c credential
		err := scan(&id, &c.kind, &c.hash, &c.expires)
		ids, hashes[id] = append(ids, id), c
		return err
	}); err != nil {
		return nil, err
	}
	people, err := s.people.some(ctx, tid, s.db, ids)
	if err != nil {
		return nil, err
	}
	slips := make([]Slip, 0, len(people))
	for _, p := range people {
		secret := s.credentials.batchOneTime(tid, b, p.ID)
		if s.credentials.oneTimeRight(tid, p.ID, hashes[p.ID], secret) {
			slips = append(slips, slipOf(p, secret, hashes[p.ID].expires.Time))
		}
	}
	sortSlips(slips)
	return slips, nil
}

// Taken says that the slips of a batch have been sent whole; after slipAgain nobody can print them any more.
func (s *SlipBatches) Taken(ctx context.Context, tid ID, id db.ID) error {
	until := db.At(s.clock().Add(slipAgain))
	payload, err := json.Marshal(slipPayload{Batch: id})
	if err != nil {
		return err
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		r, err := tx.Exec(ctx, sqlSlipsTaken, until, tid, id, ActorFrom(ctx).Person, until)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return tx.Enqueue(ctx, s.clock(), db.Job{Kind: KindSlipEnd, Tenant: tid.n, Payload: payload, RunAt: until, Max: 1000})
	})
}

// End ends a batch by the will of who asked for it: slips that were saved can be printed no more; of a batch whose slips nobody has, the passwords are taken
// away again. A second End changes nothing. It returns fault.NotFound, also to others than who asked.
func (s *SlipBatches) End(ctx context.Context, tid ID, id db.ID) (SlipBatch, error) {
	b, err := s.Find(ctx, tid, id)
	switch {
	case err != nil:
		return b, err
	case b.CreatedBy != ActorFrom(ctx).Person:
		return SlipBatch{}, fault.New(fault.NotFound, "not_found")
	}
	if err := s.end(ctx, tid, id, SlipCancelled); err != nil {
		return b, err
	}
	return s.Find(ctx, tid, id)
}

// EndJob is the handler of KindSlipEnd.
func (s *SlipBatches) EndJob(ctx context.Context, job db.Job, _ func(int64, int64)) error {
	tid, p, ctx, err := s.jobOf(ctx, job)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	b, err := s.Find(ctx, tid, p.Batch)
	if err != nil || s.clock().Before(b.KeepUntil.Time) { // they were saved meanwhile: another job ends it
		return err
	}
	return s.end(ctx, tid, p.Batch, SlipExpired)
}

// end deletes the nonce. When no slip was ever sent it first takes away the passwords that nobody can have.
func (s *SlipBatches) end(ctx context.Context, tid ID, id db.ID, as string) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		b, err := scanSlips(tx.QueryRowLocked(ctx, sqlFindSlips+" WHERE tenant_id = ? AND id = ?", tid, id))
		if err != nil || b.nonce == (db.Hash{}) {
			return err
		}
		if b.State == SlipTaken {
			_, err := tx.Exec(ctx, sqlEndSlips, SlipTaken, tid, id)
			return err
		}
		var unused []db.ID
		if err := each(ctx, tx, sqlIssuedSlips, []any{tid, id}, func(scan func(...any) error) error {
			var person db.ID
			var c credential
			if err := scan(&person, &c.kind, &c.hash, &c.expires); err != nil {
				return err
			}
			if s.credentials.oneTimeRight(tid, person, c, s.credentials.batchOneTime(tid, b, person)) {
				unused = append(unused, person)
			}
			return nil
		}); err != nil {
			return err
		}
		for part := range slices.Chunk(unused, 500) {
			if err := s.credentials.Void(ctx, tid, tx, part); err != nil {
				return err
			}
		}
		if err := s.audit.Append(ctx, tid, tx, Change{Action: "credential.end_slips", SubjectKind: "slip_batch", Subject: id, Detail: map[string]any{"state": as, "void": len(unused)}}); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, sqlEndSlips, as, tid, id)
		return err
	})
}
