package api

import (
	"context"
	"slices"
	"time"

	"kenshu/lms"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// ReportFilterBody narrows the report table, as a saved view keeps it.
type ReportFilterBody struct {
	Rounds        []db.ID  `json:"rounds,omitempty" nullable:"false" maxItems:"200" doc:"in any of these rounds"`
	Statuses      []string `json:"statuses,omitempty" nullable:"false" enum:"not_started,in_progress,interrupted,failed,completed,exempt,withdrawn,overdue" maxItems:"8" doc:"any of these; overdue beside the statuses means late"`
	Departments   []db.ID  `json:"departments,omitempty" nullable:"false" maxItems:"100" doc:"of people who belong today to one of these or to anything below it"`
	Kinds         []string `json:"employment_kinds,omitempty" nullable:"false" enum:"employee,officer,part_time,contract,dispatched" maxItems:"5" doc:"any of these"`
	DueFrom       string   `json:"due_from,omitempty" maxLength:"10" doc:"due on this day or later, YYYY-MM-DD"`
	DueTo         string   `json:"due_to,omitempty" maxLength:"10" doc:"due on this day or earlier, YYYY-MM-DD"`
	CompletedFrom string   `json:"completed_from,omitempty" maxLength:"10" doc:"completed on this day or later, YYYY-MM-DD"`
	CompletedTo   string   `json:"completed_to,omitempty" maxLength:"10" doc:"completed on this day or earlier, YYYY-MM-DD"`
	Query         string   `json:"q,omitempty" maxLength:"100" doc:"part of a name, reading, login ID, employee number or mail address"`
}

func (f ReportFilterBody) filter() lms.ReportFilter {
	out := lms.ReportFilter{
		Rounds: f.Rounds, Departments: f.Departments, Overdue: slices.Contains(f.Statuses, "overdue"), DueFrom: f.DueFrom, DueTo: f.DueTo,
		CompletedFrom: f.CompletedFrom, CompletedTo: f.CompletedTo, Query: f.Query,
	}
	for _, s := range f.Statuses {
		if s != "overdue" {
			out.Statuses = append(out.Statuses, lms.Status(s))
		}
	}
	for _, k := range f.Kinds {
		out.Kinds = append(out.Kinds, tenant.EmploymentKind(k))
	}
	return out
}

func reportFilterBody(f lms.ReportFilter) ReportFilterBody {
	out := ReportFilterBody{Rounds: f.Rounds, Departments: f.Departments, DueFrom: f.DueFrom, DueTo: f.DueTo, CompletedFrom: f.CompletedFrom, CompletedTo: f.CompletedTo, Query: f.Query}
	for _, s := range f.Statuses {
		out.Statuses = append(out.Statuses, string(s))
	}
	if f.Overdue {
		out.Statuses = append(out.Statuses, "overdue")
	}
	for _, k := range f.Kinds {
		out.Kinds = append(out.Kinds, string(k))
	}
	return out
}

// ViewBody is a way of looking at the report table.
type ViewBody struct {
	Filter     ReportFilterBody `json:"filter"`
	Columns    []string         `json:"columns" nullable:"false" maxItems:"40" doc:"names of columns in their order; field: and an id for an own field"`
	Sort       string           `json:"sort,omitempty" enum:"name,login_id,due_on,completed_on"`
	Descending bool             `json:"descending,omitempty" doc:"the other way round"`
	Form       string           `json:"form,omitempty" enum:"list,matrix" doc:"a row for every person in every round, or a grid of people and rounds"`
}

func (v ViewBody) view() lms.View {
	return lms.View{ReportQuery: lms.ReportQuery{Filter: v.Filter.filter(), Columns: v.Columns, Sort: v.Sort, Descending: v.Descending}, Form: v.Form}
}

// SavedViewBody is a view that somebody kept.
type SavedViewBody struct {
	ID        db.ID     `json:"id" format:"uuid"`
	Name      string    `json:"name"`
	Owner     string    `json:"owner" doc:"name of whose view it is"`
	Own       bool      `json:"own" doc:"it is the caller's"`
	Shared    bool      `json:"shared" doc:"every manager and deputy of the organisation sees it and may change it"`
	Default   bool      `json:"default" doc:"the caller's table opens with it"`
	View      ViewBody  `json:"view" doc:"filter, columns, order and form"`
	Version   int64     `json:"version"`
	UpdatedAt time.Time `json:"updated_at"`
}

func savedViewBody(v lms.SavedView, person db.ID) SavedViewBody {
	return SavedViewBody{
		ID: v.ID, Name: v.Name, Owner: v.OwnerName, Own: v.Owner == person, Shared: v.Shared, Default: v.Default, Version: v.Version, UpdatedAt: v.UpdatedAt.Time,
		View: ViewBody{reportFilterBody(v.View.Filter), slices.Clone(v.View.Columns), v.View.Sort, v.View.Descending, v.View.Form},
	}
}

type listViewsOutput struct {
	Body struct {
		Items []SavedViewBody `json:"items" nullable:"false"`
	}
}

func (a *API) listViews(ctx context.Context, _ *struct{}) (*listViewsOutput, error) {
	p := caller(ctx)
	views, err := a.svc.SavedViews.List(ctx, p.Tenant, p.Person)
	if err != nil {
		return nil, err
	}
	out := &listViewsOutput{}
	out.Body.Items = make([]SavedViewBody, 0, len(views))
	for _, v := range views {
		out.Body.Items = append(out.Body.Items, savedViewBody(v, p.Person))
	}
	return out, nil
}

// SavedViewFields are what a person keeps.
type SavedViewFields struct {
	Name   string   `json:"name" minLength:"1" maxLength:"100"`
	Shared bool     `json:"shared" doc:"every manager and deputy of the organisation sees it and may change it"`
	View   ViewBody `json:"view" doc:"filter, columns, order and form"`
}

type createViewInput struct {
	Repeatable
	Body SavedViewFields
}

type savedViewOutput struct{ Body SavedViewBody }

func (a *API) createView(ctx context.Context, in *createViewInput) (*savedViewOutput, error) {
	p := caller(ctx)
	v, err := a.svc.SavedViews.Create(ctx, p.Tenant, p.Person, lms.SavedViewInput{ID: in.newID(ctx, "saved_view"), Name: in.Body.Name, Shared: in.Body.Shared, View: in.Body.View.view()})
	if err != nil {
		return nil, err
	}
	return &savedViewOutput{savedViewBody(v, p.Person)}, nil
}

// ViewPath names a saved view.
type ViewPath struct {
	ID db.ID `path:"id" format:"uuid"`
}

type updateViewInput struct {
	ViewPath
	Body struct {
		SavedViewFields
		Version int64 `json:"version" minimum:"1"`
	}
}

func (a *API) updateView(ctx context.Context, in *updateViewInput) (*savedViewOutput, error) {
	p := caller(ctx)
	v, err := a.svc.SavedViews.Update(ctx, p.Tenant, p.Person, lms.SavedViewInput{
		ID: in.ID, Version: in.Body.Version, Name: in.Body.Name, Shared: in.Body.Shared, View: in.Body.View.view(),
	})
	if err != nil {
		return nil, err
	}
	return &savedViewOutput{savedViewBody(v, p.Person)}, nil
}

func (a *API) deleteView(ctx context.Context, in *ViewPath) (*emptyOutput, error) {
	p := caller(ctx)
	return &emptyOutput{}, a.svc.SavedViews.Delete(ctx, p.Tenant, p.Person, in.ID)
}

type defaultViewInput struct {
	Body struct {
		ID *db.ID `json:"id,omitempty" format:"uuid" doc:"the view to open with; nothing: none"`
	}
}

func (a *API) setDefaultView(ctx context.Context, in *defaultViewInput) (*emptyOutput, error) {
	p, id := caller(ctx), db.ID{}
	if in.Body.ID != nil {
		id = *in.Body.ID
	}
	return &emptyOutput{}, a.svc.SavedViews.SetDefault(ctx, p.Tenant, p.Person, id)
}
