package content

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// bookshop is a studio with the services that read the catalogue.
type bookshop struct {
	studio
	versions   *Versions
	catalogues *Catalogues
}

func newBookshop(t *testing.T, d *db.DB) bookshop {
	t.Helper()
	s := newStudio(t, d)
	v := NewVersions(d, s.clock.Now, 0)
	return bookshop{s, v, NewCatalogues(d, tenant.NewAudit(d, make([]byte, 32), s.clock.Now), v, s.clock.Now)}
}

// publish saves a text into a lesson of the association's course and publishes.
func (s bookshop) publish(l Lesson, text string) CourseVersion {
	s.t.Helper()
	s.clock.Add(time.Minute)
	tid := s.w.Association.ID
	now, err := s.FindLesson(s.t.Context(), tid, l.ID)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.SaveLesson(s.t.Context(), tid, l.ID, SaveLesson{Base: now.Version, SaveID: db.NewID().String(), Title: l.Title, Body: page(text)}); err != nil {
		s.t.Fatal(err)
	}
	c, err := s.Find(s.t.Context(), tid, l.Course)
	if err != nil {
		s.t.Fatal(err)
	}
	v, err := s.Publish(s.t.Context(), tid, l.Course, c.ContentVersion)
	if err != nil {
		s.t.Fatal(err)
	}
	s.clock.Add(time.Minute)
	return v
}

// shareWith changes with whom the course is shared.
func (s bookshop) shareWith(course db.ID, shared string, members ...db.ID) error {
	s.t.Helper()
	c, err := s.Find(s.t.Context(), s.w.Association.ID, course)
	if err != nil {
		s.t.Fatal(err)
	}
	s.clock.Add(time.Minute)
	_, err = s.Update(s.t.Context(), s.w.Association.ID, course, c.Version, CourseFields{Title: c.Title, Language: c.Language, Shared: shared, Organisations: members, Audience: c.Audience})
	return err
}

// reads tells whether tid gets the course for a new round, and whether it can read a version of it.
func (s bookshop) reads(tid tenant.ID, course, version db.ID) (offered, readable bool) {
	s.t.Helper()
	s.clock.Add(shareRemembered + time.Second)
	for i, err := range []error{
		func() error { _, err := s.versions.FindLatest(s.t.Context(), tid, course); return err }(),
		func() error {
			_, err := s.versions.FindVersion(s.t.Context(), tid, s.w.Association.ID.Number(), version)
			return err
		}(),
	} {
		if err != nil && !fault.Is(err, fault.NotFound) {
			s.t.Fatal(err)
		}
		if i == 0 {
			offered = err == nil
		} else {
			readable = err == nil
		}
	}
	return offered, readable
}

// A course shared with chosen organisations is theirs alone; who is taken off the list keeps what was published until then and nothing later.
func TestSharingWithChosenOrganisations(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newBookshop(t, d)
		course := s.course(s.w.Association.ID, SharedNone).ID
		l := s.lesson(s.w.Association.ID, course, KindPage, "本文")
		first := s.publish(l, "<p>一版</p>").ID
		want := func(who string, tid tenant.ID, version db.ID, offered, readable bool) {
			t.Helper()
			if o, r := s.reads(tid, course, version); o != offered || r != readable {
				t.Errorf("%s: offered %v, readable %v; want %v, %v", who, o, r, offered, readable)
			}
		}
		want("private", s.w.A.ID, first, false, false)
		for name, list := range map[string][]db.ID{"nobody": nil, "an unknown organisation": {db.NewID()}, "the association": {s.w.Association.Public}} {
			if err := s.shareWith(course, SharedChosen, list...); !fault.Is(err, fault.Invalid) {
				t.Errorf("shared with %s: %v", name, err)
			}
		}
		if err := s.shareWith(course, SharedChosen, s.w.A.Public); err != nil {
			t.Fatal(err)
		}
		if c, err := s.Find(t.Context(), s.w.Association.ID, course); err != nil || !slices.Equal(c.Organisations, []db.ID{s.w.A.Public}) {
			t.Errorf("%+v, %v", c.Organisations, err)
		}
		want("chosen", s.w.A.ID, first, true, true)
		want("not chosen", s.w.B.ID, first, false, false)
		if err := s.shareWith(course, SharedChosen, s.w.B.Public); err != nil {
			t.Fatal(err)
		}
		second := s.publish(l, "<p>二版</p>").ID
		want("taken off, what it had", s.w.A.ID, first, false, true)
		want("taken off, what came later", s.w.A.ID, second, false, false)
		want("put on", s.w.B.ID, second, true, true)
		if err := s.shareWith(course, SharedNone); err != nil {
			t.Fatal(err)
		}
		third := s.publish(l, "<p>三版</p>").ID
		want("private again, what it had", s.w.B.ID, second, false, true)
		want("private again, what came later", s.w.B.ID, third, false, false)
		if err := s.shareWith(course, SharedChosen, s.w.A.Public, s.w.B.Public); err != nil {
			t.Fatal(err)
		}
		want("put on once more", s.w.A.ID, third, true, true)
		if _, err := s.Create(t.Context(), s.w.A.ID, db.NewID(), CourseFields{Title: "x", Language: "ja", Shared: SharedChosen, Organisations: []db.ID{s.w.B.Public}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a member shares with another: %v", err)
		}
		members, err := s.catalogues.Members(t.Context(), s.w.Association.ID)
		if err != nil || !slices.ContainsFunc(members, func(m Member) bool { return m.ID == s.w.A.Public }) || slices.ContainsFunc(members, func(m Member) bool { return m.ID == s.w.Association.Public }) {
			t.Errorf("%+v, %v", members, err)
		}
		if members, err := s.catalogues.Members(t.Context(), s.w.A.ID); err != nil || len(members) != 0 {
			t.Errorf("a member reads the register: %+v, %v", members, err)
		}
	})
}

// Once an organisation has begun to use a course of the association, a newer version is used when it agrees, and not before; others are not concerned.
func TestTakingVersions(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newBookshop(t, d)
		ctx, a, b := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: s.w.A.ID, Person: s.w.A.Manager, Name: "責任者"}), s.w.A.ID, s.w.B.ID
		course := s.course(s.w.Association.ID, SharedAll).ID
		l := s.lesson(s.w.Association.ID, course, KindPage, "本文")
		first := s.publish(l, "<p>一版</p>").ID
		number := func(tid tenant.ID) int {
			t.Helper()
			v, err := s.versions.FindLatest(ctx, tid, course)
			if err != nil {
				t.Fatal(err)
			}
			return v.Number
		}
		keep := func(tid tenant.ID) {
			t.Helper()
			err := d.Tx(ctx, func(tx *db.Tx) error {
				v, err := s.versions.FindLatest(ctx, tid, course)
				if err != nil {
					return err
				}
				return s.versions.Keep(ctx, tx, tid, v.Tenant, v.Course, v.ID)
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		keep(a)
		added := s.lesson(s.w.Association.ID, course, KindPledge, "誓約")
		if _, err := s.SaveLesson(t.Context(), s.w.Association.ID, added.ID, SaveLesson{Base: added.Version, SaveID: "p", Title: "誓約", Body: Body{Pledge: &PledgeBody{Text: "守ります"}}}); err != nil {
			t.Fatal(err)
		}
		second := s.publish(l, "<p>二版</p>").ID
		keep(a) // a further round keeps what was kept
		if number(a) != 1 || number(b) != 2 {
			t.Errorf("A uses %d, B %d", number(a), number(b))
		}
		e, err := s.catalogues.Find(ctx, a, course)
		if err != nil || e.Number != 1 || !e.HasNewer() || e.NewestNo != 2 || len(e.Lessons) != 1 || len(e.Changes) != 2 || e.Changes[0].Change != LessonChanged || e.Changes[1] != (LessonChange{LessonAdded, KindPledge, "誓約"}) {
			t.Fatalf("%+v, %v", e, err)
		}
		if got, err := e.Lesson(e.Offer.Course); !fault.Is(err, fault.NotFound) {
			t.Errorf("%+v, %v", got, err)
		}
		if e, err := s.catalogues.Find(ctx, b, course); err != nil || e.HasNewer() || len(e.Changes) != 0 {
			t.Errorf("%+v, %v", e, err)
		}
		if _, err := s.catalogues.Take(ctx, a, course, first); !fault.Is(err, fault.Conflict) {
			t.Errorf("taking what is not the newest: %v", err)
		}
		own, version := publishedCourse(t, d, a, "none")
		if _, err := s.catalogues.Take(ctx, a, own, version); !fault.Is(err, fault.NotFound) {
			t.Errorf("taking an own course: %v", err)
		}
		if _, err := s.catalogues.Take(ctx, b, own, version); !fault.Is(err, fault.NotFound) {
			t.Errorf("taking somebody's course: %v", err)
		}
		slow, err := s.versions.offer(ctx, a, course) // of somebody who takes their time
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // pressed twice
			if e, err := s.catalogues.Take(ctx, a, course, second); err != nil || e.Number != 2 || e.HasNewer() {
				t.Fatalf("%+v, %v", e, err)
			}
		}
		var events int
		if err := d.QueryRow(ctx, `SELECT COUNT(*) FROM audit_event WHERE tenant_id = ? AND action = 'course.take'`, a).Scan(&events); err != nil || events != 1 {
			t.Errorf("%d events, %v", events, err)
		}
		if number(a) != 2 {
			t.Errorf("A uses %d after it agreed", number(a))
		}
		third := s.publish(l, "<p>三版</p>").ID
		if _, err := s.catalogues.Take(ctx, a, course, third); err != nil {
			t.Fatal(err)
		}
		if err := s.catalogues.take(ctx, a, slow, nil); !fault.Is(err, fault.Conflict) || number(a) != 3 {
			t.Errorf("the second version after the third: %v, A uses %d", err, number(a))
		}
	})
}

func TestSearchingTheCatalogue(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newBookshop(t, d)
		own, _ := publishedCourse(t, d, s.w.A.ID, "none")
		shared, _ := publishedCourse(t, d, s.w.Association.ID, "all")
		if _, err := d.Exec(t.Context(), `UPDATE course_version SET title = 'ＰＣの安全', audience = '事務の方', minutes = 20, language = 'en', requires = '[{"tenant":1,"title":"はじめに"}]' WHERE tenant_id = ? AND course_id = ?`, s.w.Association.ID, shared); err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			f    OfferFilter
			want []db.ID
		}{
			{OfferFilter{}, []db.ID{own, shared}},
			{OfferFilter{Q: "pcの"}, []db.ID{shared}},
			{OfferFilter{Q: "事務"}, []db.ID{shared}},
			{OfferFilter{Language: "ja"}, []db.ID{own}},
			{OfferFilter{Owner: "association"}, []db.ID{shared}},
			{OfferFilter{Owner: "own", Q: "事務"}, nil},
		} {
			got, err := s.versions.Catalogue(t.Context(), s.w.A.ID, c.f)
			var ids []db.ID
			for _, o := range got {
				ids = append(ids, o.Course)
			}
			if err != nil || !slices.Equal(ids, c.want) {
				t.Errorf("%+v: %v, %v", c.f, got, err)
			}
			for _, o := range got {
				if first := o.Course == shared; first != (len(o.Requires) == 1) || first && o.Requires[0].Title != "はじめに" {
					t.Errorf("what comes before %s: %+v", o.Title, o.Requires)
				}
			}
		}
	})
}

// Of those who publish, or take, a version at once and choose differently, one is first; the others are told, on both engines.
func TestOneChoiceWithOneVersion(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newBookshop(t, d)
		a := s.w.A.ID
		ctx := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: a, Person: s.w.A.Manager, Role: string(tenant.RoleManager)})
		course, _ := publishedCourse(t, d, s.w.Association.ID, "all")
		l := s.lesson(s.w.Association.ID, course, KindPage, "本文")
		s.publish(l, "<p>一版</p>")
		if err := d.Tx(ctx, func(tx *db.Tx) error {
			v, err := s.versions.FindLatest(ctx, a, course)
			if err == nil {
				err = s.versions.Keep(ctx, tx, a, v.Tenant, v.Course, v.ID)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
		atOnce := func(do func(with Along) error) {
			t.Helper()
			var group sync.WaitGroup
			var mu sync.Mutex
			first, refused, fine := 0, 0, 0
			for choice := 1; choice <= 4; choice++ {
				group.Go(func() {
					err := do(Along{
						First: func(context.Context, *db.Tx, *CourseVersion) error {
							mu.Lock()
							defer mu.Unlock()
							first = choice
							return nil
						},
						Again: func(context.Context, *db.Tx, *CourseVersion) error {
							mu.Lock()
							defer mu.Unlock()
							if first != choice {
								return fault.New(fault.Conflict, "moved_otherwise")
							}
							return nil
						},
					})
					mu.Lock()
					defer mu.Unlock()
					switch {
					case keyOf(err) == "moved_otherwise":
						refused++
					case err == nil && first == choice:
						fine++
					default:
						t.Errorf("choice %d, the first is %d: %v", choice, first, err)
					}
				})
			}
			group.Wait()
			if fine != 1 || refused != 3 {
				t.Errorf("%d had their way, %d were told", fine, refused)
			}
		}
		now, err := s.FindLesson(ctx, s.w.Association.ID, l.ID)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.SaveLesson(ctx, s.w.Association.ID, l.ID, SaveLesson{Base: now.Version, SaveID: "x", Title: l.Title, Body: page("<p>二版</p>")}); err != nil {
			t.Fatal(err)
		}
		c, err := s.Find(ctx, s.w.Association.ID, course)
		if err != nil {
			t.Fatal(err)
		}
		atOnce(func(with Along) error {
			_, err := s.Publish(ctx, s.w.Association.ID, course, c.ContentVersion, with)
			return err
		})
		if c, err = s.Find(ctx, s.w.Association.ID, course); err != nil {
			t.Fatal(err)
		}
		atOnce(func(with Along) error {
			_, err := s.catalogues.Take(ctx, a, course, c.LatestVersion, with)
			return err
		})
		nobody := Along{
			First: func(context.Context, *db.Tx, *CourseVersion) error { t.Error("it is taken again"); return nil },
			Again: func(context.Context, *db.Tx, *CourseVersion) error {
				t.Error("somebody chose otherwise, it says")
				return nil
			},
		}
		for range 2 { // the newest counts by itself, and then by its first use
			if _, err := s.catalogues.Take(ctx, s.w.B.ID, course, c.LatestVersion, nobody); err != nil {
				t.Errorf("an organisation that took none: %v", err)
			}
			if err := d.Tx(ctx, func(tx *db.Tx) error {
				return s.versions.Keep(ctx, tx, s.w.B.ID, s.w.Association.ID.Number(), course, c.LatestVersion)
			}); err != nil {
				t.Fatal(err)
			}
		}
	})
}
