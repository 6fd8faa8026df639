package api

import (
	"bytes"
	"context"
	"time"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// OrganisationBody is one member of the register as the association sees it.
type OrganisationBody struct {
	ID        string      `json:"id" format:"uuid"`
	Code      string      `json:"code" doc:"what its people type to log in; never changes"`
	Name      string      `json:"name"`
	Plan      string      `json:"plan" enum:"elearning,certification,seats"`
	State     string      `json:"state" enum:"active,suspended" doc:"suspended: nobody of it can log in, nothing is deleted"`
	People    int         `json:"people" doc:"how many active people it has"`
	Manager   ManagerBody `json:"manager"`
	Version   int64       `json:"version" doc:"send it back with a change"`
	CreatedAt time.Time   `json:"created_at"`
	UpdatedAt time.Time   `json:"updated_at"`
}

// ManagerBody is the manager of an organisation: whom to reach.
type ManagerBody struct {
	Name        string     `json:"name"`
	LoginID     string     `json:"login_id"`
	Email       string     `json:"email"`
	Credential  string     `json:"credential" doc:"one_time: has not chosen an own password yet; chosen; empty: there is no manager"`
	LastLoginAt *time.Time `json:"last_login_at,omitempty"`
	Factor      bool       `json:"second_factor" doc:"log-in asks for a second factor, which they may lose"`
}

func organisationBody(o tenant.Organisation) OrganisationBody {
	return OrganisationBody{
		ID: o.ID.String(), Code: o.Code, Name: o.Name, Plan: o.Plan, State: string(o.State), People: o.People, Version: o.Version,
		CreatedAt: o.CreatedAt.Time, UpdatedAt: o.UpdatedAt.Time,
		Manager: ManagerBody{o.Manager.Name, o.Manager.LoginID, o.Manager.Email, o.Manager.Credential, optionalTime(o.Manager.LastLoginAt), o.Manager.Factor},
	}
}

type organisationOutput struct{ Body OrganisationBody }

func organisationAnswer(o tenant.Organisation, err error) (*organisationOutput, error) {
	if err != nil {
		return nil, err
	}
	return &organisationOutput{organisationBody(o)}, nil
}

type listOrganisationsInput struct {
	Search string `query:"q" maxLength:"100" doc:"part of the name or the code"`
	State  string `query:"state" enum:"active,suspended,"`
	After  string `query:"after" maxLength:"1500"`
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type listOrganisationsOutput struct {
	Body struct {
		Items []OrganisationBody `json:"items" nullable:"false"`
		Next  string             `json:"next,omitempty"`
		Total *int               `json:"total,omitempty" doc:"of the whole list; on the first page only"`
	}
}

func (a *API) listOrganisations(ctx context.Context, in *listOrganisationsInput) (*listOrganisationsOutput, error) {
	page, err := a.svc.Organisations.List(ctx, caller(ctx).Tenant, tenant.OrganisationQuery{
		Search: in.Search, State: tenant.OrganisationState(in.State), Page: db.Page{After: in.After, Limit: in.Limit},
	})
	if err != nil {
		return nil, err
	}
	out := &listOrganisationsOutput{}
	out.Body.Items, out.Body.Next = make([]OrganisationBody, 0, len(page.Items)), page.Next
	if page.Total >= 0 {
		out.Body.Total = &page.Total
	}
	for _, o := range page.Items {
		out.Body.Items = append(out.Body.Items, organisationBody(o))
	}
	return out, nil
}

type organisationInput struct {
	ID db.ID `path:"id" format:"uuid"`
}

func (a *API) getOrganisation(ctx context.Context, in *organisationInput) (*organisationOutput, error) {
	return organisationAnswer(a.svc.Organisations.Find(ctx, caller(ctx).Tenant, in.ID))
}

// OrganisationFields is a new organisation with its manager.
type OrganisationFields struct {
	Name    string        `json:"name" minLength:"1" maxLength:"200"`
	Code    string        `json:"code,omitempty" maxLength:"32" doc:"4 to 32 letters, figures and hyphens, not to be guessed from the name; empty: one is made"`
	Plan    string        `json:"plan,omitempty" enum:"elearning,certification,seats" default:"elearning"`
	Manager ManagerFields `json:"manager"`
}

// ManagerFields is the manager to be.
type ManagerFields struct {
	Name     string `json:"name" minLength:"1" maxLength:"100"`
	NameKana string `json:"name_kana,omitempty" maxLength:"100"`
	LoginID  string `json:"login_id,omitempty" maxLength:"64" doc:"empty: one that is hard to guess is made"`
	Email    string `json:"email,omitempty" maxLength:"254"`
}

// IssuedBody is a manager's log-in. It is shown this once; only the first answer and repeats within ten minutes hold the password.
type IssuedBody struct {
	Organisation OrganisationBody `json:"organisation"`
	Code         string           `json:"code"`
	LoginID      string           `json:"login_id"`
	OneTime      string           `json:"one_time_password,omitempty" doc:"absent when it was shown before: issue a new one"`
	Expires      *time.Time       `json:"expires_at,omitempty"`
	SheetPDF     []byte           `json:"sheet_pdf,omitempty" doc:"the same as a sheet to print and hand over, PDF in base64"`
}

type issuedOutput struct {
	Status int
	Body   IssuedBody
}

// issued draws the sheet and answers; nothing of it is kept.
func (a *API) issued(in tenant.Issued, status int) (*issuedOutput, error) {
	body := IssuedBody{Organisation: organisationBody(in.Organisation), Code: in.Organisation.Code, LoginID: in.Organisation.Manager.LoginID}
	if in.OneTime.Password != "" {
		var pdf bytes.Buffer
		if _, err := tenant.DrawManagerSheet(in, a.cfg.PublicURL.JoinPath("login").String(), time.Now()).WriteTo(&pdf); err != nil {
			return nil, err
		}
		body.OneTime, body.Expires, body.SheetPDF = in.OneTime.Password, &in.OneTime.Expires, pdf.Bytes()
	}
	return &issuedOutput{status, body}, nil
}

func (a *API) createOrganisation(ctx context.Context, in *struct {
	Repeatable
	Body OrganisationFields
}) (*issuedOutput, error) {
	m := in.Body.Manager
	issued, err := a.svc.Organisations.Create(ctx, caller(ctx).Tenant, in.newID(ctx, "organisation"), tenant.OrganisationInput{
		Name: in.Body.Name, Code: in.Body.Code, Plan: in.Body.Plan,
		Manager: tenant.ManagerInput{Name: m.Name, Kana: m.NameKana, LoginID: m.LoginID, Email: m.Email},
	})
	if err != nil {
		return nil, err
	}
	return a.issued(issued, 201)
}

func (a *API) reissueManager(ctx context.Context, in *struct {
	ID   db.ID `path:"id" format:"uuid"`
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500" doc:"why; the organisation reads it in its log"`
	}
}) (*issuedOutput, error) {
	issued, err := a.svc.Organisations.ReissueManager(ctx, caller(ctx).Tenant, in.ID, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	return a.issued(issued, 200)
}

type updateOrganisationInput struct {
	ID   db.ID `path:"id" format:"uuid"`
	Body struct {
		Version int64   `json:"version" minimum:"1" doc:"of the organisation as it was shown"`
		Name    *string `json:"name,omitempty" minLength:"1" maxLength:"200"`
		Plan    *string `json:"plan,omitempty" enum:"elearning,certification,seats"`
		State   *string `json:"state,omitempty" enum:"active,suspended" doc:"suspended ends every session of its people"`
		Reason  string  `json:"reason,omitempty" maxLength:"500" doc:"required when the state changes"`
	}
}

func (a *API) updateOrganisation(ctx context.Context, in *updateOrganisationInput) (*organisationOutput, error) {
	return organisationAnswer(a.svc.Organisations.Update(ctx, caller(ctx).Tenant, in.ID, tenant.OrganisationChange{
		Version: in.Body.Version, Name: in.Body.Name, Plan: in.Body.Plan, State: (*tenant.OrganisationState)(in.Body.State), Reason: in.Body.Reason,
	}))
}
