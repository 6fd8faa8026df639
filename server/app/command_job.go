package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

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
	usage := errors.New("usage: " + jobUsage)
	if len(args) == 0 || len(args) > 2 {
		return usage
	}
	a, err := New(ctx, cfg, Options{Look: true})
	if err != nil {
		return err
	}
	defer a.Close()
	switch {
	case args[0] == "list":
		state := append(args[1:], "")[0]
		if !slices.Contains([]string{"", "queued", "running", "done", "failed"}, state) {
			return usage
		}
		return listJobs(ctx, a.DB, state, out)
	case args[0] == "retry" && len(args) == 2:
		id, err := db.ParseID(args[1])
		if err != nil {
			return usage
		}
		if err := a.DB.RetryJob(ctx, a.Clock(), id); err != nil {
			return fmt.Errorf("only a job that was given up can be tried again: %w", err)
		}
		return nil
	}
	return usage
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
