package tenant

import (
	"context"
	"crypto/rand"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kenshu/fault"
	"kenshu/storage/db"
)

// OrganisationState is how an organisation stands.
type OrganisationState string

// The states. Who suspends an organisation ends its people's sessions and keeps them from logging in; nothing is deleted.
const (
	OrganisationActive    OrganisationState = "active"
	OrganisationSuspended OrganisationState = "suspended"
)

// The kinds of organisation. The association is one and has one.
const (
	kindAssociation  = "association"
	kindOrganisation = "organisation"
)

// Plans lists what an organisation may hold (domain.md section 8).
var Plans = []string{"elearning", "certification", "seats"}

// Limits of an organisation's fields, in characters.
const (
	MaxOrganisationName = 200
	MaxReason           = 500
)

// Organisation is one member of the register.
type Organisation struct {
	ID        db.ID
	Code      string
	Name      string
	Plan      string
	State     OrganisationState
	Version   int64
	CreatedAt db.Time
	UpdatedAt db.Time
	People    int // active ones
	Manager   ManagerRef

	tid ID
}

// ManagerRef is an organisation's manager as the association sees them: whom to reach, and whether they ever logged in.
type ManagerRef struct {
	Person      db.ID
	Name        string
	LoginID     string
	Email       string
	Credential  string // one_time, chosen
	LastLoginAt db.Time
	Factor      bool // log-in asks for a second factor
}

// OrganisationInput is a new organisation with its manager.
type OrganisationInput struct {
	Name    string
	Code    string // empty: one is proposed
	Plan    string
	Manager ManagerInput
}

// ManagerInput is the manager to be.
type ManagerInput struct {
	Name    string
	Kana    string
	LoginID string // empty: one is proposed
	Email   string
}

// OrganisationChange says what Update changes; nil leaves a thing as it is.
type OrganisationChange struct {
	Version int64
	Name    *string
	Plan    *string
	State   *OrganisationState
	Reason  string // required with State
}

// Issued is a manager's log-in as it is handed over: on the screen once, and on a sheet.
type Issued struct {
	Organisation Organisation
	OneTime      OneTime // Password is empty when it was issued before and may not be shown again
}

// Organisations keeps the register. Its methods are the association's: for every other tenant they answer fault.Forbidden.
type Organisations struct {
	db          *db.DB
	audit       *Audit
	sessions    *Sessions
	credentials *Credentials
	people      *People
	clock       func() time.Time
}

// NewOrganisations makes the service.
func NewOrganisations(d *db.DB, audit *Audit, sessions *Sessions, credentials *Credentials, people *People, clock func() time.Time) *Organisations {
	return &Organisations{db: d, audit: audit, sessions: sessions, credentials: credentials, people: people, clock: clock}
}

var codePattern = regexp.MustCompile(`^[A-Z0-9][A-Z0-9-]{2,30}[A-Z0-9]$`)

// tidy brings the input into the form in which it is kept.
func (in OrganisationInput) tidy() OrganisationInput {
	in.Name, in.Code = Tidy(in.Name), NormalCode(in.Code)
	if in.Plan == "" {
		in.Plan = Plans[0]
	}
	return in
}

// person is the manager as any other person is registered.
func (in OrganisationInput) person() PersonInput {
	return PersonInput{LoginID: in.Manager.LoginID, Name: in.Manager.Name, NameKana: in.Manager.Kana, Email: in.Manager.Email}.tidy()
}

func (in OrganisationInput) validate() error {
	var c fault.Check
	checkOrganisation(&c, in.Name, in.Plan)
	if in.Code != "" {
		c.If(!codePattern.MatchString(in.Code), "code", "code_form")
		c.If(codeGuessable(in.Code, in.Name), "code", "code_guessable")
	}
	var m fault.Check
	manager := in.person()
	manager.check(&m)
	for _, f := range m.Fields() {
		f.Path = "manager." + f.Path
		c.Add(f.Path, f.Key, pairsOf(f.Args)...)
	}
	if manager.LoginID != "" {
		who := Subject{Name: manager.Name, Kana: manager.NameKana, Email: manager.Email, Organisation: in.Name, Code: in.Code}
		for _, f := range LoginIDReasons(manager.LoginID, who) {
			c.Add("manager.login_id", f.Key)
		}
	}
	return c.Err()
}

func pairsOf(args map[string]any) []any {
	var out []any
	for k, v := range args {
		out = append(out, k, v)
	}
	return out
}

func checkOrganisation(c *fault.Check, name, plan string) {
	c.If(name == "", "name", "required")
	c.If(utf8.RuneCountInString(name) > MaxOrganisationName, "name", "too_long", "max", MaxOrganisationName)
	c.If(!slices.Contains(Plans, plan), "plan", "not_in_list")
}

// codeGuessable tells whether a code follows from the organisation's name or is a word.
func codeGuessable(code, name string) bool {
	text := guessText(strings.ReplaceAll(code, "-", ""))
	own := Subject{Organisation: name}.words()
	for _, w := range own {
		if w.refuse && strings.Contains(string(text), w.text) {
			return true
		}
	}
	return cheapest(text, own).bits < loginFloor
}

// proposeCode makes a code of eight letters and figures that says nothing about its owner (40 bits).
func proposeCode() (string, error) {
	random := make([]byte, 8)
	if _, err := rand.Read(random); err != nil {
		return "", fmt.Errorf("organisation code: %w", err)
	}
	for i, b := range random {
		random[i] = typedAlphabet[b&31]
	}
	return string(random), nil
}

// Create enters an organisation in the register under id, with its manager and a one-time password, all or nothing. The same id again answers
// the same, the password for ten minutes as long as nobody has used it.
// It returns fault.Invalid (what is wrong with the fields) and fault.Conflict "code_taken".
func (s *Organisations) Create(ctx context.Context, tid ID, id db.ID, in OrganisationInput) (Issued, error) {
	if err := s.mustBeAssociation(ctx, tid); err != nil {
		return Issued{}, err
	}
	in = in.tidy()
	if err := in.validate(); err != nil {
		return Issued{}, err
	}
	proposed := in.Code == ""
	for {
		if proposed {
			code, err := proposeCode()
			if err != nil {
				return Issued{}, err
			}
			in.Code = code
		}
		one, err := s.enter(ctx, tid, id, in)
		switch {
		case err == nil:
			org, err := s.Find(ctx, tid, id)
			return Issued{org, one}, err
		case db.IsDuplicateOf(err, "organisation_code", "code"):
			if again, err := s.again(ctx, tid, id); err == nil {
				return again, nil
			}
			if !proposed {
				return Issued{}, &fault.Error{Kind: fault.Conflict, Key: "code_taken", Fields: []fault.Field{{Path: "code", Key: "code_taken"}}}
			}
		case db.IsDuplicate(err):
			return s.again(ctx, tid, id)
		default:
			return Issued{}, fmt.Errorf("create organisation: %w", err)
		}
	}
}

// enter writes the organisation, its manager and the credential in one transaction.
func (s *Organisations) enter(ctx context.Context, tid ID, id db.ID, in OrganisationInput) (one OneTime, err error) {
	manager := in.person()
	if manager.LoginID == "" {
		ids, err := proposeLoginIDs(1)
		if err != nil {
			return one, err
		}
		manager.LoginID = ids[0]
	}
	manager.Roles = []Role{RoleManager}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		now := db.At(s.clock())
		r, err := tx.Exec(ctx, sqlInsertOrganisation, id, in.Code, kindOrganisation, in.Name, Clip(Fold(in.Name), 255), in.Plan, OrganisationActive, now, now)
		if err != nil {
			return err
		}
		n, err := r.LastInsertId()
		if err != nil {
			return err
		}
		own, person := System(n, "the organisation that is being entered"), managerOf(id)
		if err := s.people.insert(ctx, own, tx, person, manager); err != nil {
			return err
		}
		if one, err = s.credentials.issueFirst(ctx, own, tx, person); err != nil {
			return err
		}
		if err := s.audit.Append(ctx, own, tx, Change{Action: "person.create", SubjectKind: "person", Subject: person, After: manager, Detail: map[string]any{"roles": manager.Roles}}); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: "organisation.create", SubjectKind: "organisation", Subject: id, After: in, Detail: map[string]any{"name": in.Name, "code": in.Code, "plan": in.Plan}})
	})
	return one, err
}

// managerOf is the id of an organisation's first manager; it follows from the organisation's, so that a repeat makes no second one.
func managerOf(organisation db.ID) db.ID {
	return db.IDFrom("first manager of an organisation", organisation.String())
}

// again answers a repeated Create.
func (s *Organisations) again(ctx context.Context, tid ID, id db.ID) (Issued, error) {
	org, err := s.Find(ctx, tid, id)
	if err != nil {
		return Issued{}, err
	}
	one, fresh, err := s.credentials.firstAgain(ctx, org.tid, managerOf(id))
	if err != nil || !fresh {
		return Issued{Organisation: org}, err
	}
	return Issued{org, one}, nil
}

// ReissueManager gives an organisation's manager a one-time password in place of what they had, and ends their sessions. reason is recorded
// where both the association and the organisation read it. It returns fault.NotFound and fault.Invalid (no reason).
func (s *Organisations) ReissueManager(ctx context.Context, tid ID, id db.ID, reason string) (Issued, error) {
	ctx, org, err := s.managed(ctx, tid, id, reason)
	if err != nil {
		return Issued{}, err
	}
	var list []OneTime
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		if list, err = s.credentials.Reissue(ctx, org.tid, tx, []db.ID{org.Manager.Person}); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: "organisation.reissue", SubjectKind: "organisation", Subject: id, Detail: map[string]any{"name": org.Name}})
	})
	if err != nil {
		return Issued{}, fmt.Errorf("reissue manager's credential: %w", err)
	}
	return Issued{org, list[0]}, nil
}

// managed gives an organisation that has a manager, and a context in which what is done to them has its reason.
func (s *Organisations) managed(ctx context.Context, tid ID, id db.ID, reason string) (context.Context, Organisation, error) {
	reason, err := ReadReason(reason)
	if err != nil {
		return ctx, Organisation{}, err
	}
	org, err := s.Find(ctx, tid, id)
	if err == nil && org.Manager.Person.IsZero() {
		err = fault.New(fault.Conflict, "no_manager")
	}
	return WithReason(ctx, reason), org, err
}

// ReadReason gives why somebody does what has to have a reason, tidied. It returns fault.Invalid at reason when it says nothing, or more than MaxReason letters.
func ReadReason(reason string) (string, error) {
	reason = Tidy(reason)
	var c fault.Check
	c.If(reason == "", "reason", "required")
	c.If(utf8.RuneCountInString(reason) > MaxReason, "reason", "too_long", "max", MaxReason)
	return reason, c.Err()
}

// Update changes name, plan or state of an organisation whose version is still the given one. Suspending ends every session of its people.
// It returns fault.NotFound, fault.Invalid and fault.Conflict "changed_meanwhile".
func (s *Organisations) Update(ctx context.Context, tid ID, id db.ID, ch OrganisationChange) (Organisation, error) {
	org, err := s.Find(ctx, tid, id)
	if err != nil {
		return Organisation{}, err
	}
	to, err := ch.applied(org)
	if err != nil {
		return Organisation{}, err
	}
	ctx = WithReason(ctx, Tidy(ch.Reason))
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		r, err := tx.Exec(ctx, sqlUpdateOrganisation, to.Name, Clip(Fold(to.Name), 255), to.Plan, to.State, db.At(s.clock()), org.tid, ch.Version)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n != 1 {
			return fault.Wrap(err, fault.Conflict, "changed_meanwhile")
		}
		if to.State != org.State && to.State != OrganisationActive {
			if err := s.sessions.EndOrganisation(ctx, org.tid, tx, id); err != nil {
				return err
			}
		}
		return s.recordUpdate(ctx, tid, tx, org, to)
	})
	if err != nil {
		return Organisation{}, fmt.Errorf("update organisation: %w", err)
	}
	return s.Find(ctx, tid, id)
}

// applied gives the organisation as it would be, or what is wrong with that.
func (ch OrganisationChange) applied(org Organisation) (Organisation, error) {
	to := org
	if ch.Name != nil {
		to.Name = Tidy(*ch.Name)
	}
	if ch.Plan != nil {
		to.Plan = *ch.Plan
	}
	if ch.State != nil {
		to.State = *ch.State
	}
	var c fault.Check
	checkOrganisation(&c, to.Name, to.Plan)
	c.If(to.State != OrganisationActive && to.State != OrganisationSuspended, "state", "not_in_list")
	if to.State != org.State {
		c.If(Tidy(ch.Reason) == "", "reason", "required")
	}
	c.If(utf8.RuneCountInString(ch.Reason) > MaxReason, "reason", "too_long", "max", MaxReason)
	return to, c.Err()
}

// recordUpdate writes the change into the association's log and into the organisation's own.
func (s *Organisations) recordUpdate(ctx context.Context, tid ID, tx *db.Tx, from, to Organisation) error {
	action := "organisation.update"
	if from.State != to.State {
		action = map[OrganisationState]string{OrganisationSuspended: "organisation.suspend", OrganisationActive: "organisation.resume"}[to.State]
	}
	type facts struct{ Name, Plan, State string }
	change := Change{
		Action: action, SubjectKind: "organisation", Subject: from.ID,
		Before: facts{from.Name, from.Plan, string(from.State)}, After: facts{to.Name, to.Plan, string(to.State)},
		Detail: map[string]any{"name": to.Name, "plan": to.Plan, "state": to.State},
	}
	if err := s.audit.Append(ctx, tid, tx, change); err != nil {
		return err
	}
	return s.audit.Append(ctx, from.tid, tx, change)
}
