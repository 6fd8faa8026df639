package tenant

import (
	"context"
	"errors"
	"maps"
	"slices"

	"kenshu/storage/db"
)

// peopleIndex is what rows are matched by. It is read once, with the first rows.
type peopleIndex struct {
	loaded   bool
	ids      []db.ID
	states   []PersonState
	logins   []string
	byLogin  map[string]int32
	byNumber map[string]int32 // -1: several people have it
	names    map[string]bool
}

func (k *peopleIndex) load(ctx context.Context, s *Imports, tid ID) error {
	if k.loaded {
		return nil
	}
	k.byLogin, k.byNumber = map[string]int32{}, map[string]int32{}
	err := db.Each(ctx, s.db, sqlImportPeople, []any{tid}, func(scan func(...any) error) error {
		var id db.ID
		var login, key, employee string
		var state PersonState
		if err := scan(&id, &login, &key, &employee, &state); err != nil {
			return err
		}
		at := int32(len(k.ids))
		k.ids, k.states, k.logins = append(k.ids, id), append(k.states, state), append(k.logins, login)
		k.byLogin[key] = at
		if number := Fold(employee); number != "" {
			if _, several := k.byNumber[number]; several {
				at = -1
			}
			k.byNumber[number] = at
		}
		return nil
	})
	k.loaded = err == nil
	return err
}

// loadNames reads who is called what; only files with rows that have neither ID nor number need it.
func (k *peopleIndex) loadNames(ctx context.Context, s *Imports, tid ID) error {
	if k.names != nil {
		return nil
	}
	names := map[string]bool{}
	err := db.Each(ctx, s.db, sqlImportNames, []any{tid}, func(scan func(...any) error) error {
		var name string
		err := scan(&name)
		names[SearchKey(name)] = true
		return err
	})
	k.names = names
	return err
}

// peopleOf reads people by id, whole.
func (s *Imports) peopleOf(ctx context.Context, tid ID, ids []any) (map[db.ID]*Person, error) {
	out := make(map[db.ID]*Person, len(ids))
	for part := range slices.Chunk(ids, importBatch) {
		cond := db.Where("p.tenant_id = ?", tid).In("p.id", part)
		people, _, err := s.people.read(ctx, tid, s.db, sqlPeople+cond.SQL(), cond.Args()...)
		if err != nil {
			return nil, err
		}
		for i := range people {
			out[people[i].ID] = &people[i]
		}
	}
	return out, nil
}

// keepRow makes a row ready that changes nobody.
func (p *importPlan) keepRow(r *record, outcome string, old *Person, in PersonInput, detail rowDetail) {
	var person db.ID
	var version int64
	if old != nil {
		person, version = old.ID, old.Version
	}
	p.rows = append(p.rows, []any{p.tid, p.id, r.number, outcome, person, version, Clip(in.LoginID, MaxLoginID), "", Clip(in.Name, 200), "", "", "", "",
		Clip(in.EmployeeNumber, 100), "", db.Text(""), "ja", db.ID{}, db.Hash{}, db.Hash{}, nil, db.JSON[rowDetail]{V: detail}})
}

// keepPerson makes a row ready that adds or changes somebody.
func (p *importPlan) keepPerson(r *record, planned *plannedPerson, changes []ImportChange) error {
	in, outcome, id, version := planned.in, RowAdded, db.NewID(), int64(0)
	detail := rowDetail{Changes: changes}
	var before db.Hash
	var kept any
	var old PersonInput
	if planned.old == nil {
		p.summary.Added++
		if in.LoginID == "" {
			login, err := p.propose()
			if err != nil {
				return err
			}
			in.LoginID, detail.Made = login, true
		}
	} else {
		p.summary.Changed++
		old = planned.old.input()
		outcome, id, version = RowChanged, planned.old.ID, planned.old.Version
		var err error
		if before, err = digest(old); err != nil {
			return err
		}
		kept = db.JSON[keptPerson]{V: keptPerson{Input: old, State: planned.old.State}}
	}
	after, err := digest(in)
	if err != nil {
		return err
	}
	p.rows = append(p.rows, []any{p.tid, p.id, r.number, outcome, id, version, in.LoginID, Fold(in.LoginID), in.Name, in.NameKana, in.sortName(), in.searchText(), in.Email,
		in.EmployeeNumber, string(in.Kind), db.Text(in.JoinedOn), in.Locale, db.NewID(), before, after, kept, db.JSON[rowDetail]{V: detail}})
	p.keepParts(id, old, in)
	return nil
}

// keepParts makes ready which posts begin and end, and what own fields say.
func (p *importPlan) keepParts(id db.ID, old, in PersonInput) {
	part := func(kind string, target db.ID, value string) {
		p.parts = append(p.parts, []any{p.tid, p.id, id, kind, target, value, Clip(Fold(value), 200)})
	}
	for _, d := range in.Departments {
		if !slices.Contains(old.Departments, d) {
			part("begin", d, "")
		}
	}
	for _, d := range old.Departments {
		if !slices.Contains(in.Departments, d) {
			part("end", d, "")
		}
	}
	for field, value := range in.Fields {
		if old.Fields[field] != value {
			part("value", field, value)
		}
	}
}

// propose gives a login ID that nobody here has.
func (p *importPlan) propose() (string, error) {
	for {
		if len(p.proposals) == 0 {
			var err error
			if p.proposals, err = proposeLoginIDs(importBatch); err != nil {
				return "", err
			}
		}
		login := p.proposals[0]
		p.proposals = p.proposals[1:]
		if _, taken := p.known.byLogin[login]; !taken && p.logins[login] == 0 && !p.given[login] {
			p.given[login] = true
			return login, nil
		}
	}
}

// errOvertaken says that another worker went on with the import.
var errOvertaken = errors.New("another worker goes on with this import")

// stage keeps what is ready. Only the worker that began last may.
func (p *importPlan) stage(ctx context.Context) error {
	err := p.service.db.Tx(ctx, func(tx *db.Tx) error {
		if err := p.service.own(ctx, p.tid, tx, p.id, p.run); err != nil {
			return err
		}
		if err := tx.InsertMany(ctx, sqlInsertImportRow, rowInsertImportRow, p.rows); err != nil {
			return err
		}
		if err := tx.InsertMany(ctx, sqlInsertImportPart, rowInsertImportPart, p.parts); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlImportProgress, p.summary.of(""), p.tid, p.id)
		return err
	})
	clear(p.rows)
	clear(p.parts)
	p.rows, p.parts = p.rows[:0], p.parts[:0]
	return err
}

// own tells whether the import is still this run's, and keeps it so until the end of the transaction.
func (s *Imports) own(ctx context.Context, tid ID, tx *db.Tx, id, run db.ID) error {
	var now db.ID
	if err := db.One(tx.QueryRowLocked(ctx, sqlImportRun, tid, id).Scan(&now)); err != nil {
		return err
	}
	if now != run {
		return errOvertaken
	}
	return nil
}

// missing counts the people whom the file does not name, and keeps them ready when something happens to them: those who take part, and those who are
// suspended when missing people leave. Never the manager, and never who acts.
func (p *importPlan) missing(ctx context.Context, then MissingPeople, on string) error {
	if err := p.known.load(ctx, p.service, p.tid); err != nil {
		return err
	}
	manager, err := p.service.managers(ctx, p.tid)
	if err != nil {
		return err
	}
	var ids []any
	for i, id := range p.known.ids {
		_, named := p.rowOf[int32(i)]
		takesPart := p.known.states[i] == PersonActive || p.known.states[i] == PersonSuspended && then == MissingLeave
		if !named && takesPart && id != p.actor && !slices.Contains(manager, id) {
			ids = append(ids, id)
		}
	}
	p.summary.Missing = len(ids)
	if then == MissingKeep {
		return nil
	}
	for part := range slices.Chunk(ids, importBatch) {
		people, err := p.service.peopleOf(ctx, p.tid, part)
		if err != nil {
			return err
		}
		posts, err := p.service.postsAhead(ctx, p.tid, then, on, part)
		if err != nil {
			return err
		}
		for _, id := range slices.SortedFunc(maps.Keys(people), compareID) {
			old := people[id]
			p.last++
			p.rows = append(p.rows, []any{p.tid, p.id, p.last, RowMissing, old.ID, old.Version, old.LoginID, "", old.Name, "", "", "", "", old.EmployeeNumber, "", db.Text(""), "ja",
				db.ID{}, db.Hash{}, db.Hash{}, db.JSON[keptPerson]{V: keptPerson{Input: old.input(), State: old.State, LeavesOn: string(old.LeavesOn), Posts: posts[id]}}, db.JSON[rowDetail]{V: rowDetail{}}})
		}
		if err := p.stage(ctx); err != nil {
			return err
		}
	}
	return nil
}

// postsAhead gives the posts of people who leave that end on the day on or after it, or begin later: a return alone would not bring them back as they were.
func (s *Imports) postsAhead(ctx context.Context, tid ID, then MissingPeople, on string, people []any) (map[db.ID][]keptPost, error) {
	posts := map[db.ID][]keptPost{}
	if then != MissingLeave {
		return posts, nil
	}
	cond := db.Where("m.tenant_id = ?", tid).In("m.person_id", people).And("m.ends_on >= ? OR m.starts_on > ?", on, Today(s.clock))
	return posts, db.Each(ctx, s.db, sqlImportPostsAhead+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
		var person db.ID
		var p keptPost
		err := scan(&person, &p.Department, &p.StartsOn, &p.EndsOn, &p.Main)
		posts[person] = append(posts[person], p)
		return err
	})
}

// managers gives who manages the organisation.
func (s *Imports) managers(ctx context.Context, tid ID) ([]db.ID, error) {
	var ids []db.ID
	err := db.Each(ctx, s.db, sqlImportManagers, []any{tid}, func(scan func(...any) error) error {
		var id db.ID
		err := scan(&id)
		ids = append(ids, id)
		return err
	})
	return ids, err
}

// other tells whether a login ID is not that of the person at.
func (k *peopleIndex) other(login string, at int32) bool {
	found, known := k.byLogin[login]
	return !known || found != at
}
