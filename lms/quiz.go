package lms

import (
	"crypto/rand"
	"math/big"
	"slices"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
)

// quizPaper is what was drawn for one attempt: the questions and the order of their choices. It says nothing about what is right.
type quizPaper struct {
	Questions []drawn  `json:"questions"`
	Kept      []string `json:"kept,omitempty"`  // right in an attempt before: they count and are not asked again
	Until     int64    `json:"until,omitempty"` // microseconds since 1970 at which the time is over; 0: no limit
}

type drawn struct {
	ID      string   `json:"id"`
	Kind    string   `json:"kind"`
	Choices []string `json:"choices"`
	Targets []string `json:"targets,omitempty"`
}

// draw makes the paper of a new attempt. set names the questions of the bank that the round asks, nil when every attempt has its own.
func draw(q *content.QuizBody, set []db.ID) quizPaper {
	questions := slices.Concat(q.Questions, drawBank(q, set, nil))
	p := quizPaper{Questions: make([]drawn, 0, len(questions))}
	for _, question := range questions {
		p.Questions = append(p.Questions, drawOne(question, q.ShuffleChoices))
	}
	if q.Shuffle {
		shuffle(p.Questions)
	}
	return p
}

// drawBank gives what the draws of a quiz take from its pool, no question twice: chosen ones, then those that a round's set names, then by chance, and of what
// avoid names only when nothing else is left.
func drawBank(q *content.QuizBody, set []db.ID, avoid map[db.ID]bool) []content.Question {
	pool := map[db.ID]content.Question{}
	for _, question := range q.Pool {
		pool[question.ID] = question
	}
	taken := map[db.ID]bool{}
	per := make([][]content.Question, len(q.Draws))
	take := func(i int, from []db.ID, n int) {
		for _, id := range from {
			question, known := pool[id]
			if len(per[i]) < n && known && !taken[id] {
				taken[id] = true
				per[i] = append(per[i], question)
			}
		}
	}
	for i, d := range q.Draws {
		if d.Fixed() {
			take(i, d.From, len(d.From))
		}
	}
	for i, d := range q.Draws {
		if d.Fixed() {
			continue
		}
		var named, others, last []db.ID
		for _, id := range d.From {
			switch bank := pool[id].Bank; {
			case slices.Contains(set, bank):
				named = append(named, id)
			case avoid[bank]:
				last = append(last, id)
			default:
				others = append(others, id)
			}
		}
		shuffle(others)
		shuffle(last)
		take(i, slices.Concat(named, others, last), d.Count)
	}
	return slices.Concat(per...)
}

// failedOf makes the paper of an attempt that asks only what was wrong in the one before; what was right counts on.
func failedOf(q *content.QuizBody, before quizPaper, answers map[string]given) (quizPaper, bool) {
	p := quizPaper{Kept: slices.Clone(before.Kept)}
	for _, d := range before.Questions {
		question := q.Find(d.ID)
		switch {
		case question == nil:
		case isRight(*question, answers[d.ID].Answer):
			p.Kept = append(p.Kept, d.ID)
		default:
			p.Questions = append(p.Questions, drawOne(*question, q.ShuffleChoices))
		}
	}
	if q.Shuffle {
		shuffle(p.Questions)
	}
	return p, len(p.Questions) > 0
}

// drawOne puts one question on the paper. Things to be ordered or matched never lie as they should.
func drawOne(question content.Question, mix bool) drawn {
	d := drawn{ID: question.ID.String(), Kind: question.Kind}
	for _, c := range question.Choices {
		d.Choices = append(d.Choices, c.ID)
	}
	for _, c := range question.Targets {
		if firstAlike(question.Targets, c.ID) == c.ID {
			d.Targets = append(d.Targets, c.ID)
		}
	}
	switch {
	case question.Kind == content.QuestionOrdering:
		for range 50 {
			shuffle(d.Choices)
			if len(d.Choices) < 3 || !slices.Equal(d.Choices, question.Correct) { // of two, never the right order would give it away
				break
			}
		}
	case question.Kind == content.QuestionMatching:
		shuffle(d.Targets)
		if mix {
			shuffle(d.Choices)
		}
	case mix && question.Kind != content.QuestionTrueFalse:
		shuffle(d.Choices)
	}
	return d
}

// shuffle orders list by chance that nobody can foresee (Fisher and Yates).
func shuffle[T any](list []T) {
	for i := len(list) - 1; i > 0; i-- {
		n, err := rand.Int(rand.Reader, big.NewInt(int64(i+1)))
		if err != nil {
			return // the system has no chance to give: the order stays as it is
		}
		j := int(n.Int64())
		list[i], list[j] = list[j], list[i]
	}
}

// check gives the question on the paper and the answer as it is stored. It returns fault.NotFound for a question that is not there.
func (p quizPaper) check(question string, answer []string) (drawn, []string, error) {
	i := slices.IndexFunc(p.Questions, func(d drawn) bool { return d.ID == question })
	if i < 0 {
		return drawn{}, nil, fault.New(fault.NotFound, "not_found")
	}
	taken, err := p.Questions[i].take(answer)
	return p.Questions[i], taken, err
}

type graded struct {
	right, wrong []any // question ids
	percent      int
	passed       bool
}

// grade compares answers with what is right. A multiple choice is right only as a whole. The percentage is rounded down, so that 100 means every question;
// passing is decided without rounding.
func grade(q *content.QuizBody, p quizPaper, answers map[string]given) graded {
	var g graded
	for _, d := range p.Questions {
		question := q.Find(d.ID)
		if question != nil && isRight(*question, answers[d.ID].Answer) {
			g.right = append(g.right, d.ID)
		} else {
			g.wrong = append(g.wrong, d.ID)
		}
	}
	total, right := len(p.Questions)+len(p.Kept), len(g.right)+len(p.Kept)
	if total == 0 {
		return g
	}
	g.percent = right * 100 / total
	g.passed = right*100 >= q.PassPercent*total
	return g
}

// show gives a question as the person may see it; what is right goes along only when it is revealed.
func (d drawn) show(q content.Question, a given, revealed bool) SheetQuestion {
	out := SheetQuestion{
		ID: d.ID, Kind: q.Kind, Text: q.Text, Choices: d.texts(d.Choices, q.Choices), Targets: d.texts(d.Targets, q.Targets), Answer: d.veil(a.Answer), Seq: a.Seq,
	}
	if !revealed {
		return out
	}
	right := isRight(q, a.Answer)
	out.Right, out.Explanation = &right, q.Explanation
	switch q.Kind {
	case content.QuestionShortText:
		out.Correct = q.Accepted
	case content.QuestionNumber:
		out.Correct, out.Tolerance = []string{q.Number}, q.Tolerance
	default:
		out.Correct = d.veil(rightOf(q))
	}
	return out
}

// texts gives what stands on the paper, in its order.
func (d drawn) texts(order []string, list []content.Choice) []content.Choice {
	out := make([]content.Choice, 0, len(order))
	for at, id := range order {
		if i := slices.IndexFunc(list, func(c content.Choice) bool { return c.ID == id }); i >= 0 {
			out = append(out, content.Choice{ID: d.place(order, at), Text: list[i].Text})
		}
	}
	return out
}

func attemptsLeft(q *content.QuizBody, before []Attempt) *int {
	if q.MaxAttempts <= 0 {
		return nil
	}
	left := max(0, q.MaxAttempts-len(before))
	return &left
}

// tally is how the quizzes of an enrolment stand.
type tally struct {
	open   bool // a quiz was left midway
	failed bool // a submitted quiz has not been passed
	score  *int // mean of the best scores of the quizzes, rounded down
}

func (t tally) status() string {
	switch {
	case t.open:
		return string(Interrupted)
	case t.failed:
		return string(Failed)
	}
	return string(InProgress)
}

// quizScore is the best of one quiz of an enrolment.
type quizScore struct {
	open, submitted, passed bool
	reported                bool // by a package about itself: it counts for the score only
	best                    int
}

func tallyOf(course *content.CourseVersion, scores map[string]quizScore) tally {
	var t tally
	sum, quizzes, tried := 0, 0, false
	for _, lesson := range course.Lessons {
		s := scores[lesson.ID.String()]
		if lesson.Kind != content.KindQuiz && !s.reported {
			continue
		}
		quizzes++
		t.open = t.open || (s.open && !s.passed)
		t.failed = t.failed || (s.submitted && !s.passed)
		tried = tried || s.submitted || s.reported
		sum += s.best
	}
	if tried {
		mean := sum / quizzes
		t.score = &mean
	}
	return t
}
