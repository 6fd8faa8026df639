package main

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// opinions makes a course of a survey and a pledge, has it taken, and reads what came of it.
func (w *walk) opinions(ctx context.Context, do doer) error {
	course := do("editor", "POST", "/courses", `{"title":"意見の講座","summary":"","language":"ja","shared":"none"}`)
	question := db.NewID().String()
	for _, naming := range []string{"anonymous", "named"} {
		lesson := do("editor", "POST", "/courses/"+course+"/lessons", `{"kind":"survey","title":"アンケート"}`)
		do("editor", "PUT", "/lessons/"+lesson, `{"base_version":1,"client_save_id":"s","title":"アンケート","body":{"survey":{"intro":"","naming":"%s","questions":[{"id":"%s","kind":"scale","text":"分かりやすさ","choices":[],"steps":5,"low":"","high":"","required":true}]}}}`, naming, question)
	}
	lesson := do("editor", "POST", "/courses/"+course+"/lessons", `{"kind":"pledge","title":"誓約"}`)
	do("editor", "PUT", "/lessons/"+lesson, `{"base_version":1,"client_save_id":"p","title":"誓約","body":{"pledge":{"text":"情報を守ります。"}}}`)
	do("editor", "GET", "/courses/"+course, "")
	do("editor", "POST", "/courses/"+course+"/publish", `{"base_version":%v}`, w.member("content_version"))
	today := tenant.Today(time.Now)
	round := do("manager", "POST", "/rounds", `{"title":"意見の回","course_id":"%s","starts_on":"%s","deadline_on":"%s","audience":{"persons":["%s"]}}`, course, today, tenant.AddDays(today, 30), w.estate.staff[0])
	enrolment, err := w.enrolmentIn(do, "意見の講座")
	if err != nil {
		return err
	}
	do("staff", "GET", enrolment, "")
	var lessons []string
	list, _ := w.member("lessons").([]any) // what is missing shows in the next request
	for _, one := range list {
		l, _ := one.(map[string]any)
		lessons = append(lessons, fmt.Sprint(l["id"]))
	}
	if len(lessons) != 3 {
		return fmt.Errorf("the course of opinions has %d lessons: %.300s", len(lessons), w.last)
	}
	for _, l := range lessons[:2] {
		do("staff", "POST", enrolment+"/lessons/"+l+"/survey", `{"answers":[{"question":"%s","step":4}]}`, question)
	}
	// A newer version, and everybody goes over: what follows is done under the ids of the older one.
	do("editor", "POST", "/courses/"+course+"/lessons", `{"kind":"page","title":"あとから"}`)
	do("editor", "PUT", "/lessons/"+fmt.Sprint(w.member("id")), `{"base_version":1,"client_save_id":"n","title":"あとから","body":{"page":{"html":"<p>新しい決まり</p>"}}}`)
	do("editor", "GET", "/courses/"+course+"/under-way", "")
	do("editor", "GET", "/courses/"+course, "")
	do("editor", "POST", "/courses/"+course+"/publish", `{"base_version":%v,"under_way":"keep"}`, w.member("content_version"))
	w.jobs(ctx)
	do("staff", "GET", enrolment+"/lessons/"+lessons[2], "")
	pledge, _ := w.member("pledge").(map[string]any)
	at := time.Now().UnixMilli()
	do("staff", "POST", enrolment+"/lessons/"+lessons[2]+"/signature", `{"name":%q,"at":%d,"now":%d}`, fmt.Sprint(pledge["name"]), at, at)
	do("staff", "GET", enrolment+"/lessons/"+lessons[2], "")
	do("manager", "GET", "/rounds/"+round+"/surveys", "")
	for _, l := range lessons[:2] {
		do("manager", "GET", "/rounds/"+round+"/surveys/"+l, "")
		do("manager", "GET", "/rounds/"+round+"/surveys/"+l+"/export", "")
	}
	do("manager", "GET", "/rounds/"+round+"/training-record/preview", "")
	do("manager", "GET", "/people/"+w.estate.staff[0].String()+"/dossier", "")
	return nil
}

// enrolmentIn gives the address of the learner's enrolment in a course.
func (w *walk) enrolmentIn(do doer, course string) (string, error) {
	do("staff", "GET", "/me/enrolments", "")
	var mine struct {
		Items []struct {
			ID          string
			CourseTitle string `json:"course_title"`
		}
	}
	if err := json.Unmarshal(w.last, &mine); err != nil {
		return "", err
	}
	for _, one := range mine.Items {
		if one.CourseTitle == course {
			return "/me/enrolments/" + one.ID, nil
		}
	}
	return "", fmt.Errorf("nobody is in the round of %s: %.300s", course, w.last)
}
