package lms

import (
	"testing"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// TestKindOfPost: a post by itself is no further one, whether or not anybody marked it as the main one.
func TestKindOfPost(t *testing.T) {
	day, home, office := db.NewID(), db.NewID(), db.NewID()
	for name, c := range map[string]struct {
		posts []tenant.Post
		want  []string
	}{
		"only": {[]tenant.Post{{Department: day, StartsOn: "2026-04-01"}}, []string{""}},
		"main": {[]tenant.Post{{Department: day, StartsOn: "2026-04-01", Main: true}}, []string{"主務"}},
		"one after another": {[]tenant.Post{
			{Department: home, StartsOn: "2026-04-01"}, {Department: day, StartsOn: "2025-04-01", EndsOn: "2026-03-31"},
		}, []string{"", ""}},
		"at the same time": {[]tenant.Post{
			{Department: home, StartsOn: "2026-04-01", Main: true}, {Department: day, StartsOn: "2025-04-01", EndsOn: "2026-04-01"},
			{Department: office, StartsOn: "2024-04-01", EndsOn: "2025-03-31"},
		}, []string{"主務", "兼務", ""}},
	} {
		t.Run(name, func(t *testing.T) {
			for i, row := range (Ledger{Posts: c.posts}).posts(ledgerWords["ja"]) {
				if got := row[3]; got != c.want[i] {
					t.Errorf("post %d is %q, not %q", i, got, c.want[i])
				}
			}
		})
	}
}
