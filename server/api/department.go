package api

import (
	"context"

	"kenshu/tenant"
)

// DepartmentBody is a department with its head-count.
type DepartmentBody struct {
	ID        string `json:"id" format:"uuid"`
	Name      string `json:"name"`
	Members   int    `json:"members" doc:"people who belong to it today"`
	Deletable bool   `json:"deletable" doc:"nobody ever belonged to it"`
}

// DepartmentInput is what can be set of a department.
type DepartmentInput struct {
	Name string `json:"name" maxLength:"200" doc:"unique in the organisation, at most 100 characters, without ; and ／"`
}

// DepartmentPath names a department in a path.
type DepartmentPath struct {
	ID string `path:"department_id" format:"uuid"`
}

type departmentOutput struct{ Body DepartmentBody }

type departmentsOutput struct {
	Body struct {
		Items []DepartmentBody `json:"items"`
	}
}

func departmentBody(d tenant.Department) DepartmentBody {
	return DepartmentBody{ID: d.ID.String(), Name: d.Name, Members: d.Members, Deletable: d.Posts == 0}
}

func (a *API) listDepartments(ctx context.Context, _ *struct{}) (*departmentsOutput, error) {
	list, err := a.svc.Departments.List(ctx, caller(ctx).Tenant)
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

func (a *API) createDepartment(ctx context.Context, in *struct {
	Repeatable
	Body DepartmentInput
}) (*departmentOutput, error) {
	d, err := a.svc.Departments.Create(ctx, caller(ctx).Tenant, in.newID(ctx, "create-department"), in.Body.Name)
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
