package content

import (
	"bytes"
	"image"
	"image/png"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"kenshu/fault"
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
