package lms_test

import (
	"bytes"
	"context"
	"crypto/rsa"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"io"
	"math/big"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

func picture(t testing.TB, side int) []byte {
	t.Helper()
	img := image.NewNRGBA(image.Rect(0, 0, side, side/2+1))
	for i := range side {
		img.SetNRGBA(i, i/2, color.NRGBA{200, 0, 0, 255})
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func designInput(number int) lms.DesignInput {
	return lms.DesignInput{
		Number: number, Colour: "#7a1f1f", Frame: lms.FrameLine, ShowRound: true,
		Words: map[string]lms.DesignWords{
			"ja": {Title: "受講証明書", Body: "上記の者は本研修を修了したことを証する。", Post: "院長", Signatory: "𠮷田 次郎", Note: "当院の規程第5条による"},
			"en": {Title: "Certificate", Body: "completed this training.", Signatory: "Jiro Yoshida"},
		},
	}
}

// acting is the manager at work.
func (s *school) acting(t testing.TB) context.Context {
	return tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: s.a.ID, Person: s.a.Manager, Name: "管理者", Role: "manager"})
}

func (s *school) designs() *lms.CertificateDesigns {
	return lms.NewCertificateDesigns(s.db, tenant.NewAudit(s.db, []byte("test key of thirty-two bytes ...."), s.clock.Now), s.clock.Now, "https://kenshu.example.jp")
}

func TestCertificateDesign(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		designs := s.designs()
		before, err := designs.Find(t.Context(), s.a.ID)
		if err != nil || before.Number != 0 || before.Words["ja"].Title != "修了証" {
			t.Fatalf("the product's own: %+v, %v", before, err)
		}
		s.complete(t, 0)
		plain := s.print(t, 0)

		in := designInput(0)
		in.Logo.Data, in.Seal.Data = append(picture(t, 300), "<script>"...), picture(t, 60)
		saved, err := designs.Save(s.acting(t), s.a.ID, in)
		if err != nil || saved.Number != 1 || len(saved.Logo) == 0 || bytes.Contains(saved.Logo, []byte("script")) {
			t.Fatalf("saved %d, a logo of %d bytes, %v", saved.Number, len(saved.Logo), err)
		}
		s.complete(t, 1)
		own := s.print(t, 1)
		for _, want := range []string{"受講証明書", "院長", "𠮷田次郎", "規程第5条"} {
			if !strings.Contains(words(t, own), want) {
				t.Errorf("the paper does not say %q", want)
			}
		}
		// What was issued stays as it was, whatever becomes of the design.
		in = designInput(1)
		in.Logo.Remove = true
		if saved, err = designs.Save(s.acting(t), s.a.ID, in); err != nil || saved.Number != 2 || len(saved.Logo) > 0 || len(saved.Seal) == 0 {
			t.Fatalf("second design: %d, logo %d, seal %d, %v", saved.Number, len(saved.Logo), len(saved.Seal), err)
		}
		s.clock.Add(24 * time.Hour)
		if !bytes.Equal(plain, s.print(t, 0)) || !bytes.Equal(own, s.print(t, 1)) {
			t.Error("a certificate that was issued looks different now")
		}
		if other, err := designs.Find(t.Context(), s.b.ID); err != nil || other.Number != 0 {
			t.Errorf("another organisation has design %d, %v", other.Number, err)
		}
	})
}

// A design that no certificate was issued with goes when others have followed it for an hour; one that was used stays for ever.
func TestUnusedCertificateDesignsGo(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		designs := s.designs()
		save := func(number int) {
			t.Helper()
			if _, err := designs.Save(s.acting(t), s.a.ID, designInput(number)); err != nil {
				t.Fatal(err)
			}
		}
		kept := func() (list string) {
			t.Helper()
			numbers, err := db.Values[int](t.Context(), d, "SELECT number FROM certificate_design WHERE tenant_id = ? ORDER BY number", s.a.ID)
			if err != nil {
				t.Fatal(err)
			}
			return fmt.Sprint(numbers)
		}
		save(0)
		s.clock.Add(time.Minute)
		s.complete(t, 0) // with design 1
		own := s.print(t, 0)
		s.clock.Add(time.Minute)
		save(1)
		s.clock.Add(time.Minute)
		save(2)
		if got := kept(); got != "[1 2 3]" {
			t.Errorf("designs %s: one that was followed a minute ago may be on a certificate that is being issued", got)
		}
		s.clock.Add(2 * time.Hour)
		save(3)
		if got := kept(); got != "[1 3 4]" {
			t.Errorf("designs %s, want 1 (used), 3 (followed just now) and 4", got)
		}
		if !bytes.Equal(own, s.print(t, 0)) {
			t.Error("the certificate looks different now")
		}
	})
}

func TestCertificateDesignRefusals(t *testing.T) {
	s := newSchool(t, kit.SQLite(t))
	cases := []struct {
		name, path, key string
		change          func(*lms.DesignInput)
	}{
		{"no heading", "words.ja.title", "required", func(in *lms.DesignInput) { w := in.Words["ja"]; w.Title = " \u202e "; in.Words["ja"] = w }},
		{"long sentence", "words.en.body", "too_long", func(in *lms.DesignInput) { w := in.Words["en"]; w.Body = strings.Repeat("a", 201); in.Words["en"] = w }},
		{"pale colour", "colour", "colour_unreadable", func(in *lms.DesignInput) { in.Colour = "#ffff00" }},
		{"no colour", "colour", "colour_unreadable", func(in *lms.DesignInput) { in.Colour = "red;}" }},
		{"frame", "frame", "not_in_list", func(in *lms.DesignInput) { in.Frame = "gold" }},
		{"no picture", "logo", "picture_kind", func(in *lms.DesignInput) { in.Logo.Data = []byte("<svg onload=alert(1)>") }},
		{"wide picture", "seal", "picture_side", func(in *lms.DesignInput) { in.Seal.Data = picture(t, 2001) }},
		{"half a picture", "seal", "image_damaged", func(in *lms.DesignInput) { in.Seal.Data = picture(t, 300)[:100] }},
		{"many scans", "logo", "picture_kind", func(in *lms.DesignInput) {
			in.Logo.Data = append(picture(t, 20), bytes.Repeat([]byte{0xff, 0xda}, 40)...)
		}},
		{"heavy picture", "logo", "file_too_large", func(in *lms.DesignInput) { in.Logo.Data = make([]byte, lms.MaxDesignImage+1) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			in := designInput(0)
			c.change(&in)
			_, err := s.designs().Save(s.acting(t), s.a.ID, in)
			var got *fault.Error
			if !errors.As(err, &got) || len(got.Fields) != 1 || got.Fields[0].Path != c.path || got.Fields[0].Key != c.key {
				t.Errorf("got %+v (%v), want %s %s", got, err, c.path, c.key)
			}
		})
	}
}

// Every kind of picture that can be kept can be printed: sixteen bits a colour, greys, large ones.
func TestCertificateDesignPictures(t *testing.T) {
	s := newSchool(t, kit.SQLite(t))
	for i, img := range []image.Image{image.NewGray16(image.Rect(0, 0, 40, 40)), image.NewRGBA64(image.Rect(0, 0, 40, 40)), image.NewNRGBA64(image.Rect(0, 0, 2000, 1)), image.NewGray(image.Rect(0, 0, 1, 2000))} {
		var data bytes.Buffer
		if err := png.Encode(&data, img); err != nil {
			t.Fatal(err)
		}
		in := designInput(i)
		in.Logo.Data = data.Bytes()
		saved, err := s.designs().Save(s.acting(t), s.a.ID, in)
		if err != nil {
			t.Fatalf("%T: %v", img, err)
		}
		if kept, _, err := image.DecodeConfig(bytes.NewReader(saved.Logo)); err != nil || kept.Width > 1000 || kept.Height > 1000 || kept.Width == 0 {
			t.Errorf("%T is kept as %d × %d, %v", img, kept.Width, kept.Height, err)
		}
		doc, err := s.designs().Preview(t.Context(), s.a.ID, designInput(i+1), "ja")
		if err != nil {
			t.Fatal(err)
		}
		if n, err := doc.WriteTo(io.Discard); n == 0 || err != nil {
			t.Errorf("%T is not printed: %v", img, err)
		}
	}
}

func TestCertificateDesignRace(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		designs := s.designs()
		for round := range 10 {
			var group sync.WaitGroup
			won := make([]bool, 4)
			for i := range won {
				group.Go(func() {
					in := designInput(round)
					in.Colour = fmt.Sprintf("#0000%02x", i)
					_, err := designs.Save(s.acting(t), s.a.ID, in)
					won[i] = err == nil
					if err != nil && fault.KindOf(err) != fault.Conflict {
						t.Error(err)
					}
				})
			}
			group.Wait()
			n := 0
			for _, w := range won {
				if w {
					n++
				}
			}
			if now, err := designs.Find(t.Context(), s.a.ID); n != 1 || err != nil || now.Number != round+1 {
				t.Fatalf("round %d: %d won, number %d, %v", round, n, now.Number, err)
			}
		}
	})
}

func TestCertificateDesignPreview(t *testing.T) {
	s := newSchool(t, kit.SQLite(t))
	in := designInput(0)
	in.Logo.Data = picture(t, 100)
	for language, want := range map[string]string{"ja": "受講証明書", "en": "JiroYoshida"} {
		doc, err := s.designs().Preview(t.Context(), s.a.ID, in, language)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if _, err := doc.WriteTo(&out); err != nil || !strings.Contains(words(t, out.Bytes()), want) {
			t.Errorf("%s: no %q, %v", language, want, err)
		}
	}
}

// complete lets one of the staff pass.
func (s *school) complete(t testing.TB, i int) {
	t.Helper()
	s.study(t, s.a, i)
	a := s.start(t, s.a, i, "")
	s.answer(t, s.a, i, a.ID, true)
	s.submit(t, s.a, i, a.ID)
}

func (s *school) certificate(t testing.TB, i int) lms.Certificate {
	t.Helper()
	list, err := s.certs.ListOwn(t.Context(), s.a.ID, s.a.Staff[i])
	if err != nil || len(list) != 1 {
		t.Fatalf("%d certificates, %v", len(list), err)
	}
	return list[0]
}

func (s *school) print(t testing.TB, i int) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := s.certs.WritePDF(t.Context(), s.a.ID, s.certificate(t, i), &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// words reads a PDF as a person who copies its text.
func words(t testing.TB, pdf []byte) string {
	t.Helper()
	read := exec.CommandContext(t.Context(), "pdftotext", "-", "-")
	read.Stdin = bytes.NewReader(pdf)
	text, err := read.Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(string(text)), "") // a wide heading is read letter by letter
}

func TestBadge(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		s.complete(t, 2)
		cert := s.certificate(t, 2)
		key := []byte("a sealing key of thirty-two byte")
		badges := newBadges(t, s, key)
		first, again := badge(t, s, badges, cert), badge(t, s, newBadges(t, s, key), cert)
		if !bytes.Equal(first, again) {
			t.Error("another replica gives another badge")
		}
		if size, kind, err := image.DecodeConfig(bytes.NewReader(first)); err != nil || kind != "png" || size.Width != 512 {
			t.Errorf("the picture is %s of %d, %v", kind, size.Width, err)
		}
		claims := verifyBadge(t, badges, first)
		subject, _ := claims["credentialSubject"].(map[string]any)
		if claims["iss"] != "https://kenshu.example.jp/api/v1/public/badges/issuer" || claims["id"] != "https://kenshu.example.jp/verify/"+cert.Code || subject["id"] != claims["sub"] {
			t.Errorf("claims: %v", claims)
		}
		if text := fmt.Sprint(subject); !strings.Contains(text, "𠮷田 三郎") || !strings.Contains(text, "個人情報の基本") {
			t.Errorf("subject: %v", subject)
		}
		if list := badges.Status(cert); len(list.Revoked) != 0 {
			t.Errorf("revoked before it is: %+v", list)
		}
		revoked, err := s.certs.Revoke(t.Context(), s.a.ID, cert.Enrolment, "誤り")
		if err != nil {
			t.Fatal(err)
		}
		if list := badges.Status(revoked); len(list.Revoked) != 1 || list.Revoked[0].ID != claims["id"] || list.ID != claims["credentialStatus"].(map[string]any)["id"] {
			t.Errorf("revoked: %+v", list)
		}
		if err := badges.Write(t.Context(), s.a.ID, revoked, &bytes.Buffer{}); fault.KindOf(err) != fault.Gone {
			t.Errorf("a revoked one is still given: %v", err)
		}
		// Restored with another secret: the old badge can still be checked, new ones are signed with a new key.
		moved := newBadges(t, s, []byte("another key, also thirty-two byt"))
		verifyBadge(t, moved, first)
		other := badge(t, s, moved, cert)
		verifyBadge(t, moved, other)
		var keys int
		if err := d.QueryRow(t.Context(), "SELECT COUNT(*) FROM signing_key").Scan(&keys); err != nil || keys != 2 {
			t.Error("no new key")
		}
	})
}

func newBadges(t testing.TB, s *school, key []byte) *lms.Badges {
	t.Helper()
	b, err := lms.NewBadges(s.db, key, s.clock.Now, "https://kenshu.example.jp/")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func badge(t testing.TB, s *school, b *lms.Badges, cert lms.Certificate) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := b.Write(t.Context(), s.a.ID, cert, &out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// verifyBadge does what a verifier does: it takes the token out of the picture, looks up the key it names, and checks the signature with it.
func verifyBadge(t testing.TB, b *lms.Badges, png []byte) map[string]any {
	t.Helper()
	var token string
	for at := 8; at+8 <= len(png); {
		n := int(binary.BigEndian.Uint32(png[at:]))
		kind, body := string(png[at+4:at+8]), png[at+8:at+8+n]
		if sum := binary.BigEndian.Uint32(png[at+8+n:]); sum != crc32.ChecksumIEEE(png[at+4:at+8+n]) {
			t.Fatalf("the sum of the chunk %s is wrong", kind)
		}
		if text, ok := strings.CutPrefix(string(body), "openbadgecredential\x00\x00\x00\x00\x00"); ok && kind == "iTXt" {
			token = text
		}
		at += 12 + n
	}
	var claims jwt.MapClaims
	_, err := jwt.ParseWithClaims(token, &claims, func(parsed *jwt.Token) (any, error) {
		name, _ := parsed.Header["kid"].(string)
		id, err := db.ParseID(name[strings.LastIndex(name, "/")+1:])
		if err != nil {
			return nil, err
		}
		key, err := b.Key(t.Context(), id)
		if err != nil {
			return nil, err
		}
		n, err := base64.RawURLEncoding.DecodeString(key.Modulus)
		return &rsa.PublicKey{N: new(big.Int).SetBytes(n), E: 65537}, err
	}, jwt.WithValidMethods([]string{"RS256"}), jwt.WithoutClaimsValidation())
	if err != nil {
		t.Fatal(err)
	}
	return claims
}
