package api

import (
	"context"
	"time"

	"kenshu/content"
	"kenshu/storage/db"
)

// ReviewBody is one request to look at a draft.
type ReviewBody struct {
	Number    int        `json:"number"`
	State     string     `json:"state" enum:"asked,approved,returned,withdrawn"`
	Note      string     `json:"note" doc:"what the others should look at"`
	Answer    string     `json:"answer" doc:"what was said to it"`
	AskedBy   string     `json:"asked_by" doc:"name of who asked for approval"`
	Own       bool       `json:"own" doc:"the caller asked; somebody else must answer"`
	AskedAt   time.Time  `json:"asked_at" doc:"when that was"`
	DecidedBy string     `json:"decided_by" doc:"name of who approved or sent it back; empty while it waits"`
	DecidedAt *time.Time `json:"decided_at,omitempty" doc:"when that was; nothing while it waits"`
	Published int        `json:"published" doc:"number of the version that was made on it; 0 when none"`
}

type listReviewsOutput struct {
	Body struct {
		Items []ReviewBody `json:"items" nullable:"false"`
	}
}

func (a *API) listReviews(ctx context.Context, in *courseInput) (*listReviewsOutput, error) {
	list, err := a.svc.Courses.Reviews(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	out := &listReviewsOutput{}
	out.Body.Items = make([]ReviewBody, 0, len(list))
	for _, r := range list {
		out.Body.Items = append(out.Body.Items, ReviewBody{
			r.Number, r.State, r.Note, r.Answer, r.AskedBy, r.Asker == caller(ctx).Person, r.AskedAt.Time, r.DecidedBy, optionalTime(r.DecidedAt), r.Published,
		})
	}
	return out, nil
}

type askReviewInput struct {
	ID db.ID `path:"id" format:"uuid"`
	Repeatable
	Body struct {
		BaseVersion int64  `json:"base_version" minimum:"1" doc:"content_version of the course as it was seen"`
		Note        string `json:"note" maxLength:"1000" doc:"what the others should look at"`
	}
}

func (a *API) askReview(ctx context.Context, in *askReviewInput) (*courseOutput, error) {
	c, err := a.svc.Courses.AskReview(ctx, caller(ctx).Tenant, in.ID, in.newID(ctx, "review"), in.Body.BaseVersion, in.Body.Note)
	return a.courseAnswer(ctx, c, err)
}

type decideReviewInput struct {
	ID   db.ID `path:"id" format:"uuid"`
	Body struct {
		Approve     bool   `json:"approve" doc:"false: something is to be changed first"`
		Answer      string `json:"answer" maxLength:"1000" doc:"what is to be changed"`
		BaseVersion int64  `json:"base_version" minimum:"1" doc:"content_version of the course as it was looked at"`
	}
}

func (a *API) decideReview(ctx context.Context, in *decideReviewInput) (*courseOutput, error) {
	c, err := a.svc.Courses.DecideReview(ctx, caller(ctx).Tenant, in.ID, content.ReviewDecision{Approve: in.Body.Approve, Answer: in.Body.Answer, Base: in.Body.BaseVersion})
	return a.courseAnswer(ctx, c, err)
}

func (a *API) withdrawReview(ctx context.Context, in *courseInput) (*courseOutput, error) {
	c, err := a.svc.Courses.WithdrawReview(ctx, caller(ctx).Tenant, in.ID)
	return a.courseAnswer(ctx, c, err)
}
