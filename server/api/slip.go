package api

import (
	"context"
	"io"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// SlipTargetInput says to whom one-time passwords are handed out: to these people, or to everybody a filter finds.
type SlipTargetInput struct {
	People []string      `json:"people,omitempty" maxItems:"20000" doc:"ids"`
	Filter *PeopleFilter `json:"filter,omitempty" doc:"instead of people"`
}

// SlipOrderInput is what is wanted of a batch of slips.
type SlipOrderInput struct {
	SlipTargetInput
	ReplaceChosen bool       `json:"replace_chosen,omitempty" doc:"also replace passwords that people chose themselves; without it 409 credential_chosen names how many there are"`
	SkipChosen    bool       `json:"skip_chosen,omitempty" doc:"leave out who chose a password, instead"`
	NewLogin      bool       `json:"new_login,omitempty" doc:"also give everybody a new login ID that is hard to guess"`
	AsOf          *time.Time `json:"as_of,omitempty" doc:"of the preview: whose credential changed since is left out"`
}

// SlipPreviewBody says what a batch of slips would do.
type SlipPreviewBody struct {
	Count     int       `json:"count" doc:"who would get a slip"`
	Chosen    int       `json:"chosen" doc:"of these: would lose a password of their own"`
	Active    int       `json:"active" doc:"of these: have logged in before and would be logged out"`
	Left      int       `json:"left" doc:"left the organisation, get none"`
	Guarded   int       `json:"guarded" doc:"the manager's account, which a deputy cannot change"`
	Own       int       `json:"own" doc:"one's own account"`
	Days      int       `json:"days" doc:"how long the passwords would be valid"`
	KeepHours int       `json:"keep_hours" doc:"how long the slips wait to be saved"`
	AsOf      time.Time `json:"as_of" doc:"send it back with the order"`
}

// SlipBatchBody is one handing-out of one-time passwords.
type SlipBatchBody struct {
	ID            string     `json:"id" format:"uuid"`
	State         string     `json:"state" enum:"queued,ready,taken,expired,cancelled"`
	ReplaceChosen bool       `json:"replace_chosen" doc:"passwords of people's own were replaced, too"`
	NewLogin      bool       `json:"new_login" doc:"login IDs are new, too"`
	Total         int        `json:"total" doc:"people it is for"`
	Issued        int        `json:"issued" doc:"slips so far"`
	Mine          bool       `json:"mine" doc:"asked for by whoever reads this: only they get the slips"`
	Printable     bool       `json:"printable" doc:"the slips can be saved (still)"`
	KeepUntil     time.Time  `json:"keep_until" doc:"until when, while printable"`
	CreatedAt     time.Time  `json:"created_at"`
	IssuedAt      *time.Time `json:"issued_at,omitempty" doc:"when the last password was handed out"`
	TakenAt       *time.Time `json:"taken_at,omitempty" doc:"when the slips were first saved"`
}

// SlipBatchDetailBody is a batch with who got no slip.
type SlipBatchDetailBody struct {
	SlipBatchBody
	Refused []SlipRefusalBody `json:"refused" doc:"at most 1,000"`
	Changed int               `json:"changed" doc:"left out because somebody else handed something out meanwhile, or they chose a password"`
	Skipped int               `json:"skipped" doc:"left out for other reasons"`
}

// SlipRefusalBody is somebody who got no slip.
type SlipRefusalBody struct {
	Person NamedID `json:"person"`
	Reason string  `json:"reason" enum:"changed,chosen,left,guarded,own" doc:"why"`
}

// SlipPath names a batch in a path.
type SlipPath struct {
	ID string `path:"slip_id" format:"uuid" doc:"the batch"`
}

type slipOutput struct{ Body SlipBatchBody }

func slipBatchBody(ctx context.Context, b tenant.SlipBatch) SlipBatchBody {
	return SlipBatchBody{
		ID: b.ID.String(), State: b.State, ReplaceChosen: b.ReplaceChosen, NewLogin: b.NewLogin, Total: b.Total, Issued: b.Issued,
		Mine: b.CreatedBy == caller(ctx).Person, Printable: b.Again, KeepUntil: b.KeepUntil.Time, CreatedAt: b.CreatedAt.Time, IssuedAt: moment(b.IssuedAt), TakenAt: moment(b.TakenAt),
	}
}

func (in SlipTargetInput) target() (tenant.SlipTarget, error) {
	if in.Filter != nil {
		q, err := in.Filter.query()
		return tenant.SlipTarget{Query: &q}, err
	}
	ids, err := readIDs(in.People)
	if err == nil && len(ids) == 0 {
		err = &fault.Error{Kind: fault.Invalid, Key: "invalid", Fields: []fault.Field{{Path: "people", Key: "required"}}}
	}
	return tenant.SlipTarget{People: ids}, err
}

func (a *API) previewSlips(ctx context.Context, in *struct{ Body SlipTargetInput }) (*struct{ Body SlipPreviewBody }, error) {
	target, err := in.Body.target()
	if err != nil {
		return nil, err
	}
	p, err := a.svc.Slips.Preview(ctx, caller(ctx).Tenant, target)
	return &struct{ Body SlipPreviewBody }{SlipPreviewBody{Count: p.Count, Chosen: p.Chosen, Active: p.Active, Left: p.Left, Guarded: p.Guarded, Own: p.Own, Days: p.Days,
		KeepHours: int(p.KeepTime.Hours()), AsOf: p.AsOf}}, err
}

func (a *API) createSlips(ctx context.Context, in *struct {
	Repeatable
	Body SlipOrderInput
}) (*slipOutput, error) {
	target, err := in.Body.target()
	if err != nil {
		return nil, err
	}
	order := tenant.SlipOrder{Target: target, ReplaceChosen: in.Body.ReplaceChosen, SkipChosen: in.Body.SkipChosen, NewLogin: in.Body.NewLogin}
	if in.Body.AsOf != nil {
		order.AsOf = *in.Body.AsOf
	}
	b, err := a.svc.Slips.Create(ctx, caller(ctx).Tenant, in.newID(ctx, "create-slips"), order)
	return &slipOutput{slipBatchBody(ctx, b)}, err
}

func (a *API) listSlips(ctx context.Context, in *PageInput) (*struct {
	Body struct {
		Items []SlipBatchBody `json:"items"`
		Next  string          `json:"next,omitempty"`
	}
}, error,
) {
	list, next, err := a.svc.Slips.List(ctx, caller(ctx).Tenant, db.Page{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &struct {
		Body struct {
			Items []SlipBatchBody `json:"items"`
			Next  string          `json:"next,omitempty"`
		}
	}{}
	out.Body.Next, out.Body.Items = next, make([]SlipBatchBody, 0, len(list))
	for _, b := range list {
		out.Body.Items = append(out.Body.Items, slipBatchBody(ctx, b))
	}
	return out, nil
}

func (a *API) getSlips(ctx context.Context, in *SlipPath) (*struct{ Body SlipBatchDetailBody }, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	tid := caller(ctx).Tenant
	b, err := a.svc.Slips.Find(ctx, tid, id)
	if err != nil {
		return nil, err
	}
	refused, counts, err := a.svc.Slips.Refused(ctx, tid, id)
	if err != nil {
		return nil, err
	}
	body := SlipBatchDetailBody{SlipBatchBody: slipBatchBody(ctx, b), Refused: make([]SlipRefusalBody, 0, len(refused)), Changed: counts[tenant.SlipChanged]}
	body.Skipped = counts[tenant.SlipChosen] + counts[tenant.SlipLeft] + counts[tenant.SlipGuarded] + counts[tenant.SlipOwn]
	for _, r := range refused {
		body.Refused = append(body.Refused, SlipRefusalBody{NamedID{r.Person.String(), r.Name}, r.State})
	}
	return &struct{ Body SlipBatchDetailBody }{body}, nil
}

func (a *API) takeSlips(ctx context.Context, in *struct {
	SlipPath
	Spoken
	Body struct {
		Format string `json:"format,omitempty" enum:"pdf,pdf_single,xlsx" default:"pdf" doc:"pdf: eight an A4 page to cut; pdf_single: an A5 page each; xlsx: a list. More than 500 people get an archive with a PDF for each department"`
	}
}) (*fileOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	tid := caller(ctx).Tenant
	head, err := a.svc.People.LoginHead(ctx, tid, a.loginURL(), in.language())
	if err != nil {
		return nil, err
	}
	slips, err := a.svc.Slips.Take(ctx, tid, id)
	if err != nil {
		return nil, err
	}
	file := tenant.SlipFile{Head: head, Slips: slips, Format: tenant.SlipFormat(in.Body.Format), Now: time.Now()}
	mediaType, extension := file.MediaType()
	return a.download(mediaType, dayName(in.inLanguage("ログイン情報", "log-in"))+extension, func(w io.Writer) error {
		if _, err := file.WriteTo(w); err != nil {
			return err
		}
		return a.svc.Slips.Taken(ctx, tid, id) // only what was sent whole counts as saved
	}), nil
}

func (a *API) endSlips(ctx context.Context, in *SlipPath) (*slipOutput, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	b, err := a.svc.Slips.End(ctx, caller(ctx).Tenant, id)
	return &slipOutput{slipBatchBody(ctx, b)}, err
}

func (a *API) proposeLoginIDs(ctx context.Context, _ *struct{}) (*struct {
	Body struct {
		Items []string `json:"items" doc:"login IDs that say nothing about anybody and that nobody here has"`
	}
}, error,
) {
	ids, err := a.svc.People.ProposeLoginIDs(ctx, caller(ctx).Tenant)
	out := &struct {
		Body struct {
			Items []string `json:"items" doc:"login IDs that say nothing about anybody and that nobody here has"`
		}
	}{}
	out.Body.Items = ids
	return out, err
}
