package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// estate is what a seeded database holds: the association with its course, the organisation that is measured, and perhaps thousands of others.
type estate struct {
	association tenant.ID
	operator    db.ID
	course      seededCourse
	main        tenant.ID
	manager     db.ID
	editor      db.ID
	department  db.ID
	staff       []db.ID
	rounds      []db.ID
	enrolments  []db.ID // of staff[i] in the last round, which most have not finished
	people      int     // in all organisations

	others          []tenant.ID // the other organisations, all with the same people: a manager, an editor, staff
	otherPeople     []db.ID
	otherRound      db.ID
	otherEnrolments []db.ID // of otherPeople[i] in otherRound, which nobody has finished
}

// sizes of the organisation that is measured: the same in every database.
const (
	mainStaff       = 1500
	mainRounds      = 10
	mainDepartments = 20
	otherPeople     = 100 // of each other organisation
)

// sow fills a fresh database. others is how many organisations there are beside the one that is measured.
func sow(ctx context.Context, d *db.DB, others int) (*estate, error) {
	e := &estate{}
	var err error
	if e.association, err = newOrganisation(ctx, d, "ASSOCIATION", "association"); err != nil {
		return nil, err
	}
	if e.main, err = newOrganisation(ctx, d, "MAIN", "organisation"); err != nil {
		return nil, err
	}
	operators, err := newPeople(ctx, d, e.association, 1, "operator", "association_editor")
	if err != nil {
		return nil, err
	}
	e.operator = operators[0]
	if e.course, err = newCourse(ctx, d, e.association, e.operator); err != nil {
		return nil, err
	}
	leaders, err := newPeople(ctx, d, e.main, 2, "manager", "editor")
	if err != nil {
		return nil, err
	}
	e.manager, e.editor = leaders[0], leaders[1]
	if e.staff, err = newPeople(ctx, d, e.main, mainStaff); err != nil {
		return nil, err
	}
	if e.department, err = newDepartments(ctx, d, e.main, e.staff, mainDepartments); err != nil {
		return nil, err
	}
	for n := range mainRounds {
		round, enrolments, err := newRound(ctx, d, e.main, e.course, e.manager, e.staff, n)
		if err != nil {
			return nil, err
		}
		e.rounds, e.enrolments = append(e.rounds, round), enrolments
		if n == 0 {
			if err := newTraces(ctx, d, e.main, e.course, e.staff, enrolments); err != nil {
				return nil, err
			}
		}
	}
	e.people = mainStaff + 3
	if others > 0 {
		err = e.neighbours(ctx, d, others)
	}
	if err == nil {
		err = analyse(ctx, d)
	}
	return e, err
}

var now = time.Now().UnixMicro()

func newOrganisation(ctx context.Context, d *db.DB, code, kind string) (tenant.ID, error) {
	r, err := d.Exec(ctx, `INSERT INTO organisation (id, code, kind, name, name_search, plan, state, created_at, updated_at) VALUES (?, ?, ?, ?, ?, 'elearning', 'active', ?, ?)`,
		db.NewID(), code, kind, "介護事業所 "+code, "介護事業所 "+strings.ToLower(code), now, now)
	if err != nil {
		return tenant.ID{}, err
	}
	n, err := r.LastInsertId()
	return tenant.System(n, "benchmark"), err
}

var (
	surnames = []string{"あおき", "いとう", "うえだ", "えんどう", "おがわ", "かとう", "きむら", "くどう", "こばやし", "さとう", "しみず", "すずき", "たかはし", "たなか", "なかむら", "はやし", "ふじた", "まつもと", "やまだ", "わたなべ"}
	given    = []string{"あき", "けい", "さくら", "しょう", "たろう", "なお", "はな", "ひろし", "まこと", "みき", "ゆう", "りん"}
)

// newPeople writes n active people with credential and role; the first ones hold the further roles, one each (in the association one person holds all).
func newPeople(ctx context.Context, d *db.DB, tid tenant.ID, n int, roles ...string) ([]db.ID, error) {
	ids := make([]db.ID, n)
	var people, credentials, held [][]any
	for i := range ids {
		ids[i] = db.NewID()
		login := fmt.Sprintf("u%d-%s", i, ids[i].String()[24:])
		name := surnames[i*7%len(surnames)] + " " + given[i*5%len(given)]
		people = append(people, []any{tid, ids[i], login, login, name, name, name, name + " " + login, login + "@example.jp", now, now})
		credentials = append(credentials, []any{tid, ids[i], now})
		held = append(held, []any{tid, ids[i], "staff"})
	}
	for i, role := range roles {
		held = append(held, []any{tid, ids[i%n], role})
	}
	return ids, d.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.InsertMany(ctx, `INSERT INTO person (tenant_id, id, login_id, login_key, name, name_kana, sort_name, search_text, email, employment_kind, state, created_at, updated_at) VALUES`,
			"(?, ?, ?, ?, ?, ?, ?, ?, ?, 'employee', 'active', ?, ?)", people); err != nil {
			return err
		}
		if err := tx.InsertMany(ctx, `INSERT INTO credential (tenant_id, person_id, kind, hash, changed_at) VALUES`, "(?, ?, 'chosen', 'unusable', ?)", credentials); err != nil {
			return err
		}
		return tx.InsertMany(ctx, `INSERT INTO person_role (tenant_id, person_id, role) VALUES`, "(?, ?, ?)", held)
	})
}

// newDepartments puts people evenly into n departments and gives the first of these.
func newDepartments(ctx context.Context, d *db.DB, tid tenant.ID, people []db.ID, n int) (db.ID, error) {
	departments := make([]db.ID, n)
	var rows, posts [][]any
	for i := range departments {
		departments[i] = db.NewID()
		name := fmt.Sprintf("部署 %02d", i)
		rows = append(rows, []any{tid, departments[i], name, name, now, now})
	}
	for i, p := range people {
		posts = append(posts, []any{tid, p, departments[i%n]})
	}
	return departments[0], d.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.InsertMany(ctx, `INSERT INTO department (tenant_id, id, name, name_key, created_at, updated_at) VALUES`, "(?, ?, ?, ?, ?, ?)", rows); err != nil {
			return err
		}
		return tx.InsertMany(ctx, `INSERT INTO person_department (tenant_id, person_id, department_id, starts_on) VALUES`, "(?, ?, ?, '2025-04-01')", posts)
	})
}

// newRound enrols people in the n-th round. Of the first seven rounds nine in ten have finished; of the others nobody of the first thousand has.
func newRound(ctx context.Context, d *db.DB, tid tenant.ID, c seededCourse, by db.ID, people []db.ID, n int) (db.ID, []db.ID, error) {
	round, ids := db.NewID(), make([]db.ID, len(people))
	day := func(days int) string { return tenant.AddDays(tenant.Today(time.Now), days) }
	due := day(30 - 3*n)
	var enrolments, progress [][]any
	for i, p := range people {
		ids[i] = db.NewID()
		status, done := "not_started", any(nil)
		switch {
		case n < 7 && i%10 > 0, n >= 7 && i >= 1000:
			status, done = "completed", now-int64(i%50)*86_400_000_000
		case i%3 == 0:
			status = "in_progress"
		}
		enrolments = append(enrolments, []any{tid, ids[i], round, p, status, due, len(c.lessons), done, now})
		if status == "in_progress" {
			progress = append(progress, []any{tid, ids[i], c.lessons[0], now, now, now})
		}
		if n == 0 && status == "completed" { // what stays of a course that was taken
			for _, lesson := range c.lessons {
				progress = append(progress, []any{tid, ids[i], lesson, now, now, now})
			}
		}
	}
	return round, ids, d.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO round (tenant_id, id, title, course_title, lessons_total, course_tenant_id, course_version_id, starts_on, deadline_on, state, created_by, created_at, updated_at)
 VALUES (?, ?, ?, '個人情報の扱い', ?, ?, ?, ?, ?, 'open', ?, ?, ?)`, tid, round, fmt.Sprintf("第 %d 回", n+1), len(c.lessons), c.owner, c.version, day(-30), due, by, now, now); err != nil {
			return err
		}
		if err := tx.InsertMany(ctx, `INSERT INTO enrolment (tenant_id, id, round_id, person_id, status, due_on, lessons_total, completed_at, created_at) VALUES`,
			"(?, ?, ?, ?, ?, ?, ?, ?, ?)", enrolments); err != nil {
			return err
		}
		return tx.InsertMany(ctx, `INSERT INTO progress (tenant_id, enrolment_id, version_lesson_id, state, seen, spent, started_at, completed_at, updated_at) VALUES`,
			"(?, ?, ?, 'done', '[]', '[]', ?, ?, ?)", progress)
	})
}

// neighbours makes one more organisation and copies it into all others inside the database: ids are unique only within a tenant.
func (e *estate) neighbours(ctx context.Context, d *db.DB, others int) error {
	template, err := newOrganisation(ctx, d, "NEIGHBOUR-0", "organisation")
	if err != nil {
		return err
	}
	people, err := newPeople(ctx, d, template, otherPeople, "manager", "editor")
	if err != nil {
		return err
	}
	if _, err := newDepartments(ctx, d, template, people, 5); err != nil {
		return err
	}
	e.otherPeople = people
	for _, n := range []int{0, mainRounds - 1} { // one that most have finished and one that nobody has
		round, enrolments, err := newRound(ctx, d, template, e.course, people[0], people, n)
		if err == nil && n == 0 {
			err = newTraces(ctx, d, template, e.course, people, enrolments)
		}
		if err != nil {
			return err
		}
		e.otherRound, e.otherEnrolments = round, enrolments
	}
	var rows [][]any
	for i := range others - 1 {
		code := fmt.Sprintf("NEIGHBOUR-%d", i+1)
		rows = append(rows, []any{db.NewID(), code, "介護事業所 " + code, strings.ToLower(code), now, now})
	}
	if err := d.Tx(ctx, func(tx *db.Tx) error {
		return tx.InsertMany(ctx, `INSERT INTO organisation (id, code, kind, name, name_search, plan, state, created_at, updated_at) VALUES`,
			"(?, ?, 'organisation', ?, ?, 'elearning', 'active', ?, ?)", rows)
	}); err != nil {
		return err
	}
	e.people += others * otherPeople
	if err := copyTenant(ctx, d, template); err != nil {
		return err
	}
	ids, err := db.Values[int64](ctx, d, `SELECT tenant_id FROM organisation WHERE tenant_id >= ? ORDER BY tenant_id`, template.Number())
	for _, id := range ids {
		e.others = append(e.others, tenant.System(id, "benchmark"))
	}
	return err
}
