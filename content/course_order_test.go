package content

import (
	"errors"
	"testing"

	"golang.org/x/sync/errgroup"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// published makes a course that looks published: that is all a requirement asks.
func (s studio) published(tid tenant.ID, shared string) Course {
	s.t.Helper()
	c := s.course(tid, shared)
	if _, err := s.d.Exec(s.t.Context(), `UPDATE course SET latest_version_id = ? WHERE tenant_id = ? AND id = ?`, db.NewID(), tid, c.ID); err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s studio) demand(c Course, wanted ...db.ID) (Course, error) {
	tid := s.w.A.ID
	return s.Update(s.t.Context(), tid, c.ID, c.Version, CourseFields{Title: c.Title, Language: c.Language, Shared: c.Shared, Requires: wanted})
}

func TestRequirements(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStudio(t, d)
		one, two, three := s.published(s.w.A.ID, SharedNone), s.published(s.w.A.ID, SharedNone), s.published(s.w.A.ID, SharedNone)
		foreign, draft := s.published(s.w.B.ID, SharedNone), s.course(s.w.A.ID, SharedNone)
		kept, shared := s.published(s.w.Association.ID, SharedNone), s.published(s.w.Association.ID, SharedAll)
		two, err := s.demand(two, one.ID, shared.ID)
		if err != nil || len(two.Requires) != 2 || two.Requires[1].Course != shared.ID {
			t.Fatalf("%+v %v", two.Requires, err)
		}
		if three, err = s.demand(three, two.ID); err != nil {
			t.Fatal(err)
		}
		for name, wrong := range map[string]struct {
			course Course
			wanted []db.ID
			key    string
		}{
			"itself":                           {one, []db.ID{one.ID}, "not_unique"},
			"twice":                            {one, []db.ID{shared.ID, shared.ID}, "not_unique"},
			"a circle":                         {one, []db.ID{two.ID}, "course_circle"},
			"a circle by way of another":       {one, []db.ID{shared.ID, three.ID}, "course_circle"},
			"of another organisation":          {one, []db.ID{foreign.ID}, "course_unknown"},
			"not shared by the association":    {one, []db.ID{kept.ID}, "course_unknown"},
			"never published":                  {one, []db.ID{draft.ID}, "course_unknown"},
			"of nobody":                        {one, []db.ID{db.NewID()}, "course_unknown"},
			"more than anybody could remember": {one, make([]db.ID, MaxRequirements+1), "too_many"},
		} {
			_, err := s.demand(wrong.course, wrong.wanted...)
			var f *fault.Error
			if !errors.As(err, &f) || f.Kind != fault.Invalid || len(f.Fields) == 0 || f.Fields[len(f.Fields)-1].Key != wrong.key {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

// What a published version demands counts until another is published: or two courses would demand each other, and nobody could begin either.
func TestRequirementsOfWhatIsPublished(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStudio(t, d)
		tid := s.w.A.ID
		release := func(c Course) Course {
			t.Helper()
			c, err := s.Find(t.Context(), tid, c.ID)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := s.Publish(t.Context(), tid, c.ID, c.ContentVersion); err != nil {
				t.Fatal(err)
			}
			if c, err = s.Find(t.Context(), tid, c.ID); err != nil {
				t.Fatal(err)
			}
			return c
		}
		first := func() Course {
			t.Helper()
			c := s.course(tid, SharedNone)
			s.save(s.lesson(tid, c.ID, KindPage, "p"), Body{Page: &PageBody{HTML: "<p>x</p>"}})
			return release(c)
		}
		one, two := first(), first()
		one, err := s.demand(one, two.ID)
		if err != nil {
			t.Fatal(err)
		}
		one = release(one)
		if one, err = s.demand(one); err != nil { // taken back in the draft alone
			t.Fatal(err)
		}
		var f *fault.Error
		if _, err = s.demand(two, one.ID); !errors.As(err, &f) || len(f.Fields) != 1 || f.Fields[0].Key != "course_circle" {
			t.Errorf("a circle through what is published: %v", err)
		}
		one = release(one)
		if _, err = s.demand(two, one.ID); err != nil {
			t.Errorf("after it was published without: %v", err)
		}
	})
}

// Two editors who make two courses demand each other at the same moment do not shut everybody out of both.
func TestRequirementsAtOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStudio(t, d)
		for range 10 {
			one, two := s.published(s.w.A.ID, SharedNone), s.published(s.w.A.ID, SharedNone)
			var group errgroup.Group
			refused := make([]error, 2)
			group.Go(func() error { _, refused[0] = s.demand(one, two.ID); return nil })
			group.Go(func() error { _, refused[1] = s.demand(two, one.ID); return nil })
			_ = group.Wait() // what went wrong is in refused
			if (refused[0] == nil) == (refused[1] == nil) {
				t.Fatalf("%v; %v", refused[0], refused[1])
			}
		}
	})
}
