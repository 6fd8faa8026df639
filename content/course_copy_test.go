package content

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"io"
	"slices"
	"strings"
	"testing"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/blob"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// copier is a bookshop where courses are copied.
type copier struct {
	bookshop
	assets    *Assets
	questions *Questions
	copies    *CourseCopies
}

func newCopier(t *testing.T, d *db.DB, store *blob.Store) copier {
	t.Helper()
	s := newBookshop(t, d)
	audit := tenant.NewAudit(d, make([]byte, 32), s.clock.Now)
	assets, questions := NewAssets(d, store, audit, s.clock.Now, AssetLimits{}), NewQuestions(d, audit, s.clock.Now)
	return copier{s, assets, questions, NewCourseCopies(d, assets, s.versions, questions, audit, s.clock.Now)}
}

// editing is the context of somebody of an organisation who may make courses.
func (s copier) editing(org kit.Org) context.Context {
	s.t.Helper()
	person := kit.NewPerson(s.t, s.d, org.ID, "editor-"+db.NewID().String()[24:], "編集者", string(tenant.RoleEditor))
	return tenant.WithActor(s.t.Context(), tenant.Actor{Kind: "person", Tenant: org.ID, Person: person, Name: "編集者", Role: string(tenant.RoleEditor)})
}

// store keeps a file and has it looked at.
func (s copier) store(tid tenant.ID, kind AssetKind, name string, raw []byte) Asset {
	s.t.Helper()
	a, err := s.assets.Store(s.t.Context(), tid, db.NewID(), NewFile{Kind: kind, FileName: name, Size: int64(len(raw))}, bytes.NewReader(raw))
	if err == nil && a.State == AssetProcessing {
		err = s.assets.Probe(s.t.Context(), tid, a.ID, func(int64, int64) {})
	}
	if err != nil {
		s.t.Fatal(err)
	}
	if a, err = s.assets.Find(s.t.Context(), tid, a.ID); err != nil || a.State != AssetReady {
		s.t.Fatalf("%s: %+v %v", name, a, err)
	}
	return a
}

// run does the job of a copy.
func (s copier) run(tid tenant.ID, id db.ID) error {
	s.t.Helper()
	return s.copies.CopyJob(s.t.Context(), db.Job{ID: id, Tenant: tid.Number(), Payload: fmt.Appendf(nil, `{"copy":%q}`, id), Attempts: 1, Max: 6}, func(int64, int64) {})
}

// bytesOf reads what is stored of a file.
func (s copier) bytesOf(key string) []byte {
	s.t.Helper()
	r, _, err := s.assets.store.Open(s.t.Context(), key, 0, -1)
	if err != nil {
		s.t.Fatal(err)
	}
	defer func() { _ = r.Close() }()
	raw, err := io.ReadAll(r)
	if err != nil {
		s.t.Fatal(err)
	}
	return raw
}

// course is a course of the association that is shared with all: a page with a picture, a PDF, a package, and a test that draws from the bank in two ways.
func (s copier) course(pdf []byte) db.ID {
	s.t.Helper()
	tid := s.w.Association.ID
	ctx := tenant.WithActor(s.t.Context(), tenant.Actor{Tenant: tid, Person: s.w.Association.Manager})
	picture, paper := s.store(tid, AssetImage, "図.png", bigPNG(s.t)), s.store(tid, AssetPDF, "規程.pdf", pdf)
	pack := s.store(tid, AssetPackage, "教材.zip", zipOf(s.t, entry{name: "imsmanifest.xml", body: manifest12}, entry{name: "Index.html", body: "<p>1</p>"}, entry{name: "pages/case.html", body: "<p>2</p>"}, entry{name: "empty.txt"}))
	id := db.NewID()
	cover := s.store(tid, AssetImage, "表紙.png", smallPNG(s.t))
	if _, err := s.Create(ctx, tid, id, CourseFields{Cover: cover.ID, Title: "共通の研修", Summary: "全員が学びます", Language: "ja", Shared: SharedAll, Ordered: true, Audience: "全職員", Minutes: 30}); err != nil {
		s.t.Fatal(err)
	}
	var fixed []db.ID
	for n := range 4 {
		in := QuestionInput{Category: "共通/基礎", Difficulty: 1 + n%2, Tags: []string{"毎年"}, Question: yesNo(fmt.Sprintf("問%d", n))}
		q, err := s.questions.Create(ctx, tid, db.NewID(), in)
		if err != nil {
			s.t.Fatal(err)
		}
		if n == 3 {
			fixed = append(fixed, q.ID)
		}
	}
	quiz := NewBody(KindQuiz)
	quiz.Quiz.Questions = []Question{yesNo("いつもの問い")}
	quiz.Quiz.Questions[0].ID = db.NewID()
	quiz.Quiz.Draws = []Draw{{Category: "共通", Difficulty: 1, Count: 1}, {Questions: fixed}, {Category: "共通", Count: 1}} // the last holds what the others do
	twin := s.store(tid, AssetImage, "同じ図.png", bigPNG(s.t))                                                            // the same bytes were uploaded twice
	bodies := []struct {
		title string
		body  Body
	}{
		{"読み物", page(`<p>本文</p><img data-asset="` + picture.ID.String() + `" alt="図"><img data-asset="` + twin.ID.String() + `" alt="同じ図">`)},
		{"資料", Body{PDF: &PDFBody{Asset: paper.ID}}},
		{"教材", Body{Package: &PackageBody{Asset: pack.ID, Complete: CompleteByCompletion}}},
		{"テスト", quiz},
	}
	after := db.ID{}
	for _, b := range bodies {
		l, err := s.AddLesson(ctx, tid, id, db.NewID(), b.body.Kind(), b.title, after)
		if err != nil {
			s.t.Fatal(err)
		}
		if _, err := s.SaveLesson(ctx, tid, l.ID, SaveLesson{Base: l.Version, SaveID: db.NewID().String(), Title: b.title, Body: b.body}); err != nil {
			s.t.Fatal(err)
		}
		after = l.ID
	}
	c, err := s.Find(ctx, tid, id)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.Publish(ctx, tid, id, c.ContentVersion); err != nil {
		missing, _ := s.Missing(ctx, tid, id)
		s.t.Fatal(err, missing)
	}
	return id
}

func yesNo(text string) Question {
	return Question{Kind: "single", Text: text, Choices: []Choice{{"a", "はい"}, {"b", "いいえ"}}, Correct: []string{"a"}, Explanation: "なぜなら"}
}

// A copy is the organisation's own in everything: files, questions, packages. It can be published, and outlives what it was made of.
func TestCopyingACourse(t *testing.T) {
	eachStore(t, func(t *testing.T, d *db.DB, store *blob.Store) {
		s := newCopier(t, d, store)
		a, tid := s.w.A, s.w.A.ID
		pdf := []byte("%PDF-1.4\n1 0 obj<</Type/Page>>endobj\n%%EOF")
		source := s.course(pdf)
		have := s.store(tid, AssetPDF, "うちの規程.pdf", pdf) // the same bytes
		ctx := s.editing(a)
		for _, title := range []string{"", strings.Repeat("長", MaxTitle+1)} {
			if _, err := s.copies.Begin(ctx, tid, db.NewID(), source, title); !fault.Is(err, fault.Invalid) {
				t.Errorf("title %.20q: %v", title, err)
			}
		}
		if _, err := s.copies.Begin(ctx, tid, db.NewID(), db.NewID(), "ない"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a course that is not in the catalogue: %v", err)
		}
		id := db.NewID()
		for range 2 { // the same request twice
			c, err := s.copies.Begin(ctx, tid, id, source, " うちの研修/基礎 ")
			if err != nil || c.State != CopyCopying || c.Title != "うちの研修/基礎" {
				t.Fatalf("%+v %v", c, err)
			}
		}
		for range 2 { // the job twice
			if err := s.run(tid, id); err != nil {
				t.Fatal(err)
			}
		}
		c, err := s.copies.Latest(ctx, tid, source)
		if err != nil || c.State != CopyDone || c.Course.IsZero() {
			t.Fatalf("%+v %v", c, err)
		}
		course, err := s.Find(ctx, tid, c.Course)
		if err != nil || course.Title != "うちの研修/基礎" || course.Summary != "全員が学びます" || !course.Ordered || course.Minutes != 30 || course.State != CourseDraft || course.Shared != SharedNone || course.LessonCount != 4 {
			t.Fatalf("%+v %v", course, err)
		}
		if cover := mustAsset(t, s, tid, course.Cover); cover.FileName != "表紙.png" || cover.Kind != AssetImage {
			t.Errorf("the cover is %+v", cover)
		}
		// What it was made of goes: the copy does not notice.
		if _, err := s.SetArchived(t.Context(), s.w.Association.ID, source, true); err != nil {
			t.Fatal(err)
		}
		v, err := s.Publish(ctx, tid, c.Course, course.ContentVersion)
		if err != nil {
			missing, _ := s.Missing(ctx, tid, c.Course)
			t.Fatal(err, missing)
		}
		quiz := v.Lessons[3].Body.Quiz
		if len(quiz.Draws) != 3 || quiz.Draws[0].Count != 1 || len(quiz.Draws[0].From) != 2 || len(quiz.Draws[1].Questions) != 1 || len(quiz.Draws[2].From) != 4 || len(quiz.Pool) != 4 || len(quiz.Questions) != 1 {
			t.Errorf("the test draws otherwise: %+v", quiz)
		}
		if quiz.Draws[0].Category != "うちの研修 基礎" || !slices.Equal(quiz.Draws[0].Tags, []string{"テスト 1"}) {
			t.Errorf("its questions are in %q", quiz.Draws[0].Category)
		}
		if v.Lessons[1].Body.PDF.Asset != have.ID {
			t.Error("the file that was there was copied once more")
		}
		for _, l := range v.Lessons[:3] {
			for _, file := range l.Body.files() {
				one, err := s.assets.Find(ctx, tid, file)
				if err != nil || one.State != AssetReady {
					t.Fatalf("%s: %+v %v", l.Title, one, err)
				}
				if one.Kind != AssetPackage && !strings.Contains(one.key, a.Public.String()) {
					t.Errorf("%s lies at %s", l.Title, one.key)
				}
			}
		}
		picture, err := s.assets.Find(ctx, tid, v.Lessons[0].Body.files()[0])
		if err != nil || picture.Width != 1200 || len(s.bytesOf(picture.key)) != int(picture.Size) {
			t.Errorf("%+v %v", picture, err)
		}
		links, err := s.assets.Links(ctx, tid, tid.Number(), picture.ID)
		if err != nil || len(links[picture.ID].Sizes) == 0 {
			t.Errorf("pictures of other widths: %+v %v", links, err)
		}
		p, err := findPackage(ctx, d, tid.Number(), mustAsset(t, s, tid, v.Lessons[2].Body.Package.Asset).SHA256)
		if err != nil || p.Files != 4 || p.Title != "情報セキュリティ" {
			t.Fatalf("%+v %v", p, err)
		}
		var got []string
		for n := 1; n <= 4; n++ {
			got = append(got, string(s.bytesOf(packageKey(a.Public, p.folder, n))))
		}
		if slices.Sort(got); !slices.Contains(got, "<p>2</p>") || got[0] != "" {
			t.Errorf("the package holds %.80q", got)
		}
		// The package is replaced here: another copy uses what is unpacked already.
		other := s.store(tid, AssetPackage, "新.zip", zipOf(s.t, entry{name: "imsmanifest.xml", body: manifest12}, entry{name: "Index.html", body: "<p>new</p>"}, entry{name: "pages/case.html", body: "<p>2</p>"}))
		if _, err := s.assets.Replace(ctx, tid, v.Lessons[2].Body.Package.Asset, other.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.SetArchived(t.Context(), s.w.Association.ID, source, false); err != nil {
			t.Fatal(err)
		}
		third := db.NewID()
		if _, err := s.copies.Begin(ctx, tid, third, source, "三つ目"); err != nil {
			t.Fatal(err)
		}
		if err := s.run(tid, third); err != nil {
			t.Fatal(err)
		}
		if c, err := s.copies.Find(ctx, tid, third); err != nil || c.State != CopyDone {
			t.Fatalf("after the package was replaced: %+v %v", c, err)
		}
		// A run that comes too late, and fails, takes nothing away from the one that was done.
		late, err := s.copies.Find(ctx, tid, id)
		if err != nil {
			t.Fatal(err)
		}
		if err := s.copies.stop(ctx, tid, late, "internal", &copiedFiles{assets: s.assets, tid: tid, org: a.Public, files: []copiedFile{{Asset: picture}}}); err != nil {
			t.Fatal(err)
		}
		if len(s.bytesOf(picture.key)) != int(picture.Size) {
			t.Error("a late run removed a file of the course")
		}
		// A second copy takes nothing more, and its questions do not mix with those of the first.
		kept, err := s.assets.kept(ctx, d, tid)
		if err != nil {
			t.Fatal(err)
		}
		again := db.NewID()
		if _, err := s.copies.Begin(ctx, tid, again, c.Course, "うちの研修/基礎"); err != nil {
			t.Fatal(err)
		}
		if err := s.run(tid, again); err != nil {
			t.Fatal(err)
		}
		if now, err := s.assets.kept(ctx, d, tid); err != nil || now != kept {
			t.Errorf("a copy of one's own course takes %d bytes more (%v)", now-kept, err)
		}
		if c, err = s.copies.Find(ctx, tid, again); err != nil || c.State != CopyDone {
			t.Fatalf("%+v %v", c, err)
		}
		if missing, err := s.Missing(ctx, tid, c.Course); err != nil || len(missing) > 0 {
			t.Errorf("the copy of the copy is not complete: %v %v", missing, err)
		}
	})
}

// bigPNG is a picture wide enough for smaller ones to be made of it.
func bigPNG(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 1200, 300))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func mustAsset(t *testing.T, s copier, tid tenant.ID, id db.ID) Asset {
	t.Helper()
	a, err := s.assets.Find(t.Context(), tid, id)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// What cannot be copied leaves nothing behind, and says why.
func TestCopiesThatStop(t *testing.T) {
	eachStore(t, func(t *testing.T, d *db.DB, store *blob.Store) {
		s := newCopier(t, d, store)
		a, tid := s.w.A, s.w.A.ID
		source := s.course([]byte("%PDF-1.4\n1 0 obj<</Type/Page>>endobj\n%%EOF"))
		objects := func() (n int) {
			for _, err := range store.List(t.Context(), "t/"+a.Public.String()+"/") {
				if err != nil {
					t.Fatal(err)
				}
				n++
			}
			return n
		}
		begin := func(ctx context.Context) db.ID {
			t.Helper()
			id := db.NewID()
			if _, err := s.copies.Begin(ctx, tid, id, source, "写し"); err != nil {
				t.Fatal(err)
			}
			return id
		}
		stopped := func(id db.ID, why string) {
			t.Helper()
			if err := s.run(tid, id); err != nil {
				t.Fatal(err)
			}
			if c, err := s.copies.Find(t.Context(), tid, id); err != nil || c.State != CopyStopped || c.Problem != why || !c.Course.IsZero() {
				t.Errorf("%+v %v, want %s", c, err, why)
			}
			if n := objects(); n != 0 {
				t.Errorf("%s: %d objects are left", why, n)
			}
			if courses, _, err := s.List(t.Context(), tid, CourseQuery{}); err != nil || len(courses) != 0 {
				t.Errorf("%s: %v %v", why, courses, err)
			}
		}
		s.assets.limits.Quota = 100
		stopped(begin(s.editing(a)), "file_quota")
		s.assets.limits.Quota = 1 << 30
		ctx := s.editing(a)
		id := begin(ctx)
		if _, err := d.Exec(t.Context(), "DELETE FROM person_role WHERE person_id = ?", tenant.ActorFrom(ctx).Person); err != nil {
			t.Fatal(err)
		}
		stopped(id, "orderer_gone") // the right was taken away after the request
		if err := s.shareWith(source, SharedNone); err != nil {
			t.Fatal(err)
		}
		if _, err := s.copies.Begin(s.editing(a), tid, db.NewID(), source, "写し"); !fault.Is(err, fault.NotFound) {
			t.Errorf("a course that is shared no more: %v", err)
		}
		if _, err := s.copies.Find(t.Context(), s.w.B.ID, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("another organisation's copy: %v", err)
		}
	})
}

// A course that was published before there was a limit goes on being learnt, copied and archived; what is made of it cannot be published as it is, and says why.
func TestCoursesFromBeforeTheLimit(t *testing.T) {
	onBoth := func(test func(t *testing.T, d *db.DB)) { // how MariaDB isolates is nothing to it, and it moves many bytes
		t.Run("sqlite", func(t *testing.T) { test(t, kit.SQLite(t)) })
		t.Run("mariadb", func(t *testing.T) { test(t, kit.MariaDB(t)) })
	}
	onBoth(func(t *testing.T, d *db.DB) {
		s := newCopier(t, d, dirStore(t))
		a, tid, owner := s.w.A, s.w.A.ID, s.w.Association.ID
		ctx := tenant.WithActor(t.Context(), tenant.Actor{Tenant: owner, Person: s.w.Association.Manager})
		id := db.NewID()
		if _, err := s.Create(ctx, owner, id, CourseFields{Title: "大きな研修", Language: "ja", Shared: SharedAll}); err != nil {
			t.Fatal(err)
		}
		l, err := s.AddLesson(ctx, owner, id, db.NewID(), KindPage, "第1章", db.ID{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.SaveLesson(ctx, owner, l.ID, SaveLesson{Base: l.Version, SaveID: "a", Title: "第1章", Body: page("<p>本文</p>")}); err != nil {
			t.Fatal(err)
		}
		c, err := s.Find(ctx, owner, id)
		if err != nil {
			t.Fatal(err)
		}
		small, err := s.Publish(ctx, owner, id, c.ContentVersion)
		if err != nil {
			t.Fatal(err)
		}
		large := `{"html":"<p>` + strings.Repeat("a", MaxBody-1000) + `</p>"}`
		const more = MaxCourse/MaxBody + 1
		for n := range more {
			if _, err := d.Exec(ctx, `INSERT INTO version_lesson (tenant_id, id, course_version_id, lesson_id, position, kind, title, body) VALUES (?, ?, ?, ?, ?, 'page', '章', ?)`,
				owner, db.NewID(), small.ID, db.NewID(), n+2, large); err != nil {
				t.Fatal(err)
			}
		}
		s.versions = NewVersions(d, s.clock.Now, 0)
		s.copies.versions = s.versions
		for range 2 { // kept in memory or not
			if v, err := s.versions.FindVersion(ctx, tid, owner.Number(), small.ID); err != nil || len(v.Lessons) != more+1 {
				t.Fatalf("it does not open: %v", err)
			}
		}
		if page, err := s.versions.FindLatest(ctx, tid, id); err != nil || page.ID != small.ID {
			t.Errorf("the catalogue: %v", err)
		}
		copied := db.NewID()
		if _, err := s.copies.Begin(s.editing(a), tid, copied, id, "写し"); err != nil {
			t.Fatal(err)
		}
		if err := s.run(tid, copied); err != nil {
			t.Fatal(err)
		}
		made, err := s.copies.Find(ctx, tid, copied)
		if err != nil || made.State != CopyDone {
			t.Fatalf("the copy: %+v %v", made, err)
		}
		draft, err := s.Find(ctx, tid, made.Course)
		if err != nil || draft.LessonCount != more+1 {
			t.Fatalf("the draft: %+v %v", draft, err)
		}
		if missing, err := s.Missing(ctx, tid, made.Course); err != nil || len(missing) != 1 || missing[0].Key != "course_too_large" {
			t.Errorf("what the draft lacks: %+v %v", missing, err)
		}
		if _, err := s.Publish(s.editing(a), tid, made.Course, draft.ContentVersion); !fault.Is(err, fault.Invalid) || len(fieldsOf(err)) != 1 {
			t.Errorf("published: %v", err)
		}
		if _, err := s.SetArchived(s.editing(a), tid, made.Course, true); err != nil {
			t.Errorf("the draft cannot be archived: %v", err)
		}
		for _, archived := range []bool{true, false} {
			if _, err := s.SetArchived(ctx, owner, id, archived); err != nil {
				t.Errorf("archived %v: %v", archived, err)
			}
		}
	})
}
