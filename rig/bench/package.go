package main

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"kenshu/content"
	"kenshu/storage/db"
)

// packageFigures are of a large learning package: sent through the API, checked and unpacked by a job.
type packageFigures struct {
	engine      db.Engine
	store       string
	sizeMB      float64
	files       int
	sent, ready time.Duration // until the last part is there; from then until it can be put into a lesson
	idleMB      float64       // of memory: the process before
	peakMB      float64       // at most until it was ready
}

func measurePackage(ctx context.Context, engine db.Engine, o options) ([]packageFigures, error) {
	s, err := newSite(ctx, engine, o)
	if err != nil {
		return nil, err
	}
	defer s.end()
	raw, files, err := largePackage(o.packageMB)
	if err != nil {
		return nil, err
	}
	f := packageFigures{engine: engine, store: s.store, sizeMB: float64(len(raw)) / 1e6, files: files}
	if f.idleMB, _, err = s.memory(); err != nil {
		return nil, err
	}
	var asset string
	if f.sent, err = timed(func() error {
		asset, err = s.upload(ctx, string(content.AssetPackage), "course.zip", bytes.NewReader(raw), int64(len(raw)))
		return err
	}); err != nil {
		return nil, err
	}
	if f.ready, err = timed(func() error { return s.ready(ctx, asset) }); err != nil {
		return nil, err
	}
	_, f.peakMB, err = s.memory()
	fmt.Printf("%+v\n", f)
	return []packageFigures{f}, err
}

// largePackage is a SCORM 1.2 package of 400 pictures and 11 pages, about so many MB. Nothing of the pictures can be packed tighter.
func largePackage(mb int) (raw []byte, files int, err error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	add := func(name string, body []byte) {
		files++
		part, failed := z.Create(name)
		if failed == nil {
			_, failed = part.Write(body)
		}
		if err == nil {
			err = failed
		}
	}
	add(content.ManifestName, []byte(walkManifest))
	add("index.html", []byte("<p>教材</p>"))
	const pictures = 400
	for n := range 10 {
		add(fmt.Sprintf("page%02d.html", n), []byte(strings.Repeat("<p>読み物の本文です。</p>", 2000)))
	}
	for n := range pictures {
		add(fmt.Sprintf("pictures/%03d.png", n), noise(mb<<20/pictures))
	}
	if err == nil {
		err = z.Close()
	}
	return out.Bytes(), files, err
}

func (f *figures) writePackages(p printer) {
	if len(f.packages) == 0 {
		return
	}
	p("## Learning packages\n")
	p("A SCORM 1.2 package sent through the API by one who sends one part after the other, checked and unpacked by a job; the times are as somebody at the page sees them, the memory is that of the whole process.")
	p("Aim for 200 MB: ready within 20 s, memory at most 200 MB.\n")
	p(begin("package"))
	p("| store | MB | files | sent s | ready s | memory MB before | at most |")
	p("| --- | --: | --: | --: | --: | --: | --: |")
	for _, x := range f.packages {
		p("| %s, %s | %.0f | %d | %.1f | **%.1f** | %.0f | **%.0f** |", name(x.engine), x.store, x.sizeMB, x.files, x.sent.Seconds(), x.ready.Seconds(), x.idleMB, x.peakMB)
	}
	p(measuredNow())
	p(end)
	p("")
}
