package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
)

const jobUsage = `kenshu job list [queued|running|done|failed]
kenshu job retry ID

Lists the newest 500 background jobs, one line of JSON for each, or queues one again that was given up.`

// jobLine is one job in the output; the payload holds only ids.
type jobLine struct {
	ID        string          `json:"id"`
	Kind      string          `json:"kind"`
	State     string          `json:"state"`
	Attempts  int             `json:"attempts"`
	RunAt     time.Time       `json:"run_at"`
	LastError string          `json:"last_error,omitempty"`
	Payload   json.RawMessage `json:"payload"`
}

// jobCommand shows the operator what is done in the background, and takes up again what was given up.
func jobCommand(ctx context.Context, cfg Config, args []string, out io.Writer) error {
	var run func(a *App) error
	switch {
	case len(args) > 0 && len(args) <= 2 && args[0] == "list":
		state := append(args[1:], "")[0]
		if !slices.Contains([]string{"", "queued", "running", "done", "failed"}, state) {
			return fmt.Errorf("%q is no state; usage: %s", state, jobUsage)
		}
		run = func(a *App) error { return listJobs(ctx, a.DB, state, out) }
	case len(args) == 2 && args[0] == "retry":
		id, err := db.ParseID(args[1])
		if err != nil {
			return fmt.Errorf("%q is no id of a job: kenshu job list failed shows them", args[1])
		}
		run = func(a *App) error { return retryJob(ctx, a, id, out) }
	default:
		return errors.New("usage: " + jobUsage)
	}
	if err := checkThere(ctx, cfg); err != nil {
		return err
	}
	a, err := New(ctx, cfg, Options{Look: true})
	if err != nil {
		return err
	}
	defer a.Close()
	return run(a)
}

func retryJob(ctx context.Context, a *App, id db.ID, out io.Writer) error {
	job, err := a.DB.FindJob(ctx, id)
	if fault.Is(err, fault.NotFound) {
		return fmt.Errorf("there is no job %s: kenshu job list failed shows those that were given up", id)
	}
	if err == nil && job.State != "failed" {
		return fmt.Errorf("job %s is %s: only one that was given up (failed) can be tried again", id, job.State)
	}
	if err == nil {
		err = a.DB.RetryJob(ctx, a.Clock(), id)
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(out, "job %s (%s) is queued again\n", id, job.Kind)
	return err
}

func listJobs(ctx context.Context, d *db.DB, state string, out io.Writer) error {
	jobs, err := d.ListJobs(ctx, state, db.Page{Limit: db.MaxLimit})
	if err != nil {
		return err
	}
	lines := json.NewEncoder(out)
	for _, j := range jobs {
		if err := lines.Encode(jobLine{ID: j.ID.String(), Kind: j.Kind, State: j.State, Attempts: j.Attempts, RunAt: j.RunAt.Time, LastError: j.LastError, Payload: j.Payload}); err != nil {
			return err
		}
	}
	return nil
}
