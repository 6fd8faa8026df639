package db

import (
	"strings"
	"testing"
)

// Which key was taken is told apart although the refused value looks like another key's name.
func TestIsDuplicateOf(t *testing.T) {
	eachEmpty(t, func(t *testing.T, cfg Config) {
		d := opened(t, cfg)
		for _, q := range []string{
			"CREATE TABLE thing (id INT NOT NULL, code VARCHAR(40) NOT NULL, CONSTRAINT thing_id UNIQUE (id), CONSTRAINT thing_code UNIQUE (code))",
			"INSERT INTO thing (id, code) VALUES (1, 'thing_id')",
		} {
			if _, err := d.Exec(t.Context(), q); err != nil {
				t.Fatal(err)
			}
		}
		_, err := d.Exec(t.Context(), "INSERT INTO thing (id, code) VALUES (?, ?)", 2, "thing_id")
		if !IsDuplicateOf(err, "thing_code", "code") || IsDuplicateOf(err, "thing_id", "id") {
			t.Errorf("the code was taken: %v", err)
		}
		_, err = d.Exec(t.Context(), "INSERT INTO thing (id, code) VALUES (?, ?)", 1, "other")
		if IsDuplicateOf(err, "thing_code", "code") || !IsDuplicateOf(err, "thing_id", "id") {
			t.Errorf("the id was taken: %v", err)
		}
	})
}

// What the database says of a value that it refuses does not repeat it: errors are logged and shown to who runs the installation.
func TestErrorsNameNobody(t *testing.T) {
	eachEmpty(t, func(t *testing.T, cfg Config) {
		d := opened(t, cfg)
		if _, err := d.Exec(t.Context(), "CREATE TABLE thing (name VARCHAR(200) NOT NULL, number INT NOT NULL, CONSTRAINT thing_name UNIQUE (name))"); err != nil {
			t.Fatal(err)
		}
		const insert = "INSERT INTO thing (name, number) VALUES (?, ?)"
		for _, name := range []string{"Hanako", "Hanako' for key 'Hanako", "it's Hanako"} {
			if _, err := d.Exec(t.Context(), insert, name, 1); err != nil {
				t.Fatal(err)
			}
			_, outside := d.Exec(t.Context(), insert, name, 1)
			inside := d.Tx(t.Context(), func(tx *Tx) error {
				_, err := tx.Exec(t.Context(), insert, name, 1)
				return err
			})
			for _, err := range []error{outside, inside} {
				if !IsDuplicateOf(err, "thing_name", "name") || strings.Contains(err.Error(), "Hanako") {
					t.Errorf("%v", err)
				}
			}
		}
		if _, err := d.Exec(t.Context(), insert, "x", "Hanako"); err != nil && strings.Contains(err.Error(), "Hanako") {
			t.Errorf("%v", err)
		}
	})
}
