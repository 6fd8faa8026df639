package app

import (
	"context"
	"encoding/json"
	"fmt"

	"kenshu/content"
	"kenshu/tenant"
)

// editing is what the catalogue's editor has in hand: the questions of the course in the bank, and a comment that waits on its first lesson.
func (d *demonstration) editing(ctx context.Context, tid tenant.ID) error {
	for _, l := range d.course.Lessons {
		if l.Kind != content.KindQuiz {
			continue
		}
		var quiz content.QuizBody
		if err := json.Unmarshal(l.Body, &quiz); err != nil {
			return err
		}
		for _, q := range quiz.Questions {
			in := content.QuestionInput{Category: "個人情報保護/介護の現場", Tags: []string{"基本"}, Difficulty: 1, Question: q}
			if _, err := d.Questions.Create(ctx, tid, demoID("question", q.ID.String()), in); err != nil {
				return fmt.Errorf("question %q: %w", q.Text, err)
			}
		}
	}
	return d.Courses.AddComment(ctx, tid, d.course.lessonID(0), demoID("comment"), content.CommentInput{
		Quote: "信頼が仕事の土台です", Text: "次の版では、送迎の場面の例も足しませんか。",
	})
}
