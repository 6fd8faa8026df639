package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"kenshu/content"
	"kenshu/lms"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// demoCourse is a file of demo/: as an editor would type it, with file names where assets will be.
type demoCourse struct {
	Title    string
	Summary  string
	Language string
	Audience string
	Minutes  int
	Cover    string
	Lessons  []struct {
		Kind  content.LessonKind
		Title string
		Body  json.RawMessage
	}

	name string // of the file
}

// demoCourses are the published ones.
type demoCourses struct{ basics, promise db.ID }

// lessonID names the n-th lesson, from 0.
func (c demoCourse) lessonID(n int) db.ID { return demoID(c.name, "lesson", fmt.Sprint(n)) }

func (d *demonstration) readCourse(name string, c *demoCourse) error {
	text, err := demoFiles.ReadFile("demo/" + name + ".json")
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, c); err != nil {
		return fmt.Errorf("%s.json: %w", name, err)
	}
	c.name = name
	for _, l := range c.Lessons {
		var quiz content.QuizBody
		if l.Kind != content.KindQuiz {
			continue
		}
		if err := json.Unmarshal(l.Body, &quiz); err != nil {
			return err
		}
		for _, q := range quiz.Questions {
			d.right[q.ID.String()] = q
		}
	}
	return nil
}

// rightAnswer is what somebody answers who knows it, in the names that the sheet gives to what can be chosen.
func rightAnswer(q content.Question, asked lms.SheetQuestion) []string {
	named := func(list, shown []content.Choice, id string) string {
		for _, c := range list {
			for _, s := range shown {
				if c.ID == id && c.Text == s.Text {
					return s.ID
				}
			}
		}
		return id
	}
	switch q.Kind {
	case content.QuestionNumber:
		return []string{q.Number}
	case content.QuestionShortText:
		return q.Accepted[:1]
	}
	var answer []string
	for _, one := range q.Correct {
		choice, target, paired := strings.Cut(one, "=")
		name := named(q.Choices, asked.Choices, choice)
		if paired {
			name = content.Pair(name, named(q.Targets, asked.Targets, target))
		}
		answer = append(answer, name)
	}
	return answer
}

var demoAssets = map[string]content.AssetKind{
	"video.mp4": content.AssetVideo, "captions.ja.vtt": content.AssetCaptions, "captions.en.vtt": content.AssetCaptions, "handbook.pdf": content.AssetPDF, "cover.png": content.AssetImage,
	"bell.mp3": content.AssetAudio, "bell.ja.vtt": content.AssetCaptions, "bell.en.vtt": content.AssetCaptions,
}

// publish makes a course in the association's catalogue, with the files it uses; it opens to those who completed the courses after which it comes.
func (d *demonstration) publish(ctx context.Context, tid tenant.ID, c demoCourse, after ...db.ID) (db.ID, error) {
	bodies := make([]string, len(c.Lessons))
	for i, l := range c.Lessons {
		bodies[i] = string(l.Body)
	}
	for name, kind := range demoAssets {
		if err := d.useAsset(ctx, tid, name, kind, c.Cover, bodies); err != nil {
			return db.ID{}, fmt.Errorf("%s: %w", name, err)
		}
	}
	fields := content.CourseFields{Title: c.Title, Summary: c.Summary, Language: c.Language, Shared: content.SharedAll, Requires: after, Audience: c.Audience, Minutes: c.Minutes}
	if c.Cover != "" {
		fields.Cover = demoID("asset", c.Cover)
	}
	course, err := d.Courses.Create(ctx, tid, demoID(c.name), fields)
	if err != nil {
		return db.ID{}, err
	}
	for i, l := range c.Lessons {
		if err := d.lesson(ctx, tid, c, i, l.Kind, l.Title, bodies[i]); err != nil {
			return db.ID{}, fmt.Errorf("lesson %d: %w", i+1, err)
		}
	}
	if course, err = d.Courses.Find(ctx, tid, course.ID); err != nil {
		return db.ID{}, err
	}
	_, err = d.Courses.Publish(ctx, tid, course.ID, course.ContentVersion)
	return course.ID, err
}

// useAsset stores a file and names it in the lessons that use it; one that nothing uses is left out.
func (d *demonstration) useAsset(ctx context.Context, tid tenant.ID, name string, kind content.AssetKind, cover string, bodies []string) error {
	inText := `"asset": "` + name + `"`
	if name != cover && !strings.Contains(strings.Join(bodies, ""), inText) {
		return nil
	}
	data, err := demoFiles.ReadFile("demo/" + name)
	if err != nil {
		return err
	}
	asset, err := d.Assets.Store(ctx, tid, demoID("asset", name), content.NewFile{Kind: kind, FileName: name, Size: int64(len(data))}, bytes.NewReader(data))
	if err != nil {
		return err
	}
	for i := range bodies {
		bodies[i] = strings.ReplaceAll(bodies[i], inText, `"asset": "`+asset.ID.String()+`"`)
	}
	return nil
}

func (d *demonstration) lesson(ctx context.Context, tid tenant.ID, c demoCourse, n int, kind content.LessonKind, title, text string) error {
	var body content.Body
	if err := json.Unmarshal([]byte(`{"`+string(kind)+`":`+text+`}`), &body); err != nil {
		return err
	}
	after := db.ID{}
	if n > 0 {
		after = c.lessonID(n - 1)
	}
	lesson, err := d.Courses.AddLesson(ctx, tid, demoID(c.name), c.lessonID(n), kind, title, after)
	if err != nil {
		return err
	}
	_, err = d.Courses.SaveLesson(ctx, tid, lesson.ID, content.SaveLesson{Title: title, Body: body, Base: lesson.Version, SaveID: "demonstration"})
	return err
}
