package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"sync"
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
)

const sqlInsertJob = `INSERT INTO job (id, kind, slot, tenant_id, payload, state, run_at, max_attempts, created_at) VALUES`

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
	if err := t.InsertNew(ctx, sqlInsertJob, "(?, ?, ?, ?, ?, 'queued', ?, ?, ?)", "kind, slot", rows); err != nil {
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
	return []any{j.ID, j.Kind, j.Slot, tenant, string(j.Payload), j.RunAt, j.Max, At(now)}
}

// Worker runs jobs until its context ends. Several may run on several replicas.
type Worker struct {
	DB        *DB
	Owner     string // name of this replica
	Handlers  map[string]Handler
	Schedules []Schedule
	Parallel  int // jobs at once; 0 means 2
	Clock     func() time.Time
	Log       *slog.Logger

	wake chan struct{}
	once sync.Once
}

func (w *Worker) init() {
	w.once.Do(func() {
		w.wake = make(chan struct{}, 1)
		if w.Parallel == 0 {
			w.Parallel = 2
		}
		if w.Clock == nil {
			w.Clock = time.Now
		}
	})
}

// Wake makes the worker look for due jobs now instead of at its next tick.
func (w *Worker) Wake() {
	w.init()
	select {
	case w.wake <- struct{}{}:
	default:
	}
}

// Run works until ctx ends and returns when the running jobs have stopped.
func (w *Worker) Run(ctx context.Context) {
	w.init()
	var running sync.WaitGroup
	defer running.Wait()
	slots := make(chan struct{}, w.Parallel)
	planned := map[string]int64{}
	for {
		w.plan(ctx, planned)
		for ctx.Err() == nil {
			slots <- struct{}{}
			job, err := w.claim(ctx)
			if err != nil || job == nil {
				<-slots
				if err != nil && ctx.Err() == nil {
					w.Log.Warn("jobs: cannot look for work", "error", err)
				}
				break
			}
			running.Add(1)
			go func() {
				defer func() { <-slots; running.Done() }()
				w.work(ctx, *job)
			}()
		}
		select {
		case <-ctx.Done():
			return
		case <-w.wake:
		case <-time.After(time.Second):
		}
	}
}

// RunDue runs everything that is due now, in this goroutine, and returns how many jobs it ran. Tests and commands use it.
func (w *Worker) RunDue(ctx context.Context) (int, error) {
	w.init()
	for n := 0; ; n++ {
		job, err := w.claim(ctx)
		if err != nil || job == nil {
			return n, err
		}
		w.work(ctx, *job)
	}
}

func (w *Worker) plan(ctx context.Context, planned map[string]int64) {
	for _, s := range w.Schedules {
		bucket := w.Clock().UnixNano() / int64(s.Every)
		if planned[s.Kind] == bucket {
			continue
		}
		err := w.DB.Tx(ctx, func(tx *Tx) error {
			return tx.Enqueue(ctx, w.Clock(), Job{Kind: s.Kind, Slot: fmt.Sprintf("every %s #%d", s.Every, bucket), Max: 3})
		})
		if err != nil {
			w.Log.Warn("jobs: cannot schedule", "kind", s.Kind, "error", err)
			continue
		}
		planned[s.Kind] = bucket
	}
}

const (
	sqlDueQueued = `SELECT id FROM job WHERE state = 'queued' AND run_at <= ? ORDER BY run_at LIMIT 1`
	sqlDueLost   = `SELECT id FROM job WHERE state = 'running' AND lease_until < ? ORDER BY lease_until LIMIT 1`
	sqlClaim     = `UPDATE job SET state = 'running', lease_owner = ?, lease_until = ?, attempts = attempts + 1 WHERE id = ?`
	sqlLoadJob   = `SELECT id, kind, slot, COALESCE(tenant_id, 0), payload, state, run_at, attempts, max_attempts, done_units, total_units, last_error, created_at, finished_at FROM job`
)

func (w *Worker) claim(ctx context.Context) (*Job, error) {
	var job *Job
	err := w.DB.Tx(ctx, func(tx *Tx) error {
		job = nil
		now := w.Clock()
		for _, query := range []string{sqlDueQueued, sqlDueLost} {
			id, err := firstID(ctx, tx, query, At(now))
			if err != nil {
				return err
			}
			if id.IsZero() {
				continue
			}
			if _, err := tx.Exec(ctx, sqlClaim, w.Owner, At(now.Add(jobLease)), id); err != nil {
				return err
			}
			j, err := scanJob(tx.QueryRow(ctx, sqlLoadJob+" WHERE id = ?", id))
			job = &j
			return err
		}
		return nil
	})
	return job, err
}

func firstID(ctx context.Context, tx *Tx, query string, args ...any) (ID, error) {
	rows, err := tx.QuerySkipLocked(ctx, query, args...)
	if err != nil {
		return ID{}, err
	}
	defer rows.Close()
	var id ID
	if rows.Next() {
		if err := rows.Scan(&id); err != nil {
			return ID{}, err
		}
	}
	return id, rows.Err()
}

type scanner interface{ Scan(dest ...any) error }

func scanJob(row scanner) (Job, error) {
	var j Job
	var payload string
	err := row.Scan(&j.ID, &j.Kind, &j.Slot, &j.Tenant, &payload, &j.State, &j.RunAt, &j.Attempts, &j.Max, &j.Done, &j.Total, &j.LastError, &j.CreatedAt, &j.FinishedAt)
	j.Payload = json.RawMessage(payload)
	return j, err
}

func (w *Worker) work(ctx context.Context, job Job) {
	err := w.handle(ctx, job)
	if ctx.Err() != nil {
		err = errors.Join(err, ctx.Err())
	}
	// The end of the job is written even while the process is told to stop.
	end, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	if err := w.finish(end, job, err, ctx.Err() != nil); err != nil {
		w.Log.Error("jobs: cannot write the end of a job", "kind", job.Kind, "job", job.ID, "error", err)
	}
}

func (w *Worker) handle(ctx context.Context, job Job) (err error) {
	handler, ok := w.Handlers[job.Kind]
	if !ok {
		return fmt.Errorf("no handler for job kind %q", job.Kind)
	}
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go w.keepLease(ctx, job)
	report := func(done, total int64) {
		_, _ = w.DB.Exec(ctx, "UPDATE job SET done_units = ?, total_units = ? WHERE id = ? AND lease_owner = ?", done, total, job.ID, w.Owner)
	}
	return handler(ctx, job, report)
}

func (w *Worker) keepLease(ctx context.Context, job Job) {
	tick := time.NewTicker(jobLease / 3)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			_, _ = w.DB.Exec(ctx, "UPDATE job SET lease_until = ? WHERE id = ? AND lease_owner = ? AND state = 'running'", At(w.Clock().Add(jobLease)), job.ID, w.Owner)
		}
	}
}

const sqlFinish = `UPDATE job SET state = ?, run_at = ?, finished_at = ?, last_error = ?, lease_until = NULL, attempts = ? WHERE id = ? AND lease_owner = ? AND state = 'running'`

func (w *Worker) finish(ctx context.Context, job Job, failure error, stopping bool) error {
	now := w.Clock()
	state, runAt, finished, text, attempts := "done", now, At(now), "", job.Attempts
	if failure != nil {
		text = truncate(failure.Error(), 500)
		state, finished = "queued", Time{}
		runAt = now.Add(backoff(job.Attempts))
		switch {
		case stopping: // not the job's fault: another worker takes it at once
			runAt, attempts = now, job.Attempts-1
		case fault.Is(failure, fault.Invalid), fault.Is(failure, fault.NotFound), fault.Is(failure, fault.Conflict), job.Attempts >= job.Max:
			state, finished = "failed", At(now)
			w.Log.Error("job given up", "kind", job.Kind, "job", job.ID, "attempts", job.Attempts, "error", failure)
		default:
			w.Log.Warn("job will be tried again", "kind", job.Kind, "job", job.ID, "attempts", job.Attempts, "error", failure)
		}
	}
	return w.DB.Tx(ctx, func(tx *Tx) error {
		_, err := tx.Exec(ctx, sqlFinish, state, At(runAt), finished, text, attempts, job.ID, w.Owner)
		return err
	})
}

// backoff is 1 s, 4 s, 9 s … for the first tries and at most 4 hours.
func backoff(attempt int) time.Duration {
	d := time.Duration(attempt*attempt) * time.Second
	if attempt > 4 {
		d = time.Duration(1<<min(attempt, 16)) * time.Second
	}
	return min(d, 4*time.Hour)
}

func truncate(s string, n int) string {
	r := []rune(s)
	if len(r) > n {
		r = r[:n]
	}
	return string(r)
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
	rows, err := d.Query(ctx, sqlLoadJob+cond.SQL()+" ORDER BY id DESC LIMIT ?", cond.Args(page.Clamp())...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	jobs := []Job{}
	for rows.Next() {
		j, err := scanJob(rows)
		if err != nil {
			return nil, err
		}
		jobs = append(jobs, j)
	}
	return jobs, rows.Err()
}

// FindJob gives one job; fault.NotFound when there is none.
func (d *DB) FindJob(ctx context.Context, id ID) (Job, error) {
	j, err := scanJob(d.QueryRow(ctx, sqlLoadJob+" WHERE id = ?", id))
	return j, One(err)
}

// RetryJob queues a failed job again; fault.Conflict when it is not failed.
func (d *DB) RetryJob(ctx context.Context, now time.Time, id ID) error {
	r, err := d.Exec(ctx, "UPDATE job SET state = 'queued', attempts = 0, run_at = ?, finished_at = NULL WHERE id = ? AND state = 'failed'", At(now), id)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return fault.New(fault.Conflict, "job_not_failed")
	}
	return nil
}

// ForgetJobs deletes jobs that were done more than 30 days ago.
func (d *DB) ForgetJobs(ctx context.Context, now time.Time) error {
	_, err := d.Exec(ctx, "DELETE FROM job WHERE state = 'done' AND finished_at < ?", At(now.Add(-jobKeep)))
	return err
}
