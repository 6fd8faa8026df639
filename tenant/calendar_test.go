package tenant_test

import (
	"encoding/json"
	"os"
	"testing"
	"time"

	"kenshu/tenant"
)

// The day changes at 15:00 UTC, which is midnight in Tokyo.
func TestDayIsTokyos(t *testing.T) {
	for moment, want := range map[time.Time]string{
		time.Date(2026, 3, 31, 14, 59, 59, 0, time.UTC): "2026-03-31",
		time.Date(2026, 3, 31, 15, 0, 0, 0, time.UTC):   "2026-04-01",
		time.Date(2028, 2, 28, 15, 0, 0, 0, time.UTC):   "2028-02-29",
	} {
		if got := tenant.Day(moment); got != want {
			t.Errorf("%s is %s, want %s", moment, got, want)
		}
		if got := tenant.Today(func() time.Time { return moment }); got != want {
			t.Errorf("today at %s is %s, want %s", moment, got, want)
		}
	}
	if got := tenant.DayStart("2026-04-01"); !got.Equal(time.Date(2026, 3, 31, 15, 0, 0, 0, time.UTC)) {
		t.Errorf("1 April begins at %s", got)
	}
}

func TestDays(t *testing.T) {
	for day, want := range map[string]bool{
		"2026-04-01": true, "2028-02-29": true, "2026-02-29": false, "2026-4-1": false, "2026/04/01": false, "": false, "1899-12-31": false, "2200-01-01": false, "2026-04-01 ": false,
	} {
		if got := tenant.ValidDay(day); got != want {
			t.Errorf("ValidDay(%q) = %t", day, got)
		}
	}
	for _, c := range []struct {
		day  string
		n    int
		want string
	}{{"2026-03-31", 1, "2026-04-01"}, {"2028-03-01", -1, "2028-02-29"}, {"2026-12-31", 3, "2027-01-03"}} {
		if got := tenant.AddDays(c.day, c.n); got != c.want {
			t.Errorf("AddDays(%s, %d) = %s, want %s", c.day, c.n, got, c.want)
		}
	}
}

// Reminders and pages count days by one rule: the page's test reads the same table.
func TestDaysLeft(t *testing.T) {
	text, err := os.ReadFile("../frontend/src/lib/days-left.json")
	if err != nil {
		t.Fatal(err)
	}
	var cases []struct {
		Now  time.Time `json:"now"`
		Due  string    `json:"due"`
		Days int       `json:"days"`
	}
	if err := json.Unmarshal(text, &cases); err != nil || len(cases) < 8 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	for _, c := range cases {
		if got := tenant.DaysBetween(tenant.Day(c.Now), c.Due); got != c.Days {
			t.Errorf("%s seen at %s: %d days, want %d", c.Due, c.Now, got, c.Days)
		}
	}
}
