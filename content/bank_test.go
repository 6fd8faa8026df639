package content

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

type bank struct {
	studio
	questions *Questions
}

func newBank(t *testing.T, d *db.DB) bank {
	t.Helper()
	s := newStudio(t, d)
	return bank{s, NewQuestions(d, tenant.NewAudit(d, make([]byte, 32), s.clock.Now), s.clock.Now)}
}

func choose(text string) Question {
	return Question{Kind: QuestionSingle, Text: text, Choices: []Choice{{ID: "x1", Text: "はい"}, {ID: "x2", Text: "いいえ"}}, Correct: []string{"x1"}, Explanation: "解説"}
}

func (b bank) add(category, text string, difficulty int, tags ...string) BankQuestion {
	b.t.Helper()
	q, err := b.questions.Create(b.t.Context(), b.w.A.ID, db.NewID(), QuestionInput{Category: category, Tags: tags, Difficulty: difficulty, Question: choose(text)})
	if err != nil {
		b.t.Fatal(err)
	}
	return q
}

func (b bank) list(f QuestionFilter) []string {
	b.t.Helper()
	list, _, total, err := b.questions.List(b.t.Context(), b.w.A.ID, f, db.Page{Limit: 100})
	if err != nil || total != len(list) {
		b.t.Fatal(total, len(list), err)
	}
	out := []string{}
	for _, q := range list {
		out = append(out, q.Question.Text)
	}
	slices.Sort(out)
	return out
}

func TestBankListsAndFilters(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		b.add("安全／ パスワード ", "一", 1, "初級", "ＩＤ")
		b.add("安全", "二 100% Test", 2, "初級")
		gone := b.add("安全対策", "三", 3)
		if err := b.questions.Retire(t.Context(), b.w.A.ID, []db.ID{gone.ID, gone.ID}, true); err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			f    QuestionFilter
			want []string
		}{
			"all":          {QuestionFilter{}, []string{"一", "二 100% Test"}},
			"retired":      {QuestionFilter{State: QuestionRetired}, []string{"三"}},
			"category":     {QuestionFilter{Category: "安全"}, []string{"一", "二 100% Test"}},
			"below":        {QuestionFilter{Category: "安全/パスワード"}, []string{"一"}},
			"not a part":   {QuestionFilter{Category: "安"}, []string{}},
			"tag, folded":  {QuestionFilter{Tags: []string{"id"}}, []string{"一"}},
			"two tags":     {QuestionFilter{Tags: []string{"初級", "id"}}, []string{"一"}},
			"difficulty":   {QuestionFilter{Difficulty: 2}, []string{"二 100% Test"}},
			"words":        {QuestionFilter{Q: "１００% test"}, []string{"二 100% Test"}},
			"no wildcards": {QuestionFilter{Q: "1_0"}, []string{}},
			"kind":         {QuestionFilter{Kind: QuestionNumber}, []string{}},
		} {
			if got := b.list(c.f); !slices.Equal(got, c.want) {
				t.Errorf("%s: %v, want %v", name, got, c.want)
			}
		}
		categories, tags, err := b.questions.Facets(t.Context(), b.w.A.ID)
		if err != nil || fmt.Sprint(categories) != "[{安全 1} {安全/パスワード 1}]" || fmt.Sprint(tags) != "[{ＩＤ 1} {初級 2}]" {
			t.Errorf("%v %v %v", categories, tags, err)
		}
		page, next, _, err := b.questions.List(t.Context(), b.w.A.ID, QuestionFilter{}, db.Page{Limit: 1})
		if err != nil || len(page) != 1 || next == "" {
			t.Fatal(len(page), next, err)
		}
		rest, next, total, err := b.questions.List(t.Context(), b.w.A.ID, QuestionFilter{}, db.Page{Limit: 1, After: next})
		if err != nil || len(rest) != 1 || next != "" || total != 2 || rest[0].ID == page[0].ID {
			t.Errorf("second page: %d rows of %d, %v", len(rest), total, err)
		}
	})
}

func TestBankQuestionVersions(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		q := b.add("安全", "はじめ", 1)
		in := q.input()
		in.Tags = []string{"新"}
		same, err := b.questions.Update(t.Context(), b.w.A.ID, q.ID, q.Version, in)
		if err != nil || same.Number != 1 || same.Version != 2 || same.Question.ID != q.Question.ID {
			t.Fatalf("only a tag: %+v %v", same, err)
		}
		in.Question.Text = "あと"
		if _, err := b.questions.Update(t.Context(), b.w.A.ID, q.ID, q.Version, in); !fault.Is(err, fault.Conflict) {
			t.Errorf("a late change: %v", err)
		}
		var wg sync.WaitGroup
		won := make(chan int, 8)
		for i := range 8 {
			wg.Go(func() {
				mine := in
				mine.Question.Text = fmt.Sprint("あと", i)
				if _, err := b.questions.Update(t.Context(), b.w.A.ID, q.ID, same.Version, mine); err == nil {
					won <- i
				} else if !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		close(won)
		if len(won) != 1 {
			t.Errorf("%d of eight at once were taken", len(won))
		}
		versions, err := b.questions.Versions(t.Context(), b.w.A.ID, q.ID)
		if err != nil || len(versions) != 2 || versions[1].Question.Text != "はじめ" || versions[1].Question.ID != q.Question.ID {
			t.Errorf("%+v %v", versions, err)
		}
		copied, err := b.questions.Copy(t.Context(), b.w.A.ID, q.ID, db.NewID())
		if err != nil || copied.Number != 1 || !strings.HasPrefix(copied.Question.Text, "あと") || copied.Category != "安全" {
			t.Errorf("copy: %+v %v", copied, err)
		}
		if _, err := b.questions.Create(t.Context(), b.w.A.ID, db.NewID(), QuestionInput{Difficulty: 9, Question: Question{Kind: QuestionSingle}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a question that cannot be asked: %v", err)
		}
		if err := b.questions.Retire(t.Context(), b.w.A.ID, []db.ID{q.ID, db.NewID()}, true); !fault.Is(err, fault.NotFound) {
			t.Errorf("an unknown one among them: %v", err)
		}
		if got, _, err := b.questions.Find(t.Context(), b.w.A.ID, q.ID); err != nil || got.State != QuestionActive {
			t.Errorf("half of them were retired: %v", err)
		}
	})
}

// A published version keeps the questions as they were; a change of the bank is something new to publish.
func TestPublishingDraws(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		one, two := b.add("安全", "一", 1), b.add("安全/鍵", "二", 1)
		b.add("別", "三", 1)
		c := b.course(b.w.A.ID, SharedNone)
		l := b.lesson(b.w.A.ID, c.ID, KindQuiz, "テスト")
		save := func(draws ...Draw) {
			t.Helper()
			body := Body{Quiz: &QuizBody{PassPercent: 100, Show: ShowAfterPass, Again: AgainFailed, Set: SetRound, TimeLimit: 20, Questions: []Question{}, Draws: draws, Pool: []Question{choose("偽")}}}
			var err error
			if l, err = b.SaveLesson(t.Context(), b.w.A.ID, l.ID, SaveLesson{Title: "テスト", Body: body, Base: l.Version, SaveID: db.NewID().String()}); err != nil {
				t.Fatal(err)
			}
			if len(l.Body.Quiz.Pool) > 0 {
				t.Error("a pool came in from outside")
			}
		}
		publish := func() (CourseVersion, error) {
			t.Helper()
			now, err := b.Find(t.Context(), b.w.A.ID, c.ID)
			if err != nil {
				t.Fatal(err)
			}
			return b.Publish(t.Context(), b.w.A.ID, c.ID, now.ContentVersion)
		}
		for name, draws := range map[string][]Draw{
			"draw_too_few": {{Category: "安全", Count: 2}, {Questions: []db.ID{one.ID}}},
			"draw_gone":    {{Questions: []db.ID{db.NewID()}}},
			"draw_twice":   {{Questions: []db.ID{one.ID}}, {Questions: []db.ID{one.ID}}},
			"draw_empty":   {{Category: "別", Count: 1}, {Category: "安全"}},
		} {
			save(draws...)
			if _, err := publish(); !fault.Is(err, fault.Invalid) || !strings.Contains(fmt.Sprintf("%+v", fieldsOf(err)), name) {
				t.Errorf("%s: %+v", name, fieldsOf(err))
			}
		}
		save(Draw{Category: "安全", Count: 1}, Draw{Questions: []db.ID{two.ID}})
		first, err := publish()
		if err != nil {
			t.Fatal(err)
		}
		in := one.input()
		in.Question.Text = "一、改"
		if _, err := b.questions.Update(t.Context(), b.w.A.ID, one.ID, one.Version, in); err != nil {
			t.Fatal(err)
		}
		second, err := publish()
		if err != nil || second.Number != 2 {
			t.Fatalf("a changed question is nothing new: %d, %v", second.Number, err)
		}
		b.add("別", "四", 1)
		if again, err := publish(); err != nil || again.Number != 2 {
			t.Errorf("a question that nobody draws made version %d, %v", again.Number, err)
		}
		for version, text := range map[db.ID]string{first.ID: "一", second.ID: "一、改"} {
			v, err := NewVersions(d, b.clock.Now, 0).FindVersion(t.Context(), b.w.A.ID, b.w.A.ID.Number(), version)
			if err != nil {
				t.Fatal(err)
			}
			quiz := v.Lessons[0].Body.Quiz
			if quiz.Asked() != 2 || len(quiz.Pool) != 2 || quiz.Pool[0].Text != text || quiz.Pool[0].Bank != one.ID || len(quiz.Draws[0].From) != 2 || len(quiz.Draws[1].From) != 1 {
				raw, _ := json.Marshal(quiz)
				t.Errorf("%s: %s", text, raw)
			}
		}
		_, uses, err := b.questions.Find(t.Context(), b.w.A.ID, one.ID)
		if err != nil || len(uses) != 1 || uses[0].Lesson != l.ID {
			t.Errorf("uses: %+v %v", uses, err)
		}
	})
}

// The digest knows a question again whatever its choices are called and in whatever order the right ones were marked.
func TestQuestionSameness(t *testing.T) {
	q := Question{Kind: QuestionMultiple, Text: "問い", Choices: []Choice{{ID: "a", Text: "一"}, {ID: "b", Text: "二"}, {ID: "c", Text: "三"}}, Correct: []string{"a", "c"}}
	renamed := q
	renamed.Choices, renamed.Correct = []Choice{{ID: "p", Text: "一"}, {ID: "q", Text: "二"}, {ID: "r", Text: "三"}}, []string{"r", "p"}
	other := q
	other.Correct = []string{"a", "b"}
	yes := Question{Kind: QuestionTrueFalse, Text: "問い", Choices: []Choice{{ID: "true"}, {ID: "false"}}, Correct: []string{"true"}}
	no := yes
	no.Correct = []string{"false"}
	digest := func(q Question) db.Hash { return sameness(QuestionInput{Question: q}) }
	if digest(q) != digest(renamed) || digest(q) == digest(other) || digest(yes) == digest(no) {
		t.Error("the digest does not tell questions apart by what they say")
	}
}
