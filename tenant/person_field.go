package tenant

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kenshu/fault"
	"kenshu/storage/db"
)

// PersonFieldKind is what an own field holds.
type PersonFieldKind string

// The kinds of own fields. A field keeps its kind for good.
const (
	FieldText   PersonFieldKind = "text"
	FieldNumber PersonFieldKind = "number"
	FieldDate   PersonFieldKind = "date"
	FieldChoice PersonFieldKind = "choice"
)

// PersonFieldKinds lists the kinds in the order a form shows them.
var PersonFieldKinds = []PersonFieldKind{FieldText, FieldNumber, FieldDate, FieldChoice}

// Limits of own fields.
const (
	MaxPersonFields      = 20
	MaxPersonFieldName   = 50 // characters
	MaxPersonChoices     = 50
	MaxPersonChoiceWords = 100 // characters of one choice
)

// PersonField is a field of its own that an organisation keeps about its people.
type PersonField struct {
	ID       db.ID
	Name     string
	Kind     PersonFieldKind
	Choices  []string // in their order; empty unless the kind is choice
	Position int      // 1 is the first
	Version  int64
}

// PersonFieldInput is what a form says about an own field.
type PersonFieldInput struct {
	Name    string
	Kind    PersonFieldKind // of a new field only
	Choices []PersonChoice
}

// PersonChoice is one choice; Was is what it was called before, so that a rename takes the people along. Empty: it is new, or keeps its name.
type PersonChoice struct {
	Name string
	Was  string
}

func (in PersonFieldInput) tidy() PersonFieldInput {
	in.Name = Tidy(in.Name)
	choices := make([]PersonChoice, 0, len(in.Choices))
	for _, c := range in.Choices {
		choices = append(choices, PersonChoice{Tidy(c.Name), Tidy(c.Was)})
	}
	in.Choices = choices
	return in
}

func (in PersonFieldInput) names() []string {
	names := make([]string, 0, len(in.Choices))
	for _, c := range in.Choices {
		names = append(names, c.Name)
	}
	return names
}

// Validate names everything that is wrong at once. A name that a list of people already uses for another column is refused, or an import could not tell them apart.
func (in PersonFieldInput) Validate() error {
	var c fault.Check
	c.If(in.Name == "", "name", "required")
	c.If(utf8.RuneCountInString(in.Name) > MaxPersonFieldName, "name", "too_long", "max", MaxPersonFieldName)
	c.If(columnOf(in.Name) != nil || in.Name != "" && isStateHeading(in.Name), "name", "person_field_reserved")
	c.If(formula(in.Name), "name", "sheet_formula")
	c.If(!slices.Contains(PersonFieldKinds, in.Kind), "kind", "not_in_list")
	if in.Kind != FieldChoice {
		c.If(len(in.Choices) > 0, "choices", "person_field_choices")
		return c.Err()
	}
	c.If(len(in.Choices) == 0, "choices", "required")
	c.If(len(in.Choices) > MaxPersonChoices, "choices", "too_many", "max", MaxPersonChoices)
	seen := map[string]bool{}
	for i, one := range in.Choices {
		path := fmt.Sprintf("choices[%d]", i)
		c.If(one.Name == "", path, "required")
		c.If(utf8.RuneCountInString(one.Name) > MaxPersonChoiceWords, path, "too_long", "max", MaxPersonChoiceWords)
		c.If(formula(one.Name), path, "sheet_formula")
		c.If(seen[Fold(one.Name)], path, "person_choice_twice")
		seen[Fold(one.Name)] = true
	}
	return c.Err()
}

// PersonFields keeps an organisation's own fields.
type PersonFields struct {
	db    *db.DB
	audit *Audit
	clock clockFunc
	uses  []PersonFieldUse
}

// PersonFieldUse is another room whose rules ask for what an own field says. Both methods run in the transaction that changes the field.
type PersonFieldUse interface {
	// PersonFieldUsed names what asks for the field, or, when choices are given, for one of these.
	PersonFieldUsed(ctx context.Context, tid ID, tx *db.Tx, field db.ID, choices []string) ([]string, error)
	// ChoicesRenamed has the rules ask for the new words (old to new), and says how many asked for an old one.
	ChoicesRenamed(ctx context.Context, tid ID, tx *db.Tx, field db.ID, renamed map[string]string) (int, error)
}

// NewPersonFields makes the service. uses are asked before a field or a choice goes, and follow a choice that is called otherwise.
func NewPersonFields(d *db.DB, audit *Audit, clock func() time.Time, uses ...PersonFieldUse) *PersonFields {
	return &PersonFields{db: d, audit: audit, clock: clock, uses: uses}
}

// List gives the own fields in their order.
func (s *PersonFields) List(ctx context.Context, tid ID) ([]PersonField, error) {
	return ReadPersonFields(ctx, tid, s.db)
}

// Find gives one field, or fault.NotFound.
func (s *PersonFields) Find(ctx context.Context, tid ID, id db.ID) (PersonField, error) {
	return s.find(ctx, tid, s.db, id)
}

func (s *PersonFields) find(ctx context.Context, tid ID, r db.Runner, id db.ID) (PersonField, error) {
	list, err := ReadPersonFields(ctx, tid, r)
	if err != nil {
		return PersonField{}, err
	}
	at := slices.IndexFunc(list, func(f PersonField) bool { return f.ID == id })
	if at < 0 {
		return PersonField{}, fault.New(fault.NotFound, "not_found")
	}
	return list[at], nil
}

// Usage tells for how many people a field says something, and for each choice: what a deletion would take. It returns fault.NotFound.
func (s *PersonFields) Usage(ctx context.Context, tid ID, id db.ID) (total int, choices map[string]int, err error) {
	f, err := s.Find(ctx, tid, id)
	if err != nil {
		return 0, nil, err
	}
	if f.Kind != FieldChoice {
		return total, map[string]int{}, db.One(s.db.QueryRow(ctx, sqlCountPersonField, tid, id).Scan(&total))
	}
	choices, err = s.counts(ctx, tid, s.db, id)
	for _, n := range choices {
		total += n
	}
	return total, choices, err
}

func (s *PersonFields) counts(ctx context.Context, tid ID, r db.Runner, id db.ID) (map[string]int, error) {
	counts := map[string]int{}
	return counts, db.Each(ctx, r, sqlCountPersonValues, []any{tid, id}, func(scan func(...any) error) error {
		var value string
		var n int
		err := scan(&value, &n)
		counts[value] = n
		return err
	})
}

// Create adds a field at the end under id; the same id again answers the same field. It returns fault.Invalid, or fault.Conflict "person_field_taken"
// (the name) or "person_fields_full".
func (s *PersonFields) Create(ctx context.Context, tid ID, id db.ID, in PersonFieldInput) (PersonField, error) {
	in = in.tidy()
	if err := in.Validate(); err != nil {
		return PersonField{}, err
	}
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		list, err := s.lockAll(ctx, tid, tx)
		switch {
		case err != nil:
			return err
		case slices.ContainsFunc(list, func(f PersonField) bool { return f.ID == id }):
			return nil
		case len(list) >= MaxPersonFields:
			return fault.New(fault.Conflict, "person_fields_full", "max", MaxPersonFields)
		}
		now, last := db.At(s.clock()), 0
		for _, f := range list {
			last = max(last, f.Position)
		}
		row := []any{tid, id, in.Name, Fold(in.Name), string(in.Kind), db.JSON[[]string]{V: in.names()}, last + 1, now, now}
		if err := tx.InsertMany(ctx, sqlInsertPersonField, rowInsertPersonField, [][]any{row}); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: "person_field.create", SubjectKind: "person_field", Subject: id,
			Detail: map[string]any{"name": in.Name, "kind": in.Kind, "choices": len(in.Choices)}})
	})
	switch {
	case db.IsDuplicateOf(err, "person_field_name", "name_key"):
		return PersonField{}, fieldTaken()
	case err != nil:
		return PersonField{}, fmt.Errorf("create person field: %w", err)
	}
	return s.Find(ctx, tid, id)
}

// lockAll keeps other changes of the list of fields out until the end of the transaction.
func (s *PersonFields) lockAll(ctx context.Context, tid ID, tx *db.Tx) ([]PersonField, error) {
	var organisation db.ID
	if err := db.One(tx.QueryRowLocked(ctx, sqlLockPersonFields, tid).Scan(&organisation)); err != nil {
		return nil, err
	}
	return ReadPersonFields(ctx, tid, tx)
}

func (s *PersonFields) lock(ctx context.Context, tid ID, tx *db.Tx, id db.ID, version int64) (PersonField, error) {
	var now int64
	if err := db.One(tx.QueryRowLocked(ctx, sqlLockPersonField, tid, id).Scan(&now)); err != nil {
		return PersonField{}, err
	}
	if now != version {
		return PersonField{}, fault.New(fault.Conflict, "changed_meanwhile", "version", now)
	}
	return s.find(ctx, tid, tx, id)
}

// Update renames a field or changes its choices. A choice that is renamed keeps its people and the rules that ask for it; one that is gone takes its values
// along: losing is how many values the caller knows to go, and when it is another number nothing happens. It returns fault.NotFound, fault.Invalid, or
// fault.Conflict "changed_meanwhile", "person_field_taken", "person_field_values" with the number, or "person_choice_used" with the choices that rules ask for and
// the rounds whose rules these are.
func (s *PersonFields) Update(ctx context.Context, tid ID, id db.ID, version int64, in PersonFieldInput, losing int) (PersonField, error) {
	in = in.tidy()
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		f, err := s.lock(ctx, tid, tx, id, version)
		if err != nil {
			return err
		}
		in.Kind = f.Kind
		if err := in.Validate(); err != nil {
			return err
		}
		gone, renamed, err := f.choicesGone(in.Choices)
		if err != nil {
			return err
		}
		if len(gone) > 0 {
			if err := s.notUsed(ctx, tid, tx, id, gone, "person_choice_used"); err != nil {
				return err
			}
		}
		lost, err := s.dropChoices(ctx, tid, tx, id, gone)
		switch {
		case err != nil:
			return err
		case lost != losing:
			return fault.New(fault.Conflict, "person_field_values", "count", lost)
		}
		rules, err := s.renameChoices(ctx, tid, tx, id, renamed)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlUpdatePersonField, in.Name, Fold(in.Name), db.JSON[[]string]{V: in.names()}, db.At(s.clock()), tid, id); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: "person_field.update", SubjectKind: "person_field", Subject: id, Before: f,
			Detail: map[string]any{"from": f.Name, "to": in.Name, "choices": len(in.Choices), "renamed": renamed, "rules_renamed": rules, "values_removed": lost}})
	})
	switch {
	case db.IsDuplicate(err):
		return PersonField{}, fieldTaken()
	case err != nil:
		return PersonField{}, fmt.Errorf("update person field: %w", err)
	}
	return s.Find(ctx, tid, id)
}

// choicesGone compares the choices with those that shall be: which are gone and which (old → new) are called otherwise.
func (f PersonField) choicesGone(want []PersonChoice) (gone []string, renamed map[string]string, err error) {
	renamed = map[string]string{}
	kept := map[string]bool{}
	for i, c := range want {
		was := c.Was
		if was == "" {
			was = c.Name
		}
		switch {
		case !slices.Contains(f.Choices, was) && c.Was == "":
			continue // a new one
		case !slices.Contains(f.Choices, was), kept[was]:
			var c fault.Check
			c.Add(fmt.Sprintf("choices[%d]", i), "not_in_list")
			return nil, nil, c.Err()
		}
		if kept[was] = true; was != c.Name {
			renamed[was] = c.Name
		}
	}
	for _, c := range f.Choices {
		if !kept[c] {
			gone = append(gone, c)
		}
	}
	return gone, renamed, nil
}

func (s *PersonFields) dropChoices(ctx context.Context, tid ID, tx *db.Tx, id db.ID, gone []string) (int, error) {
	lost := 0
	for _, choice := range gone {
		r, err := tx.Exec(ctx, sqlDropPersonValue, tid, id, choice)
		if err != nil {
			return 0, err
		}
		n, err := r.RowsAffected()
		if err != nil {
			return 0, err
		}
		lost += int(n)
	}
	return lost, nil
}

// notUsed refuses when a rule asks for the field, or for one of the choices, and says which.
func (s *PersonFields) notUsed(ctx context.Context, tid ID, tx *db.Tx, id db.ID, choices []string, key string) error {
	for _, u := range s.uses {
		names, err := u.PersonFieldUsed(ctx, tid, tx, id, choices)
		if err != nil {
			return err
		}
		if len(names) > 0 {
			return fault.New(fault.Conflict, key, "count", len(names), "rounds", strings.Join(names[:min(len(names), shownNames)], " / "), "choices", strings.Join(choices, " / "))
		}
	}
	return nil
}

// renameChoices renames what people have and what rules ask for. It goes by names that nobody has, so that two choices can change places.
func (s *PersonFields) renameChoices(ctx context.Context, tid ID, tx *db.Tx, id db.ID, renamed map[string]string) (rules int, err error) {
	if len(renamed) == 0 {
		return 0, nil
	}
	for was := range renamed {
		if _, err := tx.Exec(ctx, sqlRenamePersonValue, "\x00"+was, "\x00", tid, id, was); err != nil {
			return 0, err
		}
	}
	for was, name := range renamed {
		if _, err := tx.Exec(ctx, sqlRenamePersonValue, name, Clip(Fold(name), MaxPersonValue), tid, id, "\x00"+was); err != nil {
			return 0, err
		}
	}
	for _, u := range s.uses {
		n, err := u.ChoicesRenamed(ctx, tid, tx, id, renamed)
		if err != nil {
			return 0, err
		}
		rules += n
	}
	return rules, nil
}

// Order gives the fields their places. It returns fault.Conflict "changed_meanwhile" when ids are not exactly the fields there are.
func (s *PersonFields) Order(ctx context.Context, tid ID, ids []db.ID) ([]PersonField, error) {
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		list, err := s.lockAll(ctx, tid, tx)
		if err != nil {
			return err
		}
		if len(ids) != len(list) || slices.ContainsFunc(list, func(f PersonField) bool { return !slices.Contains(ids, f.ID) }) {
			return fault.New(fault.Conflict, "changed_meanwhile")
		}
		for i, id := range ids {
			if _, err := tx.Exec(ctx, sqlPlacePersonField, i+1, tid, id, i+1); err != nil {
				return err
			}
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: "person_field.order", SubjectKind: "organisation"})
	})
	if err != nil {
		return nil, fmt.Errorf("order person fields: %w", err)
	}
	return s.List(ctx, tid)
}

// Delete removes a field with everything it says about people; losing is how many values the caller knows to go, and when it is another number nothing
// happens. It returns fault.NotFound, or fault.Conflict "person_field_values" with the number, or "person_field_used" with the
// rounds whose rules ask for it.
func (s *PersonFields) Delete(ctx context.Context, tid ID, id db.ID, losing int) error {
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := s.lockAll(ctx, tid, tx); err != nil {
			return err
		}
		f, err := s.find(ctx, tid, tx, id)
		if err != nil {
			return err
		}
		if err := s.notUsed(ctx, tid, tx, id, nil, "person_field_used"); err != nil {
			return err
		}
		r, err := tx.Exec(ctx, sqlDropPersonValues, tid, id)
		if err != nil {
			return err
		}
		n, err := r.RowsAffected()
		switch {
		case err != nil:
			return err
		case int(n) != losing:
			return fault.New(fault.Conflict, "person_field_values", "count", int(n))
		}
		if _, err := tx.Exec(ctx, sqlDeletePersonField, tid, id); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: "person_field.delete", SubjectKind: "person_field", Subject: id, Before: f,
			Detail: map[string]any{"name": f.Name, "values_removed": losing}})
	})
	if db.IsReference(err) { // somebody was given a value meanwhile, or something else names the field
		return fault.New(fault.Conflict, "changed_meanwhile")
	}
	return err
}

func fieldTaken() error {
	return &fault.Error{Kind: fault.Conflict, Key: "person_field_taken", Fields: []fault.Field{{Path: "name", Key: "person_field_taken"}}}
}
