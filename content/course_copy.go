package content

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// The states of a copy.
const (
	CopyCopying = "copying" // files are being copied
	CopyDone    = "done"    // the draft is there
	CopyStopped = "stopped" // Problem says why; nothing was made
)

// CourseCopy is a course of the catalogue that an organisation makes its own: a draft with its own lessons, files and questions, which nobody else changes any more.
type CourseCopy struct {
	ID        db.ID
	Source    db.ID // the course it is made of
	Title     string
	State     string
	Problem   string // a key of the page's dictionary
	Course    db.ID  // the draft, once it is there
	CreatedBy string
	CreatedAt db.Time
	Done      int64 // bytes of files, while they are being copied
	Total     int64

	owner   int64
	version db.ID
	actor   tenant.StoredActor
}

// CourseCopies makes courses of the catalogue an organisation's own.
type CourseCopies struct {
	db        *db.DB
	assets    *Assets
	versions  *Versions
	questions *Questions
	audit     *tenant.Audit
	clock     func() time.Time
}

// NewCourseCopies makes the service.
func NewCourseCopies(d *db.DB, assets *Assets, versions *Versions, questions *Questions, audit *tenant.Audit, clock func() time.Time) *CourseCopies {
	return &CourseCopies{db: d, assets: assets, versions: versions, questions: questions, audit: audit, clock: clock}
}

// KindCourseCopy is the job that copies a course. Its id is the copy's.
const KindCourseCopy = "course.copy"

// Begin has a job make a draft called title of a course in the catalogue of tid, as a new round would get it now. id is new, or derived from the caller's idempotency
// key: a repeat gives what the first made. It returns fault.Invalid for a wrong title and fault.NotFound when tid may not use the course.
func (s *CourseCopies) Begin(ctx context.Context, tid tenant.ID, id, course db.ID, title string) (CourseCopy, error) {
	title = tenant.Tidy(title)
	var c fault.Check
	c.If(title == "", "title", "required")
	c.If(tooLong(title, MaxTitle), "title", "too_long", "max", MaxTitle)
	if err := c.Err(); err != nil {
		return CourseCopy{}, err
	}
	v, err := s.versions.FindLatest(ctx, tid, course)
	if err != nil {
		return CourseCopy{}, err
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		actor, err := tenant.StoreActor(ctx, tid, tx)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlInsertCopy, tid, id, v.Tenant, course, v.ID, title, db.JSON[tenant.StoredActor]{V: actor}, author(ctx), db.At(s.clock())); err != nil {
			return err
		}
		payload, err := json.Marshal(map[string]db.ID{"copy": id})
		if err != nil {
			return err
		}
		return tx.Enqueue(ctx, s.clock(), db.Job{ID: id, Kind: KindCourseCopy, Tenant: tid.Number(), Payload: payload, Max: 6})
	})
	if err != nil && !db.IsDuplicate(err) {
		return CourseCopy{}, fmt.Errorf("copy course: %w", err)
	}
	return s.Find(ctx, tid, id)
}

// Find gives a copy and how far it is; fault.NotFound when tid has no such.
func (s *CourseCopies) Find(ctx context.Context, tid tenant.ID, id db.ID) (CourseCopy, error) {
	return s.find(ctx, db.Where("c.tenant_id = ?", tid).And("c.id = ?", id), "")
}

// Latest gives the newest copy that tid has made, or is making, of a course; fault.NotFound when there is none.
func (s *CourseCopies) Latest(ctx context.Context, tid tenant.ID, course db.ID) (CourseCopy, error) {
	return s.find(ctx, db.Where("c.tenant_id = ?", tid).And("c.source_id = ?", course), " ORDER BY c.created_at DESC, c.id DESC LIMIT 1")
}

func (s *CourseCopies) find(ctx context.Context, cond *db.Cond, end string) (CourseCopy, error) {
	var c CourseCopy
	var actor db.JSON[tenant.StoredActor]
	err := db.One(s.db.QueryRow(ctx, sqlSelectCopy+cond.SQL()+end, cond.Args()...).Scan(&c.ID, &c.owner, &c.Source, &c.version, &c.Title, &c.State, &c.Problem, &actor, &c.Course, &c.CreatedBy, &c.CreatedAt))
	if c.actor = actor.V; err != nil || c.State != CopyCopying {
		return c, err
	}
	job, err := s.db.FindJob(ctx, c.ID)
	gone := fault.Is(err, fault.NotFound)
	if err != nil && !gone {
		return c, err
	}
	if c.Done, c.Total = job.Done, job.Total; gone || job.State == "failed" { // given up without a word: its workers died
		c.State, c.Problem = CopyStopped, "internal"
	}
	return c, nil
}

// CopyJob is the handler of KindCourseCopy. Files are copied first, under names of this copy alone; the course is written in one transaction, so until that commits there
// is none, and a run after one that died copies again.
func (s *CourseCopies) CopyJob(ctx context.Context, job db.Job, report func(done, total int64)) error {
	var payload struct {
		Copy db.ID `json:"copy"`
	}
	if err := json.Unmarshal(job.Payload, &payload); err != nil {
		return fault.Wrap(err, fault.Invalid, "invalid")
	}
	tid := tenant.System(job.Tenant, "copy of a course")
	c, err := s.Find(ctx, tid, payload.Copy)
	if err != nil || c.State != CopyCopying {
		return err
	}
	ctx = tenant.WithActor(ctx, c.actor.Actor(tid))
	files, err := s.copy(ctx, tid, c, report)
	return job.Settle(err, func(why *fault.Error) error { return s.stop(context.WithoutCancel(ctx), tid, c, why.Key, files) })
}

// stop notes why there is no course and removes what was copied.
func (s *CourseCopies) stop(ctx context.Context, tid tenant.ID, c CourseCopy, problem string, files *copiedFiles) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		r, err := tx.Exec(ctx, sqlStopCopy, problem, tid, c.ID)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 || files == nil {
			return err // another run has made the course: the files are its
		}
		return s.assets.discard(ctx, tx, tid, files.made())
	})
}

func (s *CourseCopies) copy(ctx context.Context, tid tenant.ID, c CourseCopy, report func(done, total int64)) (*copiedFiles, error) {
	v, err := s.versions.FindVersion(ctx, tid, c.owner, c.version)
	if err != nil {
		return nil, err
	}
	lessons, err := draftOf(v)
	if err != nil {
		return nil, err
	}
	files := &copiedFiles{assets: s.assets, tid: tid, owner: c.owner, copy: c.ID, names: map[db.ID]db.ID{}}
	var banked []newQuestion
	if c.owner != tid.Number() {
		if err := files.plan(ctx, v.Cover, lessons); err != nil {
			return files, err
		}
		if err := files.fetch(ctx, report); err != nil {
			return files, err
		}
		for from, to := range files.names {
			for i := range lessons {
				lessons[i].body.rename(from, to)
			}
		}
		banked = ownQuestions(lessons)
	}
	for _, l := range lessons {
		if q := l.body.Quiz; q != nil {
			q.unpublish()
		}
	}
	return files, s.db.Tx(ctx, func(tx *db.Tx) error { return s.write(ctx, tx, tid, c, v, lessons, files, banked) })
}

// draftOf makes draft lessons of a published course, which itself is shared by everybody who reads it.
func draftOf(v *CourseVersion) ([]newLesson, error) {
	lessons := make([]newLesson, 0, len(v.Lessons))
	for _, l := range v.Lessons {
		raw, err := l.Body.JSON()
		if err != nil {
			return nil, err
		}
		body, err := ReadBody(l.Kind, []byte(raw))
		if err != nil {
			return nil, err
		}
		lessons = append(lessons, newLesson{title: l.Title, body: body})
	}
	return lessons, nil
}

// unpublish takes out what only publishing fills in.
func (q *QuizBody) unpublish() {
	q.Pool = nil
	for i := range q.Draws {
		q.Draws[i].From = nil
	}
}

// ownQuestions makes the questions that the lessons draw questions of the organisation's own bank, and has the lessons draw those: each once, in the order in which they
// stood. What draws give is known from the published course alone: the set of each draw that leaves it to chance gets a tag of its own,
// named after the first lesson that has it.
func ownQuestions(lessons []newLesson) []newQuestion {
	var sources []db.ID
	found := map[db.ID]*Question{}
	eachDraw(lessons, func(l newLesson, d *Draw) {
		for _, id := range d.From {
			if question := l.body.Quiz.Find(id.String()); question != nil && found[id] == nil {
				found[id], sources = question, append(sources, id)
			}
		}
	})
	slices.SortFunc(sources, compareIDs)
	own, list := map[db.ID]int{}, make([]newQuestion, len(sources))
	ids := make([]db.ID, len(sources))
	for i := range ids {
		ids[i] = db.NewID()
	}
	slices.SortFunc(ids, compareIDs)
	for i, source := range sources {
		own[source], list[i] = i, newQuestion{ids[i], QuestionInput{Question: *found[source]}}
		list[i].in.Question.ID, list[i].in.Question.Bank = db.ID{}, db.ID{}
	}
	tags := map[string]string{} // by the questions of a set
	eachDraw(lessons, func(l newLesson, d *Draw) {
		if d.Fixed() {
			d.Questions = nil
			for _, id := range d.From {
				d.Questions = append(d.Questions, list[own[id]].id)
			}
			return
		}
		var set strings.Builder
		for _, id := range d.From {
			set.WriteString(id.String())
		}
		tag, known := tags[set.String()]
		if !known {
			tag = fmt.Sprintf("%s %d", tenant.Clip(strings.NewReplacer(",", " ", "、", " ", ";", " ").Replace(l.title), maxTag-8), len(tags)+1)
			tags[set.String()] = tag
			for _, id := range d.From {
				in := &list[own[id]].in
				in.Tags = append(in.Tags, tag)
			}
		}
		d.Tags, d.Difficulty = []string{tag}, 0
	})
	return list
}

// eachDraw goes over the draws of all tests.
func eachDraw(lessons []newLesson, visit func(l newLesson, d *Draw)) {
	for _, l := range lessons {
		if q := l.body.Quiz; q != nil {
			for i := range q.Draws {
				visit(l, &q.Draws[i])
			}
		}
	}
}

// putInto has questions stand in a category, and the draws that leave it to chance look there.
func putInto(category string, lessons []newLesson, banked []newQuestion) {
	for i := range banked {
		banked[i].in.Category = category
	}
	eachDraw(lessons, func(_ newLesson, d *Draw) {
		if !d.Fixed() {
			d.Category = category
		}
	})
}

func compareIDs(a, b db.ID) int { return slices.Compare(a[:], b[:]) }

// freeCategory is a category of the bank that is empty, named after a course.
func (s *CourseCopies) freeCategory(ctx context.Context, tx *db.Tx, tid tenant.ID, title string) (string, error) {
	name := tenant.Clip(tidyCategory(strings.NewReplacer("/", " ", "／", " ").Replace(title)), maxCategory-20)
	for n := 1; ; n++ {
		category := name
		if n > 1 {
			category += " (" + strconv.Itoa(n) + ")"
		}
		cond := db.Where("q.tenant_id = ?", tid)
		matching(cond, tid, category, nil, 0)
		taken, err := db.Values[db.ID](ctx, tx, sqlAnyQuestion+cond.SQL()+" LIMIT 1", cond.Args()...)
		if err != nil || len(taken) == 0 {
			return category, err
		}
	}
}

// write makes the course with everything that belongs to it and ends the copy.
func (s *CourseCopies) write(ctx context.Context, tx *db.Tx, tid tenant.ID, c CourseCopy, v *CourseVersion, lessons []newLesson, files *copiedFiles, banked []newQuestion) error {
	if err := tenant.StillMay(ctx, tid, tx.Locking(), c.actor); err != nil {
		return err
	}
	course, now := db.IDFrom("course.copy", c.ID.String()), db.At(s.clock())
	r, err := tx.Exec(ctx, sqlEndCopy, course, tid, c.ID)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return err // another run has made it
	}
	if err := files.write(ctx, tx); err != nil {
		return err
	}
	requires := []Requirement{} // another organisation's courses are not for everybody to require
	if c.owner == tid.Number() {
		requires = v.Requires
	}
	cover := v.Cover
	if own, copied := files.names[cover]; copied {
		cover = own
	}
	if _, err := tx.Exec(ctx, sqlInsertCourse, tid, course, c.Title, v.Summary, v.Language, SharedNone, false, v.Ordered, db.JSON[[]Requirement]{V: requires}, v.Audience, v.Minutes, cover, author(ctx), now, now); err != nil {
		return err
	}
	if err := setCover(ctx, tx, tid, course, cover, db.ID{}); err != nil {
		return err
	}
	for i := range lessons {
		lessons[i].id = db.IDFrom("course.copy.lesson", c.ID.String(), strconv.Itoa(i))
	}
	if len(banked) > 0 {
		category, err := s.freeCategory(ctx, tx, tid, c.Title) // the organisation's row is locked: copies take turns
		if err != nil {
			return err
		}
		putInto(category, lessons, banked)
	}
	if err := insertLessons(ctx, tx, tid, course, lessons, now); err != nil {
		return err
	}
	if len(banked) > 0 {
		if err := s.questions.insert(ctx, tx, tid, banked); err != nil {
			return err
		}
	}
	return s.audit.Append(ctx, tid, tx, tenant.Change{
		Action: "course.copy", SubjectKind: "course", Subject: course,
		Detail: map[string]any{"title": c.Title, "from": v.Title, "number": v.Number, "source": c.Source.String(), "lessons": len(lessons), "questions": len(banked)},
	})
}
