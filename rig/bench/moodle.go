package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"image"
	"image/png"
	"net/http"
	"time"

	"kenshu/rig/film"
	"kenshu/rig/moodle"
	"kenshu/storage/db"
)

// moodleFigures are of a whole Moodle backup that becomes a draft course.
type moodleFigures struct {
	engine                db.Engine
	store                 string
	sizeMB                float64
	lessons, files        int
	sent, checked, made   time.Duration
	idleMB, checkMB, most float64 // of memory: before, while it was checked, and in all
}

func measureMoodle(ctx context.Context, engine db.Engine, o options) ([]moodleFigures, error) {
	s, err := newSite(ctx, engine, o)
	if err != nil {
		return nil, err
	}
	defer s.end()
	backup := largeBackup(o.backupMB)
	f := moodleFigures{engine: engine, store: s.store, sizeMB: float64(len(backup)) / 1e6}
	if err := f.run(ctx, s, backup); err != nil {
		return nil, err
	}
	fmt.Printf("%+v\n", f)
	return []moodleFigures{f}, nil
}

func (f *moodleFigures) run(ctx context.Context, s *site, backup []byte) (err error) {
	if f.idleMB, _, err = s.memory(); err != nil {
		return err
	}
	var id string
	if f.sent, err = timed(func() error {
		id, err = s.upload(ctx, "moodle", "course.mbz", bytes.NewReader(backup), int64(len(backup)))
		return err
	}); err != nil {
		return err
	}
	var found struct {
		Import struct{ State, Problem string }
		Plan   struct {
			Lessons []any
			Files   int
		}
	}
	wait := func(state string) error {
		return s.until(ctx, "/moodle-imports/"+id, &found, func() (bool, error) {
			if found.Import.Problem != "" {
				return false, errors.New(found.Import.Problem)
			}
			return found.Import.State == state, nil
		})
	}
	if f.checked, err = timed(func() error { return wait("checked") }); err != nil {
		return err
	}
	if _, f.checkMB, err = s.memory(); err != nil {
		return err
	}
	if f.made, err = timed(func() error {
		if err := s.send(ctx, http.MethodPost, "/moodle-imports/"+id+"/apply", map[string]any{"title": "移した講座", "language": "ja"}, nil); err != nil {
			return err
		}
		return wait("applied")
	}); err != nil {
		return err
	}
	f.lessons, f.files = len(found.Plan.Lessons), found.Plan.Files
	_, f.most, err = s.memory()
	return err
}

// largeBackup is a course with films, papers, pictures and quizzes, about so many MB. Nothing of it can be packed tighter.
func largeBackup(mb int) []byte {
	b := moodle.New(4, "大きな講座")
	left := mb << 20
	for chapter := 1; left > 0; chapter++ {
		b.Section(fmt.Sprintf("第%d章", chapter), "<p>この章のねらい</p>")
		var clip bytes.Buffer
		if err := film.Write(&clip, film.Clip, 10+chapter); err != nil {
			panic(err) // memory does not fail, and the clip is ours
		}
		b.Resource("動画", moodle.File{Name: "film.mp4", Body: clip.Bytes()})
		paper := append([]byte("%PDF-1.4\n"), noise(1<<20)...)
		paper = append(paper, "\n1 0 obj<</Type/Page>>endobj\n%%EOF"...)
		b.Resource("資料", moodle.File{Name: "paper.pdf", Body: paper})
		left -= clip.Len() + len(paper)
		for page := range 10 {
			b.Page(fmt.Sprintf("読み物 %d-%d", chapter, page+1), fmt.Sprintf(`<p>%d章の本文です。</p><p><img src="@@PLUGINFILE@@/p.png" alt="図"></p>`, chapter), moodle.File{Name: "p.png", Body: picture()})
		}
		b.Category(fmt.Sprintf("%d章の問題", chapter), 0)
		var slots []moodle.Slot
		for n := range 20 {
			_, answers := b.Answers([]string{"1.0000000", "0.0000000", "0.0000000"}, "はい", "いいえ", "わからない")
			q := b.Question("multichoice", fmt.Sprintf("%d章の問い %d", chapter, n+1), answers+`<multichoice id="1"><single>1</single></multichoice>`)
			slots = append(slots, moodle.Slot{Question: q})
		}
		b.Quiz(fmt.Sprintf("%d章の確認", chapter), 8, slots...)
	}
	return b.Tar()
}

// picture is a photograph of 800 × 600, no two the same.
func picture() []byte {
	m := image.NewRGBA(image.Rect(0, 0, 800, 600))
	raw := noise(200 * 150 * 3)
	for i := range len(m.Pix) / 4 { // squares of 4 × 4
		from := (i/800/4*200 + i%800/4) * 3
		copy(m.Pix[i*4:], append(raw[from:from+3:from+3], 255))
	}
	var out bytes.Buffer
	if err := png.Encode(&out, m); err != nil {
		panic(err) // memory does not fail
	}
	return out.Bytes()
}

func noise(n int) []byte {
	raw := make([]byte, n)
	_, _ = rand.Read(raw) // never fails since Go 1.24
	return raw
}

func (f *figures) writeMoodle(p printer) {
	if len(f.moodles) == 0 {
		return
	}
	p("## Import of a Moodle backup\n")
	p("A course of films, papers, pictures, pages and quizzes as Moodle 4 writes it, sent through the API, read by a job (*checked*: what would come of it is shown) and made into a draft course by another, with every")
	p("file stored and looked at (*made*). The times are as somebody at the page sees them; the memory is that of the whole process. Aim: memory under 300 MB.\n")
	p(begin("moodle"))
	p("| store | MB | lessons | files | sent s | checked s | made s | memory MB before | checking, at most | at most |")
	p("| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |")
	for _, x := range f.moodles {
		p("| %s, %s | %.0f | %d | %d | %.1f | **%.1f** | **%.1f** | %.0f | %.0f | **%.0f** |", name(x.engine), x.store, x.sizeMB, x.lessons, x.files, x.sent.Seconds(), x.checked.Seconds(), x.made.Seconds(), x.idleMB, x.checkMB, x.most)
	}
	p(measuredNow())
	p(end)
	p("")
}
