package app

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"kenshu/content"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// demoCourse is demo/course.json: as an editor would type it, with file names where assets will be.
type demoCourse struct {
	Title    string
	Summary  string
	Language string
	Audience string
	Minutes  int
	Lessons  []struct {
		Kind  content.LessonKind
		Title string
		Body  json.RawMessage
	}

	right map[string][]string // question → right choices, for the learners of the demonstration
}

func (d *demonstration) readCourse() error {
	text, err := demoFiles.ReadFile("demo/course.json")
	if err != nil {
		return err
	}
	if err := json.Unmarshal(text, &d.course); err != nil {
		return fmt.Errorf("course.json: %w", err)
	}
	d.course.right = map[string][]string{}
	for _, l := range d.course.Lessons {
		var quiz content.QuizBody
		if l.Kind != content.KindQuiz {
			continue
		}
		if err := json.Unmarshal(l.Body, &quiz); err != nil {
			return err
		}
		for _, q := range quiz.Questions {
			d.course.right[q.ID.String()] = q.Correct
		}
	}
	return nil
}

// publish makes the course in the association's catalogue.
func (d *demonstration) publish(ctx context.Context, tid tenant.ID) (db.ID, error) {
	files := map[string]content.AssetKind{"video.mp4": content.AssetVideo, "captions.ja.vtt": content.AssetCaptions, "captions.en.vtt": content.AssetCaptions, "handbook.pdf": content.AssetPDF, "cover.png": content.AssetImage}
	bodies := make([]string, len(d.course.Lessons))
	for i, l := range d.course.Lessons {
		bodies[i] = string(l.Body)
	}
	for name, kind := range files {
		data, err := demoFiles.ReadFile("demo/" + name)
		if err != nil {
			return db.ID{}, err
		}
		asset, err := d.Assets.Store(ctx, tid, demoID("asset", name), content.NewFile{Kind: kind, FileName: name, Size: int64(len(data))}, bytes.NewReader(data))
		if err != nil {
			return db.ID{}, fmt.Errorf("%s: %w", name, err)
		}
		for i := range bodies {
			bodies[i] = string(bytes.ReplaceAll([]byte(bodies[i]), []byte(`"asset": "`+name+`"`), []byte(`"asset": "`+asset.ID.String()+`"`)))
		}
	}
	course, err := d.Courses.Create(ctx, tid, demoID("course"), content.CourseFields{Title: d.course.Title, Summary: d.course.Summary, Language: d.course.Language, Shared: content.SharedAll, Audience: d.course.Audience, Minutes: d.course.Minutes, Cover: demoID("asset", "cover.png")})
	if err != nil {
		return db.ID{}, err
	}
	for i, l := range d.course.Lessons {
		if err := d.lesson(ctx, tid, course.ID, i, l.Kind, l.Title, bodies[i]); err != nil {
			return db.ID{}, fmt.Errorf("lesson %d: %w", i+1, err)
		}
	}
	if course, err = d.Courses.Find(ctx, tid, course.ID); err != nil {
		return db.ID{}, err
	}
	_, err = d.Courses.Publish(ctx, tid, course.ID, course.ContentVersion)
	return course.ID, err
}

func (d *demonstration) lesson(ctx context.Context, tid tenant.ID, course db.ID, n int, kind content.LessonKind, title, text string) error {
	var body content.Body
	if err := json.Unmarshal([]byte(`{"`+string(kind)+`":`+text+`}`), &body); err != nil {
		return err
	}
	after := db.ID{}
	if n > 0 {
		after = demoID("lesson", fmt.Sprint(n-1))
	}
	lesson, err := d.Courses.AddLesson(ctx, tid, course, demoID("lesson", fmt.Sprint(n)), kind, title, after)
	if err != nil {
		return err
	}
	_, err = d.Courses.SaveLesson(ctx, tid, lesson.ID, content.SaveLesson{Title: title, Body: body, Base: lesson.Version, SaveID: "demonstration"})
	return err
}
