package content

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// publishedCourse writes a published course with one page and one quiz by plain SQL, apart from the code under test.
func publishedCourse(t *testing.T, d *db.DB, owner tenant.ID, shared string) (course, version db.ID) {
	t.Helper()
	course, version = db.NewID(), db.NewID()
	var offered db.Time
	if shared == "all" {
		offered = db.At(time.Unix(1, 0))
	}
	run := func(query string, args ...any) {
		t.Helper()
		if _, err := d.Exec(t.Context(), query, args...); err != nil {
			t.Fatal(err)
		}
	}
	run(`INSERT INTO course (tenant_id, id, title, summary, language, shared, state, latest_version_id, created_by, created_at, updated_at) VALUES (?, ?, '研修', '', 'ja', ?, 'published', ?, ?, 1, 1)`,
		owner, course, shared, version, db.NewID())
	run(`INSERT INTO course_version (tenant_id, id, course_id, number, title, summary, language, lesson_count, published_by, published_at, offered_at) VALUES (?, ?, ?, 1, '研修', '', 'ja', 2, ?, 1, ?)`,
		owner, version, course, db.NewID(), offered)
	run(`INSERT INTO version_lesson (tenant_id, id, course_version_id, lesson_id, position, kind, title, body) VALUES (?, ?, ?, ?, 2, 'quiz', '確認', ?)`,
		owner, db.NewID(), version, db.NewID(), `{"pass_percent":80,"show":"after_pass","questions":[]}`)
	run(`INSERT INTO version_lesson (tenant_id, id, course_version_id, lesson_id, position, kind, title, body) VALUES (?, ?, ?, ?, 1, 'page', '本文', ?)`,
		owner, db.NewID(), version, db.NewID(), `{"html":"<p onclick=\"x\">読む</p>"}`)
	return course, version
}

func TestFindVersion(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		w, clock := kit.NewWorld(t, d), kit.NewClock()
		v := NewVersions(d, clock.Now, 0)
		_, own := publishedCourse(t, d, w.A.ID, "all") // an organisation's own word "all" opens nothing
		shared, catalogue := publishedCourse(t, d, w.Association.ID, "all")
		_, private := publishedCourse(t, d, w.Association.ID, "none")
		cases := []struct {
			name    string
			who     tenant.ID
			owner   int64
			version db.ID
			found   bool
		}{
			{"own", w.A.ID, w.A.ID.Number(), own, true},
			{"another organisation's", w.B.ID, w.A.ID.Number(), own, false},
			{"another organisation's as if own", w.B.ID, w.B.ID.Number(), own, false},
			{"shared by the association", w.B.ID, w.Association.ID.Number(), catalogue, true},
			{"not shared by the association", w.B.ID, w.Association.ID.Number(), private, false},
			{"the association's own", w.Association.ID, w.Association.ID.Number(), private, true},
			{"the association reads no organisation", w.Association.ID, w.A.ID.Number(), own, false},
			{"unknown", w.A.ID, w.A.ID.Number(), db.NewID(), false},
		}
		for range 2 { // the second round is answered from memory
			for _, c := range cases {
				got, err := v.FindVersion(t.Context(), c.who, c.owner, c.version)
				if c.found && (err != nil || got.ID != c.version || len(got.Lessons) != 2) {
					t.Errorf("%s: %v, %v", c.name, got, err)
				}
				if !c.found && !fault.Is(err, fault.NotFound) {
					t.Errorf("%s: %v", c.name, err)
				}
			}
		}
		got, err := v.FindVersion(t.Context(), w.A.ID, w.A.ID.Number(), own)
		if err != nil || got.Lessons[0].Kind != KindPage || got.Lessons[0].Body.Page.HTML != "<p>読む</p>" || got.Lessons[1].Body.Quiz.PassPercent != 80 {
			t.Errorf("%+v, %v", got, err)
		}
		if _, err := v.FindVersion(t.Context(), tenant.ID{}, w.A.ID.Number(), own); err == nil {
			t.Error("the zero tenant read a version")
		}
		if _, err := d.Exec(t.Context(), `UPDATE course SET shared = 'none' WHERE tenant_id = ? AND id = ?`, w.Association.ID, shared); err != nil {
			t.Fatal(err)
		}
		clock.Add(shareRemembered + time.Second)
		if _, err := v.FindVersion(t.Context(), w.B.ID, w.Association.ID.Number(), catalogue); err != nil {
			t.Errorf("a round under way lost its course when sharing ended: %v", err)
		}
		if _, err := v.FindLatest(t.Context(), w.B.ID, shared); !fault.Is(err, fault.NotFound) {
			t.Errorf("a course shared no longer can be taken for a new round: %v", err)
		}
	})
}

func TestVersionCacheIsBounded(t *testing.T) {
	c := newVersionCache(1000)
	keys := []versionKey{{1, db.NewID()}, {1, db.NewID()}, {2, db.NewID()}}
	for _, k := range keys {
		c.put(k, &CourseVersion{ID: k.version}, 400)
	}
	if c.get(keys[0]) != nil || c.get(keys[1]) == nil || c.get(keys[2]) == nil || c.used != 800 {
		t.Errorf("used %d", c.used)
	}
	c.put(versionKey{4, db.NewID()}, &CourseVersion{}, 200)
	c.put(versionKey{5, db.NewID()}, &CourseVersion{}, 200)
	if c.get(keys[1]) != nil || c.get(keys[2]) == nil {
		t.Error("the most recently used was dropped")
	}
	large := versionKey{3, db.NewID()}
	if c.put(large, &CourseVersion{}, 2000); c.get(large) == nil || c.get(keys[2]) != nil || c.used != 2000 {
		t.Errorf("a version larger than all of it is read anew by everybody, or others are kept beside it: used %d", c.used)
	}
	if c.put(keys[0], &CourseVersion{}, 400); c.get(large) != nil || c.get(keys[0]) == nil || c.used != 400 {
		t.Errorf("a large version that is used no more is kept: used %d", c.used)
	}
}

// A class that begins together reads its course once, and who leaves while it is read takes it from nobody.
func TestVersionIsReadOnceForAll(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		w, clock := kit.NewWorld(t, d), kit.NewClock()
		v := NewVersions(d, clock.Now, 1) // less than any course
		_, version := publishedCourse(t, d, w.A.ID, "none")
		gone, leave := context.WithCancel(t.Context())
		leave()
		if _, err := v.FindVersion(gone, w.A.ID, w.A.ID.Number(), version); err != nil && !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
		got := make([]*CourseVersion, 50)
		var class sync.WaitGroup
		for i := range got {
			class.Go(func() {
				var err error
				if got[i], err = v.FindVersion(t.Context(), w.A.ID, w.A.ID.Number(), version); err != nil {
					t.Error(err)
				}
			})
		}
		class.Wait()
		for _, one := range got {
			if one == nil || one != got[0] {
				t.Fatal("the course was read more than once")
			}
		}
	})
}
