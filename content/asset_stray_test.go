package content

import (
	"slices"
	"strings"
	"testing"
	"time"

	"kenshu/storage/blob"
	"kenshu/storage/db"
)

// What processes left that died before they wrote a row goes after a week; what a row names, or a copy under way will, stays.
func TestStrayObjectsAreSwept(t *testing.T) {
	eachStore(t, func(t *testing.T, d *db.DB, store *blob.Store) {
		s := newCopier(t, d, store)
		a, tid := s.w.A, s.w.A.ID
		prefix := "t/" + a.Public.String() + "/"
		source := s.course([]byte("%PDF-1.4\n1 0 obj<</Type/Page>>endobj\n%%EOF"))
		picture := s.store(tid, AssetImage, "図.png", bigPNG(t))
		s.store(tid, AssetImage, "同じ図.png", bigPNG(t)) // one object for two files
		paper := s.store(tid, AssetPDF, "規程.pdf", []byte("%PDF-1.4\n1 0 obj<</Type/Page>>endobj\n%%EOF\n"))
		if err := s.assets.SetPoster(t.Context(), tid, paper.ID, bigPNG(t)); err != nil {
			t.Fatal(err)
		}
		s.store(tid, AssetPackage, "教材.zip", zipOf(t, entry{name: "imsmanifest.xml", body: manifest12}, entry{name: "Index.html", body: "<p>own</p>"}, entry{name: "pages/case.html", body: "<p>2</p>"}))
		objects := func() (keys []string) {
			t.Helper()
			for info, err := range store.List(t.Context(), prefix) {
				if err != nil {
					t.Fatal(err)
				}
				if !strings.HasSuffix(info.Key, "/stray") { // the list of those that were seen
					keys = append(keys, info.Key)
				}
			}
			return keys
		}
		kept := objects()

		// A poster that was drawn and never recorded, and all files of a copy whose workers died.
		stray := prefix + "asset/" + db.NewID().String()
		for _, key := range []string{stray + "-poster", stray + "-thumb", prefix + "package/" + db.NewID().String() + "/1"} {
			if _, err := store.Put(t.Context(), key, strings.NewReader("x"), 1, "image/jpeg"); err != nil {
				t.Fatal(err)
			}
		}
		c, err := s.copies.Begin(s.editing(a), tid, db.NewID(), source, "写し")
		if err != nil {
			t.Fatal(err)
		}
		v, err := s.versions.FindVersion(t.Context(), tid, c.owner, c.version)
		if err != nil {
			t.Fatal(err)
		}
		lessons, err := draftOf(v)
		if err != nil {
			t.Fatal(err)
		}
		files := &copiedFiles{assets: s.assets, tid: tid, owner: c.owner, copy: c.ID, names: map[db.ID]db.ID{}}
		if err := files.plan(t.Context(), v.Cover, lessons); err != nil {
			t.Fatal(err)
		}
		if err := files.fetch(t.Context(), func(int64, int64) {}); err != nil {
			t.Fatal(err)
		}
		all := objects()
		if len(all) < len(kept)+3+5 {
			t.Fatalf("only %d objects more", len(all)-len(kept))
		}

		later := func(wait time.Duration) *Assets {
			return NewAssets(d, store, s.assets.audit, func() time.Time { return time.Now().Add(wait) }, AssetLimits{})
		}
		sweep := func(by *Assets, want []string, when string) {
			t.Helper()
			if err := by.SweepStray(t.Context(), tid); err != nil {
				t.Fatal(err)
			}
			if got := objects(); !slices.Equal(got, want) {
				t.Errorf("%s: %d objects, not %d", when, len(got), len(want))
			}
		}
		sweep(later(8*24*time.Hour), all, "while a course is being copied")
		if _, err := d.Exec(t.Context(), "UPDATE job SET state = 'failed' WHERE id = ?", c.ID); err != nil {
			t.Fatal(err)
		}
		sweep(later(6*24*time.Hour), all, "before the week is over")
		if c, err = s.copies.Find(t.Context(), tid, c.ID); err != nil || c.State != CopyStopped || c.Problem != "internal" {
			t.Errorf("the copy is %+v %v", c, err)
		}
		sweep(later(8*24*time.Hour), all, "seen for the first time: the database may be an older one")
		sweep(later(12*24*time.Hour), all, "seen again before a week is over")
		if err := later(16*24*time.Hour).SweepStrayJob(t.Context(), db.Job{}, func(int64, int64) {}); err != nil {
			t.Fatal(err)
		}
		if got := objects(); !slices.Equal(got, kept) {
			t.Errorf("afterwards: %q, not %q", got, kept)
		}
		if len(s.bytesOf(picture.key)) != int(picture.Size) {
			t.Error("a picture is gone")
		}
		if v.Cover.IsZero() || mustAsset(t, s, s.w.Association.ID, v.Cover).State != AssetReady {
			t.Error("the association's cover is gone")
		}
		// Somebody presses "again" for the job that was given up: it finds the copy ended and makes nothing.
		if err := s.run(tid, c.ID); err != nil {
			t.Fatal(err)
		}
		if got := objects(); !slices.Equal(got, kept) {
			t.Error("an ended copy copied again")
		}
	})
}
