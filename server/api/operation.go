package api

import (
	"context"
	"time"

	"kenshu/storage/db"
)

// OperationBody is how the installation stands.
type OperationBody struct {
	Version string         `json:"version" doc:"of this replica"`
	Began   time.Time      `json:"began" doc:"since when this replica runs"`
	Engine  string         `json:"engine" enum:"sqlite,mysql" doc:"the kind of database"`
	Schema  int            `json:"schema" doc:"number of the newest migration"`
	Parts   []StoreBody    `json:"parts" nullable:"false" doc:"what every replica needs"`
	Jobs    []JobCountBody `json:"jobs" nullable:"false" doc:"background work that is not done"`
	Mail    struct {
		HasServer bool       `json:"has_server" doc:"whether messages leave this installation"`
		Waiting   int        `json:"waiting" doc:"messages that are still to go out"`
		Failing   int        `json:"failing" doc:"of those, tried in vain at least once"`
		Since     *time.Time `json:"since,omitempty" doc:"when the oldest failing one was queued"`
	} `json:"mail"`
}

// StoreBody is a store the installation needs.
type StoreBody struct {
	Name string `json:"name" enum:"database,cache,objects"`
	Away bool   `json:"away" doc:"it did not answer within three seconds"`
	Full bool   `json:"full" doc:"this replica met it without room for a write within the last minute; reading goes on"`
	MS   int64  `json:"ms" doc:"how long its answer took"`
	Room struct {
		Free  int64 `json:"free" doc:"bytes"`
		Total int64 `json:"total" doc:"bytes; 0: not known, as of a server elsewhere"`
	} `json:"room" doc:"of the disk where this replica keeps it"`
}

// JobCountBody counts background work of a kind.
type JobCountBody struct {
	Kind   string     `json:"kind"`
	State  string     `json:"state" enum:"queued,running,failed" doc:"failed: given up"`
	Jobs   int        `json:"jobs" doc:"how many"`
	Oldest *time.Time `json:"oldest,omitempty" doc:"of queued ones: when the one that waits longest may begin"`
}

// JobBody is one piece of background work. What it works on is not shown.
type JobBody struct {
	ID         string     `json:"id" format:"uuid"`
	Kind       string     `json:"kind"`
	State      string     `json:"state" enum:"queued,running,done,failed"`
	Attempts   int        `json:"attempts"`
	Done       int64      `json:"done" doc:"units of the kind's choice"`
	Total      int64      `json:"total" doc:"0: not known"`
	RunAt      time.Time  `json:"run_at" doc:"when it may begin, or begin again"`
	CreatedAt  time.Time  `json:"created_at"`
	FinishedAt *time.Time `json:"finished_at,omitempty" doc:"when it was done or given up"`
	LastError  string     `json:"last_error,omitempty" doc:"what it said when it last failed; addresses are left out"`
}

func jobBody(j db.Job) JobBody {
	return JobBody{
		ID: j.ID.String(), Kind: j.Kind, State: j.State, Attempts: j.Attempts, Done: j.Done, Total: j.Total, RunAt: j.RunAt.Time, CreatedAt: j.CreatedAt.Time,
		FinishedAt: timeOrNil(j.FinishedAt), LastError: j.LastError,
	}
}

type operationOutput struct{ Body OperationBody }

func (a *API) getOperation(ctx context.Context, _ *struct{}) (*operationOutput, error) {
	s, err := a.svc.Operations.State(ctx)
	if err != nil {
		return nil, err
	}
	b := OperationBody{Version: a.cfg.Version, Began: s.Began, Engine: s.Engine, Schema: s.Schema, Parts: []StoreBody{}, Jobs: []JobCountBody{}}
	for _, p := range s.Parts {
		one := StoreBody{Name: p.Name, Away: p.Away != nil, Full: p.Full, MS: p.Took.Milliseconds()}
		one.Room.Free, one.Room.Total = p.Room.Free, p.Room.Total
		b.Parts = append(b.Parts, one)
	}
	for _, j := range s.Jobs {
		one := JobCountBody{Kind: j.Kind, State: j.State, Jobs: j.Jobs}
		if j.State == "queued" {
			one.Oldest = timeOrNil(j.Oldest)
		}
		b.Jobs = append(b.Jobs, one)
	}
	b.Mail.HasServer, b.Mail.Waiting, b.Mail.Failing, b.Mail.Since = s.Mail.HasServer, s.Mail.Waiting, s.Mail.Failing, timeOrNil(db.At(s.Mail.Since))
	return &operationOutput{b}, nil
}

type listJobsInput struct {
	State string `query:"state" enum:"queued,running,done,failed" default:"failed"`
	After string `query:"after" maxLength:"200"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type listJobsOutput struct {
	Body struct {
		Items []JobBody `json:"items" nullable:"false"`
		Next  string    `json:"next,omitempty"`
	}
}

func (a *API) listJobs(ctx context.Context, in *listJobsInput) (*listJobsOutput, error) {
	jobs, next, err := a.svc.Operations.Jobs(ctx, in.State, db.Page{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &listJobsOutput{}
	out.Body.Items, out.Body.Next = make([]JobBody, 0, len(jobs)), next
	for _, j := range jobs {
		out.Body.Items = append(out.Body.Items, jobBody(j))
	}
	return out, nil
}

type jobInput struct {
	ID db.ID `path:"id" format:"uuid"`
}

type jobOutput struct{ Body JobBody }

func (a *API) retryJob(ctx context.Context, in *jobInput) (*jobOutput, error) {
	j, err := a.svc.Operations.Retry(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	return &jobOutput{jobBody(j)}, nil
}
