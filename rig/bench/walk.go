package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"time"

	"kenshu/server/api"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// walk goes over the product's routes as the people who may, on the seeded estate.
type walk struct {
	*managed
	collector *collector
	ids       map[string]string // by what stands before the parameter in a path
	tokens    map[string]string // by who asks: a session, "Bearer …" for a program
	waiting   map[string]string // log-ins that wait for a second factor, by who
	visited   map[string]bool
	secrets   map[string]bool // values that must not be logged
	last      []byte          // the last answer
	problems  []error
}

// excused are beginnings of statements that go over all organisations, and why they may.
var excused = map[string]string{
	"SELECT r.tenant_id, r.id, COALESCE(s.value, ''), COALESCE(w.plan, '') FROM organisation o": "the job that reminds goes over the register, and over the open rounds of each organisation",
	"SELECT c.tenant_id, c.id FROM organisation o CROSS JOIN recurrence c":                      "the job of what comes again goes over the register, and over what is due in each organisation",
	"SELECT o.tenant_id FROM organisation o WHERE EXISTS":                                       "lists of work, over the register: organisations with open rounds, or with logins to look at",
	"SELECT tenant_id FROM organisation WHERE kind":                                             "the job of departments goes over the register every few minutes",
	"SELECT p.tenant_id, p.id, p.leaves_on FROM person p":                                       "the job of leavings entered in advance, by an index of its own",
	"DELETE FROM session_device WHERE started_at":                                               "the clean-up of log-ins of long ago, by an index of its own",
	"SELECT tenant_id, id FROM person_import WHERE rows_until":                                  "the clean-up of imports kept long enough, by an index of its own",
	"SELECT tenant_id, rules, COALESCE(warned_on, ''), last_file_at FROM import_rule":           "the job that warns when no file came: one row an organisation at most",
	"SELECT id, public_key, private_key FROM signing_key":                                       "a handful of rows, once a process",
	"SELECT DISTINCT tenant_id FROM audit_pending":                                              "the sealer's list of work: what was recorded in the last seconds, no more",
	"DELETE FROM audit_pending":                                                                 "the same list; when it is short MariaDB reads it whole",
	"SELECT tenant_id FROM organisation ORDER BY tenant_id":                                     "the daily sweep of unused files goes over the register",
	"SELECT u.tenant_id, u.id, u.asset_id, u.store_upload_id, a.object_key FROM upload u":       "the job that ends forgotten uploads, by an index of its own",
}

func isExcused(query string) bool {
	for begin := range excused {
		if strings.HasPrefix(query, begin) {
			return true
		}
	}
	return false
}

func (w *walk) everything(ctx context.Context) error {
	for who, p := range map[string]struct {
		tid    tenant.ID
		person db.ID
	}{"manager": {w.estate.main, w.estate.manager}, "editor": {w.estate.main, w.estate.editor}, "staff": {w.estate.main, w.estate.staff[0]}, "operator": {w.estate.association, w.estate.operator}} {
		token, _, err := w.Services.Sessions.Start(w.collector.trace(ctx), p.tid, p.person)
		if err != nil {
			return err
		}
		w.tokens[who] = token
	}
	if err := w.write(ctx); err != nil {
		return err
	}
	w.read(ctx)
	w.jobs(ctx)
	return nil
}

// ask sends one request and gives the id in its answer.
func (w *walk) ask(ctx context.Context, who, method, path, body string) string {
	var raw []byte
	if body != "" {
		raw = []byte(body)
	}
	r := newRequest(method, "/api/v1"+path, w.tokens[who], raw)
	if body != "" && body[0] != '{' {
		r.Header.Set("Content-Type", "application/octet-stream")
	}
	if strings.HasPrefix(w.tokens[who], "Bearer ") {
		r.Header.Set("Authorization", w.tokens[who])
	}
	if w.waiting[who] != "" {
		r.AddCookie(&http.Cookie{Name: "__Host-kenshu-login", Value: w.waiting[who]})
	}
	rec := httptest.NewRecorder()
	w.API.Handler().ServeHTTP(rec, r.WithContext(w.collector.trace(ctx)))
	w.note(method, path)
	w.remember(raw)
	w.remember(rec.Body.Bytes())
	for _, c := range rec.Result().Cookies() {
		if len(c.Value) > 3 {
			w.secrets[c.Value] = true
		}
		switch c.Name {
		case "__Host-kenshu":
			w.tokens[who] = c.Value
		case "__Host-kenshu-login":
			w.waiting[who] = c.Value
		}
	}
	if rec.Code >= 300 {
		w.problems = append(w.problems, fmt.Errorf("%s %s %s as %s: %d %.300s", method, path, body, who, rec.Code, rec.Body))
	}
	w.last = rec.Body.Bytes()
	return idIn(w.last)
}

// member reads one member of the last answer.
func (w *walk) member(name string) any {
	var all map[string]any
	_ = json.Unmarshal(w.last, &all) // what is missing shows in the next request
	return all[name]
}

// idIn finds the id of what an answer is about: its own, or that of the person, the file or the first item in it.
func idIn(answer []byte) string {
	var found struct {
		ID                                  string
		Person, Asset, Organisation, Upload struct{ ID string }
		Items                               []struct{ ID string }
	}
	_ = json.Unmarshal(answer, &found) // a file or nothing has no id
	for _, id := range []string{found.Person.ID, found.Asset.ID, found.Organisation.ID, found.ID} {
		if id != "" {
			return id
		}
	}
	if len(found.Items) > 0 {
		return found.Items[0].ID
	}
	return ""
}

// write makes one of everything, and remembers its id for read.
func (w *walk) write(ctx context.Context) error {
	e := w.estate
	do := func(who, method, path, format string, args ...any) string {
		return w.ask(ctx, who, method, path, fmt.Sprintf(format, args...))
	}
	staff, round := e.staff[1].String(), e.rounds[0].String()
	w.ids["people"], w.ids["rounds"], w.ids["organisations"] = staff, round, ""
	w.ids["departments"] = do("manager", "POST", "/departments", `{"name":"新しい部署"}`)
	do("manager", "PUT", "/departments/"+w.ids["departments"], `{"name":"名を改めた部署"}`)
	w.tree(do)
	person := do("manager", "POST", "/people", `{"name":"新人 花子","departments":["%s"]}`, w.ids["departments"])
	registered, _ := w.member("person").(map[string]any) // what is missing shows in the next request
	do("manager", "PUT", "/people/"+person, `{"login_id":"%v","name":"新人 はな","version":1,"departments":["%s"],"roles":["editor"]}`, registered["login_id"], e.department)
	do("manager", "POST", "/people/"+person+"/credential", `{}`)
	do("manager", "PUT", "/people/"+person+"/state", `{"state":"left","left_on":"%s","version":2}`, tenant.Today(time.Now))
	do("manager", "POST", "/people/sign-out", `{"people":["%s"]}`, staff)
	if err := w.account(ctx, do); err != nil {
		return err
	}
	w.policies(do)
	w.fields(do)
	w.acts(do)
	w.credential(do, staff)
	w.imports(ctx, do)
	w.program(ctx, do)
	if err := w.choose(ctx, do, "staff", e.staff[0]); err != nil {
		return err
	}
	w.rounds(do, round, staff)
	w.handover(do, e.staff[0].String())
	w.course(do)
	w.catalogue(do)
	if err := w.packages(ctx, do); err != nil {
		return err
	}
	if err := w.moodle(ctx, do); err != nil {
		return err
	}
	w.bank(do)
	if err := w.opinions(ctx, do); err != nil {
		return err
	}
	w.learn(do)
	w.certificates(ctx, do)
	w.ids["organisations"] = do("operator", "POST", "/organisations", `{"name":"新しい事業所","manager":{"name":"管理 次郎"}}`)
	organisation := "/organisations/" + w.ids["organisations"]
	do("operator", "PATCH", organisation, `{"version":1,"name":"名を改めた事業所"}`)
	do("operator", "POST", organisation+"/manager-credential", `{"reason":"紙をなくした"}`)
	return nil
}

// handover asks two people to become the manager: the first says no, the second is taken off.
func (w *walk) handover(do doer, staff string) {
	first := do("manager", "POST", "/handovers", `{"to":"%s","keep_as_deputy":true}`, staff)
	do("staff", "GET", "/me/handover", "")
	do("staff", "POST", "/me/handover/"+first+"/decline", `{"answer":"異動の予定があるため"}`)
	do("manager", "POST", "/handovers/"+first+"/dismiss", "")
	first = do("manager", "POST", "/handovers", `{"to":"%s","keep_as_deputy":true}`, staff)
	do("manager", "DELETE", "/handovers/"+first, "")
	do("manager", "GET", "/handovers", "")
	do("manager", "GET", "/handovers/candidates/"+staff, "")
}

// tree changes the departments in every way, today and in advance.
func (w *walk) tree(do doer) {
	id := w.ids["departments"]
	made := func(name string) string {
		return do("manager", "POST", "/departments", `{"name":"%s","parent_id":"%s"}`, name, id)
	}
	a, b := made("甲課"), made("乙課")
	do("manager", "DELETE", "/departments/"+made("消す課"), "")
	posts := do("manager", "POST", "/people", `{"name":"兼務 花子","departments":["%s","%s"]}`, a, id)
	do("manager", "PUT", "/people/"+posts+"/posts", `{"version":1,"posts":[{"department_id":"%s","starts_on":"2025-04-01"},{"department_id":"%s","starts_on":"2199-04-01"},{"department_id":"%s","starts_on":"2025-04-01"}]}`, a, b, w.estate.department)
	steps := fmt.Sprintf(`[{"kind":"rename","department_id":"%s","name":"丙課"},{"kind":"merge","department_id":"%s","into_id":"%s"}]`, b, a, b)
	do("manager", "POST", "/departments/preview", `{"steps":%s}`, steps)
	do("manager", "POST", "/departments/change", `{"steps":%s}`, steps)
	do("manager", "POST", "/departments/change", `{"steps":[{"kind":"reopen","department_id":"%s"},{"kind":"move_people","department_id":"%s","into_id":"%s"},{"kind":"close","department_id":"%s"}]}`, a, b, a, b)
	plan := func(day string) string {
		return do("manager", "POST", "/department-plans", `{"title":"組織変更","effective_on":"%s","steps":[{"kind":"move","department_id":"%s","parent_id":""}]}`, day, a)
	}
	w.ids["department-plans"] = plan("2199-04-01")
	path := "/department-plans/" + w.ids["department-plans"]
	do("manager", "PUT", path, `{"title":"変えた題","effective_on":"2199-04-01","version":1,"steps":[{"kind":"move","department_id":"%s","parent_id":""}]}`, a)
	do("manager", "POST", path+"/activate", `{"version":2}`)
	do("manager", "POST", path+"/cancel", `{"version":3}`)
	do("manager", "POST", "/department-plans/"+plan(tenant.Today(time.Now))+"/activate", `{"version":1}`)
	do("manager", "DELETE", "/department-plans/"+plan("2199-05-01")+"?version=1", "")
}

// imports takes a file the whole way: checked, its columns chosen, put into effect and taken back.
func (w *walk) imports(ctx context.Context, do doer) {
	id := do("manager", "POST", "/people/imports?file_name=a.csv", "%s", "氏名,部署,備考\r\n髙橋 一,部署 01,x\r\n")
	w.ids["imports"] = id
	w.jobs(ctx)
	do("manager", "PUT", "/people/imports/"+id+"/mapping", `{"columns":[{"heading":"氏名","target":"name"},{"heading":"部署","target":"departments"},{"heading":"備考","target":""}],"key":"either"}`)
	w.jobs(ctx)
	do("manager", "PUT", "/people/imports/"+id+"/missing", `{"then":"keep"}`)
	w.jobs(ctx)
	misspelt := do("manager", "POST", "/people/imports?file_name=b.csv", "%s", "氏名,部署\r\n髙橋 二,部　署-01\r\n")
	w.jobs(ctx)
	do("manager", "PUT", "/people/imports/"+misspelt+"/departments", `{"choices":[{"text":"部 署-01","choice":"same"}]}`)
	w.jobs(ctx)
	do("manager", "GET", "/people/imports/"+id+"/rows?outcome=added", "")
	do("manager", "POST", "/people/imports/"+id+"/apply", "")
	w.jobs(ctx)
	do("manager", "GET", "/people/imports/"+id+"/undo", "")
	do("manager", "POST", "/people/imports/"+id+"/undo", "")
	w.jobs(ctx)
	do("manager", "PUT", "/people/imports/rules", `{"hour":2,"missing":"keep","limit":10,"warn_days":3}`)
}

type doer = func(who, method, path, format string, args ...any) string

// credential hands out slips, looks at accounts of concern and opens an incident.
func (w *walk) credential(do doer, staff string) {
	target := fmt.Sprintf(`"filter":{"department":"%s"}`, w.estate.department)
	do("manager", "POST", "/people/slips/preview", "{%s}", target)
	w.ids["slips"] = do("manager", "POST", "/people/slips", `{%s,"replace_chosen":true}`, target)
	do("manager", "POST", "/people/slips/"+w.ids["slips"]+"/take", `{"format":"xlsx"}`)
	do("manager", "POST", "/people/slips/"+w.ids["slips"]+"/end", "")
	do("manager", "POST", "/people/concerns/check", "")
	do("manager", "POST", "/people/states", `{"people":["%s"],"state":"active"}`, staff)
	do("manager", "POST", "/people/added-factors", `{"people":["%s"],"factors_since":"2026-01-01"}`, staff)
	do("manager", "POST", "/people/suspect-leak", `{"people":["%s"],"title":"疑い","factors_since":"2026-01-01"}`, staff)
	w.ids["incidents"] = do("manager", "POST", "/incidents", `{"kind":"loss","title":"紛失"}`)
	incident := "/incidents/" + w.ids["incidents"]
	do("manager", "PUT", incident, `{"kind":"loss","title":"USBの紛失","version":1}`)
	do("manager", "POST", incident+"/notes", `{"body":"見つかった"}`)
	do("manager", "PUT", incident+"/state", `{"state":"closed","conclusion":"見つかった","version":2}`)
}

func (w *walk) rounds(do doer, round, staff string) {
	e := w.estate
	do("manager", "POST", "/rounds/preview", `{"departments":["%s"],"persons":["%s"],"starts_on":"2026-04-01","deadline_on":"2027-03-31","due_rule":"joined","due_days":30}`, e.department, staff)
	made := do("manager", "POST", "/rounds", `{"title":"新しい回","course_id":"%s","starts_on":"%s","deadline_on":"%s","audience":{"everyone":true,"future_joiners":true}}`,
		e.course.id, tenant.Today(time.Now), tenant.AddDays(tenant.Today(time.Now), 30))
	do("manager", "PATCH", "/rounds/"+made, `{"title":"名を改めた回","version":1}`)
	do("manager", "POST", "/rounds/"+round+"/rules", `{"departments":["%s"],"future_joiners":true}`, e.department)
	rule := do("manager", "GET", "/rounds/"+round+"/rules", "")
	do("manager", "DELETE", "/rounds/"+round+"/rules/"+rule, "")
	audience := fmt.Sprintf(`{"rules":[{"kind":"department","target":"%s","with_below":true},{"kind":"attribute","attribute":"employment_kind","value":"employee"},{"kind":"attribute","attribute":"role","value":"editor"},{"kind":"attribute","attribute":"joined_from","value":"2026-01-01"},{"kind":"person","target":"%s","excluded":true}],"future_joiners":true}`, e.department, staff)
	do("manager", "POST", "/rounds/preview/people?group=reached&q=a", "%s", audience)
	do("manager", "POST", "/rounds/"+round+"/preview", `{"add":%s}`, audience)
	do("manager", "POST", "/rounds/"+round+"/preview/people?group=withdrawn", `{"add":%s}`, audience)
	do("manager", "POST", "/rounds/"+round+"/rules", "%s", audience)
	do("manager", "POST", "/rounds/"+round+"/rules/"+rule+"/restore", "")
	do("manager", "GET", "/rounds/"+round+"/copy", "")
	w.recurrence(do, round)
	late := e.enrolments[5].String()
	extension := fmt.Sprintf(`{"ids":["%s"],"due_on":"%s","reason":"入院"}`, late, tenant.AddDays(tenant.Today(time.Now), 90))
	do("manager", "POST", "/rounds/"+e.rounds[len(e.rounds)-1].String()+"/enrolments/extend/preview", "%s", extension)
	do("manager", "POST", "/rounds/"+e.rounds[len(e.rounds)-1].String()+"/enrolments/extend", "%s", extension)
	last := e.rounds[len(e.rounds)-1].String()
	everybody := "/rounds/" + last + "/enrolments/extend-all?status=failed"
	do("manager", "GET", everybody+"&due_on="+tenant.AddDays(tenant.Today(time.Now), 90), "")
	do("manager", "POST", everybody, `{"due_on":"%s","reason":"停電","shown":%v}`, tenant.AddDays(tenant.Today(time.Now), 90), w.member("shown"))
	do("manager", "POST", "/rounds/"+last+"/enrolments/set-aside", `{"ids":["%s"],"status":"exempt","reason":"休職"}`, late)
	do("manager", "POST", "/rounds/"+last+"/enrolments/reinstate", `{"ids":["%s"]}`, late)
	w.reminders(do, last)
	view := do("manager", "POST", "/report/views", `{"name":"遅れている人","shared":true,"view":{"filter":{"statuses":["overdue"]},"columns":["name","status"]}}`)
	do("manager", "PUT", "/report/views/"+view, `{"name":"遅れた人","shared":true,"version":1,"view":{"filter":{},"columns":["name"]}}`)
	do("manager", "PUT", "/report/default-view", `{"id":"%s"}`, view)
	do("manager", "PUT", "/report/default-view", `{}`)
	do("manager", "DELETE", "/report/views/"+view, "")
	w.ids["training-records"] = do("manager", "POST", "/rounds/"+round+"/training-records", `{}`)
	w.records(do)
}

// recurrence has training come again by the calendar and by people's completions, and the jobs at work on both.
func (w *walk) recurrence(do doer, round string) {
	today := tenant.Today(time.Now)
	do("manager", "POST", "/rounds/recurrence-preview", `{"kind":"calendar","months":12,"title":"年次","starts_on":"%s","deadline_on":"%s"}`, today, tenant.AddDays(today, 30))
	do("manager", "GET", "/rounds/"+round+"/recurrence", "")
	yearly := do("manager", "POST", "/rounds", `{"title":"年次の回","course_id":"%s","starts_on":"%s","deadline_on":"%s","same_questions":true,"copied_from":"%s","recurrence":{"kind":"calendar","months":1,"lead_days":40,"same_questions":true},"audience":{"persons":["%s"]}}`,
		w.estate.course.id, today, tenant.AddDays(today, 20), round, w.estate.staff[0])
	do("manager", "POST", "/rounds/"+yearly+"/recurrence/preview", `{"kind":"calendar","months":12}`)
	do("manager", "POST", "/rounds/"+round+"/recurrence/preview", `{"kind":"completion","months":12,"due_days":30}`)
	do("manager", "PUT", "/rounds/"+round+"/recurrence", `{"kind":"completion","months":1,"due_days":30,"version":0}`)
	do("manager", "POST", "/rounds/"+round+"/recurrence/preview", `{"kind":"completion","months":12,"due_days":30}`)
	ctx := w.collector.trace(context.Background())
	for _, id := range []string{yearly, round} {
		recurrence, err := db.ParseID(id)
		if err == nil {
			_, err = w.Services.Rounds.Recur(ctx, w.estate.main, recurrence)
		}
		if err == nil {
			_, err = w.Services.Rounds.Recur(ctx, w.estate.main, recurrence) // once more, into the round that is there
		}
		w.problems = append(w.problems, err)
	}
	w.problems = append(w.problems, w.Services.Rounds.PlanRecurrences(ctx, db.Job{}, nil))
}

// records issues the record of the year in which the rounds end, and hands it to an auditor.
func (w *walk) records(do doer) {
	do("manager", "PUT", "/training-years/first-month", `{"first_month":1}`)
	do("manager", "GET", "/training-years", "")
	items, _ := w.member("items").([]any) // what is missing shows in the next request
	newest, _ := items[0].(map[string]any)
	year := fmt.Sprintf("/training-years/%v", newest["year"])
	do("manager", "GET", year+"/preview", "")
	w.ids["year-records"] = do("manager", "POST", year+"/records", "")
	do("manager", "GET", year+"/records", "")
	do("manager", "POST", "/record-links", `{"kind":"year","record":"%s","recipient":"監査法人","days":14}`, w.ids["year-records"])
	address, _ := w.member("address").(string)
	link, _ := w.member("link").(map[string]any)
	_, token, _ := strings.Cut(address, "#")
	do("nobody", "POST", "/public/record-link", `{"token":"%s"}`, token)
	do("nobody", "POST", "/public/record-link/file", `{"token":"%s","format":"xlsx","language":"ja"}`, token)
	do("manager", "DELETE", fmt.Sprint("/record-links/", link["id"]), "")
}

func (w *walk) reminders(do doer, round string) {
	plan := `{"at_assignment":true,"days":[-7,-1,0,3],"hour":0,"weekdays_only":false}`
	do("manager", "PUT", "/reminders/setting", `{"plan":%s,"both_languages":true,"copy_overdue":true,"digest":{"every":"daily","weekday":1,"names":true}}`, plan)
	do("manager", "PUT", "/reminders/templates/before/ja", `{"subject":"{{when}}","body":"{{name}} {{link}}"}`)
	do("manager", "POST", "/reminders/templates/preview", `{"kind":"before","language":"ja","words":{"subject":"{{when}}","body":"{{name}}"},"person_id":"%s"}`, w.estate.staff[1])
	do("manager", "DELETE", "/reminders/templates/before/ja", "")
	do("manager", "POST", "/reminders/days", `{"starts_on":"%s","due_on":"%s"}`, tenant.Today(time.Now), tenant.AddDays(tenant.Today(time.Now), 30))
	do("manager", "PUT", "/rounds/"+round+"/reminders", "%s", plan)
	do("manager", "DELETE", "/rounds/"+round+"/reminders", "")
	do("manager", "GET", "/rounds/"+round+"/reminders/people?day="+tenant.Today(time.Now), "")
	do("manager", "GET", "/rounds/"+round+"/notices?everybody=true&department="+w.estate.department.String(), "")
	do("manager", "POST", "/mail/resend", `{"preview":true,"filter":{"state":"sent","round":"%s"}}`, round)
	do("manager", "GET", "/mail?round="+round+"&from=2026-01-01&state=failed", "")
	do("manager", "GET", "/mail?person="+w.estate.staff[1].String(), "")
}

func (w *walk) course(do doer) {
	w.ids["courses"] = do("editor", "POST", "/courses", `{"title":"自分の講座","summary":"","language":"ja","shared":"none"}`)
	course := "/courses/" + w.ids["courses"]
	do("editor", "PUT", course, `{"base_version":1,"title":"名を改めた講座","summary":"","language":"ja","shared":"none"}`)
	w.ids["lessons"] = do("editor", "POST", course+"/lessons", `{"kind":"page","title":"読む"}`)
	lesson := "/lessons/" + w.ids["lessons"]
	w.ids["revisions"] = "2"
	do("editor", "PUT", lesson, `{"base_version":1,"client_save_id":"a","title":"読む","body":{"page":{"html":"<p>本文</p>"}}}`)
	second := do("editor", "POST", lesson+"/duplicate", `{"title":"写し"}`)
	do("editor", "PUT", course+"/lesson-order", `{"lessons":["%s","%s"]}`, second, w.ids["lessons"])
	do("editor", "DELETE", "/lessons/"+second, "")
	do("editor", "POST", "/lessons/"+second+"/restore", "")
	do("editor", "GET", course, "")
	do("editor", "POST", course+"/publish", `{"base_version":%v}`, w.member("content_version"))
	do("editor", "PUT", course+"/archived", `{"archived":true}`)
	w.ids["assets"] = do("editor", "POST", "/assets", `{"kind":"pdf","file_name":"a.pdf","size":1000}`)
	w.ids["uploads"] = fmt.Sprint(w.member("id"))
	do("editor", "POST", "/uploads/"+w.ids["uploads"]+"/parts", `{"numbers":[1]}`)
	deleted := do("editor", "POST", "/assets", `{"kind":"pdf","file_name":"b.pdf","size":1000}`)
	do("editor", "DELETE", "/assets/"+deleted, "")
	do("editor", "POST", "/assets/links", `{"assets":["%s"]}`, w.ids["assets"])
	do("editor", "GET", "/assets?q=a&kind=pdf&use=unused&sort=largest", "")
	do("editor", "GET", "/assets?use=used&limit=1", "")
}

func (w *walk) learn(do doer) {
	e, l := w.estate, &learner{enrolment: w.estate.enrolments[0]}
	enrolment := "/me/enrolments/" + l.enrolment.String()
	do("staff", "POST", "/me/progress", "%s", progressBody(l, e.course, nil))
	for i := range 3 { // page, video and the second page end by word; the document by its pages
		at := time.Now().UnixMilli()
		lesson := []db.ID{e.course.lessons[lessonPage], e.course.lessons[lessonVideo], e.course.lessons[lessonSecondPage]}[i]
		do("staff", "POST", "/me/progress", `{"now":%d,"items":[{"item_id":"x%d","enrolment":"%s","lesson":"%s","position":1,"done":true,"at":%d}]}`, at, i, l.enrolment, lesson, at)
	}
	at := time.Now().UnixMilli()
	do("staff", "POST", "/me/progress", `{"now":%d,"items":[{"item_id":"p","enrolment":"%s","lesson":"%s","position":60,"seen":[[1,61]],"at":%d}]}`, at, l.enrolment, e.course.lessons[lessonPDF], at)
	notes := enrolment + "/lessons/" + e.course.lessons[lessonVideo].String() + "/notes"
	for seq, text := range []string{"a", "b", "c", ""} { // new, changed, changed from an older text, deleted
		do("staff", "POST", notes, `{"key":"k","base_seq":%d,"client_seq":%d,"text":"%s"}`, []int{0, 1, 1, 2}[seq], seq+1, text)
	}
	do("staff", "GET", "/me/notes", "")
	do("staff", "GET", "/me/notes?enrolment="+l.enrolment.String(), "")
	attempt := do("staff", "POST", enrolment+"/lessons/"+e.course.lessons[lessonQuiz].String()+"/attempts", "")
	for i, q := range e.course.questions {
		do("staff", "PUT", "/me/attempts/"+attempt+"/answers/"+q.String(), `{"answer":["a"],"client_seq":%d}`, i+1)
	}
	do("staff", "POST", "/me/attempts/"+attempt+"/submit", `{"now":2,"answers":[{"question":"%s","answer":["a"],"client_seq":%d,"at":1}]}`, e.course.questions[0], len(e.course.questions)+1)
	w.ids["attempts"], w.ids["enrolments"], w.ids["lesson"] = attempt, l.enrolment.String(), e.course.lessons[lessonVideo].String()
	w.ids["certificates"] = do("staff", "GET", "/me/certificates", "")
	if items, ok := w.member("items").([]any); ok && len(items) > 0 {
		own, _ := items[0].(map[string]any) // what is missing shows in the next request
		do("staff", "GET", fmt.Sprint("/public/certificates/", own["code"]), "")
		do("staff", "GET", fmt.Sprint("/public/certificates/", own["code"], "/status"), "")
		do("staff", "GET", "/me/certificates/"+w.ids["certificates"]+"/badge", "")
		w.ids["certificates"] = do("manager", "POST", "/enrolments/"+l.enrolment.String()+"/certificate/reissue", `{"certificate":"%s","reason":"改姓のため"}`, w.ids["certificates"])
	}
}

// certificates changes how they look, and asks what verifiers of badges ask.
func (w *walk) certificates(ctx context.Context, do doer) {
	words := `{"title":"修了証","body":"本研修を修了したことを証します。","post":"院長","signatory":"見本太郎","note":""}`
	design := func(number int) string {
		return fmt.Sprintf(`{"number":%d,"words":{"ja":%s,"en":%s},"colour":"#165a7e","frame":"line","show_score":true,"show_round":true,"logo":{"change":"set","data":"%s"},"seal":{"change":"keep"}}`,
			number, words, words, onePixel)
	}
	do("manager", "GET", "/certificate-design", "")
	do("manager", "POST", "/certificate-design/preview?language=ja", "%s", design(0))
	do("manager", "PUT", "/certificate-design", "%s", design(0))
	do("manager", "GET", "/certificate-design/images/logo", "")
	var key db.ID
	if err := w.DB.QueryRow(ctx, "SELECT id FROM signing_key ORDER BY id LIMIT 1").Scan(&key); err == nil { // none shows in the next request
		do("staff", "GET", "/public/badges/keys/"+key.String(), "")
	}
}

// onePixel is a PNG.
const onePixel = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="

var parameter = regexp.MustCompile(`([a-z-]+)/\{[a-z_]+\}`)

// read asks every GET route that can be filled in, as whoever may, and the lists with their filters.
func (w *walk) read(ctx context.Context) {
	for _, r := range w.API.Routes() {
		if r.Method != http.MethodGet {
			continue
		}
		if r.ID == "verify-certificate" || r.ID == "get-badge-status" || r.ID == "get-badge-key" || r.ID == "get-certificate-design-image" || r.ID == "list-forecast-people" || r.ID == "preview-import-undo" || r.ID == "get-catalogue-lesson" {
			continue // in catalogue; by its code, in learn; with its key or picture, in certificates; with a day, in reminders; before the undo, in imports
		}
		path, known := r.Path, true
		path = parameter.ReplaceAllStringFunc(path, func(m string) string {
			before, _, _ := strings.Cut(m, "/")
			id := w.ids[before]
			if before == "lessons" && strings.HasPrefix(r.Path, "/me/") {
				id = w.ids["lesson"]
			}
			known = known && id != ""
			return before + "/" + id
		})
		who := w.whoMay(r)
		if known && who != "" {
			w.ask(ctx, who, http.MethodGet, path, "")
		}
	}
	for _, path := range []string{
		"/people?q=%E3%81%95%E3%81%A8%E3%81%86", "/people?department=" + w.estate.department.String(), "/people?account=never_logged_in", "/people?account=one_time",
		"/people?account=expired", "/people?account=expiring", "/people?concern=weak_id", "/people?concern=unused", "/people/concerns?kind=weak_id", "/people/concerns?kind=devices",
		"/people?with_below=true&department=" + w.ids["departments"], "/departments?as_of=2026-01-01", "/departments?closed=true",
		"/people?state=left", "/people?sort=login_id", "/people?import=" + w.ids["imports"], "/rounds?state=open", "/rounds?state=closed",
		"/report?sort=due_on&status=overdue", "/report?sort=completed_on&descending=true", "/report?sort=login_id&q=a", "/report?department=" + w.estate.department.String(),
		"/report?column=spent,attempts,certificate,departments", "/report?status=failed", "/report/count?status=completed&employment_kind=employee",
		"/people/export?format=csv", "/rounds/" + w.ids["rounds"] + "/enrolments?limit=100",
	} {
		w.ask(ctx, "manager", http.MethodGet, path, "")
	}
}

func (w *walk) whoMay(r api.Route) string {
	if r.Permission == api.Public {
		return "staff"
	}
	for _, c := range []struct {
		who   string
		roles []tenant.Role
	}{
		{"staff", []tenant.Role{tenant.RoleStaff}}, {"manager", []tenant.Role{tenant.RoleManager}}, {"editor", []tenant.Role{tenant.RoleEditor}},
		{"operator", []tenant.Role{tenant.RoleOperator, tenant.RoleAssociationEditor}},
	} {
		if w.Services.Access.Allowing(c.roles, r.Permission) != "" {
			return c.who
		}
	}
	return ""
}

// jobs lets the worker run what is queued and scheduled, for a while.
func (w *walk) jobs(ctx context.Context) {
	ctx, cancel := context.WithTimeout(w.collector.trace(ctx), 10*time.Second)
	defer cancel()
	w.Worker.Run(ctx)
}

// note remembers which route a path belongs to.
func (w *walk) note(method, path string) {
	path, _, _ = strings.Cut(path, "?")
	for _, r := range w.API.Routes() {
		pattern := "^" + regexp.MustCompile(`\{[a-z_]+\}`).ReplaceAllString(r.Path, "[^/]+") + "$"
		if r.Method == method && regexp.MustCompile(pattern).MatchString(path) {
			w.visited[r.ID] = true
		}
	}
}

func (w *walk) unvisited() (out []string) {
	for _, r := range w.API.Routes() {
		if !w.visited[r.ID] {
			out = append(out, r.ID)
		}
	}
	return out
}
