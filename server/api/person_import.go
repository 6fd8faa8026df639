package api

import (
	"context"
	"time"

	"kenshu/storage/db"
	"kenshu/storage/sheet"
	"kenshu/tenant"
)

// ImportBody is a file of people: how far it is, what was found, and what became of it.
type ImportBody struct {
	ID             string                  `json:"id" format:"uuid"`
	FileName       string                  `json:"file_name"`
	State          string                  `json:"state" enum:"waiting,reading,mapping,checked,refused,applying,applied,undoing,undone" doc:"waiting for its hour; being read; somebody must say what the columns are; checked; refused as a whole; being put into effect; in effect; being taken back; taken back"`
	Origin         string                  `json:"origin" enum:"page,call,drop" doc:"chosen by a person; sent by a program; laid down by a program"`
	Actor          string                  `json:"actor" doc:"name of the person or API token that acted last"`
	Problem        *ImportProblemBody      `json:"problem,omitempty" doc:"why it went no further"`
	Done           int                     `json:"done" doc:"rows worked on so far"`
	Total          int                     `json:"total" doc:"rows there are to work on; 0 while that is not known, as while the file is being read"`
	Added          int                     `json:"added"`
	Changed        int                     `json:"changed"`
	Unchanged      int                     `json:"unchanged"`
	Wrong          int                     `json:"wrong" doc:"a file with wrong rows is not applied"`
	Missing        int                     `json:"missing" doc:"people who take part and whom the file does not name, without the manager and oneself"`
	Population     int                     `json:"population" doc:"people at the time of the check"`
	Then           string                  `json:"then" enum:"keep,suspend,leave" doc:"what happens to the missing ones"`
	LeftOn         string                  `json:"left_on,omitempty" doc:"their last day when they leave"`
	NewDepartments []string                `json:"new_departments" doc:"made when the file is applied"`
	Similar        []SimilarDepartmentBody `json:"similar" nullable:"false" doc:"names nearly those of departments: somebody says which is meant before the file is applied"`
	Kana           int                     `json:"kana" doc:"rows whose reading is written in full-width katakana instead of hiragana or half-width letters"`
	Ignored        []string                `json:"ignored" doc:"headings that are left out"`
	Form           *ImportFormBody         `json:"form,omitempty" doc:"what the columns are"`
	Format         string                  `json:"format" enum:"csv,xlsx,"`
	Encoding       string                  `json:"encoding"`
	CreatedAt      time.Time               `json:"created_at"`
	AppliedAt      *time.Time              `json:"applied_at,omitempty"`
	RowsUntil      *time.Time              `json:"rows_until,omitempty" doc:"the rows are kept so long"`
	UndoUntil      *time.Time              `json:"undo_until,omitempty" doc:"it can be taken back so long"`
	Undo           *ImportUndoCounting     `json:"undo,omitempty" doc:"what taking it back did"`
}

// SimilarDepartmentBody is a name in a file that is nearly that of a department.
type SimilarDepartmentBody struct {
	Text         string `json:"text" doc:"as in the file"`
	DepartmentID db.ID  `json:"department_id" format:"uuid" doc:"the department that is nearly called so"`
	Path         string `json:"path" doc:"its name with what it belongs to"`
	Rows         int    `json:"rows" doc:"rows with this name"`
	Choice       string `json:"choice" enum:"same,other," doc:"that department; a new one; empty: nobody has said"`
}

// ImportProblemBody is a sentence of the page's dictionary.
type ImportProblemBody struct {
	Key  string         `json:"key" doc:"of the sentence"`
	Args map[string]any `json:"args,omitempty"`
}

// ImportFormBody is what is known of a file's columns.
type ImportFormBody struct {
	HeadingRow int                `json:"heading_row" doc:"as Excel shows it"`
	Columns    []ImportColumnBody `json:"columns" doc:"in the order of the file"`
	Words      []ImportWordBody   `json:"words" doc:"words of the column of employment kinds"`
	Key        string             `json:"key" enum:"either,login_id,employee_number" doc:"by what a row finds its person"`
	Remembered bool               `json:"remembered" doc:"as the organisation chose before for these headings"`
}

// ImportColumnBody is a column of a file.
type ImportColumnBody struct {
	Heading string   `json:"heading" doc:"as in the file"`
	Target  string   `json:"target" doc:"the field it is; empty: left out; field: and an id for an own field"`
	Sure    bool     `json:"sure" doc:"known by its heading or by memory, not guessed"`
	Samples []string `json:"samples" doc:"some of what it holds"`
	Filled  int      `json:"filled" doc:"rows looked at that say something"`
}

// ImportWordBody is a word for a kind of employment.
type ImportWordBody struct {
	Text  string `json:"text"`
	Kind  string `json:"kind" enum:"employee,officer,part_time,contract,dispatched," doc:"empty: not known"`
	Count int    `json:"count"`
}

// ImportRowBody is what happens to one row.
type ImportRowBody struct {
	Row            int                `json:"row" doc:"as Excel shows it; of a missing person a number after the last row"`
	Outcome        string             `json:"outcome" enum:"added,changed,unchanged,wrong,missing"`
	Person         string             `json:"person,omitempty"`
	Name           string             `json:"name"`
	LoginID        string             `json:"login_id" doc:"empty: one will be made"`
	EmployeeNumber string             `json:"employee_number"`
	Changes        []ImportChangeBody `json:"changes"`
	Faults         []ProblemField     `json:"faults" doc:"path is the field"`
	Undo           string             `json:"undo,omitempty" enum:"remove,restore,return,kept_changed,kept_used,gone" doc:"what taking the import back does with it"`
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

// ImportsBody is a page of the imports.
type ImportsBody struct {
	Items []ImportBody `json:"items"`
	Next  string       `json:"next,omitempty"`
}

// ImportPath names an import in a path.
type ImportPath struct {
	ID string `path:"import_id" format:"uuid"`
}

type importOutput struct{ Body ImportBody }

func importBody(i tenant.Import) ImportBody {
	s := i.Summary
	then := string(i.Options.Missing)
	if then == "" {
		then = string(tenant.MissingKeep)
	}
	b := ImportBody{
		ID: i.ID.String(), FileName: i.FileName, State: i.State, Origin: i.Origin, Actor: i.Actor, Done: i.Done, Total: i.Total, Added: s.Added, Changed: s.Changed, Unchanged: s.Unchanged, Wrong: s.Wrong,
		Missing: s.Missing, Population: s.Population, Then: then, LeftOn: i.Options.LeftOn,
		NewDepartments: append([]string{}, s.NewDepartments...), Similar: make([]SimilarDepartmentBody, 0, len(s.Similar)), Kana: s.Kana, Ignored: append([]string{}, s.Ignored...), Form: importFormBody(s.Form), Format: s.Format, Encoding: s.Encoding,
		CreatedAt: i.CreatedAt.Time, AppliedAt: moment(i.AppliedAt), RowsUntil: moment(i.RowsUntil), UndoUntil: moment(i.UndoUntil),
	}
	if i.Problem != nil {
		b.Problem = &ImportProblemBody{i.Problem.Key, i.Problem.Args}
	}
	for _, one := range s.Similar {
		b.Similar = append(b.Similar, SimilarDepartmentBody{one.Text, one.Department, one.Path, one.Rows, string(one.Choice)})
	}
	if s.Undo != nil {
		count := ImportUndoCounting(*s.Undo)
		b.Undo = &count
	}
	return b
}

func importFormBody(f *tenant.ImportForm) *ImportFormBody {
	if f == nil {
		return nil
	}
	b := &ImportFormBody{HeadingRow: f.HeadingRow, Key: string(f.Key), Remembered: f.Remembered, Columns: make([]ImportColumnBody, 0, len(f.Columns)), Words: make([]ImportWordBody, 0, len(f.Words))}
	for _, c := range f.Columns {
		b.Columns = append(b.Columns, ImportColumnBody{c.Heading, c.Target, c.Sure, append([]string{}, c.Samples...), c.Filled})
	}
	for _, w := range f.Words {
		b.Words = append(b.Words, ImportWordBody{w.Text, string(w.Kind), w.Count})
	}
	return b
}

func importRowBody(r tenant.ImportRow) ImportRowBody {
	b := ImportRowBody{Row: r.Number, Outcome: r.Outcome, Name: r.Name, LoginID: r.LoginID, EmployeeNumber: r.EmployeeNumber, Undo: r.Undo,
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

func (a *API) listImports(ctx context.Context, in *PageInput) (*struct{ Body ImportsBody }, error) {
	list, next, err := a.svc.Imports.List(ctx, caller(ctx).Tenant, db.Page{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := ImportsBody{Items: make([]ImportBody, 0, len(list)), Next: next}
	for _, i := range list {
		i.Summary.Form = nil
		out.Items = append(out.Items, importBody(i))
	}
	return &struct{ Body ImportsBody }{out}, nil
}

func (a *API) checkImport(ctx context.Context, in *struct {
	Repeatable
	FileName string `query:"file_name" maxLength:"300"`
	fileBody
}) (*importOutput, error) {
	file, closer, err := in.open(in.FileName)
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	imp, err := a.svc.Imports.Receive(ctx, caller(ctx).Tenant, in.newID(ctx, "check-import"), file, tenant.OriginPage, tenant.ImportOptions{}, time.Time{})
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

// ImportMappingBody says what the columns of a file are.
type ImportMappingBody struct {
	Columns []ImportTargetBody `json:"columns" minItems:"1" maxItems:"256" doc:"every column of the file in its order"`
	Words   []ImportWordInput  `json:"words,omitempty" maxItems:"200" doc:"what words for kinds of employment mean"`
	Key     string             `json:"key" enum:"either,login_id,employee_number" doc:"by what a row finds its person"`
}

// ImportTargetBody says what one column is.
type ImportTargetBody struct {
	Heading string `json:"heading" maxLength:"200" doc:"as in the file"`
	Target  string `json:"target" maxLength:"60" doc:"the field it is; empty: left out; field: and an id for an own field"`
}

// ImportWordInput says what one word means.
type ImportWordInput struct {
	Text string `json:"text" minLength:"1" maxLength:"100"`
	Kind string `json:"kind" enum:"employee,officer,part_time,contract,dispatched"`
}

func (a *API) mapImport(ctx context.Context, in *struct {
	ImportPath
	Body ImportMappingBody
}) (*importOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	m := tenant.ImportMapping{Key: tenant.ImportKey(in.Body.Key), Words: map[string]tenant.EmploymentKind{}}
	for _, c := range in.Body.Columns {
		m.Columns = append(m.Columns, tenant.MappedColumn(c))
	}
	for _, w := range in.Body.Words {
		m.Words[w.Text] = tenant.EmploymentKind(w.Kind)
	}
	imp, err := a.svc.Imports.Map(ctx, caller(ctx).Tenant, id, m)
	return &importOutput{importBody(imp)}, err
}

func (a *API) setImportMissing(ctx context.Context, in *struct {
	ImportPath
	Body struct {
		Then   string `json:"then" enum:"keep,suspend,leave" doc:"what happens to the people whom the file does not name"`
		LeftOn string `json:"left_on,omitempty" maxLength:"10" doc:"their last day when they leave, not after today"`
	}
}) (*importOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	imp, err := a.svc.Imports.Missing(ctx, caller(ctx).Tenant, id, tenant.MissingPeople(in.Body.Then), in.Body.LeftOn)
	return &importOutput{importBody(imp)}, err
}

func (a *API) meanImportDepartments(ctx context.Context, in *struct {
	ImportPath
	Body struct {
		Choices []struct {
			Text   string `json:"text" minLength:"1" maxLength:"200" doc:"as the import gives it"`
			Choice string `json:"choice" enum:"same,other" doc:"the department that is there; a new one"`
		} `json:"choices" nullable:"false" minItems:"1" maxItems:"100" doc:"what the names mean"`
	}
}) (*importOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	meant := make([]tenant.MeantDepartment, 0, len(in.Body.Choices))
	for _, c := range in.Body.Choices {
		meant = append(meant, tenant.MeantDepartment{Text: c.Text, Choice: tenant.SimilarChoice(c.Choice)})
	}
	imp, err := a.svc.Imports.MeanDepartments(ctx, caller(ctx).Tenant, id, meant)
	return &importOutput{importBody(imp)}, err
}

func (a *API) listImportRows(ctx context.Context, in *struct {
	ImportPath
	Outcome string `query:"outcome" enum:"added,changed,unchanged,wrong,missing,"`
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
	table, err := a.svc.Imports.WrongRows(ctx, caller(ctx).Tenant, id, in.language())
	if err != nil {
		return nil, err
	}
	return a.sheetFile(in.inLanguage("直す行", "rows-to-mend"), sheet.XLSX, table), nil
}

func (a *API) applyImport(ctx context.Context, in *struct {
	ImportPath
	Body *struct {
		Missing int `json:"missing" minimum:"0" doc:"how many people go, as the preview says and as somebody typed when they are many"`
	} `required:"false"`
}) (*importOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	confirmed := 0
	if in.Body != nil {
		confirmed = in.Body.Missing
	}
	imp, err := a.svc.Imports.Apply(ctx, caller(ctx).Tenant, id, confirmed)
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
