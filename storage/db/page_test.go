package db

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"kenshu/fault"
)

// A cursor from outside is refused as a wrong input or gives as many values as were asked for, and those make a cursor again.
func FuzzReadCursor(f *testing.F) {
	f.Add(Cursor("たなか", "0197b5e2-0000-7000-8000-000000000001"), 2)
	f.Add("W10", 0)
	f.Add("bnVsbA", 1)
	f.Add("WzEsMl0", 2)
	f.Fuzz(func(t *testing.T, cursor string, n int) {
		values, err := ReadCursor(cursor, n)
		var refused *fault.Error
		if err != nil {
			if !errors.As(err, &refused) || refused.Kind != fault.Invalid {
				t.Errorf("not a refusal: %v", err)
			}
			return
		}
		if cursor == "" {
			return
		}
		if again, err := ReadCursor(Cursor(values...), n); err != nil || len(values) != n || !slices.Equal(again, values) {
			t.Errorf("%q gives %q, then %q, %v", cursor, values, again, err)
		}
	})
}

// A text is an id only in the way an id is written: 36 characters, letters of either case.
func FuzzParseID(f *testing.F) {
	f.Add("0197b5e2-0000-7000-8000-000000000001")
	f.Add("0197B5E2-0000-7000-8000-000000000001")
	f.Add("{0197b5e2-0000-7000-8000-000000000001}")
	f.Add("urn:uuid:0197b5e2-0000-7000-8000-000000000001")
	f.Add("0197b5e2000070008000000000000001")
	f.Fuzz(func(t *testing.T, text string) {
		if id, err := ParseID(text); err == nil && !strings.EqualFold(id.String(), text) {
			t.Errorf("%q is %s", text, id)
		}
	})
}
