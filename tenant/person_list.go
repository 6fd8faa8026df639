package tenant

import (
	"context"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
)

// PeopleObserver is told, in the same transaction, about people who came, left, came back, or changed in something that
// assignment rules ask about (departments, employment, roles, own fields, the day of joining), so that rounds can follow.
type PeopleObserver interface {
	PeopleChanged(ctx context.Context, tid ID, tx *db.Tx, ids []db.ID) error
}

// CredentialIssuer hands out one-time credentials (Credentials does).
type CredentialIssuer interface {
	// IssueMany replaces the credentials of people by one-time ones. They come in the order of people and are shown once.
	IssueMany(ctx context.Context, tid ID, tx *db.Tx, people []db.ID) ([]OneTime, error)
}

// People registers and changes an organisation's people.
type People struct {
	db        *db.DB
	audit     *Audit
	sessions  *Sessions
	issuer    CredentialIssuer
	clock     clockFunc
	observers []PeopleObserver
}

// NewPeople makes the service. observers hear of people who come, leave, come back or change departments.
func NewPeople(d *db.DB, audit *Audit, sessions *Sessions, issuer CredentialIssuer, clock func() time.Time, observers ...PeopleObserver) *People {
	return &People{db: d, audit: audit, sessions: sessions, issuer: issuer, clock: clock, observers: observers}
}

// PeoplePage is part of the list.
type PeoplePage struct {
	Items []Person
	Next  string // "" on the last page
	Total int    // of the whole list; counted on the first page only, -1 on others
}

// List gives a page of people. It returns fault.Invalid for an unknown filter value or a damaged cursor.
func (s *People) List(ctx context.Context, tid ID, q PeopleQuery) (PeoplePage, error) {
	q, err := s.within(ctx, tid, q)
	if err == nil {
		q, err = s.withPolicy(ctx, tid, q)
	}
	if err != nil {
		return PeoplePage{}, err
	}
	cond, err := s.filter(tid, q)
	if err != nil {
		return PeoplePage{}, err
	}
	page := PeoplePage{Total: -1}
	page.Items, page.Next, err = s.page(ctx, tid, cond, q)
	switch {
	case err != nil || q.Page.After != "":
		return page, err
	case page.Next == "": // the page is the whole list
		page.Total = len(page.Items)
		return page, nil
	}
	count := sqlCountPeopleOnly
	if q.Account != "" || q.Concern != "" {
		count = sqlCountPeople
	}
	return page, db.One(s.db.QueryRow(ctx, count+cond.SQL(), cond.Args()...).Scan(&page.Total))
}

// page reads from the cursor on, one row more than asked to know whether there is a next page.
func (s *People) page(ctx context.Context, tid ID, cond *db.Cond, q PeopleQuery) ([]Person, string, error) {
	order, offset := " ORDER BY p.sort_name, p.id LIMIT ?", 0
	if q.ByLogin {
		order, offset = " ORDER BY p.login_key LIMIT ?", 1
	}
	after, err := db.ReadCursor(q.Page.After, 2)
	if err != nil {
		return nil, "", err
	}
	if after != nil {
		id, err := db.ParseID(after[1])
		switch {
		case err != nil:
			return nil, "", fault.Wrap(err, fault.Invalid, "cursor")
		case q.ByLogin:
			cond.And("p.login_key > ?", after[0])
		default:
			cond.And("p.sort_name >= ?", after[0]).And("p.sort_name > ? OR p.id > ?", after[0], id)
		}
	}
	limit := q.Page.Clamp()
	people, sorts, err := s.read(ctx, tid, s.db, sqlPeople+cond.SQL()+order, cond.Args(limit+1)...)
	if err != nil || len(people) <= limit {
		return people, "", err
	}
	return people[:limit], db.Cursor(sorts[2*(limit-1)+offset], people[limit-1].ID.String()), nil
}

// within finds the departments that the query means: the one it names, with those below it where it says so.
func (s *People) within(ctx context.Context, tid ID, q PeopleQuery) (PeopleQuery, error) {
	if q.Department.IsZero() || !q.WithBelow {
		return q, nil
	}
	tree, err := ReadDepartmentTree(ctx, tid, s.db)
	q.departments = tree.Under(q.Department)
	return q, err
}

func (s *People) filter(tid ID, q PeopleQuery) (*db.Cond, error) {
	var c fault.Check
	c.If(q.State != "" && !slices.Contains(PersonStates, q.State), "state", "not_in_list")
	c.If(q.Account != "" && !slices.Contains(PeopleAccounts, q.Account), "account", "not_in_list")
	c.If(q.Kind != "" && !slices.Contains(EmploymentKinds, q.Kind), "employment_kind", "not_in_list")
	c.If(len(q.Fields) > MaxPersonFields, "field", "too_many", "max", MaxPersonFields)
	if err := c.Err(); err != nil {
		return nil, err
	}
	cond := db.Where("p.tenant_id = ?", tid)
	switch {
	case q.State != "":
		cond.And("p.state = ?", string(q.State))
	case !q.AllStates:
		cond.And("p.state IN ('active', 'suspended')")
	}
	for _, word := range strings.Fields(SearchKey(Clip(q.Search, 200))) {
		cond.And("p.search_text LIKE ? ESCAPE '!'", "%"+db.Like(word)+"%")
	}
	if !q.Department.IsZero() {
		if len(q.departments) > 1 {
			// Found once; asked for each person, an engine may look for every department in turn.
			cond.And(condWithBelow+"("+db.Marks(len(q.departments))+"))", append([]any{tid, s.today(), s.today()}, db.Args(q.departments)...)...)
		} else {
			cond.And(condInDepartment, tid, q.Department, s.today(), s.today())
		}
	}
	if !q.Import.IsZero() {
		cond.And("p.import_id = ?", q.Import)
	}
	if q.Kind != "" {
		cond.And("p.employment_kind = ?", string(q.Kind))
	}
	for _, field := range slices.SortedFunc(maps.Keys(q.Fields), compareID) {
		cond.And(condFieldIs, tid, field, PersonField{}.Key(q.Fields[field]))
	}
	s.account(cond, q.Account)
	return cond, s.concern(cond, tid, q)
}

// account narrows to how far people are with logging in.
func (s *People) account(cond *db.Cond, account string) {
	switch account {
	case "never_logged_in":
		cond.And("c.last_login_at IS NULL")
	case "one_time":
		cond.And("c.kind = 'one_time'")
	case "expired":
		cond.And("c.kind = 'one_time' AND c.expires_at <= ?", s.now())
	case "expiring":
		cond.And("c.kind = 'one_time' AND c.expires_at > ? AND c.expires_at <= ?", s.now(), expiringBefore(s.clock()))
	case "none":
		cond.And("c.kind IS NULL")
	case "void":
		cond.And("c.kind = 'void'")
	}
}

// Find gives one person, or fault.NotFound.
func (s *People) Find(ctx context.Context, tid ID, id db.ID) (Person, error) {
	return s.find(ctx, tid, s.db, id)
}

func (s *People) find(ctx context.Context, tid ID, r db.Runner, id db.ID) (Person, error) {
	people, _, err := s.read(ctx, tid, r, sqlPeople+" WHERE p.tenant_id = ? AND p.id = ?", tid, id)
	if err != nil {
		return Person{}, err
	}
	if len(people) == 0 {
		return Person{}, fault.New(fault.NotFound, "not_found")
	}
	return people[0], nil
}

// all gives everybody of a query, page after page; the export and the slips walk it. The sequence ends with an error when reading fails.
func (s *People) all(ctx context.Context, tid ID, q PeopleQuery) iter.Seq2[Person, error] {
	q.Page = db.Page{Limit: db.MaxLimit}
	return func(yield func(Person, error) bool) {
		q, err := s.within(ctx, tid, q)
		if err == nil {
			q, err = s.withPolicy(ctx, tid, q)
		}
		if err != nil {
			yield(Person{}, err)
			return
		}
		for {
			cond, err := s.filter(tid, q)
			var people []Person
			if err == nil {
				people, q.Page.After, err = s.page(ctx, tid, cond, q)
			}
			if err != nil {
				yield(Person{}, err)
				return
			}
			for _, p := range people {
				if !yield(p, nil) {
					return
				}
			}
			if q.Page.After == "" {
				return
			}
		}
	}
}
