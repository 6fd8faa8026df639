package lms

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// DesignWords are what a certificate says in one language.
type DesignWords struct {
	Title     string `json:"title"`     // the heading, at most 40 characters
	Body      string `json:"body"`      // the sentence below the name, at most 200
	Post      string `json:"post"`      // what the signatory is, at most 60; may be empty
	Signatory string `json:"signatory"` // whose name stands below, at most 60; may be empty
	Note      string `json:"note"`      // a small line at the foot, at most 200; may be empty
}

// Frame is the border of a certificate.
type Frame string

// The frames.
const (
	FrameDouble Frame = "double"
	FrameLine   Frame = "line"
	FrameNone   Frame = "none"
)

// DesignImage names one of a design's two pictures.
type DesignImage string

// The pictures: the logo above, and the seal (印影) beside the issuer.
const (
	ImageLogo DesignImage = "logo"
	ImageSeal DesignImage = "seal"
)

// CertificateDesign is how an organisation's certificates look from its number on. Number 0 is the product's own design. A design that was saved never changes:
// a certificate names the number it was issued with.
type CertificateDesign struct {
	Number    int                    `json:"-"`
	Words     map[string]DesignWords `json:"words"` // by language: ja and en
	Colour    string                 `json:"colour"`
	Frame     Frame                  `json:"frame"`
	ShowScore bool                   `json:"show_score"`
	ShowRound bool                   `json:"show_round"`
	ChangedBy string                 `json:"-"`
	ChangedAt db.Time                `json:"-"`
	Logo      []byte                 `json:"-"` // PNG or JPEG, nil for none
	Seal      []byte                 `json:"-"`
}

// ImageChange says what becomes of a picture: nothing, removed, or replaced by Data.
type ImageChange struct {
	Remove bool
	Data   []byte
}

// DesignInput is a design to save. Number is that of the design it was made from.
type DesignInput struct {
	Number    int
	Words     map[string]DesignWords
	Colour    string
	Frame     Frame
	ShowScore bool
	ShowRound bool
	Logo      ImageChange
	Seal      ImageChange
}

// productDesign is what certificates look like before an organisation made its own design.
func productDesign() CertificateDesign {
	d := CertificateDesign{Words: map[string]DesignWords{}, Colour: "#165a7e", Frame: FrameDouble, ShowScore: true, ShowRound: true}
	for language, w := range certificateText {
		d.Words[language] = DesignWords{Title: w.title, Body: w.body}
	}
	return d
}

// CertificateDesigns keeps how an organisation's certificates look.
type CertificateDesigns struct {
	db        *db.DB
	audit     *tenant.Audit
	clock     func() time.Time
	publicURL string
}

// NewCertificateDesigns makes the service. publicURL is where the page is reached; a sample's QR code leads to its /verify.
func NewCertificateDesigns(d *db.DB, audit *tenant.Audit, clock func() time.Time, publicURL string) *CertificateDesigns {
	return &CertificateDesigns{db: d, audit: audit, clock: clock, publicURL: strings.TrimSuffix(publicURL, "/")}
}

// Find gives the design of certificates issued from now on.
func (s *CertificateDesigns) Find(ctx context.Context, tid tenant.ID) (CertificateDesign, error) {
	d, err := readDesign(ctx, tid, s.db, sqlLastDesign)
	if err != nil {
		return CertificateDesign{}, fmt.Errorf("find certificate design: %w", err)
	}
	return d, nil
}

// Image gives a picture of the present design. It returns fault.NotFound when it has none.
func (s *CertificateDesigns) Image(ctx context.Context, tid tenant.ID, which DesignImage) ([]byte, error) {
	d, err := s.Find(ctx, tid)
	if err != nil {
		return nil, err
	}
	picture := d.Logo
	if which == ImageSeal {
		picture = d.Seal
	}
	if len(picture) == 0 {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	return picture, nil
}

// Save makes a new design; certificates that were issued keep theirs, and a design that none was issued with goes once another has followed it for an hour. It returns fault.Invalid with the field, and fault.Conflict "changed_meanwhile" when somebody
// saved another since in.Number.
func (s *CertificateDesigns) Save(ctx context.Context, tid tenant.ID, in DesignInput) (CertificateDesign, error) {
	before, err := s.Find(ctx, tid)
	if err != nil {
		return CertificateDesign{}, err
	}
	if before.Number != in.Number {
		return CertificateDesign{}, fault.New(fault.Conflict, "changed_meanwhile")
	}
	after, err := in.apply(before) // pictures are drawn outside the transaction; the unique number decides between two
	if err != nil {
		return CertificateDesign{}, fmt.Errorf("save certificate design: %w", err)
	}
	if _, err := certificatePaper(sampleCertificate("ja"), after, s.publicURL).WriteTo(io.Discard); err != nil {
		return CertificateDesign{}, fmt.Errorf("save certificate design: nothing that cannot be printed is kept: %w", err)
	}
	after.Number++
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, sqlInsertDesign, tid, db.NewID(), after.Number, db.JSON[CertificateDesign]{V: after}, after.Logo, after.Seal, tenant.ActorFrom(ctx).Person, db.At(s.clock()))
		if db.IsDuplicateOf(err, "certificate_design_number", "number") {
			return fault.New(fault.Conflict, "changed_meanwhile")
		}
		if err != nil {
			return err
		}
		dropped, err := s.dropUnused(ctx, tid, tx)
		if err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, tenant.Change{
			Action: "certificate_design.change", SubjectKind: "certificate_design", Before: before, After: after,
			Detail: map[string]any{"number": after.Number, "logo": digestOf(after.Logo), "seal": digestOf(after.Seal), "dropped": dropped},
		})
	})
	if err != nil {
		return CertificateDesign{}, fmt.Errorf("save certificate design: %w", err)
	}
	return s.Find(ctx, tid)
}

// unusedFor is how long another design must have followed before one that no certificate was issued with goes.
const unusedFor = time.Hour

// dropUnused removes the designs that no certificate was issued with and that another followed long enough ago; the present one stays.
func (s *CertificateDesigns) dropUnused(ctx context.Context, tid tenant.ID, tx *db.Tx) ([]int, error) {
	numbers, err := db.Values[int](ctx, tx, sqlUnusedDesigns, tid, db.At(s.clock().Add(-unusedFor)), unusedFor.Microseconds())
	if err != nil {
		return nil, err
	}
	for _, n := range numbers {
		if _, err := tx.Exec(ctx, sqlDeleteDesign, tid, n); err != nil {
			return nil, err
		}
	}
	return numbers, nil
}

// Preview draws a made-up certificate with a design that is not saved, in a language of the design. It returns fault.Invalid with the field.
func (s *CertificateDesigns) Preview(ctx context.Context, tid tenant.ID, in DesignInput, language string) (io.WriterTo, error) {
	before, err := s.Find(ctx, tid)
	if err != nil {
		return nil, err
	}
	design, err := in.apply(before)
	if err != nil {
		return nil, fmt.Errorf("preview certificate design: %w", err)
	}
	sample := sampleCertificate(language)
	if err := db.One(s.db.QueryRow(ctx, sqlCertificateIssuer, tid).Scan(&sample.Content.Organisation)); err != nil {
		return nil, fmt.Errorf("preview certificate design: %w", err)
	}
	sample.Content.Issuer = sample.Content.Organisation
	return certificatePaper(sample, design, s.publicURL+"/verify"), nil
}

func readDesign(ctx context.Context, tid tenant.ID, r db.Runner, query string, more ...any) (CertificateDesign, error) {
	var body db.JSON[CertificateDesign]
	var d CertificateDesign
	err := db.One(r.QueryRow(ctx, query, append([]any{tid}, more...)...).Scan(&d.Number, &body, &d.Logo, &d.Seal, &d.ChangedBy, &d.ChangedAt))
	if fault.Is(err, fault.NotFound) {
		return productDesign(), nil
	}
	if err != nil {
		return CertificateDesign{}, err
	}
	body.V.Number, body.V.Logo, body.V.Seal, body.V.ChangedBy, body.V.ChangedAt = d.Number, d.Logo, d.Seal, d.ChangedBy, d.ChangedAt
	return body.V, nil
}

// apply checks the input and gives the design it makes of before.
func (in DesignInput) apply(before CertificateDesign) (CertificateDesign, error) {
	var c fault.Check
	after := before
	after.Colour, after.Frame, after.ShowScore, after.ShowRound = in.Colour, in.Frame, in.ShowScore, in.ShowRound
	after.Words = map[string]DesignWords{}
	for language := range certificateText {
		after.Words[language] = in.Words[language].check(&c, "words."+language)
	}
	if _, err := parseColour(in.Colour); err != nil {
		c.Add("colour", "colour_unreadable")
	}
	c.If(in.Frame != FrameDouble && in.Frame != FrameLine && in.Frame != FrameNone, "frame", "not_in_list")
	after.Logo = in.Logo.apply(&c, "logo", before.Logo)
	after.Seal = in.Seal.apply(&c, "seal", before.Seal)
	return after, c.Err()
}

func (w DesignWords) check(c *fault.Check, path string) DesignWords {
	tidy := func(name, text string, most int, needed bool) string {
		text = tenant.Tidy(text)
		c.If(needed && text == "", path+"."+name, "required")
		c.If(utf8.RuneCountInString(text) > most, path+"."+name, "too_long", "max", most)
		return text
	}
	return DesignWords{
		Title: tidy("title", w.Title, 40, true), Body: tidy("body", w.Body, 200, true), Post: tidy("post", w.Post, 60, false),
		Signatory: tidy("signatory", w.Signatory, 60, false), Note: tidy("note", w.Note, 200, false),
	}
}

var colourShape = regexp.MustCompile(`^#[0-9a-f]{6}$`)

// parseColour reads #rrggbb. It refuses what cannot be read on white paper: a contrast below 4.5 to 1 (WCAG 2.2, 1.4.3).
func parseColour(text string) ([3]uint8, error) {
	if !colourShape.MatchString(text) {
		return [3]uint8{}, errors.New("no colour")
	}
	n, err := strconv.ParseUint(text[1:], 16, 32)
	if err != nil {
		return [3]uint8{}, err
	}
	rgb := [3]uint8{uint8(n >> 16), uint8(n >> 8), uint8(n)}
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	light := 0.2126*linear(rgb[0]) + 0.7152*linear(rgb[1]) + 0.0722*linear(rgb[2])
	if 1.05/(light+0.05) < 4.5 {
		return rgb, errors.New("too light")
	}
	return rgb, nil
}
