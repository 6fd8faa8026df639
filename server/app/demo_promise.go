package app

import (
	"context"
	"fmt"
	"time"

	"kenshu/lms"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// opinions are what the learners of the demonstration answer to the survey, one after the other.
var opinions = []struct {
	step    int
	choices []string
	text    string
}{
	{5, []string{"a", "b"}, "電話の横に「折り返します」のカードを置きたいです。"},
	{4, []string{"b"}, ""},
	{5, []string{"b", "d"}, "行事の写真は、撮る人を一人に決めたいです。"},
	{3, []string{"c"}, ""},
	{4, []string{"a", "c"}, "訪問かばんに、かぎのかかる袋がほしいです。"},
	{5, []string{"a"}, ""},
}

// promises is a round of the care division that opens to those who completed the first one: some signed already, the others are told what comes before.
func (d *demonstration) promises(ctx context.Context, tid tenant.ID, course db.ID, people []tenant.Registered) error {
	d.now = d.app.Clock().AddDate(0, 0, -6)
	list, err := d.Departments.List(ctx, tid, tenant.DepartmentQuery{})
	if err != nil {
		return err
	}
	rules := []lms.RuleSpec{{Kind: lms.RulePerson, Target: people[17].Person.ID}} // the deputy has completed the first one, and can look at it at once
	for _, one := range list {
		if one.Name == "介護事業部" {
			rules = append(rules, lms.RuleSpec{Kind: lms.RuleDepartment, Target: one.ID, WithBelow: true})
		}
	}
	round, err := d.Rounds.Create(ctx, tid, lms.NewRound{
		ID: db.NewID(), Title: "わたしの約束 " + tenant.Today(d.app.Clock)[:4] + "年度", Course: course,
		StartsOn: tenant.Today(func() time.Time { return d.now }), DeadlineOn: tenant.AddDays(tenant.Today(d.app.Clock), 30),
		Audience: lms.Audience{Rules: rules},
	})
	if err != nil {
		return err
	}
	for n, i := range []int{1, 2, 3, 5, 6, 7} {
		d.now = d.app.Clock().AddDate(0, 0, -5).Add(time.Duration(n) * 17 * time.Hour)
		if err := d.learn(ctx, tid, people[i].Person, round.ID, true); err != nil {
			return fmt.Errorf("%s promises: %w", people[i].Person.Name, err)
		}
	}
	return nil
}

// opine answers the survey: how useful it was, where one feels unsure, and in one's own words.
func (d *demonstration) opine(ctx context.Context, tid tenant.ID, person, enrolment, lesson db.ID) error {
	opened, err := d.Learning.OpenLesson(ctx, tid, person, enrolment, lesson)
	if err != nil {
		return err
	}
	said := opinions[d.opined%len(opinions)]
	d.opined++
	questions := opened.Lesson.Body.Survey.Questions
	answers := []lms.SurveyAnswer{{Question: questions[0].ID, Step: said.step}, {Question: questions[1].ID, Choices: said.choices}}
	if said.text != "" {
		answers = append(answers, lms.SurveyAnswer{Question: questions[2].ID, Text: said.text})
	}
	_, err = d.Learning.AnswerSurvey(ctx, tid, person, enrolment, lesson, answers)
	return err
}
