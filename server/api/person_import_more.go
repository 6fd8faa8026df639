package api

import (
	"context"
	"time"

	"kenshu/fault"
	"kenshu/tenant"
)

// ImportUndoCounting counts what taking an import back does.
type ImportUndoCounting struct {
	Remove      int `json:"remove" doc:"added by the import, nothing done since: removed"`
	Restore     int `json:"restore" doc:"changed by the import: get back what they had"`
	Return      int `json:"return" doc:"suspended or let go by the import: back as before"`
	KeptChanged int `json:"kept_changed" doc:"left alone: changed since"`
	KeptUsed    int `json:"kept_used" doc:"left alone: logged in or learned since"`
	Gone        int `json:"gone" doc:"no more there"`
}

// ImportUndoBody is what taking an import back would do now.
type ImportUndoBody struct {
	Count ImportUndoCounting `json:"count" doc:"how many people, by what happens to them"`
	Slips int                `json:"slips" doc:"of those removed: have a one-time password, so that the slips handed out to them will not work"`
	Kept  []ImportRowBody    `json:"kept" doc:"the first who are left alone"`
	Until time.Time          `json:"until" doc:"it can be taken back so long"`
}

func (a *API) previewImportUndo(ctx context.Context, in *ImportPath) (*struct{ Body ImportUndoBody }, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	u, err := a.svc.Imports.UndoPreview(ctx, caller(ctx).Tenant, id)
	if err != nil {
		return nil, err
	}
	out := ImportUndoBody{Count: ImportUndoCounting(u.Count), Slips: u.Slips, Kept: make([]ImportRowBody, 0, len(u.Kept)), Until: u.Until.Time}
	for _, r := range u.Kept {
		out.Kept = append(out.Kept, importRowBody(r))
	}
	return &struct{ Body ImportUndoBody }{out}, nil
}

func (a *API) undoImport(ctx context.Context, in *ImportPath) (*importOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	imp, err := a.svc.Imports.Undo(ctx, caller(ctx).Tenant, id)
	return &importOutput{importBody(imp)}, err
}

// ImportRulesInput is what an organisation decides about files that programs send.
type ImportRulesInput struct {
	Hour     int    `json:"hour" minimum:"-1" maximum:"23" doc:"at which a file that is laid down is read; -1: at once"`
	Missing  string `json:"missing" enum:"keep,suspend,leave" doc:"what happens to people whom the file does not name"`
	Limit    int    `json:"limit" minimum:"1" maximum:"50" doc:"percent of the people who may go that way; beyond it nothing is done"`
	WarnDays int    `json:"warn_days" minimum:"0" maximum:"60" doc:"after so many days without a file the manager is told; 0: never"`
}

// ImportRulesBody is what an organisation decided, and how it goes.
type ImportRulesBody struct {
	ImportRulesInput
	LastFileAt *time.Time `json:"last_file_at,omitempty" doc:"when the last file came from a program"`
	SilentDays int        `json:"silent_days" doc:"days without a file, when that is longer than the rules allow; 0: all is well"`
}

func (a *API) importRules(ctx context.Context) (*struct{ Body ImportRulesBody }, error) {
	r, last, err := a.svc.Imports.Rules(ctx, caller(ctx).Tenant)
	return &struct{ Body ImportRulesBody }{ImportRulesBody{
		ImportRulesInput: ImportRulesInput{r.Hour, string(r.Missing), r.Limit, r.WarnDays}, LastFileAt: moment(last), SilentDays: r.Silent(last, time.Now())}}, err
}

func (a *API) getImportRules(ctx context.Context, _ *struct{}) (*struct{ Body ImportRulesBody }, error) {
	return a.importRules(ctx)
}

func (a *API) setImportRules(ctx context.Context, in *struct{ Body ImportRulesInput }) (*struct{ Body ImportRulesBody }, error) {
	b := in.Body
	if _, err := a.svc.Imports.SetRules(ctx, caller(ctx).Tenant, tenant.ImportRules{Hour: b.Hour, Missing: tenant.MissingPeople(b.Missing), Limit: b.Limit, WarnDays: b.WarnDays}); err != nil {
		return nil, err
	}
	return a.importRules(ctx)
}

func (a *API) receiveUnattended(ctx context.Context, key, name string, body *fileBody, drop bool) (*importOutput, error) {
	file, closer, err := body.open(name)
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	if key != "" {
		key = caller(ctx).Token().String() + " " + key
	}
	imp, err := a.svc.Imports.ReceiveUnattended(ctx, caller(ctx).Tenant, key, file, drop)
	imp.Summary.Form = nil
	return &importOutput{importBody(imp)}, err
}

func (a *API) sendImport(ctx context.Context, in *struct {
	Repeatable
	FileName string `query:"file_name" maxLength:"300"`
	fileBody
}) (*importOutput, error) {
	return a.receiveUnattended(ctx, in.IdempotencyKey, in.FileName, &in.fileBody, false)
}

func (a *API) dropImport(ctx context.Context, in *struct {
	Repeatable
	FileName string `path:"file_name" maxLength:"300" doc:"what the file is called on the page"`
	fileBody
}) (*importOutput, error) {
	return a.receiveUnattended(ctx, in.IdempotencyKey, in.FileName, &in.fileBody, true)
}

// getSentImport shows a program what became of a file, and no other imports than those of programs.
func (a *API) getSentImport(ctx context.Context, in *ImportPath) (*importOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	imp, err := a.svc.Imports.Find(ctx, caller(ctx).Tenant, id)
	if err == nil && imp.Origin == tenant.OriginPage {
		err = fault.New(fault.NotFound, "not_found")
	}
	imp.Summary.Form = nil
	return &importOutput{importBody(imp)}, err
}
