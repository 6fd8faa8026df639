package lms_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kenshu/lms"
	"kenshu/tenant"
)

func slots(list []lms.Slot) string {
	var out []string
	for _, s := range list {
		out = append(out, s.Day[5:]+" "+s.Step)
	}
	return strings.Join(out, ", ")
}

// 2026-04-01 is a Wednesday; the fourth and fifth are a weekend.
func TestSlotsOfAPlan(t *testing.T) {
	standard := lms.DefaultReminders
	weekdays := standard
	weekdays.WeekdaysOnly = true
	for _, c := range []struct {
		name         string
		plan         lms.ReminderPlan
		began, dueOn string
		want         string
	}{
		{"all", standard, "2026-04-01", "2026-04-30", "04-01 assigned, 04-23 due-7, 04-29 due-1, 04-30 due+0, 05-03 due+3"},
		{"came in late", standard, "2026-04-25", "2026-04-30", "04-25 assigned, 04-29 due-1, 04-30 due+0, 05-03 due+3"},
		{"came in on a slot's day", standard, "2026-04-23", "2026-04-30", "04-23 assigned, 04-29 due-1, 04-30 due+0, 05-03 due+3"},
		{"came in after it was due", standard, "2026-05-01", "2026-04-30", "05-01 assigned, 05-03 due+3"},
		{"no mail at assignment", lms.ReminderPlan{Days: []int{0, -1}}, "2026-04-01", "2026-04-30", "04-29 due-1, 04-30 due+0"},
		{"nothing", lms.ReminderPlan{}, "2026-04-01", "2026-04-30", ""},
		// Due on Sunday the 12th: what warns goes out on Friday, once, and what comes after on Monday or later.
		{"weekdays only", weekdays, "2026-04-01", "2026-04-12", "04-01 assigned, 04-03 due-7, 04-10 due+0, 04-15 due+3"},
		{"assigned on a Saturday", weekdays, "2026-04-04", "2026-04-30", "04-06 assigned, 04-23 due-7, 04-29 due-1, 04-30 due+0, 05-04 due+3"},
	} {
		if got := slots(c.plan.Slots(c.began, c.dueOn)); got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.name, got, c.want)
		}
	}
	friday := weekdays.Slots("2026-04-01", "2026-04-12")[1]
	if kind := friday.Kind("2026-04-12", friday.Day); kind != lms.RemindBefore {
		t.Errorf("a mail on Friday about Sunday says %s", kind)
	}
}

// What late means: two days, over a weekend until Monday; then it is not sent at all.
func TestLateSlots(t *testing.T) {
	weekdays := lms.DefaultReminders
	weekdays.WeekdaysOnly = true
	for _, c := range []struct {
		plan  lms.ReminderPlan
		today string
		want  string
	}{
		{lms.DefaultReminders, "2026-04-23", "due-7"}, {lms.DefaultReminders, "2026-04-25", "due-7"}, {lms.DefaultReminders, "2026-04-26", ""},
		{lms.DefaultReminders, "2026-04-30", "due+0"}, {lms.DefaultReminders, "2026-05-02", "due+0"}, {lms.DefaultReminders, "2026-05-05", "due+3"}, {lms.DefaultReminders, "2026-05-06", ""},
		{weekdays, "2026-04-25", ""}, {weekdays, "2026-04-27", "due-7"}, {weekdays, "2026-04-28", ""},
	} {
		slot, ok := c.plan.Due("2026-04-01", "2026-04-30", c.today)
		if ok != (c.want != "") || ok && slot.Step != c.want {
			t.Errorf("%s weekdays %v: %v %v, want %q", c.today, c.plan.WeekdaysOnly, slot, ok, c.want)
		}
	}
}

// Whatever the plan: at most five, one a day, in order, none before somebody came in, none on a weekend where that was asked for; and who looks every
// day sends exactly these, each on its day.
func TestPlansHoldTheirPromises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plan := lms.ReminderPlan{
			AtAssignment: rapid.Bool().Draw(t, "assigned"), WeekdaysOnly: rapid.Bool().Draw(t, "weekdays"),
			Days: rapid.SliceOfNDistinct(rapid.IntRange(-20, 20), 0, 4, rapid.ID[int]).Draw(t, "days"),
		}
		began := tenant.AddDays("2026-04-01", rapid.IntRange(0, 30).Draw(t, "began"))
		dueOn := tenant.AddDays(began, rapid.IntRange(-5, 40).Draw(t, "due"))
		list := plan.Slots(began, dueOn)
		if len(list) > lms.MaxReminders {
			t.Fatalf("%d mails", len(list))
		}
		sent := map[string]string{}
		for i := -10; i < 120; i++ {
			today := tenant.AddDays(began, i)
			if today < began {
				continue
			}
			if s, ok := plan.Due(began, dueOn, today); ok && sent[s.Step] == "" {
				sent[s.Step] = today
			}
		}
		for i, s := range list {
			if s.Day < began || i > 0 && s.Day <= list[i-1].Day {
				t.Fatalf("order: %v, began %s", list, began)
			}
			if sent[s.Step] != s.Day {
				t.Fatalf("%s is planned for %s and sent on %q (%v)", s.Step, s.Day, sent[s.Step], list)
			}
			delete(sent, s.Step)
		}
		if len(sent) > 0 {
			t.Fatal(fmt.Sprint("sent and not planned: ", sent))
		}
	})
}
