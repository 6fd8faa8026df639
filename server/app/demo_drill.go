package app

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"kenshu/content"
	"kenshu/lms"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// demoDrill is demo/drill.json: a test that draws its questions from the bank.
type demoDrill struct {
	demoCourse
	Questions []content.Question
}

// enough is how many of 15 people know the answer to each question of the drill, but for those who slip. The last one is answered wrong by who knows the others: they
// learnt it as it was taught years ago.
var enough = []int{13, 12, 10, 8, 6}

// knows tells whether the n-th of 15 people gets a question of the drill right the first time they are asked in a round.
func knows(n, question, round int) bool {
	rank, slips := n*4%15, (3*n+2*question+3*round)%17 == 0 // rank 0 knows most
	right := question == len(enough) && rank >= 9
	if question < len(enough) {
		right = rank < enough[question]
	}
	return right != slips
}

// drill is what the care office asks its people besides: questions of its own bank, a test that draws them, and two rounds that are over, so that there are enough answers
// for the figures of the questions.
func (d *demonstration) drill(ctx context.Context, tid tenant.ID, people []tenant.Registered) error {
	d.now = d.app.Clock().AddDate(0, 0, -20)
	text, err := demoFiles.ReadFile("demo/drill.json")
	if err != nil {
		return err
	}
	var drill demoDrill
	if err := json.Unmarshal(text, &drill); err != nil {
		return fmt.Errorf("drill.json: %w", err)
	}
	editor := people[18].Person
	course, err := d.drillCourse(acting(ctx, tenant.Principal{Tenant: tid, Person: editor.ID, Name: editor.Name}, tenant.RoleEditor), tid, drill)
	if err != nil {
		return fmt.Errorf("course: %w", err)
	}
	var asked []tenant.Person // who has logged in, but for the log-ins of the demonstration: their first pages stay as they are
	for i, p := range careStaff {
		if p.day != 0 && i != 17 {
			asked = append(asked, people[i].Person)
		}
	}
	for n, start := range []int{-20, -9} {
		if err := d.drillRound(ctx, tid, course, n, start, asked, drill.Questions); err != nil {
			return fmt.Errorf("round %d: %w", n+1, err)
		}
	}
	return nil
}

func (d *demonstration) drillCourse(ctx context.Context, tid tenant.ID, drill demoDrill) (db.ID, error) {
	const category = "確認テスト"
	for _, q := range drill.Questions {
		if _, err := d.Questions.Create(ctx, tid, db.NewID(), content.QuestionInput{Category: category, Difficulty: 1, Question: q}); err != nil {
			return db.ID{}, fmt.Errorf("question %q: %w", q.Text, err)
		}
	}
	course, err := d.Courses.Create(ctx, tid, db.NewID(), content.CourseFields{
		Title: drill.Title, Summary: drill.Summary, Language: drill.Language, Shared: content.SharedNone, Audience: drill.Audience, Minutes: drill.Minutes,
	})
	if err != nil {
		return db.ID{}, err
	}
	lesson, err := d.Courses.AddLesson(ctx, tid, course.ID, db.NewID(), content.KindQuiz, drill.Title, db.ID{})
	if err != nil {
		return db.ID{}, err
	}
	quiz := content.QuizBody{
		PassPercent: 60, Shuffle: true, ShuffleChoices: true, Show: content.ShowAfterSubmit, Questions: []content.Question{},
		Draws: []content.Draw{{Category: category, Count: len(drill.Questions)}},
	}
	if _, err = d.Courses.SaveLesson(ctx, tid, lesson.ID, content.SaveLesson{Title: drill.Title, Body: content.Body{Quiz: &quiz}, Base: lesson.Version, SaveID: "demonstration"}); err != nil {
		return db.ID{}, err
	}
	if course, err = d.Courses.Find(ctx, tid, course.ID); err != nil {
		return db.ID{}, err
	}
	_, err = d.Courses.Publish(ctx, tid, course.ID, course.ContentVersion)
	return course.ID, err
}

// drillRound is a week in which everybody takes the test; who fails takes it again and passes. It is closed afterwards.
func (d *demonstration) drillRound(ctx context.Context, tid tenant.ID, course db.ID, n, start int, asked []tenant.Person, questions []content.Question) error {
	first := d.app.Clock().AddDate(0, 0, start)
	d.now = first
	day := func(days int) string { return tenant.AddDays(tenant.Today(func() time.Time { return first }), days) }
	ids := make([]db.ID, 0, len(asked))
	for _, p := range asked {
		ids = append(ids, p.ID)
	}
	round, err := d.Rounds.Create(ctx, tid, lms.NewRound{
		ID: db.NewID(), Title: fmt.Sprintf("情報セキュリティの確認テスト 第%d回", n+1), Course: course, StartsOn: day(0), DeadlineOn: day(7), Audience: lms.Audience{Persons: ids},
	})
	if err != nil {
		return err
	}
	for i, p := range asked {
		d.now = first.AddDate(0, 0, i%6).Add(time.Duration(i) * 11 * time.Minute)
		if err := d.takeDrill(ctx, tid, p, round.ID, questions, func(question int) bool { return knows(i, question, n) }); err != nil {
			return fmt.Errorf("%s: %w", p.Name, err)
		}
	}
	d.now = first.AddDate(0, 0, 8)
	if round, err = d.Rounds.Find(ctx, tid, round.ID); err != nil {
		return err
	}
	closed := lms.RoundClosed
	_, err = d.Rounds.Update(ctx, tid, round.ID, lms.RoundChange{Version: round.Version, State: &closed})
	return err
}

func (d *demonstration) takeDrill(ctx context.Context, tid tenant.ID, person tenant.Person, round db.ID, questions []content.Question, right func(question int) bool) error {
	ctx, outline, err := d.placeOf(ctx, tid, person, round)
	if err != nil {
		return err
	}
	for {
		sheet, err := d.Learning.StartAttempt(ctx, tid, person.ID, outline.ID, outline.Lessons[0].ID, "")
		if err != nil {
			return err
		}
		d.now = d.now.Add(3 * time.Minute)
		answers := make([]lms.Answering, 0, len(sheet.Questions))
		for _, q := range sheet.Questions {
			n := slices.IndexFunc(questions, func(one content.Question) bool { return one.Text == q.Text })
			answer := rightAnswer(questions[n], q)
			if !right(n) {
				answer = wrongAnswer(questions[n], q, answer)
			}
			answers = append(answers, lms.Answering{Question: q.ID, Answer: answer, Seq: 1})
		}
		done, err := d.Learning.SubmitAttempt(ctx, tid, person.ID, sheet.ID, answers)
		if err != nil || done.Passed {
			return err
		}
		right = func(int) bool { return true } // the answers were shown
	}
}

// wrongAnswer is another choice, or one too few.
func wrongAnswer(q content.Question, asked lms.SheetQuestion, right []string) []string {
	if q.Kind == content.QuestionMultiple {
		return right[1:]
	}
	at := slices.IndexFunc(asked.Choices, func(c content.Choice) bool { return !slices.Contains(right, c.ID) })
	return []string{asked.Choices[at].ID}
}
