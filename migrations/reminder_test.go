package migrations_test

import (
	"context"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"kenshu/migrations"
	"kenshu/rig/servers"
	"kenshu/storage/db"
)

// Reminders written by earlier versions say in their dedupe which enrolment and slot they are; afterwards they say so in columns.
func TestOldRemindersAreTakenOver(t *testing.T) {
	for name, cfg := range map[string]func() db.Config{
		"sqlite":  func() db.Config { return db.Config{SQLitePath: filepath.Join(t.TempDir(), "k.db")} },
		"mariadb": func() db.Config { return db.Config{URL: servers.MariaDB(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			d, err := db.Open(t.Context(), cfg())
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if _, err := d.Migrate(t.Context(), releasedBefore(t, "0007")); err != nil {
				t.Fatal(err)
			}
			run := func(query string, args ...any) {
				t.Helper()
				if _, err := d.Exec(t.Context(), query, args...); err != nil {
					t.Fatalf("%s: %v", query, err)
				}
			}
			round, person, version, course, enrolment := db.NewID(), db.NewID(), db.NewID(), db.NewID(), db.NewID()
			run(`INSERT INTO organisation (tenant_id, id, code, kind, name, name_search, plan, state, created_at, updated_at) VALUES (1, ?, 'A', 'organisation', 'n', 'n', 'elearning', 'active', 1, 1)`, db.NewID())
			run(`INSERT INTO person (tenant_id, id, login_id, login_key, name, sort_name, search_text, employment_kind, state, created_at, updated_at) VALUES (1, ?, 'l', 'l', 'n', 'n', 'n', 'employee', 'active', 1, 1)`, person)
			run(`INSERT INTO course (tenant_id, id, title, summary, language, shared, state, created_by, created_at, updated_at) VALUES (1, ?, 't', '', 'ja', 'none', 'published', ?, 1, 1)`, course, person)
			run(`INSERT INTO course_version (tenant_id, id, course_id, number, title, summary, language, lesson_count, published_by, published_at) VALUES (1, ?, ?, 1, 't', '', 'ja', 1, ?, 1)`, version, course, person)
			run(`INSERT INTO round (tenant_id, id, title, course_tenant_id, course_version_id, starts_on, deadline_on, state, created_by, created_at, updated_at) VALUES (1, ?, 't', 1, ?, '2026-04-01', '2026-04-30', 'open', ?, 1, 1)`, round, version, person)
			run(`INSERT INTO enrolment (tenant_id, id, round_id, person_id, status, due_on, lessons_total, created_at) VALUES (1, ?, ?, ?, 'not_started', '2026-04-30', 1, 1)`, enrolment, round, person)
			for kind, dedupe := range map[string]string{"round.assigned": enrolment.String() + " assigned", "round.due": enrolment.String() + " due-7 2026-04-30", "other": "x"} {
				run(`INSERT INTO mail_message (tenant_id, id, dedupe, to_address, to_name, kind, subject, body_text, state, created_at) VALUES (1, ?, ?, '', '', ?, '', '', 'sent', 1)`, db.NewID(), dedupe, kind)
			}
			if _, err := d.Migrate(t.Context(), migrations.FS); err != nil {
				t.Fatal(err)
			}
			for kind, want := range map[string]string{"round.assigned": "assigned", "round.due": "due-7", "other": ""} {
				var slot string
				var e, r db.ID
				if err := d.QueryRow(context.Background(), "SELECT slot, enrolment_id, round_id FROM mail_message WHERE tenant_id = 1 AND kind = ?", kind).Scan(&slot, &e, &r); err != nil {
					t.Fatal(err)
				}
				if slot != want || (want != "") != (e == enrolment && r == round) {
					t.Errorf("%s: slot %q, enrolment %v, round %v", kind, slot, e, r)
				}
			}
		})
	}
}

// releasedBefore are the migrations with a lower number.
func releasedBefore(t *testing.T, number string) fs.FS {
	t.Helper()
	out := fstest.MapFS{}
	err := fs.WalkDir(migrations.FS, ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".sql") || filepath.Base(path) >= number {
			return err
		}
		data, err := fs.ReadFile(migrations.FS, path)
		out[path] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
