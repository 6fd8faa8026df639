package api

import (
	"context"
	"strings"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
	"kenshu/tenant"
)

// PersonBody is a person as the manager sees them.
type PersonBody struct {
	ID             string            `json:"id" format:"uuid"`
	LoginID        string            `json:"login_id"`
	Name           string            `json:"name"`
	NameKana       string            `json:"name_kana"`
	Email          string            `json:"email"`
	EmployeeNumber string            `json:"employee_number"`
	EmploymentKind string            `json:"employment_kind" enum:"employee,officer,dispatched,contract,part_time"`
	State          string            `json:"state" enum:"active,suspended,left,anonymised"`
	JoinedOn       string            `json:"joined_on" doc:"YYYY-MM-DD or empty"`
	LeftOn         string            `json:"left_on" doc:"YYYY-MM-DD or empty"`
	LeavesOn       string            `json:"leaves_on" doc:"YYYY-MM-DD: the last day of somebody whose leaving was entered in advance; empty otherwise"`
	Locale         string            `json:"locale" enum:"ja,en"`
	Roles          []tenant.Role     `json:"roles"`
	Departments    []NamedID         `json:"departments" doc:"today's"`
	Fields         map[string]string `json:"fields" doc:"what the own fields say, by the field's id: a number plain, a day as YYYY-MM-DD; one that says nothing is absent"`
	Credential     string            `json:"credential" enum:"none,one_time,chosen,void" doc:"one_time: handed out, own password not chosen yet; void: taken away, hand out a new one"`
	CredentialAt   *time.Time        `json:"credential_at,omitempty" doc:"when it was handed out, chosen or taken away: send it back as seen when a new one is handed out"`
	ExpiresAt      *time.Time        `json:"expires_at,omitempty" doc:"of a one-time password"`
	LastLoginAt    *time.Time        `json:"last_login_at,omitempty"`
	Version        int64             `json:"version" doc:"send it back with a change"`
	CreatedAt      time.Time         `json:"created_at"`
	UpdatedAt      time.Time         `json:"updated_at"`
}

// PersonInput is what can be set of a person.
type PersonInput struct {
	LoginID        string            `json:"login_id,omitempty" maxLength:"200" doc:"3 to 64 of letters, digits, . _ - @; empty at registration: one that is hard to guess is made"`
	Name           string            `json:"name" maxLength:"400" doc:"1 to 100 characters"`
	NameKana       string            `json:"name_kana,omitempty" maxLength:"400"`
	Email          string            `json:"email,omitempty" maxLength:"400"`
	EmployeeNumber string            `json:"employee_number,omitempty" maxLength:"200" doc:"leading zeros are kept"`
	EmploymentKind string            `json:"employment_kind,omitempty" enum:"employee,officer,dispatched,contract,part_time" default:"employee"`
	JoinedOn       string            `json:"joined_on,omitempty" maxLength:"10" doc:"YYYY-MM-DD"`
	Locale         string            `json:"locale,omitempty" enum:"ja,en" default:"ja"`
	Roles          []string          `json:"roles,omitempty" maxItems:"5" doc:"deputy_manager, editor; the manager's own role goes by handover"`
	Departments    []string          `json:"departments,omitempty" maxItems:"20" doc:"ids of departments"`
	Fields         map[string]string `json:"fields,omitempty" maxProperties:"20" doc:"of own fields, by the field's id: empty clears, a field that is not named stays as it is"`
}

func (in PersonInput) input() (tenant.PersonInput, error) {
	departments, err := readIDs(in.Departments)
	roles := make([]tenant.Role, 0, len(in.Roles))
	for _, r := range in.Roles {
		roles = append(roles, tenant.Role(r))
	}
	fields := make(map[db.ID]string, len(in.Fields))
	for text, value := range in.Fields {
		id, idErr := db.ParseID(text)
		if idErr != nil {
			return tenant.PersonInput{}, &fault.Error{Kind: fault.Invalid, Key: "invalid", Fields: []fault.Field{{Path: "fields", Key: "not_found"}}}
		}
		fields[id] = value
	}
	return tenant.PersonInput{
		Fields: fields, LoginID: in.LoginID, Name: in.Name, NameKana: in.NameKana, Email: in.Email, EmployeeNumber: in.EmployeeNumber,
		Kind: tenant.EmploymentKind(in.EmploymentKind), JoinedOn: in.JoinedOn, Locale: in.Locale, Roles: roles, Departments: departments,
	}, err
}

// PeopleFilter narrows the list, the export and the slips alike.
type PeopleFilter struct {
	Search     string   `query:"q" json:"q,omitempty" maxLength:"200" doc:"words that all must be found in name, reading, number, login ID or e-mail"`
	Department string   `query:"department" json:"department,omitempty" maxLength:"36" doc:"id: current members only"`
	WithBelow  bool     `query:"with_below" json:"with_below,omitempty" doc:"of the department or one below it"`
	State      string   `query:"state" json:"state,omitempty" enum:"active,suspended,left,anonymised,all," doc:"empty: everybody but those who left"`
	Account    string   `query:"account" json:"account,omitempty" enum:"never_logged_in,one_time,expired,expiring,none,void," doc:"how far people are with logging in"`
	Concern    string   `query:"concern" json:"concern,omitempty" enum:"weak_id,void,expired,expiring,never_used,unused,devices," doc:"accounts that want doing something about"`
	Kind       string   `query:"kind" json:"kind,omitempty" enum:"employee,officer,dispatched,contract,part_time," doc:"kind of employment"`
	Field      []string `query:"field,explode" json:"field,omitempty" maxItems:"20" doc:"id:value: people of whom the own field says this"`
	Import     string   `query:"import" json:"import,omitempty" maxLength:"36" doc:"id: brought in by this file"`
}

func (f PeopleFilter) query() (tenant.PeopleQuery, error) {
	q := tenant.PeopleQuery{Search: f.Search, WithBelow: f.WithBelow, State: tenant.PersonState(f.State), Account: f.Account, Concern: f.Concern, Kind: tenant.EmploymentKind(f.Kind)}
	if f.State == "all" {
		q.State, q.AllStates = "", true
	}
	for _, text := range f.Field {
		field, value, _ := strings.Cut(text, ":")
		id, err := readID(field)
		if err != nil {
			return q, err
		}
		if q.Fields == nil {
			q.Fields = map[db.ID]string{}
		}
		q.Fields[id] = value
	}
	var err error
	if f.Department != "" {
		if q.Department, err = readID(f.Department); err != nil {
			return q, err
		}
	}
	if f.Import != "" {
		q.Import, err = readID(f.Import)
	}
	return q, err
}

// PersonPath names a person in a path.
type PersonPath struct {
	ID string `path:"person_id" format:"uuid"`
}

type personOutput struct{ Body PersonBody }

// PeopleBody is a page of the list.
type PeopleBody struct {
	Items []PersonBody `json:"items"`
	Next  string       `json:"next,omitempty" doc:"send it as after for the next page; absent on the last"`
	Total *int         `json:"total,omitempty" doc:"of the whole list; on the first page only"`
}

// SlipBody is what one person needs to log in for the first time. The secret is shown this once.
type SlipBody struct {
	LoginID          string     `json:"login_id"`
	OrganisationCode string     `json:"organisation_code"`
	Secret           string     `json:"secret" doc:"one-time password; empty when the person had already chosen an own one"`
	ExpiresAt        *time.Time `json:"expires_at,omitempty"`
}

// RegisteredBody is a person just registered.
type RegisteredBody struct {
	Person PersonBody `json:"person"`
	Slip   SlipBody   `json:"slip"`
}

func personBody(p tenant.Person) PersonBody {
	b := PersonBody{
		ID: p.ID.String(), LoginID: p.LoginID, Name: p.Name, NameKana: p.NameKana, Email: p.Email, EmployeeNumber: p.EmployeeNumber,
		EmploymentKind: string(p.Kind), State: string(p.State), JoinedOn: string(p.JoinedOn), LeftOn: string(p.LeftOn), LeavesOn: string(p.LeavesOn), Locale: p.Locale, Roles: p.Roles,
		Departments: make([]NamedID, 0, len(p.Departments)), Credential: string(p.Credential), LastLoginAt: moment(p.LastLoginAt), Version: p.Version,
		CredentialAt: moment(p.CredentialAt), ExpiresAt: moment(p.ExpiresAt),
		Fields: make(map[string]string, len(p.Fields)), CreatedAt: p.CreatedAt.Time, UpdatedAt: p.UpdatedAt.Time,
	}
	for id, value := range p.Fields {
		b.Fields[id.String()] = value
	}
	for _, d := range p.Departments {
		b.Departments = append(b.Departments, NamedID{d.ID.String(), d.Name})
	}
	return b
}

// moment is nil for a time that has not come.
func moment(t db.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t.Time
}

func (a *API) listPeople(ctx context.Context, in *struct {
	PeopleFilter
	Sort  string `query:"sort" enum:"name,login_id" default:"name"`
	After string `query:"after" maxLength:"1000"`
	Limit int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}) (*struct{ Body PeopleBody }, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	q.ByLogin, q.Page = in.Sort == "login_id", db.Page{After: in.After, Limit: in.Limit}
	page, err := a.svc.People.List(ctx, caller(ctx).Tenant, q)
	if err != nil {
		return nil, err
	}
	out := PeopleBody{Items: make([]PersonBody, 0, len(page.Items)), Next: page.Next}
	if page.Total >= 0 {
		out.Total = &page.Total
	}
	for _, p := range page.Items {
		out.Items = append(out.Items, personBody(p))
	}
	return &struct{ Body PeopleBody }{out}, nil
}

func (a *API) getPerson(ctx context.Context, in *PersonPath) (*personOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	p, err := a.svc.People.Find(ctx, caller(ctx).Tenant, id)
	return &personOutput{personBody(p)}, err
}

func (a *API) createPerson(ctx context.Context, in *struct {
	Repeatable
	Spoken
	Body PersonInput
}) (*struct{ Body RegisteredBody }, error) {
	input, err := in.Body.input()
	if err != nil {
		return nil, err
	}
	r, err := a.svc.People.Create(ctx, caller(ctx).Tenant, in.newID(ctx, "create-person"), input)
	if err != nil {
		return nil, err
	}
	slip, err := a.slipBody(ctx, r.Person.LoginID, r.Slip, in.language())
	return &struct{ Body RegisteredBody }{RegisteredBody{personBody(r.Person), slip}}, err
}

func (a *API) updatePerson(ctx context.Context, in *struct {
	PersonPath
	Body struct {
		PersonInput
		Version int64 `json:"version" minimum:"1" doc:"of the person that was shown; another one is refused with changed_meanwhile"`
	}
}) (*personOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	input, err := in.Body.input()
	if err != nil {
		return nil, err
	}
	p, err := a.svc.People.Update(ctx, caller(ctx).Tenant, id, in.Body.Version, input)
	return &personOutput{personBody(p)}, err
}

func (a *API) setPersonState(ctx context.Context, in *struct {
	PersonPath
	Body struct {
		State   string `json:"state" enum:"active,suspended,left"`
		LeftOn  string `json:"left_on,omitempty" maxLength:"10" doc:"YYYY-MM-DD, needed when the person leaves: the last day. A day still to come is kept, and takes effect when it is over"`
		Version int64  `json:"version" minimum:"1"`
	}
}) (*personOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	p, err := a.svc.People.SetState(ctx, caller(ctx).Tenant, id, in.Body.Version, tenant.PersonState(in.Body.State), in.Body.LeftOn)
	return &personOutput{personBody(p)}, err
}

func (a *API) signOutPeople(ctx context.Context, in *struct {
	Body struct {
		People []string `json:"people" minItems:"1" maxItems:"500" doc:"ids"`
	}
}) (*struct{}, error) {
	ids, err := readIDs(in.Body.People)
	if err != nil {
		return nil, err
	}
	return nil, a.svc.People.SignOut(ctx, caller(ctx).Tenant, ids)
}

func (a *API) exportPeople(ctx context.Context, in *struct {
	PeopleFilter
	Spoken
	Format string `query:"format" enum:"csv,csv_shift_jis,xlsx" default:"xlsx"`
}) (*fileOutput, error) {
	q, err := in.query()
	if err != nil {
		return nil, err
	}
	table, err := a.svc.People.Export(ctx, caller(ctx).Tenant, q, in.language())
	if err != nil {
		return nil, err
	}
	return a.sheetFile(in.inLanguage("名簿", "people"), sheet.Format(in.Format), table), nil
}
