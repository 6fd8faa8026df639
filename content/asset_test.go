package content

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/rig/servers"
	"kenshu/storage/blob"
	"kenshu/storage/db"
	"kenshu/storage/paper"
	"kenshu/tenant"
)

// shelf is the asset service on one kind of store.
type shelf struct {
	*Assets
	t     *testing.T
	d     *db.DB
	w     kit.World
	clock *kit.Clock
}

// onEachStore runs test on SQLite with the directory store and on MariaDB with a real S3 store.
func onEachStore(t *testing.T, test func(t *testing.T, s shelf)) {
	t.Helper()
	eachStore(t, func(t *testing.T, d *db.DB, store *blob.Store) { test(t, newShelf(t, d, store)) })
}

func eachStore(t *testing.T, test func(t *testing.T, d *db.DB, store *blob.Store)) {
	t.Helper()
	t.Run("directory", func(t *testing.T) { test(t, kit.SQLite(t), dirStore(t)) })
	t.Run("s3", func(t *testing.T) {
		store, err := blob.Open(t.Context(), blob.Config{S3: servers.S3(t), AppOrigin: "http://localhost:8080"})
		if err != nil {
			t.Fatal(err)
		}
		test(t, kit.MariaDB(t), store)
	})
}

func dirStore(t *testing.T) *blob.Store {
	t.Helper()
	var handler atomic.Value
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { handler.Load().(http.Handler).ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	store, err := blob.Open(t.Context(), blob.Config{Dir: t.TempDir(), ContentURL: server.URL, Key: make([]byte, 32), AppOrigin: "http://localhost:8080"})
	if err != nil {
		t.Fatal(err)
	}
	handler.Store(store.Handler)
	return store
}

func newShelf(t *testing.T, d *db.DB, store *blob.Store) shelf {
	t.Helper()
	clock := kit.NewClock()
	audit := tenant.NewAudit(d, make([]byte, 32), clock.Now)
	return shelf{NewAssets(d, store, audit, clock.Now, AssetLimits{}), t, d, kit.NewWorld(t, d), clock}
}

func (s shelf) begin(kind AssetKind, name string, size int) Upload {
	s.t.Helper()
	u, err := s.Begin(s.t.Context(), s.w.A.ID, db.NewID(), NewFile{Kind: kind, FileName: name, Size: int64(size)})
	if err != nil {
		s.t.Fatal(err)
	}
	return u
}

// send PUTs parts as a browser does.
func (s shelf) send(u Upload, file []byte, numbers ...int) {
	s.t.Helper()
	links, err := s.PartLinks(s.t.Context(), s.w.A.ID, u.ID, numbers)
	if err != nil {
		s.t.Fatal(err)
	}
	for _, l := range links {
		from := int64(l.Number-1) * u.PartSize
		req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPut, l.URL, bytes.NewReader(file[from:from+l.Size]))
		if err != nil {
			s.t.Fatal(err)
		}
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			s.t.Fatal(err)
		}
		_ = res.Body.Close()
		if res.StatusCode/100 != 2 {
			s.t.Fatalf("part %d: %s", l.Number, res.Status)
		}
	}
}

func (s shelf) upload(kind AssetKind, name string, file []byte) Asset {
	s.t.Helper()
	u := s.begin(kind, name, len(file))
	for n := 1; n <= u.Parts(); n++ {
		s.send(u, file, n)
	}
	a, err := s.Complete(s.t.Context(), s.w.A.ID, u.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

func fixture(t *testing.T, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// padded makes a playable MP4 of size bytes: a box of free space follows the film.
func padded(film []byte, size int) []byte {
	out := make([]byte, size)
	copy(out, film)
	binary.BigEndian.PutUint32(out[len(film):], uint32(size-len(film)))
	copy(out[len(film)+4:], "free")
	return out
}

func japanesePDF(t *testing.T, pages int) []byte {
	t.Helper()
	d := paper.New(paper.A4, paper.Meta{Title: "個人情報保護の手引き"})
	for n := range pages {
		d.Page()
		d.Write(fmt.Sprintf("第%d章　髙橋さんと𠮷田さんの個人情報", n+1), paper.Style{Size: 12})
	}
	var out bytes.Buffer
	if _, err := d.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestUploadOfEveryKind(t *testing.T) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewGray(image.Rect(0, 0, 320, 180))); err != nil {
		t.Fatal(err)
	}
	pdf := japanesePDF(t, 300)
	onEachStore(t, func(t *testing.T, s shelf) {
		video := s.upload(AssetVideo, "研修 動画.mp4", fixture(t, "twelve-seconds.mp4"))
		if video.State != AssetReady || video.DurationMS < 11_900 || video.DurationMS > 12_200 || video.Width != 160 || video.Height != 90 || video.MediaType != "video/mp4" || video.SHA256 == (db.Hash{}) {
			t.Errorf("%+v", video)
		}
		if a := s.upload(AssetPDF, "手引き.pdf", pdf); a.State != AssetReady || a.Pages != 300 {
			t.Errorf("%+v", a)
		}
		if a := s.upload(AssetImage, "図.png", picture.Bytes()); a.State != AssetReady || a.Width != 320 || a.MediaType != "image/png" {
			t.Errorf("%+v", a)
		}
		captions := s.upload(AssetCaptions, "字幕.srt", []byte("1\r\n00:00:01,000 --> 00:00:04,000\r\nこんにちは\r\n\r\n2\r\n0:00:05,000 --> 00:00:08,500\r\n髙橋です\r\n"))
		if captions.State != AssetReady || captions.MediaType != "text/vtt" {
			t.Fatalf("%+v", captions)
		}
		links, err := s.Links(t.Context(), s.w.A.ID, s.w.A.ID.Number(), video.ID, captions.ID, db.NewID())
		if err != nil || len(links) != 2 {
			t.Fatalf("%v, %v", links, err)
		}
		got := fetch(t, links[captions.ID].URL)
		if !strings.HasPrefix(got, "WEBVTT\n") || !strings.Contains(got, "00:00:05.000 --> 00:00:08.500") {
			t.Errorf("%q", got)
		}
	})
}

func fetch(t *testing.T, url string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != http.StatusOK {
		t.Fatalf("%s, %v", res.Status, err)
	}
	return string(b)
}

// A file of 300 MB whose upload breaks off: another process resumes from what the store holds; its look at the file is a job.
func TestLargeUploadIsResumedAfterAKill(t *testing.T) {
	file := padded(fixture(t, "faststart.mp4"), 300_000_000)
	onEachStore(t, func(t *testing.T, s shelf) {
		u := s.begin(AssetVideo, "大.mp4", len(file))
		s.send(u, file, 1, 2, 5)
		reborn := s
		reborn.Assets = NewAssets(s.d, s.store, s.audit, s.clock.Now, AssetLimits{}) // the server was killed
		found, err := reborn.FindUpload(t.Context(), s.w.A.ID, u.ID)
		if err != nil || len(found.Received) != 3 || found.Parts() != 36 {
			t.Fatalf("%d parts of %d, %v", len(found.Received), found.Parts(), err)
		}
		if _, err := reborn.Complete(t.Context(), s.w.A.ID, u.ID); !fault.Is(err, fault.Conflict) {
			t.Fatalf("completed with 3 parts: %v", err)
		}
		have := map[int]bool{}
		for _, p := range found.Received {
			have[p.Number] = true
		}
		for n := 1; n <= found.Parts(); n++ {
			if !have[n] {
				reborn.send(u, file, n)
			}
		}
		var wg sync.WaitGroup
		for range 3 { // pressed three times
			wg.Go(func() {
				if a, err := reborn.Complete(t.Context(), s.w.A.ID, u.ID); err != nil || a.State != AssetProcessing {
					t.Errorf("%+v, %v", a, err)
				}
			})
		}
		wg.Wait()
		if n, err := reborn.worker().RunDue(t.Context()); err != nil || n != 1 {
			t.Fatalf("%d jobs, %v", n, err)
		}
		a, err := reborn.Find(t.Context(), s.w.A.ID, u.Asset.ID)
		if err != nil || a.State != AssetReady || a.DurationMS < 11_900 || a.SHA256 == (db.Hash{}) {
			t.Fatalf("%+v, %v", a, err)
		}
		if again, err := reborn.Complete(t.Context(), s.w.A.ID, u.ID); err != nil || again != a {
			t.Errorf("a repeat: %+v, %v", again, err)
		}
	})
}

func (s shelf) worker() *db.Worker {
	return &db.Worker{DB: s.d, Owner: "test", Clock: s.clock.Now, Handlers: map[string]db.Handler{KindProbe: s.ProbeJob, KindSweep: s.SweepJob}}
}

func TestWrongFilesAreRefused(t *testing.T) {
	film, pdf := fixture(t, "twelve-seconds.mp4"), japanesePDF(t, 2)
	cases := []struct {
		name string
		kind AssetKind
		file []byte
		want string
	}{
		{"program.mp4", AssetVideo, append([]byte("MZ\x90\x00"), make([]byte, 5000)...), "file_not_video"},
		{"quicktime.mp4", AssetVideo, fixture(t, "quicktime.mov"), "file_not_video"},
		{"sound.mp4", AssetVideo, fixture(t, "sound-only.mp4"), "video_no_picture"},
		{"cut.mp4", AssetVideo, film[:len(film)-200], "video_cut_short"},
		{"no index.mp4", AssetVideo, film[:32], "video_damaged"},
		{"page.pdf", AssetPDF, []byte("<!doctype html><script>alert(1)</script>" + strings.Repeat(" ", 500)), "file_not_pdf"},
		{"hidden.pdf", AssetPDF, []byte("<script>%PDF-1.7 alert(1)</script>"), "file_not_pdf"},
		{"cut.pdf", AssetPDF, pdf[:len(pdf)/2], "pdf_cut_short"},
		{"secret.pdf", AssetPDF, bytes.Replace(pdf, []byte("/Root"), []byte("/Encrypt 9 0 R /Root"), 1), "pdf_encrypted"},
		{"drawing.png", AssetImage, []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "file_not_image"},
		{"flood.png", AssetImage, floodPNG(), "image_too_many_pixels"},
		{"half.png", AssetImage, []byte("\x89PNG\r\n\x1a\n\x00\x00"), "image_damaged"},
		{"page.vtt", AssetCaptions, []byte("<html>00:01 --> 00:02"), "file_not_captions"},
		{"binary.vtt", AssetCaptions, []byte("WEBVTT\n\n\x00\x01"), "file_not_captions"},
		{"times.vtt", AssetCaptions, []byte("WEBVTT\n\n00:05.000 --> 00:02.000\nx\n"), "captions_times"},
		{"empty.vtt", AssetCaptions, []byte("WEBVTT\n"), "captions_empty"},
		{"encoding.vtt", AssetCaptions, []byte("WEBVTT\n\n00:01.000 --> 00:02.000\n\xff\xfe\xfd\n"), "captions_encoding"},
	}
	onEachStore(t, func(t *testing.T, s shelf) {
		for _, c := range cases {
			a := s.upload(c.kind, c.name, c.file)
			if a.State != AssetRefused || a.Problem != c.want {
				t.Errorf("%s: %s %s, want %s", c.name, a.State, a.Problem, c.want)
			}
			full, err := findAsset(t.Context(), s.d, s.w.A.ID, a.ID)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.store.Stat(t.Context(), full.key); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: the bytes are kept: %v", c.name, err)
			}
			if again, err := s.Complete(t.Context(), s.w.A.ID, uploadID(a.ID)); err != nil || again.Problem != c.want {
				t.Errorf("%s: a repeat: %+v, %v", c.name, again, err)
			}
		}
	})
}

// floodPNG claims 30,000 by 30,000 pixels in 33 bytes.
func floodPNG() []byte {
	chunk := []byte("IHDR\x00\x00\x75\x30\x00\x00\x75\x30\x08\x00\x00\x00\x00")
	out := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), chunk...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(chunk))
}

func TestUploadPlanIsKept(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		for name, f := range map[string]NewFile{
			"empty": {AssetVideo, "a.mp4", 0}, "no name": {AssetVideo, " ", 1}, "unknown kind": {"program", "a.exe", 1},
		} {
			if _, err := s.Begin(t.Context(), s.w.A.ID, db.NewID(), f); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := s.Begin(t.Context(), s.w.A.ID, db.NewID(), NewFile{AssetVideo, "a.mp4", 5<<30 + 1}); !fault.Is(err, fault.TooLarge) {
			t.Errorf("above 5 GB: %v", err)
		}
		id := db.NewID()
		first, err := s.Begin(t.Context(), s.w.A.ID, id, NewFile{AssetVideo, "a.mp4", 5 << 30})
		if err != nil || first.Parts() != 640 {
			t.Fatalf("5 GB: %d parts, %v", first.Parts(), err)
		}
		if again, err := s.Begin(t.Context(), s.w.A.ID, id, NewFile{AssetVideo, "a.mp4", 5 << 30}); err != nil || again.ID != first.ID {
			t.Errorf("a repeat: %+v, %v", again, err)
		}
		for _, numbers := range [][]int{{}, {0}, {641}, make([]int, 101)} {
			if _, err := s.PartLinks(t.Context(), s.w.A.ID, first.ID, numbers); !fault.Is(err, fault.Invalid) {
				t.Errorf("parts %v: %v", numbers, err)
			}
		}
		small := s.limited(AssetLimits{Quota: 1000})
		if _, err := small.Begin(t.Context(), s.w.B.ID, db.NewID(), NewFile{AssetVideo, "a.mp4", 1001}); !fault.Is(err, fault.Conflict) {
			t.Errorf("above the quota: %v", err)
		}
		s.clock.Add(7*24*time.Hour + time.Second)
		if _, err := s.FindUpload(t.Context(), s.w.A.ID, first.ID); !fault.Is(err, fault.Gone) {
			t.Errorf("after 7 days: %v", err)
		}
		if err := s.Sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Find(t.Context(), s.w.A.ID, first.Asset.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a swept upload: %v", err)
		}
	})
}

func (s shelf) limited(l AssetLimits) *Assets {
	return NewAssets(s.d, s.store, s.audit, s.clock.Now, l)
}

func TestAssetsOfAnotherOrganisation(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		u := s.begin(AssetCaptions, "a.vtt", 50)
		mine := s.upload(AssetCaptions, "b.vtt", []byte("WEBVTT\n\n00:01.000 --> 00:02.000\n秘密\n"))
		b := s.w.B.ID
		for name, err := range map[string]error{
			"find":       second(s.Find(t.Context(), b, mine.ID)),
			"upload":     second(s.FindUpload(t.Context(), b, u.ID)),
			"parts":      second(s.PartLinks(t.Context(), b, u.ID, []int{1})),
			"complete":   second(s.Complete(t.Context(), b, u.ID)),
			"links":      second(s.Links(t.Context(), b, s.w.A.ID.Number(), mine.ID)),
			"delete":     s.Delete(t.Context(), b, mine.ID),
			"a no-thing": second(s.Find(t.Context(), b, db.NewID())),
		} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if links, err := s.Links(t.Context(), b, b.Number(), mine.ID); err != nil || len(links) != 0 {
			t.Errorf("%v, %v", links, err)
		}
		course := studio{NewCourses(s.d, s.audit, s.clock.Now), t, s.d, s.w, s.clock}
		l := course.lesson(s.w.A.ID, course.course(s.w.A.ID, SharedNone).ID, KindVideo, "動画")
		_, err := course.SaveLesson(t.Context(), s.w.A.ID, l.ID, SaveLesson{Title: "動画", Base: 1, SaveID: "x", Body: Body{Video: &VideoBody{Captions: []Caption{{"ja", "日本語", mine.ID}}}}})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Delete(t.Context(), s.w.A.ID, mine.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("deleting a file in use: %v", err)
		}
		free := s.upload(AssetCaptions, "c.vtt", []byte("WEBVTT\n\n00:01.000 --> 00:02.000\nx\n"))
		if err := s.Delete(t.Context(), s.w.A.ID, free.ID); err != nil {
			t.Error(err)
		}
	})
}

func second[T any](_ T, err error) error { return err }

func TestProbeMP4(t *testing.T) {
	for name, want := range map[string]int64{"twelve-seconds.mp4": 12_000, "faststart.mp4": 12_000, "fragmented.mp4": 0} {
		b := fixture(t, name)
		f, err := probeMP4(bytes.NewReader(b), int64(len(b)))
		if err != nil || f.durationMS < want || f.durationMS > want+200 || f.width != 160 {
			t.Errorf("%s: %+v, %v", name, f, err)
		}
	}
}

func FuzzProbe(f *testing.F) {
	for _, name := range []string{"faststart.mp4", "fragmented.mp4", "sound-only.mp4"} {
		b, err := os.ReadFile("testdata/" + name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b[:min(len(b), 6000)])
	}
	f.Add([]byte("%PDF-1.7\n1 0 obj<</Type/Pages/Count 3>>endobj\n%%EOF"))
	f.Add([]byte("WEBVTT\n\n00:01.000 --> 00:02.000\nx"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, err := probeMP4(bytes.NewReader(b), int64(len(b))); err == nil && (got.durationMS < 0 || got.width < 0) {
			t.Errorf("%+v", got)
		}
		if n, err := countPages(b); err == nil && (n < 1 || n > maxPages) {
			t.Errorf("%d pages", n)
		}
		if vtt, err := readCaptions(b); err == nil {
			if _, err := readCaptions(vtt); err != nil {
				t.Errorf("%q is not read again: %v", vtt, err)
			}
		}
		_, _ = probeImage(b)
	})
}
