package tenant

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
)

// MasterKeyTable has the row by which a database knows its master key. Opening an empty one writes it, and it does not keep a restore from it.
const MasterKeyTable = "master_key"

const (
	sqlMasterKey       = `SELECT key_id, noted_at FROM master_key WHERE slot = 1`
	sqlCountOneTime    = `SELECT COUNT(*) FROM credential WHERE kind = 'one_time'`
	sqlCountTOTP       = `SELECT COUNT(*) FROM second_factor`
	sqlInsertMasterKey = `INSERT INTO master_key (slot, key_id, noted_at) VALUES (1, ?, ?)`
)

// ErrOtherMasterKey means that the database was served under another master key. A few seconds of serving would chain the logs with the wrong one, which cannot be taken back.
var ErrOtherMasterKey = errors.New("this database was served under another master key: set KENSHU_SECRET to that one, or bring back the file secret of the data directory. " +
	"If it is lost for good, see what that means with: kenshu key")

// MasterKeys notes under which master key the database is served, so that a wrong or lost one is noticed before it does harm. It knows keys by ids that do not tell them.
type MasterKeys struct {
	db    *db.DB
	clock func() time.Time
}

// NewMasterKeys makes the service.
func NewMasterKeys(d *db.DB, clock func() time.Time) *MasterKeys { return &MasterKeys{d, clock} }

// Noted gives the id of the key that the database was served under, and since when; "" when none was noted, or the schema is older than the note.
func (m *MasterKeys) Noted(ctx context.Context) (id string, since db.Time, err error) {
	if there, err := m.db.HasTable(ctx, MasterKeyTable); err != nil || !there {
		return "", db.Time{}, err
	}
	return m.noted(ctx)
}

// noted is Noted where the table is there.
func (m *MasterKeys) noted(ctx context.Context) (id string, since db.Time, err error) {
	err = db.One(m.db.QueryRow(ctx, sqlMasterKey).Scan(&id, &since))
	if fault.Is(err, fault.NotFound) {
		return "", db.Time{}, nil
	}
	if err != nil {
		err = fmt.Errorf("look up the master key's id: %w", err)
	}
	return id, since, err
}

// Check answers ErrOtherMasterKey when the database was served under another key than the one called id.
func (m *MasterKeys) Check(ctx context.Context, id string) error {
	noted, since, err := m.Noted(ctx)
	return otherKey(id, noted, since, err)
}

// CheckServed is Check, in one short query, for who serves: meanwhile another key may have been accepted.
func (m *MasterKeys) CheckServed(ctx context.Context, id string) error {
	noted, since, err := m.noted(ctx)
	return otherKey(id, noted, since, err)
}

func otherKey(id, noted string, since db.Time, err error) error {
	if err != nil || noted == "" || noted == id {
		return err
	}
	return fmt.Errorf("%w (since %s, the key with id %s)", ErrOtherMasterKey, since.UTC().Format(time.RFC3339), noted)
}

// Note is Check, and notes the key for a database that knows none yet: one that was not served, or only before keys were noted. Of the latter log tells whether the key is its own.
// Of two that start at once with different keys the second is refused.
func (m *MasterKeys) Note(ctx context.Context, id string, log *Audit) error {
	noted, _, err := m.Noted(ctx)
	if err != nil {
		return err
	}
	if noted == "" {
		if same, err := log.SealedByThis(ctx); err != nil {
			return err
		} else if !same {
			return fmt.Errorf("%w (its log was sealed under another than the one with id %s)", ErrOtherMasterKey, id)
		}
		if _, err := m.db.Exec(ctx, sqlInsertMasterKey, id, db.At(m.clock())); err != nil && !db.IsDuplicate(err) {
			return fmt.Errorf("note the master key's id: %w", err)
		}
	}
	return m.Check(ctx, id)
}

// KeyBound counts what another master key makes void, in all organisations.
type KeyBound struct {
	OneTime        int // one-time passwords
	Authenticators int // authenticator apps
}

// Bound counts what is bound to the noted key.
func (m *MasterKeys) Bound(ctx context.Context) (b KeyBound, err error) {
	if err = db.One(m.db.QueryRow(ctx, sqlCountOneTime).Scan(&b.OneTime)); err == nil {
		err = db.One(m.db.QueryRow(ctx, sqlCountTOTP).Scan(&b.Authenticators))
	}
	return b, err
}

// Accept notes the key whatever was noted before: the operator's word that the one before is lost.
func (m *MasterKeys) Accept(ctx context.Context, id string) error {
	return m.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Upsert(ctx, sqlInsertMasterKey, "slot", "key_id, noted_at", id, db.At(m.clock())); err != nil {
			return fmt.Errorf("accept the master key: %w", err)
		}
		return nil
	})
}
