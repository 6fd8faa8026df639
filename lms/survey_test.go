package lms_test

import (
	"bytes"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
	"kenshu/tenant"
)

// courseOf is a round in org of a new course of the association with these lessons, and everybody of its staff in it.
func (s *school) courseOf(t testing.TB, org kit.Org, bodies ...content.Body) (class, []db.ID) {
	t.Helper()
	tid, now, course := s.Association.ID, s.clock.Now().UnixMicro(), db.NewID()
	s.version = db.NewID()
	s.run(t, `INSERT INTO course (tenant_id, id, title, summary, language, shared, state, created_by, created_at, updated_at) VALUES (?, ?, '講座', '', 'ja', 'all', 'published', ?, ?, ?)`,
		tid, course, s.Association.Editor, now, now)
	s.run(t, `INSERT INTO course_version (tenant_id, id, course_id, number, title, summary, language, lesson_count, published_by, published_at, offered_at) VALUES (?, ?, ?, 3, '講座', '', 'ja', ?, ?, ?, 1)`,
		tid, s.version, course, len(bodies), s.Association.Editor, now)
	var lessons []db.ID
	for i, b := range bodies {
		raw, err := b.JSON()
		if err != nil {
			t.Fatal(err)
		}
		id := db.NewID()
		lessons = append(lessons, id)
		s.run(t, `INSERT INTO version_lesson (tenant_id, id, course_version_id, lesson_id, position, kind, title, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
			tid, id, s.version, db.NewID(), i+1, string(b.Kind()), fmt.Sprintf("レッスン %d", i+1), raw)
	}
	return s.class(t, org), lessons
}

func opinions(naming string) content.Body {
	return content.Body{Survey: &content.SurveyBody{Naming: naming, Questions: []content.SurveyQuestion{
		{ID: db.NewID(), Kind: content.SurveySingle, Text: "役に立ちましたか", Choices: []content.Choice{{ID: "y", Text: "はい"}, {ID: "n", Text: "いいえ"}}, Required: true},
		{ID: db.NewID(), Kind: content.SurveyScale, Text: "分かりやすさ", Steps: 5},
		{ID: db.NewID(), Kind: content.SurveyMultiple, Text: "よかった点", Choices: []content.Choice{{ID: "a", Text: "動画"}, {ID: "b", Text: "=資料"}}},
		{ID: db.NewID(), Kind: content.SurveyText, Text: "ご意見"},
	}}}
}

func (s *school) opine(t testing.TB, c class, who int, lesson db.ID, answers ...lms.SurveyAnswer) (lms.ProgressAnswer, error) {
	t.Helper()
	s.clock.Add(time.Second)
	return s.learn.AnswerSurvey(t.Context(), c.ID, c.Staff[who], c.enrolment[who], lesson, answers)
}

func (s *school) surveys() *lms.Surveys {
	audit := tenant.NewAudit(s.db, []byte("test key of thirty-two bytes ...."), s.clock.Now)
	return lms.NewSurveys(s.db, audit, lms.NewRounds(s.db, audit, content.NewVersions(s.db, s.clock.Now, 0), s.clock.Now), s.clock.Now)
}

func TestAnonymousSurvey(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		org := kit.NewOrg(t, d, "MANY", "organisation", 3)
		for i := range 4 {
			org.Staff = append(org.Staff, kit.NewPerson(t, d, org.ID, fmt.Sprintf("staff-%d", i), fmt.Sprintf("職員 %d", i)))
		}
		body := opinions(content.SurveyAnonymous)
		q := body.Survey.Questions
		c, lessons := s.courseOf(t, org, body)
		surveys := s.surveys()
		find := func() lms.SurveyResult {
			t.Helper()
			r, err := surveys.Find(t.Context(), c.ID, c.round, lessons[0])
			if err != nil {
				t.Fatal(err)
			}
			return r
		}
		give := func(who int) []lms.SurveyAnswer {
			choice := []string{"y"}
			if who%2 == 1 {
				choice = []string{"n"}
			}
			return []lms.SurveyAnswer{{Question: q[0].ID, Choices: choice}, {Question: q[1].ID, Step: who%5 + 1}, {Question: q[2].ID, Choices: []string{"b", "a"}}, {Question: q[3].ID, Text: fmt.Sprintf("意見%d", who)}}
		}
		for who := range 4 {
			if _, err := s.opine(t, c, who, lessons[0], give(who)...); err != nil {
				t.Fatal(err)
			}
		}
		if r := find(); r.Answered != 4 || r.Shown != 0 || r.Results[0].Answered != 0 || len(r.Results[3].Texts) != 0 {
			t.Fatalf("four answers are seen: %+v", r)
		}
		if out := s.own(t, c, 0); out.Status != lms.Completed {
			t.Errorf("answering did not finish the course: %+v", out)
		}
		// A repeat, and other answers from another device, change nothing.
		if _, err := s.opine(t, c, 3, lessons[0], give(0)...); err != nil {
			t.Fatal(err)
		}
		for who := 4; who < 7; who++ {
			if _, err := s.opine(t, c, who, lessons[0], give(who)...); err != nil {
				t.Fatal(err)
			}
		}
		r := find()
		if r.Answered != 7 || r.Shown != 5 || !slices.Equal(r.Results[0].Counts, []int{3, 2}) || *r.Results[1].Mean != 3 || !slices.Equal(r.Results[2].Counts, []int{5, 5}) || len(r.Results[3].Texts) != 5 || r.Results[3].Texts[0].Name != "" {
			t.Errorf("after seven answers: %+v", r)
		}
		// Nothing leads from an answer to a person: no enrolment, no time, and an id by chance.
		for _, row := range []string{
			s.rows(t, `SELECT COUNT(*) FROM survey_response WHERE tenant_id = ? AND (enrolment_id IS NOT NULL OR sent_at IS NOT NULL)`, c.ID),
			s.rows(t, `SELECT COUNT(*) FROM audit_event WHERE tenant_id = ? AND detail LIKE '%意見%'`, c.ID),
		} {
			if row != "[[0]]" {
				t.Errorf("anonymous answers are not: %s", row)
			}
		}
		ids := s.rows(t, `SELECT id FROM survey_response WHERE tenant_id = ?`, c.ID)
		if first := ids[3:9]; strings.Count(ids, first) == 7 {
			t.Errorf("the ids begin with the time: %q", ids)
		}
		var csv bytes.Buffer
		if err := surveys.Write(t.Context(), c.ID, &csv, sheet.CSV, c.round, lessons[0], "ja"); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(csv.String(), "意見") - 1; n != 5 || strings.Contains(csv.String(), "氏名") {
			t.Errorf("the export has %d answers: %s", n, csv.String())
		}
		s.run(t, `UPDATE round SET state = 'closed' WHERE tenant_id = ? AND id = ?`, c.ID, c.round)
		if r := find(); r.Shown != 5 || r.Results[0].Answered != 5 {
			t.Errorf("the round's end shows two people's answers: %+v", r)
		}
	})
}

// Two who answer at the same moment do not both take themselves for the fifth.
func TestAnonymousAnswersAtOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		org := kit.NewOrg(t, d, "MANY", "organisation", 3)
		for i := range 4 {
			org.Staff = append(org.Staff, kit.NewPerson(t, d, org.ID, fmt.Sprintf("staff-%d", i), fmt.Sprintf("職員 %d", i)))
		}
		body := opinions(content.SurveyAnonymous)
		c, lessons := s.courseOf(t, org, body)
		answer := lms.SurveyAnswer{Question: body.Survey.Questions[0].ID, Choices: []string{"y"}}
		for who := range 4 {
			if _, err := s.opine(t, c, who, lessons[0], answer); err != nil {
				t.Fatal(err)
			}
		}
		var group errgroup.Group
		for who := 4; who < 7; who++ {
			group.Go(func() error {
				_, err := s.learn.AnswerSurvey(t.Context(), c.ID, c.Staff[who], c.enrolment[who], lessons[0], []lms.SurveyAnswer{answer})
				return err
			})
		}
		if err := group.Wait(); err != nil {
			t.Fatal(err)
		}
		if r, err := s.surveys().Find(t.Context(), c.ID, c.round, lessons[0]); err != nil || r.Answered != 7 || r.Shown != 5 {
			t.Errorf("%+v %v", r.SurveySummary, err)
		}
	})
}

func TestSurveyByName(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		body := opinions(content.SurveyNamed)
		q := body.Survey.Questions
		c, lessons := s.courseOf(t, s.A, body)
		for name, answers := range map[string][]lms.SurveyAnswer{
			"nothing":         nil,
			"unknown":         {{Question: q[0].ID, Choices: []string{"y"}}, {Question: db.NewID()}},
			"two of one":      {{Question: q[0].ID, Choices: []string{"y", "n"}}},
			"no such choice":  {{Question: q[0].ID, Choices: []string{"z"}}},
			"no such step":    {{Question: q[0].ID, Choices: []string{"y"}}, {Question: q[1].ID, Step: 6}},
			"twice":           {{Question: q[0].ID, Choices: []string{"y"}}, {Question: q[0].ID, Choices: []string{"y"}}},
			"too many words":  {{Question: q[0].ID, Choices: []string{"y"}}, {Question: q[3].ID, Text: strings.Repeat("あ", 2001)}},
			"choice repeated": {{Question: q[2].ID, Choices: []string{"a", "a"}}, {Question: q[0].ID, Choices: []string{"y"}}},
		} {
			if _, err := s.opine(t, c, 0, lessons[0], answers...); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		for range 2 {
			if _, err := s.opine(t, c, 0, lessons[0], lms.SurveyAnswer{Question: q[0].ID, Choices: []string{"y"}}, lms.SurveyAnswer{Question: q[3].ID, Text: "=1+1"}); err != nil {
				t.Fatal(err)
			}
		}
		r, err := s.surveys().Find(t.Context(), c.ID, c.round, lessons[0])
		if err != nil || r.Answered != 1 || r.Shown != 1 || r.Results[3].Texts[0].Name == "" || r.Results[1].Mean != nil {
			t.Errorf("%+v %v", r, err)
		}
		var csv bytes.Buffer
		if err := s.surveys().Write(t.Context(), c.ID, &csv, sheet.CSV, c.round, lessons[0], "ja"); err != nil || !strings.Contains(csv.String(), "氏名") || strings.Contains(csv.String(), ",=1+1") {
			t.Errorf("%v %s", err, csv.String())
		}
	})
}

// Another organisation's rounds, surveys and enrolments answer like ones that do not exist.
func TestSurveysOfOthers(t *testing.T) {
	s := newSchool(t, kit.SQLite(t))
	body := opinions(content.SurveyNamed)
	c, lessons := s.courseOf(t, s.A, body, content.Body{Pledge: &content.PledgeBody{Text: "守ります。"}})
	q := body.Survey.Questions
	yes := lms.SurveyAnswer{Question: q[0].ID, Choices: []string{"y"}}
	if _, err := s.opine(t, c, 0, lessons[0], yes); err != nil {
		t.Fatal(err)
	}
	for name, call := range map[string]func() error{
		"result": func() error { _, err := s.surveys().Find(t.Context(), s.B.ID, c.round, lessons[0]); return err },
		"list":   func() error { _, err := s.surveys().List(t.Context(), s.B.ID, c.round); return err },
		"export": func() error {
			return s.surveys().Write(t.Context(), s.B.ID, &bytes.Buffer{}, sheet.CSV, c.round, lessons[0], "ja")
		},
		"a quiz": func() error { _, err := s.surveys().Find(t.Context(), s.A.ID, c.round, lessons[1]); return err },
		"answer": func() error {
			_, err := s.learn.AnswerSurvey(t.Context(), s.B.ID, s.B.Staff[0], c.enrolment[0], lessons[0], []lms.SurveyAnswer{yes})
			return err
		},
		"of a colleague": func() error {
			_, err := s.learn.AnswerSurvey(t.Context(), s.A.ID, c.Staff[1], c.enrolment[0], lessons[0], []lms.SurveyAnswer{yes})
			return err
		},
		"sign": func() error {
			_, err := s.learn.SignPledge(t.Context(), s.B.ID, s.B.Staff[0], c.enrolment[0], lessons[1], "x", 0, 0)
			return err
		},
		"sign a survey": func() error {
			_, err := s.learn.SignPledge(t.Context(), s.A.ID, c.Staff[0], c.enrolment[0], lessons[0], "x", 0, 0)
			return err
		},
		"answer a pledge": func() error { _, err := s.opine(t, c, 0, lessons[1], yes); return err },
	} {
		if err := call(); !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestPledge(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		text := "わたしは、利用者の情報を守ります。\n\n退職した後も守ります。"
		c, lessons := s.courseOf(t, s.A, content.Body{Pledge: &content.PledgeBody{Text: text}})
		s.run(t, `UPDATE person SET name = '佐藤 花子', name_kana = 'サトウ ハナコ' WHERE tenant_id = ? AND id = ?`, c.ID, c.Staff[0])
		open := func() lms.OwnLesson {
			t.Helper()
			l, err := s.learn.OpenLesson(t.Context(), c.ID, c.Staff[0], c.enrolment[0], lessons[0])
			if err != nil {
				t.Fatal(err)
			}
			return l
		}
		if l := open(); l.Signature != nil || l.SignerName != "佐藤 花子" {
			t.Errorf("before signing: %+v", l)
		}
		sign := func(name string, ago time.Duration) error {
			_, err := s.learn.SignPledge(t.Context(), c.ID, c.Staff[0], c.enrolment[0], lessons[0], name, s.ms(-ago), s.ms(0))
			return err
		}
		if err := sign("佐藤 太郎", 0); !fault.Is(err, fault.Invalid) {
			t.Errorf("somebody else's name: %v", err)
		}
		s.clock.Add(time.Hour)
		if err := sign("ｻﾄｳ　ﾊﾅｺ", 10*time.Minute); err != nil { // signed without a network ten minutes ago
			t.Fatal(err)
		}
		signedAt := s.clock.Now().Add(-10 * time.Minute)
		s.clock.Add(time.Hour)
		if err := sign("佐藤花子", 0); err != nil { // the repeat of another device changes nothing
			t.Fatal(err)
		}
		body := content.PledgeBody{Text: text}
		got := open().Signature
		if got == nil || got.Name != "ｻﾄｳ ﾊﾅｺ" || got.Version != 3 || got.Digest != body.Digest() || !got.SignedAt.Equal(signedAt) {
			t.Fatalf("signature %+v, wanted at %v", got, signedAt)
		}
		if s.own(t, c, 0).Status != lms.Completed {
			t.Error("signing did not finish the course")
		}
		audit := tenant.NewAudit(d, []byte("test key of thirty-two bytes ...."), s.clock.Now)
		entries, _, err := lms.NewDossiers(d, audit, s.clock.Now).List(t.Context(), c.ID, c.Staff[0], db.Page{})
		if err != nil || len(entries) == 0 || len(entries[0].Pledges) != 1 || entries[0].Pledges[0].Title != "レッスン 1" {
			t.Errorf("dossier: %+v %v", entries, err)
		}
		rounds := lms.NewRounds(d, audit, content.NewVersions(d, s.clock.Now, 0), s.clock.Now)
		records := lms.NewTrainingRecords(d, audit, rounds, s.clock.Now)
		rec, first, err := records.Draw(t.Context(), c.ID, c.round)
		if err != nil || len(rec.Attendees) != 1 || len(rec.Attendees[0].Pledges) != 1 || rec.Course.Lessons[0].Text != text {
			t.Fatalf("record %+v %v", rec, err)
		}
		if p, digest := rec.Attendees[0].Pledges[0], body.Digest(); p.Digest != hex.EncodeToString(digest[:]) || p.Name != "ｻﾄｳ ﾊﾅｺ" {
			t.Errorf("record says %+v", p)
		}
		if _, again, err := records.Draw(t.Context(), c.ID, c.round); err != nil || again != first {
			t.Errorf("the same state has another digest: %v", err)
		}
		// A new round asks anew.
		next := s.round(t, s.A, "2027年度", "2026-04-01", "2026-04-30")
		enrolment := s.enrol(t, s.A, next, c.Staff[0], "2026-04-30")
		l, err := s.learn.OpenLesson(t.Context(), c.ID, c.Staff[0], enrolment, lessons[0])
		if err != nil || l.Signature != nil || l.Progress.State == lms.LessonDone {
			t.Errorf("a new round: %+v %v", l, err)
		}
		// Who is anonymised leaves no name behind; that and when they signed stays.
		if err := d.Tx(t.Context(), func(tx *db.Tx) error {
			return lms.NewPersonRecords(d, audit, s.clock.Now).WithdrawRecords(t.Context(), c.ID, tx, []db.ID{c.Staff[0]})
		}); err != nil {
			t.Fatal(err)
		}
		if got := open().Signature; got == nil || got.Name != "" || got.Digest != body.Digest() {
			t.Errorf("after anonymising: %+v", got)
		}
	})
}
