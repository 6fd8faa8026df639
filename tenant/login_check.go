package tenant

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kenshu/storage/db"
)

// KindLoginCheck is the scheduled job that looks at login IDs nobody has looked at since their person changed.
const KindLoginCheck = "credential.login_check"

// loginRules is the version of LoginIDReasons and stemOf: raise it when they judge otherwise, and everybody is looked at again.
const loginRules = 1

// The values of login_check.weak.
const (
	loginGood   = 0
	loginWeak   = 1
	loginSeries = 2 // good by itself, but one of seriesFrom or more with the same stem
)

// seriesFrom is how many login IDs with the same beginning and figures behind it make a series: who knows one knows the others.
const seriesFrom = 3

func loginBasis(ctx context.Context, tid ID, r db.Runner) (string, error) {
	var version int64
	err := db.One(r.QueryRow(ctx, sqlLoginBasis, tid).Scan(&version))
	return fmt.Sprintf("%d/%d", loginRules, version), err
}

// stemOf is a login key without the figures at its end; "" without figures.
func stemOf(key string) string {
	stem := strings.TrimRight(key, "0123456789")
	if stem == key {
		return ""
	}
	return stem
}

// Check looks at the login IDs of people who changed since it looked last, or of all when the rules or the organisation's name did, and tells how many
// those were. It may run twice at once.
func (s *Concerns) Check(ctx context.Context, tid ID) (int, error) {
	basis, err := loginBasis(ctx, tid, s.db)
	if err != nil {
		return 0, err
	}
	head, err := s.people.LoginHead(ctx, tid, "", "")
	if err != nil {
		return 0, err
	}
	done := 0
	after := any(db.Everyone{})
	for {
		rows, last, err := s.judge(ctx, tid, after, basis, head)
		if err != nil || len(rows) == 0 {
			if err == nil && done > 0 {
				err = s.markSeries(ctx, tid)
			}
			return done, err
		}
		err = s.db.Tx(ctx, func(tx *db.Tx) error {
			return tx.UpsertMany(ctx, sqlInsertCheck, rowInsertCheck, "tenant_id, person_id", "person_version, basis, reasons, stem, weak", rows)
		})
		if err != nil && !db.IsReference(err) { // somebody of these was deleted meanwhile: the next run does the others
			return done, fmt.Errorf("check login ids: %w", err)
		}
		done, after = done+len(rows), last
	}
}

// judge works out one batch of rows.
func (s *Concerns) judge(ctx context.Context, tid ID, after any, basis string, head SlipHead) (rows [][]any, last db.ID, err error) {
	err = db.Each(ctx, s.db, sqlUnchecked, []any{tid, after, basis}, func(scan func(...any) error) error {
		var version int64
		var key string
		who := Subject{Organisation: head.Organisation, Code: head.Code}
		if err := scan(&last, &version, &who.Name, &who.Kana, &who.LoginID, &key, &who.EmployeeNumber, &who.Email); err != nil {
			return err
		}
		reasons, weak := []string{}, loginGood
		for _, f := range LoginIDReasons(who.LoginID, who) {
			reasons, weak = append(reasons, f.Key), loginWeak
		}
		rows = append(rows, []any{tid, last, version, basis, Clip(strings.Join(reasons, " "), 255), stemOf(key), weak})
		return nil
	})
	return rows, last, err
}

// markSeries marks login IDs that are good by themselves and one of a series, and unmarks those that are no longer.
func (s *Concerns) markSeries(ctx context.Context, tid ID) error {
	stems := func(r db.Runner, query string, args ...any) (list []any, err error) {
		err = db.Each(ctx, r, query, args, func(scan func(...any) error) error {
			var stem string
			err := scan(&stem)
			list = append(list, stem)
			return err
		})
		return list, err
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		now, err := stems(tx, sqlCommonStems, tid, seriesFrom)
		if err != nil {
			return err
		}
		before, err := stems(tx, sqlSeriesStems, tid)
		if err != nil {
			return err
		}
		over := slices.DeleteFunc(before, func(stem any) bool { return slices.Contains(now, stem) })
		for _, set := range []struct {
			to, from int
			stems    []any
		}{{loginSeries, loginGood, now}, {loginGood, loginSeries, over}} {
			for part := range slices.Chunk(set.stems, 500) {
				cond := db.Where("tenant_id = ?", tid).And("weak = ?", set.from).In("stem", part)
				if _, err := tx.Exec(ctx, sqlSetSeries+cond.SQL(), append([]any{set.to}, cond.Args()...)...); err != nil {
					return fmt.Errorf("mark series: %w", err)
				}
			}
		}
		return nil
	})
}

// CheckJob is the handler of KindLoginCheck.
func (s *Concerns) CheckJob(ctx context.Context, _ db.Job, report func(int64, int64)) error {
	var tenants []int64
	err := db.Each(ctx, s.db, sqlUncheckedAll, nil, func(scan func(...any) error) error {
		var n int64
		err := scan(&n)
		tenants = append(tenants, n)
		return err
	})
	for i, n := range tenants {
		if err != nil {
			return err
		}
		_, err = s.Check(ctx, System(n, "login check job"))
		report(int64(i+1), int64(len(tenants)))
	}
	return err
}
