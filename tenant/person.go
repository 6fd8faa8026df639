package tenant

import (
	"maps"
	"net/mail"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"kenshu/fault"
	"kenshu/storage/db"
)

// EmploymentKind is how a person belongs to the organisation; all of them are trained (domain.md section 1, staff).
type EmploymentKind string

// The kinds of employment.
const (
	KindEmployee   EmploymentKind = "employee"
	KindOfficer    EmploymentKind = "officer"
	KindDispatched EmploymentKind = "dispatched"
	KindContract   EmploymentKind = "contract"
	KindPartTime   EmploymentKind = "part_time"
)

// EmploymentKinds lists the kinds in the order a form shows them.
var EmploymentKinds = []EmploymentKind{KindEmployee, KindOfficer, KindPartTime, KindContract, KindDispatched}

// PersonState says whether a person takes part: active, suspended (休職), left (退職: the seat is free, the evidence is kept), anonymised (left, and nobody can
// tell any more who it was).
type PersonState string

// The states of a person.
const (
	PersonActive     PersonState = "active"
	PersonSuspended  PersonState = "suspended"
	PersonLeft       PersonState = "left"
	PersonAnonymised PersonState = "anonymised"
)

// PersonStates lists the states.
var PersonStates = []PersonState{PersonActive, PersonSuspended, PersonLeft, PersonAnonymised}

// GrantableRoles are what the manager may give or take beside "staff", which everybody is. The manager's own role goes by handover only.
var GrantableRoles = []Role{RoleDeputyManager, RoleEditor}

// CredentialState is how far a person is with logging in.
type CredentialState string

// The states of a credential.
const (
	CredentialNone    CredentialState = "none"     // nothing was handed out yet
	CredentialOneTime CredentialState = "one_time" // handed out, own password not chosen yet
	CredentialChosen  CredentialState = "chosen"
	CredentialVoid    CredentialState = "void" // taken away after a suspicion: hand out a new one
)

// Limits of a person's fields, in characters.
const (
	MaxName           = 100
	MinLoginID        = 3
	MaxLoginID        = 64
	MaxEmail          = 254
	MaxEmployeeNumber = 64
	MaxDepartments    = 20 // concurrent posts
)

// Person is somebody whom the manager registered.
type Person struct {
	ID             db.ID
	LoginID        string
	Name           string
	NameKana       string
	Email          string
	EmployeeNumber string
	Kind           EmploymentKind
	State          PersonState
	JoinedOn       db.Text
	LeftOn         db.Text
	LeavesOn       db.Text // the last day of somebody whose leaving was entered in advance
	Locale         string
	Version        int64
	CreatedAt      db.Time
	UpdatedAt      db.Time
	Credential     CredentialState
	LastLoginAt    db.Time
	CredentialAt   db.Time // when it was handed out, chosen or taken away
	ExpiresAt      db.Time // of a one-time credential
	Roles          []Role
	Departments    []Named
	Fields         map[db.ID]string // what the own fields say, as they keep it; a field that says nothing is absent
}

// Named is a thing's id with its name.
type Named struct {
	ID   db.ID
	Name string
}

// Has tells whether the person holds role.
func (p Person) Has(role Role) bool { return slices.Contains(p.Roles, role) }

// PersonInput is what a form or a row of a file says about a person.
type PersonInput struct {
	LoginID        string // empty at registration: one is proposed
	Name           string
	NameKana       string
	Email          string
	EmployeeNumber string
	Kind           EmploymentKind
	JoinedOn       string // YYYY-MM-DD or empty
	Locale         string // ja or en; empty is ja
	Roles          []Role // of GrantableRoles
	Departments    []db.ID
	Fields         map[db.ID]string // of own fields: "" clears, a field that is not named stays as it is
}

// tidy brings the input into the form in which it is kept: IDs and numbers in half width, white space collapsed.
func (in PersonInput) tidy() PersonInput {
	in.LoginID = norm.NFKC.String(Tidy(in.LoginID))
	in.Name, in.NameKana = Tidy(in.Name), Katakana(Tidy(in.NameKana))
	in.Email = norm.NFKC.String(Tidy(in.Email))
	in.EmployeeNumber = norm.NFKC.String(Tidy(in.EmployeeNumber))
	in.JoinedOn = strings.TrimSpace(in.JoinedOn)
	if in.Kind == "" {
		in.Kind = KindEmployee
	}
	if in.Locale == "" {
		in.Locale = "ja"
	}
	slices.Sort(in.Roles)
	in.Roles = slices.Compact(in.Roles)
	slices.SortFunc(in.Departments, compareID)
	in.Departments = slices.Compact(in.Departments)
	return in
}

func compareID(a, b db.ID) int { return strings.Compare(string(a[:]), string(b[:])) }

// Validate names everything that is wrong at once. An empty login ID is right: one will be proposed.
func (in PersonInput) Validate() error {
	var c fault.Check
	in.check(&c)
	return c.Err()
}

func (in PersonInput) check(c *fault.Check) {
	length := utf8.RuneCountInString
	c.If(in.Name == "", "name", "required")
	c.If(length(in.Name) > MaxName, "name", "too_long", "max", MaxName)
	c.If(length(in.NameKana) > MaxName, "name_kana", "too_long", "max", MaxName)
	if in.LoginID != "" {
		checkLoginID(c, in.LoginID)
	}
	c.If(length(in.Email) > MaxEmail, "email", "too_long", "max", MaxEmail)
	c.If(in.Email != "" && !validEmail(in.Email), "email", "email")
	c.If(length(in.EmployeeNumber) > MaxEmployeeNumber, "employee_number", "too_long", "max", MaxEmployeeNumber)
	c.If(!slices.Contains(EmploymentKinds, in.Kind), "employment_kind", "not_in_list")
	c.If(in.JoinedOn != "" && !ValidDay(in.JoinedOn), "joined_on", "date")
	c.If(in.Locale != "ja" && in.Locale != "en", "locale", "not_in_list")
	c.If(len(in.Departments) > MaxDepartments, "departments", "too_many", "max", MaxDepartments)
	for _, r := range in.Roles {
		c.If(!slices.Contains(GrantableRoles, r), "roles", "role_not_grantable")
	}
}

func checkLoginID(c *fault.Check, id string) {
	n := utf8.RuneCountInString(id)
	c.If(n < MinLoginID, "login_id", "too_short", "min", MinLoginID)
	c.If(n > MaxLoginID, "login_id", "too_long", "max", MaxLoginID)
	c.If(strings.ContainsFunc(id, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || strings.ContainsRune("._-@", r))
	}), "login_id", "login_id_characters")
}

func validEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && strings.Contains(s[strings.LastIndexByte(s, '@')+1:], ".") && !strings.ContainsAny(s, " \"")
}

// variants are ways of writing one character of a name that NFKC keeps apart and that people search with the common form.
var variants = strings.NewReplacer("髙", "高", "﨑", "崎", "𠮷", "吉", "邊", "辺", "邉", "辺", "齋", "斉", "齊", "斉", "斎", "斉",
	"澤", "沢", "濵", "浜", "濱", "浜", "德", "徳", "惠", "恵", "眞", "真", "廣", "広", "櫻", "桜", "嶋", "島", "嶌", "島", "槇", "槙", "國", "国", "栁", "柳")

// SearchKey is the form in which names are searched: folded, hiragana as katakana, variants of a character as the common one.
func SearchKey(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'ぁ' && r <= 'ゖ' {
			return r + 'ァ' - 'ぁ'
		}
		return r
	}, variants.Replace(Fold(s)))
}

// searchText is everything a person is found by; the name also without its space.
func (in PersonInput) searchText() string {
	name, kana := SearchKey(in.Name), SearchKey(in.NameKana)
	parts := []string{name, strings.ReplaceAll(name, " ", ""), kana, strings.ReplaceAll(kana, " ", ""), SearchKey(in.EmployeeNumber), SearchKey(in.LoginID), SearchKey(in.Email)}
	return Clip(strings.Join(parts, " "), 600)
}

// sortName orders the list: by kana where there is one, as Japanese lists are.
func (in PersonInput) sortName() string {
	if in.NameKana != "" {
		return Clip(SearchKey(in.NameKana), MaxName)
	}
	return Clip(SearchKey(in.Name), MaxName)
}

// values are the columns of a person that a form or a file sets, in the order of personInputColumns.
func (in PersonInput) values() []any {
	return []any{in.LoginID, Fold(in.LoginID), in.Name, in.NameKana, in.sortName(), in.searchText(), in.Email, in.EmployeeNumber, string(in.Kind), db.Text(in.JoinedOn), in.Locale}
}

// input gives back what was put in, for comparing.
func (p Person) input() PersonInput {
	in := PersonInput{
		LoginID: p.LoginID, Name: p.Name, NameKana: p.NameKana, Email: p.Email, EmployeeNumber: p.EmployeeNumber, Kind: p.Kind,
		JoinedOn: string(p.JoinedOn), Locale: p.Locale, Fields: p.Fields,
	}
	for _, r := range p.Roles {
		if slices.Contains(GrantableRoles, r) {
			in.Roles = append(in.Roles, r)
		}
	}
	for _, d := range p.Departments {
		in.Departments = append(in.Departments, d.ID)
	}
	return in.tidy()
}

// diff names the fields that differ, as the API and the audit log call them.
func (in PersonInput) diff(to PersonInput) []string {
	var changed []string
	note := func(name string, same bool) {
		if !same {
			changed = append(changed, name)
		}
	}
	note("login_id", in.LoginID == to.LoginID)
	note("name", in.Name == to.Name)
	note("name_kana", in.NameKana == to.NameKana)
	note("email", in.Email == to.Email)
	note("employee_number", in.EmployeeNumber == to.EmployeeNumber)
	note("employment_kind", in.Kind == to.Kind)
	note("joined_on", in.JoinedOn == to.JoinedOn)
	note("locale", in.Locale == to.Locale)
	note("roles", slices.Equal(in.Roles, to.Roles))
	note("departments", slices.Equal(in.Departments, to.Departments))
	note("fields", maps.Equal(in.Fields, to.Fields))
	return changed
}

// PeopleQuery narrows People.List and the export.
type PeopleQuery struct {
	Search     string      // words that all must be found in name, kana, employee number, login ID or e-mail
	Department db.ID       // current members only
	WithBelow  bool        // of Department or a department below it
	State      PersonState // empty: active and suspended
	AllStates  bool        // those who left, too
	Account    string      // one of PeopleAccounts
	Concern    string      // one of ConcernKinds: accounts that want doing something about
	Import     db.ID       // brought in by this file
	Kind       EmploymentKind
	Fields     map[db.ID]string // own fields that must say this
	ByLogin    bool             // order by login ID instead of name
	Page       db.Page

	departments []db.ID // what Department and WithBelow mean
	unusedSince db.Time // what Concern "unused" means here, from the organisation's policy
	devices     []any   // whom Concern "devices" means
}

// PeopleAccounts are the values of PeopleQuery.Account: never logged in; own password not chosen yet, also only those whose one-time credential has
// run out, or will within ExpiringDays; nothing handed out yet; taken away.
var PeopleAccounts = []string{"never_logged_in", "one_time", "expired", "expiring", "none", "void"}

// today is the calendar day in the association's zone.
func (s *People) today() string { return Today(s.clock) }

// now is the moment for created_at and updated_at.
func (s *People) now() db.Time { return db.At(s.clock()) }

// clockFunc is how time is injected.
type clockFunc = func() time.Time
