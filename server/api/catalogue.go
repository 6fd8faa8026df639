package api

import (
	"context"
	"time"
)

// OfferBody is a published course that may be chosen for a round.
type OfferBody struct {
	Course      string    `json:"course" format:"uuid"`
	Version     string    `json:"version" format:"uuid" doc:"the latest version: what a round refers to"`
	Number      int       `json:"number"`
	Owner       string    `json:"owner" enum:"own,association"`
	Title       string    `json:"title"`
	Summary     string    `json:"summary"`
	Language    string    `json:"language"`
	LessonCount int       `json:"lesson_count"`
	DurationMS  int64     `json:"duration_ms" doc:"of all videos together"`
	PublishedAt time.Time `json:"published_at"`
}

type catalogueOutput struct {
	Body struct {
		Items []OfferBody `json:"items" nullable:"false"`
	}
}

func (a *API) listCatalogue(ctx context.Context, _ *struct{}) (*catalogueOutput, error) {
	offers, err := a.svc.Versions.Catalogue(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	out := &catalogueOutput{}
	out.Body.Items = make([]OfferBody, 0, len(offers))
	for _, o := range offers {
		owner := "association"
		if o.Own {
			owner = "own"
		}
		out.Body.Items = append(out.Body.Items, OfferBody{
			o.Course.String(), o.Version.String(), o.Number, owner, o.Title, o.Summary, o.Language, o.LessonCount, o.DurationMS, o.PublishedAt.Time,
		})
	}
	return out, nil
}
