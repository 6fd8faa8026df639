package upgrade_test

import (
	"bytes"
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"testing"
	"time"

	"kenshu/migrations"
	"kenshu/rig/servers"
	"kenshu/rig/upgrade"
	"kenshu/server/app"
	"kenshu/storage/db"
)

// Every stored release is upgraded with its rows, on both engines, and read back through the product of today.
func TestUpgradeOfEveryRelease(t *testing.T) {
	stored, err := filepath.Glob("testdata/*.tar.gz")
	if err != nil || len(stored) < 2 {
		t.Fatalf("%d stored releases, %v", len(stored), err)
	}
	for _, path := range stored {
		name := filepath.Base(path)[:4]
		t.Run(name+" sqlite", func(t *testing.T) {
			dir := unpacked(t, path)
			readBack(t, dir, "KENSHU_DATA="+dir)
		})
		t.Run(name+" mariadb", func(t *testing.T) {
			dir := unpacked(t, path)
			version, err := strconv.Atoi(name)
			if err != nil {
				t.Fatal(err)
			}
			url := servers.MariaDB(t)
			moveRows(t, filepath.Join(dir, "kenshu.db"), url, version)
			readBack(t, dir, "KENSHU_DATA="+dir, "KENSHU_DB="+url)
		})
	}
}

func unpacked(t *testing.T, path string) string {
	t.Helper()
	dir := t.TempDir()
	if err := upgrade.Unpack(path, dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

// moveRows brings a MariaDB to the schema of the release, and the release's rows into it as they are.
func moveRows(t *testing.T, file, url string, version int) {
	t.Helper()
	from, to := open(t, db.Config{SQLitePath: file}), open(t, db.Config{URL: url})
	if err := to.MigrateTo(t.Context(), migrations.FS, version); err != nil {
		t.Fatal(err)
	}
	tables, err := from.Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := to.BeginTransfer(t.Context(), "stored release"); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if _, err := to.Fill(t.Context(), table, table.Rows(t.Context(), from)); err != nil {
			t.Fatalf("%s: %v", table.Name, err)
		}
	}
	if err := to.EndTransfer(t.Context(), "stored release"); err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, cfg db.Config) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = d.Close() })
	return d
}

// readBack starts the product on the stored data: it migrates, and the people of the release log in and find everything as it was.
func readBack(t *testing.T, dir string, env ...string) {
	t.Helper()
	var want upgrade.Facts
	var logins []upgrade.Login
	load(t, filepath.Join(dir, "facts.json"), &want)
	load(t, filepath.Join(dir, "demo.json"), &logins)
	cfg, err := app.ReadConfig(append(env, "KENSHU_MODE=development"))
	if err != nil {
		t.Fatal(err)
	}
	began := time.Now()
	a, err := app.New(t.Context(), cfg, app.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatalf("the release cannot be upgraded: %v", err)
	}
	t.Cleanup(a.Close)
	t.Logf("upgraded in %s", time.Since(began).Round(time.Millisecond))
	got, err := upgrade.Read(asker(a.API.Handler(), cfg), logins)
	if err != nil {
		t.Fatal(err)
	}
	if got.Audit < want.Audit {
		t.Errorf("%d events of %d are in the log", got.Audit, want.Audit)
	}
	got.Audit = want.Audit // the log-ins of this test are there besides
	for _, pair := range [][2]any{{got.People, want.People}, {got.Rounds, want.Rounds}, {got.Enrolments, want.Enrolments}, {got.Certificate, want.Certificate}, {got.Records, want.Records}, {got.Courses, want.Courses}} {
		if !reflect.DeepEqual(pair[0], pair[1]) {
			t.Errorf("after the upgrade\n%v\nbefore\n%v", pair[0], pair[1])
		}
		if reflect.ValueOf(pair[1]).Len() == 0 {
			t.Errorf("the stored release has no %T: it proves nothing", pair[1])
		}
	}
}

func load(t *testing.T, path string, to any) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, to); err != nil {
		t.Fatal(err)
	}
}

func asker(h http.Handler, cfg app.Config) upgrade.Ask {
	return func(method, path, token string, body any) (int, []byte, string, error) {
		raw, err := json.Marshal(body)
		if err != nil {
			return 0, nil, "", err
		}
		r := httptest.NewRequestWithContext(context.Background(), method, cfg.PublicURL+"/api/v1"+path, bytes.NewReader(raw))
		r.Header.Set("Content-Type", "application/json")
		if token != "" {
			r.AddCookie(&http.Cookie{Name: "__Host-kenshu", Value: token})
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if i := slices.IndexFunc(w.Result().Cookies(), func(c *http.Cookie) bool { return c.Name == "__Host-kenshu" }); i >= 0 {
			token = w.Result().Cookies()[i].Value
		}
		return w.Code, w.Body.Bytes(), token, nil
	}
}
