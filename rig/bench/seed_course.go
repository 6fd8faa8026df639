package main

import (
	"context"
	"fmt"
	"strings"

	"kenshu/content"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// seededCourse is the association's published course: a page, a video, a document, another page, a quiz.
type seededCourse struct {
	owner     tenant.ID
	id        db.ID
	version   db.ID
	lessons   []db.ID
	questions []db.ID // of the quiz; "a" is right
	asset     db.ID   // the video
}

// The places of the lessons.
const (
	lessonPage = iota
	lessonVideo
	lessonPDF
	lessonSecondPage
	lessonQuiz
)

func newCourse(ctx context.Context, d *db.DB, owner tenant.ID, by db.ID) (seededCourse, error) {
	c := seededCourse{owner: owner, id: db.NewID(), version: db.NewID(), asset: db.NewID()}
	captions, document := db.NewID(), db.NewID()
	quiz := &content.QuizBody{PassPercent: 80, Shuffle: true, ShuffleChoices: true, Show: content.ShowAfterPass}
	for i := range 10 {
		quiz.Questions = append(quiz.Questions, content.Question{
			ID: db.NewID(), Kind: content.QuestionSingle, Text: fmt.Sprintf("問 %d 利用者の情報を家族に伝えるとき、まず確かめることはどれですか。", i+1), Correct: []string{"a"},
			Choices:     []content.Choice{{ID: "a", Text: "本人の同意があるか"}, {ID: "b", Text: "急いでいるか"}, {ID: "c", Text: "上司がいるか"}, {ID: "d", Text: "電話かどうか"}},
			Explanation: "家族であっても、本人の同意なしに伝えてはいけません。",
		})
		c.questions = append(c.questions, quiz.Questions[i].ID)
	}
	html := strings.Repeat("<p>個人情報とは、生きている個人について、その人を見分けられる情報のことです。名前だけでなく、写真や声も含まれます。</p>", 12)
	bodies := []content.Body{
		{Page: &content.PageBody{HTML: html}},
		{Video: &content.VideoBody{Asset: c.asset, Captions: []content.Caption{{Lang: "ja", Label: "日本語", Asset: captions}}, Speed: true, DurationMS: 600_000}},
		{PDF: &content.PDFBody{Asset: document, Pages: 60}},
		{Page: &content.PageBody{HTML: html}},
		{Quiz: quiz},
	}
	return c, d.Tx(ctx, func(tx *db.Tx) error {
		for _, a := range []struct {
			id              db.ID
			kind, name, typ string
		}{{c.asset, "video", "video.mp4", "video/mp4"}, {captions, "captions", "ja.vtt", "text/vtt"}, {document, "pdf", "guide.pdf", "application/pdf"}} {
			if _, err := tx.Exec(ctx, `INSERT INTO asset (tenant_id, id, kind, file_name, media_type, size, object_key, state, created_by, created_at, updated_at) VALUES (?, ?, ?, ?, ?, 1000000, ?, 'ready', ?, ?, ?)`,
				owner, a.id, a.kind, a.name, a.typ, "t/"+by.String()+"/"+a.id.String(), by, now, now); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `INSERT INTO course (tenant_id, id, title, summary, language, shared, state, latest_version_id, created_by, created_at, updated_at) VALUES (?, ?, '個人情報の扱い', '介護の現場で', 'ja', 'all', 'published', ?, ?, ?, ?)`,
			owner, c.id, c.version, by, now, now); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO course_version (tenant_id, id, course_id, number, title, summary, language, lesson_count, published_by, published_at, offered_at) VALUES (?, ?, ?, 1, '個人情報の扱い', '介護の現場で', 'ja', ?, ?, ?, ?)`,
			owner, c.version, c.id, len(bodies), by, now, now); err != nil {
			return err
		}
		for i, b := range bodies {
			if err := c.addLesson(ctx, tx, i, b); err != nil {
				return err
			}
		}
		return nil
	})
}

func (c *seededCourse) addLesson(ctx context.Context, tx *db.Tx, position int, b content.Body) error {
	raw, err := b.JSON()
	if err != nil {
		return err
	}
	lesson, copied := db.NewID(), db.NewID()
	if _, err := tx.Exec(ctx, `INSERT INTO lesson (tenant_id, id, course_id, position, kind, title, body, created_at, updated_at) VALUES (?, ?, ?, ?, ?, 'レッスン', ?, ?, ?)`,
		c.owner, lesson, c.id, position+1, b.Kind(), raw, now, now); err != nil {
		return err
	}
	c.lessons = append(c.lessons, copied)
	_, err = tx.Exec(ctx, `INSERT INTO version_lesson (tenant_id, id, course_version_id, lesson_id, position, kind, title, body) VALUES (?, ?, ?, ?, ?, ?, 'レッスン', ?)`,
		c.owner, copied, c.version, lesson, position+1, b.Kind(), raw)
	return err
}
