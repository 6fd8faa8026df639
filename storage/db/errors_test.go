package db

import "testing"

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
