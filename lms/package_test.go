package lms_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
)

// packageClass is a round in A of a course that has one package lesson.
func (s *school) packageClass(t testing.TB, body content.PackageBody) (class, db.ID) {
	t.Helper()
	tid, now, course, lesson := s.Association.ID, s.clock.Now().UnixMicro(), db.NewID(), db.NewID()
	s.version = db.NewID()
	s.run(t, `INSERT INTO course (tenant_id, id, title, summary, language, shared, state, created_by, created_at, updated_at) VALUES (?, ?, 'パッケージ', '', 'ja', 'all', 'published', ?, ?, ?)`,
		tid, course, s.Association.Editor, now, now)
	s.run(t, `INSERT INTO course_version (tenant_id, id, course_id, number, title, summary, language, lesson_count, published_by, published_at, offered_at) VALUES (?, ?, ?, 1, 'パッケージ', '', 'ja', 1, ?, ?, 1)`,
		tid, s.version, course, s.Association.Editor, now)
	raw, err := content.Body{Package: &body}.JSON()
	if err != nil {
		t.Fatal(err)
	}
	s.run(t, `INSERT INTO version_lesson (tenant_id, id, course_version_id, lesson_id, position, kind, title, body) VALUES (?, ?, ?, ?, 1, 'package', 'パッケージ', ?)`,
		tid, lesson, s.version, db.NewID(), raw)
	return s.class(t, s.A), lesson
}

func (s *school) launch(t testing.TB, c class, who int, lesson db.ID, key string) lms.PackageLaunch {
	t.Helper()
	launch, err := s.learn.StartLaunch(t.Context(), c.ID, c.Staff[who], c.enrolment[who], lesson, key)
	if err != nil {
		t.Fatal(err)
	}
	return launch
}

func (s *school) says(t testing.TB, c class, who int, launch db.ID, reports ...lms.PackageReport) lms.ProgressAnswer {
	t.Helper()
	for i := range reports {
		if reports[i].CMI == nil {
			reports[i].CMI = json.RawMessage(fmt.Sprintf(`{"seq":%d}`, reports[i].Seq))
		}
		if reports[i].At == 0 {
			reports[i].At = s.ms(0)
		}
	}
	answer, err := s.learn.SavePackage(t.Context(), c.ID, c.Staff[who], launch, s.ms(0), reports)
	if err != nil {
		t.Fatal(err)
	}
	return answer
}

func scaled(v float64) lms.PackageScore { return lms.PackageScore{Scaled: &v} }

func TestPackageLesson(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		c, lesson := s.packageClass(t, content.PackageBody{Asset: db.NewID(), Complete: content.CompleteByCompletion, Activities: []string{"one", "two"}})
		first := s.launch(t, c, 0, lesson, "k")
		if again := s.launch(t, c, 0, lesson, "k"); again.ID != first.ID || again.Number != 1 || first.Body.Asset != again.Body.Asset {
			t.Fatalf("a repeat made another launch: %+v %+v", first, again)
		}
		s.says(t, c, 0, first.ID, lms.PackageReport{Activity: "one", Seq: 5, Completion: "incomplete", Seconds: 40, CMI: json.RawMessage(`{"location":"p7"}`)})
		s.says(t, c, 0, first.ID, lms.PackageReport{Activity: "one", Seq: 4, Completion: "completed", Seconds: 30, CMI: json.RawMessage(`{"location":"p3"}`)}) // late
		if out := s.own(t, c, 0); out.Status != lms.InProgress || out.Lessons[0].State != lms.LessonStarted {
			t.Fatalf("an older message counted: %+v", out)
		}

		s.clock.Add(time.Hour)
		second := s.launch(t, c, 0, lesson, "")
		if second.Number != 2 || len(second.States) != 1 || string(second.States[0].CMI) != `{"location":"p7"}` || second.States[0].TotalSeconds != 40 {
			t.Fatalf("resumes at %+v", second.States)
		}
		s.says(t, c, 0, second.ID, lms.PackageReport{Activity: "one", Seq: 1, Completion: "completed", Success: "passed", Score: scaled(0.9), Seconds: 20})
		s.says(t, c, 0, second.ID, lms.PackageReport{Activity: "two", Seq: 2, Completion: "completed", Success: "failed"})
		if out := s.own(t, c, 0); out.Status.Open() == false {
			t.Fatal("a failed activity completed the course")
		}
		answer := s.says(t, c, 0, second.ID, lms.PackageReport{Activity: "two", Seq: 3, Completion: "completed", Success: "unknown"})
		if answer.Enrolments[0].Status != lms.Completed || answer.Lessons[c.enrolment[0]][lesson].State != lms.LessonDone || *answer.Enrolments[0].ScorePercent != 90 {
			t.Fatalf("not completed: %+v", answer)
		}
		if got := s.rows(t, `SELECT self_reported FROM enrolment WHERE tenant_id = ? AND id = ?`, c.ID, c.enrolment[0]); got != "[[1]]" {
			t.Fatalf("completion is not marked as the package's own report: %s", got)
		}

		s.clock.Add(time.Hour) // opened again, the package begins anew and fails
		third := s.launch(t, c, 0, lesson, "")
		s.says(t, c, 0, third.ID, lms.PackageReport{Activity: "one", Seq: 1, Completion: "incomplete", Success: "failed", Score: scaled(0.1)},
			lms.PackageReport{Activity: "two", Seq: 2, Completion: "incomplete", Success: "failed"})
		if out := s.own(t, c, 0); out.Status != lms.Completed || out.Lessons[0].State != lms.LessonDone || *out.ScorePercent != 90 {
			t.Fatalf("a pass was lowered: %+v", out)
		}
		if got := s.rows(t, `SELECT client_seq, success FROM package_state WHERE tenant_id = ? AND launch_id = ? ORDER BY activity`, c.ID, second.ID); got != `[[1,"passed"],[3,"unknown"]]` {
			t.Fatalf("an earlier launch was overwritten: %s", got)
		}
		s.says(t, c, 0, third.ID, lms.PackageReport{Activity: "one", Seq: 9, Completion: "completed", Success: "passed", Score: scaled(1)})
		if out := s.own(t, c, 0); *out.ScorePercent != 100 {
			t.Fatalf("a better score was not taken: %d", *out.ScorePercent)
		}
	})
}

// What counts as done, whatever the order in which messages arrive and however often.
func TestPackageRules(t *testing.T) {
	say := func(activity, completion, success string) lms.PackageReport {
		return lms.PackageReport{Activity: activity, Completion: completion, Success: success}
	}
	for name, c := range map[string]struct {
		rule string
		says []lms.PackageReport
		done bool
	}{
		"all completed":                    {"completed", []lms.PackageReport{say("one", "completed", ""), say("two", "completed", "")}, true},
		"one missing":                      {"completed", []lms.PackageReport{say("one", "completed", "")}, false},
		"passed counts as completed":       {"completed", []lms.PackageReport{say("one", "incomplete", "passed"), say("two", "completed", "")}, true},
		"failed":                           {"completed", []lms.PackageReport{say("one", "completed", "failed"), say("two", "completed", "")}, false},
		"the whole as rolled up":           {"completed", []lms.PackageReport{say("", "completed", "")}, true},
		"pass wanted, completed only":      {"passed", []lms.PackageReport{say("one", "completed", ""), say("two", "completed", "")}, false},
		"pass wanted and given":            {"passed", []lms.PackageReport{say("one", "incomplete", "passed"), say("two", "completed", "passed")}, true},
		"pass wanted, whole only complete": {"passed", []lms.PackageReport{say("", "completed", "unknown")}, false},
		"words nobody knows":               {"completed", []lms.PackageReport{say("one", "COMPLETED", "PASSED"), say("two", "done", "yes")}, false},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSchool(t, kit.SQLite(t))
			k, lesson := s.packageClass(t, content.PackageBody{Asset: db.NewID(), Complete: c.rule, Activities: []string{"one", "two"}})
			launch := s.launch(t, k, 0, lesson, "")
			for i := range c.says {
				c.says[i].Seq = int64(i + 1)
			}
			twice := slices.Concat(c.says, c.says)
			rand.New(rand.NewPCG(1, 2)).Shuffle(len(twice), func(i, j int) { twice[i], twice[j] = twice[j], twice[i] })
			for _, r := range twice {
				s.says(t, k, 0, launch.ID, r)
			}
			if out := s.own(t, k, 0); (out.Status == lms.Completed) != c.done {
				t.Fatalf("status %s", out.Status)
			}
		})
	}
}

func TestPackageScores(t *testing.T) {
	number := func(v float64) *float64 { return &v }
	s := newSchool(t, kit.SQLite(t))
	c, lesson := s.packageClass(t, content.PackageBody{Asset: db.NewID(), Complete: content.CompleteByCompletion, Activities: []string{"one"}})
	for name, k := range map[string]struct {
		score lms.PackageScore
		want  string
	}{
		"scaled":         {scaled(0.835), "[[83]]"},
		"below nothing":  {scaled(-0.5), "[[0]]"},
		"above all":      {scaled(7), "[[100]]"},
		"raw of hundred": {lms.PackageScore{Raw: number(60)}, "[[60]]"},
		"raw of twenty":  {lms.PackageScore{Raw: number(15), Min: number(0), Max: number(20)}, "[[75]]"},
		"from ten":       {lms.PackageScore{Raw: number(15), Min: number(10), Max: number(20)}, "[[50]]"},
		"nothing of it":  {lms.PackageScore{Raw: number(5), Min: number(5), Max: number(5)}, "[[null]]"},
		"none":           {lms.PackageScore{}, "[[null]]"},
	} {
		launch := s.launch(t, c, 0, lesson, "")
		s.says(t, c, 0, launch.ID, lms.PackageReport{Activity: "one", Seq: 1, Score: k.score})
		if got := s.rows(t, `SELECT score_percent FROM package_state WHERE tenant_id = ? AND launch_id = ?`, c.ID, launch.ID); got != k.want {
			t.Errorf("%s: %s, want %s", name, got, k.want)
		}
	}
}

func TestPackageOfOthers(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		c, lesson := s.packageClass(t, content.PackageBody{Asset: db.NewID(), Complete: content.CompleteByCompletion, Activities: []string{"one"}})
		launch := s.launch(t, c, 0, lesson, "")
		good := []lms.PackageReport{{Activity: "one", Seq: 1, Completion: "completed", CMI: json.RawMessage(`{}`)}}
		for name, call := range map[string]func() error{
			"a colleague's enrolment": func() error {
				_, err := s.learn.StartLaunch(t.Context(), c.ID, c.Staff[1], c.enrolment[0], lesson, "")
				return err
			},
			"a colleague's launch": func() error {
				_, err := s.learn.SavePackage(t.Context(), c.ID, c.Staff[1], launch.ID, s.ms(0), good)
				return err
			},
			"another organisation's launch": func() error {
				_, err := s.learn.SavePackage(t.Context(), s.B.ID, c.Staff[0], launch.ID, s.ms(0), good)
				return err
			},
			"a lesson that is no package": func() error {
				_, err := s.learn.StartLaunch(t.Context(), s.a.ID, s.a.Staff[0], s.a.enrolment[0], s.lessons["page"], "")
				return err
			},
		} {
			if err := call(); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if got := s.rows(t, `SELECT COUNT(*) FROM package_state WHERE tenant_id = ?`, c.ID); got != "[[0]]" {
			t.Errorf("something was written: %s", got)
		}
		for name, bad := range map[string]lms.PackageReport{
			"no number":   {Activity: "one", CMI: json.RawMessage(`{}`)},
			"no JSON":     {Activity: "one", Seq: 1, CMI: json.RawMessage(`{`)},
			"too much":    {Activity: "one", Seq: 1, CMI: json.RawMessage(`"` + strings.Repeat("a", lms.MaxCMI) + `"`)},
			"long name":   {Activity: strings.Repeat("a", 256), Seq: 1, CMI: json.RawMessage(`{}`)},
			"time before": {Activity: "one", Seq: 1, CMI: json.RawMessage(`{}`), Seconds: -1},
		} {
			if _, err := s.learn.SavePackage(t.Context(), c.ID, c.Staff[0], launch.ID, s.ms(0), []lms.PackageReport{bad}); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
