package content

import (
	"strings"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/storage/blob"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// What is counted is what lies in the store and what the quota counts: what files share once, a package by what was in it, files on their way by what was announced.
func TestStorageUse(t *testing.T) {
	eachStore(t, func(t *testing.T, d *db.DB, store *blob.Store) {
		s := newCopier(t, d, store)
		a, b := s.w.A, s.w.B
		now := time.Now()
		s.assets.clock = func() time.Time { return now }
		use := NewStorageUse(s.assets)
		if _, err := use.Figures(t.Context()); !fault.Is(err, fault.NotFound) {
			t.Fatalf("figures before the first count: %v", err)
		}
		if _, err := d.Exec(t.Context(), sqlInsertStorageDay, tenant.Day(now.Add(-storageKept-48*time.Hour)), db.At(now), 1, 1, 1, `{}`); err != nil {
			t.Fatal(err)
		}
		yesterday := tenant.Day(now.Add(-24 * time.Hour))
		if _, err := d.Exec(t.Context(), sqlInsertStorageDay, yesterday, db.At(now), 3, 4, 5, `{}`); err != nil {
			t.Fatal(err)
		}
		s.store(a.ID, AssetImage, "図.png", bigPNG(t))
		s.store(a.ID, AssetImage, "同じ図.png", bigPNG(t)) // one object for two files
		s.store(a.ID, AssetPackage, "教材.zip", zipOf(t, entry{name: "imsmanifest.xml", body: manifest12}, entry{name: "Index.html", body: "<p>own</p>"}, entry{name: "pages/case.html", body: "<p>2</p>"}))
		s.store(b.ID, AssetPDF, "規程.pdf", []byte("%PDF-1.4\n1 0 obj<</Type/Page>>endobj\n%%EOF\n"))
		if _, err := s.assets.Begin(s.editing(b), b.ID, db.NewID(), NewFile{Kind: AssetVideo, FileName: "動画.mp4", Size: 7 << 20}); err != nil {
			t.Fatal(err)
		}
		for _, prefix := range []string{tenant.DeletionPrefix, tenant.RemovedPrefix} {
			if _, err := store.Put(t.Context(), prefix+db.NewID().String(), strings.NewReader("{}"), 2, "application/json"); err != nil {
				t.Fatal(err)
			}
		}

		for range 2 { // the day's last count stays
			if err := use.CountJob(t.Context(), db.Job{}, func(int64, int64) {}); err != nil {
				t.Fatal(err)
			}
		}
		got, err := use.Figures(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[string]StoredKind{}
		for i, k := range got.Kinds {
			kinds[k.Kind] = k
			if i > 0 && k.Bytes > got.Kinds[i-1].Bytes {
				t.Errorf("%s stands behind what is smaller", k.Kind)
			}
		}
		if k := kinds["image"]; k.Files != 1 || k.Bytes == 0 || kinds["picture"].Files == 0 {
			t.Errorf("pictures: %+v", kinds)
		}
		if k := kinds["upload"]; k.Files != 1 || k.Bytes != 7<<20 || kinds["video"].Files != 0 {
			t.Errorf("uploads under way: %+v", k)
		}
		if k := kinds["package"]; k.Files != 3 {
			t.Errorf("packages: %+v", k)
		}
		if k := kinds["deletion"]; k.Files != 2 || k.Bytes != 4 {
			t.Errorf("the deletion journal: %+v", k)
		}
		stored := int64(0) // beside the upload under way
		for info, err := range store.List(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			stored += info.Size
		}
		if got.Bytes != stored+7<<20 || got.Files == 0 || got.Database == 0 || got.Day != tenant.Day(now) {
			t.Errorf("%d bytes are counted, %d are there: %+v", got.Bytes, stored, got.StorageDay)
		}
		for i, org := range []struct {
			id   db.ID
			tid  tenant.ID
			code string
		}{{b.Public, b.ID, b.Code}, {a.Public, a.ID, a.Code}} { // the largest first
			kept, err := s.assets.kept(t.Context(), d, org.tid)
			if o := got.Largest; err != nil || len(o) != 2 || o[i].ID != org.id || o[i].Bytes != kept || o[i].Code != org.code || o[i].Name == "" {
				t.Errorf("%s keeps %d: %+v, %v", org.code, kept, o, err)
			}
		}
		if len(got.Days) != 2 || got.Days[0] != (StorageDay{yesterday, 3, 4, 5}) || got.Days[1] != got.StorageDay {
			t.Errorf("days: %+v", got.Days)
		}
	})
}

// Of many the largest are named, whatever the order in which they come.
func TestLargestOrganisations(t *testing.T) {
	eachStore(t, func(t *testing.T, d *db.DB, store *blob.Store) {
		s := newCopier(t, d, store)
		use, largest := NewStorageUse(s.assets), []StorageOwner{}
		for _, kept := range []int64{5, 0, 9, 5, 1} {
			var err error
			if largest, err = use.among(t.Context(), s.w.A.ID, kept, largest); err != nil {
				t.Fatal(err)
			}
		}
		for range 3 * largestShown {
			var err error
			if largest, err = use.among(t.Context(), s.w.A.ID, 7, largest); err != nil {
				t.Fatal(err)
			}
		}
		if len(largest) != largestShown || largest[0].Bytes != 9 || largest[1].Bytes != 7 || largest[largestShown-1].Bytes != 7 {
			t.Errorf("%+v", largest)
		}
	})
}
