package api

import (
	"context"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// DepartmentBody is a department with its head-count.
type DepartmentBody struct {
	ID           string `json:"id" format:"uuid"`
	ParentID     string `json:"parent_id,omitempty" doc:"the department it belongs to; absent: it stands on its own"`
	Name         string `json:"name"`
	Path         string `json:"path" doc:"with everything it belongs to, 本社 / 看護部"`
	Depth        int    `json:"depth" doc:"1 for one that stands on its own"`
	ClosedOn     string `json:"closed_on,omitempty" doc:"the first day on which it is no more"`
	Members      int    `json:"members" doc:"people who belong to it on the day"`
	MembersBelow int    `json:"members_below" doc:"people who belong to it or to one below it, each once"`
	Deletable    bool   `json:"deletable" doc:"nobody ever belonged to it"`
}

// DepartmentInput is what can be set of a department.
type DepartmentInput struct {
	Name string `json:"name" maxLength:"200" doc:"unique within its parent, at most 100 characters, without ; / and ／"`
}

// DepartmentPath names a department in a path.
type DepartmentPath struct {
	ID string `path:"department_id" format:"uuid"`
}

// DepartmentSpanBody is what a department was called for a time.
type DepartmentSpanBody struct {
	StartsOn string `json:"starts_on"`
	EndsOn   string `json:"ends_on,omitempty" doc:"absent: still so"`
	Name     string `json:"name"`
	Path     string `json:"path" doc:"with everything it belonged to at the end of that time"`
}

type departmentOutput struct{ Body DepartmentBody }

type departmentsOutput struct {
	Body struct {
		Items []DepartmentBody `json:"items"`
	}
}

func departmentBody(d tenant.Department) DepartmentBody {
	return DepartmentBody{
		ID: d.ID.String(), ParentID: idText(d.Parent), Name: d.Name, Path: d.Path, Depth: d.Depth, ClosedOn: string(d.ClosedOn),
		Members: d.Members, MembersBelow: d.MembersBelow, Deletable: d.Posts == 0,
	}
}

// idText is empty for no id.
func idText(id db.ID) string {
	if id.IsZero() {
		return ""
	}
	return id.String()
}

// readOptionalID reads an id that may be absent.
func readOptionalID(text string) (db.ID, error) {
	if text == "" {
		return db.ID{}, nil
	}
	return readID(text)
}

func (a *API) listDepartments(ctx context.Context, in *struct {
	AsOf   string `query:"as_of" maxLength:"10" doc:"YYYY-MM-DD: the tree and the head-counts of that day; empty is today"`
	Closed bool   `query:"closed" doc:"today's closed departments, too"`
}) (*departmentsOutput, error) {
	list, err := a.svc.Departments.List(ctx, caller(ctx).Tenant, tenant.DepartmentQuery{On: in.AsOf, Closed: in.Closed})
	if err != nil {
		return nil, err
	}
	out := &departmentsOutput{}
	out.Body.Items = make([]DepartmentBody, 0, len(list))
	for _, d := range list {
		out.Body.Items = append(out.Body.Items, departmentBody(d))
	}
	return out, nil
}

func (a *API) getDepartment(ctx context.Context, in *DepartmentPath) (*struct {
	Body struct {
		Department DepartmentBody       `json:"department"`
		History    []DepartmentSpanBody `json:"history" doc:"the newest first"`
	}
}, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	d, err := a.svc.Departments.Find(ctx, caller(ctx).Tenant, id)
	if err != nil {
		return nil, err
	}
	spans, err := a.svc.Departments.History(ctx, caller(ctx).Tenant, id)
	if err != nil {
		return nil, err
	}
	out := &struct {
		Body struct {
			Department DepartmentBody       `json:"department"`
			History    []DepartmentSpanBody `json:"history" doc:"the newest first"`
		}
	}{}
	out.Body.Department, out.Body.History = departmentBody(d), make([]DepartmentSpanBody, 0, len(spans))
	for _, s := range spans {
		out.Body.History = append(out.Body.History, DepartmentSpanBody{s.StartsOn, s.EndsOn, s.Name, s.Path})
	}
	return out, nil
}

func (a *API) createDepartment(ctx context.Context, in *struct {
	Repeatable
	Body struct {
		DepartmentInput
		ParentID string `json:"parent_id,omitempty" maxLength:"36" doc:"the department it belongs to; empty: it stands on its own"`
	}
}) (*departmentOutput, error) {
	parent, err := readOptionalID(in.Body.ParentID)
	if err != nil {
		return nil, err
	}
	d, err := a.svc.Departments.Create(ctx, caller(ctx).Tenant, in.newID(ctx, "create-department"), parent, in.Body.Name)
	return &departmentOutput{departmentBody(d)}, err
}

func (a *API) updateDepartment(ctx context.Context, in *struct {
	DepartmentPath
	Body DepartmentInput
}) (*departmentOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	d, err := a.svc.Departments.Rename(ctx, caller(ctx).Tenant, id, in.Body.Name)
	return &departmentOutput{departmentBody(d)}, err
}

func (a *API) deleteDepartment(ctx context.Context, in *DepartmentPath) (*struct{}, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	return nil, a.svc.Departments.Delete(ctx, caller(ctx).Tenant, id)
}
