package lms

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// MaxMatrixRounds is how many rounds a grid of people and rounds has at most; without a choice of rounds, those with the latest deadlines.
const MaxMatrixRounds = 30

// Matrix is a page of the grid of people and rounds.
type Matrix struct {
	Rounds []Round // the earliest deadline first
	People []MatrixPerson
	Next   string
}

// MatrixPerson is one row of the grid: how the person stands in each round that they are in.
type MatrixPerson struct {
	ReportPerson
	Cells map[db.ID]ReportRow // by round
}

// lastRound stands behind every round of a person.
var lastRound = db.ID(bytes.Repeat([]byte{0xff}, 16))

// Matrix gives a page of the grid: everybody whom the filter finds in any of the rounds, and how they stand in all of them. It returns fault.Invalid like List.
func (s *Reports) Matrix(ctx context.Context, tid tenant.ID, q ReportQuery, page db.Page) (Matrix, error) {
	var check fault.Check
	q.check(&check)
	if err := check.Err(); err != nil {
		return Matrix{}, err
	}
	from, err := readPlace(page.After)
	if err != nil {
		return Matrix{}, err
	}
	w, err := s.walkMatrix(ctx, tid, s.db, q)
	if err != nil {
		return Matrix{}, fmt.Errorf("report: %w", err)
	}
	m := Matrix{Rounds: w.order, People: []MatrixPerson{}}
	limit := page.Clamp()
	err = w.eachMatrix(ctx, from, limit+1, func(people []MatrixPerson) bool {
		m.People = append(m.People, people...)
		return len(m.People) <= limit
	})
	if err != nil {
		return m, fmt.Errorf("report: %w", err)
	}
	if len(m.People) > limit {
		m.People = m.People[:limit]
		m.Next = w.place(ReportRow{Person: m.People[limit-1].ReportPerson, Round: lastRound}).cursor()
	}
	return m, nil
}

// walkMatrix is walk for the grid: only its rounds, in the order of people.
func (s *Reports) walkMatrix(ctx context.Context, tid tenant.ID, r db.Runner, q ReportQuery) (*walker, error) {
	w, err := s.walk(ctx, tid, r, q)
	if err != nil {
		return nil, err
	}
	if !w.ofPeople() {
		w.Sort, w.Descending = "name", false
	}
	if len(q.Filter.Rounds) > 0 {
		w.order = slices.DeleteFunc(w.order, func(r Round) bool { return !slices.Contains(q.Filter.Rounds, r.ID) })
	}
	w.order = slices.Clone(w.order[:min(len(w.order), MaxMatrixRounds)])
	slices.Reverse(w.order)
	if w.Filter.Rounds = nil; len(w.order) == len(w.rounds) {
		return w, nil // all of them: naming them would only keep the engine from the index of people's enrolments
	}
	for _, r := range w.order {
		w.Filter.Rounds = append(w.Filter.Rounds, r.ID)
	}
	return w, nil
}

// eachMatrix hands the grid over, some people at a time, until take has enough; want is how many that will be.
func (w *walker) eachMatrix(ctx context.Context, from *rowPlace, want int, take func([]MatrixPerson) bool) error {
	if len(w.order) == 0 {
		return nil
	}
	for size := min(want+walkFirst, walkMost); ; {
		people, err := w.people(ctx, from, false, size)
		if err != nil || len(people) == 0 {
			return err
		}
		list, err := w.matrixOf(ctx, people)
		if err != nil || len(list) > 0 && !take(list) || len(people) < size {
			return err
		}
		from = w.place(ReportRow{Person: people[len(people)-1]})
		want -= len(list)
		size = min(max(walkFirst, want*len(people)/max(1, len(list))+walkFirst), size*4, walkMost)
	}
}

// matrixOf gives the rows of the grid of those among people whom the filter finds.
func (w *walker) matrixOf(ctx context.Context, people []ReportPerson) ([]MatrixPerson, error) {
	rows, err := w.enrolmentsOf(ctx, people)
	if err != nil {
		return nil, err
	}
	all := *w
	if all.Filter = (ReportFilter{Rounds: w.Filter.Rounds}); w.narrowsEnrolments() {
		people = nil
		for i, row := range rows {
			if i == 0 || rows[i-1].Person.ID != row.Person.ID {
				people = append(people, row.Person)
			}
		}
		if len(people) == 0 {
			return nil, nil
		}
		if rows, err = all.enrolmentsOf(ctx, people); err != nil {
			return nil, err
		}
	}
	if err := w.complete(ctx, rows); err != nil {
		return nil, err
	}
	var list []MatrixPerson
	for i, row := range rows {
		if i == 0 || rows[i-1].Person.ID != row.Person.ID {
			list = append(list, MatrixPerson{row.Person, map[db.ID]ReportRow{}})
		}
		list[len(list)-1].Cells[row.Round] = row
	}
	return list, nil
}

// narrowsEnrolments tells whether the filter asks anything about how people stand.
func (w *walker) narrowsEnrolments() bool {
	f := w.Filter
	return len(f.Statuses) > 0 || f.Overdue || f.DueFrom+f.DueTo+f.CompletedFrom+f.CompletedTo != ""
}
