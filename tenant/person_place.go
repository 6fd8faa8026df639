package tenant

import (
	"context"
	"fmt"
	"maps"

	"kenshu/fault"
	"kenshu/storage/db"
)

// placing puts people into a state together.
type placing struct {
	to     PersonState
	on     string // the last day of who leaves, not after today
	posts  bool   // of who comes back: the posts that ended with the leaving begin again
	people []actPerson
	detail map[string]any // stands in the log beside the states
	later  bool           // the observers are told afterwards, by a job: a file may be about very many
}

// place does it in a fixed number of statements for every thousand people. Who leaves gives back roles and posts, and everything they did stays; whoever
// takes part no longer is logged out everywhere.
func (s *People) place(ctx context.Context, tid ID, tx *db.Tx, p placing) error {
	ids := idsOfActs(p.people)
	if len(ids) == 0 {
		return nil
	}
	left := db.Text("")
	if p.to == PersonLeft {
		left = db.Text(p.on)
		if err := s.endPosts(ctx, tid, tx, ids, p.on); err != nil {
			return err
		}
		if _, err := forEach(ctx, tid, tx, ids, sqlDropRoles, "person_id", nil, func(c *db.Cond) { c.And("role <> 'staff'") }); err != nil {
			return err
		}
	}
	if p.posts {
		if _, err := forEach(ctx, tid, tx, ids, sqlReopenPosts, "person_id", nil, func(c *db.Cond) { c.And(condReopen).And(condOpenPart, tid) }); err != nil {
			return err
		}
	}
	if _, err := forEach(ctx, tid, tx, ids, sqlPlacePeople, "id", []any{string(p.to), left, s.now()}, nil); err != nil {
		return err
	}
	changes := make([]Change, 0, len(ids))
	for _, one := range p.people {
		detail := map[string]any{"from": one.state, "to": p.to, "left_on": left}
		maps.Copy(detail, p.detail)
		changes = append(changes, Change{Action: "person.state", SubjectKind: "person", Subject: one.id, Detail: detail})
	}
	if err := s.audit.AppendMany(ctx, tid, tx, changes); err != nil {
		return err
	}
	if !p.later {
		if err := s.changed(ctx, tid, tx, ids); err != nil {
			return err
		}
	}
	if p.to == PersonActive {
		return nil
	}
	return s.sessions.EndPeople(ctx, tid, tx, ids)
}

// endPosts ends posts with the last day. One that began after it was never held, unless its day has come; one that is still to come is taken back.
func (s *People) endPosts(ctx context.Context, tid ID, tx *db.Tx, ids []db.ID, on string) error {
	if _, err := forEach(ctx, tid, tx, ids, sqlEndLivePosts, "person_id", []any{on}, func(c *db.Cond) {
		c.And("starts_on <= ?", on).And("ends_on IS NULL OR ends_on > ?", on)
	}); err != nil {
		return err
	}
	if _, err := forEach(ctx, tid, tx, ids, sqlEndYoungPosts, "person_id", nil, func(c *db.Cond) {
		c.And("starts_on > ? AND starts_on <= ?", on, s.today()).And("ends_on IS NULL OR ends_on > starts_on")
	}); err != nil {
		return err
	}
	_, err := forEach(ctx, tid, tx, ids, sqlDropLaterPosts, "person_id", nil, func(c *db.Cond) { c.And("starts_on > ? AND starts_on > ?", on, s.today()) })
	return err
}

// leaveLater notes a last day that is still to come, or with "" takes it back.
func (s *People) leaveLater(ctx context.Context, tid ID, tx *db.Tx, people []actPerson, on string) error {
	if _, err := forEach(ctx, tid, tx, idsOfActs(people), sqlLeaveLater, "id", []any{db.Text(on), s.now()}, nil); err != nil {
		return err
	}
	changes := make([]Change, 0, len(people))
	for _, p := range people {
		changes = append(changes, Change{Action: "person.leave_plan", SubjectKind: "person", Subject: p.id, Detail: map[string]any{"from": p.leavesOn, "to": on}})
	}
	return s.audit.AppendMany(ctx, tid, tx, changes)
}

// SetState suspends a person, lets them leave (on, their last day: one still to come is kept until it is over) or come back. Their sessions end at once; who
// leaves gives back roles and posts, and everything they did stays. It returns fault.NotFound, fault.Invalid, fault.Forbidden or fault.Conflict: changed
// meanwhile, the manager (hand over first), or the actor themselves.
func (s *People) SetState(ctx context.Context, tid ID, id db.ID, version int64, state PersonState, on string) (Person, error) {
	var c fault.Check
	c.If(state != PersonActive && state != PersonSuspended && state != PersonLeft, "state", "not_in_list")
	if state == PersonLeft {
		c.If(!ValidDay(on), "left_on", "date")
		c.If(ValidDay(on) && on > AddDays(s.today(), 366), "left_on", "date_too_far")
	}
	if err := c.Err(); err != nil {
		return Person{}, err
	}
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		before, err := s.lock(ctx, tid, tx, id, version)
		switch {
		case err != nil:
			return err
		case before.State == state:
			return nil
		case before.Has(RoleManager):
			return fault.New(fault.Conflict, "manager_handover")
		case ActorFrom(ctx).Person == id:
			return fault.New(fault.Conflict, "own_account")
		}
		one := []actPerson{{id: id, name: before.Name, state: before.State, leavesOn: before.LeavesOn}}
		if state == PersonLeft && on > s.today() {
			return s.leaveLater(ctx, tid, tx, one, on)
		}
		return s.place(ctx, tid, tx, placing{to: state, on: on, people: one})
	})
	if err != nil {
		return Person{}, fmt.Errorf("set state of person: %w", err)
	}
	return s.Find(ctx, tid, id)
}
