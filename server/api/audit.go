package api

import (
	"context"
	"time"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// AuditEventBody is one line of the log: who did what to whom.
type AuditEventBody struct {
	ID          string         `json:"id" format:"uuid"`
	HappenedAt  time.Time      `json:"happened_at"`
	ActorKind   string         `json:"actor_kind" doc:"person, system (a job), command (the operator's command line), unknown (nobody logged in)"`
	ActorName   string         `json:"actor_name"`
	ActorRole   string         `json:"actor_role" doc:"the role that allowed it"`
	Action      string         `json:"action" doc:"resource.verb; the page has a sentence for each"`
	SubjectKind string         `json:"subject_kind"`
	SubjectID   *string        `json:"subject_id,omitempty" format:"uuid"`
	SubjectName string         `json:"subject_name,omitempty" doc:"what the subject is called now"`
	Detail      map[string]any `json:"detail" doc:"what changed; depends on the action"`
	Reason      string         `json:"reason"`
	Source      string         `json:"source" doc:"address it came from"`
}

type listAuditInput struct {
	Action  string `query:"action" maxLength:"64" doc:"only this action, or with a final dot all of one resource: person."`
	Subject string `query:"subject" maxLength:"36" doc:"id: only events about this"`
	After   string `query:"after" maxLength:"200"`
	Limit   int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type listAuditOutput struct {
	Body struct {
		Items []AuditEventBody `json:"items" nullable:"false"`
		Next  string           `json:"next,omitempty"`
	}
}

func (a *API) listAudit(ctx context.Context, in *listAuditInput) (*listAuditOutput, error) {
	q := tenant.AuditQuery{Action: in.Action, Page: db.Page{After: in.After, Limit: in.Limit}}
	if in.Subject != "" {
		id, err := readID(in.Subject)
		if err != nil {
			return nil, err
		}
		q.Subject = id
	}
	events, next, err := a.svc.Audit.List(ctx, caller(ctx).Tenant, q)
	if err != nil {
		return nil, err
	}
	out := &listAuditOutput{}
	out.Body.Items, out.Body.Next = make([]AuditEventBody, 0, len(events)), next
	for _, e := range events {
		out.Body.Items = append(out.Body.Items, AuditEventBody{
			ID: e.ID.String(), HappenedAt: e.HappenedAt.Time, ActorKind: e.ActorKind, ActorName: e.ActorName, ActorRole: e.ActorRole, Action: e.Action,
			SubjectKind: e.SubjectKind, SubjectID: optionalID(e.SubjectID), SubjectName: e.SubjectName, Detail: e.Detail, Reason: e.Reason, Source: e.Source,
		})
	}
	return out, nil
}
