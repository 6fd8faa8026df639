package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"time"

	"kenshu/content"
	"kenshu/storage/db"
	"kenshu/tenant"
)

const walkManifest = `<manifest identifier="m" xmlns:adlcp="http://www.adlnet.org/xsd/adlcp_rootv1p2"><metadata><schemaversion>1.2</schemaversion></metadata>
<organizations default="o"><organization identifier="o"><title>教材</title><item identifier="one" identifierref="r"><title>本編</title></item></organization></organizations>
<resources><resource identifier="r" adlcp:scormtype="sco" href="index.html"/></resources></manifest>`

// packages unpacks a learning package, makes a course of it and runs it as a learner.
func (w *walk) packages(ctx context.Context, do doer) error {
	ctx = w.collector.trace(ctx)
	asset, err := w.storePackage(ctx)
	if err != nil {
		return err
	}
	w.ids["assets"] = asset
	do("editor", "GET", "/assets/"+asset+"/package", "")
	do("editor", "POST", "/assets/"+asset+"/package/preview", "")
	course := do("editor", "POST", "/courses", `{"title":"教材の講座","summary":"","language":"ja","shared":"none"}`)
	lesson := do("editor", "POST", "/courses/"+course+"/lessons", `{"kind":"package","title":"教材"}`)
	do("editor", "PUT", "/lessons/"+lesson, `{"base_version":1,"client_save_id":"p","title":"教材","body":{"package":{"asset":"%s","complete":"completed"}}}`, asset)
	do("editor", "GET", "/courses/"+course, "")
	do("editor", "POST", "/courses/"+course+"/publish", `{"base_version":%v}`, w.member("content_version"))
	today := tenant.Today(time.Now)
	do("manager", "POST", "/rounds", `{"title":"教材の回","course_id":"%s","starts_on":"%s","deadline_on":"%s","audience":{"persons":["%s"]}}`, course, today, tenant.AddDays(today, 30), w.estate.staff[0])
	do("staff", "GET", "/me/enrolments", "")
	var mine struct {
		Items []struct {
			ID          string
			CourseTitle string `json:"course_title"`
		}
	}
	if err := json.Unmarshal(w.last, &mine); err != nil {
		return err
	}
	for _, one := range mine.Items {
		if one.CourseTitle == "教材の講座" {
			w.launch(do, one.ID)
			return nil
		}
	}
	return fmt.Errorf("the round of the package has nobody in it: %.300s", w.last)
}

func (w *walk) launch(do doer, enrolment string) {
	do("staff", "GET", "/me/enrolments/"+enrolment, "")
	lessons, _ := w.member("lessons").([]any) // what is missing shows in the next request
	first := ""
	if len(lessons) > 0 {
		lesson, _ := lessons[0].(map[string]any)
		first = fmt.Sprint(lesson["id"])
	}
	for i, completion := range []string{"incomplete", "completed"} {
		do("staff", "POST", "/me/enrolments/"+enrolment+"/lessons/"+first+"/launches", "")
		at := time.Now().UnixMilli()
		do("staff", "POST", fmt.Sprintf("/me/launches/%v/reports", w.member("launch")),
			`{"now":%d,"reports":[{"activity":"one","client_seq":%d,"cmi":"{}","completion":"%s","success":"unknown","score":{"scaled":0.9},"seconds":5,"at":%d}]}`, at, i+1, completion, at)
	}
}

// storePackage keeps a small package as an upload and its job would, and opens one of its files as the content origin does.
func (w *walk) storePackage(ctx context.Context) (string, error) {
	var raw bytes.Buffer
	z := zip.NewWriter(&raw)
	for _, f := range [][2]string{{content.ManifestName, walkManifest}, {"index.html", "<p>教材</p>"}} {
		part, err := z.Create(f[0])
		if err == nil {
			_, err = io.WriteString(part, f[1])
		}
		if err != nil {
			return "", err
		}
	}
	if err := z.Close(); err != nil {
		return "", err
	}
	main := w.estate.main
	var captions []string
	for _, word := range []string{"before", "after"} {
		text := "WEBVTT\n\n00:01.000 --> 00:02.000\n" + word + "\n"
		made, err := w.Services.Assets.Store(ctx, main, db.NewID(), content.NewFile{Kind: content.AssetCaptions, FileName: word + ".vtt", Size: int64(len(text))}, strings.NewReader(text))
		if err != nil {
			return "", err
		}
		captions = append(captions, made.ID.String())
	}
	w.ask(ctx, "editor", "POST", "/assets/"+captions[0]+"/replace", `{"asset":"`+captions[1]+`"}`)
	file := content.NewFile{Kind: content.AssetPackage, FileName: "course.zip", Size: int64(raw.Len())}
	asset, err := w.Services.Assets.Store(ctx, main, db.NewID(), file, bytes.NewReader(raw.Bytes()))
	if err == nil {
		err = w.Services.Assets.Probe(ctx, main, asset.ID, func(int64, int64) {})
	}
	if err != nil {
		return "", err
	}
	token, _, err := w.Services.Packages.Issue(ctx, main, main.Number(), asset.ID, w.estate.editor, db.ID{})
	if err != nil {
		return "", err
	}
	ticket, err := w.Services.Packages.Read(token)
	if err != nil {
		return "", err
	}
	opened, err := w.Services.Packages.Open(ctx, ticket, "index.html")
	if err != nil {
		return "", err
	}
	return asset.ID.String(), opened.Content.Close()
}
