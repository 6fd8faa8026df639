package api

import (
	"context"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
	"kenshu/tenant"
)

// ImportBody is a file of people: what was found, and whether it was applied.
type ImportBody struct {
	ID             string     `json:"id" format:"uuid"`
	FileName       string     `json:"file_name"`
	State          string     `json:"state" enum:"checked,applied"`
	Added          int        `json:"added"`
	Changed        int        `json:"changed"`
	Unchanged      int        `json:"unchanged"`
	Wrong          int        `json:"wrong" doc:"a file with wrong rows is not applied"`
	NewDepartments []string   `json:"new_departments" doc:"made when the file is applied"`
	Ignored        []string   `json:"ignored" doc:"headings that were not understood"`
	Format         string     `json:"format" enum:"csv,xlsx"`
	Encoding       string     `json:"encoding"`
	CreatedAt      time.Time  `json:"created_at"`
	AppliedAt      *time.Time `json:"applied_at,omitempty"`
}

// ImportRowBody is what happens to one row.
type ImportRowBody struct {
	Row            int                `json:"row" doc:"as Excel shows it"`
	Outcome        string             `json:"outcome" enum:"added,changed,unchanged,wrong"`
	Person         string             `json:"person,omitempty"`
	Name           string             `json:"name"`
	LoginID        string             `json:"login_id" doc:"empty: one will be made"`
	EmployeeNumber string             `json:"employee_number"`
	Changes        []ImportChangeBody `json:"changes"`
	Faults         []ProblemField     `json:"faults" doc:"path is the field"`
}

// ImportChangeBody is one value before and after.
type ImportChangeBody struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// ImportRowsBody is a page of the preview.
type ImportRowsBody struct {
	Items []ImportRowBody `json:"items"`
	Next  string          `json:"next,omitempty"`
	Total int             `json:"total"`
}

// ImportPath names an import in a path.
type ImportPath struct {
	ID string `path:"import_id" format:"uuid"`
}

type importOutput struct{ Body ImportBody }

func importBody(i tenant.Import) ImportBody {
	s := i.Summary
	return ImportBody{
		ID: i.ID.String(), FileName: i.FileName, State: i.State, Added: s.Added, Changed: s.Changed, Unchanged: s.Unchanged, Wrong: s.Wrong,
		NewDepartments: append([]string{}, s.NewDepartments...), Ignored: append([]string{}, s.Ignored...), Format: s.Format, Encoding: s.Encoding,
		CreatedAt: i.CreatedAt.Time, AppliedAt: moment(i.AppliedAt),
	}
}

func importRowBody(r tenant.ImportRow) ImportRowBody {
	b := ImportRowBody{Row: r.Number, Outcome: r.Outcome, Name: r.Name, LoginID: r.LoginID, EmployeeNumber: r.EmployeeNumber,
		Changes: make([]ImportChangeBody, 0, len(r.Changes)), Faults: make([]ProblemField, 0, len(r.Faults))}
	if !r.Person.IsZero() {
		b.Person = r.Person.String()
	}
	for _, c := range r.Changes {
		b.Changes = append(b.Changes, ImportChangeBody(c))
	}
	for _, f := range r.Faults {
		b.Faults = append(b.Faults, ProblemField{f.Path, f.Key, f.Args})
	}
	return b
}

func (a *API) checkImport(ctx context.Context, in *struct {
	Repeatable
	FileName string `query:"file_name" maxLength:"300"`
	RawBody  []byte `contentType:"application/octet-stream" doc:"the file as it is: XLSX, or CSV in UTF-8, UTF-16 or Shift_JIS"`
}) (*importOutput, error) {
	imp, err := a.svc.Imports.Check(ctx, caller(ctx).Tenant, in.newID(ctx, "check-import"), in.FileName, in.RawBody)
	return &importOutput{importBody(imp)}, err
}

func (a *API) getImport(ctx context.Context, in *ImportPath) (*importOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	imp, err := a.svc.Imports.Find(ctx, caller(ctx).Tenant, id)
	return &importOutput{importBody(imp)}, err
}

func (a *API) listImportRows(ctx context.Context, in *struct {
	ImportPath
	Outcome string `query:"outcome" enum:"added,changed,unchanged,wrong,"`
	After   string `query:"after" maxLength:"1000"`
	Limit   int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}) (*struct{ Body ImportRowsBody }, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	page, err := a.svc.Imports.Rows(ctx, caller(ctx).Tenant, id, in.Outcome, db.Page{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := ImportRowsBody{Items: make([]ImportRowBody, 0, len(page.Items)), Next: page.Next, Total: page.Total}
	for _, r := range page.Items {
		out.Items = append(out.Items, importRowBody(r))
	}
	return &struct{ Body ImportRowsBody }{out}, nil
}

func (a *API) exportWrongRows(ctx context.Context, in *struct {
	ImportPath
	Spoken
}) (*fileOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	table, err := a.svc.Imports.WrongRows(ctx, caller(ctx).Tenant, id, in.language(), func(f fault.Field) string { return importSentence(f, in.language()) })
	if err != nil {
		return nil, err
	}
	return a.sheetFile(in.inLanguage("直す行", "rows-to-mend"), sheet.XLSX, table), nil
}

func (a *API) applyImport(ctx context.Context, in *ImportPath) (*importOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	imp, err := a.svc.Imports.Apply(ctx, caller(ctx).Tenant, id)
	return &importOutput{importBody(imp)}, err
}

func (a *API) importTemplate(ctx context.Context, in *struct {
	Spoken
	Format string `query:"format" enum:"csv,xlsx" default:"xlsx"`
}) (*fileOutput, error) {
	fields, err := a.svc.PersonFields.List(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	return a.sheetFile(in.inLanguage("名簿のひな形", "people-template"), sheet.Format(in.Format), tenant.PeopleTemplate(in.language(), fields)...), nil
}
