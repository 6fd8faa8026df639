package lms

import (
	"context"
	"slices"

	"kenshu/storage/db"
)

// complete fills in what the columns ask for beside the enrolment itself: one query a part and kind, however many rows there are.
func (w *walker) complete(ctx context.Context, rows []ReportRow) error {
	for i := range rows {
		r := w.rounds[rows[i].Round]
		rows[i].RoundTitle, rows[i].CourseTitle = r.Title, r.CourseTitle
	}
	people, enrolments := map[db.ID][]*ReportPerson{}, map[db.ID]*ReportRow{}
	for i := range rows {
		people[rows[i].Person.ID] = append(people[rows[i].Person.ID], &rows[i].Person)
		enrolments[rows[i].ID] = &rows[i]
	}
	if err := w.completePeople(ctx, people); err != nil {
		return err
	}
	for _, part := range []struct {
		column string
		read   func(ids []any) (string, []any)
		set    func(row *ReportRow, n int, text string)
	}{
		{"spent", func(ids []any) (string, []any) {
			cond := db.Where("g.tenant_id = ?", w.tid).In("g.enrolment_id", ids)
			return sqlReportSpent + cond.SQL() + reportGroupSpent, cond.Args()
		}, func(row *ReportRow, n int, _ string) { row.SpentSeconds = n }},
		{"attempts", func(ids []any) (string, []any) {
			cond := db.Where("a.tenant_id = ? AND a.state = 'submitted'", w.tid).In("a.enrolment_id", ids)
			return sqlReportAttempts + cond.SQL() + reportGroupAttempts, cond.Args()
		}, func(row *ReportRow, n int, _ string) { row.Attempts = n }},
		{"certificate", func(ids []any) (string, []any) {
			cond := db.Where("c.tenant_id = ? AND c.revoked_at IS NULL", w.tid).In("c.enrolment_id", ids)
			return sqlReportNumbers + cond.SQL(), cond.Args()
		}, func(row *ReportRow, _ int, text string) { row.Certificate = text }},
	} {
		if !w.shows(part.column) {
			continue
		}
		for ids := range slices.Chunk(keysOf(enrolments), chunk) {
			query, args := part.read(ids)
			err := db.Each(ctx, w.r, query, args, func(scan func(...any) error) error {
				var id db.ID
				var n int
				var text string
				target := any(&n)
				if part.column == "certificate" {
					target = &text
				}
				err := scan(&id, target)
				if row := enrolments[id]; row != nil {
					part.set(row, n, text)
				}
				return err
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// completePeople fills in departments and own fields of people.
func (w *walker) completePeople(ctx context.Context, people map[db.ID][]*ReportPerson) error {
	fields := w.fields()
	for ids := range slices.Chunk(keysOf(people), chunk) {
		if w.shows("departments") {
			cond := db.Where(sqlHeldToday, w.tid, w.today, w.today).In("pd.person_id", ids)
			err := db.Each(ctx, w.r, sqlReportPosts+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
				var id, department db.ID
				err := scan(&id, &department)
				path := w.tree.Path(department)
				for _, p := range people[id] {
					p.Departments = append(p.Departments, path)
				}
				return err
			})
			if err != nil {
				return err
			}
		}
		if len(fields) == 0 {
			continue
		}
		cond := db.Where("v.tenant_id = ?", w.tid).In("v.field_id", db.Args(fields)).In("v.person_id", ids)
		err := db.Each(ctx, w.r, sqlReportValues+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
			var id, field db.ID
			var value string
			err := scan(&id, &field, &value)
			for _, p := range people[id] {
				if p.Fields == nil {
					p.Fields = map[db.ID]string{}
				}
				p.Fields[field] = value
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	for _, same := range people {
		for _, p := range same {
			slices.Sort(p.Departments)
		}
	}
	return nil
}

func keysOf[V any](m map[db.ID]V) []any {
	keys := make([]any, 0, len(m))
	for id := range m {
		keys = append(keys, id)
	}
	return keys
}
