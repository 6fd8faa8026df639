package db

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"kenshu/fault"
)

// Worker runs jobs until its context ends. Several may run on several replicas.
type Worker struct {
	DB        *DB
	Owner     string // name of this replica
	Handlers  map[string]Handler
	Schedules []Schedule
	Long      []string                   // kinds whose jobs may take minutes: no organisation fills the places with them, see open and taken
	Parallel  int                        // jobs at once; 0 means JobsAtOnce
	Longest   time.Duration              // a job that takes longer is broken off and tried again; 0 means JobTime
	May       func(context.Context) bool // asked before each job: whether this replica may do any now; nil: always
	Clock     func() time.Time
	Log       *slog.Logger

	once  sync.Once
	ended chan struct{} // a job came to its end: there is room
	kinds []string      // of Handlers
	mu    sync.Mutex
	busy  map[string]int // jobs under way by kind
	held  map[place]int  // of those of the kinds in Long
	turn  int            // the kind that is asked first
}

// place is who has a place for a long job.
type place struct {
	kind   string
	tenant int64
}

// longOfOne is how many long jobs, of different kinds, one organisation has under way on a replica.
const longOfOne = 2

func (w *Worker) init() {
	w.once.Do(func() {
		w.ended = make(chan struct{}, 1)
		w.kinds, w.busy, w.held = slices.Sorted(maps.Keys(w.Handlers)), map[string]int{}, map[place]int{}
		if w.Parallel == 0 {
			w.Parallel = JobsAtOnce
		}
		if w.Longest == 0 {
			w.Longest = JobTime
		}
		if w.Clock == nil {
			w.Clock = time.Now
		}
	})
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
				defer running.Done()
				w.work(ctx, *job)
				w.count(*job, -1)
				<-slots
				select {
				case w.ended <- struct{}{}:
				default:
				}
			}()
		}
		select {
		case <-ctx.Done():
			return
		case <-w.ended:
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
		w.count(*job, -1)
	}
}

func (w *Worker) count(job Job, n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.busy[job.Kind] += n
	if slices.Contains(w.Long, job.Kind) {
		at := place{job.Kind, job.Tenant}
		if w.held[at] += n; w.held[at] == 0 {
			delete(w.held, at)
		}
	}
}

// open gives the kinds that may begin another job, each time beginning with the next one: no kind, however many jobs it has and however long
// they take, keeps the others waiting. One kind has at most half of the places, and the long ones together leave one to the short ones.
func (w *Worker) open() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.turn++
	long := 0
	for _, n := range w.held {
		long += n
	}
	var list []string
	for i := range w.kinds {
		kind := w.kinds[(w.turn+i)%len(w.kinds)]
		if w.busy[kind] < max(1, w.Parallel/2) && (long < max(1, w.Parallel-1) || !slices.Contains(w.Long, kind)) {
			list = append(list, kind)
		}
	}
	return list
}

// taken gives the organisations that may not begin another job of a long kind now: who has one of it under way on this replica, or several of others.
func (w *Worker) taken(kind string) []any {
	if !slices.Contains(w.Long, kind) {
		return nil
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	all, list := map[int64]int{}, []any{}
	for at, n := range w.held {
		if all[at.tenant] += n; at.kind == kind {
			all[at.tenant] = longOfOne
		}
	}
	for tenant, n := range all {
		if n >= longOfOne {
			list = append(list, tenant)
		}
	}
	return list
}

func (w *Worker) plan(ctx context.Context, planned map[string]int64) {
	for _, s := range w.Schedules {
		bucket := w.Clock().UnixNano() / int64(s.Every)
		if planned[s.Kind] == bucket {
			continue
		}
		err := w.DB.Tx(ctx, func(tx *Tx) error {
			return tx.Enqueue(ctx, w.Clock(), Job{Kind: s.Kind, Slot: fmt.Sprintf("%s%s #%d", scheduledSlot, s.Every, bucket), Max: 3})
		})
		if err != nil {
			w.Log.Warn("jobs: cannot schedule", "kind", s.Kind, "error", err)
			continue
		}
		planned[s.Kind] = bucket
	}
}

const (
	sqlDueQueued = `SELECT id FROM job WHERE state = 'queued' AND kind = ? AND run_at <= ?`
	sqlDueLost   = `SELECT id FROM job WHERE state = 'running' AND kind = ? AND lease_until < ?`
	sqlNotOf     = ` AND COALESCE(tenant_id, 0) <> ?`
	sqlDueFirst  = ` ORDER BY run_at LIMIT 1`
	sqlClaim     = `UPDATE job SET state = 'running', lease_owner = ?, lease_until = ?, attempts = attempts + 1 WHERE id = ?`
	sqlGiveUp    = `UPDATE job SET state = 'failed', finished_at = ?, last_error = ?, lease_until = NULL WHERE id = ?`
	sqlLoadJob   = `SELECT id, kind, slot, COALESCE(tenant_id, 0), payload, state, run_at, attempts, max_attempts, done_units, total_units, last_error, created_at, finished_at FROM job`
)

// claim takes the next job of a kind that has room. A kind that this binary does not know is left to a newer one.
func (w *Worker) claim(ctx context.Context) (*Job, error) {
	if w.May != nil && !w.May(ctx) {
		return nil, nil //nolint:nilnil // nothing may be done
	}
	for _, kind := range w.open() {
		for _, query := range []string{sqlDueQueued, sqlDueLost} {
			job, err := w.claimOf(ctx, kind, query)
			if err != nil {
				return nil, err
			}
			if job != nil {
				w.count(*job, 1)
				return job, nil
			}
		}
	}
	return nil, nil //nolint:nilnil // nothing is due
}

func (w *Worker) claimOf(ctx context.Context, kind, query string) (*Job, error) {
	now, taken := w.Clock(), w.taken(kind)
	query += strings.Repeat(sqlNotOf, len(taken)) + sqlDueFirst
	args := append([]any{kind, At(now)}, taken...)
	var due ID
	err := One(w.DB.QueryRow(ctx, query, args...).Scan(&due)) // looking takes no lock
	if fault.Is(err, fault.NotFound) {
		return nil, nil //nolint:nilnil // nothing is due
	} else if err != nil {
		return nil, err
	}
	var job *Job
	err = w.DB.Tx(ctx, func(tx *Tx) error {
		job = nil
		id, err := firstID(ctx, tx, query, args...)
		if err != nil || id.IsZero() {
			return err
		}
		j, err := scanJob(tx.QueryRow(ctx, sqlLoadJob+" WHERE id = ?", id))
		if err != nil {
			return err
		}
		if j.Attempts >= j.Max { // its last worker died over it; another must not
			w.Log.Error("job given up", "kind", j.Kind, "job", j.ID, "attempts", j.Attempts, "error", lostLease)
			_, err := tx.Exec(ctx, sqlGiveUp, At(now), lostLease, id)
			return err
		}
		j.State, j.Attempts, job = "running", j.Attempts+1, &j
		_, err = tx.Exec(ctx, sqlClaim, w.Owner, At(now.Add(jobLease)), id)
		return err
	})
	return job, err
}

const lostLease = "the worker stopped in the middle"

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

func scanJob(row Row) (Job, error) {
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

func (w *Worker) handle(ctx context.Context, job Job) error {
	ctx, stop := context.WithTimeout(ctx, w.Longest)
	defer stop()
	go w.keepLease(ctx, job)
	report := func(done, total int64) {
		_, _ = w.DB.Exec(ctx, "UPDATE job SET done_units = ?, total_units = ? WHERE id = ? AND lease_owner = ?", done, total, job.ID, w.Owner)
	}
	return fault.Caught(func() error { return w.Handlers[job.Kind](ctx, job, report) })
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
			w.Log.Error("job given up", "kind", job.Kind, "job", job.ID, "attempts", job.Attempts, "error", failure, "stack", fault.Stack(failure))
		default:
			w.Log.Warn("job will be tried again", "kind", job.Kind, "job", job.ID, "attempts", job.Attempts, "error", failure, "stack", fault.Stack(failure))
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
