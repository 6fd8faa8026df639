package content

import (
	"context"
	"fmt"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// Limits of comments.
const (
	MaxComment  = 2000 // characters
	maxQuote    = 200  // characters
	maxComments = 1000 // about one lesson
)

// Comment is what an editor says about a lesson of a draft. Learners never see it.
type Comment struct {
	ID        db.ID
	Text      string // empty when it was deleted
	Author    db.ID
	Name      string
	CreatedAt db.Time
	Deleted   bool
}

// Thread is a comment with its answers, oldest first.
type Thread struct {
	Quote      string // words of the lesson that it is about; empty: the lesson as a whole
	ResolvedBy string
	ResolvedAt db.Time // zero: open
	Comments   []Comment
}

// CommentInput is a new comment. With Thread it answers that one and Quote is not used.
type CommentInput struct {
	Thread db.ID
	Quote  string
	Text   string
}

// Threads gives what was said about a lesson, oldest first, without threads of which everything was deleted; fault.NotFound when tid has no such lesson.
func (s *Courses) Threads(ctx context.Context, tid tenant.ID, lesson db.ID) ([]Thread, error) {
	if _, err := s.courseOf(ctx, tid, lesson); err != nil {
		return nil, err
	}
	list, last := []Thread{}, db.ID{}
	err := db.Each(ctx, s.db, sqlComments, []any{tid, lesson}, func(scan func(...any) error) error {
		var c Comment
		var t Thread
		var thread db.ID
		var deleted db.Time
		if err := scan(&c.ID, &thread, &t.Quote, &c.Text, &c.Author, &c.Name, &c.CreatedAt, &t.ResolvedBy, &t.ResolvedAt, &deleted); err != nil {
			return err
		}
		if c.Deleted = !deleted.IsZero(); thread != last {
			list, last = append(list, t), thread
		}
		at := &list[len(list)-1]
		at.Comments = append(at.Comments, c)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list comments: %w", err)
	}
	return withWords(list), nil
}

// withWords leaves out threads in which nothing is left to read.
func withWords(list []Thread) []Thread {
	out := []Thread{}
	for _, t := range list {
		for _, c := range t.Comments {
			if !c.Deleted {
				out = append(out, t)
				break
			}
		}
	}
	return out
}

// AddComment says something about a lesson, or answers: an answer opens a resolved thread again. id is new or derived from the caller's idempotency key. It
// returns fault.NotFound for a lesson or thread that tid has not, fault.Invalid for a text that is empty or too long, fault.Conflict "too_many_comments".
func (s *Courses) AddComment(ctx context.Context, tid tenant.ID, lesson, id db.ID, in CommentInput) error {
	in.Text, in.Quote = strings.TrimSpace(plain(in.Text)), tenant.Clip(strings.Join(strings.Fields(plain(in.Quote)), " "), maxQuote)
	var c fault.Check
	c.If(in.Text == "", "text", "required")
	c.If(tooLong(in.Text, MaxComment), "text", "too_long", "max", MaxComment)
	if err := c.Err(); err != nil {
		return err
	}
	course, err := s.courseOf(ctx, tid, lesson)
	if err != nil {
		return err
	}
	err = s.change(ctx, tid, course, func(tx *db.Tx, _ Course) error {
		n := 0
		if err := db.One(tx.QueryRow(ctx, sqlCountComments, tid, lesson).Scan(&n)); err != nil {
			return err
		}
		if n >= maxComments {
			return fault.New(fault.Conflict, "too_many_comments", "max", maxComments)
		}
		thread := id
		if !in.Thread.IsZero() {
			found, err := findComment(ctx, tx, tid, in.Thread)
			if err != nil {
				return err
			}
			if found.lesson != lesson {
				return fault.New(fault.NotFound, "not_found")
			}
			thread, in.Quote = found.thread, ""
		}
		if _, err := tx.Exec(ctx, sqlInsertComment, tid, id, lesson, thread, in.Quote, in.Text, author(ctx), db.At(s.clock())); err != nil {
			return err
		}
		if thread == id {
			return nil
		}
		_, err := tx.Exec(ctx, sqlResolveThread, db.ID{}, db.Time{}, tid, thread)
		return err
	})
	if err != nil && !db.IsDuplicate(err) {
		return fmt.Errorf("add comment: %w", err)
	}
	return nil
}

type foundComment struct {
	lesson, thread, author db.ID
	text                   string
	resolved, deleted      db.Time
}

func findComment(ctx context.Context, r db.Runner, tid tenant.ID, id db.ID) (foundComment, error) {
	var c foundComment
	err := db.One(r.QueryRow(ctx, sqlFindComment, tid, id).Scan(&c.lesson, &c.thread, &c.author, &c.text, &c.resolved, &c.deleted))
	return c, err
}

// ResolveThread says that what a thread asks for is done, or that it is not; any comment of it names it. A repeat keeps who was first. It returns
// fault.NotFound when tid has no such comment.
func (s *Courses) ResolveThread(ctx context.Context, tid tenant.ID, comment db.ID, resolved bool) error {
	return s.changeComment(ctx, tid, comment, func(tx *db.Tx, c foundComment) error {
		if resolved == !c.resolved.IsZero() {
			return nil
		}
		var by any = db.ID{}
		at := db.Time{}
		if resolved {
			by, at = author(ctx), db.At(s.clock())
		}
		_, err := tx.Exec(ctx, sqlResolveThread, by, at, tid, c.thread)
		return err
	})
}

// DeleteComment takes the words of an own comment away; answers to it stay. It returns fault.NotFound when tid has no such comment, fault.Forbidden
// "comment_of_other" for somebody else's.
func (s *Courses) DeleteComment(ctx context.Context, tid tenant.ID, comment db.ID) error {
	return s.changeComment(ctx, tid, comment, func(tx *db.Tx, c foundComment) error {
		if c.author != tenant.ActorFrom(ctx).Person {
			return fault.New(fault.Forbidden, "comment_of_other")
		}
		if !c.deleted.IsZero() {
			return nil
		}
		_, err := tx.Exec(ctx, sqlDeleteComment, db.At(s.clock()), tid, comment)
		return err
	})
}

func (s *Courses) changeComment(ctx context.Context, tid tenant.ID, comment db.ID, fn func(*db.Tx, foundComment) error) error {
	first, err := findComment(ctx, s.db, tid, comment)
	if err != nil {
		return err
	}
	course, err := s.courseOf(ctx, tid, first.lesson)
	if err != nil {
		return err
	}
	err = s.change(ctx, tid, course, func(tx *db.Tx, _ Course) error {
		c, err := findComment(ctx, tx, tid, comment)
		if err != nil {
			return err
		}
		return fn(tx, c)
	})
	if err != nil {
		return fmt.Errorf("change comment: %w", err)
	}
	return nil
}

// OpenThreads counts the threads of each lesson of a course that are not resolved; lessons without any are missing.
func (s *Courses) OpenThreads(ctx context.Context, tid tenant.ID, course db.ID) (map[db.ID]int, error) {
	out := map[db.ID]int{}
	err := db.Each(ctx, s.db, sqlOpenThreads, []any{tid, course}, func(scan func(...any) error) error {
		var lesson db.ID
		var n int
		err := scan(&lesson, &n)
		out[lesson] = n
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count threads: %w", err)
	}
	return out, nil
}
