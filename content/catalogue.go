package content

import (
	"context"
	"fmt"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Offer is a published course that an organisation may choose for a round, in the version that a new round gets: the latest one of its own courses, the one it
// has taken of the association's.
type Offer struct {
	Tenant      int64 // whose course; what round.course_tenant_id holds, never shown
	Own         bool  // the organisation's own, else the association's
	Course      db.ID
	Version     db.ID
	Number      int
	Title       string
	Summary     string
	Language    string
	Audience    string // for whom it is, in words
	Minutes     int    // how long it takes, as its editor says; 0: nobody said
	LessonCount int
	DurationMS  int64
	Cover       db.ID // the picture in lists; zero: none
	PublishedAt db.Time
	Requires    []Requirement // courses that a learner must have completed before

	Newest   db.ID // the latest version; Version when there is no newer one
	NewestNo int
	NewestAt db.Time
}

// HasNewer tells that there is a version which the organisation has not taken yet.
func (o Offer) HasNewer() bool { return o.Newest != o.Version }

// OfferFilter narrows Versions.Catalogue; empty fields do not.
type OfferFilter struct {
	Q        string // in title, summary or audience, whatever its width and case
	Language string
	Owner    string // "own" or "association"
}

func (f OfferFilter) takes(o Offer) bool {
	return (f.Language == "" || f.Language == o.Language) && (f.Owner == "" || (f.Owner == "own") == o.Own) &&
		strings.Contains(tenant.Fold(o.Title+" "+o.Summary+" "+o.Audience), tenant.Fold(f.Q))
}

// Catalogue lists what tid may use in a round: its own published courses, then those the association shares with it, each by title; at most 1000 of either.
func (v *Versions) Catalogue(ctx context.Context, tid tenant.ID, f OfferFilter) ([]Offer, error) {
	all, err := v.offers(ctx, tid, "", nil)
	if err != nil {
		return nil, fmt.Errorf("catalogue: %w", err)
	}
	out := []Offer{}
	for _, o := range all {
		if f.takes(o) {
			out = append(out, o)
		}
	}
	return out, nil
}

// FindLatest gives the version of a published course that a new round of tid gets, by the course's id: the latest of its own; of a course that the association
// shares with it the one it has taken, else the latest. CourseVersion.Tenant says whose it is. Everything else is fault.NotFound.
func (v *Versions) FindLatest(ctx context.Context, tid tenant.ID, course db.ID) (*CourseVersion, error) {
	o, err := v.offer(ctx, tid, course)
	if err != nil {
		return nil, fmt.Errorf("find latest version: %w", err)
	}
	return v.FindVersion(ctx, tid, o.Tenant, o.Version)
}

// offer gives one course of the catalogue of tid; fault.NotFound when it is not there.
func (v *Versions) offer(ctx context.Context, tid tenant.ID, course db.ID) (Offer, error) {
	found, err := v.offers(ctx, tid, " AND c.id = ?", []any{course})
	if err == nil && len(found) == 0 {
		err = fault.New(fault.NotFound, "not_found")
	}
	if err != nil {
		return Offer{}, err
	}
	return found[0], nil
}

// Keep writes down that tid uses this version of a course of the association, unless it uses one already: new rounds get the same until Catalogues.Take. The
// transaction that makes a round calls it; owner, course and version are those of the CourseVersion that FindLatest gave.
func (v *Versions) Keep(ctx context.Context, tx *db.Tx, tid tenant.ID, owner int64, course, version db.ID) error {
	if owner == tid.Number() {
		return nil
	}
	return tx.InsertNew(ctx, sqlInsertCourseUse, rowInsertCourseUse, keyCourseUse, [][]any{{tid, owner, course, version, nil, db.At(v.clock())}})
}

// association gives the tenant number of the association, which never changes; 0 while there is none.
func (v *Versions) association(ctx context.Context) (int64, error) {
	if n := v.associationNumber.Load(); n != 0 {
		return n, nil
	}
	var n int64
	err := db.One(v.db.QueryRow(ctx, sqlAssociation).Scan(&n))
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	v.associationNumber.Store(n)
	return n, err
}

// offers reads the catalogue of tid; more, with its args, narrows it.
func (v *Versions) offers(ctx context.Context, tid tenant.ID, more string, args []any) ([]Offer, error) {
	if tid.IsZero() {
		return nil, tenant.ErrNoTenant
	}
	const order = " ORDER BY c.title, c.id LIMIT 1000"
	list := []Offer{}
	read := func(owner int64, query string, args []any) error {
		return db.Each(ctx, v.db, query, args, func(scan func(...any) error) error {
			o := Offer{Tenant: owner, Own: owner == tid.Number()}
			var requires db.JSON[[]Requirement]
			err := scan(&o.Course, &o.Version, &o.Number, &o.Title, &o.Summary, &o.Language, &o.Audience, &o.Minutes, &o.LessonCount, &o.DurationMS, &o.Cover, &o.PublishedAt, &requires, &o.Newest, &o.NewestNo, &o.NewestAt)
			o.Requires = requires.V
			list = append(list, o)
			return err
		})
	}
	if err := read(tid.Number(), sqlOffers+more+order, append([]any{tid}, args...)); err != nil {
		return nil, err
	}
	association, err := v.association(ctx)
	if err != nil || association == 0 || association == tid.Number() {
		return list, err
	}
	err = read(association, sqlSharedOffers+more+order, append([]any{tid, association, tid}, args...))
	return list, err
}
