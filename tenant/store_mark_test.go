package tenant_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/blob"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// hiccup is a store that does not answer, or breaks off in the middle of the mark.
type hiccup struct {
	blob.Objects
	answer io.Reader // nil: it does not answer
}

func (h *hiccup) Open(context.Context, string, int64, int64) (io.ReadCloser, blob.Info, error) {
	if h.answer == nil {
		return nil, blob.Info{}, fault.New(fault.Unavailable, "storage_away")
	}
	return io.NopCloser(h.answer), blob.Info{}, nil
}

// A store that does not answer, or breaks off, says nothing about whose it is: nobody is told to adopt it.
func TestAHiccupOfTheStoreIsNoOtherMark(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		store, err := blob.Open(t.Context(), blob.Config{Dir: t.TempDir(), ContentURL: "http://localhost:8081", Key: make([]byte, 32), AppOrigin: "http://localhost:8080"})
		if err != nil {
			t.Fatal(err)
		}
		h := &hiccup{Objects: store}
		marks := tenant.NewStoreMarks(d, h, kit.NewClock().Now)
		for what, answer := range map[string]io.Reader{"away": nil, "broken off": io.MultiReader(strings.NewReader(`{"id":"`), iotest.ErrReader(io.ErrUnexpectedEOF))} {
			h.answer = answer
			if err := marks.Check(t.Context()); err == nil || errors.Is(err, tenant.ErrStoreOfOther) {
				t.Errorf("%s: %v", what, err)
			}
		}
		h.answer = strings.NewReader("{")
		if err := marks.Check(t.Context()); !errors.Is(err, tenant.ErrStoreOfOther) {
			t.Errorf("no mark at all: %v", err)
		}
	})
}
