package lms

import (
	"bytes"
	"context"
	"slices"
	"strconv"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// How the table is read. Sorting hundreds of thousands of rows to show fifty takes seconds on both engines, and neither finds by itself that it need not.
// So a page is walked to: people in the order of an index, some at a time, and the enrolments of each handful; or enrolments in the order of an index, and the
// people of each handful. A filter that lets little through would make that long: after walkPeople people or walkRows rows the rest is asked for in one
// statement, which has little to sort then.
const (
	walkFirst  = 8    // people of the first handful: a learner may be in many rounds
	walkMost   = 500  // people, or rows, of a handful
	walkPeople = 800  // people looked at before a page is asked for in one statement
	walkRows   = 3000 // enrolments looked at before
	walkChunk  = 1000 // rows that an export takes at once
)

// rowPlace is where in the table a row stands.
type rowPlace struct {
	key string // of the order; empty in the part of the order "completed_on" that is not completed
	id  db.ID  // the person, or the enrolment when the order is one of enrolments
	sub db.ID  // the round, when the order is one of people
}

func (p *rowPlace) cursor() string { return db.Cursor(p.key, p.id.String(), p.sub.String()) }

func readPlace(cursor string) (*rowPlace, error) {
	v, err := db.ReadCursor(cursor, 3)
	if err != nil || v == nil {
		return nil, err
	}
	id, err := db.ParseID(v[1])
	if err == nil {
		var sub db.ID
		if sub, err = db.ParseID(v[2]); err == nil {
			return &rowPlace{v[0], id, sub}, nil
		}
	}
	return nil, &fault.Error{Kind: fault.Invalid, Key: "invalid", Fields: []fault.Field{{Path: "after", Key: "cursor"}}, Err: err}
}

// walker reads the table for one query.
type walker struct {
	ReportQuery
	tid    tenant.ID
	r      db.Runner
	today  string
	tree   tenant.DepartmentTree
	under  []any // departments of the filter with all below them
	few    []any // everybody whom the filter shows, when they are few
	rounds map[db.ID]Round
	order  []Round // the latest deadline first
}

func (s *Reports) walk(ctx context.Context, tid tenant.ID, r db.Runner, q ReportQuery) (*walker, error) {
	w := &walker{ReportQuery: q, tid: tid, r: r, today: tenant.Today(s.clock), rounds: map[db.ID]Round{}}
	var err error
	if w.tree, err = tenant.ReadDepartmentTree(ctx, tid, r); err != nil {
		return nil, err
	}
	for _, id := range q.Filter.Departments {
		w.under = append(w.under, db.Args(w.tree.Under(id))...)
	}
	err = db.Each(ctx, r, sqlReportRounds, []any{tid}, func(scan func(...any) error) error {
		var one Round
		if err := scan(&one.ID, &one.Title, &one.CourseTitle, &one.DeadlineOn); err != nil {
			return err
		}
		w.rounds[one.ID] = one
		w.order = append(w.order, one)
		return nil
	})
	return w, err
}

func (w *walker) ofPeople() bool { return w.Sort != "due_on" && w.Sort != "completed_on" }

func (w *walker) place(row ReportRow) *rowPlace {
	switch w.Sort {
	case "due_on":
		return &rowPlace{row.DueOn, row.ID, db.ID{}}
	case "completed_on":
		if row.CompletedAt.IsZero() {
			return &rowPlace{"", row.ID, db.ID{}}
		}
		return &rowPlace{strconv.FormatInt(row.CompletedAt.UnixMicro(), 10), row.ID, db.ID{}}
	case "login_id":
		return &rowPlace{row.Person.loginKey, row.Person.ID, row.Round}
	}
	return &rowPlace{row.Person.sortName, row.Person.ID, row.Round}
}

// narrowPeople adds the filter's conditions on the person.
func (w *walker) narrowPeople(cond *db.Cond) *db.Cond {
	if w.few != nil {
		return cond.In("p.id", w.few)
	}
	if len(w.Filter.Kinds) > 0 {
		kinds := make([]any, len(w.Filter.Kinds))
		for i, k := range w.Filter.Kinds {
			kinds[i] = string(k)
		}
		cond.In("p.employment_kind", kinds)
	}
	if q := tenant.SearchKey(w.Filter.Query); q != "" {
		cond.And("p.search_text LIKE ? ESCAPE '!'", "%"+db.Like(q)+"%")
	}
	switch {
	case len(w.Filter.Departments) > 0 && len(w.under) == 0:
		cond.And("1 = 0")
	case len(w.under) > 0:
		cond.And("p.id IN ("+sqlHoldersOf+"("+db.Marks(len(w.under))+"))", append([]any{w.tid, w.today, w.today}, w.under...)...)
	}
	return cond
}

func (w *walker) narrowsPeople() bool {
	return len(w.Filter.Kinds) > 0 || len(w.Filter.Departments) > 0 || tenant.Fold(w.Filter.Query) != ""
}

// enrolmentTerms are what conditions on enrolments compare: so that the order of the table can use its index, or so that people's ids decide.
type enrolmentTerms struct{ status, overdue, due, completed string }

var (
	inOrder  = enrolmentTerms{"e.status", sqlOverdue, "e.due_on", "e.completed_at"}
	ofPeople = enrolmentTerms{"+e.status", sqlOverdueOf, "+e.due_on", "+e.completed_at"}
)

// narrowEnrolments adds the filter's conditions on the enrolment.
func (w *walker) narrowEnrolments(cond *db.Cond, by enrolmentTerms) *db.Cond {
	f := w.Filter
	if len(f.Rounds) > 0 {
		cond.In("e.round_id", db.Args(f.Rounds))
	}
	statuses := make([]any, len(f.Statuses))
	for i, s := range f.Statuses {
		statuses[i] = string(s)
	}
	switch {
	case len(statuses) > 0 && f.Overdue:
		cond.And(by.status+" IN ("+db.Marks(len(statuses))+") OR ("+by.overdue+")", append(statuses, w.today, w.tid)...)
	case f.Overdue:
		cond.And(by.overdue, w.today, w.tid)
	case len(statuses) > 0:
		cond.In(by.status, statuses)
	}
	if f.DueFrom != "" {
		cond.And(by.due+" >= ?", f.DueFrom)
	}
	if f.DueTo != "" {
		cond.And(by.due+" <= ?", f.DueTo)
	}
	if f.CompletedFrom != "" {
		cond.And(by.completed+" >= ?", db.At(tenant.DayStart(f.CompletedFrom)))
	}
	if f.CompletedTo != "" {
		cond.And(by.completed+" < ?", db.At(tenant.DayStart(tenant.AddDays(f.CompletedTo, 1))))
	}
	return cond
}

// ofFew lets the index of a person's enrolments serve where there are few people.
func (w *walker) ofFew(cond *db.Cond) *db.Cond {
	if w.few != nil {
		cond.In("e.person_id", w.few)
	}
	return w.byStatus(cond)
}

// byStatus lets the index of a round's statuses serve a filter that names no round: it names them all.
func (w *walker) byStatus(cond *db.Cond) *db.Cond {
	if len(w.Filter.Rounds) == 0 && (w.Filter.Overdue || len(w.Filter.Statuses) > 0) && len(w.order) <= MaxReportRounds {
		cond.In("e.round_id", roundIDs(w.order))
	}
	return cond
}

// page gives the next limit rows after from.
func (w *walker) page(ctx context.Context, from *rowPlace, limit int) ([]ReportRow, error) {
	var rows []ReportRow
	switch few, err := w.fewPeople(ctx); {
	case err != nil:
		return nil, err
	case few && !w.ofPeople():
		return w.gather(ctx, from, limit)
	}
	full, seen := false, 0
	take := func(handful []ReportRow, looked int) bool {
		rows = append(rows, handful...)
		seen += looked
		full = len(rows) >= limit
		return !full && seen < map[bool]int{true: walkPeople, false: walkRows}[w.ofPeople()]
	}
	ended, err := w.each(ctx, from, limit, take)
	switch {
	case err != nil:
		return nil, err
	case !full && !ended:
		return w.gather(ctx, from, limit)
	}
	return rows[:min(limit, len(rows))], nil
}

// fewPeople tells whether the filter shows so few people that their ids may stand in a statement; they do from then on, in place of the filter.
func (w *walker) fewPeople(ctx context.Context) (bool, error) {
	if !w.narrowsPeople() || w.few != nil {
		return w.few != nil, nil
	}
	cond := w.narrowPeople(db.Where("p.tenant_id = ?", w.tid))
	ids, err := db.Values[db.ID](ctx, w.r, sqlReportIDs+cond.SQL()+reportLimit, cond.Args(walkMost+1)...)
	if err == nil && len(ids) <= walkMost {
		w.few = append([]any{}, db.Args(ids)...)
	}
	return w.few != nil, err
}

// each hands the table over in handfuls from a place on, until take has enough; looked is how many people or enrolments a handful was found among. want is
// how many rows a handful should have. It tells whether the end was reached.
func (w *walker) each(ctx context.Context, from *rowPlace, want int, take func(rows []ReportRow, looked int) bool) (ended bool, err error) {
	if w.ofPeople() {
		return w.eachPerson(ctx, from, want, take)
	}
	return w.eachEnrolment(ctx, from, want, take)
}

func (w *walker) eachPerson(ctx context.Context, from *rowPlace, want int, take func([]ReportRow, int) bool) (bool, error) {
	size, same := walkFirst, true
	for {
		people, err := w.people(ctx, from, same, size)
		if err != nil || len(people) == 0 {
			return true, err
		}
		rows, err := w.enrolmentsOf(ctx, people)
		if err != nil {
			return false, err
		}
		if same && from != nil && people[0].ID == from.id {
			rows = slices.DeleteFunc(rows, func(r ReportRow) bool { return r.Person.ID == from.id && bytes.Compare(r.Round[:], from.sub[:]) <= 0 })
		}
		if !take(rows, len(people)) {
			return len(people) < size, nil
		}
		if len(people) < size {
			return true, nil
		}
		last := people[len(people)-1]
		from, same = w.place(ReportRow{Person: last}), false
		size = max(walkFirst, min(walkMost, size*4, size*want/max(1, len(rows))+walkFirst))
	}
}

// people gives the next people from a place on; same: the person of the place is one of them.
func (w *walker) people(ctx context.Context, from *rowPlace, same bool, limit int) ([]ReportPerson, error) {
	cond := w.narrowPeople(db.Where("p.tenant_id = ?", w.tid))
	order := w.peopleFrom(cond, from, same)
	var list []ReportPerson
	err := db.Each(ctx, w.r, sqlReportPeople+cond.SQL()+order+reportLimit, cond.Args(limit), func(scan func(...any) error) error {
		var p ReportPerson
		err := scan(p.targets()...)
		list = append(list, p)
		return err
	})
	return list, err
}

func (p *ReportPerson) targets() []any {
	return []any{&p.ID, &p.Name, &p.NameKana, &p.LoginID, &p.EmployeeNumber, &p.Kind, &p.State, &p.sortName, &p.loginKey}
}

// peopleFrom adds where to begin and gives the order.
func (w *walker) peopleFrom(cond *db.Cond, from *rowPlace, same bool) string {
	switch {
	case w.Sort == "login_id" && w.Descending:
		if from != nil {
			cond.And("p.login_key < ? OR (? = 1 AND p.login_key = ?)", from.key, same, from.key)
		}
		return reportByLoginDown
	case w.Sort == "login_id":
		if from != nil {
			cond.And("p.login_key > ? OR (? = 1 AND p.login_key = ?)", from.key, same, from.key)
		}
		return reportByLoginUp
	case w.Descending:
		if from != nil {
			cond.And("p.sort_name <= ?", from.key).And("p.sort_name < ? OR p.id < ? OR (? = 1 AND p.id = ?)", from.key, from.id, same, from.id)
		}
		return reportByNameDown
	}
	if from != nil {
		cond.And("p.sort_name >= ?", from.key).And("p.sort_name > ? OR p.id > ? OR (? = 1 AND p.id = ?)", from.key, from.id, same, from.id)
	}
	return reportByNameUp
}

// enrolmentsOf gives the rows of people, in their order, each person's rounds in the order in which they were made.
func (w *walker) enrolmentsOf(ctx context.Context, people []ReportPerson) ([]ReportRow, error) {
	at, ids := make(map[db.ID]int, len(people)), make([]any, len(people))
	for i, p := range people {
		at[p.ID], ids[i] = i, p.ID
	}
	cond := w.narrowEnrolments(db.Where("e.tenant_id = ?", w.tid), ofPeople).In("e.person_id", ids)
	rows, err := w.enrolments(ctx, sqlReportEnrolments+cond.SQL(), cond.Args()...)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b ReportRow) int {
		if a.Person.ID != b.Person.ID {
			return at[a.Person.ID] - at[b.Person.ID]
		}
		return bytes.Compare(a.Round[:], b.Round[:])
	})
	for i := range rows {
		rows[i].of(people[at[rows[i].Person.ID]], w.today)
	}
	return rows, nil
}

// of says whose row it is, and with that whether it is late.
func (row *ReportRow) of(p ReportPerson, today string) {
	row.Person, row.Overdue = p, Overdue(row.Status, p.State, row.DueOn, today)
}

func (w *walker) enrolments(ctx context.Context, query string, args ...any) ([]ReportRow, error) {
	var list []ReportRow
	err := db.Each(ctx, w.r, query, args, func(scan func(...any) error) error {
		var row ReportRow
		err := scan(row.targets()...)
		list = append(list, row)
		return err
	})
	return list, err
}

func (row *ReportRow) targets() []any {
	return []any{&row.ID, &row.Round, &row.Person.ID, &row.Status, &row.DueOn, &row.LessonsDone, &row.LessonsTotal, &row.Score, &row.StartedAt, &row.CompletedAt,
		&row.LastActivityAt, &row.Reason, &row.SelfReported}
}

// stretch is a part of an order of enrolments: what belongs to it, from a place on, and its ORDER BY.
func (w *walker) stretch(cond *db.Cond, from *rowPlace, undone bool) (order string) {
	if w.Sort == "due_on" {
		switch {
		case w.Descending && from != nil:
			cond.And("e.due_on <= ?", from.key).And("e.due_on < ? OR e.id < ?", from.key, from.id)
		case from != nil:
			cond.And("e.due_on >= ?", from.key).And("e.due_on > ? OR e.id > ?", from.key, from.id)
		}
		if w.Descending {
			return reportByDueDown
		}
		return reportByDueUp
	}
	if undone {
		cond.And("e.completed_at IS NULL")
		if from != nil && from.key == "" {
			cond.And("e.id > ?", from.id)
		}
		return reportUndone
	}
	cond.And("e.completed_at IS NOT NULL")
	if from != nil {
		at, _ := strconv.ParseInt(from.key, 10, 64) // a cursor that somebody made up shows another page
		when := db.At(time.UnixMicro(at))
		if w.Descending {
			cond.And("e.completed_at <= ?", when).And("e.completed_at < ? OR e.id < ?", when, from.id)
		} else {
			cond.And("e.completed_at >= ?", when).And("e.completed_at > ? OR e.id > ?", when, from.id)
		}
	}
	if w.Descending {
		return reportByDoneDown
	}
	return reportByDoneUp
}

// stretches are the parts of the order, from a place on: who has not completed stands after those who have.
func (w *walker) stretches(from *rowPlace) []bool {
	switch {
	case w.Sort == "due_on":
		return []bool{false}
	case from != nil && from.key == "":
		return []bool{true}
	}
	return []bool{false, true}
}

func (w *walker) eachEnrolment(ctx context.Context, from *rowPlace, want int, take func([]ReportRow, int) bool) (bool, error) {
	for _, undone := range w.stretches(from) {
		for size := max(walkFirst, min(want, walkMost)); ; size = walkMost {
			cond := w.narrowEnrolments(db.Where("e.tenant_id = ?", w.tid), inOrder)
			order := w.stretch(cond, from, undone)
			rows, err := w.enrolments(ctx, sqlReportEnrolments+cond.SQL()+order+reportLimit, cond.Args(size)...)
			if err != nil {
				return false, err
			}
			looked := len(rows)
			if looked > 0 {
				from = w.place(rows[looked-1])
			}
			if rows, err = w.withPeople(ctx, rows); err != nil {
				return false, err
			}
			if !take(rows, looked) {
				return false, nil
			}
			if looked < size {
				break
			}
		}
		if !undone {
			from = nil // the next stretch begins at its beginning
		}
	}
	return true, nil
}

// withPeople keeps the rows whose person the filter shows, and says who it is.
func (w *walker) withPeople(ctx context.Context, rows []ReportRow) ([]ReportRow, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	ids := map[db.ID]bool{}
	var list []any
	for _, r := range rows {
		if !ids[r.Person.ID] {
			ids[r.Person.ID] = true
			list = append(list, r.Person.ID)
		}
	}
	cond := w.narrowPeople(db.Where("p.tenant_id = ?", w.tid)).In("p.id", list)
	people := map[db.ID]ReportPerson{}
	err := db.Each(ctx, w.r, sqlReportPeople+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
		var p ReportPerson
		err := scan(p.targets()...)
		people[p.ID] = p
		return err
	})
	if err != nil {
		return nil, err
	}
	kept := rows[:0]
	for _, r := range rows {
		if p, shown := people[r.Person.ID]; shown {
			r.of(p, w.today)
			kept = append(kept, r)
		}
	}
	return kept, nil
}

// gather asks for a page in one statement.
func (w *walker) gather(ctx context.Context, from *rowPlace, limit int) ([]ReportRow, error) {
	if w.ofPeople() {
		cond := w.ofFew(w.narrowPeople(w.narrowEnrolments(db.Where("e.tenant_id = ?", w.tid), inOrder)))
		order := w.peopleFrom(cond, from, true) + reportRoundUp
		if from != nil {
			cond.And("p.id <> ? OR e.round_id > ?", from.id, from.sub)
		}
		return w.joined(ctx, cond, order, limit)
	}
	if w.few != nil && w.Sort == "due_on" {
		return w.gatherOfFew(ctx, from, limit)
	}
	var rows []ReportRow
	for _, undone := range w.stretches(from) {
		cond := w.ofFew(w.narrowPeople(w.narrowEnrolments(db.Where("e.tenant_id = ?", w.tid), inOrder)))
		order := w.stretch(cond, from, undone)
		more, err := w.joined(ctx, cond, order, limit-len(rows))
		if err != nil {
			return nil, err
		}
		if rows = append(rows, more...); len(rows) >= limit {
			break
		}
		from = nil
	}
	return rows, nil
}

// gatherOfFew asks for a page of few people by due day in two statements: which rows, answered by the index of people's enrolments alone, and then these
// rows. Reading thousands of rows from all over the table, to sort them and show a hundred, costs ten times as much.
func (w *walker) gatherOfFew(ctx context.Context, from *rowPlace, limit int) ([]ReportRow, error) {
	cond := w.narrowEnrolments(db.Where("e.tenant_id = ?", w.tid), ofPeople).In("e.person_id", w.few)
	w.stretch(cond, from, false)
	order := reportByDueUpOf
	if w.Descending {
		order = reportByDueDownOf
	}
	ids, err := db.Values[db.ID](ctx, w.r, sqlReportEnrolmentIDs+cond.SQL()+order+reportLimit, cond.Args(limit)...)
	if err != nil || len(ids) == 0 {
		return nil, err
	}
	at := make(map[db.ID]int, len(ids))
	for i, id := range ids {
		at[id] = i
	}
	cond = db.Where("e.tenant_id = ?", w.tid).In("e.id", db.Args(ids))
	rows, err := w.enrolments(ctx, sqlReportEnrolments+cond.SQL(), cond.Args()...)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(rows, func(a, b ReportRow) int { return at[a.ID] - at[b.ID] })
	return w.withPeople(ctx, rows)
}

func (w *walker) joined(ctx context.Context, cond *db.Cond, order string, limit int) ([]ReportRow, error) {
	var list []ReportRow
	err := db.Each(ctx, w.r, sqlReportRows+cond.SQL()+order+reportLimit, cond.Args(limit), func(scan func(...any) error) error {
		var row ReportRow
		if err := scan(append(row.Person.targets(), row.targets()...)...); err != nil {
			return err
		}
		row.of(row.Person, w.today)
		list = append(list, row)
		return nil
	})
	return list, err
}

// count tells how many rows there are.
func (w *walker) count(ctx context.Context) (n int, err error) {
	few, err := w.fewPeople(ctx)
	if err != nil {
		return 0, err
	}
	by := inOrder
	if few {
		by = ofPeople
	}
	cond := w.ofFew(w.narrowEnrolments(db.Where("e.tenant_id = ?", w.tid), by))
	query := sqlReportCount
	if w.narrowsPeople() && !few {
		w.narrowPeople(cond)
		query = sqlReportCountJoin
	}
	return n, db.One(w.r.QueryRow(ctx, query+cond.SQL(), cond.Args()...).Scan(&n))
}
