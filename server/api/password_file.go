package api

import (
	"context"
	"fmt"
	"time"

	"kenshu/storage/cache"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// PasswordFileBody is a file of passwords and how far it is. No password is ever in an answer.
type PasswordFileBody struct {
	ID         string     `json:"id" format:"uuid"`
	FileName   string     `json:"file_name"`
	State      string     `json:"state" enum:"checked,queued,applied,cancelled,expired,failed" doc:"only applied changed anybody's password"`
	Total      int        `json:"total" doc:"rows"`
	Wrong      int        `json:"wrong" doc:"a file with wrong rows is not applied and not kept"`
	Done       int        `json:"done" doc:"passwords hashed so far; none is in force before all of them are"`
	Skipped    int        `json:"skipped" doc:"people who got another credential meanwhile: theirs is newer and stayed"`
	CreatedAt  time.Time  `json:"created_at"`
	FinishedAt *time.Time `json:"finished_at,omitempty" doc:"when it was over"`
}

// PasswordProblemBody is a wrong row.
type PasswordProblemBody struct {
	Row     int            `json:"row" doc:"as Excel shows it"`
	LoginID string         `json:"login_id" doc:"as it stands in the file; empty since somebody of the organisation was anonymised or deleted"`
	Faults  []ProblemField `json:"faults" doc:"path is login_id or password"`
}

// PasswordFilePath names a file in a path.
type PasswordFilePath struct {
	ID string `path:"password_file_id" format:"uuid" doc:"the file"`
}

type passwordFileOutput struct{ Body PasswordFileBody }

func passwordFileBody(f tenant.PasswordFile) PasswordFileBody {
	return PasswordFileBody{ID: f.ID.String(), FileName: f.FileName, State: f.State, Total: f.Total, Wrong: f.Wrong, Done: f.Done, Skipped: f.Skipped,
		CreatedAt: f.CreatedAt.Time, FinishedAt: moment(f.FinishedAt)}
}

func (a *API) checkPasswordFile(ctx context.Context, in *struct {
	Repeatable
	FileName string `query:"file_name" maxLength:"300"`
	RawBody  []byte `contentType:"application/octet-stream" doc:"CSV or XLSX with a column of login IDs and one of passwords"`
}) (*passwordFileOutput, error) {
	if err := a.spend(ctx, cache.NewKey("check_passwords", fmt.Sprint(caller(ctx).Tenant.Number())), checkRate); err != nil {
		return nil, err
	}
	f, err := a.svc.PasswordFiles.Check(ctx, caller(ctx).Tenant, in.newID(ctx, "check-password-file"), in.FileName, in.RawBody)
	return &passwordFileOutput{passwordFileBody(f)}, err
}

func (a *API) listPasswordFiles(ctx context.Context, in *PageInput) (*struct {
	Body struct {
		Items   []PasswordFileBody `json:"items"`
		Next    string             `json:"next,omitempty"`
		Allowed bool               `json:"allowed" doc:"the organisation's policy allows passwords by file"`
	}
}, error,
) {
	tid := caller(ctx).Tenant
	list, next, err := a.svc.PasswordFiles.List(ctx, tid, db.Page{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	policy, err := tenant.ReadSecurityPolicy(ctx, tid, a.svc.DB)
	if err != nil {
		return nil, err
	}
	out := &struct {
		Body struct {
			Items   []PasswordFileBody `json:"items"`
			Next    string             `json:"next,omitempty"`
			Allowed bool               `json:"allowed" doc:"the organisation's policy allows passwords by file"`
		}
	}{}
	out.Body.Next, out.Body.Allowed, out.Body.Items = next, policy.PasswordFiles, make([]PasswordFileBody, 0, len(list))
	for _, f := range list {
		out.Body.Items = append(out.Body.Items, passwordFileBody(f))
	}
	return out, nil
}

func (a *API) getPasswordFile(ctx context.Context, in *PasswordFilePath) (*passwordFileOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	f, err := a.svc.PasswordFiles.Find(ctx, caller(ctx).Tenant, id)
	return &passwordFileOutput{passwordFileBody(f)}, err
}

func (a *API) listPasswordProblems(ctx context.Context, in *struct {
	PasswordFilePath
	PageInput
}) (*struct {
	Body struct {
		Items []PasswordProblemBody `json:"items"`
		Next  string                `json:"next,omitempty"`
	}
}, error,
) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	list, next, err := a.svc.PasswordFiles.Problems(ctx, caller(ctx).Tenant, id, db.Page{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &struct {
		Body struct {
			Items []PasswordProblemBody `json:"items"`
			Next  string                `json:"next,omitempty"`
		}
	}{}
	out.Body.Next, out.Body.Items = next, make([]PasswordProblemBody, 0, len(list))
	for _, p := range list {
		b := PasswordProblemBody{Row: p.Row, LoginID: p.LoginID, Faults: make([]ProblemField, 0, len(p.Faults))}
		for _, f := range p.Faults {
			b.Faults = append(b.Faults, ProblemField{f.Path, f.Key, f.Args})
		}
		out.Body.Items = append(out.Body.Items, b)
	}
	return out, nil
}

func (a *API) applyPasswordFile(ctx context.Context, in *PasswordFilePath) (*passwordFileOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	f, err := a.svc.PasswordFiles.Apply(ctx, caller(ctx).Tenant, id)
	return &passwordFileOutput{passwordFileBody(f)}, err
}

func (a *API) cancelPasswordFile(ctx context.Context, in *PasswordFilePath) (*passwordFileOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	f, err := a.svc.PasswordFiles.Cancel(ctx, caller(ctx).Tenant, id)
	return &passwordFileOutput{passwordFileBody(f)}, err
}
