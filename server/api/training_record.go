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
)

// IssuedRecordBody is a training record that was handed out.
type IssuedRecordBody struct {
	ID        db.ID     `json:"id" format:"uuid"`
	Number    int       `json:"number" doc:"counts the organisation's issues"`
	Digest    string    `json:"digest" doc:"SHA-256 of the content, as hexadecimal digits; it stands on every page of the document"`
	CreatedBy string    `json:"created_by"`
	CreatedAt time.Time `json:"created_at"`
}

func issuedBody(r lms.IssuedRecord) IssuedRecordBody {
	return IssuedRecordBody{r.ID, r.Number, hex.EncodeToString(r.Digest[:]), r.CreatedBy, r.CreatedAt.Time}
}

type recordPreviewOutput struct {
	Body struct {
		Digest  string             `json:"digest" doc:"an issue with this digest says the same"`
		Content lms.TrainingRecord `json:"content"`
	}
}

func (a *API) previewTrainingRecord(ctx context.Context, in *RoundPath) (*recordPreviewOutput, error) {
	rec, digest, err := a.svc.TrainingRecords.Draw(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	out := &recordPreviewOutput{}
	out.Body.Digest, out.Body.Content = hex.EncodeToString(digest[:]), rec
	return out, nil
}

type issuedRecordOutput struct{ Body IssuedRecordBody }

func (a *API) issueTrainingRecord(ctx context.Context, in *RoundPath) (*issuedRecordOutput, error) {
	rec, err := a.svc.TrainingRecords.Issue(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	return &issuedRecordOutput{issuedBody(rec)}, nil
}

type listRecordsOutput struct {
	Body struct {
		Items []IssuedRecordBody `json:"items" nullable:"false"`
	}
}

func (a *API) listTrainingRecords(ctx context.Context, in *RoundPath) (*listRecordsOutput, error) {
	list, err := a.svc.TrainingRecords.List(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	out := &listRecordsOutput{}
	out.Body.Items = make([]IssuedRecordBody, 0, len(list))
	for _, r := range list {
		out.Body.Items = append(out.Body.Items, issuedBody(r))
	}
	return out, nil
}

type recordFileInput struct {
	ID       db.ID  `path:"id" format:"uuid"`
	Format   string `query:"format" enum:"pdf,xlsx,json" default:"pdf"`
	Language string `query:"language" enum:"ja,en" default:"ja"`
}

func (a *API) getTrainingRecordFile(ctx context.Context, in *recordFileInput) (*fileOutput, error) {
	rec, err := a.svc.TrainingRecords.Find(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	return a.recordFile(rec, in.Format, in.Language), nil
}

func (a *API) recordFile(rec lms.IssuedRecord, format, language string) *fileOutput {
	name := rec.FileName(language)
	switch format {
	case "xlsx":
		return a.download(sheet.XLSX.MediaType(), name+".xlsx", func(w io.Writer) error { return rec.WriteXLSX(w, language) })
	case "json":
		return a.download("application/json", name+".json", func(w io.Writer) error { return json.NewEncoder(w).Encode(rec.Content) })
	}
	return a.download("application/pdf", name+".pdf", func(w io.Writer) error { return rec.WritePDF(w, language) })
}
