package cache

import (
	"encoding/gob"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
)

const snapshotVersion = 1

// snapshot is what survives a graceful restart of an embedded installation. It is removed as soon as it is read: after a crash
// people sign in again, and a session that was ended in between cannot come back.
type snapshot struct {
	Version        int
	Values, Limits []record
}

type record struct {
	Key     string
	Value   []byte
	Expires int64
}

// save writes the living entries beside path and renames, so that a half-written file is never read.
func (m *memory) save(path string) error {
	now := m.clock().UnixMicro()
	file, err := os.CreateTemp(filepath.Dir(path), filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return fmt.Errorf("cache snapshot: %w", err)
	}
	defer func() { _ = os.Remove(file.Name()) }() // already renamed when all went well
	err = gob.NewEncoder(file).Encode(snapshot{Version: snapshotVersion, Values: m.values.records(now), Limits: m.limits.records(now)})
	if err == nil {
		err = file.Sync()
	}
	if err = errors.Join(err, file.Close()); err != nil {
		return fmt.Errorf("cache snapshot: %w", err)
	}
	if err := os.Rename(file.Name(), path); err != nil {
		return fmt.Errorf("cache snapshot: %w", err)
	}
	return nil
}

// load takes the entries of the snapshot at path and removes the file. A damaged one is removed with a warning: it costs
// people a log-in, not the start.
func (m *memory) load(path string) error {
	file, err := os.Open(path) //nolint:gosec // the operator's own setting
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("cache snapshot: %w", err)
	}
	var s snapshot
	decoded := gob.NewDecoder(io.LimitReader(file, 2*MaxBytes)).Decode(&s)
	_ = file.Close()
	if err := os.Remove(path); err != nil {
		return fmt.Errorf("cache snapshot: %w", err)
	}
	if decoded != nil || s.Version != snapshotVersion {
		slog.Warn("cache snapshot could not be read; everybody signs in again", "version", s.Version, "error", decoded)
		return nil
	}
	now := m.clock().UnixMicro()
	m.values.restore(s.Values, now)
	m.limits.restore(s.Limits, now)
	return nil
}

func (t *table) records(now int64) []record {
	list := make([]record, 0, len(t.entries))
	for _, e := range t.entries {
		if e.expires > now {
			list = append(list, record{e.key, e.value, e.expires})
		}
	}
	return list
}

func (t *table) restore(list []record, now int64) {
	for _, r := range list {
		if r.Expires > now {
			t.put(r.Key, append([]byte{}, r.Value...), now, r.Expires)
		}
	}
}
