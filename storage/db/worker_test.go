package db_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"kenshu/rig/kit"
	"kenshu/storage/db"
)

func enqueue(t *testing.T, d *db.DB, jobs ...db.Job) {
	t.Helper()
	if err := d.Tx(t.Context(), func(tx *db.Tx) error { return tx.EnqueueMany(t.Context(), time.Now(), jobs) }); err != nil {
		t.Fatal(err)
	}
}

func newWorker(d *db.DB, handlers map[string]db.Handler) *db.Worker {
	return &db.Worker{DB: d, Owner: db.NewID().String(), Log: slog.New(slog.DiscardHandler), Handlers: handlers}
}

// run runs w until done is closed or ten seconds are over, and tells which.
func run(t *testing.T, w *db.Worker, done <-chan struct{}) bool {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	end := make(chan struct{})
	go func() { w.Run(ctx); close(end) }()
	ok := true
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		ok = false
	}
	stop()
	<-end
	return ok
}

func states(t *testing.T, d *db.DB, kind string) map[string]int {
	t.Helper()
	jobs, err := d.ListJobs(t.Context(), "", db.Page{Limit: 500})
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int{}
	for _, j := range jobs {
		if j.Kind == kind {
			out[j.State]++
		}
	}
	return out
}

// Long jobs, however many are queued before, leave room for other kinds; and short ones follow each other without a pause.
func TestNoKindStarvesAnother(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		var slow, quick []db.Job
		for range 20 {
			slow = append(slow, db.Job{Kind: "slow"})
		}
		for range 40 {
			quick = append(quick, db.Job{Kind: "quick"})
		}
		enqueue(t, d, slow...)
		enqueue(t, d, quick...)
		var n atomic.Int32
		done := make(chan struct{})
		w := newWorker(d, map[string]db.Handler{
			"slow": func(ctx context.Context, _ db.Job, _ func(int64, int64)) error { <-ctx.Done(); return ctx.Err() },
			"quick": func(context.Context, db.Job, func(int64, int64)) error {
				if n.Add(1) == 40 {
					close(done)
				}
				return nil
			},
		})
		if !run(t, w, done) {
			t.Fatalf("%d of 40 quick jobs ran beside the slow ones", n.Load())
		}
		if got := states(t, d, "slow"); got["queued"] != 20 {
			t.Errorf("slow jobs after the worker was stopped: %v, want 20 queued again", got)
		}
	})
}

// An organisation that queues long jobs without end, of whatever kinds, leaves places to the long jobs of others and to short ones.
func TestNoOrganisationStarvesAnother(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		const greedy, modest = 1, 2
		for range 20 {
			for _, kind := range []string{"film", "import", "unpack"} {
				enqueue(t, d, db.Job{Kind: kind, Tenant: greedy})
			}
		}
		enqueue(t, d, db.Job{Kind: "film", Tenant: modest}, db.Job{Kind: "quick", Tenant: greedy}, db.Job{Kind: "quick", Tenant: modest})
		var n, now atomic.Int32
		var crowded atomic.Bool
		done := make(chan struct{})
		ran := func() {
			if n.Add(1) == 3 {
				close(done)
			}
		}
		long := func(ctx context.Context, job db.Job, _ func(int64, int64)) error {
			if job.Tenant == modest {
				ran()
			} else {
				if now.Add(1) > 2 {
					crowded.Store(true)
				}
				defer now.Add(-1)
			}
			<-ctx.Done()
			return ctx.Err()
		}
		w := newWorker(d, map[string]db.Handler{"film": long, "import": long, "unpack": long, "quick": func(context.Context, db.Job, func(int64, int64)) error { ran(); return nil }})
		w.Long = []string{"film", "import", "unpack"}
		if !run(t, w, done) {
			t.Fatalf("%d of 3 jobs ran beside those of one organisation", n.Load())
		}
		if crowded.Load() {
			t.Error("one organisation had more than two long jobs at once")
		}
	})
}

// A job that takes the process down with it each time is given up in the end instead of taking down every worker for ever.
func TestAJobThatKillsItsWorkerIsGivenUp(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		enqueue(t, d, db.Job{Kind: "deadly", Max: 3})
		clock, runs := kit.NewClock(), 0
		clock.Add(time.Since(clock.Now()) + time.Minute)
		die := func(context.Context, db.Job, func(int64, int64)) error { runs++; return nil }
		for range 5 {
			w := newWorker(d, map[string]db.Handler{"deadly": die})
			w.Clock = clock.Now
			if _, err := w.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
			// As if the process had ended before it could write the end of the job.
			if _, err := d.Exec(t.Context(), "UPDATE job SET state = 'running', finished_at = NULL, lease_until = ? WHERE kind = 'deadly' AND state = 'done'", db.At(clock.Now())); err != nil {
				t.Fatal(err)
			}
			clock.Add(2 * time.Minute)
		}
		if got := states(t, d, "deadly"); runs != 3 || got["failed"] != 1 {
			t.Fatalf("%d runs, %v", runs, got)
		}
	})
}

// A job that hangs is broken off and its place becomes free.
func TestAJobThatHangsIsBrokenOff(t *testing.T) {
	d := kit.SQLite(t)
	enqueue(t, d, db.Job{Kind: "hangs", Max: 1})
	w := newWorker(d, map[string]db.Handler{"hangs": func(ctx context.Context, _ db.Job, _ func(int64, int64)) error { <-ctx.Done(); return ctx.Err() }})
	w.Longest = 50 * time.Millisecond
	if _, err := w.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := states(t, d, "hangs"); got["failed"] != 1 {
		t.Fatal(got)
	}
}

// While replicas are brought up to a new version one by one, the old ones leave the new kinds alone.
func TestAnUnknownKindWaits(t *testing.T) {
	d := kit.SQLite(t)
	enqueue(t, d, db.Job{Kind: "of tomorrow"})
	if n, err := newWorker(d, map[string]db.Handler{"other": nil}).RunDue(t.Context()); n != 0 || err != nil {
		t.Fatal(n, err)
	}
	if got := states(t, d, "of tomorrow"); got["queued"] != 1 {
		t.Fatal(got)
	}
}

func TestForgetJobs(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		now := time.Now()
		var jobs []db.Job
		for i := range 700 {
			jobs = append(jobs, db.Job{Kind: "run", Slot: "every 10s #" + time.Duration(i).String()})
		}
		enqueue(t, d, jobs...)
		enqueue(t, d, db.Job{Kind: "mail"}, db.Job{Kind: "old mail"}, db.Job{Kind: "waiting"})
		for query, age := range map[string]time.Duration{
			"UPDATE job SET state = 'done', finished_at = ? WHERE kind = 'run'":      2 * time.Hour,
			"UPDATE job SET state = 'done', finished_at = ? WHERE kind = 'mail'":     48 * time.Hour,
			"UPDATE job SET state = 'done', finished_at = ? WHERE kind = 'old mail'": 31 * 24 * time.Hour,
		} {
			if _, err := d.Exec(t.Context(), query, db.At(now.Add(-age))); err != nil {
				t.Fatal(err)
			}
		}
		if err := d.ForgetJobs(t.Context(), now); err != nil {
			t.Fatal(err)
		}
		for kind, want := range map[string]int{"run": 0, "mail": 1, "old mail": 0, "waiting": 1} {
			var n int
			if err := d.QueryRow(t.Context(), "SELECT COUNT(*) FROM job WHERE kind = ?", kind).Scan(&n); err != nil || n != want {
				t.Errorf("%d jobs of kind %q are left, want %d (%v)", n, kind, want, err)
			}
		}
	})
}
