package tenant

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
)

// Recovery codes: XXXX-XXXX-XXXX. The first character says which of the ten it is, so that one slow hash checks it; the other eleven are 55 random bits.
const (
	recoveryCodes   = 10
	recoveryLetters = 12
)

func newRecoveryCodes() ([]string, error) {
	codes := make([]string, 0, recoveryCodes)
	random := make([]byte, recoveryLetters)
	for i := range recoveryCodes {
		if _, err := rand.Read(random); err != nil {
			return nil, fmt.Errorf("recovery code: %w", err)
		}
		var b strings.Builder
		for j := range random {
			if j > 0 && j%4 == 0 {
				b.WriteByte('-')
			}
			letter := typedAlphabet[random[j]&31]
			if j == 0 {
				letter = typedAlphabet[i]
			}
			b.WriteByte(letter)
		}
		codes = append(codes, b.String())
	}
	return codes, nil
}

// makeRecovery makes codes and what is stored of them. It takes ten slow hashes.
func (f *Factors) makeRecovery(ctx context.Context, tid ID, person db.ID) (codes []string, rows [][]any, err error) {
	if codes, err = newRecoveryCodes(); err != nil {
		return nil, nil, err
	}
	now := db.At(f.c.clock())
	for i, code := range codes {
		hash, err := f.c.hasher.hash(ctx, readTyped(code))
		if err != nil {
			return nil, nil, err
		}
		rows = append(rows, []any{tid, person, i, hash, now})
	}
	return codes, rows, nil
}

// putRecovery stores codes in place of those that were there.
func putRecovery(ctx context.Context, tid ID, tx *db.Tx, person db.ID, rows [][]any) error {
	if _, err := tx.Exec(ctx, sqlDeleteRecovery, tid, person); err != nil {
		return err
	}
	return tx.InsertMany(ctx, sqlInsertRecovery, "(?, ?, ?, ?, ?)", rows)
}

// RenewRecovery makes ten new recovery codes; the old ones stop working. They are in this answer only.
// It returns fault.Conflict "no_factor" for somebody without a second factor.
func (f *Factors) RenewRecovery(ctx context.Context, tid ID, p Principal) ([]string, error) {
	kinds, err := readFactorKinds(ctx, tid, f.c.db, p.Person)
	if err != nil {
		return nil, err
	}
	if !kinds.any() {
		return nil, fault.New(fault.Conflict, "no_factor")
	}
	codes, rows, err := f.makeRecovery(ctx, tid, p.Person)
	if err != nil {
		return nil, err
	}
	err = f.c.db.Tx(ctx, func(tx *db.Tx) error {
		if err := putRecovery(ctx, tid, tx, p.Person, rows); err != nil {
			return err
		}
		if err := f.c.sessions.tell(ctx, tid, tx, p.Person, "recovery_renew"); err != nil {
			return err
		}
		return f.c.audit.Append(ctx, tid, tx, Change{Action: "factor.recovery_renew", SubjectKind: "person", Subject: p.Person})
	})
	if err != nil {
		return nil, fmt.Errorf("renew recovery codes: %w", err)
	}
	return codes, nil
}

// useRecovery tells whether code is right and unused, and uses it up.
func (f *Factors) useRecovery(ctx context.Context, tid ID, person db.ID, code string) (bool, error) {
	typed := readTyped(code)
	if len(typed) != recoveryLetters {
		return false, f.c.hasher.waste(ctx, typed)
	}
	number := strings.IndexByte(typedAlphabet, typed[0])
	var hash string
	err := db.One(f.c.db.QueryRow(ctx, sqlFindRecovery, tid, person, number).Scan(&hash))
	if fault.Is(err, fault.NotFound) {
		return false, f.c.hasher.waste(ctx, typed)
	} else if err != nil {
		return false, err
	}
	right, _, err := f.c.hasher.check(ctx, hash, typed)
	if err != nil || !right {
		return false, err
	}
	return oneChanged(f.c.db.Exec(ctx, sqlUseRecovery, db.At(f.c.clock()), tid, person, number, hash))
}

// oneChanged tells whether a statement changed a row.
func oneChanged(r sql.Result, err error) (bool, error) {
	if err != nil {
		return false, err
	}
	n, err := r.RowsAffected()
	return n == 1, err
}

// one is oneChanged for what must be there: fault.NotFound when it is not.
func one(r sql.Result, err error) error {
	if done, err := oneChanged(r, err); err != nil || done {
		return err
	}
	return fault.New(fault.NotFound, "not_found")
}
