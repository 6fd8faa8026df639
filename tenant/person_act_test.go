package tenant_test

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// actOffice is an office in which people's places change; rounds are heard and keep records.
type actOffice struct {
	*office
	acts *tenant.PeopleActs
}

func newActOffice(t testing.TB, d *db.DB) *actOffice {
	t.Helper()
	o := newOffice(t, d)
	return &actOffice{o, tenant.NewPeopleActs(o.people, []byte("journal"), lms.NewPersonRecords(d, o.audit, o.clock.Now))}
}

func (o *actOffice) do(t *testing.T, act tenant.PersonAct, in tenant.ActInput, ids ...db.ID) tenant.Consequences {
	t.Helper()
	in.Act, in.Chosen = act, tenant.Chosen{IDs: ids}
	ctx := o.manager(t)
	seen, err := o.acts.Preview(ctx, o.world.A.ID, in)
	if err != nil {
		t.Fatal(err)
	}
	done, err := o.acts.Do(ctx, o.world.A.ID, in)
	if err != nil {
		t.Fatalf("%s: %v", act, err)
	}
	if fmt.Sprint(seen) != fmt.Sprint(done) {
		t.Errorf("%s was announced as %+v and was %+v", act, seen, done)
	}
	return done
}

func (o *actOffice) find(t *testing.T, id db.ID) tenant.Person {
	t.Helper()
	p, err := o.people.Find(o.manager(t), o.world.A.ID, id)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// Suspend, return, leave, come back with the posts: each does what its preview said, once, and ends sessions.
func TestPlacesOfPeople(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newActOffice(t, d)
		ctx, tid := o.manager(t), o.world.A.ID
		care := o.department(t, "訪問介護課")
		r, err := o.people.Create(ctx, tid, db.NewID(), tenant.PersonInput{Name: "山田 花子", Roles: []tenant.Role{tenant.RoleEditor}, Departments: []db.ID{care.ID}})
		if err != nil {
			t.Fatal(err)
		}
		id := r.Person.ID
		token, _, err := o.sessions.Start(ctx, tid, id)
		if err != nil {
			t.Fatal(err)
		}
		if c := o.do(t, tenant.ActSuspend, tenant.ActInput{}, id, o.world.A.Staff[0]); c.People != 2 || c.LogIns != 2 || c.Already != 0 {
			t.Errorf("suspending: %+v", c)
		}
		if _, err := o.sessions.Resolve(ctx, token); !fault.Is(err, fault.Unauthorized) {
			t.Errorf("the session goes on: %v", err)
		}
		if _, _, err := o.sessions.Start(ctx, tid, id); !fault.Is(err, fault.Unauthorized) {
			t.Errorf("a suspended person logs in: %v", err)
		}
		if c := o.do(t, tenant.ActSuspend, tenant.ActInput{}, id); c.People != 0 || c.Already != 1 {
			t.Errorf("suspending again: %+v", c)
		}
		o.do(t, tenant.ActReturn, tenant.ActInput{}, id)
		if p := o.find(t, id); p.State != tenant.PersonActive || len(p.Departments) != 1 || !p.Has(tenant.RoleEditor) {
			t.Errorf("after the return %+v", p)
		}
		if c := o.do(t, tenant.ActLeave, tenant.ActInput{On: "2026-03-31"}, id); c.Roles != 1 || c.Posts != 1 {
			t.Errorf("leaving: %+v", c)
		}
		o.clock.Add(24 * time.Hour)
		if p := o.find(t, id); p.State != tenant.PersonLeft || p.LeftOn != "2026-03-31" || len(p.Departments) != 0 || p.Has(tenant.RoleEditor) {
			t.Errorf("after the leaving %+v", p)
		}
		if c := o.do(t, tenant.ActReturn, tenant.ActInput{Posts: true}, id); c.Posts != 1 { // the post began after the last day, but its day had come: it ended with the leaving
			t.Errorf("coming back: %+v", c)
		}
		o.do(t, tenant.ActLeave, tenant.ActInput{On: "2026-04-02"}, id)
		o.do(t, tenant.ActReturn, tenant.ActInput{Posts: true}, id)
		if !slices.Contains(o.heard.ids, id) {
			t.Error("the rounds were not told")
		}
	})
}

func TestPostsComeBackWithTheirHolder(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newActOffice(t, d)
		care := o.department(t, "訪問介護課")
		r, err := o.people.Create(o.manager(t), o.world.A.ID, db.NewID(), tenant.PersonInput{Name: "山田 花子", Departments: []db.ID{care.ID}})
		if err != nil {
			t.Fatal(err)
		}
		o.clock.Add(48 * time.Hour)
		o.do(t, tenant.ActLeave, tenant.ActInput{On: "2026-04-02"}, r.Person.ID)
		if p := o.find(t, r.Person.ID); len(p.Departments) != 0 {
			t.Errorf("who left still belongs to %v", p.Departments)
		}
		if c := o.do(t, tenant.ActReturn, tenant.ActInput{Posts: true}, r.Person.ID); c.Posts != 1 {
			t.Errorf("coming back: %+v", c)
		}
		if p := o.find(t, r.Person.ID); len(p.Departments) != 1 || p.LeftOn != "" {
			t.Errorf("after coming back %+v", p)
		}
	})
}

// A last day entered in advance changes nothing until it is over; then the job does, once, and not for who was kept.
func TestLeavingEnteredInAdvance(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newActOffice(t, d)
		goes, stays, later := o.world.A.Staff[0], o.world.A.Staff[1], o.world.A.Staff[2]
		if c := o.do(t, tenant.ActLeave, tenant.ActInput{On: "2026-04-30"}, goes, stays); !c.Later || c.People != 2 {
			t.Errorf("entered in advance: %+v", c)
		}
		o.do(t, tenant.ActLeave, tenant.ActInput{On: "2026-05-31"}, later)
		o.do(t, tenant.ActStay, tenant.ActInput{}, stays)
		run := func() {
			t.Helper()
			if err := o.acts.LeaveDue(t.Context(), db.Job{}, nil); err != nil {
				t.Fatal(err)
			}
		}
		o.clock.Add(29 * 24 * time.Hour) // noon of the last day
		run()
		if p := o.find(t, goes); p.State != tenant.PersonActive || p.LeavesOn != "2026-04-30" {
			t.Errorf("on the last day %+v", p)
		}
		o.clock.Add(14 * time.Hour) // 2 in the night, in Tokyo
		run()
		run()
		if p := o.find(t, goes); p.State != tenant.PersonLeft || p.LeftOn != "2026-04-30" || p.LeavesOn != "" {
			t.Errorf("after the last day %+v", p)
		}
		for _, id := range []db.ID{stays, later} {
			if p := o.find(t, id); p.State != tenant.PersonActive {
				t.Errorf("%s is %s", p.Name, p.State)
			}
		}
	})
}

// What is refused is refused for everybody: nothing happens.
func TestActsRefuse(t *testing.T) {
	o := newActOffice(t, kit.SQLite(t))
	a, staff := o.world.A, o.world.A.Staff
	o.do(t, tenant.ActLeave, tenant.ActInput{On: "2026-04-01"}, staff[2])
	before := kit.Snapshot(t, o.db, a.ID)
	deputy := as(t, a, staff[0], tenant.RoleDeputyManager)
	for name, c := range map[string]struct {
		in  tenant.ActInput
		key string
	}{
		"the manager":            {tenant.ActInput{Act: tenant.ActLeave, On: "2026-04-01", Chosen: tenant.Chosen{IDs: []db.ID{staff[1], a.Manager}}}, "manager_handover"},
		"oneself":                {tenant.ActInput{Act: tenant.ActSuspend, Chosen: tenant.Chosen{IDs: []db.ID{staff[0], staff[1]}}}, "own_account"},
		"who is still there":     {tenant.ActInput{Act: tenant.ActAnonymise, Chosen: tenant.Chosen{IDs: []db.ID{staff[1]}}}, "person_not_left"},
		"suspending who left":    {tenant.ActInput{Act: tenant.ActSuspend, Chosen: tenant.Chosen{IDs: []db.ID{staff[2]}}}, "person_left_already"},
		"somebody else's person": {tenant.ActInput{Act: tenant.ActSuspend, Chosen: tenant.Chosen{IDs: []db.ID{staff[1], o.world.B.Staff[0]}}}, "not_found"},
		"a filter that changed":  {tenant.ActInput{Act: tenant.ActSuspend, Chosen: tenant.Chosen{Filter: &tenant.PeopleQuery{Search: "吉田"}, Shown: 7}}, "selection_changed"},
		"unknown evidence":       {tenant.ActInput{Act: tenant.ActDelete, Losing: 3, Chosen: tenant.Chosen{IDs: []db.ID{staff[1]}}}, "evidence_changed"},
		"nobody":                 {tenant.ActInput{Act: tenant.ActSuspend}, "invalid"},
		"no day":                 {tenant.ActInput{Act: tenant.ActLeave, Chosen: tenant.Chosen{IDs: staff[1:2]}}, "invalid"},
		"a day far off":          {tenant.ActInput{Act: tenant.ActLeave, On: "2036-01-01", Chosen: tenant.Chosen{IDs: staff[1:2]}}, "invalid"},
		"something unknown":      {tenant.ActInput{Act: "burn", Chosen: tenant.Chosen{IDs: staff[1:2]}}, "invalid"},
	} {
		if _, err := o.acts.Do(deputy, a.ID, c.in); !isKey(err, c.key) {
			t.Errorf("%s: %v, not %s", name, err, c.key)
		}
	}
	for table, rows := range kit.Snapshot(t, o.db, a.ID) {
		if rows != before[table] {
			t.Errorf("a refused act changed %s", table)
		}
	}
}

// everything gives the text of all rows of all tables, and the values of all binary columns, to look for what must be gone.
func everything(t *testing.T, d *db.DB, tid tenant.ID) map[string]string {
	return kit.Snapshot(t, d, tid)
}

// mayName lists where an anonymised person's name may still stand, and why.
var mayName = map[string]string{
	"audit_event":            "the log is append-only",
	"completion_certificate": "an issued certificate does not change, unless it is withdrawn",
	"training_record":        "an issued training record does not change: it is the organisation's evidence",
	"year_record":            "an issued yearly record does not change either",
	"pledge_signature":       "a signed pledge does not change, unless it is withdrawn with the certificate",
}

// mayBeWithdrawn is what of mayName goes when the certificates are taken back.
var mayBeWithdrawn = []string{"completion_certificate", "pledge_signature"}

// namesPeople lists the columns that hold the name of somebody, or what else says who they are. fillPerson writes into every one of them, and anonymising empties every one
// that mayName does not excuse.
var namesPeople = []string{
	"audit_event.actor_name", "completion_certificate.content", "course_copy.actor", "incident_note.author_name", "mail_message.to_name", "moodle_import.actor", "passkey.name", "password_file.problems",
	"person.name", "person.name_kana", "person.sort_name", "person_import.actor", "person_import_row.before_values", "person_import_row.detail", "person_import_row.name", "person_import_row.name_kana",
	"person_import_row.sort_name", "pledge_signature.name", "question_import.actor", "training_record.content", "year_record.content",
}

// namesThings lists the columns that could hold a name by what they are called or made of, and hold that of a thing, or what people typed about a subject matter.
var namesThings = map[string]string{
	"a thing's own name": `api_token.name asset.file_name asset.name_key asset_picture.name department.name department.name_key department_history.name moodle_import.file_name organisation.name
 organisation.name_search package_file.name_key password_file.file_name person_field.name person_field.name_key person_import.file_name question_import.file_name saved_view.name saved_view.name_key setting.name`,
	"course material": `certificate_design.content course.requires course_version.requires lesson.body lesson.draws lesson_revision.body moodle_import.plan package.manifest question_import_row.body
 question_import_row.detail question_version.body version_lesson.body round_question_set.questions`,
	"what was answered or seen": "attempt.paper attempt_answer.answer package_state.cmi progress.seen progress.spent survey_response.answers",
	"counts, ids, fields and rules": `audit_event.actor_kind audit_event.actor_role audit_event.detail deletion.counts department_plan.problems department_plan.steps import_mapping.mapping import_rule.rules job.payload
 passkey.record person_field.choices person_import.options person_import.problem person_import.summary question_import.problem question_import.summary round_reminder.plan saved_view.body setting.value storage_day.body
 signing_key.public_key`,
}

// couldName is how SQLite's schema writes a column that could hold a name: by its own name, or because it holds JSON.
var couldName = regexp.MustCompile(`(?m)(?:^|[(,]|ADD COLUMN)\s*(\w+) TEXT([^,\n]*)`)

// A column that somebody adds and that could hold a name is looked at, and when it holds one anonymising is tried on it.
func TestColumnsThatCouldNamePeopleAreKnown(t *testing.T) {
	d := kit.SQLite(t)
	known := map[string]bool{}
	for _, column := range namesPeople {
		known[column] = false
	}
	for _, columns := range namesThings {
		for _, column := range strings.Fields(columns) {
			known[column] = false
		}
	}
	rows, err := d.Query(t.Context(), "SELECT name, sql FROM sqlite_master WHERE type = 'table'")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var table, text string
		if err := rows.Scan(&table, &text); err != nil {
			t.Fatal(err)
		}
		for _, m := range couldName.FindAllStringSubmatch(text, -1) {
			column := table + "." + m[1]
			if table == "schema_migration" || !strings.Contains(m[1], "name") && !strings.Contains(m[1], "actor") && !strings.Contains(m[2], "json_valid") {
				continue
			}
			if _, is := known[column]; !is {
				t.Errorf("%s could hold somebody's name: put it into namesPeople or namesThings", column)
			}
			known[column] = true
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for column, there := range known {
		if !there {
			t.Errorf("%s is not in the schema", column)
		}
	}
}

// named counts the rows of each column of namesPeople that hold mark.
func named(t *testing.T, d *db.DB, tid tenant.ID, mark string) map[string]int {
	t.Helper()
	counts := map[string]int{}
	for _, column := range namesPeople {
		table, name, _ := strings.Cut(column, ".")
		counts[column] = countRows(t, d, "SELECT COUNT(*) FROM "+table+" WHERE tenant_id = ? AND "+name+" LIKE ?", tid, "%"+mark+"%")
	}
	return counts
}

func TestAnonymisingLeavesNoTrace(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newActOffice(t, d)
		for _, withdraw := range []bool{false, true} {
			o.world.A = kit.NewOrg(t, d, fmt.Sprintf("ANON-%v", withdraw), "organisation", 2)
			a, id := o.world.A, o.world.A.Staff[0]
			kit.Fill(t, d, a, "OTHER")
			fillPerson(t, d, a, id, "TRACE")
			o.do(t, tenant.ActLeave, tenant.ActInput{On: "2026-04-01"}, id)
			before := everything(t, d, a.ID)
			for column, n := range named(t, d, a.ID, "TRACE") {
				if n == 0 {
					t.Errorf("nothing stands in %s to be taken away", column)
				}
			}
			c := o.do(t, tenant.ActAnonymise, tenant.ActInput{Withdraw: withdraw}, id)
			if c.People != 1 || c.Certificates != 1 || c.Kept == 0 || c.Values != 1 {
				t.Errorf("announced %+v", c)
			}
			for table, rows := range everything(t, d, a.ID) {
				if !strings.Contains(strings.ToUpper(before[table]), "TRACE") {
					continue
				}
				named := strings.Contains(strings.ToUpper(rows), "TRACE")
				if allowed := mayName[table] != "" && !(withdraw && slices.Contains(mayBeWithdrawn, table)); named && !allowed {
					t.Errorf("%s still tells who it was (withdraw %v): %s", table, withdraw, rows)
				}
			}
			p := o.find(t, id)
			if p.State != tenant.PersonAnonymised || !strings.HasPrefix(p.Name, "匿名 ") || p.Email != "" || p.Credential != tenant.CredentialNone || p.LeftOn != "2026-04-01" {
				t.Errorf("anonymised: %+v", p)
			}
			if _, err := o.people.Issue(o.manager(t), a.ID, []db.ID{id}, true); !isKey(err, "person_left") {
				t.Errorf("an anonymised person gets a credential: %v", err)
			}
			if _, err := o.people.Update(o.manager(t), a.ID, id, p.Version, tenant.PersonInput{LoginID: "trace-again", Name: "TRACE"}); !isKey(err, "person_anonymised") {
				t.Errorf("an anonymised person gets a name: %v", err)
			}
			if _, err := o.people.SetState(o.manager(t), a.ID, id, p.Version, tenant.PersonActive, ""); !isKey(err, "person_anonymised") {
				t.Errorf("an anonymised person comes back: %v", err)
			}
			if n := countRows(t, d, "SELECT COUNT(*) FROM enrolment WHERE tenant_id = ? AND person_id = ? AND status = 'completed'", a.ID, id); n != 1 {
				t.Errorf("%d completions are left", n)
			}
			if n := countRows(t, d, "SELECT COUNT(*) FROM deletion WHERE tenant_id = ? AND kind = 'person_identity' AND target_hash = ?", a.ID, o.acts.TargetHash(id)); n != 1 {
				t.Errorf("the journal has %d lines", n)
			}
		}
	})
}

// byHand lists columns that hold a person's id after the person is gone, and why: ids by themselves say nothing.
var byHand = []string{"created_by", "saved_by", "published_by", "updated_by", "revoked_by", "actor_id", "subject_id", "author_id", "resolved_by", "asked_by", "decided_by", "taken_by", "replaced_by"}

// Every table of the schema is looked at: nothing about a deleted person is left in any column, so that a new table cannot be forgotten.
func TestDeletingAPersonLeavesNothing(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newActOffice(t, d)
		a := o.world.A
		filled := kit.Fill(t, d, a, "GONE")
		id := filled.IDs["person"]
		in := tenant.ActInput{Act: tenant.ActDelete, Chosen: tenant.Chosen{IDs: []db.ID{id}}}
		c, err := o.acts.Preview(o.manager(t), a.ID, in)
		if err != nil || c.Evidence == 0 || c.Certificates != 1 || c.Attempts != 1 {
			t.Fatalf("announced %+v %v", c, err)
		}
		if _, err := o.acts.Do(o.manager(t), a.ID, in); !isKey(err, "evidence_changed") {
			t.Errorf("evidence goes without a word: %v", err)
		}
		in.Losing = c.Evidence
		if _, err := o.acts.Do(o.manager(t), a.ID, in); err != nil {
			t.Fatal(err)
		}
		tables, err := d.Tables(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		ids := map[string]db.ID{"person": id, "enrolment": filled.IDs["enrolment"], "attempt": filled.IDs["attempt"], "completion_certificate": filled.IDs["completion_certificate"]}
		for _, table := range tables {
			for _, column := range table.Columns {
				if column.Kind != db.KindBytes || slices.Contains(byHand, column.Name) {
					continue
				}
				for of, id := range ids {
					if n := countRows(t, d, "SELECT COUNT(*) FROM "+table.Name+" WHERE "+column.Name+" = ?", id); n > 0 {
						t.Errorf("%s.%s still names the %s", table.Name, column.Name, of)
					}
				}
			}
		}
		if n := countRows(t, d, "SELECT COUNT(*) FROM deletion WHERE tenant_id = ? AND kind = 'person' AND rule = ? AND target_hash = ?", a.ID, tenant.RuleWithEvidence, o.acts.TargetHash(id)); n != 1 {
			t.Errorf("the journal has %d lines", n)
		}
		if n := countRows(t, d, "SELECT COUNT(*) FROM audit_event WHERE tenant_id = ? AND subject_id = ? AND action = 'person.delete'", a.ID, id); n != 1 {
			t.Errorf("the log has %d lines", n)
		}
		// Somebody entered by mistake goes without figures.
		fresh, err := o.people.Create(o.manager(t), a.ID, db.NewID(), tenant.PersonInput{Name: "まちがい 入力"})
		if err != nil {
			t.Fatal(err)
		}
		o.do(t, tenant.ActDelete, tenant.ActInput{}, fresh.Person.ID)
		if n := countRows(t, d, "SELECT COUNT(*) FROM deletion WHERE tenant_id = ? AND rule = ?", a.ID, tenant.RuleMistake); n != 1 {
			t.Errorf("the journal has %d lines about mistakes", n)
		}
	})
}

func countRows(t *testing.T, d *db.DB, query string, args ...any) int {
	t.Helper()
	n := 0
	if err := d.QueryRow(t.Context(), query, args...).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// fillPerson gives somebody traces with mark wherever an ordinary person leaves some.
func fillPerson(t *testing.T, d *db.DB, org kit.Org, id db.ID, mark string) {
	t.Helper()
	run := func(query string, args ...any) {
		t.Helper()
		if _, err := d.Exec(t.Context(), query, append([]any{org.ID}, args...)...); err != nil {
			t.Fatalf("%s: %v", query, err)
		}
	}
	now := int64(1_775_000_000_000_000)
	if _, err := d.Exec(t.Context(), `UPDATE person SET login_id = ?, login_key = ?, name = ?, name_kana = ?, sort_name = ?, search_text = ?, email = ?, employee_number = ? WHERE tenant_id = ? AND id = ?`,
		mark, strings.ToLower(mark), mark, mark, mark, mark, mark+"@example.jp", mark, org.ID, id); err != nil {
		t.Fatal(err)
	}
	var field, round, enrolment = db.NewID(), db.NewID(), db.NewID()
	run(`INSERT INTO person_field (tenant_id, id, name, name_key, kind, choices, position, created_at, updated_at) VALUES (?, ?, '備考', '備考', 'text', '[]', 2, ?, ?)`, field, now, now)
	run(`INSERT INTO person_value (tenant_id, person_id, field_id, value, value_key) VALUES (?, ?, ?, ?, ?)`, id, field, mark, mark)
	run(`INSERT INTO passkey (tenant_id, id, person_id, key_hash, name, record, created_at) VALUES (?, ?, ?, ?, ?, '{}', ?)`, db.NewID(), id, db.Hash{1}, mark, now)
	run(`INSERT INTO login_check (tenant_id, person_id, person_version, basis, reasons, stem, weak) VALUES (?, ?, 1, '', '', ?, 0)`, id, mark)
	run(`INSERT INTO mail_message (tenant_id, id, dedupe, person_id, to_address, to_name, kind, subject, body_text, state, created_at) VALUES (?, ?, 'anonymous', ?, ?, ?, 'fixture', ?, ?, 'queued', ?)`,
		db.NewID(), id, mark+"@example.jp", mark, mark, mark, now)
	run(`INSERT INTO audit_event (tenant_id, id, happened_at, actor_kind, actor_id, actor_name, actor_role, action, subject_kind, subject_id, detail, reason, source, request_id) VALUES (?, ?, ?, 'person', ?, ?, 'staff', 'session.start', 'session', ?, '{}', '', '', '')`,
		db.NewID(), now, id, mark, id)
	run(`INSERT INTO handover (tenant_id, id, from_person, to_person, offered_by, keep_as_deputy, note, answer, state, expires_at, created_at) VALUES (?, ?, ?, ?, 'manager', 0, ?, ?, 'declined', ?, ?)`,
		db.NewID(), org.Manager, id, mark, mark, now, now)
	run(`INSERT INTO handover (tenant_id, id, from_person, to_person, offered_by, keep_as_deputy, note, answer, state, expires_at, created_at) VALUES (?, ?, ?, ?, 'manager', 0, ?, ?, 'declined', ?, ?)`,
		db.NewID(), id, org.Manager, mark, mark, now, now)
	var version, lesson, incident db.ID
	for query, into := range map[string]*db.ID{"SELECT id FROM course_version WHERE tenant_id = ?": &version, "SELECT id FROM version_lesson WHERE tenant_id = ?": &lesson, "SELECT id FROM incident WHERE tenant_id = ?": &incident} {
		if err := d.QueryRow(t.Context(), query, org.ID).Scan(into); err != nil {
			t.Fatal(err)
		}
	}
	run(`INSERT INTO incident_note (tenant_id, id, incident_id, body, author_id, author_name, created_at) VALUES (?, ?, ?, '記録', ?, ?, ?)`, db.NewID(), incident, id, mark, now)
	run(`INSERT INTO round (tenant_id, id, title, course_title, course_tenant_id, course_version_id, starts_on, deadline_on, state, created_by, created_at, updated_at) VALUES (?, ?, '研修', '研修', ?, ?, '2026-04-01', '2026-09-30', 'open', ?, ?, ?)`,
		round, org.ID, version, id, now, now)
	run(`INSERT INTO enrolment (tenant_id, id, round_id, person_id, status, due_on, lessons_total, started_at, completed_at, created_at) VALUES (?, ?, ?, ?, 'completed', '2026-09-30', 1, ?, ?, ?)`, enrolment, round, id, now, now, now)
	content := `{"name":"` + mark + `"}`
	run(`INSERT INTO completion_certificate (tenant_id, id, enrolment_id, number, code, content, issued_at) VALUES (?, ?, ?, '2026-000001', 'CODE', ?, ?)`, db.NewID(), enrolment, content, now)
	run(`INSERT INTO training_record (tenant_id, id, number, round_id, digest, content, created_by, created_at) VALUES (?, ?, 2, ?, ?, ?, ?, ?)`, db.NewID(), round, db.Hash{2}, content, id, now)
	run(`INSERT INTO year_record (tenant_id, id, fiscal_year, number, digest, content, created_by, created_at) VALUES (?, ?, 2026, 2, ?, ?, ?, ?)`, db.NewID(), db.Hash{2}, content, id, now)
	run(`INSERT INTO pledge_signature (tenant_id, id, enrolment_id, version_lesson_id, version_number, title, name, text_digest, signed_at, received_at) VALUES (?, ?, ?, ?, 1, '誓約', ?, ?, ?, ?)`,
		db.NewID(), enrolment, lesson, mark, db.Hash{2}, now, now)
	fillOrders(t, run, id, mark, now)
}

// fillOrders gives somebody what they ordered, and rows of files in which they are named.
func fillOrders(t *testing.T, run func(string, ...any), id db.ID, mark string, now int64) {
	t.Helper()
	raw, err := json.Marshal(map[string]string{"name": mark, "role": "deputy_manager", "source": "192.0.2.1 " + mark, "request_id": mark})
	if err != nil {
		t.Fatal(err)
	}
	actor, file := `{"kind":"person","person":"`+id.String()+`",`+string(raw[1:]), db.NewID() // in the order in which tenant.StoredActor is written
	run(`INSERT INTO person_import (tenant_id, id, file_name, object_key, sha256, state, summary, actor, created_by, created_at) VALUES (?, ?, '名簿', 'x', ?, 'applied', '{}', ?, ?, ?)`, file, db.Hash{2}, actor, id, now)
	run(`INSERT INTO person_import_row (tenant_id, import_id, position, outcome, person_id, version, name, name_kana, sort_name, login_id, before_values, detail) VALUES (?, ?, 2, 'update', ?, 1, ?, ?, ?, ?, ?, ?)`,
		file, id, mark, mark, mark, mark, `{"name":"`+mark+`"}`, `{"name":"`+mark+`"}`)
	run(`INSERT INTO question_import (tenant_id, id, file_name, sha256, format, state, summary, actor, created_by, created_at) VALUES (?, ?, '問題', ?, 'gift', 'applied', '{}', ?, ?, ?)`, db.NewID(), db.Hash{2}, actor, id, now)
	run(`INSERT INTO moodle_import (tenant_id, id, file_name, size, state, title, actor, created_by, created_at) VALUES (?, ?, 'コース', 1, 'applied', 'コース', ?, ?, ?)`, db.NewID(), actor, id, now)
	run(`INSERT INTO course_copy (tenant_id, id, course_tenant_id, source_id, version_id, title, state, actor, created_by, created_at) VALUES (?, ?, 1, ?, ?, 'コース', 'stopped', ?, ?, ?)`, db.NewID(), db.NewID(), db.NewID(), actor, id, now)
	run(`INSERT INTO password_file (tenant_id, id, file_name, object_key, state, total, wrong, problems, created_by, created_at) VALUES (?, ?, '初期パスワード', 'x', 'expired', 1, 1, ?, ?, ?)`,
		db.NewID(), `[{"row":2,"login_id":"`+mark+`"}]`, id, now)
}

// Ten managers let overlapping crowds leave at once while others are suspended: every person leaves once, and no session lives on.
func TestActsAtOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newActOffice(t, d)
		tid := o.world.A.ID
		ids := make([]db.ID, 0, 60)
		for i := range 60 {
			ids = append(ids, kit.NewPerson(t, d, tid, fmt.Sprintf("crowd%02d", i), fmt.Sprintf("人 %02d", i)))
		}
		ctx := o.manager(t)
		var wait sync.WaitGroup
		var mu sync.Mutex
		left := 0
		for i := range 10 {
			wait.Go(func() {
				c, err := o.acts.Do(ctx, tid, tenant.ActInput{Act: tenant.ActLeave, On: "2026-04-01", Chosen: tenant.Chosen{IDs: ids[i*2 : 40+i*2]}})
				if err != nil {
					t.Errorf("crowd %d: %v", i, err)
				}
				mu.Lock()
				defer mu.Unlock()
				left += c.People
			})
		}
		wait.Wait()
		if left != 58 || countRows(t, d, "SELECT COUNT(*) FROM audit_event WHERE tenant_id = ? AND action = 'person.state'", tid) != 58 {
			t.Errorf("%d people left, not 58", left)
		}
	})
}
