package content

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Limits of what a quiz draws.
const (
	MaxDraws     = 30
	MaxPool      = 1000 // questions of the bank that one published quiz carries
	MaxTimeLimit = 600  // minutes
)

// What a further attempt at a quiz asks.
const (
	AgainAll    = "all"
	AgainFailed = "failed" // only what was wrong the last time
)

// For whom a set of questions is drawn.
const (
	SetAttempt = "attempt" // every attempt has its own
	SetRound   = "round"   // everybody in a round is asked the same; a copied round gets another set
)

// Draw is what a quiz takes from the bank: chosen questions, or some of those that match. From is filled in when the quiz is published and names questions of
// QuizBody.Pool.
type Draw struct {
	Questions  []db.ID  `json:"questions,omitempty" nullable:"false" maxItems:"200" doc:"these; empty: by what follows"`
	Category   string   `json:"category,omitempty" maxLength:"300" doc:"path of the category, with those below it; empty is all"`
	Tags       []string `json:"tags,omitempty" nullable:"false" maxItems:"10" doc:"all of them"`
	Difficulty int      `json:"difficulty,omitempty" minimum:"0" maximum:"3" doc:"1 easy, 2 medium, 3 hard; 0 is any"`
	Count      int      `json:"count,omitempty" minimum:"0" maximum:"200" doc:"how many of those that match"`
	From       []db.ID  `json:"from,omitempty" nullable:"false" doc:"filled in when published"`
}

// Fixed tells whether the draw names its questions.
func (d Draw) Fixed() bool { return len(d.Questions) > 0 }

// Asked is how many questions the draw gives.
func (d Draw) Asked() int {
	if d.Fixed() {
		return len(d.Questions)
	}
	return d.Count
}

// Asked is how many questions an attempt has.
func (q *QuizBody) Asked() int {
	n := len(q.Questions)
	for _, d := range q.Draws {
		n += d.Asked()
	}
	return n
}

// Find gives a question that an attempt of the published quiz may have, by its id there; nil when there is none.
func (q *QuizBody) Find(id string) *Question {
	want, err := db.ParseID(id)
	if err != nil {
		return nil
	}
	for _, list := range [][]Question{q.Questions, q.Pool} {
		for i := range list {
			if list[i].ID == want {
				return &list[i]
			}
		}
	}
	return nil
}

func (d *Draw) tidy() {
	d.Category = tidyCategory(d.Category)
	for i := range d.Tags {
		d.Tags[i] = tenant.Tidy(d.Tags[i])
	}
}

// checkDraws holds the limits that even an unfinished quiz keeps. What publishing fills in never comes from outside.
func (q *QuizBody) checkDraws(c *fault.Check) {
	const path = "body.quiz."
	q.Pool = nil
	c.If(len(q.Draws) > MaxDraws, path+"draws", "too_many", "max", MaxDraws)
	c.If(q.TimeLimit < 0 || q.TimeLimit > MaxTimeLimit, path+"time_limit", "too_many", "max", MaxTimeLimit)
	c.If(!slices.Contains([]string{"", AgainAll, AgainFailed}, q.Again), path+"again", "not_in_list")
	c.If(!slices.Contains([]string{"", SetAttempt, SetRound}, q.Set), path+"set", "not_in_list")
	for i := range q.Draws {
		q.Draws[i].From = nil
		at := fmt.Sprintf("%sdraws[%d].count", path, i)
		c.If(q.Draws[i].Asked() > MaxQuestions || q.Draws[i].Count < 0, at, "too_many", "max", MaxQuestions)
		c.If(len(q.Draws[i].Tags) > MaxTags, fmt.Sprintf("%sdraws[%d].tags", path, i), "too_many", "max", MaxTags)
	}
	c.If(q.Asked() > MaxQuestions, path+"questions", "too_many", "max", MaxQuestions)
}

// drawsJSON is what stands in lesson.draws: nothing when the lesson draws nothing.
func (b Body) drawsJSON() any {
	if b.Quiz == nil || len(b.Quiz.Draws) == 0 {
		return nil
	}
	return db.JSON[[]Draw]{V: b.Quiz.Draws}
}

// fillPool takes into the quiz what its draws may give, as it is now, and records the draws that cannot be satisfied.
func (q *QuizBody) fillPool(ctx context.Context, r db.Runner, tid tenant.ID, c *fault.Check, path string) error {
	q.Pool = nil
	known := map[db.ID]bool{}
	for i := range q.Draws {
		d := &q.Draws[i]
		found, err := drawable(ctx, r, tid, *d)
		if err != nil {
			return err
		}
		d.From = nil
		for _, question := range found {
			d.From = append(d.From, question.ID)
			if !known[question.ID] {
				known[question.ID] = true
				q.Pool = append(q.Pool, question)
			}
		}
		at := fmt.Sprintf("%sdraws[%d]", path, i)
		c.If(d.Asked() == 0, at, "draw_empty")
		c.If(d.Fixed() && len(found) < len(d.Questions), at, "draw_gone", "have", len(found), "need", len(d.Questions))
	}
	c.If(len(q.Pool) > MaxPool, path+"draws", "too_many", "max", MaxPool)
	q.checkEnough(c, path)
	return nil
}

// checkEnough makes sure that every draw finds enough questions whatever chance gives to those before it: chosen questions are taken first, and no question is
// asked twice.
func (q *QuizBody) checkEnough(c *fault.Check, path string) {
	for i, d := range q.Draws {
		need := d.Asked()
		have := len(d.From)
		mine := map[db.ID]bool{}
		for _, id := range d.From {
			mine[id] = true
		}
		for j, other := range q.Draws {
			if later := j > i && (d.Fixed() || !other.Fixed()); j == i || later || d.Fixed() && !other.Fixed() {
				continue
			}
			shared := 0
			for _, id := range other.From {
				if mine[id] {
					shared++
				}
			}
			have -= min(shared, other.Asked())
		}
		at := fmt.Sprintf("%sdraws[%d]", path, i)
		c.If(d.Fixed() && len(d.From) == need && have < need, at, "draw_twice")
		c.If(!d.Fixed() && have < need, at, "draw_too_few", "have", max(have, 0), "need", need)
	}
}

// drawable gives the active questions of the bank that a draw may give, in the order they were made, each with its version's id as its own.
func drawable(ctx context.Context, r db.Runner, tid tenant.ID, d Draw) ([]Question, error) {
	cond := db.Where("q.tenant_id = ?", tid).And("q.state = ?", QuestionActive)
	if d.Fixed() {
		ids := make([]any, 0, len(d.Questions))
		for _, id := range d.Questions {
			ids = append(ids, id)
		}
		cond.In("q.id", ids)
	} else {
		matching(cond, tid, d.Category, d.Tags, d.Difficulty)
	}
	var out []Question
	err := db.Each(ctx, r, sqlDrawable+cond.SQL()+" ORDER BY q.id LIMIT ?", cond.Args(MaxPool+1), func(scan func(...any) error) error {
		var bank, version db.ID
		var body db.JSON[Question]
		if err := scan(&bank, &version, &body); err != nil {
			return err
		}
		body.V.tidy()
		body.V.ID, body.V.Bank = version, bank
		out = append(out, body.V)
		return nil
	})
	return out, err
}

// matching adds the conditions of a draw by rule; q is the table question.
func matching(cond *db.Cond, tid tenant.ID, category string, tags []string, difficulty int) {
	if category != "" {
		// A range, which tells upper and lower case apart on both engines as matches does; '0' comes behind '/'.
		cond.And("q.category = ? OR (q.category >= ? AND q.category < ?)", category, category+"/", category+"0")
	}
	if difficulty > 0 {
		cond.And("q.difficulty = ?", difficulty)
	}
	for _, tag := range tags {
		cond.And("EXISTS (SELECT 1 FROM question_tag t WHERE t.tenant_id = ? AND t.question_id = q.id AND t.tag_key = ?)", tid, tenant.Fold(tag))
	}
}

// drawFacts are what decides whether a draw may give a question.
type drawFacts struct {
	id         db.ID
	category   string
	tags       []string
	difficulty int
}

func (d Draw) matches(f drawFacts) bool {
	if d.Fixed() {
		return slices.Contains(d.Questions, f.id)
	}
	for _, tag := range d.Tags {
		if !slices.ContainsFunc(f.tags, func(have string) bool { return tenant.Fold(have) == tenant.Fold(tag) }) {
			return false
		}
	}
	return (d.Category == "" || f.category == d.Category || strings.HasPrefix(f.category, d.Category+"/")) && (d.Difficulty == 0 || d.Difficulty == f.difficulty)
}

// lessonDraws is what one lesson of a draft draws.
type lessonDraws struct {
	lesson, course db.ID
	title          string
	courseTitle    string
	draws          []Draw
}

func (l lessonDraws) uses(list []drawFacts) bool {
	return slices.ContainsFunc(l.draws, func(d Draw) bool { return slices.ContainsFunc(list, d.matches) })
}

// drawingLessons gives the lessons of all drafts that draw from the bank.
func drawingLessons(ctx context.Context, r db.Runner, tid tenant.ID) ([]lessonDraws, error) {
	var out []lessonDraws
	err := db.Each(ctx, r, sqlDrawingLessons, []any{tid}, func(scan func(...any) error) error {
		var l lessonDraws
		var raw string
		if err := scan(&l.lesson, &l.course, &l.title, &l.courseTitle, &raw); err != nil {
			return err
		}
		if err := json.Unmarshal([]byte(raw), &l.draws); err != nil {
			return fmt.Errorf("draws of lesson %s: %w", l.lesson, err)
		}
		out = append(out, l)
		return nil
	})
	return out, err
}
