package lms

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// The forms of the report table: a row for every person in every round, or a grid with a row for every person and a column for every round.
const (
	FormList   = "list"
	FormMatrix = "matrix"
)

// View is a way of looking at the report table.
type View struct {
	ReportQuery
	Form string `json:"form"` // FormList or FormMatrix; empty is FormList
}

func (v *View) check(c *fault.Check) {
	if v.Form == "" {
		v.Form = FormList
	}
	v.ReportQuery.check(c)
	c.If(v.Form != FormList && v.Form != FormMatrix, "form", "not_in_list")
}

// SavedView is a View that somebody kept under a name.
type SavedView struct {
	ID        db.ID
	Owner     db.ID
	OwnerName string
	Name      string
	Shared    bool // every manager and deputy of the organisation sees it and may change it; else only its owner
	Default   bool // the table opens with it, for the one who asks
	View      View
	Version   int64
	UpdatedAt db.Time
}

// SavedViewInput is what a person keeps. Version is the one that was read; it is not looked at when a view is made.
type SavedViewInput struct {
	ID      db.ID
	Version int64
	Name    string
	Shared  bool
	View    View
}

// Limits of saved views.
const (
	MaxViewName = 100
	MaxViews    = 100 // of one person
)

func (in *SavedViewInput) check() error {
	in.Name = tenant.Tidy(in.Name)
	var c fault.Check
	c.If(in.Name == "", "name", "required")
	c.If(utf8.RuneCountInString(in.Name) > MaxViewName, "name", "too_long", "max", MaxViewName)
	in.View.check(&c)
	return c.Err()
}

// SavedViews keeps ways of looking at the report table.
type SavedViews struct {
	db    *db.DB
	audit *tenant.Audit
	clock func() time.Time
}

// NewSavedViews makes the service.
func NewSavedViews(d *db.DB, audit *tenant.Audit, clock func() time.Time) *SavedViews {
	return &SavedViews{db: d, audit: audit, clock: clock}
}

// List gives the views that a person sees, by name: their own and the shared ones.
func (s *SavedViews) List(ctx context.Context, tid tenant.ID, person db.ID) ([]SavedView, error) {
	return s.read(ctx, tid, s.db, person, sqlVisibleViews+" ORDER BY v.name_key, v.id")
}

func (s *SavedViews) find(ctx context.Context, tid tenant.ID, r db.Runner, person, id db.ID) (SavedView, error) {
	list, err := s.read(ctx, tid, r, person, sqlVisibleViews+" AND v.id = ?", id)
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "not_found")
	}
	if err != nil {
		return SavedView{}, err
	}
	return list[0], nil
}

func (s *SavedViews) read(ctx context.Context, tid tenant.ID, r db.Runner, person db.ID, query string, more ...any) ([]SavedView, error) {
	list, err := db.List(ctx, r, query, append([]any{person, tid, person}, more...), func(row db.Row) (SavedView, error) {
		var v SavedView
		var body db.JSON[View]
		if err := row.Scan(&v.ID, &v.Owner, &v.OwnerName, &v.Name, &v.Shared, &v.Default, &body, &v.Version, &v.UpdatedAt); err != nil {
			return v, err
		}
		v.View = body.V
		var c fault.Check
		if v.View.check(&c); c.Err() != nil {
			v.View = View{Form: FormList} // kept by a version that knew more: what cannot be understood is left out
			v.View.check(&c)
		}
		return v, nil
	})
	if err != nil {
		return nil, fmt.Errorf("read saved views: %w", err)
	}
	return list, nil
}

// Create keeps a view of a person under in.ID; the same id again answers the same view. It returns fault.Invalid, fault.Conflict "view_name_taken" or
// "too_many_views", and fault.NotFound when there is no such person.
func (s *SavedViews) Create(ctx context.Context, tid tenant.ID, person db.ID, in SavedViewInput) (SavedView, error) {
	if err := in.check(); err != nil {
		return SavedView{}, err
	}
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.mustBe(ctx, tid, tx, person); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRow(ctx, sqlCountViews, tid, person).Scan(&n); err != nil {
			return err
		}
		if n >= MaxViews {
			return fault.New(fault.Conflict, "too_many_views", "max", MaxViews)
		}
		now := db.At(s.clock())
		if _, err := tx.Exec(ctx, sqlInsertView, tid, in.ID, person, in.Name, viewKey(in.Name), in.Shared, db.JSON[View]{V: in.View}, now, now); err != nil {
			return err
		}
		return s.record(ctx, tid, tx, "saved_view.create", in, false)
	})
	if err != nil && !db.IsDuplicate(err) {
		return SavedView{}, fmt.Errorf("create saved view: %w", err)
	}
	v, missing := s.find(ctx, tid, s.db, person, in.ID)
	if err != nil && fault.Is(missing, fault.NotFound) { // the name is taken, or an id that is nobody's to see
		return SavedView{}, viewTaken()
	}
	return v, missing
}

// Update changes a view that the person sees. A view of somebody else stays shared: only its owner makes it private. It returns fault.Invalid, fault.NotFound,
// fault.Conflict "changed_meanwhile" or "view_name_taken".
func (s *SavedViews) Update(ctx context.Context, tid tenant.ID, person db.ID, in SavedViewInput) (SavedView, error) {
	if err := in.check(); err != nil {
		return SavedView{}, err
	}
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		old, err := s.find(ctx, tid, tx, person, in.ID)
		if err != nil {
			return err
		}
		if old.Owner != person {
			in.Shared = true
		}
		result, err := tx.Exec(ctx, sqlUpdateView, in.Name, viewKey(in.Name), in.Shared, db.JSON[View]{V: in.View}, db.At(s.clock()), tid, in.ID, in.Version)
		if err != nil {
			return err
		}
		if n, err := result.RowsAffected(); err != nil || n == 0 {
			return orElse(err, fault.New(fault.Conflict, "changed_meanwhile"))
		}
		if old.Shared && !in.Shared {
			if _, err := tx.Exec(ctx, sqlDropForeignDefaults, tid, in.ID, person); err != nil {
				return err
			}
		}
		return s.record(ctx, tid, tx, "saved_view.update", in, old.Shared)
	})
	switch {
	case db.IsDuplicate(err):
		return SavedView{}, viewTaken()
	case err != nil:
		return SavedView{}, fmt.Errorf("update saved view: %w", err)
	}
	return s.find(ctx, tid, s.db, person, in.ID)
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// Delete removes a view that the person sees, or gives fault.NotFound.
func (s *SavedViews) Delete(ctx context.Context, tid tenant.ID, person, id db.ID) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		old, err := s.find(ctx, tid, tx, person, id)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlDropDefaults, tid, id); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlDeleteView, tid, id); err != nil {
			return err
		}
		return s.record(ctx, tid, tx, "saved_view.delete", SavedViewInput{ID: id, Name: old.Name}, old.Shared)
	})
}

// SetDefault lets the person's table open with a view that they see; the zero id with none. It returns fault.NotFound.
func (s *SavedViews) SetDefault(ctx context.Context, tid tenant.ID, person, id db.ID) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.mustBe(ctx, tid, tx, person); err != nil {
			return err
		}
		if id.IsZero() {
			_, err := tx.Exec(ctx, sqlDropDefault, tid, person)
			return err
		}
		if _, err := s.find(ctx, tid, tx, person, id); err != nil {
			return err
		}
		return tx.Upsert(ctx, sqlInsertDefault, "tenant_id, person_id", "view_id", tid, person, id)
	})
}

func (s *SavedViews) mustBe(ctx context.Context, tid tenant.ID, tx *db.Tx, person db.ID) error {
	var id db.ID
	return db.One(tx.QueryRow(ctx, sqlViewPerson, tid, person).Scan(&id))
}

// record says in the audit log what was done to a view that others see; what somebody keeps for themselves is nobody's business.
func (s *SavedViews) record(ctx context.Context, tid tenant.ID, tx *db.Tx, action string, in SavedViewInput, shared bool) error {
	if !in.Shared && !shared {
		return nil
	}
	return s.audit.Append(ctx, tid, tx, tenant.Change{Action: action, SubjectKind: "saved_view", Subject: in.ID, Detail: map[string]any{"name": in.Name, "shared": in.Shared}})
}

func viewKey(name string) string { return tenant.Clip(tenant.Fold(name), MaxViewName) }

func viewTaken() error {
	return &fault.Error{Kind: fault.Conflict, Key: "view_name_taken", Fields: []fault.Field{{Path: "name", Key: "view_name_taken"}}}
}
