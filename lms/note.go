package lms

import (
	"context"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Limits of notes.
const (
	MaxNote  = 2000 // characters of one note
	MaxNotes = 500  // of one person

	maxNoteRows = 4 * MaxNotes // with those that were deleted
)

// Note is what a person wrote for themselves about a lesson. Nobody else reads it, no log names it, and it goes with the person.
type Note struct {
	ID          db.ID
	Enrolment   db.ID
	Lesson      db.ID // as the person's version of the course has it; zero: it has the lesson no more
	CourseTitle string
	LessonTitle string
	Position    *int64 // milliseconds of a recording; nil: of the lesson as a whole
	Text        string
	Seq         int64
	CreatedAt   db.Time
	UpdatedAt   db.Time

	lesson db.ID // through all versions of the course
}

// NoteInput is a note as a browser sends it: again and again while it is being written.
type NoteInput struct {
	Key      string // the id of a note that there is, or the browser's name for a new one: the same key is the same note
	Base     int64  // Seq of the text that it was made from; 0: it is new
	Seq      int64  // grows with every text
	Text     string // nothing but white space: the note is deleted
	Position *int64
}

func (in *NoteInput) check() error {
	in.Text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) && r != '\n' && r != '\t' {
			return -1
		}
		return r
	}, in.Text)
	var c fault.Check
	c.If(in.Key == "", "key", "required")
	c.If(in.Seq < 1 || in.Base < 0, "client_seq", "bad_value")
	c.If(in.Position != nil && *in.Position < 0, "position", "bad_value")
	c.If(utf8.RuneCountInString(in.Text) > MaxNote, "text", "too_long", "max", MaxNote)
	return c.Err()
}

// ListNotes gives the person's own notes on one enrolment, or with a zero enrolment all of them; of each enrolment in the order of writing, the newest enrolment first.
func (l *Learning) ListNotes(ctx context.Context, tid tenant.ID, person, enrolment db.ID) ([]Note, error) {
	query, args := sqlNotes, []any{tid, person}
	if !enrolment.IsZero() {
		query, args = query+sqlNotesOf, append(args, enrolment)
	}
	notes, err := readNotes(ctx, l.db, query+sqlNotesThere+sqlNotesOrder, append(args, MaxNotes+1)...)
	if err != nil || len(notes) == 0 {
		return notes, err
	}
	ids := make([]any, 0, len(notes))
	for _, n := range notes {
		if len(ids) == 0 || ids[len(ids)-1] != any(n.Enrolment) {
			ids = append(ids, n.Enrolment)
		}
	}
	own, err := l.readOwn(ctx, tid, sqlOwnEnrolments+" AND e.status <> 'withdrawn' AND e.id IN ("+db.Marks(len(ids))+")", append([]any{tid, person}, ids...)...)
	if err != nil {
		return nil, fmt.Errorf("list notes: %w", err)
	}
	courses := map[db.ID]*content.CourseVersion{}
	for _, e := range own {
		courses[e.ID] = e.course
	}
	for i := range notes {
		if course := courses[notes[i].Enrolment]; course != nil {
			notes[i].Lesson = lessonNow(course, notes[i].lesson)
		}
	}
	return notes, nil
}

// lessonNow gives the lesson of a version that is the same through all versions; zero when it has none.
func lessonNow(course *content.CourseVersion, lesson db.ID) db.ID {
	for _, one := range course.Lessons {
		if one.Lesson == lesson {
			return one.ID
		}
	}
	return db.ID{}
}

func readNotes(ctx context.Context, r db.Runner, query string, args ...any) ([]Note, error) {
	list := []Note{}
	err := db.Each(ctx, r, query, args, func(scan func(...any) error) error {
		var n Note
		err := scan(&n.ID, &n.Enrolment, &n.lesson, &n.CourseTitle, &n.LessonTitle, &n.Position, &n.Text, &n.Seq, &n.CreatedAt, &n.UpdatedAt)
		list = append(list, n)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read notes: %w", err)
	}
	return list, nil
}

// SaveNote keeps the newest text of a note, or deletes it. A repeat changes nothing. Nothing that was written is lost: a text made from another one than the one that stands, on another device, say,
// is kept beside it as a note of its own, and deleting a text that was changed meanwhile leaves it. It returns the note as it stands, with an empty Text when there is none, fault.NotFound for
// anybody else's enrolment or a lesson that it does not have, fault.Invalid, and fault.Conflict "notes_too_many".
func (l *Learning) SaveNote(ctx context.Context, tid tenant.ID, person, enrolment, lesson db.ID, in NoteInput) (Note, error) {
	own, err := l.findOwn(ctx, tid, person, enrolment)
	if err != nil {
		return Note{}, fmt.Errorf("save note: %w", err)
	}
	found, err := own.lessonNow(lesson)
	if err != nil {
		return Note{}, fmt.Errorf("save note: %w", err)
	}
	if err := in.check(); err != nil {
		return Note{}, err
	}
	var out Note
	err = l.db.Tx(ctx, func(tx *db.Tx) error {
		var locked db.ID // what one person writes is kept one after the other
		if err := db.One(tx.QueryRowLocked(ctx, sqlLockNoter, tid, person).Scan(&locked)); err != nil {
			return err
		}
		now := db.At(l.clock())
		out = Note{
			ID: db.IDFrom("note", person.String(), enrolment.String(), found.Lesson.String(), in.Key), Enrolment: enrolment, Lesson: lesson, lesson: found.Lesson,
			CourseTitle: own.CourseTitle, LessonTitle: found.Title, Position: in.Position, Text: in.Text, Seq: in.Seq, CreatedAt: now, UpdatedAt: now,
		}
		if named, err := db.ParseID(in.Key); err == nil {
			there, err := readNotes(ctx, tx, sqlNotes+sqlNotesOf+sqlNoteByID, tid, person, enrolment, named)
			if err != nil {
				return err
			}
			if len(there) > 0 {
				out.ID = named
			}
		}
		return l.saveNote(ctx, tid, tx, person, in, &out)
	})
	if err != nil {
		return Note{}, fmt.Errorf("save note: %w", err)
	}
	return out, nil
}

func (l *Learning) saveNote(ctx context.Context, tid tenant.ID, tx *db.Tx, person db.ID, in NoteInput, out *Note) error {
	stored, err := readNotes(ctx, tx, sqlNotes+sqlNoteByID, tid, person, out.ID)
	if err != nil {
		return err
	}
	empty := strings.TrimSpace(in.Text) == ""
	if len(stored) == 0 {
		if empty {
			out.Text = ""
			return nil
		}
		return l.insertNote(ctx, tid, tx, person, *out)
	}
	was := stored[0]
	was.Lesson = out.Lesson
	switch {
	case was.Text == "" && (empty || in.Seq <= was.Seq): // deleted: again, or a text that stood before it
		*out = was
		out.Seq = 0
		if empty {
			out.Seq = in.Seq
		}
		return nil
	case was.Text == "":
		_, err := tx.Exec(ctx, sqlUpdateNote, in.Text, in.Seq, out.UpdatedAt, tid, out.ID, person)
		return err
	case was.Seq == in.Seq || was.Seq != in.Base && (was.Text == in.Text || empty):
		*out = was // a repeat; or deleted here and changed elsewhere, where it stays
		return nil
	case empty:
		out.Text = ""
		_, err := tx.Exec(ctx, sqlDeleteNote, out.UpdatedAt, tid, out.ID, person)
		return err
	case was.Seq == in.Base:
		out.CreatedAt, out.Position = was.CreatedAt, was.Position
		_, err := tx.Exec(ctx, sqlUpdateNote, in.Text, in.Seq, out.UpdatedAt, tid, out.ID, person)
		return err
	}
	// What was written on here after that text came too late is one note beside, not one for each pause of the hand.
	aside, err := readNotes(ctx, tx, sqlNotes+sqlNotesOf+sqlNoteOfText, tid, person, out.Enrolment, out.lesson, in.Base)
	if err != nil {
		return err
	}
	if in.Base > 0 && len(aside) > 0 {
		_, err := tx.Exec(ctx, sqlUpdateNote, in.Text, in.Seq, out.UpdatedAt, tid, aside[0].ID, person)
		*out = was
		return err
	}
	beside := *out
	beside.ID = db.IDFrom("note.beside", out.ID.String(), fmt.Sprint(in.Seq))
	*out = was
	return l.insertNote(ctx, tid, tx, person, beside)
}

func (l *Learning) insertNote(ctx context.Context, tid tenant.ID, tx *db.Tx, person db.ID, n Note) error {
	var rows, count int
	if err := db.One(tx.QueryRow(ctx, sqlCountNotes, tid, person).Scan(&rows, &count)); err != nil {
		return err
	}
	if count >= MaxNotes || rows >= maxNoteRows {
		return fault.New(fault.Conflict, "notes_too_many", "max", MaxNotes)
	}
	return tx.Upsert(ctx, sqlInsertNote, noteKeyColumns, "", tid, n.ID, person, n.Enrolment, n.lesson, tenant.Clip(n.CourseTitle, 200), tenant.Clip(n.LessonTitle, 200), n.Position, n.Text, n.Seq, n.CreatedAt, n.UpdatedAt)
}
