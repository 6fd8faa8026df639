package api

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"time"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/storage/cache"
)

// DesignWordsBody are what a certificate says in one language.
type DesignWordsBody struct {
	Title     string `json:"title" maxLength:"100" doc:"the heading, at most 40 characters"`
	Body      string `json:"body" maxLength:"500" doc:"the sentence below the name, at most 200 characters"`
	Post      string `json:"post" maxLength:"200" doc:"what the signatory is, at most 60 characters; may be empty"`
	Signatory string `json:"signatory" maxLength:"200" doc:"whose name stands below, at most 60 characters; may be empty"`
	Note      string `json:"note" maxLength:"500" doc:"a small line at the foot, at most 200 characters; may be empty"`
}

// DesignLanguagesBody are the words in both languages; a certificate is printed in the language of its course.
type DesignLanguagesBody struct {
	Japanese DesignWordsBody `json:"ja"`
	English  DesignWordsBody `json:"en"`
}

// CertificateDesignBody is how the organisation's certificates look from now on.
type CertificateDesignBody struct {
	Number    int                 `json:"number" doc:"0 is the product's own design; each change is a new number"`
	Words     DesignLanguagesBody `json:"words"`
	Colour    string              `json:"colour" doc:"#rrggbb"`
	Frame     string              `json:"frame" enum:"double,line,none" doc:"the border"`
	ShowScore bool                `json:"show_score" doc:"the score of the quiz is printed"`
	ShowRound bool                `json:"show_round" doc:"the name of the round is printed"`
	Logo      bool                `json:"logo" doc:"it has a logo"`
	Seal      bool                `json:"seal" doc:"it has a seal"`
	ChangedBy string              `json:"changed_by,omitempty" doc:"who saved it"`
	ChangedAt *time.Time          `json:"changed_at,omitempty" doc:"when it was saved"`
}

// DesignImageBody says what becomes of a picture.
type DesignImageBody struct {
	Change string `json:"change" enum:"keep,remove,set" doc:"what becomes of the picture"`
	Data   string `json:"data,omitempty" maxLength:"1500000" doc:"with set: a PNG or JPEG of at most 1 MiB and 2,000 pixels a side, in Base64"`
}

// CertificateDesignInputBody is a design to save or to look at.
type CertificateDesignInputBody struct {
	Number    int                 `json:"number" minimum:"0" doc:"the number of the design it was made from"`
	Words     DesignLanguagesBody `json:"words"`
	Colour    string              `json:"colour" maxLength:"7" doc:"#rrggbb, readable on white (contrast of 4.5 to 1)"`
	Frame     string              `json:"frame" enum:"double,line,none" doc:"the border"`
	ShowScore bool                `json:"show_score" doc:"the score of the quiz is printed"`
	ShowRound bool                `json:"show_round" doc:"the name of the round is printed"`
	Logo      DesignImageBody     `json:"logo"`
	Seal      DesignImageBody     `json:"seal" doc:"the organisation's seal (印影), printed beside its name"`
}

type certificateDesignOutput struct{ Body CertificateDesignBody }
type saveCertificateDesignInput struct{ Body CertificateDesignInputBody }
type previewCertificateDesignInput struct {
	Language string `query:"language" enum:"ja,en" required:"true" doc:"of the sample"`
	Body     CertificateDesignInputBody
}
type designImageInput struct {
	Image string `path:"image" enum:"logo,seal" doc:"which picture"`
}
type pictureOutput struct {
	ContentType string `header:"Content-Type"`
	Cache       string `header:"Cache-Control"`
	Body        []byte
}

func (b CertificateDesignInputBody) input() (lms.DesignInput, error) {
	var c fault.Check
	in := lms.DesignInput{
		Number: b.Number, Colour: b.Colour, Frame: lms.Frame(b.Frame), ShowScore: b.ShowScore, ShowRound: b.ShowRound,
		Words: map[string]lms.DesignWords{"ja": lms.DesignWords(b.Words.Japanese), "en": lms.DesignWords(b.Words.English)},
		Logo:  b.Logo.change(&c, "logo"), Seal: b.Seal.change(&c, "seal"),
	}
	return in, c.Err()
}

func (b DesignImageBody) change(c *fault.Check, path string) lms.ImageChange {
	if b.Change != "set" {
		return lms.ImageChange{Remove: b.Change == "remove"}
	}
	data, err := base64.StdEncoding.DecodeString(b.Data)
	if err != nil || len(data) == 0 {
		c.Add(path, "picture_kind")
	}
	return lms.ImageChange{Data: data}
}

func certificateDesignBody(d lms.CertificateDesign) CertificateDesignBody {
	return CertificateDesignBody{
		Number: d.Number, Colour: d.Colour, Frame: string(d.Frame), ShowScore: d.ShowScore, ShowRound: d.ShowRound, Logo: len(d.Logo) > 0, Seal: len(d.Seal) > 0,
		Words:     DesignLanguagesBody{Japanese: DesignWordsBody(d.Words["ja"]), English: DesignWordsBody(d.Words["en"])},
		ChangedBy: d.ChangedBy, ChangedAt: optionalTime(d.ChangedAt),
	}
}

func (a *API) getCertificateDesign(ctx context.Context, _ *struct{}) (*certificateDesignOutput, error) {
	d, err := a.svc.CertificateDesigns.Find(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	return &certificateDesignOutput{Body: certificateDesignBody(d)}, nil
}

func (a *API) saveCertificateDesign(ctx context.Context, in *saveCertificateDesignInput) (*certificateDesignOutput, error) {
	design, err := in.Body.input()
	if err != nil {
		return nil, err
	}
	if err := a.spend(ctx, cache.NewKey("save_design", fmt.Sprint(caller(ctx).Tenant.Number())), saveRate); err != nil {
		return nil, err
	}
	d, err := a.svc.CertificateDesigns.Save(ctx, caller(ctx).Tenant, design)
	if err != nil {
		return nil, err
	}
	return &certificateDesignOutput{Body: certificateDesignBody(d)}, nil
}

// previewCertificateDesign draws before it answers, so that a wrong field is an answer and not a broken download.
func (a *API) previewCertificateDesign(ctx context.Context, in *previewCertificateDesignInput) (*fileOutput, error) {
	if err := a.limitDrawing(ctx); err != nil {
		return nil, err
	}
	design, err := in.Body.input()
	if err != nil {
		return nil, err
	}
	doc, err := a.svc.CertificateDesigns.Preview(ctx, caller(ctx).Tenant, design, in.Language)
	if err != nil {
		return nil, err
	}
	return a.download("application/pdf", "certificate-sample.pdf", func(w io.Writer) error {
		_, err := doc.WriteTo(w)
		return err
	}), nil
}

func (a *API) getCertificateDesignImage(ctx context.Context, in *designImageInput) (*pictureOutput, error) {
	picture, err := a.svc.CertificateDesigns.Image(ctx, caller(ctx).Tenant, lms.DesignImage(in.Image))
	if err != nil {
		return nil, err
	}
	return &pictureOutput{ContentType: http.DetectContentType(picture), Cache: "private, no-store", Body: picture}, nil
}
