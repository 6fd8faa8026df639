package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"time"

	"kenshu/rig/film"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// filmFigures are of a long film: sent through the API, then opened and played by a learner in a real browser.
type filmFigures struct {
	engine        db.Engine
	store         string
	length        time.Duration
	sizeMB        float64
	sent, ready   time.Duration // until the last part is there; from then until it can be put into a lesson
	idleMB        float64       // the process before
	peakMB        float64       // at most until the film was ready
	opened, shown []float64     // ms: from the address to the first picture; from pressing play to the first picture that moves
	seeks, keys   []float64     // ms: until the picture of a place is shown, of any and of one that needs no other
}

func measureFilm(ctx context.Context, engine db.Engine, o options) ([]filmFigures, error) {
	s, err := newSite(ctx, engine, o)
	if err != nil {
		return nil, err
	}
	defer s.end()
	f := filmFigures{engine: engine, store: s.store, length: time.Duration(o.filmLoops) * film.ClipSeconds * time.Second}
	asset, err := f.send(ctx, s, o)
	if err != nil {
		return nil, err
	}
	if err := s.teach(ctx, asset); err != nil {
		return nil, err
	}
	if err := f.watch(ctx, s); err != nil {
		return nil, err
	}
	fmt.Printf("%+v\n", f)
	return []filmFigures{f}, nil
}

// send writes the film to a file, as a film comes, and uploads it.
func (f *filmFigures) send(ctx context.Context, s *site, o options) (asset string, err error) {
	file, err := os.CreateTemp("", "kenshu-bench-*.mp4")
	if err != nil {
		return "", err
	}
	defer func() { _ = errors.Join(file.Close(), os.Remove(file.Name())) }()
	if err := film.Write(file, film.Clip, o.filmLoops); err != nil {
		return "", err
	}
	info, err := file.Stat()
	if err != nil {
		return "", err
	}
	f.sizeMB = float64(info.Size()) / 1e6
	if f.idleMB, _, err = s.memory(); err != nil {
		return "", err
	}
	if f.sent, err = timed(func() error {
		asset, err = s.upload(ctx, "video", "長い動画.mp4", file, info.Size())
		return err
	}); err != nil {
		return "", err
	}
	if f.ready, err = timed(func() error { return s.ready(ctx, asset) }); err != nil {
		return "", err
	}
	_, f.peakMB, err = s.memory()
	return asset, err
}

// teach publishes a course with the film and has everybody take it.
func (s *site) teach(ctx context.Context, asset string) error {
	var course, lesson struct {
		ID      string
		Version int `json:"version"`
		Content int `json:"content_version"`
	}
	if err := s.send(ctx, http.MethodPost, "/courses", map[string]any{"title": "長い動画", "summary": "", "language": "ja", "shared": "none"}, &course); err != nil {
		return err
	}
	if err := s.send(ctx, http.MethodPost, "/courses/"+course.ID+"/lessons", map[string]any{"kind": "video", "title": "動画"}, &lesson); err != nil {
		return err
	}
	body := map[string]any{"video": map[string]any{"asset": asset, "captions": []any{}, "no_skip": false, "speed": true}}
	if err := s.send(ctx, http.MethodPut, "/lessons/"+lesson.ID, map[string]any{"title": "動画", "body": body, "base_version": lesson.Version, "client_save_id": "a"}, nil); err != nil {
		return err
	}
	if err := s.must(ctx, http.MethodGet, "/api/v1/courses/"+course.ID, "", nil, &course); err != nil {
		return err
	}
	if err := s.send(ctx, http.MethodPost, "/courses/"+course.ID+"/publish", map[string]any{"base_version": course.Content}, nil); err != nil {
		return err
	}
	today := tenant.Today(time.Now)
	return s.send(ctx, http.MethodPost, "/rounds", map[string]any{
		"title": "動画の実施回", "course_id": course.ID, "starts_on": today, "deadline_on": tenant.AddDays(today, 30), "audience": map[string]any{"everyone": true},
	}, nil)
}

// watch has the learner's browser open and play the film.
func (f *filmFigures) watch(ctx context.Context, s *site) error {
	var got struct{ Opened, Shown, Seeks, Keys []float64 }
	if err := s.browse(ctx, &got, "e2e/film.ts", "http://"+s.host, string(loginBody(s.staff))); err != nil {
		return err
	}
	f.opened, f.shown, f.seeks, f.keys = got.Opened, got.Shown, got.Seeks, got.Keys
	for _, list := range [][]float64{f.opened, f.shown, f.seeks, f.keys} {
		if slices.Sort(list); len(list) == 0 {
			return fmt.Errorf("film.ts measured nothing: %+v", got)
		}
	}
	return nil
}

// at gives the figure below which p percent of the sorted figures lie.
func at(sorted []float64, p int) float64 { return sorted[(len(sorted)-1)*p/100] }

func (f *figures) writeFilms(p printer) {
	if len(f.films) == 0 {
		return
	}
	p("## A film\n")
	p("A film of 1280 × 720 with its index at the end is sent through the API, one part after the other; the server moves the index to the front (*ready*). A learner opens the lesson in a real Chromium with an empty")
	p("cache: *opened* is from asking for the address to the first picture, page included; *shown* from pressing play to the first picture that moves; *seek* from choosing one of %d places to its picture, while playing. A key", len(f.films[0].seeks))
	p("picture comes every 8 s: to show a place the browser decodes from there, in software here. *Key* is seeking to key pictures: what remains is the way to the bytes. Browser, product and databases share the machine.")
	p("Aims: first picture under 1 s, seeking under 300 ms.\n")
	p(begin("film"))
	p("| store | length | MB | sent s | ready s | memory MB before | at most | opened ms: median | worst of %d | shown ms: median | worst | seek ms: median | p95 | key ms: median | p95 |", len(f.films[0].opened))
	p("| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: | --: |")
	for _, x := range f.films {
		p("| %s, %s | %v | %.0f | %.1f | %.1f | %.0f | **%.0f** | **%.0f** | %.0f | **%.0f** | %.0f | **%.0f** | **%.0f** | %.0f | %.0f |", name(x.engine), x.store, x.length, x.sizeMB, x.sent.Seconds(), x.ready.Seconds(),
			x.idleMB, x.peakMB, at(x.opened, 50), at(x.opened, 100), at(x.shown, 50), at(x.shown, 100), at(x.seeks, 50), at(x.seeks, 95), at(x.keys, 50), at(x.keys, 95))
	}
	p(measuredNow())
	p(end)
	p("")
}
