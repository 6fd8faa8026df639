package api

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"io"
	"time"

	"kenshu/lms"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
	"kenshu/tenant"
)

// YearBody is one fiscal year.
type YearBody struct {
	Year     int    `json:"year" doc:"the calendar year in which the fiscal year begins"`
	FirstDay string `json:"first_day" format:"date"`
	LastDay  string `json:"last_day" format:"date"`
	Rounds   int    `json:"rounds" doc:"rounds whose deadline lies in it"`
	Issued   int    `json:"issued" doc:"year records handed out so far"`
}

type listYearsOutput struct {
	Body struct {
		FirstMonth int        `json:"first_month" doc:"the month with which a fiscal year begins"`
		Items      []YearBody `json:"items" nullable:"false"`
	}
}

func (a *API) listTrainingYears(ctx context.Context, _ *struct{}) (*listYearsOutput, error) {
	years, month, err := a.svc.TrainingRecords.Years(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	out := &listYearsOutput{}
	out.Body.FirstMonth, out.Body.Items = month, make([]YearBody, 0, len(years))
	for _, y := range years {
		out.Body.Items = append(out.Body.Items, YearBody(y))
	}
	return out, nil
}

type firstMonthInput struct {
	Body struct {
		FirstMonth int `json:"first_month" minimum:"1" maximum:"12" doc:"4 for a year from April to March"`
	}
}

func (a *API) setFirstMonth(ctx context.Context, in *firstMonthInput) (*struct{}, error) {
	return nil, a.svc.TrainingRecords.SetFirstMonth(ctx, caller(ctx).Tenant, in.Body.FirstMonth)
}

// YearPath names a fiscal year.
type YearPath struct {
	Year int `path:"year" minimum:"1900" maximum:"2199" doc:"the calendar year in which the fiscal year begins"`
}

type yearPreviewOutput struct{ Body lms.YearRecord }

func (a *API) previewYearRecord(ctx context.Context, in *YearPath) (*yearPreviewOutput, error) {
	rec, err := a.svc.TrainingRecords.DrawYear(ctx, caller(ctx).Tenant, in.Year)
	return &yearPreviewOutput{rec}, err
}

// IssuedYearBody is a year record that was handed out.
type IssuedYearBody struct {
	ID        db.ID     `json:"id" format:"uuid"`
	Number    int       `json:"number" doc:"counts the organisation's year records"`
	AsOf      string    `json:"as_of" format:"date" doc:"the day whose state it shows"`
	Rate      int       `json:"rate"`
	Digest    string    `json:"digest" doc:"SHA-256 of the content, hexadecimal; it stands on every page, and covers the digests of the rounds' own records"`
	CreatedBy string    `json:"created_by"`
	CreatedAt time.Time `json:"created_at"`
}

func yearBody(y lms.IssuedYear) IssuedYearBody {
	return IssuedYearBody{y.ID, y.Number, y.Content.AsOf, y.Content.Rate, hex.EncodeToString(y.Digest[:]), y.CreatedBy, y.CreatedAt.Time}
}

type issuedYearOutput struct{ Body IssuedYearBody }

func (a *API) issueYearRecord(ctx context.Context, in *YearPath) (*issuedYearOutput, error) {
	y, err := a.svc.TrainingRecords.IssueYear(ctx, caller(ctx).Tenant, in.Year)
	if err != nil {
		return nil, err
	}
	return &issuedYearOutput{yearBody(y)}, nil
}

type listYearRecordsOutput struct {
	Body struct {
		Items []IssuedYearBody `json:"items" nullable:"false"`
	}
}

func (a *API) listYearRecords(ctx context.Context, in *YearPath) (*listYearRecordsOutput, error) {
	list, err := a.svc.TrainingRecords.ListYear(ctx, caller(ctx).Tenant, in.Year)
	if err != nil {
		return nil, err
	}
	out := &listYearRecordsOutput{}
	out.Body.Items = make([]IssuedYearBody, 0, len(list))
	for _, y := range list {
		out.Body.Items = append(out.Body.Items, yearBody(y))
	}
	return out, nil
}

func (a *API) getYearRecordFile(ctx context.Context, in *recordFileInput) (*fileOutput, error) {
	tid := caller(ctx).Tenant
	y, err := a.svc.TrainingRecords.FindYear(ctx, tid, in.ID)
	if err != nil {
		return nil, err
	}
	return a.yearFile(ctx, tid, y, in.Format, in.Language), nil
}

func (a *API) yearFile(ctx context.Context, tid tenant.ID, y lms.IssuedYear, format, language string) *fileOutput {
	name, records := y.FileName(language), a.svc.TrainingRecords
	switch format {
	case "xlsx":
		return a.download(sheet.XLSX.MediaType(), name+".xlsx", func(w io.Writer) error { return records.WriteYearXLSX(ctx, tid, w, y, language) })
	case "json":
		return a.download("application/json", name+".json", func(w io.Writer) error { return json.NewEncoder(w).Encode(y.Content) })
	}
	return a.download("application/pdf", name+".pdf", func(w io.Writer) error { return records.WriteYearPDF(ctx, tid, w, y, language) })
}
