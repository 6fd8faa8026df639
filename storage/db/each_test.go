package db_test

import (
	"errors"
	"slices"
	"testing"

	"kenshu/storage/db"
)

type numbered struct {
	id   int
	name string
}

var errOdd = errors.New("an odd number")

func scanEven(row db.Row) (numbered, error) {
	var n numbered
	err := row.Scan(&n.id, &n.name)
	if err == nil && n.id%2 == 1 {
		err = errOdd
	}
	return n, err
}

func TestReadingRows(t *testing.T) {
	d := lite(t)
	if _, err := d.Exec(t.Context(), "CREATE TABLE n (id INT PRIMARY KEY, name TEXT NOT NULL)"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Exec(t.Context(), "INSERT INTO n (id, name) VALUES (2, 'two'), (4, 'four'), (5, 'five'), (6, 'six')"); err != nil {
		t.Fatal(err)
	}
	const query, upTo = "SELECT id, name FROM n WHERE id <= ? ORDER BY id", "SELECT id FROM n WHERE id <= ? ORDER BY id"

	list, err := db.List(t.Context(), d, query, []any{4}, scanEven)
	if err != nil || !slices.Equal(list, []numbered{{2, "two"}, {4, "four"}}) {
		t.Error(list, err)
	}
	if list, err = db.List(t.Context(), d, query, []any{1}, scanEven); err != nil || list == nil || len(list) != 0 {
		t.Error("no row is to be an empty list:", list == nil, list, err)
	}
	if list, err = db.List(t.Context(), d, query, []any{6}, scanEven); !errors.Is(err, errOdd) || len(list) != 2 {
		t.Error("the error of a row is to end the reading:", list, err)
	}
	if _, err = db.List(t.Context(), d, "SELECT id FROM nothing", nil, scanEven); err == nil {
		t.Error("the error of the query is lost")
	}
	if one, err := scanEven(d.QueryRow(t.Context(), query, 2)); err != nil || one.name != "two" {
		t.Error(one, err)
	}

	ids, err := db.Values[int](t.Context(), d, upTo, 5)
	if err != nil || !slices.Equal(ids, []int{2, 4, 5}) {
		t.Error(ids, err)
	}
	if ids, err = db.Values[int](t.Context(), d, upTo, 1); err != nil || ids == nil || len(ids) != 0 {
		t.Error("no row is to be an empty list:", ids == nil, ids, err)
	}

	seen := 0
	err = db.Each(t.Context(), d, upTo, []any{6}, func(scan func(...any) error) error {
		var id int
		if err := scan(&id); err != nil || id == 5 {
			return errors.Join(err, errOdd)
		}
		seen++
		return nil
	})
	if !errors.Is(err, errOdd) || seen != 2 {
		t.Error("the error of a row is to end the reading:", seen, err)
	}
}
