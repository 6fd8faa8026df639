package tenant

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
)

// Registered is a person with the one-time secret, which is shown this once and not kept.
type Registered struct {
	Person Person
	Slip   Slip
}

// Create registers a person under id and hands out a one-time credential. The same id again answers the same person, with a fresh
// credential as long as nobody has logged in with the first. Without a login ID one is proposed.
// It returns fault.Invalid (what is wrong with the fields), fault.Conflict (login ID taken), fault.Forbidden (role not theirs to give).
func (s *People) Create(ctx context.Context, tid ID, id db.ID, in PersonInput) (Registered, error) {
	in = in.tidy()
	fields, err := s.fieldsOf(ctx, tid, s.db, in)
	if err != nil {
		return Registered{}, err
	}
	if err := s.validate(ctx, tid, &in, fields); err != nil {
		return Registered{}, err
	}
	if err := mayGrant(ctx, nil, in.Roles); err != nil {
		return Registered{}, err
	}
	if in.LoginID != "" {
		return s.create(ctx, tid, id, in, fields)
	}
	for try := 1; ; try++ {
		ids, err := proposeLoginIDs(1)
		if err != nil {
			return Registered{}, err
		}
		in.LoginID = ids[0]
		r, err := s.create(ctx, tid, id, in, fields)
		if err == nil || try == 3 || !fault.Is(err, fault.Conflict) {
			return r, err
		}
	}
}

// fieldsOf reads the own fields when the input says something about them.
func (s *People) fieldsOf(ctx context.Context, tid ID, r db.Runner, in PersonInput) ([]PersonField, error) {
	if len(in.Fields) == 0 {
		return nil, nil
	}
	return ReadPersonFields(ctx, tid, r)
}

// validate is PersonInput.Validate together with how easily the login ID is guessed and whether the own fields can hold what is said.
func (s *People) validate(ctx context.Context, tid ID, in *PersonInput, fields []PersonField) error {
	var c fault.Check
	in.check(&c)
	in.readFields(&c, fields)
	if err := s.checkGuess(ctx, tid, &c, *in); err != nil {
		return err
	}
	return c.Err()
}

func (s *People) checkGuess(ctx context.Context, tid ID, c *fault.Check, in PersonInput) error {
	head, err := s.LoginHead(ctx, tid, "", "")
	if err != nil {
		return err
	}
	for _, f := range in.loginReasons(head) {
		c.Add(f.Path, f.Key)
	}
	return nil
}

// loginReasons tells why the login ID is refused: anybody who knows the person or the organisation could guess it.
func (in PersonInput) loginReasons(head SlipHead) []fault.Field {
	var form fault.Check
	if in.LoginID != "" {
		checkLoginID(&form, in.LoginID)
	}
	if in.LoginID == "" || len(form.Fields()) > 0 {
		return nil
	}
	return LoginIDReasons(in.LoginID, Subject{Name: in.Name, Kana: in.NameKana, EmployeeNumber: in.EmployeeNumber, Email: in.Email, Organisation: head.Organisation, Code: head.Code})
}

func (s *People) create(ctx context.Context, tid ID, id db.ID, in PersonInput, fields []PersonField) (Registered, error) {
	var slips []Slip
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.insert(ctx, tid, tx, id, in); err != nil {
			return err
		}
		if err := s.setFields(ctx, tid, tx, id, fields, nil, in.Fields); err != nil {
			return err
		}
		if err := s.audit.Append(ctx, tid, tx, Change{Action: "person.create", SubjectKind: "person", Subject: id, After: in, Detail: map[string]any{"roles": in.Roles}}); err != nil {
			return err
		}
		var err error
		if slips, err = s.issue(ctx, tid, tx, []db.ID{id}, false); err != nil {
			return err
		}
		return s.changed(ctx, tid, tx, []db.ID{id})
	})
	switch {
	case db.IsDuplicateOf(err, "person_login", "login_key"):
		return Registered{}, loginTaken()
	case db.IsDuplicate(err):
		return s.again(ctx, tid, id)
	case db.IsReference(err):
		return Registered{}, unknownDepartment()
	case err != nil:
		return Registered{}, fmt.Errorf("create person: %w", err)
	}
	p, err := s.Find(ctx, tid, id)
	return Registered{Person: p, Slip: slips[0]}, err
}

// again answers a repeated registration.
func (s *People) again(ctx context.Context, tid ID, id db.ID) (Registered, error) {
	p, err := s.Find(ctx, tid, id)
	if err != nil {
		return Registered{}, fault.Wrap(err, fault.Conflict, "idempotency_key") // the key was used for something that is not a person here
	}
	if p.Credential == CredentialChosen {
		return Registered{Person: p}, nil
	}
	slips, err := s.Issue(ctx, tid, []db.ID{id}, false)
	if err != nil {
		return Registered{}, err
	}
	return Registered{Person: p, Slip: slips[0]}, nil
}

func (s *People) insert(ctx context.Context, tid ID, tx *db.Tx, id db.ID, in PersonInput) error {
	row := append([]any{tid, id}, in.values()...)
	row = append(row, string(PersonActive), db.ID{}, s.now(), s.now())
	if err := tx.InsertMany(ctx, sqlInsertPeople, rowInsertPeople, [][]any{row}); err != nil {
		return err
	}
	roles := [][]any{{tid, id, string(RoleStaff)}}
	for _, r := range in.Roles {
		roles = append(roles, []any{tid, id, string(r)})
	}
	if err := tx.InsertMany(ctx, sqlInsertRole, "(?, ?, ?)", roles); err != nil {
		return err
	}
	posts := make([][]any, 0, len(in.Departments))
	for _, d := range in.Departments {
		posts = append(posts, []any{tid, id, d, s.today(), db.Text("")})
	}
	if err := tx.InsertMany(ctx, sqlInsertPost, rowInsertPost, posts); err != nil {
		return err
	}
	return checkOpen(ctx, tid, tx, in.Departments)
}

// Update changes a person whose version is still the given one. Taking or giving a role ends the person's sessions, because rights are read at log-in.
// It returns fault.NotFound, fault.Invalid, fault.Conflict (changed meanwhile, login ID taken) or fault.Forbidden.
func (s *People) Update(ctx context.Context, tid ID, id db.ID, version int64, in PersonInput) (Person, error) {
	in = in.tidy()
	fields, err := s.fieldsOf(ctx, tid, s.db, in)
	if err != nil {
		return Person{}, err
	}
	var c fault.Check
	in.check(&c)
	in.readFields(&c, fields)
	c.If(in.LoginID == "", "login_id", "required")
	if err := c.Err(); err != nil {
		return Person{}, err
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := s.lock(ctx, tid, tx, id, version)
		if err != nil {
			return err
		}
		old := before.input()
		in := in.withFields(old.Fields)
		changed := old.diff(in)
		if len(changed) == 0 {
			return nil
		}
		if err := mayGrant(ctx, old.Roles, in.Roles); err != nil {
			return err
		}
		if old.LoginID != in.LoginID { // one that is there already may stay
			var c fault.Check
			if err := s.checkGuess(ctx, tid, &c, in); err != nil || c.Err() != nil {
				return errors.Join(err, c.Err())
			}
		}
		if old.Email != in.Email && old.Email != "" {
			if err := s.sessions.tellAt(ctx, tid, tx, id, "address_change", old.Email); err != nil {
				return err
			}
		}
		args := append(in.values(), s.now(), tid, id)
		if _, err := tx.Exec(ctx, sqlUpdatePerson, args...); err != nil {
			return err
		}
		if err := s.setFields(ctx, tid, tx, id, fields, old.Fields, in.Fields); err != nil {
			return err
		}
		if err := s.setRoles(ctx, tid, tx, id, old.Roles, in.Roles); err != nil {
			return err
		}
		if err := s.setPosts(ctx, tid, tx, id, old.Departments, in.Departments); err != nil {
			return err
		}
		if movesRules(changed) {
			if err := s.changed(ctx, tid, tx, []db.ID{id}); err != nil {
				return err
			}
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: "person.update", SubjectKind: "person", Subject: id, Before: old, After: in,
			Detail: map[string]any{"changed": changed, "roles": in.Roles}})
	})
	switch {
	case db.IsDuplicate(err):
		return Person{}, loginTaken()
	case db.IsReference(err):
		return Person{}, unknownDepartment()
	case err != nil:
		return Person{}, fmt.Errorf("update person: %w", err)
	}
	return s.Find(ctx, tid, id)
}

// movesRules tells whether something changed that assignment rules ask about, or due days count from.
func movesRules(changed []string) bool {
	return slices.ContainsFunc(changed, func(field string) bool {
		return slices.Contains([]string{"departments", "employment_kind", "roles", "joined_on", "fields"}, field)
	})
}

// lock keeps the person's row until the end of the transaction and checks the version and that the actor may change them.
func (s *People) lock(ctx context.Context, tid ID, tx *db.Tx, id db.ID, version int64) (Person, error) {
	var now int64
	var state PersonState
	if err := db.One(tx.QueryRowLocked(ctx, sqlLockPerson, tid, id).Scan(&now, &state)); err != nil {
		return Person{}, err
	}
	if now != version {
		return Person{}, fault.New(fault.Conflict, "changed_meanwhile", "version", now)
	}
	if state == PersonAnonymised {
		return Person{}, fault.New(fault.Conflict, "person_anonymised")
	}
	p, err := s.find(ctx, tid, tx, id)
	if err != nil {
		return Person{}, err
	}
	return p, mayChange(ctx, p)
}

func (s *People) setRoles(ctx context.Context, tid ID, tx *db.Tx, id db.ID, old, want []Role) error {
	if slices.Equal(old, want) {
		return nil
	}
	for _, r := range old {
		if !slices.Contains(want, r) {
			if _, err := tx.Exec(ctx, sqlDeleteRole, tid, id, string(r)); err != nil {
				return err
			}
		}
	}
	var rows [][]any
	for _, r := range want {
		if !slices.Contains(old, r) {
			rows = append(rows, []any{tid, id, string(r)})
		}
	}
	if err := tx.InsertMany(ctx, sqlInsertRole, "(?, ?, ?)", rows); err != nil {
		return err
	}
	return s.sessions.EndPerson(ctx, tid, tx, id)
}

// setPosts ends posts with yesterday and begins new ones today, so that the history stays; what began today is taken back.
func (s *People) setPosts(ctx context.Context, tid ID, tx *db.Tx, id db.ID, old, want []db.ID) error {
	if slices.Equal(old, want) {
		return nil
	}
	for _, d := range old {
		if slices.Contains(want, d) {
			continue
		}
		if err := s.endPost(ctx, tid, tx, id, d); err != nil {
			return err
		}
	}
	var rows [][]any
	var begun []db.ID
	for _, d := range want {
		if slices.Contains(old, d) {
			continue
		}
		rows, begun = append(rows, []any{tid, id, d, s.today(), db.Text("")}), append(begun, d)
		if _, err := tx.Exec(ctx, sqlDropLaterPost, tid, id, d, s.today()); err != nil { // it begins today instead
			return err
		}
	}
	if err := tx.InsertMany(ctx, sqlInsertPost, rowInsertPost, rows); err != nil {
		return err
	}
	return checkOpen(ctx, tid, tx, begun)
}

func (s *People) endPost(ctx context.Context, tid ID, tx *db.Tx, id, department db.ID) error {
	if _, err := tx.Exec(ctx, sqlDropPost, tid, id, department, s.today()); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, sqlEndPost, AddDays(s.today(), -1), tid, id, department, s.today(), s.today())
	return err
}

// changed tells the observers.
func (s *People) changed(ctx context.Context, tid ID, tx *db.Tx, ids []db.ID) error {
	if len(ids) == 0 {
		return nil
	}
	for _, o := range s.observers {
		if err := o.PeopleChanged(ctx, tid, tx, ids); err != nil {
			return err
		}
	}
	return nil
}

// SignOut ends every session of people on every device. An id that is nobody here is fault.NotFound and nothing happens.
func (s *People) SignOut(ctx context.Context, tid ID, ids []db.ID) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		people, err := s.some(ctx, tid, tx, ids)
		if err != nil {
			return err
		}
		changes := make([]Change, 0, len(people))
		for _, p := range people {
			if err := mayChange(ctx, p); err != nil {
				return err
			}
			changes = append(changes, Change{Action: "person.sign_out", SubjectKind: "person", Subject: p.ID})
		}
		if err := s.sessions.EndPeople(ctx, tid, tx, ids); err != nil {
			return err
		}
		return s.audit.AppendMany(ctx, tid, tx, changes)
	})
}

// some reads people in the order of ids; one that is missing is fault.NotFound.
func (s *People) some(ctx context.Context, tid ID, r db.Runner, ids []db.ID) ([]Person, error) {
	at := make(map[db.ID]Person, len(ids))
	for part := range slices.Chunk(ids, 500) {
		cond := db.Where("p.tenant_id = ?", tid).In("p.id", db.Args(part))
		people, _, err := s.read(ctx, tid, r, sqlPeople+cond.SQL(), cond.Args()...)
		if err != nil {
			return nil, err
		}
		for _, p := range people {
			at[p.ID] = p
		}
	}
	out := make([]Person, 0, len(ids))
	for _, id := range ids {
		p, ok := at[id]
		if !ok {
			return nil, fault.New(fault.NotFound, "not_found")
		}
		out = append(out, p)
	}
	return out, nil
}

// mayChange keeps deputies from the manager's account, or they could take it over.
func mayChange(ctx context.Context, p Person) error {
	if who := ActorFrom(ctx); who.Kind == "person" && p.Has(RoleManager) && who.Role != string(RoleManager) {
		return fault.New(fault.Forbidden, "manager_only")
	}
	return nil
}

// mayGrant keeps deputies from making deputies (domain.md section 1: the manager adds them).
func mayGrant(ctx context.Context, old, want []Role) error {
	who := ActorFrom(ctx)
	if who.Kind == "person" && who.Role != string(RoleManager) && slices.Contains(old, RoleDeputyManager) != slices.Contains(want, RoleDeputyManager) {
		return fault.New(fault.Forbidden, "manager_only")
	}
	return nil
}

func loginTaken() error {
	return &fault.Error{Kind: fault.Conflict, Key: "login_id_taken", Fields: []fault.Field{{Path: "login_id", Key: "login_id_taken"}}}
}

func unknownDepartment() error {
	return &fault.Error{Kind: fault.Invalid, Key: "invalid", Fields: []fault.Field{{Path: "departments", Key: "not_found"}}}
}
