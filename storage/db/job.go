package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"

	"kenshu/fault"
)

// Job is one piece of background work: a row that is leased, retried with growing pauses, and visible to the operator.
// Handlers must be idempotent: a job whose worker died is run again after its lease.
type Job struct {
	ID         ID
	Kind       string          // which handler
	Slot       string          // with Kind unique: a repeat of the same slot is not queued again
	Tenant     int64           // 0 for work of the whole installation
	Payload    json.RawMessage // what the handler needs; ids, never personal data or secrets
	State      string          // queued, running, done, failed
	RunAt      Time
	Attempts   int
	Max        int // attempts before the job is given up; 0 means 12, about a day
	Done       int64
	Total      int64
	LastError  string
	CreatedAt  Time
	FinishedAt Time
}

// Settle ends a run that failed. When repeating would change nothing (fault.Final), or no run is left, stop is called, so that what waits for the job stands still
// with the reason; why is "internal" when it is nothing that the asker did. A reason that the asker reads is no failure for the operator, so nil is given back for it.
func (j Job) Settle(err error, stop func(why *fault.Error) error) error {
	var why *fault.Error
	final := fault.Final(err) && errors.As(err, &why)
	switch {
	case err == nil || !final && j.Attempts < j.Max || errors.Is(err, context.Canceled): // who stops the process does not fail the job
		return err
	case final:
		return stop(why)
	}
	return errors.Join(stop(&fault.Error{Key: "internal"}), err)
}

// Handler does the work of one kind of job. report tells progress in units of the handler's choice.
// A fault of kind Invalid, NotFound or Conflict ends the job at once: repeating would not help.
type Handler func(ctx context.Context, job Job, report func(done, total int64)) error

// Schedule makes a job of Kind once per Every, over all replicas together.
type Schedule struct {
	Kind  string
	Every time.Duration
}

const (
	jobLease    = time.Minute
	jobAttempts = 12
	jobKeep     = 30 * 24 * time.Hour
	failedKeep  = 365 * 24 * time.Hour
	runKeep     = time.Hour // of scheduled runs; longer than any replica may lag behind with planning the same run

	scheduledSlot = "every " // slots of scheduled runs begin so
)

const sqlInsertJob = `INSERT INTO job (id, kind, slot, tenant_id, payload, state, run_at, max_attempts, total_units, created_at) VALUES`

// Enqueue queues job inside the business transaction. An empty slot means the job's own id. A taken slot changes nothing.
func (t *Tx) Enqueue(ctx context.Context, now time.Time, job Job) error {
	return t.EnqueueMany(ctx, now, []Job{job})
}

// EnqueueMany is Enqueue for many jobs in few statements.
func (t *Tx) EnqueueMany(ctx context.Context, now time.Time, jobs []Job) error {
	rows := make([][]any, 0, len(jobs))
	for _, job := range jobs {
		rows = append(rows, job.row(now))
	}
	if err := t.InsertNew(ctx, sqlInsertJob, "(?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?)", "kind, slot", rows); err != nil {
		return fmt.Errorf("enqueue: %w", err)
	}
	return nil
}

func (j Job) row(now time.Time) []any {
	if j.ID.IsZero() {
		j.ID = NewID()
	}
	if j.Slot == "" {
		j.Slot = j.ID.String()
	}
	if j.Max == 0 {
		j.Max = jobAttempts
	}
	if j.RunAt.IsZero() {
		j.RunAt = At(now)
	}
	if len(j.Payload) == 0 {
		j.Payload = json.RawMessage("{}")
	}
	var tenant any
	if j.Tenant != 0 {
		tenant = j.Tenant
	}
	return []any{j.ID, j.Kind, j.Slot, tenant, string(j.Payload), j.RunAt, j.Max, j.Total, At(now)}
}

// ListJobs gives the newest jobs for the operator's page, keyset by id; state "" is all.
func (d *DB) ListJobs(ctx context.Context, state string, page Page) ([]Job, error) {
	cond := Where("1 = 1")
	if state != "" {
		cond.And("state = ?", state)
	}
	after, err := ReadCursor(page.After, 1)
	if err != nil {
		return nil, err
	}
	if after != nil {
		id, err := ParseID(after[0])
		if err != nil {
			return nil, fault.Wrap(err, fault.Invalid, "cursor")
		}
		cond.And("id < ?", id)
	}
	return List(ctx, d, sqlLoadJob+cond.SQL()+" ORDER BY id DESC LIMIT ?", cond.Args(page.Clamp()), scanJob)
}

// FindJob gives one job; fault.NotFound when there is none.
func (d *DB) FindJob(ctx context.Context, id ID) (Job, error) {
	j, err := scanJob(d.QueryRow(ctx, sqlLoadJob+" WHERE id = ?", id))
	return j, One(err)
}

// JobStates gives what FindJob does for many jobs; those that are gone are left out.
func (d *DB) JobStates(ctx context.Context, ids []ID) (map[ID]Job, error) {
	out := make(map[ID]Job, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	cond := Where("1 = 1").In("id", Args(ids))
	jobs, err := List(ctx, d, sqlLoadJob+cond.SQL(), cond.Args(), scanJob)
	for _, j := range jobs {
		out[j.ID] = j
	}
	return out, err
}

// AtWork tells whether the job will come to an end by itself: it waits or runs.
func (j Job) AtWork() bool { return j.State == "queued" || j.State == "running" }

// Scheduled tells a run of a Schedule: the next one does what this one left.
func (j Job) Scheduled() bool { return strings.HasPrefix(j.Slot, scheduledSlot) }

const sqlGivenUp = `SELECT COUNT(*) FROM job WHERE kind = ? AND state = 'failed' AND last_error LIKE ?`

// GivenUp tells whether a job of the kind stands among those that were given up, with an error that begins so.
func (d *DB) GivenUp(ctx context.Context, kind, because string) (bool, error) {
	var n int
	err := d.QueryRow(ctx, sqlGivenUp, kind, because+"%").Scan(&n)
	return n > 0, away(err)
}

const sqlRetireRuns = `DELETE FROM job WHERE state = 'failed' AND slot LIKE 'every %' AND last_error LIKE ?`

// RetireRuns takes away the runs of schedules that were given up with an error that begins so, when what they speak of is over: the next runs do what they left.
func (d *DB) RetireRuns(ctx context.Context, because string) error {
	_, err := d.Exec(ctx, sqlRetireRuns, because+"%")
	return away(err)
}

// JobCount says how much background work of a kind is in a state.
type JobCount struct {
	Kind   string
	State  string // queued, running, failed
	Jobs   int
	Oldest Time // of queued ones: when the one that waits longest may begin
}

const sqlCountJobs = `SELECT kind, state, COUNT(*), MIN(run_at) FROM job WHERE state IN ('queued', 'running', 'failed') GROUP BY state, kind ORDER BY kind, state`

// CountJobs counts the background work that is not done, by kind and state.
func (d *DB) CountJobs(ctx context.Context) ([]JobCount, error) {
	return List(ctx, d, sqlCountJobs, nil, func(row Row) (JobCount, error) {
		var c JobCount
		err := row.Scan(&c.Kind, &c.State, &c.Jobs, &c.Oldest)
		return c, err
	})
}

// RetryJob queues a failed job again; fault.Conflict when it is not failed.
func (d *DB) RetryJob(ctx context.Context, now time.Time, id ID) error {
	return d.Tx(ctx, func(tx *Tx) error { return tx.RetryJob(ctx, now, id) })
}

// RetryJob is DB.RetryJob as a part of a transaction.
func (t *Tx) RetryJob(ctx context.Context, now time.Time, id ID) error {
	r, err := t.Exec(ctx, "UPDATE job SET state = 'queued', attempts = 0, run_at = ?, finished_at = NULL WHERE id = ? AND state = 'failed'", At(now), id)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return fault.New(fault.Conflict, "job_not_failed")
	}
	return nil
}

// DropJob takes a job away that is not at work: done, or given up. Its slot is free again.
func (t *Tx) DropJob(ctx context.Context, id ID) error {
	_, err := t.Exec(ctx, sqlForget+" WHERE id = ? AND state IN ('done', 'failed')", id)
	return err
}

const (
	sqlForgettable = `SELECT id FROM job WHERE state = ? AND finished_at < ? ORDER BY finished_at LIMIT 500`
	sqlForgetRuns  = `SELECT id FROM job WHERE state = ? AND finished_at < ? AND slot LIKE 'every %' ORDER BY finished_at LIMIT 500`
	sqlForget      = `DELETE FROM job`
)

// ForgetJobs deletes what nobody asks for any more: scheduled runs an hour after they were done, other jobs after 30 days, and runs and jobs that
// were given up after a year. It takes a few at a time, so that no other job waits for it.
func (d *DB) ForgetJobs(ctx context.Context, now time.Time) error {
	for _, old := range []struct {
		query, state string
		keep         time.Duration
	}{{sqlForgetRuns, "done", runKeep}, {sqlForgetRuns, "failed", jobKeep}, {sqlForgettable, "done", jobKeep}, {sqlForgettable, "failed", failedKeep}} {
		for {
			n, err := d.forget(ctx, old.query, old.state, At(now.Add(-old.keep)))
			if err != nil {
				return fmt.Errorf("forget jobs: %w", err)
			}
			if n == 0 {
				break
			}
		}
	}
	return nil
}

func (d *DB) forget(ctx context.Context, query string, args ...any) (int, error) {
	var ids []ID
	err := d.Tx(ctx, func(tx *Tx) (err error) {
		if ids, err = Values[ID](ctx, tx, query, args...); err != nil || len(ids) == 0 {
			return err
		}
		gone := Where("1 = 1").In("id", Args(ids))
		_, err = tx.Exec(ctx, sqlForget+gone.SQL(), gone.Args()...)
		return err
	})
	return len(ids), err
}
