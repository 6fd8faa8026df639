package tenant

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/storage/disk"
)

// partPatience is how long a part may take to answer before it counts as away.
const partPatience = 3 * time.Second

// Part is something the installation needs: the database, the cache, the object store.
type Part struct {
	Name string
	Ask  func(context.Context) error // nil when it answers
	Full func() bool                 // whether it had no room lately; nil where that cannot be
	Room func() (disk.Room, error)   // of its disk; nil where that is not this machine's
}

// PartState says whether a part answers.
type PartState struct {
	Name string
	Away error // nil: it answers
	Full bool  // it had no room for a write within the last minute; what is there can be read
	Took time.Duration
	Room disk.Room // zero: not known
}

// Operations shows those who run the installation how it stands: its parts, its background work, its mail. It says nothing about people.
type Operations struct {
	db     *db.DB
	audit  *Audit
	outbox *Outbox
	clock  func() time.Time
	parts  []Part
	began  time.Time
}

// NewOperations makes the service.
func NewOperations(d *db.DB, audit *Audit, outbox *Outbox, clock func() time.Time, parts []Part) *Operations {
	return &Operations{db: d, audit: audit, outbox: outbox, clock: clock, parts: parts, began: clock()}
}

// OperationState is how the installation stands now.
type OperationState struct {
	Began  time.Time // since when this replica runs
	Engine string
	Schema int // the number of the newest migration
	Parts  []PartState
	Jobs   []db.JobCount
	Mail   Deliveries
}

// State asks every part and counts what waits. A part that is away is named, not an error; the database is needed for the rest.
func (o *Operations) State(ctx context.Context) (OperationState, error) {
	s := OperationState{Began: o.began, Engine: string(o.db.Engine()), Parts: o.Parts(ctx)}
	var err error
	if s.Schema, err = o.db.SchemaVersion(ctx); err != nil {
		return s, fmt.Errorf("operation state: %w", err)
	}
	if s.Jobs, err = o.db.CountJobs(ctx); err != nil {
		return s, fmt.Errorf("operation state: %w", err)
	}
	s.Mail, err = o.outbox.Deliveries(ctx)
	return s, err
}

// Parts asks every part at once whether it answers; who does not within three seconds is away.
func (o *Operations) Parts(ctx context.Context) []PartState {
	out := make([]PartState, len(o.parts))
	var group sync.WaitGroup
	for i, p := range o.parts {
		group.Go(func() {
			ctx, cancel := context.WithTimeout(ctx, partPatience)
			defer cancel()
			began := time.Now() //nolint:forbidigo // how long the answer takes, whatever the clock of the product says
			err := p.Ask(ctx)
			out[i] = PartState{Name: p.Name, Away: err, Full: p.Full != nil && p.Full(), Took: time.Since(began)}
			if p.Room != nil && err == nil {
				out[i].Room, _ = p.Room() // a disk that does not say is not known
			}
		})
	}
	group.Wait()
	return out
}

// JobStates are what Jobs can be asked for.
var JobStates = []string{"failed", "running", "queued", "done"}

// Jobs lists background work in one state, newest first. What a job said when it failed comes without addresses.
func (o *Operations) Jobs(ctx context.Context, state string, page db.Page) ([]db.Job, string, error) {
	if !slices.Contains(JobStates, state) {
		return nil, "", fault.New(fault.Invalid, "bad_value")
	}
	limit := page.Clamp()
	page.Limit = limit + 1
	jobs, err := o.db.ListJobs(ctx, state, page)
	if err != nil {
		return nil, "", fmt.Errorf("list jobs: %w", err)
	}
	next := ""
	if len(jobs) > limit {
		jobs = jobs[:limit]
		next = db.Cursor(jobs[limit-1].ID.String())
	}
	for i := range jobs {
		jobs[i].LastError = withoutAddresses(strings.TrimSpace(jobs[i].LastError))
	}
	return jobs, next, nil
}

// Retry has a job that was given up tried again, at once, and writes who wanted it into the log of tid, their organisation. fault.NotFound when there is none,
// fault.Conflict "job_not_failed" when it was not given up: of two who ask at once one gets that.
func (o *Operations) Retry(ctx context.Context, tid ID, id db.ID) (db.Job, error) {
	job, err := o.db.FindJob(ctx, id)
	if err != nil {
		return db.Job{}, err
	}
	err = o.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.RetryJob(ctx, o.clock(), id); err != nil {
			return err
		}
		return o.audit.Append(ctx, tid, tx, Change{Action: "job.retry", SubjectKind: "job", Subject: id, Detail: map[string]any{"kind": job.Kind}})
	})
	if err != nil {
		return db.Job{}, fmt.Errorf("retry job: %w", err)
	}
	return o.db.FindJob(ctx, id)
}
