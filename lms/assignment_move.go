package lms

import (
	"context"
	"slices"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// moves are the rows that a change writes: who comes in, who comes back, who is withdrawn and why, whose due day is another. They are collected first
// and written in a few statements, however many people and rounds there are.
type moves struct {
	rows      [][]any
	back      []db.ID
	late      []db.ID // come back after a long time: a due day that has passed is set anew
	leaves    map[leaving][]db.ID
	due       map[string][]db.ID
	withdrawn int // how many were, once they are written
}

// leaving is why somebody goes, and whether even when they have started.
type leaving struct {
	why     string
	started bool
}

func (w *moves) enrol(row []any) { w.rows = append(w.rows, row) }

func (w *moves) leave(why string, id db.ID, started bool) {
	if w.leaves == nil {
		w.leaves = map[leaving][]db.ID{}
	}
	k := leaving{why, started}
	w.leaves[k] = append(w.leaves[k], id)
}

func (w *moves) moveDue(day string, id db.ID) {
	if w.due == nil {
		w.due = map[string][]db.ID{}
	}
	w.due[day] = append(w.due[day], id)
}

// move writes what was collected. Who begins at the same moment is not withdrawn: the row is asked once more.
func (s *Rounds) move(ctx context.Context, tid tenant.ID, tx *db.Tx, w *moves) error {
	if err := tx.InsertNew(ctx, sqlInsertEnrolment, rowInsertEnrolment, "tenant_id, round_id, person_id", w.rows); err != nil {
		return err
	}
	if _, err := update(ctx, tx, sqlComeBack, []any{tid}, w.back); err != nil {
		return err
	}
	today := tenant.Today(s.clock)
	if _, err := update(ctx, tx, sqlGiveTime, []any{tenant.AddDays(today, JoinerDays), tid, today}, w.late); err != nil {
		return err
	}
	for k, ids := range w.leaves {
		query := sqlLeave
		if k.started {
			query = sqlLeaveStarted
		}
		n, err := update(ctx, tx, query, []any{k.why, tid}, ids)
		if err != nil {
			return err
		}
		w.withdrawn += n
	}
	for day, ids := range w.due {
		if _, err := update(ctx, tx, sqlSetDue, []any{day, tid}, ids); err != nil {
			return err
		}
	}
	return nil
}

// update runs an update of enrolments, which their ids follow, in parts, and counts the rows.
func update(ctx context.Context, tx *db.Tx, query string, args []any, ids []db.ID) (int, error) {
	total := 0
	for part := range slices.Chunk(ids, chunk) {
		res, err := tx.Exec(ctx, query+"("+db.Marks(len(part))+")", slices.Concat(args, db.Args(part))...)
		if err != nil {
			return total, err
		}
		n, err := res.RowsAffected()
		if err != nil {
			return total, err
		}
		total += int(n)
	}
	return total, nil
}
