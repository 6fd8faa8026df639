package content

import (
	"context"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// MaxRetire is how many questions are retired, or taken back, at once.
const MaxRetire = 200

// Create puts a question into the bank. id is new or derived from the caller's idempotency key: the same id again answers the first. It returns fault.Invalid
// for what cannot be asked.
func (s *Questions) Create(ctx context.Context, tid tenant.ID, id db.ID, in QuestionInput) (BankQuestion, error) {
	var c fault.Check
	in.check(&c, "")
	if err := c.Err(); err != nil {
		return BankQuestion{}, err
	}
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.insert(ctx, tx, tid, []newQuestion{{id, in}}); err != nil {
			return err
		}
		if err := s.touchCourses(ctx, tx, tid, []drawFacts{in.facts(id)}); err != nil {
			return err
		}
		return s.note(ctx, tid, tx, "question.create", id, nil, in)
	})
	if err != nil && !db.IsDuplicate(err) {
		return BankQuestion{}, fmt.Errorf("create question: %w", err)
	}
	return s.find(ctx, s.db, tid, id)
}

// Copy makes a new question of what another asks now; title stands before its text so that the two can be told apart.
func (s *Questions) Copy(ctx context.Context, tid tenant.ID, from, id db.ID) (BankQuestion, error) {
	q, err := s.find(ctx, s.db, tid, from)
	if err != nil {
		return BankQuestion{}, err
	}
	return s.Create(ctx, tid, id, q.input())
}

func (q BankQuestion) input() QuestionInput {
	return QuestionInput{Category: q.Category, Tags: q.Tags, Difficulty: q.Difficulty, Question: q.Question}
}

func (in QuestionInput) facts(id db.ID) drawFacts {
	return drawFacts{id: id, category: in.Category, tags: in.Tags, difficulty: in.Difficulty}
}

type newQuestion struct {
	id db.ID
	in QuestionInput
}

// insert writes questions with their first versions and tags.
func (s *Questions) insert(ctx context.Context, tx *db.Tx, tid tenant.ID, list []newQuestion) error {
	now, by := db.At(s.clock()), author(ctx)
	var questions, versions, tags [][]any
	for _, n := range list {
		body, digest, search, err := n.in.stored()
		if err != nil {
			return err
		}
		version := db.NewID()
		questions = append(questions, []any{
			tid, n.id, n.in.Category, n.in.Question.Kind, n.in.Difficulty, QuestionActive, search, digest, version, 1, by, now, by, now,
		})
		versions = append(versions, []any{tid, version, n.id, 1, body, by, now})
		tags = append(tags, tagRows(tid, n.id, n.in.Tags)...)
	}
	if err := tx.InsertMany(ctx, sqlInsertQuestion, rowInsertQuestion, questions); err != nil {
		return err
	}
	if err := tx.InsertMany(ctx, sqlInsertQuestionVersion, rowInsertQuestionVersion, versions); err != nil {
		return err
	}
	return tx.InsertMany(ctx, sqlInsertTag, rowInsertTag, tags)
}

func tagRows(tid tenant.ID, id db.ID, tags []string) [][]any {
	var rows [][]any
	for _, tag := range tags {
		rows = append(rows, []any{tid, id, tenant.Fold(tag), tag})
	}
	return rows
}

// Update changes a question. What it asks becomes a new version; attempts and published courses keep the one they have. base is the Version that was read:
// fault.Conflict "question_changed" when somebody changed it since. It returns fault.Invalid for what cannot be asked.
func (s *Questions) Update(ctx context.Context, tid tenant.ID, id db.ID, base int64, in QuestionInput) (BankQuestion, error) {
	var c fault.Check
	in.check(&c, "")
	if err := c.Err(); err != nil {
		return BankQuestion{}, err
	}
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		var locked db.ID
		if err := db.One(tx.QueryRowLocked(ctx, sqlLockQuestions+" WHERE tenant_id = ? AND id = ?", tid, id).Scan(&locked)); err != nil {
			return err
		}
		old, err := s.find(ctx, tx, tid, id)
		if err != nil {
			return err
		}
		if old.Version != base {
			return fault.New(fault.Conflict, "question_changed", "name", old.UpdatedBy)
		}
		if err := s.rewrite(ctx, tx, tid, []changedQuestion{{old, in}}); err != nil {
			return err
		}
		return s.touchCourses(ctx, tx, tid, []drawFacts{old.facts(), in.facts(id)})
	})
	if err != nil {
		return BankQuestion{}, fmt.Errorf("update question: %w", err)
	}
	return s.find(ctx, s.db, tid, id)
}

// changedQuestion is a question as it stands, its row locked, and what it becomes.
type changedQuestion struct {
	old BankQuestion
	in  QuestionInput
}

// rewrite writes changed questions in few statements, however many they are: new versions of those that ask something else, the rows, the tags, the log.
func (s *Questions) rewrite(ctx context.Context, tx *db.Tx, tid tenant.ID, list []changedQuestion) error {
	now, by := db.At(s.clock()), author(ctx)
	var questions, versions, tags [][]any
	var ids []any
	var changes []tenant.Change
	for _, c := range list {
		body, digest, search, err := c.in.stored()
		if err != nil {
			return err
		}
		was, _, _, err := c.old.input().stored()
		if err != nil {
			return err
		}
		version, number := c.old.Question.ID, c.old.Number
		if was != body {
			version, number = db.NewID(), c.old.Number+1
			versions = append(versions, []any{tid, version, c.old.ID, number, body, by, now})
		}
		questions = append(questions, []any{
			tid, c.old.ID, c.in.Category, c.in.Question.Kind, c.in.Difficulty, c.old.State, search, digest, version, number, by, now, by, now, c.old.Version + 1,
		})
		ids = append(ids, c.old.ID)
		tags = append(tags, tagRows(tid, c.old.ID, c.in.Tags)...)
		changes = append(changes, noted("question.update", c.old.ID, c.old.input(), c.in))
	}
	if err := tx.InsertMany(ctx, sqlInsertQuestionVersion, rowInsertQuestionVersion, versions); err != nil {
		return err
	}
	if err := tx.UpsertMany(ctx, sqlRewriteQuestion, rowRewriteQuestion, "tenant_id, id", columnsRewriteQuestion, questions); err != nil {
		return err
	}
	for part := range slices.Chunk(ids, 500) {
		cond := db.Where("tenant_id = ?", tid).In("question_id", part)
		if _, err := tx.Exec(ctx, sqlDropTags+cond.SQL(), cond.Args()...); err != nil {
			return err
		}
	}
	if err := tx.InsertMany(ctx, sqlInsertTag, rowInsertTag, tags); err != nil {
		return err
	}
	return s.audit.AppendMany(ctx, tid, tx, changes)
}

// Retire takes questions out of what is drawn from now on, or back in. Those that are so already stay as they are. It returns fault.NotFound when one is not
// tid's, and changes none then.
func (s *Questions) Retire(ctx context.Context, tid tenant.ID, ids []db.ID, retired bool) error {
	if len(ids) > MaxRetire {
		return fault.New(fault.Invalid, "too_many", "max", MaxRetire)
	}
	state, action := QuestionActive, "question.reactivate"
	if retired {
		state, action = QuestionRetired, "question.retire"
	}
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		unique := map[db.ID]bool{}
		list := make([]any, 0, len(ids))
		for _, id := range ids {
			if !unique[id] {
				unique[id] = true
				list = append(list, id)
			}
		}
		if err := s.lock(ctx, tx, tid, list); err != nil {
			return err
		}
		found, err := s.read(ctx, tx, tid, db.Where("q.tenant_id = ?", tid).In("q.id", list), " ORDER BY q.id")
		if err != nil {
			return err
		}
		if len(found) < len(list) {
			return fault.New(fault.NotFound, "not_found")
		}
		var changed []drawFacts
		var rows []any
		for _, q := range found {
			if q.State == state {
				continue
			}
			changed = append(changed, q.facts())
			rows = append(rows, q.ID)
			if err := s.note(ctx, tid, tx, action, q.ID, nil, q.input()); err != nil {
				return err
			}
		}
		if len(rows) == 0 {
			return nil
		}
		cond := db.Where("tenant_id = ?", tid).In("id", rows)
		if _, err := tx.Exec(ctx, sqlRetireQuestions+cond.SQL(), append([]any{state, author(ctx), db.At(s.clock())}, cond.Args()...)...); err != nil {
			return err
		}
		return s.touchCourses(ctx, tx, tid, changed)
	})
	if err != nil {
		return fmt.Errorf("retire questions: %w", err)
	}
	return nil
}

// lock keeps questions as they are until the end of the transaction, in the order of their ids.
func (s *Questions) lock(ctx context.Context, tx *db.Tx, tid tenant.ID, ids []any) error {
	cond := db.Where("tenant_id = ?", tid).In("id", ids)
	return db.Each(ctx, tx.Locking(), sqlLockQuestions+cond.SQL()+" ORDER BY id", cond.Args(), func(func(...any) error) error { return nil })
}

// touchCourses tells the courses that may draw one of the questions that there is something new to publish.
func (s *Questions) touchCourses(ctx context.Context, tx *db.Tx, tid tenant.ID, changed []drawFacts) error {
	lessons, err := drawingLessons(ctx, tx, tid)
	if err != nil {
		return err
	}
	seen := map[db.ID]bool{}
	var courses []any
	for _, l := range lessons {
		if !seen[l.course] && l.uses(changed) {
			seen[l.course] = true
			courses = append(courses, l.course)
		}
	}
	if len(courses) == 0 {
		return nil
	}
	cond := db.Where("tenant_id = ?", tid).In("id", courses)
	_, err = tx.Exec(ctx, sqlTouchCourses+cond.SQL(), append([]any{db.At(s.clock())}, cond.Args()...)...)
	return err
}

func (s *Questions) note(ctx context.Context, tid tenant.ID, tx *db.Tx, action string, id db.ID, before any, after QuestionInput) error {
	return s.audit.Append(ctx, tid, tx, noted(action, id, before, after))
}

// noted is what the log says of a question.
func noted(action string, id db.ID, before any, after QuestionInput) tenant.Change {
	return tenant.Change{
		Action: action, SubjectKind: "question", Subject: id, Before: before, After: after,
		Detail: map[string]any{"title": tenant.Clip(after.Question.Text, 100), "category": after.Category},
	}
}
