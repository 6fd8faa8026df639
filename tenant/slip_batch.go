package tenant

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
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
	SkipChosen    bool      // leave out who chose one, instead of refusing the order
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
	rows, err := s.rows(ctx, tid, &b, people, order.SkipChosen)
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
		_ = s.issue(ctx, tid, id, mandate{}, func(int64, int64) {}) // failing here is no loss: the job does it
	}
	return s.Find(ctx, tid, id)
}

// rows decides who is in the batch, and refuses one that would do nothing or too much.
func (s *SlipBatches) rows(ctx context.Context, tid ID, b *SlipBatch, people []Person, skipChosen bool) ([][]any, error) {
	rows, chosen := make([][]any, 0, len(people)), 0
	for _, p := range people {
		state := s.refusal(ctx, p)
		if state == "" && skipChosen && p.Credential == CredentialChosen {
			state = SlipChosen
		}
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

// slipPayload is what the jobs know: who asked, in which role, so that the log names them and it is seen whether they may still ask.
type slipPayload struct {
	Batch db.ID `json:"batch"`
	mandate
}

func (s *SlipBatches) insert(ctx context.Context, tid ID, tx *db.Tx, b SlipBatch, rows [][]any) error {
	if err := tx.InsertMany(ctx, sqlInsertSlips, rowInsertSlips, [][]any{{tid, b.ID, b.State, yes(b.ReplaceChosen), yes(b.NewLogin), b.nonce, b.Total, b.AsOf, b.KeepUntil,
		b.CreatedBy, b.CreatedAt}}); err != nil {
		return err
	}
	if err := tx.InsertMany(ctx, sqlInsertSlipPeople, "(?, ?, ?, ?)", rows); err != nil {
		return err
	}
	by, err := mandateOf(ctx, tid, tx)
	if err != nil {
		return err
	}
	payload, err := json.Marshal(slipPayload{b.ID, by})
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

func scanSlips(row db.Row) (SlipBatch, error) {
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
	limit := page.Clamp()
	out, err := db.List(ctx, s.db, sqlFindSlips+cond.SQL()+" ORDER BY created_at DESC, id DESC LIMIT ?", cond.Args(limit+1), scanSlips)
	if err != nil || len(out) <= limit {
		return out, "", err
	}
	last := out[limit-1]
	return out[:limit], db.Cursor(fmt.Sprint(last.CreatedAt.UnixMicro()), last.ID.String()), nil
}

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
	if err := db.Each(ctx, s.db, sqlCountSlipPeople, []any{tid, id}, func(scan func(...any) error) error {
		var state string
		var n int
		err := scan(&state, &n)
		counts[state] = n
		return err
	}); err != nil {
		return nil, nil, err
	}
	return out, counts, db.Each(ctx, s.db, sqlRefusedSlips, []any{tid, id}, func(scan func(...any) error) error {
		var r SlipRefusal
		err := scan(&r.Person, &r.Name, &r.State)
		out = append(out, r)
		return err
	})
}
