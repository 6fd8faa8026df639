package tenant

import "time"

// Zone is the association's time zone: a "day" in every rule is a calendar day here (domain.md). Japan keeps no summer time, so a fixed offset
// is exact and needs no time zone database in the container.
var Zone = time.FixedZone("JST", 9*60*60)

const dayLayout = "2006-01-02"

// Today is the calendar day of now in the association's zone, YYYY-MM-DD.
func Today(clock func() time.Time) string { return Day(clock()) }

// Day is the calendar day on which t falls in the association's zone, YYYY-MM-DD.
func Day(t time.Time) string { return t.In(Zone).Format(dayLayout) }

// ValidDay tells whether s is a calendar day written YYYY-MM-DD, between 1900 and 2199.
func ValidDay(s string) bool {
	t, err := time.Parse(dayLayout, s)
	return err == nil && t.Year() >= 1900 && t.Year() < 2200
}

// AddDays moves a valid day by n days; an invalid day stays as it is.
func AddDays(day string, n int) string {
	t, err := time.Parse(dayLayout, day)
	if err != nil {
		return day
	}
	return t.AddDate(0, 0, n).Format(dayLayout)
}

// AddMonths moves a valid day by n months (n may be negative). A day that the month does not have becomes its last one: 31 January and a month is 28 or 29
// February. An invalid day stays as it is.
func AddMonths(day string, n int) string {
	t, err := time.Parse(dayLayout, day)
	if err != nil {
		return day
	}
	moved := t.AddDate(0, n, 0)
	if moved.Day() != t.Day() { // it ran over into the month after
		moved = moved.AddDate(0, 0, -moved.Day())
	}
	return moved.Format(dayLayout)
}

// DayStart is the moment at which a valid day begins in the association's zone; the zero time for an invalid one.
func DayStart(day string) time.Time {
	t, err := time.ParseInLocation(dayLayout, day, Zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

// DaysBetween is how many days to is after from, negative when it is before; 0 when either is no valid day.
func DaysBetween(from, to string) int {
	a, err := time.Parse(dayLayout, from)
	if err != nil {
		return 0
	}
	b, err := time.Parse(dayLayout, to)
	if err != nil {
		return 0
	}
	return int(b.Sub(a).Hours() / 24)
}
