package lms

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Occurrence is one turn of a training that repeats by the calendar.
type Occurrence struct {
	Title      string
	StartsOn   string
	DeadlineOn string
}

// moveDay moves a day of a round by months. A day that its month does not have becomes the last one, and the last day of a month stays one: 28 February
// becomes 31 March, and 29 February of a leap year.
func moveDay(day string, months int) string {
	moved := tenant.AddMonths(day, months)
	if lastOfMonth(day) {
		return monthEnd(moved)
	}
	return moved
}

func lastOfMonth(day string) bool { return tenant.AddDays(day, 1)[8:] == "01" }

func monthEnd(day string) string {
	return tenant.AddDays(tenant.AddMonths(day[:8]+"01", 1), -1)
}

// nextWindow moves the days of a round by whole years until its deadline is still to come.
func nextWindow(startsOn, deadlineOn, today string) (string, string) {
	step := firstStep(deadlineOn, 12, 1, today)
	return moveDay(startsOn, 12*step), moveDay(deadlineOn, 12*step)
}

// firstStep is the first step from one on, of so many months each, with which a window's deadline is today or later.
func firstStep(deadlineOn string, months, from int, today string) int {
	step := from
	for step < maxSteps && moveDay(deadlineOn, step*months) < today {
		step++
	}
	return step
}

// maxSteps ends a search among windows; 200 years of months.
const maxSteps = 2400

// batch gives the window of the round that gathers the people whose turn comes on a day, where they repeat every so many months: the part of the
// fiscal year, a whole one where a cycle has a year. Nobody's turn comes twice in one window: the windows are no longer than the cycle, and
// each turn is at least a cycle after the one before.
func (f fiscalYear) batch(day string, months int) (first, last string) {
	length := 1
	for _, l := range []int{12, 6, 3} {
		if months >= l {
			length = l
			break
		}
	}
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day, day
	}
	since := (int(t.Month()) - f.FirstMonth + 12) % length
	first = tenant.AddMonths(day[:8]+"01", -since)
	return first, tenant.AddDays(tenant.AddMonths(first, length), -1)
}

// readFiscalYear reads with which month the organisation's fiscal year begins.
func readFiscalYear(ctx context.Context, tid tenant.ID, r db.Runner) (fiscalYear, error) {
	f := fiscalYear{defaultFirstMonth}
	var text string
	err := db.One(r.QueryRow(ctx, sqlFiscalYear, tid).Scan(&text))
	if fault.Is(err, fault.NotFound) {
		return f, nil
	}
	if err == nil {
		err = json.Unmarshal([]byte(text), &f)
	}
	if err != nil {
		return f, fmt.Errorf("read fiscal year: %w", err)
	}
	return f, nil
}

var (
	yearIn    = regexp.MustCompile(`(?:19|20|21)\d{2}`)
	reiwaIn   = regexp.MustCompile(`令和(元|\d{1,3})年`)
	monthTail = regexp.MustCompile(`\s?(?:（\d{4}年\d{1,2}月）|\(\d{4}-\d{2}\))$`)
)

// reiwa is the year before the first one of 令和.
const reiwa = 2018

// nextTitle is what a round is called that comes after one with this title, whose days begin at from: years in it become those of the new one. Where nothing
// in it tells the new one apart, its fiscal year is added, or, when there are several in a year, its month.
func (f fiscalYear) nextTitle(title, from, to string, months int) string {
	base := monthTail.ReplaceAllString(title, "")
	was, is := f.of(from), f.of(to)
	next := yearIn.ReplaceAllStringFunc(base, func(y string) string {
		switch n, _ := strconv.Atoi(y); {
		case n == was:
			return strconv.Itoa(is)
		case y == from[:4]:
			return to[:4]
		}
		return y
	})
	next = reiwaIn.ReplaceAllStringFunc(next, func(y string) string {
		if reiwaYear(was) == y && is > reiwa {
			return reiwaYear(is)
		}
		return y
	})
	ja := inJapanese(title)
	var tail string
	switch {
	case months < 12 && ja:
		tail = "（" + to[:4] + "年" + strings.TrimPrefix(to[5:7], "0") + "月）"
	case months < 12:
		tail = " (" + to[:7] + ")"
	case next == base && ja && is != was:
		tail = fmt.Sprintf(" %d年度", is)
	case next == base && is != was:
		tail = fmt.Sprintf(" FY%d", is)
	}
	return tenant.Clip(next, MaxTitle-len([]rune(tail))) + tail
}

func reiwaYear(year int) string {
	if year == reiwa+1 {
		return "令和元年"
	}
	return fmt.Sprintf("令和%d年", year-reiwa)
}

// inJapanese tells in which language a title is written.
func inJapanese(title string) bool {
	return title == "" || strings.ContainsFunc(title, func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) })
}
