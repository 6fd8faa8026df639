package tenant

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
)

// AuditEvent is one line of the append-only log: who did what to whom (domain.md section 11).
type AuditEvent struct {
	ID          db.ID
	HappenedAt  db.Time
	ActorKind   string
	ActorID     db.ID
	ActorName   string
	ActorRole   string
	Action      string // resource.verb, e.g. person.update
	SubjectKind string
	SubjectID   db.ID
	SubjectName string  // of a person, as they are called now; List fills it
	Before      db.Hash // digest of the subject before and after, zero where there is none
	After       db.Hash
	Detail      map[string]any // what changed, without secrets
	Reason      string
	Source      string
	RequestID   string

	detail []byte // as stored: the chain is over these bytes
}

// Change describes what an act did, for Audit.Append.
type Change struct {
	Action      string
	SubjectKind string
	Subject     db.ID
	Before      any // digested, never stored
	After       any
	Detail      map[string]any
}

// Audit appends to the log, chains it and checks the chain.
type Audit struct {
	db    *db.DB
	key   []byte
	clock func() time.Time
}

// NewAudit makes the log. key seals the chain and lives outside the database.
func NewAudit(d *db.DB, key []byte, clock func() time.Time) *Audit {
	return &Audit{db: d, key: key, clock: clock}
}

// Append writes what the actor of ctx did, in the transaction that does it.
func (a *Audit) Append(ctx context.Context, tid ID, tx *db.Tx, c Change) error {
	return a.AppendMany(ctx, tid, tx, []Change{c})
}

// AppendMany is Append for many changes in few statements.
func (a *Audit) AppendMany(ctx context.Context, tid ID, tx *db.Tx, changes []Change) error {
	who := ActorFrom(ctx)
	now := db.At(a.clock())
	rows, pending := make([][]any, 0, len(changes)), make([][]any, 0, len(changes))
	for _, c := range changes {
		id := db.NewID()
		detail, err := json.Marshal(c.Detail)
		if err != nil {
			return fmt.Errorf("audit detail: %w", err)
		}
		if c.Detail == nil {
			detail = []byte("{}")
		}
		before, err := digest(c.Before)
		if err != nil {
			return err
		}
		after, err := digest(c.After)
		if err != nil {
			return err
		}
		pending = append(pending, []any{tid, id})
		rows = append(rows, []any{tid, id, now, who.Kind, who.Person, Clip(who.Name, 200), Clip(who.Role, 32), c.Action, c.SubjectKind, c.Subject,
			before, after, string(detail), Clip(who.Reason, 500), Clip(who.Source, 64), Clip(who.RequestID, 64)})
	}
	if err := tx.InsertMany(ctx, sqlInsertAudit, "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows); err != nil {
		return fmt.Errorf("append audit event: %w", err)
	}
	if err := tx.InsertMany(ctx, sqlInsertPending, "(?, ?)", pending); err != nil {
		return fmt.Errorf("append audit event: %w", err)
	}
	return nil
}

func digest(v any) (db.Hash, error) {
	if v == nil {
		return db.Hash{}, nil
	}
	b, err := json.Marshal(v)
	if err != nil {
		return db.Hash{}, fmt.Errorf("audit digest: %w", err)
	}
	return sha256.Sum256(b), nil
}

// AuditQuery narrows List.
type AuditQuery struct {
	Subject db.ID  // only events of this thing
	Action  string // only this action; "person." are all of that resource
	Page    db.Page
}

// List gives the organisation's events, newest first, and the cursor of the next page ("" at the end).
func (a *Audit) List(ctx context.Context, tid ID, q AuditQuery) ([]AuditEvent, string, error) {
	cond := db.Where("tenant_id = ?", tid)
	if !q.Subject.IsZero() {
		cond.And("subject_id = ?", q.Subject)
	}
	if resource, all := strings.CutSuffix(q.Action, "."); all {
		cond.And("action > ? AND action < ?", resource+".", resource+"/") // "/" follows "." in ASCII
	} else if q.Action != "" {
		cond.And("action = ?", q.Action)
	}
	after, err := db.ReadCursor(q.Page.After, 1)
	if err != nil {
		return nil, "", err
	}
	if after != nil {
		id, err := db.ParseID(after[0])
		if err != nil {
			return nil, "", fault.Wrap(err, fault.Invalid, "cursor")
		}
		cond.And("id < ?", id)
	}
	limit := q.Page.Clamp()
	events, err := a.read(ctx, a.db, sqlSelectAudit+cond.SQL()+" ORDER BY id DESC LIMIT ?", cond.Args(limit+1)...)
	next := ""
	if len(events) > limit {
		events = events[:limit]
		next = db.Cursor(events[limit-1].ID.String())
	}
	if err != nil {
		return nil, "", err
	}
	return events, next, a.nameSubjects(ctx, tid, events)
}

// sealDelay leaves time for transactions that made their event id earlier but commit later.
const sealDelay = 2 * time.Second

// Seal chains the events of one organisation that are not chained yet and returns how many.
// Two sealers at once do no harm: the sequence number is a key, the slower one fails and comes again.
func (a *Audit) Seal(ctx context.Context, tid ID) (int, error) {
	sealed := 0
	for {
		n := 0
		err := a.db.Tx(ctx, func(tx *db.Tx) error {
			seq, prev, err := a.head(ctx, tid, tx)
			if err != nil {
				return err
			}
			events, err := a.read(ctx, tx, sqlUnsealed, tid, db.At(a.clock().Add(-sealDelay)))
			if err != nil {
				return err
			}
			n = len(events)
			if n == 0 {
				return nil
			}
			rows, ids := make([][]any, 0, n), make([]any, 0, n)
			for _, e := range events {
				seq++
				prev = a.link(tid, seq, prev, e)
				rows, ids = append(rows, []any{tid, seq, e.ID, prev, db.At(a.clock())}), append(ids, e.ID)
			}
			if err := tx.InsertMany(ctx, sqlInsertSeal, "(?, ?, ?, ?, ?)", rows); err != nil {
				return err
			}
			done := db.Where("tenant_id = ?", tid).In("event_id", ids)
			_, err = tx.Exec(ctx, sqlDeletePending+done.SQL(), done.Args()...)
			return err
		})
		if err != nil {
			return sealed, fmt.Errorf("seal audit log: %w", err)
		}
		sealed += n
		if n < sealBatch {
			return sealed, nil
		}
	}
}

// SealAll seals every organisation that has unsealed events; it is the sealer job.
func (a *Audit) SealAll(ctx context.Context) error {
	ids, err := db.Values[int64](ctx, a.db, sqlTenantsPending)
	if err != nil {
		return err
	}
	for _, n := range ids {
		if _, err := a.Seal(ctx, System(n, "audit sealer")); err != nil {
			return err
		}
	}
	return nil
}

func (a *Audit) head(ctx context.Context, tid ID, tx *db.Tx) (seq int64, hash db.Hash, err error) {
	err = db.One(tx.QueryRowLocked(ctx, sqlSealHead, tid).Scan(&seq, &hash))
	if fault.Is(err, fault.NotFound) {
		return 0, db.Hash{}, nil
	}
	return seq, hash, err
}

// link is HMAC-SHA256 over the tenant, the sequence number, the previous hash and every column of the event, each with its length.
func (a *Audit) link(tid ID, seq int64, prev db.Hash, e AuditEvent) db.Hash {
	mac := hmac.New(sha256.New, a.key)
	put := func(b []byte) {
		var n [8]byte
		binary.BigEndian.PutUint64(n[:], uint64(len(b)))
		mac.Write(n[:])
		mac.Write(b)
	}
	num := func(n int64) {
		var b [8]byte
		binary.BigEndian.PutUint64(b[:], uint64(n))
		put(b[:])
	}
	num(tid.n)
	num(seq)
	put(prev[:])
	put(e.ID[:])
	num(e.HappenedAt.UnixMicro())
	for _, s := range []string{e.ActorKind, e.ActorName, e.ActorRole, e.Action, e.SubjectKind, e.Reason, e.Source, e.RequestID} {
		put([]byte(s))
	}
	put(e.ActorID[:])
	put(e.SubjectID[:])
	put(e.Before[:])
	put(e.After[:])
	put(e.detail)
	return db.Hash(mac.Sum(nil))
}

// AuditCheck is what Verify found about one organisation.
type AuditCheck struct {
	Sealed   int64   // links that hold
	Unsealed int64   // events that are not chained: younger than the sealer's last run
	Head     db.Hash // hash of the last link: note it outside, or a cut-off end cannot be seen
	Broken   int64   // sequence number of the first link that does not hold; 0 when all hold
}

// Verify walks the whole chain of one organisation.
func (a *Audit) Verify(ctx context.Context, tid ID) (AuditCheck, error) {
	var check AuditCheck
	var prev db.Hash
	for {
		rows, err := a.db.Query(ctx, sqlSealed, tid, check.Sealed)
		if err != nil {
			return check, err
		}
		n, err := a.walk(tid, rows, &check, &prev)
		if err != nil {
			return check, err
		}
		if n < sealBatch || check.Broken != 0 {
			break
		}
	}
	check.Head = prev
	// A last link whose event is gone is not among the rows above.
	var last int64
	if err := db.One(a.db.QueryRow(ctx, sqlLastSeal, tid).Scan(&last)); err != nil {
		return check, err
	}
	if check.Broken == 0 && last > check.Sealed {
		check.Broken = check.Sealed + 1
	}
	err := a.db.QueryRow(ctx, sqlCountUnsealed, tid).Scan(&check.Unsealed)
	return check, db.One(err)
}

// HasLink tells whether the chain still has the link seq with this hash: a head that was noted outside. A chain that was cut off has not.
func (a *Audit) HasLink(ctx context.Context, tid ID, seq int64, hash db.Hash) (bool, error) {
	var h db.Hash
	err := db.One(a.db.QueryRow(ctx, sqlSealHash, tid, seq).Scan(&h))
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	return err == nil && sameLink(h, hash), err
}

// sameLink compares keyed hashes in a time that does not tell how alike they are.
func sameLink(a, b db.Hash) bool { return hmac.Equal(a[:], b[:]) }
