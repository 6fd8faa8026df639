package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"kenshu/content"
	"kenshu/lms"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// What is measured of learning.
const (
	savers        = 500 // learners who save at the same time
	saveEvery     = 10 * time.Second
	manyLessons   = 200
	manyQuestions = 100
	handIns       = 40 // learners who hand in a test
)

// learningFigures are of a day on which many learn at once.
type learningFigures struct {
	engine                    db.Engine
	saving                    sample
	productCores, serverCores float64 // busy while they saved; the product's includes the load, which runs in the same process
	opening                   sample  // a course of manyLessons
	handing                   sample  // a test of manyQuestions
}

func measureLearning(ctx context.Context, engine db.Engine, o options) ([]learningFigures, error) {
	r, err := newRoom(ctx, engine)
	if err != nil {
		return nil, err
	}
	defer r.close()
	e, err := sow(ctx, r.DB, 0)
	if err != nil {
		return nil, err
	}
	f := learningFigures{engine: engine}
	if err := f.save(ctx, r, e, o); err != nil {
		return nil, fmt.Errorf("save: %w", err)
	}
	if err := f.open(ctx, r, e, o); err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	if err := f.handIn(ctx, r, e); err != nil {
		return nil, fmt.Errorf("hand in: %w", err)
	}
	fmt.Printf("%s: saving %d, p50 %.1f p95 %.1f ms, %.2f + %.2f cores; opening p95 %.1f ms; handing in p95 %.1f ms\n", engine, len(f.saving.times), ms(f.saving.percentile(50)), ms(f.saving.percentile(95)),
		f.productCores, f.serverCores, ms(f.opening.percentile(95)), ms(f.handing.percentile(95)))
	return []learningFigures{f}, nil
}

// save has so many learners send their progress, each every so many seconds and all evenly spread, whether earlier answers have come or not.
func (f *learningFigures) save(ctx context.Context, r *room, e *estate, o options) error {
	face := r.API.Handler()
	learners, err := logIn(ctx, r, face, e, savers)
	if err != nil {
		return err
	}
	address, stop, err := listen(face)
	if err != nil {
		return err
	}
	defer stop()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}, Timeout: 30 * time.Second}
	path := paths(r.API, e.course)[0]
	var mu sync.Mutex
	var failed error
	var group sync.WaitGroup
	one := func(l *learner, body []byte) {
		began := time.Now()
		err := post(ctx, client, "http://"+address+path.path(l), l.token, body)
		mu.Lock()
		defer mu.Unlock()
		failed = errors.Join(failed, err)
		f.saving.times = append(f.saving.times, time.Since(began))
	}
	rounds := max(1, int(5*o.each/saveEvery)) // twice ten seconds in a usual run, of four seconds a side
	for turn := range 1 + rounds {
		if turn == 1 { // the first made rows and connections
			f.saving.times = nil
			f.productCores, f.serverCores = -busySelf(), -busy("mariadbd")
		}
		tick := time.NewTicker(saveEvery / savers)
		began := time.Now()
		for _, l := range learners {
			<-tick.C
			body := path.body(l, nil)
			group.Go(func() { one(l, body) })
		}
		tick.Stop()
		group.Wait()
		f.saving.spent += time.Since(began)
		if turn == 0 {
			f.saving.spent = 0
		}
	}
	spent := f.saving.spent.Seconds()
	f.productCores, f.serverCores = (f.productCores+busySelf())/spent, (f.serverCores+busy("mariadbd"))/spent
	return failed
}

func post(ctx context.Context, client *http.Client, address, token string, body []byte) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	r.Host = host
	r.Header.Set("Content-Type", "application/json")
	r.AddCookie(&http.Cookie{Name: "__Host-kenshu", Value: token})
	w, err := client.Do(r)
	if err != nil {
		return err
	}
	defer w.Body.Close()
	var out any
	if err := json.NewDecoder(w.Body).Decode(&out); err != nil || w.StatusCode != http.StatusOK {
		return errors.Join(fmt.Errorf("answered %d: %v", w.StatusCode, out), err)
	}
	return nil
}

// open asks for a course of many lessons.
func (f *learningFigures) open(ctx context.Context, r *room, e *estate, o options) error {
	bodies := make([]content.Body, manyLessons)
	for i := range bodies {
		bodies[i] = content.Body{Page: &content.PageBody{HTML: fmt.Sprintf("<p>%d</p><p>%s</p>", i, strings.Repeat("毎日の仕事の中で個人情報を守る。", 60))}}
	}
	own, err := teachInside(ctx, r, e, "長い講座", bodies, e.staff[:1])
	if err != nil {
		return err
	}
	address, stop, err := listen(r.API.Handler())
	if err != nil {
		return err
	}
	defer stop()
	s := side{address, func(_ int, buf []byte) []byte {
		return request(buf, http.MethodGet, "/api/v1/me/enrolments/"+own[0].enrolment.String(), own[0].token, nil)
	}, http.StatusOK}
	if _, err := s.run(1, 300*time.Millisecond); err != nil {
		return err
	}
	f.opening, err = s.run(1, o.each)
	return err
}

// handIn has learners hand in a test of many questions, every answer of it in the one request.
func (f *learningFigures) handIn(ctx context.Context, r *room, e *estate) error {
	quiz := content.NewBody(content.KindQuiz)
	quiz.Quiz.PassPercent = 80
	for n := range manyQuestions {
		quiz.Quiz.Questions = append(quiz.Quiz.Questions, content.Question{
			ID: db.NewID(), Kind: "single", Text: fmt.Sprintf("第%d問", n+1), Explanation: "手引きの該当する章を読んでください。", Correct: []string{"a"},
			Choices: []content.Choice{{ID: "a", Text: "正しい"}, {ID: "b", Text: "正しくない"}, {ID: "c", Text: "どちらでもない"}},
		})
	}
	own, err := teachInside(ctx, r, e, "長いテスト", []content.Body{quiz}, e.staff[:handIns])
	if err != nil {
		return err
	}
	face := r.API.Handler()
	for _, l := range own {
		var course struct{ Lessons []struct{ ID string } }
		if err := direct(face, http.MethodGet, "/me/enrolments/"+l.enrolment.String(), l.token, nil, &course); err != nil {
			return err
		}
		var attempt struct{ ID string }
		if err := direct(face, http.MethodPost, "/me/enrolments/"+l.enrolment.String()+"/lessons/"+course.Lessons[0].ID+"/attempts", l.token, nil, &attempt); err != nil {
			return err
		}
		now := time.Now().UnixMilli()
		answers := make([]map[string]any, 0, manyQuestions)
		for i, q := range quiz.Quiz.Questions {
			answers = append(answers, map[string]any{"question": q.ID, "answer": []string{"a"}, "client_seq": i + 1, "at": now})
		}
		body, err := json.Marshal(map[string]any{"now": now, "answers": answers})
		if err != nil {
			return err
		}
		began := time.Now()
		if err := direct(face, http.MethodPost, "/me/attempts/"+attempt.ID+"/submit", l.token, body, nil); err != nil {
			return err
		}
		f.handing.times = append(f.handing.times, time.Since(began))
	}
	return nil
}

// direct asks without the network.
func direct(face http.Handler, method, path, token string, body []byte, to any) error {
	w := httptest.NewRecorder()
	face.ServeHTTP(w, newRequest(method, "/api/v1"+path, token, body))
	if w.Code >= 300 {
		return fmt.Errorf("%s %s answered %d: %.300s", method, path, w.Code, w.Body)
	}
	if to == nil {
		return nil
	}
	return json.Unmarshal(w.Body.Bytes(), to)
}

// teachInside publishes a course and has people take it; they are logged in.
func teachInside(ctx context.Context, r *room, e *estate, title string, bodies []content.Body, people []db.ID) ([]*learner, error) {
	ctx = tenant.WithActor(ctx, tenant.Actor{Kind: "person", Tenant: e.main, Person: e.manager, Name: "管理者", Role: string(tenant.RoleManager)})
	c, err := r.Services.Courses.Create(ctx, e.main, db.NewID(), content.CourseFields{Title: title, Language: "ja", Shared: content.SharedNone})
	if err != nil {
		return nil, err
	}
	for i, body := range bodies {
		l, err := r.Services.Courses.AddLesson(ctx, e.main, c.ID, db.NewID(), body.Kind(), fmt.Sprintf("レッスン %d", i+1), db.ID{})
		if err != nil {
			return nil, err
		}
		if _, err := r.Services.Courses.SaveLesson(ctx, e.main, l.ID, content.SaveLesson{Base: l.Version, SaveID: db.NewID().String(), Title: l.Title, Body: body}); err != nil {
			return nil, err
		}
	}
	if c, err = r.Services.Courses.Find(ctx, e.main, c.ID); err != nil {
		return nil, err
	}
	if _, err := r.Services.Courses.Publish(ctx, e.main, c.ID, c.ContentVersion); err != nil {
		return nil, err
	}
	today := tenant.Today(time.Now)
	round, err := r.Services.Rounds.Create(ctx, e.main, lms.NewRound{ID: db.NewID(), Title: title, Course: c.ID, StartsOn: today, DeadlineOn: tenant.AddDays(today, 30), Audience: lms.Audience{Persons: people}})
	if err != nil {
		return nil, err
	}
	learners := make([]*learner, 0, len(people))
	for _, p := range people {
		l := &learner{}
		if l.token, _, err = r.Services.Sessions.Start(ctx, e.main, p); err != nil {
			return nil, err
		}
		if err := db.One(r.DB.QueryRow(ctx, "SELECT id FROM enrolment WHERE tenant_id = ? AND round_id = ? AND person_id = ?", e.main, round.ID, p).Scan(&l.enrolment)); err != nil {
			return nil, err
		}
		learners = append(learners, l)
	}
	return learners, nil
}

// busySelf is how many seconds this process has kept a core busy.
func busySelf() float64 {
	var used syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &used) != nil {
		return 0
	}
	return float64(used.Utime.Nano()+used.Stime.Nano()) / 1e9
}

// busy is how many seconds all processes of a name have kept a core busy; 0 where that cannot be read.
func busy(name string) (seconds float64) {
	const perSecond = 100 // what Linux counts these in
	found, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, path := range found {
		raw, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		head, rest, ok := strings.Cut(string(raw), ") ")
		if fields := strings.Fields(rest); ok && strings.HasSuffix(head, "("+name) && len(fields) > 12 {
			user, _ := strconv.ParseFloat(fields[11], 64)
			system, _ := strconv.ParseFloat(fields[12], 64)
			seconds += (user + system) / perSecond
		}
	}
	return seconds
}

func (f *figures) writeLearning(p printer) {
	if len(f.learning) == 0 {
		return
	}
	p("## Many who learn at once\n")
	p("%d learners save their progress over HTTP, each every %v, evenly spread; *cores* is what that kept busy: the product together with the load, which runs in its process, and MariaDB. A course of %d pages is opened", savers, saveEvery, manyLessons)
	p("by one learner again and again; a test of %d questions is handed in by %d learners, with every answer in the one request (asked without a network). Aims: less than half a core on MariaDB, p95 of opening under 60 ms, of handing in under 100 ms.\n", manyQuestions, handIns)
	p(begin("learning"))
	p("| database | saves | p50 ms | p95 ms | cores: product and load | MariaDB | opening: p50 ms | p95 ms | handing in: p50 ms | p95 ms |")
	p("| --- | --: | --: | --: | --: | --: | --: | --: | --: | --: |")
	for _, x := range f.learning {
		p("| %s | %d | %.1f | %.1f | **%.2f** | **%.2f** | %.1f | **%.1f** | %.1f | **%.1f** |", name(x.engine), len(x.saving.times), ms(x.saving.percentile(50)), ms(x.saving.percentile(95)), x.productCores, x.serverCores,
			ms(x.opening.percentile(50)), ms(x.opening.percentile(95)), ms(x.handing.percentile(50)), ms(x.handing.percentile(95)))
	}
	p(measuredNow())
	p(end)
	p("")
}
