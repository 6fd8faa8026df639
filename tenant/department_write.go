package tenant

import (
	"context"
	"maps"
	"slices"

	"kenshu/storage/db"
)

// write puts a change into the database: the tree, its history, the posts, the log; then those who hear of people are told.
func (s *Departments) write(ctx context.Context, tid ID, tx *db.Tx, c *departmentChange) error {
	if err := s.writeTree(ctx, tid, tx, c); err != nil {
		return err
	}
	if err := s.writePosts(ctx, tid, tx, c); err != nil {
		return err
	}
	for _, h := range c.draft.handovers {
		if h.later {
			if err := s.handLater(ctx, tid, tx, h, c.day); err != nil {
				return err
			}
		}
	}
	for _, n := range c.draft.order {
		if n.closed && !n.mergedInto.IsZero() && n.was != nil && !n.was.closed {
			for _, u := range s.uses {
				if err := u.DepartmentMerged(ctx, tid, tx, n.id, n.mergedInto); err != nil {
					return err
				}
			}
		}
	}
	if err := s.audit.AppendMany(ctx, tid, tx, c.changes()); err != nil {
		return err
	}
	return s.people.changed(ctx, tid, tx, c.concerned())
}

// writeTree writes what became of departments. A name is let go of first, so that two may change names with each other under the unique key.
func (s *Departments) writeTree(ctx context.Context, tid ID, tx *db.Tx, c *departmentChange) error {
	now := db.At(s.clock())
	var history [][]any
	for _, n := range c.draft.order {
		if n.was == nil || !n.changed() {
			continue
		}
		if _, err := tx.Exec(ctx, sqlHoldName, digestKey(n.name, n.id, "held"), tid, n.id); err != nil {
			return err
		}
		if last := n.lastDay(c.day); last != "" {
			history = append(history, []any{tid, n.id, n.since, last, n.was.name, n.was.parent})
			n.since = c.day
		}
	}
	if err := tx.InsertNew(ctx, sqlInsertHistory, rowInsertHistory, "tenant_id, department_id, starts_on", history); err != nil {
		return err
	}
	for _, n := range c.draft.order {
		if !n.changed() {
			continue
		}
		key, closedOn := departmentKeyUnder(n.parent, n.name), db.Text("")
		if n.closed {
			key, closedOn = departmentKeyClosed(n.id, n.name), db.Text(c.day)
		}
		if n.was == nil {
			row := []any{tid, n.id, n.name, key, n.parent, c.day, closedOn, n.mergedInto, now, now}
			if err := tx.InsertMany(ctx, sqlPlantDepartment, rowPlantDepartment, [][]any{row}); err != nil {
				return err
			}
			continue
		}
		if _, err := tx.Exec(ctx, sqlSetDepartment, n.name, key, n.parent, db.Text(n.since), closedOn, n.mergedInto, now, tid, n.id); err != nil {
			return err
		}
	}
	return nil
}

// lastDay is the last day on which the department was as it is in the database; "" when it is only closed now (what it was stays in its row), or
// became so on the day of the change, which then never was.
func (n *draftNode) lastDay(day string) string {
	last := AddDays(day, -1)
	switch {
	case n.was.closed && n.was.closedOn <= last: // it comes back: it was there until it was closed
		last = AddDays(n.was.closedOn, -1)
	case n.name == n.was.name && n.parent == n.was.parent:
		return ""
	}
	if n.since > last {
		return ""
	}
	return last
}

// writePosts ends and begins posts, many people at a time.
func (s *Departments) writePosts(ctx context.Context, tid ID, tx *db.Tx, c *departmentChange) error {
	ends, mains := map[db.ID][]any{}, map[db.ID][]any{}
	var begins [][]any
	people := make([]any, 0, len(c.posts))
	for _, m := range c.posts {
		people = append(people, m.person)
		for _, d := range m.ends {
			ends[d] = append(ends[d], m.person)
		}
		for _, d := range m.mains {
			mains[d] = append(mains[d], m.person)
		}
		for i, d := range m.begins {
			begins = append(begins, []any{tid, m.person, d, c.day, m.begun[i].ends, m.begun[i].main})
		}
	}
	if err := endPostsOn(ctx, tid, tx, ends, c.day); err != nil {
		return err
	}
	if err := tx.UpsertMany(ctx, sqlInsertTerm, rowInsertTerm, "tenant_id, person_id, department_id, starts_on", "ends_on, main", begins); err != nil {
		return err
	}
	for d, who := range mains {
		for part := range slices.Chunk(who, 500) {
			cond := db.Where("tenant_id = ?", tid).And("department_id = ?", d).And("starts_on <= ? AND (ends_on IS NULL OR ends_on >= ?)", c.day, c.day).In("person_id", part)
			if _, err := tx.Exec(ctx, sqlMakeMain+cond.SQL(), cond.Args()...); err != nil {
				return err
			}
		}
	}
	for part := range slices.Chunk(people, 500) { // a form that shows the old posts must not bring them back
		cond := db.Where("tenant_id = ?", tid).In("id", part)
		if _, err := tx.Exec(ctx, sqlTouchPeople+cond.SQL(), append([]any{db.At(s.clock())}, cond.Args()...)...); err != nil {
			return err
		}
	}
	return nil
}

// endPostsOn ends posts the day before day, a department at a time; those that began on day are taken back.
func endPostsOn(ctx context.Context, tid ID, tx *db.Tx, ends map[db.ID][]any, day string) error {
	for department, people := range ends {
		for part := range slices.Chunk(people, 500) {
			drop := db.Where("tenant_id = ?", tid).And("department_id = ?", department).And("starts_on = ?", day).In("person_id", part)
			if _, err := tx.Exec(ctx, sqlDropPosts+drop.SQL(), drop.Args()...); err != nil {
				return err
			}
			end := db.Where("tenant_id = ?", tid).And("department_id = ?", department).And(condLivePosts, day, day).In("person_id", part)
			if _, err := tx.Exec(ctx, sqlEndPosts+end.SQL(), append([]any{AddDays(day, -1)}, end.Args()...)...); err != nil {
				return err
			}
		}
	}
	return nil
}

// handLater lets posts that begin after day go where the department's people went.
func (s *Departments) handLater(ctx context.Context, tid ID, tx *db.Tx, h handover, day string) error {
	var rows [][]any
	if !h.into.IsZero() {
		if err := db.Each(ctx, tx, sqlLaterPosts, []any{tid, h.from, day}, func(scan func(...any) error) error {
			var person db.ID
			var starts, ends db.Text
			var main bool
			err := scan(&person, &starts, &ends, &main)
			rows = append(rows, []any{tid, person, h.into, starts, ends, main})
			return err
		}); err != nil {
			return err
		}
	}
	if _, err := tx.Exec(ctx, sqlDropLater, tid, h.from, day); err != nil {
		return err
	}
	return tx.InsertNew(ctx, sqlInsertTerm, rowInsertTerm, "tenant_id, person_id, department_id, starts_on", rows)
}

// concerned lists everybody whose departments, or what these belong to, changed.
func (c *departmentChange) concerned() []db.ID {
	people := map[db.ID]bool{}
	for _, m := range c.posts {
		people[m.person] = true
	}
	after := c.draft.tree(false)
	for _, n := range c.draft.order {
		if n.changed() && !n.closed && (n.was == nil || n.was.parent != n.parent || n.was.closed) {
			for _, d := range after.Under(n.id) {
				for p := range c.after[d] {
					people[p] = true
				}
			}
		}
	}
	return sortedIDs(people)
}

func sortedIDs(set map[db.ID]bool) []db.ID { return slices.SortedFunc(maps.Keys(set), compareID) }

// changes is what the log says: one line a department and one a person.
func (c *departmentChange) changes() []Change {
	before, after := c.draft.tree(true), c.draft.tree(false)
	var list []Change
	for _, n := range c.draft.order {
		if !n.changed() {
			continue
		}
		note := func(action string, detail map[string]any) {
			list = append(list, Change{Action: "department." + action, SubjectKind: "department", Subject: n.id, Detail: detail})
		}
		from, to := before.Path(n.id), after.Path(n.id)
		switch {
		case n.was == nil && n.closed: // made and closed in one change
		case n.was == nil:
			note("create", map[string]any{"name": n.name, "path": to})
		case n.closed && !n.was.closed && !n.mergedInto.IsZero():
			note("merge", map[string]any{"name": n.name, "path": from, "into": after.Path(n.mergedInto)})
		case n.closed && !n.was.closed:
			note("close", map[string]any{"name": n.name, "path": from})
		default:
			if n.was.closed && !n.closed {
				note("reopen", map[string]any{"name": n.name, "path": to})
			}
			if n.was.name != n.name {
				note("rename", map[string]any{"from": n.was.name, "to": n.name})
			}
			if n.was.parent != n.parent {
				note("move", map[string]any{"name": n.name, "from": from, "to": to})
			}
		}
	}
	for _, m := range c.posts {
		list = append(list, Change{Action: "person.update", SubjectKind: "person", Subject: m.person,
			Detail: map[string]any{"changed": []string{"departments"}, "ends": pathsOf(before, m.ends), "begins": pathsOf(after, m.begins), "on": c.day}})
	}
	return list
}
