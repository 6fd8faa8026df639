package lms

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"kenshu/migrations"
)

// Whatever is kept of a lesson that somebody takes goes along when they go over to a newer version: a new table with a version's lesson has to be thought of.
func TestEverythingOfALessonGoesAlong(t *testing.T) {
	files, err := migrations.FS.ReadDir("sqlite")
	if err != nil {
		t.Fatal(err)
	}
	table := regexp.MustCompile(`(?s)CREATE TABLE (\w+) \(.*?\n\)`)
	var found []string
	for _, f := range files {
		text, err := migrations.FS.ReadFile("sqlite/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range table.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[0], "\n  version_lesson_id ") {
				found = append(found, m[1])
			}
		}
		if strings.Contains(string(text), "ADD COLUMN version_lesson_id") {
			t.Errorf("%s adds version_lesson_id to a table: see sqlMoveLesson", f.Name())
		}
	}
	if len(found) == 0 {
		t.Fatal("no table has a version's lesson")
	}
	for _, name := range found {
		if !slices.ContainsFunc(sqlMoveLesson, func(q string) bool { return strings.HasPrefix(q, "UPDATE "+name+" SET version_lesson_id = ?") }) {
			t.Errorf("what is kept of a lesson in %s does not go along: see sqlMoveLesson", name)
		}
	}
	if len(found) != len(sqlMoveLesson) {
		t.Errorf("%d tables, %d go along", len(found), len(sqlMoveLesson))
	}
}
