package tenant

import (
	"context"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
)

const (
	sqlAddedPasskeys  = `SELECT f.person_id, p.name, 'passkey', f.name, f.created_at, f.used_at FROM passkey f JOIN person p ON p.tenant_id = f.tenant_id AND p.id = f.person_id`
	sqlAddedTOTP      = `SELECT f.person_id, p.name, 'totp', '', f.created_at, f.used_at FROM second_factor f JOIN person p ON p.tenant_id = f.tenant_id AND p.id = f.person_id`
	sqlRemovePasskeys = `DELETE FROM passkey`
	sqlRemoveTOTP     = `DELETE FROM second_factor`
	sqlRemoveRecovery = `DELETE FROM recovery_code`
)

// AddedFactor is a second factor that somebody has had since a day. Whoever knew their password then may have added it.
type AddedFactor struct {
	Person    db.ID
	Name      string // of the person
	Kind      string // passkey, totp
	Label     string // what a passkey is called
	CreatedAt db.Time
	UsedAt    db.Time
}

// maxSuspects is how many people one look or act may name.
const maxSuspects = 500

// AddedFactors lists the second factors that people have had since a moment, the newest first. It returns fault.Invalid for too many people; an id that is
// nobody here has none.
func (s *SlipBatches) AddedFactors(ctx context.Context, tid ID, ids []db.ID, since db.Time) ([]AddedFactor, error) {
	if len(ids) == 0 || len(ids) > maxSuspects {
		return nil, fault.New(fault.Invalid, "invalid")
	}
	list := []AddedFactor{}
	for _, query := range []string{sqlAddedPasskeys, sqlAddedTOTP} {
		cond := db.Where("f.tenant_id = ?", tid).In("f.person_id", db.Args(ids)).And("f.created_at >= ?", since)
		err := db.Each(ctx, s.db, query+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
			var f AddedFactor
			err := scan(&f.Person, &f.Name, &f.Kind, &f.Label, &f.CreatedAt, &f.UsedAt)
			list = append(list, f)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("added factors: %w", err)
		}
	}
	slices.SortFunc(list, func(a, b AddedFactor) int { return b.CreatedAt.Compare(a.CreatedAt.Time) })
	return list, nil
}

// removeAdded takes from people the second factors that they have had since a moment, and the recovery codes made since then. It returns who lost one.
func (s *SlipBatches) removeAdded(ctx context.Context, tid ID, tx *db.Tx, ids []db.ID, since db.Time) ([]db.ID, error) {
	lost := map[db.ID]bool{}
	for query, from := range map[string]string{sqlAddedPasskeys: sqlRemovePasskeys, sqlAddedTOTP: sqlRemoveTOTP} {
		cond := db.Where("f.tenant_id = ?", tid).In("f.person_id", db.Args(ids)).And("f.created_at >= ?", since)
		if err := db.Each(ctx, tx.Locking(), query+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
			var f AddedFactor
			err := scan(&f.Person, &f.Name, &f.Kind, &f.Label, &f.CreatedAt, &f.UsedAt)
			lost[f.Person] = true
			return err
		}); err != nil {
			return nil, err
		}
		gone := db.Where("tenant_id = ?", tid).In("person_id", db.Args(ids)).And("created_at >= ?", since)
		if _, err := tx.Exec(ctx, from+gone.SQL(), gone.Args()...); err != nil {
			return nil, err
		}
	}
	codes := db.Where("tenant_id = ?", tid).In("person_id", db.Args(ids)).And("created_at >= ?", since)
	if _, err := tx.Exec(ctx, sqlRemoveRecovery+codes.SQL(), codes.Args()...); err != nil {
		return nil, err
	}
	people := sortedIDs(lost)
	changes := make([]Change, 0, len(people))
	for _, id := range people {
		changes = append(changes, Change{Action: "factor.remove_added", SubjectKind: "person", Subject: id, Detail: map[string]any{"since": Day(since.Time)}})
		if err := s.people.sessions.tell(ctx, tid, tx, id, "reset"); err != nil {
			return nil, err
		}
	}
	return people, s.audit.AppendMany(ctx, tid, tx, changes)
}
