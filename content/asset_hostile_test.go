package content

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/iotest"

	"kenshu/fault"
	"kenshu/storage/blob"
	"kenshu/storage/db"
)

// Files announced at the same moment keep the quota together.
func TestQuotaOfManyAtOnce(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		small := s.limited(AssetLimits{Quota: 1000})
		var let atomic.Int32
		var all sync.WaitGroup
		for range 24 {
			all.Go(func() {
				_, err := small.Begin(t.Context(), s.w.A.ID, db.NewID(), NewFile{AssetVideo, "a.mp4", 100})
				switch {
				case err == nil:
					let.Add(1)
				case !fault.Is(err, fault.Conflict):
					t.Error(err)
				}
			})
		}
		all.Wait()
		if let.Load() != 10 {
			t.Errorf("%d files of 100 bytes were let in under a quota of 1000", let.Load())
		}
	})
}

// What is removed stays in the store for the backups that may be running: an organisation that uploads and removes again and again does not fill it.
func TestQuotaOfWhatWasRemoved(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		var picture bytes.Buffer
		if err := png.Encode(&picture, photo(64, 32)); err != nil {
			t.Fatal(err)
		}
		for kind, c := range map[AssetKind]struct {
			raw   []byte
			quota int64
		}{
			AssetCaptions: {[]byte("WEBVTT\n\n00:01.000 --> 00:02.000\n" + strings.Repeat("あ", 1000) + "\n"), 20_000},
			AssetImage:    {picture.Bytes(), 3_000},
			AssetPackage:  {zipOf(t, good(entry{name: "large.txt", body: strings.Repeat("0123456789", 30_000)})...), 1_000_000},
		} {
			raw, small := c.raw, s.limited(AssetLimits{Quota: c.quota})
			stored := func() (bytes int64) {
				for info, err := range s.store.List(t.Context(), "t/") {
					if err != nil {
						t.Fatal(err)
					}
					bytes += info.Size
				}
				return bytes
			}
			turn := func() error {
				a, err := small.Store(t.Context(), s.w.A.ID, db.NewID(), NewFile{Kind: kind, FileName: "a", Size: int64(len(raw))}, bytes.NewReader(raw))
				if err == nil {
					err = small.Probe(t.Context(), s.w.A.ID, a.ID, func(int64, int64) {})
				}
				if err == nil {
					a, err = small.Find(t.Context(), s.w.A.ID, a.ID)
				}
				if err == nil && a.State != AssetReady {
					err = fault.New(fault.Conflict, a.Problem)
				}
				return errors.Join(err, small.Delete(t.Context(), s.w.A.ID, a.ID))
			}
			turns, err := 0, error(nil)
			for err == nil && stored() < 3*c.quota {
				err = turn()
				turns++
			}
			if !fault.Is(err, fault.Conflict) || stored() <= c.quota || stored() > 2*c.quota {
				t.Errorf("%s: %d bytes lie there after %d turns under a quota of %d: %v", kind, stored(), turns, c.quota, err)
			}
			if s.kept(); stored() != 0 {
				t.Errorf("%s: %d bytes are left", kind, stored())
			}
			if err := turn(); err != nil {
				t.Errorf("%s, when what was removed is gone: %v", kind, err)
			}
			s.kept()
		}
	})
}

// Nor does one that draws the picture of a film again and again.
func TestQuotaOfPostersBefore(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		var picture bytes.Buffer
		if err := png.Encode(&picture, photo(64, 32)); err != nil {
			t.Fatal(err)
		}
		film := s.upload(AssetVideo, "a.mp4", fixture(t, "faststart.mp4"))
		if err := s.Probe(t.Context(), s.w.A.ID, film.ID, func(int64, int64) {}); err != nil {
			t.Fatal(err)
		}
		small := s.limited(AssetLimits{Quota: 3000})
		turns, err := 0, error(nil)
		for ; err == nil && turns < 100; turns++ {
			err = small.SetPoster(t.Context(), s.w.A.ID, film.ID, picture.Bytes())
		}
		if !fault.Is(err, fault.Conflict) || turns < 3 {
			t.Errorf("after %d posters: %v", turns, err)
		}
		s.kept()
		if err := small.SetPoster(t.Context(), s.w.A.ID, film.ID, picture.Bytes()); err != nil {
			t.Errorf("when those of before are gone: %v", err)
		}
	})
}

// A run that dies between putting the rewritten captions and saying so leaves a longer file than was announced: looking again keeps all of it.
func TestCaptionsLookedAtTwice(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		raw := []byte("1\n00:00:01,000 --> 00:00:04,000\nこんにちは\n")
		first := s.upload(AssetCaptions, "字幕.srt", raw)
		if first.State != AssetReady || first.Size <= int64(len(raw)) {
			t.Fatalf("%+v", first)
		}
		if _, err := s.d.Exec(t.Context(), `UPDATE asset SET state = 'processing', size = ? WHERE tenant_id = ? AND id = ?`, len(raw), s.w.A.ID, first.ID); err != nil {
			t.Fatal(err)
		}
		if err := s.Probe(t.Context(), s.w.A.ID, first.ID, func(int64, int64) {}); err != nil {
			t.Fatal(err)
		}
		again, err := s.Find(t.Context(), s.w.A.ID, first.ID)
		if err != nil || again.State != AssetReady || again.SHA256 != first.SHA256 || again.Size != first.Size {
			t.Errorf("%+v, %v", again, err)
		}
	})
}

// A picture called page.html is saved as a picture.
func TestNameAgreesWithContent(t *testing.T) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 3, 2))); err != nil {
		t.Fatal(err)
	}
	onEachStore(t, func(t *testing.T, s shelf) {
		for name, want := range map[string]string{"page.html": "page.html.png", "fig.PNG": "fig.PNG", "noext": "noext.png", "\u202egnp.exe": "gnp.exe.png"} {
			a := s.upload(AssetImage, name, picture.Bytes())
			links, err := s.Links(t.Context(), s.w.A.ID, s.w.A.ID.Number(), a.ID)
			if err != nil {
				t.Fatal(err)
			}
			req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, links[a.ID].URL, nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = res.Body.Close()
			if got := res.Header.Get("Content-Disposition"); !strings.HasSuffix(got, "UTF-8''"+want) || res.Header.Get("Content-Type") != "image/png" {
				t.Errorf("%q is saved by %q as %s", name, got, res.Header.Get("Content-Type"))
			}
		}
	})
}

// Whoever uploads a file again whose bytes were lost or damaged has it back, and so has everything that shows it: the same bytes are kept once, and those are the new ones.
func TestADamagedFileIsHealedByUploadingItAgain(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		ctx, tid := t.Context(), s.w.A.ID
		for name, damage := range map[string]func(key string) error{
			"lost": func(key string) error { return s.store.Remove(ctx, key) },
			"cut": func(key string) error {
				_, err := s.store.Put(ctx, key, strings.NewReader("WEB"), 3, "text/vtt")
				return err
			},
			"flipped": func(key string) error {
				_, err := s.store.Put(ctx, key, bytes.NewReader(bytes.ToUpper(vtt("flipped"))), int64(len(vtt("flipped"))), "text/vtt")
				return err
			},
			"whole": func(string) error { return nil },
		} {
			first := s.upload(AssetCaptions, name+".vtt", vtt(name))
			second := s.upload(AssetCaptions, "the same.vtt", vtt(name))
			keyOf := func(id db.ID) string {
				a, err := findAsset(ctx, s.db, tid, id)
				if err != nil {
					t.Fatal(err)
				}
				return a.key
			}
			before := keyOf(first.ID)
			if keyOf(second.ID) != before {
				t.Fatalf("%s: the same bytes are kept twice", name)
			}
			if err := damage(before); err != nil {
				t.Fatal(err)
			}
			third := s.upload(AssetCaptions, "again.vtt", vtt(name))
			links, err := s.Links(ctx, tid, tid.Number(), first.ID, second.ID, third.ID)
			if err != nil || len(links) != 3 {
				t.Fatal(links, err)
			}
			for id, l := range links {
				if got := fetch(t, l.URL); got != string(vtt(name)) || keyOf(id) != keyOf(third.ID) {
					t.Errorf("%s: %q", name, got)
				}
			}
			if kept := keyOf(first.ID) == before; kept != (name == "whole") {
				t.Errorf("%s: still under its key: %v", name, kept)
			}
			if _, err := s.store.Stat(ctx, before); name == "flipped" && err != nil {
				t.Errorf("a running backup does not find what its rows name: %v", err)
			}
			s.kept()
			if _, err := s.store.Stat(ctx, before); name != "whole" && !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: the damaged object is still there: %v", name, err)
			}
		}
		picture := bigPNG(t)
		first := s.upload(AssetImage, "a.png", picture)
		all := s.objects()
		for name, damage := range map[string]func(key string) error{"lost": func(key string) error { return s.store.Remove(ctx, key) }, "flipped": s.flip, "unreadable": s.unreadable} {
			whole := map[string][]byte{}
			for _, key := range all {
				if !strings.Contains(key, "-w") {
					continue
				}
				var err error
				if whole[key], err = s.read(ctx, key, 0, -1); err != nil {
					t.Fatal(err)
				}
				if err := damage(key); err != nil {
					t.Fatal(err)
				}
			}
			again := s.upload(AssetImage, "b.png", picture)
			if err := s.Delete(ctx, tid, again.ID); err != nil || !slices.Equal(s.kept(), all) {
				t.Errorf("the pictures of %v were %q and are %q, %v", first.ID, all, s.objects(), err)
			}
			for key, was := range whole {
				if is, err := s.read(ctx, key, 0, -1); err != nil || !bytes.Equal(is, was) {
					t.Errorf("a picture that was %s is not healed, %v", name, err)
				}
			}
		}
		if err := s.Delete(ctx, tid, first.ID); err != nil {
			t.Error(err)
		}
		if n := len(s.kept()); n != 4 {
			t.Errorf("%d objects are kept, want 4: %q", n, s.objects())
		}
	})
}

// breakingStore breaks off one of its answers in the middle, as a connection does that is cut.
type breakingStore struct {
	blob.Objects
	in atomic.Int64 // how many answers are whole before it; negative: none breaks off
}

func (b *breakingStore) Open(ctx context.Context, key string, off, length int64) (io.ReadCloser, blob.Info, error) {
	r, info, err := b.Objects.Open(ctx, key, off, length)
	if b.in.Add(-1) != -1 || err != nil {
		return r, info, err
	}
	if length < 0 || length > info.Size-off {
		length = info.Size - off
	}
	return struct {
		io.Reader
		io.Closer
	}{io.MultiReader(io.LimitReader(r, length/2), iotest.ErrReader(io.ErrUnexpectedEOF)), r}, info, nil
}

// A store that breaks off while a file is looked at says nothing about the file: it is looked at again, never refused.
func TestAFileIsNotRefusedForTheStore(t *testing.T) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 320, 180))); err != nil {
		t.Fatal(err)
	}
	onEachStore(t, func(t *testing.T, s shelf) {
		broken := &breakingStore{Objects: s.store.Objects}
		broken.in.Store(-1)
		s.store = &blob.Store{Objects: broken, Uploads: s.store.Uploads, Origin: s.store.Origin}
		for _, f := range []struct {
			kind AssetKind
			name string
			raw  func(n int) []byte
		}{
			{AssetPackage, "course.zip", func(n int) []byte { return zipOf(t, good(entry{name: "n.txt", body: fmt.Sprint(n)})...) }},
			{AssetMoodle, "backup.mbz", func(int) []byte { return wholeCourse(t, 2).Tar() }},
			{AssetMoodle, "old.mbz", func(int) []byte { return wholeCourse(t, 2).Zip() }},
			{AssetVideo, "film.mp4", func(int) []byte { return fixture(t, "twelve-seconds.mp4") }},
			{AssetAudio, "sound.mp3", func(int) []byte { return fixture(t, "sound.mp3") }},
			{AssetAudio, "sound.m4a", func(int) []byte { return fixture(t, "sound.m4a") }},
			{AssetAudio, "sound.ogg", func(int) []byte { return fixture(t, "sound.ogg") }},
			{AssetImage, "fig.png", func(int) []byte { return picture.Bytes() }},
			{AssetPDF, "doc.pdf", func(int) []byte { return japanesePDF(t, 2) }},
			{AssetCaptions, "c.srt", func(int) []byte { return []byte("1\n00:00:01,000 --> 00:00:04,000\nこんにちは\n") }},
		} {
			broke := 0
			for n := 0; ; n++ {
				raw, id := f.raw(n), db.NewID()
				broken.in.Store(int64(n))
				look := func() error {
					_, err := s.Store(t.Context(), s.w.A.ID, id, NewFile{Kind: f.kind, FileName: f.name, Size: int64(len(raw))}, bytes.NewReader(raw))
					if err != nil {
						return err
					}
					return s.Probe(t.Context(), s.w.A.ID, id, func(int64, int64) {})
				}
				failure := look()
				met := broken.in.Load() < 0
				broken.in.Store(-1)
				if !met {
					break
				}
				broke++
				if a, err := s.Find(t.Context(), s.w.A.ID, id); err != nil || a.State == AssetRefused {
					t.Errorf("%s, broken off at opening %d: %v %q, %v; the job: %v", f.name, n, a.State, a.Problem, err, failure)
				}
				if err := look(); err != nil {
					t.Errorf("%s, looked at again after %d: %v", f.name, n, err)
				}
				if a, err := s.Find(t.Context(), s.w.A.ID, id); err != nil || a.State != AssetReady {
					t.Errorf("%s, looked at again after %d: %v %q, %v", f.name, n, a.State, a.Problem, err)
				}
			}
			if broke == 0 {
				t.Errorf("%s is never read", f.name)
			}
		}
	})
}
