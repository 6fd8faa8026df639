package lms

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Probe is a change of rules that is only tried: an audience for a round that does not exist yet (Round zero), or rules that would be added to a
// round or taken off it.
type Probe struct {
	Round       db.ID
	Add         Audience
	Remove      []db.ID // rules of the round
	WithStarted bool    // withdraw also who has started
	Dates       Round   // of a round that does not exist yet: StartsOn, DeadlineOn and Due; zero: nothing is said about due days
}

// Affected is what a change of rules would do now.
type Affected struct {
	Total        int // whom the rules in question reach, without the excluded
	Joining      int // of them: come in
	Returning    int // of them: had been withdrawn by the system, and come back
	Inside       int // of them: are in it already
	Aside        int // of them: stay exempt or withdrawn, as a person decided
	Excluded     int // would be reached, and an exclusion keeps them out
	Withdrawn    int // would be withdrawn
	Staying      int // are no longer reached, and stay because they have started
	WithoutEmail int // of those who come in or come back: they are reminded on screen only
	Earlier      int // of those who come in, by DueJoined: joined before the round begins, so that their days count from its beginning
	EarlierDue   string
	Rules        []RuleCount
	People       []Named // the first of those who come in or come back, by name; when nobody does, of those who would be withdrawn
}

// RuleCount is how many people one rule concerns: of an exclusion, how many it keeps out.
type RuleCount struct {
	Rule   Rule
	People int
}

// Named is a person in a list.
type Named struct {
	ID      db.ID
	Name    string
	LoginID string
}

// AffectedGroup is a part of the people whom a change concerns.
type AffectedGroup string

// The groups.
const (
	GroupReached      AffectedGroup = "reached"       // Total
	GroupComing       AffectedGroup = "coming"        // Joining and Returning
	GroupExcluded     AffectedGroup = "excluded"      // Excluded
	GroupWithdrawn    AffectedGroup = "withdrawn"     // Withdrawn
	GroupStaying      AffectedGroup = "staying"       // Staying
	GroupWithoutEmail AffectedGroup = "without_email" // WithoutEmail
)

// AffectedGroups lists the groups.
var AffectedGroups = []AffectedGroup{GroupReached, GroupComing, GroupExcluded, GroupWithdrawn, GroupStaying, GroupWithoutEmail}

// group gives the people of a group.
func (e effect) group(g AffectedGroup) []db.ID {
	var ids []db.ID
	take := func(list []subject) {
		for _, p := range list {
			if g != GroupWithoutEmail || !p.hasEmail {
				ids = append(ids, p.id)
			}
		}
	}
	coming := slices.Clone(e.join)
	for _, p := range e.back {
		coming = append(coming, p.subject)
	}
	switch g {
	case GroupReached:
		take(slices.Concat(coming, e.inside, e.aside))
	case GroupComing, GroupWithoutEmail:
		take(coming)
	case GroupExcluded:
		take(e.out)
	case GroupStaying:
		take(e.stay)
	case GroupWithdrawn:
		for _, p := range e.leave {
			ids = append(ids, p.subject.id)
		}
	}
	return ids
}

// Preview tells what a change of rules would do now, and names the first people (limit). It returns Invalid for wrong input, NotFound for a round or a
// rule that is not there, Conflict for a closed round.
func (s *Rounds) Preview(ctx context.Context, tid tenant.ID, p Probe, limit int) (Affected, error) {
	var a Affected
	err := s.db.Snapshot(ctx, func(r db.Runner) error {
		c, e, err := s.probe(ctx, tid, r, p)
		if err != nil {
			return err
		}
		coming, leaving := e.group(GroupComing), e.group(GroupWithdrawn)
		a = Affected{Total: e.Total(), Joining: len(e.join), Returning: len(e.back), Inside: len(e.inside), Aside: len(e.aside), Excluded: len(e.out),
			Withdrawn: len(leaving), Staying: len(e.stay), WithoutEmail: len(e.group(GroupWithoutEmail))}
		a.Earlier, a.EarlierDue = s.earlier(p.Dates, e.join)
		rules := slices.Concat(c.added, c.removed)
		if err := s.nameRules(ctx, tid, r, rules); err != nil {
			return err
		}
		for _, rule := range rules {
			a.Rules = append(a.Rules, RuleCount{rule, e.counts[rule.ID]})
		}
		if len(coming) == 0 {
			coming = leaving
		}
		a.People, _, err = s.named(ctx, tid, r, coming, "", db.Page{Limit: limit})
		return err
	})
	if err != nil {
		return Affected{}, fmt.Errorf("preview audience: %w", err)
	}
	return a, nil
}

// earlier counts those whose days would have begun before the round, and gives the day on which they are due: without that they would be late from the start.
func (s *Rounds) earlier(r Round, people []subject) (n int, due string) {
	if r.Due.Rule != DueJoined || !tenant.ValidDay(r.StartsOn) || !tenant.ValidDay(r.DeadlineOn) {
		return 0, ""
	}
	for _, p := range people {
		if p.joinedOn == "" || p.joinedOn >= r.StartsOn {
			continue
		}
		n++
		due = r.DueOn(DueFacts{First: true, AssignedOn: tenant.Today(s.clock), JoinedOn: p.joinedOn})
	}
	return n, due
}

// PreviewPeople lists a group of the people whom a change of rules would concern now, by name, narrowed by words of a name, login ID or number. It
// gives the cursor of the next page and refuses what Preview refuses.
func (s *Rounds) PreviewPeople(ctx context.Context, tid tenant.ID, p Probe, group AffectedGroup, q string, page db.Page) (list []Named, next string, err error) {
	if !slices.Contains(AffectedGroups, group) {
		return nil, "", &fault.Error{Kind: fault.Invalid, Key: "invalid", Fields: []fault.Field{{Path: "group", Key: "not_in_list"}}}
	}
	err = s.db.Snapshot(ctx, func(r db.Runner) error {
		_, e, err := s.probe(ctx, tid, r, p)
		if err != nil {
			return err
		}
		list, next, err = s.named(ctx, tid, r, e.group(group), q, page)
		return err
	})
	if err != nil {
		return nil, "", fmt.Errorf("preview people: %w", err)
	}
	return list, next, nil
}

// probe works out a change that is only tried.
func (s *Rounds) probe(ctx context.Context, tid tenant.ID, r db.Runner, p Probe) (change, effect, error) {
	c := change{added: p.Add.rules(), withStarted: p.WithStarted}
	var check fault.Check
	if len(c.added) > 0 || p.Round.IsZero() || len(p.Remove) == 0 {
		p.Add.check(&check, p.Round.IsZero())
	}
	if err := check.Err(); err != nil {
		return c, effect{}, err
	}
	if !p.Round.IsZero() {
		round, err := findRound(ctx, tid, r, p.Round)
		if err != nil {
			return c, effect{}, err
		}
		if round.State != RoundOpen {
			return c, effect{}, fault.New(fault.Conflict, "round_is_closed")
		}
		cond := db.Where("a.tenant_id = ? AND a.round_id = ?", tid, p.Round)
		all, err := readRules(ctx, r, sqlSelectRule+cond.SQL(), cond.Args()...)
		if err != nil {
			return c, effect{}, err
		}
		c.kept, c.added = widen(all, c.added)
		for _, id := range p.Remove {
			at := slices.IndexFunc(c.kept, func(r Rule) bool { return r.ID == id })
			if at < 0 {
				return c, effect{}, fault.New(fault.NotFound, "not_found")
			}
			c.removed = append(c.removed, c.kept[at])
			c.kept = slices.Delete(c.kept, at, at+1)
		}
	}
	if err := s.checkTargets(ctx, tid, r, c.added); err != nil {
		return c, effect{}, err
	}
	e, err := s.plan(ctx, tid, r, p.Round, c)
	return c, e, err
}

// named reads a page of the names of people, by name. Few are looked up by their ids; many are met by going through the names in order.
func (s *Rounds) named(ctx context.Context, tid tenant.ID, r db.Runner, ids []db.ID, q string, page db.Page) (list []Named, next string, err error) {
	after, err := db.ReadCursor(page.After, 2)
	if err != nil || len(ids) == 0 {
		return nil, "", err
	}
	limit, many := page.Clamp(), len(ids) > chunk
	wanted := make(map[db.ID]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
	}
	for {
		cond := db.Where("p.tenant_id = ?", tid)
		if !many {
			cond.In("p.id", db.Args(ids))
		}
		for _, word := range strings.Fields(tenant.SearchKey(tenant.Clip(q, maxSearch))) {
			cond.And("p.search_text LIKE ? ESCAPE '!'", "%"+db.Like(word)+"%")
		}
		if after != nil {
			id, err := db.ParseID(after[1])
			if err != nil {
				return nil, "", fault.Wrap(err, fault.Invalid, "cursor")
			}
			cond.And("p.sort_name >= ?", after[0]).And("p.sort_name > ? OR p.id > ?", after[0], id)
		}
		read := 0
		err := db.Each(ctx, r, sqlNamedPeople+cond.SQL()+" ORDER BY p.sort_name, p.id LIMIT ?", cond.Args(namesAtOnce), func(scan func(...any) error) error {
			var n Named
			var sortName string
			if err := scan(&n.ID, &n.Name, &n.LoginID, &sortName); err != nil {
				return err
			}
			read++
			if wanted[n.ID] && len(list) == limit {
				return errStop
			}
			after = []string{sortName, n.ID.String()}
			if wanted[n.ID] {
				list = append(list, n)
			}
			return nil
		})
		switch {
		case errors.Is(err, errStop):
			return list, db.Cursor(after...), nil
		case err != nil || read < namesAtOnce:
			return list, "", err
		}
	}
}

// namesAtOnce is how many names are looked at with one query; maxSearch is the most characters that are searched for.
const (
	namesAtOnce = 1000
	maxSearch   = 200
)
