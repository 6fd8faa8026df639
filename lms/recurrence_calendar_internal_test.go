package lms

import (
	"fmt"
	"strings"
	"testing"

	"kenshu/tenant"
)

func TestWindowsOfRecurrences(t *testing.T) {
	for _, c := range []struct {
		day    string
		months int
		want   string
	}{
		{"2026-04-01", 12, "2027-04-01"}, {"2026-01-31", 1, "2026-02-28"}, {"2026-01-31", 2, "2026-03-31"}, {"2028-01-31", 1, "2028-02-29"},
		{"2028-02-29", 12, "2029-02-28"}, {"2028-02-29", 48, "2032-02-29"}, {"2026-02-28", 24, "2028-02-29"}, {"2027-02-28", 1, "2027-03-31"},
		{"2026-04-30", 1, "2026-05-31"}, {"2026-01-30", 1, "2026-02-28"}, {"2026-01-30", 2, "2026-03-30"}, {"2026-12-15", 1, "2027-01-15"}, {"2026-11-30", 3, "2027-02-28"},
	} {
		if got := moveDay(c.day, c.months); got != c.want {
			t.Errorf("%s and %d months: %s, want %s", c.day, c.months, got, c.want)
		}
	}
	// Days keep their order, and stay on their day or the last of the month.
	for first, d := range daysFrom(t, "2027-12-25", 400) {
		for _, months := range []int{1, 3, 6, 12} {
			for _, span := range []int{0, 1, 28, 40, 364} {
				last := tenant.AddDays(d, span)
				for step := 1; step <= 14; step++ {
					s, e := moveDay(d, months*step), moveDay(last, months*step)
					if s > e || !tenant.ValidDay(s) || s <= d {
						t.Fatalf("day %d: %s to %s and %d×%d months: %s to %s", first, d, last, step, months, s, e)
					}
					if s[8:] != d[8:] && !lastOfMonth(s) {
						t.Fatalf("%s became %s", d, s)
					}
				}
			}
		}
	}
}

func daysFrom(t *testing.T, day string, n int) []string {
	t.Helper()
	out := make([]string, n)
	for i := range out {
		out[i] = tenant.AddDays(day, i)
	}
	return out
}

// Nobody's turn comes twice in one batch, whatever the fiscal year: a turn and the earliest one after it lie in different windows, and each day in its own.
func TestBatchesOfTurns(t *testing.T) {
	for first := 1; first <= 12; first++ {
		f := fiscalYear{first}
		for months := 1; months <= MaxRecurMonths; months++ {
			for _, day := range daysFrom(t, "2027-12-20", 430) {
				begins, ends := f.batch(day, months)
				if day < begins || day > ends {
					t.Fatalf("month %d, %s: batch %s to %s", first, day, begins, ends)
				}
				next := tenant.AddMonths(day, months)
				if again, _ := f.batch(next, months); again <= ends {
					t.Fatalf("month %d, every %d: %s and %s are both in the batch of %s", first, months, day, next, begins)
				}
				if months >= 12 && begins != fmt.Sprintf("%d-%02d-01", f.of(day), first) {
					t.Fatalf("month %d: the batch of %s begins on %s, the fiscal year %d", first, day, begins, f.of(day))
				}
			}
		}
	}
}

func TestTitlesOfRecurrences(t *testing.T) {
	for _, c := range []struct {
		first          int
		title          string
		from, to, want string
		months         int
	}{
		{4, "2026年度 個人情報保護研修", "2026-04-01", "2027-04-01", "2027年度 個人情報保護研修", 12},
		{4, "2025年度 個人情報保護研修", "2026-02-01", "2027-02-01", "2026年度 個人情報保護研修", 12},
		{4, "研修 2026年2月", "2026-02-01", "2027-02-01", "研修 2027年2月", 12},
		{1, "2026年度 個人情報保護研修", "2026-02-01", "2027-02-01", "2027年度 個人情報保護研修", 12},
		{4, "令和8年度 研修", "2026-04-01", "2027-04-01", "令和9年度 研修", 12},
		{4, "令和元年度 研修", "2019-04-01", "2020-04-01", "令和2年度 研修", 12},
		{4, "個人情報保護研修", "2026-04-01", "2027-04-01", "個人情報保護研修 2027年度", 12},
		{4, "個人情報保護研修 2027年度", "2027-04-01", "2028-04-01", "個人情報保護研修 2028年度", 12},
		{4, "Privacy", "2026-04-01", "2027-04-01", "Privacy FY2027", 12},
		{4, "ISO 27001 とISO 2002", "2026-04-01", "2027-04-01", "ISO 27001 とISO 2002 2027年度", 12},
		{4, "標的型メール訓練", "2026-04-01", "2026-05-01", "標的型メール訓練（2026年5月）", 1},
		{4, "標的型メール訓練（2026年12月）", "2026-12-01", "2027-01-01", "標的型メール訓練（2027年1月）", 1},
		{4, "Drill (2026-12)", "2026-12-01", "2027-03-01", "Drill (2027-03)", 3},
		{4, strings.Repeat("長", MaxTitle), "2026-04-01", "2027-04-01", strings.Repeat("長", MaxTitle-7) + " 2027年度", 12},
	} {
		if got := (fiscalYear{c.first}).nextTitle(c.title, c.from, c.to, c.months); got != c.want {
			t.Errorf("%q: %q, want %q", c.title, got, c.want)
		}
	}
}

// The statement that tells a decision from what the system did names the same reasons as the rule.
func TestTurnsKnowTheReasonsOfTheSystem(t *testing.T) {
	if want := "NOT IN ('" + strings.Join(systemReasons, "', '") + "')"; !strings.Contains(sqlTurns, want) {
		t.Errorf("sqlTurns does not say %s", want)
	}
}
