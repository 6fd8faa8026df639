package content

import (
	"context"
	"fmt"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Offer is a published course that an organisation may choose for a round: the latest version of it.
type Offer struct {
	Tenant      int64 // whose course; what round.course_tenant_id holds, never shown
	Own         bool  // the organisation's own, else the association's
	Course      db.ID
	Version     db.ID
	Number      int
	Title       string
	Summary     string
	Language    string
	LessonCount int
	DurationMS  int64
	PublishedAt db.Time
}

// Catalogue lists what tid may use in a round: its own published courses, then those the association shares with all.
func (v *Versions) Catalogue(ctx context.Context, tid tenant.ID) ([]Offer, error) {
	if tid.IsZero() {
		return nil, tenant.ErrNoTenant
	}
	offers, err := v.offers(ctx, tid.Number(), true, sqlOffers+" ORDER BY c.title, c.id LIMIT 1000", tid)
	if err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	association, err := v.association(ctx)
	if err != nil || association == tid.Number() {
		return offers, err
	}
	shared, err := v.offers(ctx, association, false, sqlOffers+" AND c.shared = 'all' ORDER BY c.title, c.id LIMIT 1000", association)
	if err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	return append(offers, shared...), nil
}

// FindLatest gives the latest version of a published course that tid may use, by the course's id: its own, else one the association shares
// with all. CourseVersion.Tenant says whose it is. Everything else is fault.NotFound.
func (v *Versions) FindLatest(ctx context.Context, tid tenant.ID, course db.ID) (*CourseVersion, error) {
	if tid.IsZero() {
		return nil, tenant.ErrNoTenant
	}
	owner := tid.Number()
	latest, err := v.latest(ctx, sqlLatest, tid, course)
	if fault.Is(err, fault.NotFound) {
		if owner, err = v.association(ctx); err != nil {
			return nil, err
		}
		latest, err = v.latest(ctx, sqlLatest+" AND shared = 'all'", owner, course)
	}
	if err != nil {
		return nil, fmt.Errorf("find latest version: %w", err)
	}
	return v.FindVersion(ctx, tid, owner, latest)
}

func (v *Versions) latest(ctx context.Context, query string, args ...any) (db.ID, error) {
	var id db.ID
	err := db.One(v.db.QueryRow(ctx, query, args...).Scan(&id))
	return id, err
}

// association gives the tenant number of the association, which never changes; fault.NotFound while there is none.
func (v *Versions) association(ctx context.Context) (int64, error) {
	if n := v.associationNumber.Load(); n != 0 {
		return n, nil
	}
	var n int64
	if err := db.One(v.db.QueryRow(ctx, sqlAssociation).Scan(&n)); err != nil {
		return 0, err
	}
	v.associationNumber.Store(n)
	return n, nil
}

func (v *Versions) offers(ctx context.Context, owner int64, own bool, query string, args ...any) ([]Offer, error) {
	rows, err := v.db.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	offers := []Offer{}
	for rows.Next() {
		o := Offer{Tenant: owner, Own: own}
		if err := rows.Scan(&o.Course, &o.Version, &o.Number, &o.Title, &o.Summary, &o.Language, &o.LessonCount, &o.DurationMS, &o.PublishedAt); err != nil {
			return nil, err
		}
		offers = append(offers, o)
	}
	return offers, rows.Err()
}
