package content

import (
	"context"
	"errors"
	"testing"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// editor is somebody of the organisation at work.
func (s studio) editor(org kit.Org, person db.ID) context.Context {
	return tenant.WithActor(s.t.Context(), tenant.Actor{Kind: "person", Tenant: org.ID, Person: person, Name: "編集", Role: "editor"})
}

// written is a course with one lesson that could be published.
func (s studio) written(org kit.Org) (Course, Lesson) {
	s.t.Helper()
	course := s.course(org.ID, SharedNone).ID
	l := s.lesson(org.ID, course, KindPage, "はじめに")
	l = s.rewrite(org, l, "<p>一</p>")
	c, err := s.Find(s.t.Context(), org.ID, course)
	if err != nil {
		s.t.Fatal(err)
	}
	return c, l
}

func (s studio) rewrite(org kit.Org, l Lesson, html string) Lesson {
	s.t.Helper()
	saved, err := s.SaveLesson(s.editor(org, org.Editor), org.ID, l.ID, SaveLesson{Title: l.Title, Body: page(html), Base: l.Version, SaveID: html})
	if err != nil {
		s.t.Fatal(err)
	}
	return saved
}

func keyOf(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Key
	}
	return ""
}

func TestReviewBeforePublishing(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStudio(t, d)
		a := s.w.A
		writer, other := s.editor(a, a.Editor), s.editor(a, a.Manager)
		c, l := s.written(a)
		c, err := s.Update(writer, a.ID, c.ID, c.Version, CourseFields{Title: c.Title, Language: "ja", Shared: SharedNone, ReviewNeeded: true})
		if err != nil || !c.ReviewNeeded {
			t.Fatalf("%+v %v", c, err)
		}
		if _, err := s.Publish(writer, a.ID, c.ID, c.ContentVersion); keyOf(err) != "review_needed" {
			t.Errorf("published without approval: %v", err)
		}
		ask := db.NewID()
		if c, err = s.AskReview(writer, a.ID, c.ID, ask, c.ContentVersion, "確認をお願いします"); err != nil || c.Review() != ReviewAsked {
			t.Fatalf("%s %v", c.Review(), err)
		}
		if again, err := s.AskReview(writer, a.ID, c.ID, ask, c.ContentVersion, "確認をお願いします"); err != nil || again.Review() != ReviewAsked {
			t.Errorf("the repeat of a request: %v", err)
		}
		if _, err := s.AskReview(other, a.ID, c.ID, db.NewID(), c.ContentVersion, ""); keyOf(err) != "review_asked" {
			t.Errorf("asked twice: %v", err)
		}
		if _, err := s.DecideReview(writer, a.ID, c.ID, ReviewDecision{Approve: true, Base: c.ContentVersion}); keyOf(err) != "review_own" {
			t.Errorf("approved by who asked: %v", err)
		}
		if _, err := s.DecideReview(other, a.ID, c.ID, ReviewDecision{Base: c.ContentVersion}); !fault.Is(err, fault.Invalid) {
			t.Errorf("returned without a word: %v", err)
		}
		if c, err = s.DecideReview(other, a.ID, c.ID, ReviewDecision{Answer: "二章を直してください", Base: c.ContentVersion}); err != nil || c.Review() != ReviewReturned {
			t.Fatalf("%s %v", c.Review(), err)
		}
		if _, err := s.WithdrawReview(writer, a.ID, c.ID); keyOf(err) != "review_not_asked" {
			t.Errorf("nothing to withdraw: %v", err)
		}
		if c, err = s.AskReview(writer, a.ID, c.ID, db.NewID(), c.ContentVersion, ""); err != nil {
			t.Fatal(err)
		}
		// What was changed while somebody read it must be read again.
		seen := c.ContentVersion
		s.rewrite(a, l, "<p>二</p>")
		if _, err := s.DecideReview(other, a.ID, c.ID, ReviewDecision{Approve: true, Base: seen}); keyOf(err) != "course_changed" {
			t.Errorf("approved what was not read: %v", err)
		}
		// Nor may it be approved before it is asked about anew: who approves could have changed it.
		c, _ = s.Find(writer, a.ID, c.ID)
		if _, err := s.DecideReview(other, a.ID, c.ID, ReviewDecision{Approve: true, Base: c.ContentVersion}); keyOf(err) != "review_changed" {
			t.Errorf("approved what nobody asked about: %v", err)
		}
		if _, err := s.WithdrawReview(writer, a.ID, c.ID); err != nil {
			t.Fatal(err)
		}
		if c, err = s.AskReview(writer, a.ID, c.ID, db.NewID(), c.ContentVersion, ""); err != nil {
			t.Fatal(err)
		}
		if c, err = s.DecideReview(other, a.ID, c.ID, ReviewDecision{Approve: true, Base: c.ContentVersion}); err != nil || c.Review() != ReviewApproved {
			t.Fatalf("%s %v", c.Review(), err)
		}
		if _, err := s.Publish(writer, a.ID, c.ID, c.ContentVersion); err != nil {
			t.Fatal(err)
		}
		c, _ = s.Find(writer, a.ID, c.ID)
		reviews, err := s.Reviews(writer, a.ID, c.ID)
		if err != nil || c.Review() != "" || len(reviews) != 3 || reviews[0].Published != 1 || reviews[0].State != ReviewApproved || reviews[1].State != ReviewWithdrawn || reviews[2].Answer != "二章を直してください" || reviews[2].Note != "確認をお願いします" {
			t.Errorf("%q %+v %v", c.Review(), reviews, err)
		}
		// Who may not publish alone cannot give themselves leave to.
		if c, err = s.Update(writer, a.ID, c.ID, c.Version, CourseFields{Title: c.Title, Language: "ja", Shared: SharedNone}); err != nil || c.ReviewNeeded || !c.ApprovalNeeded() {
			t.Fatalf("%+v %v", c, err)
		}
		if _, err := s.Publish(writer, a.ID, c.ID, c.ContentVersion); keyOf(err) != "review_needed" {
			t.Errorf("published after switching the rule off: %v", err)
		}
		versions, err := s.ListVersions(writer, a.ID, c.ID)
		if err != nil || len(versions) != 1 || versions[0].AskedName == "" || versions[0].ApprovedName == "" || versions[0].AskedName == versions[0].ApprovedName {
			t.Errorf("%+v %v", versions, err)
		}
	})
}

// An approval is of what was read: the next change ends it.
func TestApprovalEndsWithAChange(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStudio(t, d)
		a := s.w.A
		c, l := s.written(a)
		c, err := s.AskReview(s.editor(a, a.Editor), a.ID, c.ID, db.NewID(), c.ContentVersion, "")
		if err != nil {
			t.Fatal(err)
		}
		if _, err = s.DecideReview(s.editor(a, a.Manager), a.ID, c.ID, ReviewDecision{Approve: true, Base: c.ContentVersion}); err != nil {
			t.Fatal(err)
		}
		s.rewrite(a, l, "<p>承認の後</p>")
		if c, _ = s.Find(t.Context(), a.ID, c.ID); c.Review() != ReviewOutdated {
			t.Errorf("after a change: %q", c.Review())
		}
		if _, err := s.Publish(s.editor(a, a.Editor), a.ID, c.ID, c.ContentVersion); err != nil {
			t.Fatal(err)
		}
		versions, err := s.ListVersions(t.Context(), a.ID, c.ID)
		if err != nil || versions[0].ApprovedName != "" || versions[0].PublishedName == "" {
			t.Errorf("a version that nobody approved says %+v %v", versions, err)
		}
		if _, err := s.AskReview(s.editor(a, a.Editor), a.ID, c.ID, db.NewID(), c.ContentVersion, ""); keyOf(err) != "review_unchanged" {
			t.Errorf("asked with nothing new: %v", err)
		}
		for what, err := range map[string]error{
			"ask":      errOf(s.AskReview(s.editor(s.w.B, s.w.B.Editor), s.w.B.ID, c.ID, db.NewID(), c.ContentVersion, "")),
			"decide":   errOf(s.DecideReview(s.editor(s.w.B, s.w.B.Editor), s.w.B.ID, c.ID, ReviewDecision{Approve: true, Base: c.ContentVersion})),
			"withdraw": errOf(s.WithdrawReview(s.editor(s.w.B, s.w.B.Editor), s.w.B.ID, c.ID)),
		} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("%s from another organisation: %v", what, err)
			}
		}
	})
}

func errOf(_ Course, err error) error { return err }

func TestComments(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStudio(t, d)
		a := s.w.A
		_, l := s.written(a)
		one, two := s.editor(a, a.Editor), s.editor(a, a.Manager)
		first, answer := db.NewID(), db.NewID()
		add := func(ctx context.Context, id db.ID, in CommentInput) {
			t.Helper()
			if err := s.AddComment(ctx, a.ID, l.ID, id, in); err != nil {
				t.Fatal(err)
			}
		}
		add(one, first, CommentInput{Quote: "  一\n の ", Text: " 言い方を変えますか \u202e"})
		add(one, first, CommentInput{Text: "a repeat says nothing new"})
		if err := s.ResolveThread(two, a.ID, first, true); err != nil {
			t.Fatal(err)
		}
		add(two, answer, CommentInput{Thread: first, Quote: "x", Text: "変えました"})
		threads, err := s.Threads(one, a.ID, l.ID)
		if err != nil || len(threads) != 1 || len(threads[0].Comments) != 2 || threads[0].Quote != "一 の" || threads[0].Comments[0].Text != "言い方を変えますか" || !threads[0].ResolvedAt.IsZero() {
			t.Fatalf("%+v %v", threads, err)
		}
		if threads[0].Comments[0].Author != a.Editor || threads[0].Comments[1].Name == "" {
			t.Errorf("who said what: %+v", threads[0].Comments)
		}
		if open, err := s.OpenThreads(one, a.ID, l.Course); err != nil || open[l.ID] != 1 {
			t.Errorf("open threads: %v %v", open, err)
		}
		if err := s.ResolveThread(two, a.ID, answer, true); err != nil { // any comment names its thread
			t.Fatal(err)
		}
		if open, _ := s.OpenThreads(one, a.ID, l.Course); len(open) != 0 {
			t.Errorf("resolved threads are open: %v", open)
		}
		if err := s.DeleteComment(two, a.ID, first); keyOf(err) != "comment_of_other" {
			t.Errorf("somebody else's comment was deleted: %v", err)
		}
		if err := s.DeleteComment(one, a.ID, first); err != nil {
			t.Fatal(err)
		}
		if threads, err = s.Threads(one, a.ID, l.ID); err != nil || len(threads) != 1 || threads[0].Comments[0].Text != "" || !threads[0].Comments[0].Deleted || threads[0].ResolvedBy == "" {
			t.Errorf("%+v %v", threads, err)
		}
		if err := s.DeleteComment(two, a.ID, answer); err != nil {
			t.Fatal(err)
		}
		if threads, _ = s.Threads(one, a.ID, l.ID); len(threads) != 0 {
			t.Errorf("nothing is left to read: %+v", threads)
		}
		s.commentsOfOthers(t, l, first)
	})
}

// commentsOfOthers checks that nothing reaches over the wall, and that an answer belongs to the lesson it is about.
func (s studio) commentsOfOthers(t *testing.T, l Lesson, comment db.ID) {
	t.Helper()
	b := s.editor(s.w.B, s.w.B.Editor)
	_, own := s.written(s.w.B)
	for what, err := range map[string]error{
		"add":               s.AddComment(b, s.w.B.ID, l.ID, db.NewID(), CommentInput{Text: "x"}),
		"answer":            s.AddComment(b, s.w.B.ID, own.ID, db.NewID(), CommentInput{Thread: comment, Text: "x"}),
		"resolve":           s.ResolveThread(b, s.w.B.ID, comment, true),
		"delete":            s.DeleteComment(b, s.w.B.ID, comment),
		"to another lesson": s.AddComment(s.editor(s.w.A, s.w.A.Editor), s.w.A.ID, s.lesson(s.w.A.ID, l.Course, KindPage, "次").ID, db.NewID(), CommentInput{Thread: comment, Text: "x"}),
	} {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", what, err)
		}
	}
	if err := s.AddComment(b, s.w.B.ID, own.ID, db.NewID(), CommentInput{Text: " \n "}); !fault.Is(err, fault.Invalid) {
		t.Errorf("an empty comment: %v", err)
	}
}
