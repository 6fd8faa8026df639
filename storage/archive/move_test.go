package archive_test

import (
	"context"
	"errors"
	"testing"

	"kenshu/rig/kit"
	"kenshu/storage/archive"
	"kenshu/storage/blob"
	"kenshu/storage/db"
)

// A target that could not be prepared is as free for another move as it was.
func TestATargetThatCannotBePreparedStaysFree(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		store, err := blob.Open(t.Context(), blob.Config{Dir: t.TempDir(), ContentURL: "http://localhost:8081", Key: make([]byte, 32), AppOrigin: "http://localhost:8080"})
		if err != nil {
			t.Fatal(err)
		}
		full := errors.New("the disk is full")
		to := archive.Target{DB: d, Objects: store, Prepare: func(context.Context, bool) error { return full }}
		if _, err := archive.Copy(t.Context(), archive.Target{DB: d}, to); !errors.Is(err, full) {
			t.Errorf("copied: %v", err)
		}
		if state, err := d.Transfer(t.Context(), "another"); err != nil || state != db.TransferNone {
			t.Errorf("another move finds %v: %v", state, err)
		}
		if err := d.CheckWhole(t.Context()); err != nil {
			t.Errorf("a start: %v", err)
		}
	})
}
