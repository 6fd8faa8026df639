package tenant

import (
	"context"
	"slices"

	"kenshu/storage/db"
)

// shownNames is how many people a preview and a refusal name.
const shownNames = 5

// weigh tells what an act would do to people, and whom it changes.
func (s *PeopleActs) weigh(ctx context.Context, tid ID, r db.Runner, in ActInput, list []actPerson) (Consequences, []actPerson, error) {
	roles, err := specialRoles(ctx, tid, r)
	if err != nil {
		return Consequences{}, nil, err
	}
	out := Consequences{Later: in.Act == ActLeave && in.On > s.people.today(), Names: []string{}, Refused: []Refusal{}}
	var change []actPerson
	for _, p := range list {
		switch key, already := in.verdict(p, roles[p.id], ActorFrom(ctx)); {
		case key != "":
			out.refuse(key, p.name)
		case already:
			out.Already++
		default:
			change = append(change, p)
			if out.Roles += len(roles[p.id]); len(out.Names) < shownNames {
				out.Names = append(out.Names, p.name)
			}
			if p.logsIn && (p.state == PersonActive || in.Act == ActReturn) {
				out.LogIns++
			}
		}
	}
	out.People = len(change)
	return out, change, s.measure(ctx, tid, r, in, idsOfActs(change), &out)
}

func (c *Consequences) refuse(key, name string) {
	at := slices.IndexFunc(c.Refused, func(r Refusal) bool { return r.Key == key })
	if at < 0 {
		at = len(c.Refused)
		c.Refused = append(c.Refused, Refusal{Key: key, Names: []string{}})
	}
	if c.Refused[at].Count++; len(c.Refused[at].Names) < shownNames {
		c.Refused[at].Names = append(c.Refused[at].Names, name)
	}
}

// verdict tells whether the act may be about somebody, and whether it would change anything.
func (in ActInput) verdict(p actPerson, roles []Role, who Actor) (refusal string, already bool) {
	switch {
	case slices.Contains(roles, RoleManager) && in.Act != ActStay && in.Act != ActReturn:
		return "manager_handover", false
	case who.Kind == "person" && who.Person == p.id:
		return "own_account", false
	case p.state == PersonAnonymised && in.Act != ActDelete && in.Act != ActAnonymise:
		return "person_anonymised", false
	}
	switch in.Act {
	case ActSuspend:
		if p.state == PersonLeft {
			return "person_left_already", false
		}
		return "", p.state == PersonSuspended
	case ActReturn:
		return "", p.state == PersonActive
	case ActLeave:
		return "", p.state == PersonLeft || string(p.leavesOn) == in.On
	case ActStay:
		return "", p.leavesOn == ""
	case ActAnonymise:
		if p.state == PersonActive || p.state == PersonSuspended {
			return "person_not_left", false
		}
		return "", p.state == PersonAnonymised
	}
	return "", false
}

// measure counts what hangs on the people whom the act changes.
func (s *PeopleActs) measure(ctx context.Context, tid ID, r db.Runner, in ActInput, people []db.ID, out *Consequences) error {
	posts := func(c *db.Cond) { c.And(condLivePost, s.people.today()) }
	if in.Act == ActReturn {
		posts = func(c *db.Cond) { c.And(condEndedByLeave) }
	}
	for _, one := range []struct {
		into          *int
		query, column string
		more          func(*db.Cond)
	}{
		{&out.Posts, sqlCountPosts, "person_id", posts},
		{&out.Values, sqlCountValuesOf, "person_id", nil},
		{&out.Mails, sqlCountWaiting, "person_id", func(c *db.Cond) { c.And("state = 'queued'") }},
		{&out.Kept, sqlCountActed, "actor_id", nil},
	} {
		if one.into == &out.Kept && !in.Act.Final() { // the log is large, and nobody asks
			continue
		}
		var err error
		if *one.into, err = count(ctx, tid, r, people, one.query, one.column, one.more); err != nil {
			return err
		}
	}
	for _, keeper := range s.records {
		for part := range slices.Chunk(people, actChunk) {
			counts, err := keeper.CountRecords(ctx, tid, r, part)
			if err != nil {
				return err
			}
			out.Add(counts)
		}
	}
	out.Evidence = out.Started + out.Attempts + out.Certificates
	return nil
}

// specialRoles gives who holds more than the role staff; they are few.
func specialRoles(ctx context.Context, tid ID, r db.Runner) (map[db.ID][]Role, error) {
	roles := map[db.ID][]Role{}
	return roles, db.Each(ctx, r, sqlSpecialRoles, []any{tid}, func(scan func(...any) error) error {
		var id db.ID
		var role Role
		err := scan(&id, &role)
		roles[id] = append(roles[id], role)
		return err
	})
}
