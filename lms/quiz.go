package lms

import (
	"crypto/rand"
	"math/big"
	"slices"

	"kenshu/content"
	"kenshu/fault"
)

// quizPaper is what was drawn for one attempt: the questions and the order of their choices. It says nothing about what is right.
type quizPaper struct {
	Questions []drawn `json:"questions"`
}

type drawn struct {
	ID      string   `json:"id"`
	Kind    string   `json:"kind"`
	Choices []string `json:"choices"`
}

// draw makes the paper of a new attempt.
func draw(q *content.QuizBody) quizPaper {
	p := quizPaper{Questions: make([]drawn, 0, len(q.Questions))}
	for _, question := range q.Questions {
		d := drawn{ID: question.ID.String(), Kind: question.Kind}
		for _, c := range question.Choices {
			d.Choices = append(d.Choices, c.ID)
		}
		if q.ShuffleChoices && question.Kind != content.QuestionTrueFalse {
			shuffle(d.Choices)
		}
		p.Questions = append(p.Questions, d)
	}
	if q.Shuffle {
		shuffle(p.Questions)
	}
	return p
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

// check gives the answer without repeats, in the order of the paper. Choosing nothing takes an answer back.
func (p quizPaper) check(question string, answer []string) ([]string, error) {
	i := slices.IndexFunc(p.Questions, func(d drawn) bool { return d.ID == question })
	if i < 0 {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	q := p.Questions[i]
	given := []string{}
	for _, c := range q.Choices {
		if slices.Contains(answer, c) {
			given = append(given, c)
		}
	}
	var c fault.Check
	for _, a := range answer {
		c.If(!slices.Contains(q.Choices, a), "answer", "not_in_list")
	}
	c.If(q.Kind != content.QuestionMultiple && len(given) > 1, "answer", "too_many", "max", 1)
	return given, c.Err()
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
	for _, question := range q.Questions {
		id := question.ID.String()
		if !slices.ContainsFunc(p.Questions, func(d drawn) bool { return d.ID == id }) {
			continue
		}
		if isRight(question, answers[id].Answer) {
			g.right = append(g.right, id)
		} else {
			g.wrong = append(g.wrong, id)
		}
	}
	total := len(p.Questions)
	if total == 0 {
		return g
	}
	g.percent = len(g.right) * 100 / total
	g.passed = len(g.right)*100 >= q.PassPercent*total
	return g
}

func isRight(q content.Question, answer []string) bool {
	a, b := slices.Clone(answer), slices.Clone(q.Correct)
	slices.Sort(a)
	slices.Sort(b)
	return len(b) > 0 && slices.Equal(slices.Compact(a), slices.Compact(b))
}

// show gives a question as the person may see it; what is right goes along only when it is revealed.
func (d drawn) show(q content.Question, a given, revealed bool) SheetQuestion {
	out := SheetQuestion{ID: d.ID, Kind: q.Kind, Text: q.Text, Answer: a.Answer, Seq: a.Seq}
	for _, id := range d.Choices {
		if i := slices.IndexFunc(q.Choices, func(c content.Choice) bool { return c.ID == id }); i >= 0 {
			out.Choices = append(out.Choices, q.Choices[i])
		}
	}
	if revealed {
		right := isRight(q, a.Answer)
		out.Right, out.Correct, out.Explanation = &right, q.Correct, q.Explanation
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
	best                    int
}

func tallyOf(course *content.CourseVersion, scores map[string]quizScore) tally {
	var t tally
	sum, quizzes, tried := 0, 0, false
	for _, lesson := range course.Lessons {
		if lesson.Kind != content.KindQuiz {
			continue
		}
		quizzes++
		s := scores[lesson.ID.String()]
		t.open = t.open || (s.open && !s.passed)
		t.failed = t.failed || (s.submitted && !s.passed)
		tried = tried || s.submitted
		sum += s.best
	}
	if tried {
		mean := sum / quizzes
		t.score = &mean
	}
	return t
}
