package content

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

type studio struct {
	*Courses
	t     *testing.T
	d     *db.DB
	w     kit.World
	clock *kit.Clock
}

func newStudio(t *testing.T, d *db.DB) studio {
	t.Helper()
	clock := kit.NewClock()
	return studio{NewCourses(d, tenant.NewAudit(d, make([]byte, 32), clock.Now), clock.Now), t, d, kit.NewWorld(t, d), clock}
}

func (s studio) course(tid tenant.ID, shared string) Course {
	s.t.Helper()
	c, err := s.Create(s.t.Context(), tid, db.NewID(), CourseFields{Title: "個人情報の基本", Language: "ja", Shared: shared})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

func (s studio) lesson(tid tenant.ID, course db.ID, kind LessonKind, title string) Lesson {
	s.t.Helper()
	l, err := s.AddLesson(s.t.Context(), tid, course, db.NewID(), kind, title, db.ID{})
	if err != nil {
		s.t.Fatal(err)
	}
	return l
}

func page(html string) Body { return Body{Page: &PageBody{HTML: html}} }

func TestLessonSaveNeverOverwrites(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStudio(t, d)
		l := s.lesson(s.w.A.ID, s.course(s.w.A.ID, SharedNone).ID, KindPage, "はじめに")
		one := SaveLesson{Title: "はじめに", Body: page("<p>一</p>"), Base: l.Version, SaveID: "s1"}
		first, err := s.SaveLesson(t.Context(), s.w.A.ID, l.ID, one)
		if err != nil || first.Version != 2 {
			t.Fatalf("%+v %v", first, err)
		}
		if again, err := s.SaveLesson(t.Context(), s.w.A.ID, l.ID, one); err != nil || again.Version != 2 {
			t.Errorf("the repeat of a save: %d, %v", again.Version, err)
		}
		_, err = s.SaveLesson(t.Context(), s.w.A.ID, l.ID, SaveLesson{Title: "はじめに", Body: page("<p>別</p>"), Base: 1, SaveID: "s2"})
		var conflict *LessonConflict
		if !errors.As(err, &conflict) || !fault.Is(err, fault.Conflict) || conflict.Current.Body.Page.HTML != "<p>一</p>" {
			t.Fatalf("a late save: %v", err)
		}
		mine := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: s.w.A.ID, Person: s.w.A.Manager, Name: "編集"})
		if _, err := s.SaveLesson(mine, s.w.A.ID, l.ID, SaveLesson{Title: "はじめに", Body: page("<p>別</p>"), Base: 1, SaveID: "s5"}); !errors.As(err, &conflict) || !conflict.Current.SaverID.IsZero() {
			t.Errorf("what the system saved is somebody's: %v %v", conflict.Current.SaverID, err)
		}
		if _, err := s.SaveLesson(t.Context(), s.w.A.ID, l.ID, SaveLesson{Title: "はじめに", Body: page("<p>一</p>"), Base: 1, SaveID: "s3"}); err != nil {
			t.Errorf("a late save of the same words: %v", err)
		}
		second, err := s.SaveLesson(t.Context(), s.w.A.ID, l.ID, SaveLesson{Title: "はじめに", Body: page("<p>二</p>"), Base: 2, SaveID: "s4"})
		if err != nil || second.Version != 3 {
			t.Fatalf("%+v %v", second, err)
		}
		if again, err := s.SaveLesson(t.Context(), s.w.A.ID, l.ID, one); err != nil || again.Version != 2 {
			t.Errorf("the repeat of an old save: %d, %v", again.Version, err)
		}
		revisions, _, err := s.ListRevisions(t.Context(), s.w.A.ID, l.ID, db.Page{})
		if err != nil || len(revisions) != 3 || revisions[0].Version != 3 {
			t.Fatalf("%+v %v", revisions, err)
		}
		if old, err := s.FindRevision(t.Context(), s.w.A.ID, l.ID, 2); err != nil || old.Body.Page.HTML != "<p>一</p>" {
			t.Errorf("%+v %v", old, err)
		}
	})
}

func TestTwoEditorsLoseNothing(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStudio(t, d)
		l := s.lesson(s.w.A.ID, s.course(s.w.A.ID, SharedNone).ID, KindPage, "同時")
		const editors, saves = 4, 8
		var wg sync.WaitGroup
		for e := range editors {
			wg.Go(func() {
				base := l.Version
				for n := range saves {
					text := fmt.Sprintf("<p>編集者%d-%d</p>", e, n)
					for {
						got, err := s.SaveLesson(t.Context(), s.w.A.ID, l.ID, SaveLesson{Title: "同時", Body: page(text), Base: base, SaveID: fmt.Sprintf("%d-%d", e, n)})
						var conflict *LessonConflict
						if errors.As(err, &conflict) {
							base = conflict.Current.Version
							continue
						}
						if err != nil {
							t.Error(err)
							return
						}
						base = got.Version
						break
					}
				}
			})
		}
		wg.Wait()
		revisions, _, err := s.ListRevisions(t.Context(), s.w.A.ID, l.ID, db.Page{Limit: 500})
		if err != nil || len(revisions) != 1+editors*saves {
			t.Fatalf("%d revisions, %v", len(revisions), err)
		}
		seen := map[string]bool{}
		for _, r := range revisions {
			full, err := s.FindRevision(t.Context(), s.w.A.ID, l.ID, int(r.Version))
			if err != nil {
				t.Fatal(err)
			}
			seen[full.Body.Page.HTML] = true
		}
		for e := range editors {
			for n := range saves {
				if !seen[fmt.Sprintf("<p>編集者%d-%d</p>", e, n)] {
					t.Errorf("save %d of editor %d is lost", n, e)
				}
			}
		}
	})
}

func TestLessonOutline(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStudio(t, d)
		tid := s.w.A.ID
		c := s.course(tid, SharedNone)
		a, b, z := s.lesson(tid, c.ID, KindPage, "a"), s.lesson(tid, c.ID, KindVideo, "b"), s.lesson(tid, c.ID, KindPDF, "c")
		titles := func() string {
			t.Helper()
			lessons, err := s.ListLessons(t.Context(), tid, c.ID)
			if err != nil {
				t.Fatal(err)
			}
			out := ""
			for i, l := range lessons {
				if l.Position != i+1 {
					t.Errorf("%s stands at %d", l.Title, l.Position)
				}
				out += l.Title
			}
			return out
		}
		want := func(step, order string) {
			t.Helper()
			if got := titles(); got != order {
				t.Errorf("%s: %s, want %s", step, got, order)
			}
		}
		ok := func(err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
		}
		ok(s.OrderLessons(t.Context(), tid, c.ID, []db.ID{z.ID, a.ID, b.ID}))
		want("ordered", "cab")
		_, err := s.AddLesson(t.Context(), tid, c.ID, db.IDFrom("x"), KindQuiz, "q", z.ID)
		ok(err)
		_, err = s.AddLesson(t.Context(), tid, c.ID, db.IDFrom("x"), KindQuiz, "q", z.ID)
		ok(err)
		want("added once behind c", "cqab")
		ok(s.DeleteLesson(t.Context(), tid, a.ID))
		ok(s.DeleteLesson(t.Context(), tid, a.ID))
		want("deleted", "cqb")
		if _, err := s.ListLessons(t.Context(), s.w.B.ID, c.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("lessons of another organisation's course: %v", err)
		}
		if _, err := s.FindLesson(t.Context(), tid, a.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("a deleted lesson: %v", err)
		}
		if err := s.OrderLessons(t.Context(), tid, c.ID, []db.ID{z.ID, a.ID, b.ID}); !fault.Is(err, fault.Conflict) {
			t.Errorf("an order with a deleted lesson: %v", err)
		}
		_, err = s.RestoreLesson(t.Context(), tid, a.ID)
		ok(err)
		want("restored", "cqab")
		_, err = s.DuplicateLesson(t.Context(), tid, a.ID, db.NewID(), "A")
		ok(err)
		want("duplicated", "cqaAb")
		if _, err := s.AddLesson(t.Context(), tid, c.ID, db.NewID(), "game", "x", db.ID{}); !fault.Is(err, fault.Invalid) {
			t.Errorf("an unknown kind: %v", err)
		}
	})
}

func quiz(change func(*QuizBody)) Body {
	q := QuizBody{PassPercent: 80, Show: ShowAfterPass, Questions: []Question{
		{ID: db.NewID(), Kind: QuestionSingle, Text: "正しいのは？", Choices: []Choice{{"a", "はい"}, {"b", "いいえ"}}, Correct: []string{"a"}},
		{ID: db.NewID(), Kind: QuestionMultiple, Text: "すべて選ぶ", Choices: []Choice{{"a", "一"}, {"b", "二"}}, Correct: []string{"a", "b"}},
		{ID: db.NewID(), Kind: QuestionTrueFalse, Text: "正しい？", Choices: []Choice{{"true", ""}, {"false", ""}}, Correct: []string{"false"}},
	}}
	if change != nil {
		change(&q)
	}
	return Body{Quiz: &q}
}

func TestWhatKeepsALessonFromBeingPublished(t *testing.T) {
	for name, c := range map[string]struct {
		body Body
		want string // path:key of every fault
	}{
		"good quiz":     {quiz(nil), ""},
		"no question":   {quiz(func(q *QuizBody) { q.Questions = nil }), "questions:quiz_empty"},
		"no pass mark":  {quiz(func(q *QuizBody) { q.PassPercent = 0 }), "pass_percent:pass_percent"},
		"pass mark 101": {quiz(func(q *QuizBody) { q.PassPercent = 101 }), "pass_percent:pass_percent"},
		"no text":       {quiz(func(q *QuizBody) { q.Questions[0].Text = "  " }), "questions[0].text:question_text"},
		"one choice": {quiz(func(q *QuizBody) {
			q.Questions[1].Choices = q.Questions[1].Choices[:1]
			q.Questions[1].Correct = []string{"a"}
		}), "questions[1].choices:question_few_choices"},
		"empty choice":      {quiz(func(q *QuizBody) { q.Questions[1].Choices[1].Text = "" }), "questions[1].choices[1]:choice_text"},
		"none right":        {quiz(func(q *QuizBody) { q.Questions[2].Correct = nil }), "questions[2].correct:question_no_correct"},
		"two right, single": {quiz(func(q *QuizBody) { q.Questions[0].Correct = []string{"a", "b"} }), "questions[0].correct:question_one_correct"},
		"unknown right":     {quiz(func(q *QuizBody) { q.Questions[1].Correct = []string{"a", "x"} }), "questions[1].correct:question_correct_unknown"},
		"empty page":        {page("<p> </p>"), "page:page_empty"},
		"picture, no words": {page(`<p>x</p><img data-asset="0199f3a2-0000-7000-8000-000000000001" alt="">`), "images[0]:image_alt_missing"},
		"no video":          {NewBody(KindVideo), "asset:video_missing"},
		"no PDF":            {NewBody(KindPDF), "asset:pdf_missing"},
		"nothing":           {Body{}, "kind:lesson_kind"},
	} {
		var check fault.Check
		c.body.Validate(&check, "")
		var got []string
		for _, f := range check.Fields() {
			got = append(got, f.Path+":"+f.Key)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
}

func TestDraftLimits(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStudio(t, d)
		c := s.course(s.w.A.ID, SharedNone)
		p, q := s.lesson(s.w.A.ID, c.ID, KindPage, "p"), s.lesson(s.w.A.ID, c.ID, KindQuiz, "q")
		many := quiz(func(q *QuizBody) {
			for range MaxQuestions {
				q.Questions = append(q.Questions, Question{ID: db.NewID(), Kind: QuestionSingle})
			}
		})
		twice := quiz(func(q *QuizBody) { q.Questions[1].ID = q.Questions[0].ID })
		for name, c := range map[string]struct {
			lesson db.ID
			save   SaveLesson
			kind   fault.Kind
		}{
			"too large":        {p.ID, SaveLesson{Body: page(strings.Repeat("<p>あ</p>", 300_000))}, fault.TooLarge},
			"long title":       {p.ID, SaveLesson{Title: strings.Repeat("あ", 201), Body: page("")}, fault.Invalid},
			"another kind":     {p.ID, SaveLesson{Body: quiz(nil)}, fault.Invalid},
			"no body":          {p.ID, SaveLesson{}, fault.Invalid},
			"two bodies":       {p.ID, SaveLesson{Body: Body{Page: &PageBody{}, PDF: &PDFBody{}}}, fault.Invalid},
			"many questions":   {q.ID, SaveLesson{Body: many}, fault.Invalid},
			"one id twice":     {q.ID, SaveLesson{Body: twice}, fault.Invalid},
			"somebody else's":  {db.NewID(), SaveLesson{Body: page("")}, fault.NotFound},
			"incomplete is ok": {q.ID, SaveLesson{Body: quiz(func(q *QuizBody) { q.Questions[0].Text = "" })}, 255},
		} {
			c.save.Base, c.save.SaveID = 1, name
			_, err := s.SaveLesson(t.Context(), s.w.A.ID, c.lesson, c.save)
			if c.kind == 255 && err != nil || c.kind != 255 && !fault.Is(err, c.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestPublish(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStudio(t, d)
		tid := s.w.Association.ID
		c := s.course(tid, SharedAll)
		versions := NewVersions(d, s.clock.Now, 0)
		current := func() Course {
			t.Helper()
			c, err := s.Find(t.Context(), tid, c.ID)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		if _, err := s.Publish(t.Context(), tid, c.ID, current().ContentVersion); !fault.Is(err, fault.Invalid) {
			t.Errorf("an empty course: %v", err)
		}
		p, q, v := s.lesson(tid, c.ID, KindPage, "本文"), s.lesson(tid, c.ID, KindQuiz, "確認"), s.lesson(tid, c.ID, KindVideo, "動画")
		missing, err := s.Missing(t.Context(), tid, c.ID)
		if err != nil || len(missing) != 3 || missing[1].Args["lesson"] != q.ID.String() || missing[1].Path != "lessons[1].questions" {
			t.Fatalf("%+v, %v", missing, err)
		}
		mine, foreign, fresh := readyVideo(t, d, tid, "ready"), readyVideo(t, d, s.w.A.ID, "ready"), readyVideo(t, d, tid, "processing")
		save := func(l Lesson, body Body) {
			t.Helper()
			now, err := s.FindLesson(t.Context(), tid, l.ID)
			if err == nil {
				_, err = s.SaveLesson(t.Context(), tid, l.ID, SaveLesson{Title: l.Title, Body: body, Base: now.Version, SaveID: db.NewID().String()})
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		save(p, page("<p>読む</p>"))
		save(q, quiz(nil))
		for _, bad := range []struct {
			asset db.ID
			key   string
		}{{foreign, "file_unusable"}, {fresh, "file_not_ready"}, {db.NewID(), "file_unusable"}} {
			save(v, Body{Video: &VideoBody{Asset: bad.asset}})
			if missing, err := s.Missing(t.Context(), tid, c.ID); err != nil || len(missing) != 1 || missing[0].Key != bad.key {
				t.Errorf("want %s: %+v, %v", bad.key, missing, err)
			}
		}
		save(v, Body{Video: &VideoBody{Asset: mine, NoSkip: true}})
		seen := current().ContentVersion
		save(p, page("<p>読んで</p>"))
		if _, err := s.Publish(t.Context(), tid, c.ID, seen); !fault.Is(err, fault.Conflict) {
			t.Errorf("publishing what was not seen: %v", err)
		}
		var wg sync.WaitGroup
		seen = current().ContentVersion
		for range 4 { // pressed four times
			wg.Go(func() {
				if v, err := s.Publish(t.Context(), tid, c.ID, seen); err != nil || v.Number != 1 {
					t.Errorf("%d, %v", v.Number, err)
				}
			})
		}
		wg.Wait()
		first, err := versions.FindLatest(t.Context(), s.w.B.ID, c.ID)
		if err != nil || first.Number != 1 || first.DurationMS != 12_000 || len(first.Lessons) != 3 || first.Lessons[2].Body.Video.DurationMS != 12_000 || first.Tenant != tid.Number() {
			t.Fatalf("%+v, %v", first, err)
		}
		if current().Changed() {
			t.Error("changed right after publishing")
		}
		save(p, page("<p>二版</p>"))
		if !current().Changed() {
			t.Error("a saved lesson is no change")
		}
		second, err := s.Publish(t.Context(), tid, c.ID, current().ContentVersion)
		if err != nil || second.Number != 2 {
			t.Fatalf("%+v, %v", second, err)
		}
		old, err := versions.FindVersion(t.Context(), s.w.B.ID, tid.Number(), first.ID)
		if err != nil || old.Lessons[0].Body.Page.HTML != "<p>読んで</p>" {
			t.Errorf("the first version changed: %+v, %v", old, err)
		}
		if list, err := s.ListVersions(t.Context(), tid, c.ID); err != nil || len(list) != 2 || list[0].Number != 2 {
			t.Errorf("%+v, %v", list, err)
		}
		catalogue(t, s, versions, c.ID)
	})
}

// catalogue: the shared course is offered to the organisations, not those of their neighbours; archived and private ones are not.
func catalogue(t *testing.T, s studio, versions *Versions, shared db.ID) {
	t.Helper()
	_, _ = publishedCourse(t, s.d, s.w.Association.ID, "none")
	own, _ := publishedCourse(t, s.d, s.w.B.ID, "none")
	_, _ = publishedCourse(t, s.d, s.w.A.ID, "none")
	offers, err := versions.Catalogue(t.Context(), s.w.B.ID, OfferFilter{})
	if err != nil || len(offers) != 2 || offers[0].Course != own || !offers[0].Own || offers[1].Course != shared || offers[1].Own || offers[1].LessonCount != 3 {
		t.Errorf("%+v, %v", offers, err)
	}
	if _, err := s.SetArchived(t.Context(), s.w.Association.ID, shared, true); err != nil {
		t.Fatal(err)
	}
	if offers, err = versions.Catalogue(t.Context(), s.w.B.ID, OfferFilter{}); err != nil || len(offers) != 1 {
		t.Errorf("%+v, %v", offers, err)
	}
	if _, err := versions.FindLatest(t.Context(), s.w.B.ID, shared); !fault.Is(err, fault.NotFound) {
		t.Errorf("an archived course may be chosen: %v", err)
	}
}

// readyVideo writes a video of 12 seconds by plain SQL.
func readyVideo(t *testing.T, d *db.DB, tid tenant.ID, state string) db.ID {
	t.Helper()
	id := db.NewID()
	_, err := d.Exec(t.Context(), `INSERT INTO asset (tenant_id, id, kind, file_name, media_type, size, object_key, state, duration_ms, created_by, created_at, updated_at)
 VALUES (?, ?, 'video', 'a.mp4', 'video/mp4', 1, 'x', ?, 12000, ?, 1, 1)`, tid, id, state, db.NewID())
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestCourseFields(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStudio(t, d)
		for name, f := range map[string]CourseFields{
			"no title":                {Language: "ja", Shared: SharedNone},
			"long title":              {Title: strings.Repeat("あ", 201), Language: "ja", Shared: SharedNone},
			"unknown language":        {Title: "x", Language: "xx", Shared: SharedNone},
			"shared by a member":      {Title: "x", Language: "ja", Shared: SharedAll},
			"shared with some others": {Title: "x", Language: "ja", Shared: "some"},
		} {
			if _, err := s.Create(t.Context(), s.w.A.ID, db.NewID(), f); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		c := s.course(s.w.A.ID, SharedNone)
		f := CourseFields{Title: "新しい", Language: "en", Shared: SharedNone}
		if got, err := s.Update(t.Context(), s.w.A.ID, c.ID, c.Version, f); err != nil || got.Version != c.Version+1 {
			t.Fatalf("%+v, %v", got, err)
		}
		if got, err := s.Update(t.Context(), s.w.A.ID, c.ID, c.Version, f); err != nil || got.Version != c.Version+1 {
			t.Errorf("a repeat: %+v, %v", got, err)
		}
		f.Title = "遅い"
		if _, err := s.Update(t.Context(), s.w.A.ID, c.ID, c.Version, f); !fault.Is(err, fault.Conflict) {
			t.Errorf("a late change: %v", err)
		}
		f.Shared = SharedAll
		if _, err := s.Update(t.Context(), s.w.A.ID, c.ID, c.Version+1, f); !fault.Is(err, fault.Invalid) {
			t.Errorf("a member shares: %v", err)
		}
		list, _, err := s.List(t.Context(), s.w.A.ID, CourseQuery{})
		if err != nil || len(list) != 1 || list[0].Title != "新しい" {
			t.Errorf("%+v, %v", list, err)
		}
		if list, _, err := s.List(t.Context(), s.w.B.ID, CourseQuery{}); err != nil || len(list) != 0 {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

// A course that is too large to be read whole by everybody who learns from it is not published, however few bytes each lesson has.
func TestPublishTooLarge(t *testing.T) {
	s := newStudio(t, kit.SQLite(t)) // nothing of it is the engine's
	tid := s.w.A.ID
	c := s.course(tid, SharedNone)
	s.save(s.lesson(tid, c.ID, KindPage, "p"), Body{Page: &PageBody{HTML: "<p>x</p>"}})
	for range MaxCourse / (MaxBody - 1000) {
		s.lesson(tid, c.ID, KindPage, "p")
	}
	if _, err := s.d.Exec(t.Context(), `UPDATE lesson SET body = ? WHERE tenant_id = ? AND course_id = ?`, `{"html":"<p>`+strings.Repeat("a", MaxBody-1000)+`</p>"}`, tid, c.ID); err != nil {
		t.Fatal(err)
	}
	c, err := s.Find(t.Context(), tid, c.ID)
	if err != nil {
		t.Fatal(err)
	}
	missing, err := s.Missing(t.Context(), tid, c.ID)
	if err != nil || len(missing) != 1 || missing[0].Key != "course_too_large" {
		t.Errorf("missing %+v %v", missing, err)
	}
	if _, err := s.Publish(t.Context(), tid, c.ID, c.ContentVersion); len(fieldsOf(err)) != 1 {
		t.Errorf("published: %v", err)
	}
}
