package content

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/jpeg"
	"slices"
	"strings"
	"testing"

	"kenshu/rig/kit"
	"kenshu/storage/db"
)

// A film whose index nests boxes as deep as it is long would cost memory by the square of that: it stays as it is.
func TestAFilmOfNestedTracksIsLeftAlone(t *testing.T) {
	const depth = 60_000
	nested := make([]byte, 0, 8*depth)
	for n := depth; n > 0; n-- {
		nested = append(binary.BigEndian.AppendUint32(nested, uint32(8*n)), "trak"...)
	}
	film := append(binary.BigEndian.AppendUint32(nil, 16), "mdat12345678"...)
	film = append(binary.BigEndian.AppendUint32(film, uint32(8+len(nested))), "moov"...)
	film = append(film, nested...)
	if out, size, err := faststart(bytes.NewReader(film), int64(len(film))); out != nil || err != nil {
		t.Errorf("%d bytes, %v", size, err)
	}
}

// A film in more pieces than are counted is left alone as well, and loses none.
func TestAFilmOfManyPiecesIsLeftAlone(t *testing.T) {
	film := append(binary.BigEndian.AppendUint32(nil, 16), "mdat12345678"...)
	film = append(binary.BigEndian.AppendUint32(film, 8), "moov"...)
	for range maxTopBoxes {
		film = append(binary.BigEndian.AppendUint32(film, 8), "free"...)
	}
	if out, size, err := faststart(bytes.NewReader(film), int64(len(film))); out != nil || err != nil {
		t.Errorf("%d bytes, %v", size, err)
	}
}

// A picture that goes over itself again and again is not drawn, neither as a poster nor for its sizes; nor is one whose kind hides behind a filling byte.
func TestAPictureOfManyScansIsNotDrawn(t *testing.T) {
	var plain bytes.Buffer
	if err := jpeg.Encode(&plain, image.NewGray(image.Rect(0, 0, 64, 64)), nil); err != nil {
		t.Fatal(err)
	}
	data := plain.Bytes()
	scan := bytes.Index(data, scanBegins)
	again := slices.Clone(data[:len(data)-2])
	for range maxScans {
		again = append(again, data[scan:len(data)-2]...)
	}
	again = append(again, 0xff, 0xd9)
	if cost := drawCost("image/jpeg", again); cost <= maxDrawBytes {
		t.Errorf("%d scans cost %d", maxScans+1, cost)
	}
	if _, err := posters(again); err == nil {
		t.Error("a poster was drawn of it")
	}
	if _, err := posters(data); err != nil {
		t.Errorf("an ordinary picture: %v", err)
	}
	hidden := bytes.Replace(data, []byte{0xff, 0xc0}, []byte{0xff, 0xff, 0xc2}, 1)
	if clean, _, err := cleanImage("image/jpeg", hidden); err != nil || !progressive(clean) {
		t.Errorf("a filling byte hides what kind it is: %v", err)
	}
}

// A question of tens of thousands of answers is refused for one too many; the others are not even kept.
func TestAQuestionOfVeryManyAnswers(t *testing.T) {
	for name, text := range map[string]string{
		"pairs":   "::x:: Match. {" + strings.Repeat("=a -> b\n", 50_000) + "}",
		"choices": "::x:: Choose. {=right " + strings.Repeat("~wrong\n", 50_000) + "}",
	} {
		_, list, err := ReadQuestions(strings.NewReader(text), int64(len(text)), "x.gift")
		if err != nil || len(list) != 1 || len(list[0].Faults) == 0 || len(list[0].Input.Question.Choices) > MaxChoices+1 || len(list[0].Input.Question.Targets) > MaxChoices+1 {
			t.Errorf("%s: %d questions, %v", name, len(list), err)
		}
	}
}

// Upper and lower case are two categories on both engines: what a draw gives is what makes a course need publishing anew.
func TestDrawsTellCaseApart(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		one := b.add("Sec4b", "一", 1)
		b.add("sec4b/evil", "二", 1)
		b.add("Sec4b0", "三", 1)
		two := b.add("Sec4b/A", "四", 1)
		cond := db.Where("q.tenant_id = ?", b.w.A.ID)
		matching(cond, b.w.A.ID, "Sec4b", nil, 0)
		found, err := b.questions.read(t.Context(), d, b.w.A.ID, cond, "")
		if err != nil || len(found) != 2 || !slices.ContainsFunc(found, func(q BankQuestion) bool { return q.ID == one.ID }) || !slices.ContainsFunc(found, func(q BankQuestion) bool { return q.ID == two.ID }) {
			t.Errorf("%d found: %v", len(found), err)
		}
	})
}
