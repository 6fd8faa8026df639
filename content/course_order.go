package content

import (
	"context"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// MaxRequirements is how many courses one course may demand before it.
const MaxRequirements = 10

// Requirement is a course that must be completed before another. Title is as it was when the demanding course was saved.
type Requirement struct {
	Tenant int64  `json:"tenant"` // whose course; stays inside the process
	Course db.ID  `json:"course"`
	Title  string `json:"title"`
}

// requirements finds the courses that course is to demand: published ones of tid, or of the association when it shares them with tid. It records what cannot be demanded:
// what does not exist, the course itself, and a circle of courses of which nobody could begin any.
func requirements(ctx context.Context, tx *db.Tx, tid tenant.ID, course db.ID, wanted []db.ID) ([]Requirement, error) {
	var c fault.Check
	c.If(len(wanted) > MaxRequirements, "requires", "too_many", "max", MaxRequirements)
	if err := c.Err(); err != nil {
		return nil, err
	}
	list := []Requirement{}
	if len(wanted) > 0 { // two courses that come to demand each other at the same moment would not see it
		var public db.ID
		if err := db.One(tx.QueryRowLocked(ctx, sqlOrganisationPublicID, tid).Scan(&public)); err != nil {
			return nil, err
		}
	}
	for i, id := range wanted {
		path := fmt.Sprintf("requires[%d]", i)
		if id == course || slices.ContainsFunc(list, func(r Requirement) bool { return r.Course == id }) {
			c.Add(path, "not_unique")
			continue
		}
		r := Requirement{Course: id}
		err := db.One(tx.QueryRow(ctx, sqlOwnRequirable, tid, id).Scan(&r.Tenant, &r.Title))
		if fault.Is(err, fault.NotFound) {
			err = db.One(tx.QueryRow(ctx, sqlSharedRequirable, id, tid).Scan(&r.Tenant, &r.Title))
		}
		if fault.Is(err, fault.NotFound) {
			c.Add(path, "course_unknown")
			continue
		}
		if err != nil {
			return nil, err
		}
		round, err := demands(ctx, tx, tid, id, course)
		if err != nil {
			return nil, err
		}
		c.If(round, path, "course_circle", "title", r.Title)
		list = append(list, r)
	}
	return list, c.Err()
}

// demands tells whether from demands course, directly or by way of others: as its draft says, or as it was last published, which is what its learners meet.
func demands(ctx context.Context, tx *db.Tx, tid tenant.ID, from, course db.ID) (bool, error) {
	seen, next := map[db.ID]bool{}, []db.ID{from}
	for len(next) > 0 {
		id := next[0]
		next = next[1:]
		if id == course {
			return true, nil
		}
		if seen[id] {
			continue
		}
		seen[id] = true
		var draft, published db.JSON[[]Requirement]
		err := db.One(tx.QueryRow(ctx, sqlRequires, tid, id).Scan(&draft, &published))
		if fault.Is(err, fault.NotFound) {
			continue // of the association, which demands none of ours
		}
		if err != nil {
			return false, err
		}
		for _, r := range slices.Concat(draft.V, published.V) {
			next = append(next, r.Course)
		}
	}
	return false, nil
}

// courseIDs gives the courses of a list of requirements.
func courseIDs(list []Requirement) []db.ID {
	ids := make([]db.ID, 0, len(list))
	for _, r := range list {
		ids = append(ids, r.Course)
	}
	return ids
}

const (
	sqlOwnRequirable    = `SELECT c.tenant_id, c.title FROM course c WHERE c.tenant_id = ? AND c.id = ? AND c.latest_version_id IS NOT NULL`
	sqlSharedRequirable = `SELECT c.tenant_id, c.title FROM organisation o JOIN course c ON c.tenant_id = o.tenant_id
 WHERE o.kind = 'association' AND c.id = ? AND c.latest_version_id IS NOT NULL
 AND (c.shared = 'all' OR c.shared = 'chosen' AND EXISTS (SELECT 1 FROM course_share s
 WHERE s.tenant_id = c.tenant_id AND s.course_id = c.id AND s.member_tenant_id = ? AND s.ended_at IS NULL))`
	sqlRequires = `SELECT c.requires, v.requires FROM course c LEFT JOIN course_version v ON v.tenant_id = c.tenant_id AND v.id = c.latest_version_id
 WHERE c.tenant_id = ? AND c.id = ?`
)

// same tells whether two say the same.
func (f CourseFields) same(g CourseFields) bool {
	return f.Title == g.Title && f.Summary == g.Summary && f.Language == g.Language && f.Shared == g.Shared && f.ReviewNeeded == g.ReviewNeeded && f.Ordered == g.Ordered &&
		slices.Equal(f.Requires, g.Requires) && f.Audience == g.Audience && f.Minutes == g.Minutes && f.Cover == g.Cover && slices.Equal(f.Organisations, g.Organisations)
}
