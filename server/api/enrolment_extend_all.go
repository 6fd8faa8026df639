package api

import (
	"context"

	"kenshu/lms"
)

type previewExtendAllInput struct {
	EnrolmentFilterInput
	DueOn string `query:"due_on" maxLength:"10" doc:"the later day, not before today; missing: the extensions are taken back"`
}

type extendAllInput struct {
	EnrolmentFilterInput
	Body struct {
		DueOn  string `json:"due_on,omitempty" maxLength:"10" doc:"the later day, not before today; missing: the extensions are taken back"`
		Reason string `json:"reason,omitempty" maxLength:"500" doc:"auditors will read it; needed with a day"`
		Shown  int    `json:"shown" minimum:"0" doc:"how many the filter showed. When by now they are more than one in a hundred more or fewer, nothing happens (selection_changed)"`
	}
}

// DueShiftBody is how many people move from one day to another.
type DueShiftBody struct {
	From   string `json:"from" format:"date"`
	To     string `json:"to" format:"date" doc:"the later day"`
	People int    `json:"people" doc:"how many"`
}

// ExtensionEffectBody is what an extension does to everybody whom a filter shows.
type ExtensionEffectBody struct {
	Shown  int            `json:"shown" doc:"whom the filter shows; send it back with the order"`
	Moved  int            `json:"moved" doc:"whose day moves; the others are later already, or have nothing left to do"`
	Shifts []DueShiftBody `json:"shifts" nullable:"false" doc:"of those who move, by the days"`
}

type extensionEffectOutput struct{ Body ExtensionEffectBody }

func extensionEffect(e lms.ExtensionEffect, err error) (*extensionEffectOutput, error) {
	if err != nil {
		return nil, err
	}
	body := ExtensionEffectBody{Shown: e.Shown, Moved: e.Moved, Shifts: make([]DueShiftBody, 0, len(e.Shifts))}
	for _, s := range e.Shifts {
		body.Shifts = append(body.Shifts, DueShiftBody{s.From, s.To, s.People})
	}
	return &extensionEffectOutput{body}, nil
}

func (a *API) previewExtendAll(ctx context.Context, in *previewExtendAllInput) (*extensionEffectOutput, error) {
	return extensionEffect(a.svc.Rounds.PreviewExtendAll(ctx, caller(ctx).Tenant, in.filter(), lms.Extension{DueOn: in.DueOn}))
}

func (a *API) extendAll(ctx context.Context, in *extendAllInput) (*extensionEffectOutput, error) {
	return extensionEffect(a.svc.Rounds.ExtendAll(ctx, caller(ctx).Tenant, in.filter(), lms.Extension{DueOn: in.Body.DueOn, Reason: in.Body.Reason}, in.Body.Shown))
}
