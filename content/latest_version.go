package content

import (
	"context"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// FindLatest gives the newest published version of a course that tid may use: its own, or one of the association that is shared with all. A
// course that is not published (any more), or is somebody else's, is fault.NotFound.
func (v *Versions) FindLatest(ctx context.Context, tid tenant.ID, course db.ID) (*CourseVersion, error) {
	if tid.IsZero() {
		return nil, tenant.ErrNoTenant
	}
	var owner int64
	var latest db.ID
	err := db.One(v.db.QueryRow(ctx, sqlLatestOwn, tid, course).Scan(&owner, &latest))
	if fault.Is(err, fault.NotFound) {
		err = db.One(v.db.QueryRow(ctx, sqlLatestShared, course).Scan(&owner, &latest))
	}
	if err != nil {
		return nil, err
	}
	return v.FindVersion(ctx, tid, owner, latest)
}
