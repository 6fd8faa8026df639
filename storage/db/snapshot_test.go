package db_test

import (
	"testing"

	"kenshu/rig/kit"
	"kenshu/storage/db"
)

// A snapshot does not see what others commit while it runs, and does not keep them from committing.
func TestSnapshotIsOneMoment(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		count := func(r db.Runner) (n int) {
			if err := r.QueryRow(t.Context(), "SELECT COUNT(*) FROM job").Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		enqueue := func(slot string) {
			err := d.Tx(t.Context(), func(tx *db.Tx) error {
				return tx.EnqueueMany(t.Context(), kit.NewClock().Now(), []db.Job{{Kind: "test", Slot: slot}, {Kind: "test", Slot: "same"}})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		enqueue("first")
		err := d.Snapshot(t.Context(), func(r db.Runner) error {
			before := count(r)
			enqueue("second")
			if after := count(r); before != 2 || after != before {
				t.Errorf("the snapshot saw %d jobs, then %d", before, after)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := count(d); n != 3 { // "same" was there already
			t.Errorf("%d jobs afterwards, want 3", n)
		}
	})
}
