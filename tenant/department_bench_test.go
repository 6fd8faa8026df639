package tenant_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// BenchmarkDepartments is the tree for 20,000 people in 2,000 departments, a tenth of them with two posts; the goal is a p95 under 100 ms.
func BenchmarkDepartments(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": kit.SQLite, "mariadb": kit.MariaDB} {
		b.Run(name, func(b *testing.B) {
			o := newOffice(b, open(b))
			org, ids := o.world.A.ID, make([]db.ID, 2000)
			var rooms, persons, posts [][]any
			for i := range ids {
				ids[i] = db.NewID()
				parent, key := db.ID{}, fmt.Sprintf("部署%04d", i)
				if i > 0 {
					parent = ids[(i-1)/6]
				}
				rooms = append(rooms, []any{org, ids[i], key, key, parent})
			}
			for i := range 20_000 {
				id, login := db.NewID(), fmt.Sprintf("crowd%05d", i)
				persons = append(persons, []any{org, id, login, login, "群衆 太郎", "群衆 太郎", login})
				posts = append(posts, []any{org, id, ids[i%len(ids)]})
				if i%10 == 0 {
					posts = append(posts, []any{org, id, ids[(i+7)%len(ids)]})
				}
			}
			if err := o.db.Tx(b.Context(), func(tx *db.Tx) error {
				if err := tx.InsertMany(b.Context(), "INSERT INTO department (tenant_id, id, name, name_key, parent_id, created_at, updated_at) VALUES", "(?, ?, ?, ?, ?, 1, 1)", rooms); err != nil {
					return err
				}
				if err := tx.InsertMany(b.Context(), "INSERT INTO person (tenant_id, id, login_id, login_key, name, sort_name, search_text, employment_kind, state, created_at, updated_at) VALUES",
					"(?, ?, ?, ?, ?, ?, ?, 'employee', 'active', 1, 1)", persons); err != nil {
					return err
				}
				return tx.InsertMany(b.Context(), "INSERT INTO person_department (tenant_id, person_id, department_id, starts_on) VALUES", "(?, ?, ?, '2026-04-01')", posts)
			}); err != nil {
				b.Fatal(err)
			}
			for what, ask := range map[string]func() error{
				"tree": func() error {
					list, err := o.departments.List(b.Context(), org, tenant.DepartmentQuery{})
					if err == nil && (len(list) != 2000 || list[0].MembersBelow != 20_000) {
						err = fmt.Errorf("%d departments, %d people below the first", len(list), list[0].MembersBelow)
					}
					return err
				},
				"as of": func() error {
					_, err := o.departments.List(b.Context(), org, tenant.DepartmentQuery{On: "2026-06-01"})
					return err
				},
				"preview of a move": func() error {
					_, err := o.departments.Preview(b.Context(), org, []tenant.DepartmentStep{{Kind: tenant.StepMove, Department: ids[1], Parent: ids[2]}}, "", db.ID{})
					return err
				},
				"people with below": func() error {
					_, err := o.people.List(b.Context(), org, tenant.PeopleQuery{Department: ids[1], WithBelow: true, Page: db.Page{Limit: 100}})
					return err
				},
			} {
				b.Run(what, func(b *testing.B) {
					var times []time.Duration
					for b.Loop() {
						start := time.Now()
						if err := ask(); err != nil {
							b.Fatal(err)
						}
						times = append(times, time.Since(start))
					}
					slices.Sort(times)
					b.ReportMetric(float64(times[len(times)*95/100].Microseconds())/1000, "p95-ms")
				})
			}
		})
	}
}
