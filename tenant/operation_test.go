package tenant_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

func TestOperations(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		away := errors.New("connection refused")
		o := tenant.NewOperations(d, k.audit, k.outbox, k.clock.Now, []tenant.Part{
			{Name: "database", Ask: d.Ping}, {Name: "objects", Ask: func(context.Context) error { return away }},
		})
		a := kit.NewOrg(t, d, "OPERATION", "association", 1)
		ctx := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Person: a.Manager, Role: "operator"})
		// Given up after its only try, with an address in what it said.
		worker := &db.Worker{DB: d, Owner: "test", Clock: k.clock.Now, Log: slog.New(slog.DiscardHandler), Handlers: map[string]db.Handler{
			"test.fails": func(context.Context, db.Job, func(int64, int64)) error {
				return fault.Wrap(errors.New("550 hanako@example.jp is unknown"), fault.Invalid, "refused")
			},
		}}
		id := db.NewID()
		if err := d.Tx(ctx, func(tx *db.Tx) error {
			return tx.EnqueueMany(ctx, k.clock.Now(), []db.Job{
				{ID: id, Kind: "test.fails", Payload: json.RawMessage("{}")}, {ID: db.NewID(), Kind: "test.waits", Payload: json.RawMessage("{}")},
			})
		}); err != nil {
			t.Fatal(err)
		}
		k.clock.Add(time.Minute)
		if _, err := worker.RunDue(ctx); err != nil {
			t.Fatal(err)
		}

		state, err := o.State(ctx)
		if err != nil || len(state.Parts) != 2 || state.Parts[0].Away != nil || !errors.Is(state.Parts[1].Away, away) || state.Schema == 0 {
			t.Fatalf("%+v %v", state, err)
		}
		counts := map[string]int{}
		for _, j := range state.Jobs {
			counts[j.Kind+" "+j.State] += j.Jobs
		}
		if counts["test.fails failed"] != 1 || counts["test.waits queued"] != 1 {
			t.Errorf("%v", counts)
		}
		jobs, next, err := o.Jobs(ctx, "failed", db.Page{})
		if err != nil || len(jobs) != 1 || next != "" || jobs[0].ID != id || strings.Contains(jobs[0].LastError, "hanako") || !strings.Contains(jobs[0].LastError, "is unknown") {
			t.Fatalf("%+v %q %v", jobs, next, err)
		}
		if _, _, err := o.Jobs(ctx, "lost", db.Page{}); !fault.Is(err, fault.Invalid) {
			t.Errorf("an unknown state: %v", err)
		}

		// Of many who ask at once one gets it, and the log says so once.
		var won atomic.Int32
		var group sync.WaitGroup
		for range 8 {
			group.Go(func() {
				_, err := o.Retry(ctx, a.ID, id)
				switch {
				case err == nil:
					won.Add(1)
				case !fault.Is(err, fault.Conflict):
					t.Errorf("retry: %v", err)
				}
			})
		}
		group.Wait()
		events, _, err := k.audit.List(ctx, a.ID, tenant.AuditQuery{Action: "job.retry"})
		if err != nil || won.Load() != 1 || len(events) != 1 || events[0].SubjectID != id {
			t.Errorf("%d won, %d events, %v", won.Load(), len(events), err)
		}
		if j, err := d.FindJob(ctx, id); err != nil || j.State != "queued" || j.Attempts != 0 {
			t.Errorf("%+v %v", j, err)
		}
		if _, err := o.Retry(ctx, a.ID, db.NewID()); !fault.Is(err, fault.NotFound) {
			t.Errorf("a job that is not: %v", err)
		}
	})
}
