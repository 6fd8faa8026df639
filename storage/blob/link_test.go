package blob

import (
	"testing"
	"time"
)

// No text but one that we signed, to the letter and for this purpose, opens a file.
func FuzzVerifyLink(f *testing.F) {
	s, now := newSigner([]byte("a key of the tests, 32 bytes long")), time.UnixMilli(1_775_000_000_000)
	ours, err := s.sign(purposePart, claims{Key: "7/one", Expires: now.Add(time.Hour).UnixMilli()})
	if err != nil {
		f.Fatal(err)
	}
	f.Add(purposePart, ours)
	f.Add("get", ours)
	f.Add(purposePart, ours+"=")
	f.Add(purposePart, ".")
	f.Fuzz(func(t *testing.T, purpose, token string) {
		got, err := s.verify(purpose, token, now)
		if (err == nil) != (purpose == purposePart && token == ours) {
			t.Errorf("%q for %q: %+v %v", token, purpose, got, err)
		}
	})
}
