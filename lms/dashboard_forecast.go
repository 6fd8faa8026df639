package lms

import "kenshu/tenant"

// PaceDays is how many days back the pace of a forecast looks.
const PaceDays = 14

// Forecast is what is to be expected of an open round that goes on as in the last days: Recent completions in Days days, and so on until the last of those
// who are left is due. Late is how many of those whose own due day is still to come will let it pass, when people finish in the order of their due days. It
// is a plain extension, no promise; who is on leave is not waited for.
type Forecast struct {
	Days     int    // the days that the pace is taken from
	Recent   int    // how many completed in them
	Until    string // the last due day of those who are left
	DaysLeft int    // until then; 0: today
	Late     int
}

// forecast gives nothing for a round that has not begun, or that has nobody left whose due day is still to come. before is how many had completed at the
// end of each earlier day.
func forecast(r RoundRow, before map[string]int, today string) *Forecast {
	if r.Dues.Next == "" || r.StartsOn > today {
		return nil
	}
	f := Forecast{Days: min(PaceDays, tenant.DaysBetween(r.StartsOn, today)+1), Until: r.Dues.Last, DaysLeft: tenant.DaysBetween(today, r.Dues.Last)}
	f.Recent = max(0, r.Completed-before[tenant.AddDays(today, -f.Days)])
	earlier := 0 // how many finish before
	for _, due := range r.Dues.days {
		if due.day >= today {
			days := tenant.DaysBetween(today, due.day) + 1 // on which people can finish: today and the due day too
			f.Late += due.n - min(due.n, max(0, f.Recent*days/f.Days-earlier))
		}
		earlier += due.n
	}
	return &f
}
