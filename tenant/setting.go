package tenant

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
)

// Settings keeps what an organisation has chosen, one JSON value a name.
type Settings struct {
	db    *db.DB
	clock func() time.Time
}

// NewSettings makes the service.
func NewSettings(d *db.DB, clock func() time.Time) *Settings { return &Settings{db: d, clock: clock} }

const (
	sqlFindSetting   = `SELECT value FROM setting WHERE tenant_id = ? AND name = ?`
	sqlInsertSetting = `INSERT INTO setting (tenant_id, name, value, updated_at) VALUES (?, ?, ?, ?)`
)

// Find reads the value under name into v and tells whether there was one; without one v stays as it is, which is where its default stands.
func (s *Settings) Find(ctx context.Context, tid ID, name string, v any) (bool, error) {
	var text string
	err := db.One(s.db.QueryRow(ctx, sqlFindSetting, tid, name).Scan(&text))
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("find setting: %w", err)
	}
	return true, json.Unmarshal([]byte(text), v)
}

// Set keeps v under name.
func (s *Settings) Set(ctx context.Context, tid ID, name string, v any) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("set setting: %w", err)
	}
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		return tx.Upsert(ctx, sqlInsertSetting, "tenant_id, name", "value, updated_at", tid, name, string(text), db.At(s.clock()))
	})
}
