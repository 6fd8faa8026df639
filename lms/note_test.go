package lms_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
)

func (s *school) note(t testing.TB, in lms.NoteInput) lms.Note {
	t.Helper()
	n, err := s.learn.SaveNote(t.Context(), s.a.ID, s.a.Staff[0], s.a.enrolment[0], s.lessons["video"], in)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (s *school) notes(t testing.TB) []string {
	t.Helper()
	list, err := s.learn.ListNotes(t.Context(), s.a.ID, s.a.Staff[0], s.a.enrolment[0])
	if err != nil {
		t.Fatal(err)
	}
	out := []string{}
	for _, n := range list {
		if n.Lesson != s.lessons["video"] || n.LessonTitle != "レッスン video" || n.CourseTitle != "個人情報の基本" {
			t.Errorf("note of %q in %q", n.LessonTitle, n.CourseTitle)
		}
		out = append(out, n.Text)
	}
	slices.Sort(out)
	return out
}

// Whatever two devices write over each other, repeat or delete: no text that was written last on either of them is lost.
func TestNotesAreNeverLost(t *testing.T) {
	at := int64(12_500)
	for _, c := range []struct {
		name  string
		saves []lms.NoteInput
		want  []string
	}{
		{"typed on", []lms.NoteInput{{Seq: 1, Text: "a"}, {Base: 1, Seq: 2, Text: "ab"}, {Base: 2, Seq: 3, Text: "abc"}}, []string{"abc"}},
		{"the answer was lost", []lms.NoteInput{{Seq: 1, Text: "a"}, {Seq: 1, Text: "a"}, {Base: 1, Seq: 2, Text: "ab"}, {Base: 1, Seq: 2, Text: "ab"}}, []string{"ab"}},
		{"two devices, from the same text", []lms.NoteInput{{Seq: 1, Text: "a"}, {Base: 1, Seq: 5, Text: "phone"}, {Base: 1, Seq: 4, Text: "desk"}, {Base: 1, Seq: 4, Text: "desk"}}, []string{"desk", "phone"}},
		{"deleted", []lms.NoteInput{{Seq: 1, Text: "a"}, {Base: 1, Seq: 2, Text: " \n"}}, []string{}},
		{"deleted here, written on there", []lms.NoteInput{{Seq: 1, Text: "a"}, {Base: 1, Seq: 3, Text: "ab"}, {Base: 1, Seq: 2, Text: ""}}, []string{"ab"}},
		{"deleted there, written on here", []lms.NoteInput{{Seq: 1, Text: "a"}, {Base: 1, Seq: 2, Text: ""}, {Base: 1, Seq: 3, Text: "ab"}}, []string{"ab"}},
		{"deleted, and an old text comes late", []lms.NoteInput{{Seq: 1, Text: "a"}, {Base: 1, Seq: 2, Text: ""}, {Seq: 1, Text: "a"}, {Base: 1, Seq: 2, Text: ""}}, []string{}},
		{"the same text again, typed on", []lms.NoteInput{{Seq: 1, Text: "a"}, {Base: 1, Seq: 2, Text: "a"}, {Base: 2, Seq: 3, Text: "ab"}}, []string{"ab"}},
		{"typed on for long without a network", []lms.NoteInput{{Seq: 1, Text: "a"}, {Base: 1, Seq: 5, Text: "phone"}, {Base: 1, Seq: 6, Text: "d"}, {Base: 6, Seq: 7, Text: "de"}, {Base: 7, Seq: 8, Text: "desk"}}, []string{"desk", "phone"}},
		{"control characters", []lms.NoteInput{{Seq: 1, Text: "a\x00\n\tb\x1b"}}, []string{"a\n\tb"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			kit.EachDB(t, func(t *testing.T, d *db.DB) {
				s := newSchool(t, d)
				for _, in := range c.saves {
					in.Key, in.Position = "k", &at
					s.note(t, in)
				}
				if got := s.notes(t); !slices.Equal(got, c.want) {
					t.Errorf("notes %q, want %q", got, c.want)
				}
			})
		})
	}
}

// A note that is there is changed by its id, one that was kept beside another too.
func TestNoteByID(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		first := s.note(t, lms.NoteInput{Key: db.NewID().String(), Seq: 1, Text: "a"})
		if got := s.note(t, lms.NoteInput{Key: first.ID.String(), Base: 1, Seq: 2, Text: "b"}); got.ID != first.ID || !slices.Equal(s.notes(t), []string{"b"}) {
			t.Errorf("%v became %v: %q", first.ID, got.ID, s.notes(t))
		}
	})
}

// Ten windows send the same note at once: it is one note.
func TestNoteAtOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if _, err := s.learn.SaveNote(t.Context(), s.a.ID, s.a.Staff[0], s.a.enrolment[0], s.lessons["video"], lms.NoteInput{Key: "k", Seq: 1, Text: "once"}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := s.notes(t); !slices.Equal(got, []string{"once"}) {
			t.Errorf("notes %q", got)
		}
	})
}

func TestNoteLimits(t *testing.T) {
	s := newSchool(t, kit.SQLite(t))
	for i := range lms.MaxNotes {
		s.note(t, lms.NoteInput{Key: fmt.Sprint(i), Seq: 1, Text: "x"})
	}
	save := func(in lms.NoteInput) error {
		_, err := s.learn.SaveNote(t.Context(), s.a.ID, s.a.Staff[0], s.a.enrolment[0], s.lessons["video"], in)
		return err
	}
	if err := save(lms.NoteInput{Key: "more", Seq: 1, Text: "x"}); !fault.Is(err, fault.Conflict) {
		t.Errorf("one too many: %v", err)
	}
	if err := save(lms.NoteInput{Key: "0", Base: 1, Seq: 2, Text: strings.Repeat("長", lms.MaxNote)}); err != nil {
		t.Errorf("the longest: %v", err)
	}
	bad := int64(-1)
	for _, in := range []lms.NoteInput{{Key: "1", Base: 1, Seq: 2, Text: strings.Repeat("x", lms.MaxNote+1)}, {Seq: 1}, {Key: "1"}, {Key: "1", Seq: 1, Position: &bad}} {
		if err := save(in); !fault.Is(err, fault.Invalid) {
			t.Errorf("%.20v: %v", in, err)
		}
	}
}

// A note is its person's alone: not a colleague's, not another organisation's.
func TestNotesAreTheirOwners(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		n := s.note(t, lms.NoteInput{Key: "k", Seq: 1, Text: "mine"})
		for name, who := range map[string]struct {
			c      class
			person db.ID
		}{"colleague": {s.a, s.a.Staff[1]}, "manager": {s.a, s.a.Manager}, "other organisation": {s.b, s.b.Staff[0]}, "other organisation, same person's id": {s.b, s.a.Staff[0]}} {
			for _, enrolment := range []db.ID{{}, s.a.enrolment[0]} {
				if list, err := s.learn.ListNotes(t.Context(), who.c.ID, who.person, enrolment); err != nil || len(list) != 0 {
					t.Errorf("%s reads %d notes, %v", name, len(list), err)
				}
			}
			if _, err := s.learn.SaveNote(t.Context(), who.c.ID, who.person, s.a.enrolment[0], s.lessons["video"], lms.NoteInput{Key: "k", Base: 1, Seq: 2, Text: "theirs"}); !fault.Is(err, fault.NotFound) {
				t.Errorf("%s writes: %v", name, err)
			}
		}
		if _, err := s.learn.SaveNote(t.Context(), s.a.ID, s.a.Staff[0], s.a.enrolment[0], db.NewID(), lms.NoteInput{Key: "k", Seq: 1, Text: "x"}); !fault.Is(err, fault.NotFound) {
			t.Errorf("a note on a lesson of another course: %v", err)
		}
		if all, err := s.learn.ListNotes(t.Context(), s.a.ID, s.a.Staff[0], db.ID{}); err != nil || len(all) != 1 || all[0].ID != n.ID || all[0].Text != "mine" {
			t.Errorf("the owner's: %+v %v", all, err)
		}
		if got := s.rows(t, `SELECT COUNT(*) FROM audit_event WHERE detail LIKE '%mine%' OR subject_id = ?`, n.ID); got != "[[0]]" {
			t.Errorf("a log names a private note: %s", got)
		}
	})
}
