package api

import (
	"context"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
	"kenshu/tenant/compliance"
)

// IncidentBody is the record of what went wrong with personal data, or may have.
type IncidentBody struct {
	ID         string             `json:"id" format:"uuid"`
	Number     int                `json:"number" doc:"counts the organisation's incidents"`
	Kind       string             `json:"kind" enum:"credential_leak,leak,loss,damage,unauthorised_access,other"`
	Title      string             `json:"title"`
	State      string             `json:"state" enum:"open,closed"`
	NoticedAt  time.Time          `json:"noticed_at" doc:"when the organisation came to know"`
	Overview   string             `json:"overview" doc:"what happened"`
	DataItems  string             `json:"data_items" doc:"which personal data"`
	Affected   int                `json:"affected" doc:"how many people it concerns"`
	Cause      string             `json:"cause" doc:"why it happened"`
	Measures   string             `json:"measures" doc:"what was done"`
	Conclusion string             `json:"conclusion" doc:"what came out of it"`
	Version    int64              `json:"version"`
	CreatedAt  time.Time          `json:"created_at"`
	UpdatedAt  time.Time          `json:"updated_at"`
	ClosedAt   *time.Time         `json:"closed_at,omitempty" doc:"when it was closed"`
	People     []NamedID          `json:"people" doc:"whose account or data it is about; only of a single incident"`
	Notes      []IncidentNoteBody `json:"notes" doc:"in order; only of a single incident"`
}

// IncidentNoteBody is what was found out or done.
type IncidentNoteBody struct {
	ID        string    `json:"id" format:"uuid"`
	Body      string    `json:"body" doc:"never changed afterwards"`
	Author    string    `json:"author" doc:"name of who wrote it"`
	CreatedAt time.Time `json:"created_at"`
}

// IncidentInput is what can be set of an incident.
type IncidentInput struct {
	Kind      string     `json:"kind" enum:"credential_leak,leak,loss,damage,unauthorised_access,other"`
	Title     string     `json:"title" maxLength:"400" doc:"one line, 1 to 200 characters"`
	NoticedAt *time.Time `json:"noticed_at,omitempty" doc:"when the organisation came to know; empty: now"`
	Overview  string     `json:"overview,omitempty" maxLength:"8000" doc:"what happened, at most 4,000 characters"`
	DataItems string     `json:"data_items,omitempty" maxLength:"8000" doc:"which personal data, at most 2,000 characters"`
	Affected  int        `json:"affected,omitempty" minimum:"0" maximum:"100000000" doc:"how many people it concerns"`
	Cause     string     `json:"cause,omitempty" maxLength:"8000" doc:"why it happened, at most 4,000 characters"`
	Measures  string     `json:"measures,omitempty" maxLength:"8000" doc:"what was done, at most 4,000 characters"`
}

func (in IncidentInput) input() compliance.IncidentInput {
	out := compliance.IncidentInput{Kind: in.Kind, Title: in.Title, Overview: in.Overview, DataItems: in.DataItems, Affected: in.Affected, Cause: in.Cause, Measures: in.Measures}
	if in.NoticedAt != nil {
		out.NoticedAt = *in.NoticedAt
	}
	return out
}

// IncidentPath names an incident in a path.
type IncidentPath struct {
	ID string `path:"incident_id" format:"uuid" doc:"the incident"`
}

type incidentOutput struct{ Body IncidentBody }

func incidentBody(i compliance.Incident) IncidentBody {
	b := IncidentBody{
		ID: i.ID.String(), Number: i.Number, Kind: i.Kind, Title: i.Title, State: i.State, NoticedAt: i.NoticedAt.Time, Overview: i.Overview, DataItems: i.DataItems, Affected: i.Affected,
		Cause: i.Cause, Measures: i.Measures, Conclusion: i.Conclusion, Version: i.Version, CreatedAt: i.CreatedAt.Time, UpdatedAt: i.UpdatedAt.Time, ClosedAt: moment(i.ClosedAt),
		People: make([]NamedID, 0, len(i.People)), Notes: make([]IncidentNoteBody, 0, len(i.Notes)),
	}
	for _, p := range i.People {
		b.People = append(b.People, NamedID{p.ID.String(), p.Name})
	}
	for _, n := range i.Notes {
		b.Notes = append(b.Notes, IncidentNoteBody{n.ID.String(), n.Body, n.Author, n.CreatedAt.Time})
	}
	return b
}

func (a *API) listIncidents(ctx context.Context, in *struct {
	PageInput
	State string `query:"state" enum:"open,closed," doc:"empty: all"`
}) (*struct {
	Body struct {
		Items []IncidentBody `json:"items"`
		Next  string         `json:"next,omitempty"`
	}
}, error,
) {
	list, next, err := a.svc.Incidents.List(ctx, caller(ctx).Tenant, in.State, db.Page{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &struct {
		Body struct {
			Items []IncidentBody `json:"items"`
			Next  string         `json:"next,omitempty"`
		}
	}{}
	out.Body.Next, out.Body.Items = next, make([]IncidentBody, 0, len(list))
	for _, i := range list {
		out.Body.Items = append(out.Body.Items, incidentBody(i))
	}
	return out, nil
}

func (a *API) getIncident(ctx context.Context, in *IncidentPath) (*incidentOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	i, err := a.svc.Incidents.Find(ctx, caller(ctx).Tenant, id)
	return &incidentOutput{incidentBody(i)}, err
}

func (a *API) createIncident(ctx context.Context, in *struct {
	Repeatable
	Body IncidentInput
}) (*incidentOutput, error) {
	i, err := a.svc.Incidents.Create(ctx, caller(ctx).Tenant, in.newID(ctx, "create-incident"), in.Body.input())
	return &incidentOutput{incidentBody(i)}, err
}

func (a *API) suspectLeak(ctx context.Context, in *struct {
	Repeatable
	Body struct {
		People   []string `json:"people" minItems:"1" maxItems:"500" doc:"ids: whose password may be known to others"`
		Title    string   `json:"title" maxLength:"400" doc:"of the incident"`
		Overview string   `json:"overview,omitempty" maxLength:"8000" doc:"what is suspected, and why"`
		Since    string   `json:"factors_since,omitempty" maxLength:"10" doc:"second factors and recovery codes that they have had since this day go as well; missing: they stay"`
	}
}) (*incidentOutput, error) {
	ids, err := readIDs(in.Body.People)
	if err != nil {
		return nil, err
	}
	since, err := factorsSince(in.Body.Since)
	if err != nil {
		return nil, err
	}
	i, err := a.svc.Incidents.Suspect(ctx, caller(ctx).Tenant, in.newID(ctx, "suspect-leak"),
		compliance.IncidentInput{Title: in.Body.Title, Overview: in.Body.Overview, People: ids}, since)
	return &incidentOutput{incidentBody(i)}, err
}

// factorsSince is when a day begins; zero for none.
func factorsSince(day string) (time.Time, error) {
	if day == "" {
		return time.Time{}, nil
	}
	if !tenant.ValidDay(day) {
		return time.Time{}, &fault.Error{Kind: fault.Invalid, Key: "invalid", Fields: []fault.Field{{Path: "factors_since", Key: "date"}}}
	}
	return tenant.DayStart(day), nil
}

// AddedFactorBody is a second factor that somebody has had since a day.
type AddedFactorBody struct {
	PersonID  db.ID      `json:"person_id" format:"uuid"`
	Name      string     `json:"name" doc:"of the person"`
	Kind      string     `json:"kind" enum:"passkey,totp"`
	Label     string     `json:"label" doc:"what a passkey is called; empty for an authenticator app"`
	CreatedAt time.Time  `json:"created_at"`
	UsedAt    *time.Time `json:"used_at,omitempty" doc:"when it was used last"`
}

type addedFactorsOutput struct {
	Body struct {
		Items []AddedFactorBody `json:"items" nullable:"false"`
	}
}

func (a *API) listAddedFactors(ctx context.Context, in *struct {
	Body struct {
		People []string `json:"people" nullable:"false" minItems:"1" maxItems:"500" doc:"ids"`
		Since  string   `json:"factors_since" maxLength:"10" doc:"the first day that counts"`
	}
}) (*addedFactorsOutput, error) {
	ids, err := readIDs(in.Body.People)
	if err != nil {
		return nil, err
	}
	since, err := factorsSince(in.Body.Since)
	if err != nil {
		return nil, err
	}
	list, err := a.svc.Slips.AddedFactors(ctx, caller(ctx).Tenant, ids, db.At(since))
	if err != nil {
		return nil, err
	}
	out := &addedFactorsOutput{}
	out.Body.Items = make([]AddedFactorBody, 0, len(list))
	for _, f := range list {
		out.Body.Items = append(out.Body.Items, AddedFactorBody{f.Person, f.Name, f.Kind, f.Label, f.CreatedAt.Time, moment(f.UsedAt)})
	}
	return out, nil
}

func (a *API) updateIncident(ctx context.Context, in *struct {
	IncidentPath
	Body struct {
		IncidentInput
		Version int64 `json:"version" minimum:"1" doc:"of the incident that was shown; another one is refused with changed_meanwhile"`
	}
}) (*incidentOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	i, err := a.svc.Incidents.Update(ctx, caller(ctx).Tenant, id, in.Body.Version, in.Body.input())
	return &incidentOutput{incidentBody(i)}, err
}

func (a *API) addIncidentNote(ctx context.Context, in *struct {
	IncidentPath
	Repeatable
	Body struct {
		Body string `json:"body" maxLength:"8000" doc:"1 to 4,000 characters"`
	}
}) (*incidentOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	i, err := a.svc.Incidents.AddNote(ctx, caller(ctx).Tenant, id, in.newID(ctx, "add-incident-note"), in.Body.Body)
	return &incidentOutput{incidentBody(i)}, err
}

func (a *API) setIncidentState(ctx context.Context, in *struct {
	IncidentPath
	Body struct {
		State      string `json:"state" enum:"closed,open"`
		Conclusion string `json:"conclusion,omitempty" maxLength:"8000" doc:"what came out of it: needed to close, at most 4,000 characters"`
		Version    int64  `json:"version" minimum:"1"`
	}
}) (*incidentOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	tid := caller(ctx).Tenant
	var i compliance.Incident
	if in.Body.State == compliance.IncidentClosed {
		i, err = a.svc.Incidents.Close(ctx, tid, id, in.Body.Version, in.Body.Conclusion)
	} else {
		i, err = a.svc.Incidents.Reopen(ctx, tid, id, in.Body.Version)
	}
	return &incidentOutput{incidentBody(i)}, err
}
