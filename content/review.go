package content

import (
	"context"
	"fmt"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// The states of a request to look at a draft.
const (
	ReviewAsked     = "asked"
	ReviewApproved  = "approved"  // what was decided about may be published
	ReviewReturned  = "returned"  // something is to be changed first
	ReviewWithdrawn = "withdrawn" // who asked thought better of it, or the course was published without
)

// ReviewOutdated is told instead of ReviewApproved when the draft has changed since.
const ReviewOutdated = "outdated"

const maxReviewNote = 1000

// reviewActions are the words of the log.
var reviewActions = map[string]string{ReviewAsked: "course.ask_review", ReviewApproved: "course.approve_review", ReviewReturned: "course.return_review", ReviewWithdrawn: "course.withdraw_review"}

// Review is one request to look at a draft before it is published.
type Review struct {
	ID             db.ID
	Number         int // 1, 2, 3 of its course
	State          string
	ContentVersion int64 // that was asked about; after a decision that which was decided about
	Note           string
	Answer         string
	AskedBy        string
	Asker          db.ID
	AskedAt        db.Time
	DecidedBy      string
	DecidedAt      db.Time
	Published      int // number of the version that was made on it, 0 when none
}

// latestReview is what changing a review must know; the zero value: there is none.
type latestReview struct {
	id      db.ID
	number  int
	state   string
	content int64
	asker   db.ID
}

func (s *Courses) latestReview(ctx context.Context, r db.Runner, tid tenant.ID, course db.ID) (latestReview, error) {
	var l latestReview
	err := db.One(r.QueryRow(ctx, sqlLatestReview, tid, course).Scan(&l.id, &l.number, &l.state, &l.content, &l.asker))
	if fault.Is(err, fault.NotFound) {
		return latestReview{}, nil
	}
	return l, err
}

// Reviews gives the requests about a course, newest first; fault.NotFound when tid has no such course.
func (s *Courses) Reviews(ctx context.Context, tid tenant.ID, course db.ID) ([]Review, error) {
	if _, err := s.Find(ctx, tid, course); err != nil {
		return nil, err
	}
	list, err := db.List(ctx, s.db, sqlListReviews, []any{tid, course}, func(row db.Row) (Review, error) {
		var r Review
		err := row.Scan(&r.ID, &r.Number, &r.State, &r.ContentVersion, &r.Note, &r.Answer, &r.AskedBy, &r.Asker, &r.AskedAt, &r.DecidedBy, &r.DecidedAt, &r.Published)
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("list reviews: %w", err)
	}
	return list, nil
}

// AskReview asks the other editors to look at the draft. id is new or derived from the caller's idempotency key; base is the ContentVersion that was seen. It
// returns fault.Invalid "course_incomplete" for what cannot be published anyway, fault.Conflict "course_changed", "course_archived", "review_asked" when it was
// asked already, "review_unchanged" when there is nothing new.
func (s *Courses) AskReview(ctx context.Context, tid tenant.ID, course, id db.ID, base int64, note string) (Course, error) {
	note = strings.TrimSpace(plain(note))
	if tooLong(note, maxReviewNote) {
		return Course{}, &fault.Error{Kind: fault.Invalid, Key: "invalid", Fields: []fault.Field{{Path: "note", Key: "too_long", Args: map[string]any{"max": maxReviewNote}}}}
	}
	err := s.change(ctx, tid, course, func(tx *db.Tx, c Course) error {
		last, err := s.latestReview(ctx, tx, tid, course)
		if err != nil || last.id == id { // a repeat
			return err
		}
		switch {
		case c.State == CourseArchived:
			return fault.New(fault.Conflict, "course_archived")
		case last.state == ReviewAsked:
			return fault.New(fault.Conflict, "review_asked")
		case c.ContentVersion != base:
			return fault.New(fault.Conflict, "course_changed")
		case !c.Changed():
			return fault.New(fault.Conflict, "review_unchanged")
		}
		if _, err := s.complete(ctx, tx, tid, c); err != nil {
			return err
		}
		now := db.At(s.clock())
		if _, err := tx.Exec(ctx, sqlInsertReview, tid, id, course, last.number+1, c.ContentVersion, note, author(ctx), now); err != nil {
			return err
		}
		return s.noteReview(ctx, tx, tid, c, ReviewAsked)
	})
	if err != nil && !db.IsDuplicate(err) {
		return Course{}, fmt.Errorf("ask for review: %w", err)
	}
	return s.Find(ctx, tid, course)
}

// noteReview writes the state of the newest request into the course and the log.
func (s *Courses) noteReview(ctx context.Context, tx *db.Tx, tid tenant.ID, c Course, state string) error {
	if _, err := tx.Exec(ctx, sqlCourseReview, state, c.ContentVersion, db.At(s.clock()), tid, c.ID); err != nil {
		return err
	}
	return s.audit.Append(ctx, tid, tx, tenant.Change{
		Action: reviewActions[state], SubjectKind: "course", Subject: c.ID, Before: c.reviewState, After: state, Detail: map[string]any{"title": c.Title, "content_version": c.ContentVersion},
	})
}

// ReviewDecision is the answer to a request.
type ReviewDecision struct {
	Approve bool
	Answer  string // what is to be changed; needed when it is returned
	Base    int64  // the ContentVersion that was looked at
}

// DecideReview answers the open request about a course. Nobody answers their own. It returns fault.Conflict "review_not_asked", "review_own", "course_changed"
// when the draft moved on since Base, "review_changed" when it is to be approved and moved on since it was asked about, fault.Invalid when it is returned without a word.
func (s *Courses) DecideReview(ctx context.Context, tid tenant.ID, course db.ID, d ReviewDecision) (Course, error) {
	d.Answer = strings.TrimSpace(plain(d.Answer))
	var check fault.Check
	check.If(!d.Approve && d.Answer == "", "answer", "required")
	check.If(tooLong(d.Answer, maxReviewNote), "answer", "too_long", "max", maxReviewNote)
	if err := check.Err(); err != nil {
		return Course{}, err
	}
	state := ReviewReturned
	if d.Approve {
		state = ReviewApproved
	}
	return s.endReview(ctx, tid, course, state, d.Answer, func(c Course, last latestReview) error {
		switch {
		case last.asker == tenant.ActorFrom(ctx).Person:
			return fault.New(fault.Conflict, "review_own")
		case c.ContentVersion != d.Base:
			return fault.New(fault.Conflict, "course_changed")
		case d.Approve && c.ContentVersion != last.content: // or who approves could have written it
			return fault.New(fault.Conflict, "review_changed")
		}
		return nil
	})
}

// WithdrawReview takes the open request about a course back; any editor may. It returns fault.Conflict "review_not_asked".
func (s *Courses) WithdrawReview(ctx context.Context, tid tenant.ID, course db.ID) (Course, error) {
	return s.endReview(ctx, tid, course, ReviewWithdrawn, "", func(Course, latestReview) error { return nil })
}

func (s *Courses) endReview(ctx context.Context, tid tenant.ID, course db.ID, state, answer string, may func(Course, latestReview) error) (Course, error) {
	err := s.change(ctx, tid, course, func(tx *db.Tx, c Course) error {
		last, err := s.latestReview(ctx, tx, tid, course)
		if err != nil {
			return err
		}
		if last.state != ReviewAsked {
			return fault.New(fault.Conflict, "review_not_asked")
		}
		if err := may(c, last); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlDecideReview, state, c.ContentVersion, answer, author(ctx), db.At(s.clock()), tid, last.id); err != nil {
			return err
		}
		return s.noteReview(ctx, tx, tid, c, state)
	})
	if err != nil {
		return Course{}, fmt.Errorf("end review: %w", err)
	}
	return s.Find(ctx, tid, course)
}

// publishable gives the approval that a publishing rests on, zero when nobody was asked. It returns fault.Conflict "review_needed" when the course may only be
// published as somebody approved it. An open request that nobody waits for any more is withdrawn.
func (s *Courses) publishable(ctx context.Context, tx *db.Tx, tid tenant.ID, c Course) (db.ID, error) {
	last, err := s.latestReview(ctx, tx, tid, c.ID)
	if err != nil {
		return db.ID{}, err
	}
	if last.state == ReviewApproved && last.content == c.ContentVersion {
		return last.id, nil
	}
	if c.ApprovalNeeded() {
		return db.ID{}, fault.New(fault.Conflict, "review_needed")
	}
	if last.state == ReviewAsked {
		_, err = tx.Exec(ctx, sqlDecideReview, ReviewWithdrawn, c.ContentVersion, "", author(ctx), db.At(s.clock()), tid, last.id)
	}
	return db.ID{}, err
}

// ApprovalNeeded tells that only what somebody else approved may be published: as the draft says, or as it was last published. Who wrote a draft cannot let
// themselves off by switching the rule off, then: that, too, is approved once.
func (c Course) ApprovalNeeded() bool { return c.ReviewNeeded || c.reviewPublished }

// Review is where a course stands on its way to publishing: empty when nobody was asked since the last publishing.
func (c Course) Review() string {
	if c.reviewState == ReviewApproved && c.reviewContent != c.ContentVersion {
		return ReviewOutdated
	}
	return c.reviewState
}
