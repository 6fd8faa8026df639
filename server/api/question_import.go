package api

import (
	"context"
	"fmt"
	"io"
	"time"

	"kenshu/content"
	"kenshu/storage/cache"
	"kenshu/storage/db"
)

// QuestionImportBody is a file of questions and what became of it.
type QuestionImportBody struct {
	ID        string     `json:"id" format:"uuid"`
	FileName  string     `json:"file_name"`
	Format    string     `json:"format" enum:"xlsx,csv,csv_shift_jis,gift,moodle_xml"`
	State     string     `json:"state" enum:"checked,applying,applied" doc:"checked: the bank is as it was; applying: a job puts it in; applied: it is in"`
	Added     int        `json:"added"`
	Changed   int        `json:"changed"`
	Unchanged int        `json:"unchanged" doc:"they stand in the bank, or earlier in the file"`
	Wrong     int        `json:"wrong" doc:"they are left out when the file is applied"`
	Problem   string     `json:"problem,omitempty" doc:"key of the sentence that says why applying it went wrong"`
	CreatedAt time.Time  `json:"created_at"`
	AppliedAt *time.Time `json:"applied_at,omitempty"`
}

// QuestionImportRowBody is what a file does with one question.
type QuestionImportRowBody struct {
	Row      int            `json:"row" doc:"as the file counts: row of a sheet, line of GIFT, question of Moodle XML"`
	Outcome  string         `json:"outcome" enum:"added,changed,unchanged,wrong"`
	Kind     string         `json:"kind"`
	Text     string         `json:"text"`
	Category string         `json:"category" doc:"path, its parts separated by /"`
	Faults   []ProblemField `json:"faults" nullable:"false" doc:"what is wrong, each with its field"`
	Notes    []ProblemField `json:"notes" nullable:"false" doc:"what the bank cannot hold and leaves out"`
}

func questionImportBody(i content.QuestionImport) QuestionImportBody {
	return QuestionImportBody{
		ID: i.ID.String(), FileName: i.FileName, Format: i.Format, State: i.State, Added: i.Counts.Added, Changed: i.Counts.Changed, Unchanged: i.Counts.Unchanged,
		Wrong: i.Counts.Wrong, Problem: i.Problem, CreatedAt: i.CreatedAt.Time, AppliedAt: optionalTime(i.AppliedAt),
	}
}

type questionImportOutput struct{ Body QuestionImportBody }

func questionImportAnswer(i content.QuestionImport, err error) (*questionImportOutput, error) {
	if err != nil {
		return nil, err
	}
	return &questionImportOutput{questionImportBody(i)}, nil
}

// checkRate is how many files an organisation may have checked: what a check finds is kept for a week.
var checkRate = cache.Rate{Burst: 60, Per: time.Hour}

func (a *API) checkQuestions(ctx context.Context, in *struct {
	Repeatable
	FileName string `query:"file_name" maxLength:"300"`
	fileBody
}) (*questionImportOutput, error) {
	file, closer, err := in.open(in.FileName)
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	if err := a.spend(ctx, cache.NewKey("check_questions", fmt.Sprint(caller(ctx).Tenant.Number())), checkRate); err != nil {
		return nil, err
	}
	return questionImportAnswer(a.svc.Questions.Check(ctx, caller(ctx).Tenant, in.newID(ctx, "check-questions"), file.Name, file.SHA, file.Body))
}

type questionImportInput struct {
	ID db.ID `path:"id" format:"uuid"`
}

func (a *API) getQuestionImport(ctx context.Context, in *questionImportInput) (*questionImportOutput, error) {
	return questionImportAnswer(a.svc.Questions.FindImport(ctx, caller(ctx).Tenant, in.ID))
}

func (a *API) applyQuestions(ctx context.Context, in *questionImportInput) (*questionImportOutput, error) {
	return questionImportAnswer(a.svc.Questions.Apply(ctx, caller(ctx).Tenant, in.ID))
}

type questionImportRowsOutput struct {
	Body struct {
		Items []QuestionImportRowBody `json:"items" nullable:"false"`
		Next  string                  `json:"next,omitempty"`
	}
}

func (a *API) listQuestionImportRows(ctx context.Context, in *struct {
	ID      db.ID  `path:"id" format:"uuid"`
	Outcome string `query:"outcome" enum:"added,changed,unchanged,wrong," doc:"empty is all"`
	After   string `query:"after" maxLength:"200"`
	Limit   int    `query:"limit" minimum:"1" maximum:"500" default:"100"`
}) (*questionImportRowsOutput, error) {
	rows, next, err := a.svc.Questions.ImportRows(ctx, caller(ctx).Tenant, in.ID, in.Outcome, db.Page{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &questionImportRowsOutput{}
	out.Body.Items, out.Body.Next = make([]QuestionImportRowBody, 0, len(rows)), next
	for _, r := range rows {
		b := QuestionImportRowBody{
			Row: r.Number, Outcome: r.Outcome, Kind: r.Input.Question.Kind, Text: r.Input.Question.Text, Category: r.Input.Category, Faults: []ProblemField{}, Notes: []ProblemField{},
		}
		for _, f := range r.Faults {
			b.Faults = append(b.Faults, ProblemField{f.Path, f.Key, f.Args})
		}
		for _, f := range r.Notes {
			b.Notes = append(b.Notes, ProblemField{f.Path, f.Key, f.Args})
		}
		out.Body.Items = append(out.Body.Items, b)
	}
	return out, nil
}

var questionMedia = map[string][2]string{
	content.FormatXLSX: {"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"}, content.FormatCSV: {"text/csv; charset=utf-8", "csv"},
	content.FormatCSVSJIS: {"text/csv; charset=Shift_JIS", "csv"}, content.FormatGIFT: {"text/plain; charset=utf-8", "gift.txt"}, content.FormatMoodle: {"application/xml", "xml"},
}

func (a *API) exportQuestions(ctx context.Context, in *struct {
	QuestionQuery
	Format string `query:"format" enum:"xlsx,csv,csv_shift_jis,gift,moodle_xml" default:"xlsx"`
	Locale string `query:"locale" enum:"ja,en" default:"ja"`
}) (*fileOutput, error) {
	filter, err := in.filter()
	if err != nil {
		return nil, err
	}
	tid := caller(ctx).Tenant
	media := questionMedia[in.Format]
	return a.download(media[0], "questions."+media[1], func(w io.Writer) error {
		return a.svc.Questions.Export(ctx, tid, filter, in.Format, in.Locale, a.svc.QuestionFigures.Answered, w)
	}), nil
}

func (a *API) questionTemplate(_ context.Context, in *struct {
	Locale string `query:"locale" enum:"ja,en" default:"ja"`
}) (*fileOutput, error) {
	media := questionMedia[content.FormatXLSX]
	return a.download(media[0], "questions-template.xlsx", func(w io.Writer) error { return content.WriteQuestionTemplate(w, in.Locale) }), nil
}
