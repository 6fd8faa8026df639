package app_test

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/rig/servers"
	"kenshu/server/app"
	"kenshu/storage/db"
	"kenshu/tenant"
)

const moveSecret = "move-me-7Qm2rX9vT4kLp8Zs1Wd6" + "Bf3Hn5Jc0Gy"

// place is where an installation lives.
type place struct {
	env []string
}

func embedded(t *testing.T) place {
	t.Helper()
	return place{env: []string{"KENSHU_DATA=" + t.TempDir(), "KENSHU_SECRET=" + moveSecret}}
}

func onServers(t *testing.T) place {
	t.Helper()
	p := embedded(t)
	p.env = append(p.env, "KENSHU_DB="+servers.MariaDB(t), "KENSHU_S3="+servers.S3(t))
	return p
}

// eachPlace runs the test in the embedded mode and on servers.
func eachPlace(t *testing.T, test func(t *testing.T, make func(*testing.T) place)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) { test(t, embedded) })
	t.Run("servers", func(t *testing.T) { test(t, onServers) })
}

func (p place) open(t *testing.T) *app.App {
	t.Helper()
	cfg, err := app.ReadConfig(p.env)
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), cfg, app.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func (p place) run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	err := app.Command(t.Context(), args, p.env, &out)
	return out.String(), err
}

func (p place) must(t *testing.T, args ...string) string {
	t.Helper()
	out, err := p.run(t, args...)
	if err != nil {
		t.Fatalf("kenshu %s: %v", args[0], err)
	}
	return out
}

// fill brings two look-alike organisations with a row in every table, so many more people, and objects.
func (p place) fill(t *testing.T, people int) {
	t.Helper()
	a := p.open(t)
	defer a.Close()
	world := kit.NewWorld(t, a.DB)
	for _, filled := range []kit.Filled{kit.Fill(t, a.DB, world.A, "MARK-A"), kit.Fill(t, a.DB, world.B, "MARK-B")} {
		putObjects(t, a, filled)
	}
	gone := kit.NewOrg(t, a.DB, "GONE", "organisation", 0) // its number must never be given again
	for _, table := range []string{"person_role", "credential", "person", "organisation"} {
		if _, err := a.DB.Exec(t.Context(), "DELETE FROM "+table+" WHERE tenant_id = ?", gone.ID); err != nil {
			t.Fatal(err)
		}
	}
	if people > 0 {
		rows := make([][]any, people)
		for i := range rows {
			name := fmt.Sprintf("髙橋 𠮷田 %d 〜\"\\ <&>\u2028", i)
			rows[i] = []any{world.A.ID, db.NewID(), fmt.Sprint("p", i), fmt.Sprint("p", i), name, name, name, 1, 1}
		}
		err := a.DB.Tx(t.Context(), func(tx *db.Tx) error {
			return tx.InsertMany(t.Context(), `INSERT INTO person (tenant_id, id, login_id, login_key, name, sort_name, search_text, employment_kind, state, created_at, updated_at) VALUES`,
				"(?, ?, ?, ?, ?, ?, ?, 'employee', 'active', ?, ?)", rows)
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for key, size := range map[string]int{"7/lesson/one": 0, "7/lesson/two": 1, "8/video": 3 << 20} {
		if _, err := a.Blob.Put(t.Context(), key, bytes.NewReader(bytes.Repeat([]byte("k"), size)), int64(size), "image/png"); err != nil {
			t.Fatal(err)
		}
	}
}

// putObjects stores what the rows of filled name.
func putObjects(t *testing.T, a *app.App, filled kit.Filled) {
	t.Helper()
	for _, key := range filled.Objects() {
		if _, err := a.Blob.Put(t.Context(), key, strings.NewReader("k"), 1, "image/png"); err != nil {
			t.Fatal(err)
		}
	}
}

// contents gives every row and object as text, and the number the next organisation would get.
func (p place) contents(t *testing.T) map[string]string {
	t.Helper()
	a := p.open(t)
	defer a.Close()
	out := map[string]string{}
	tables, err := a.DB.Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if table.Name == "job" {
			continue // opening the installation may plan work
		}
		sum, err := table.Sum(t.Context(), a.DB)
		if err != nil {
			t.Fatal(err)
		}
		next, err := table.CounterValue(t.Context(), a.DB)
		if err != nil {
			t.Fatal(err)
		}
		out[table.Name] = fmt.Sprint(sum.Rows, " rows ", sum.SHA256(), " next ", next)
	}
	for info, err := range a.Blob.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		r, whole, err := a.Blob.Open(t.Context(), info.Key, 0, -1)
		if err != nil {
			t.Fatal(err)
		}
		b, err := io.ReadAll(r)
		_ = r.Close()
		if err != nil {
			t.Fatal(err)
		}
		out["object "+info.Key] = fmt.Sprintf("%s %d %.20q", whole.ContentType, len(b), b)
	}
	return out
}

func same(t *testing.T, got, want map[string]string) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got[name] != want[name] {
			t.Errorf("%s: %s, want %s", name, got[name], want[name])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d tables and objects, want %d", len(got), len(want))
	}
}

// serve serves from the place for a moment.
func (p place) serve(t *testing.T) {
	t.Helper()
	said, out := io.Pipe()
	cfg := mustConfig(t, p.with("KENSHU_LISTEN=127.0.0.1:0", "KENSHU_CONTENT_LISTEN=127.0.0.1:0").env)
	a, err := app.New(t.Context(), cfg, app.Options{Log: slog.New(slog.NewTextHandler(out, nil))})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() {
		defer stop()
		for lines := bufio.NewScanner(said); lines.Scan() && !strings.Contains(lines.Text(), "kenshu is ready"); {
		}
		go func() { _, _ = io.Copy(io.Discard, said) }()
	}()
	if err := a.Run(ctx); err != nil {
		t.Fatal(err)
	}
}

// lose removes an object behind the installation's back.
func (p place) lose(t *testing.T, key string) {
	t.Helper()
	a := p.open(t)
	defer a.Close()
	if err := a.Blob.Remove(t.Context(), key); err != nil {
		t.Fatal(err)
	}
}

func TestCopyMovesEverything(t *testing.T) {
	from, to := embedded(t), onServers(t)
	from.fill(t, 1200)
	before := from.contents(t)
	for _, table := range kit.TenantTables {
		if strings.HasPrefix(before[table], "0 rows") {
			t.Errorf("the fixture has no row in %s", table)
		}
	}
	file := func(value string) string {
		path := filepath.Join(t.TempDir(), "address")
		if err := os.WriteFile(path, []byte(value+"\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	database, objects := strings.TrimPrefix(to.env[2], "KENSHU_DB="), strings.TrimPrefix(to.env[3], "KENSHU_S3=")
	out := from.must(t, "copy", "--to-db", database, "--to-s3-file", file(objects))
	if !strings.Contains(out, "9 objects") || !strings.Contains(out, "copied and compared") {
		t.Errorf("copy said %s", out)
	}
	same(t, to.contents(t), before)
	again := []string{"copy", "--to-db", database, "--to-s3", objects}
	if out := from.must(t, again...); !strings.Contains(out, "Nothing had to be brought") || !strings.Contains(out, "9 objects") || !strings.Contains(out, "copied and compared") {
		t.Errorf("a copy that had ended, once more: %s", out)
	}
	same(t, to.contents(t), before)
	d, closeDB := from.raw(t)
	if _, err := d.Exec("UPDATE person SET name = 'changed' WHERE login_key = 'p1'"); err != nil {
		t.Fatal(err)
	}
	closeDB()
	if _, err := from.run(t, again...); err == nil || !strings.Contains(err.Error(), "changed since (table person)") {
		t.Errorf("a copy that had ended, of a source that went on: %v", err)
	}
	same(t, to.contents(t), before)
	to.serve(t)
	if _, err := from.run(t, again...); err == nil || !strings.Contains(err.Error(), "whose mark it bears") {
		t.Errorf("a second copy over a place that is used: %v", err)
	}
	if _, err := from.run(t, "copy", "--to-db", database); err == nil || strings.Contains(err.Error(), "Usage") {
		t.Errorf("copy without an object store: %v", err)
	}
}

func TestBackupGoesBetweenEngines(t *testing.T) {
	for name, pair := range map[string][2]func(*testing.T) place{
		"sqlite to mariadb":  {embedded, onServers},
		"mariadb to sqlite":  {onServers, embedded},
		"mariadb to mariadb": {onServers, onServers},
	} {
		t.Run(name, func(t *testing.T) {
			from, to := pair[0](t), pair[1](t)
			from.fill(t, 700)
			before := from.contents(t)
			path := filepath.Join(t.TempDir(), "kenshu.tar")
			from.must(t, "backup", path)
			to.must(t, "restore", path)
			same(t, to.contents(t), before)
			for _, key := range []string{"7/lesson/one", ""} { // a file that was lost meanwhile comes again
				if key != "" {
					to.lose(t, key)
				}
				if out := to.must(t, "restore", path); !strings.Contains(out, "Nothing had to be brought") || !strings.Contains(out, "9 objects") || !strings.Contains(out, "start kenshu now") {
					t.Errorf("a restore that had ended, once more: %s", out)
				}
				same(t, to.contents(t), before)
			}
			other := filepath.Join(t.TempDir(), "other.tar")
			from.must(t, "backup", other)
			if _, err := to.run(t, "restore", other); err == nil || !strings.Contains(err.Error(), "not empty") {
				t.Errorf("restoring another backup over a restored place: %v", err)
			}
			to.serve(t)
			if _, err := to.run(t, "restore", path); err == nil || !strings.Contains(err.Error(), "whose mark it bears") {
				t.Errorf("restoring over a place that is used: %v", err)
			}
			if _, err := from.run(t, "backup", path); err == nil {
				t.Error("a backup was written over another")
			}
		})
	}
}

// While a backup runs others write; the archive holds one moment.
func TestBackupIsOneMomentWhileServing(t *testing.T) {
	eachPlace(t, func(t *testing.T, make func(*testing.T) place) {
		p := make(t)
		p.fill(t, 500)
		a := p.open(t)
		defer a.Close()
		calm := tenantOf(t, a, "CODE-B") // nobody writes there: its rows are compared one by one
		gone := deleteSomebody(t, a, calm)
		quiet := kit.Snapshot(t, a.DB, calm)
		ctx, stop := context.WithCancel(t.Context())
		written := 0
		done := writeForever(ctx, t, a, &written)
		path := filepath.Join(t.TempDir(), "kenshu.tar")
		began := time.Now()
		p.must(t, "backup", path)
		backup := time.Since(began)
		stop()
		<-done
		to := embedded(t)
		began = time.Now()
		to.must(t, "restore", path)
		t.Logf("backup %s while %d pairs were written, restore %s", backup.Round(time.Millisecond), written, time.Since(began).Round(time.Millisecond))
		b := to.open(t)
		defer b.Close()
		for table, rows := range kit.Snapshot(t, b.DB, calm) {
			if rows != quiet[table] {
				t.Errorf("%s of an organisation where nothing happened:\n%s\nwas\n%s", table, rows, quiet[table])
			}
			if table != "deletion" && !strings.HasPrefix(table, "audit_") && strings.Contains(rows, fmt.Sprintf("%q", string(gone[:]))) {
				t.Errorf("the deleted person is in %s again", table)
			}
		}
		if _, err := b.Services.People.Find(t.Context(), calm, gone); !fault.Is(err, fault.NotFound) {
			t.Errorf("the deleted person is found: %v", err)
		}
		var departments, posts int
		if err := b.DB.QueryRow(t.Context(), "SELECT COUNT(*) FROM department WHERE name LIKE 'w-%'").Scan(&departments); err != nil {
			t.Fatal(err)
		}
		if err := b.DB.QueryRow(t.Context(), "SELECT COUNT(*) FROM setting WHERE name LIKE 'w-%'").Scan(&posts); err != nil {
			t.Fatal(err)
		}
		if departments != posts || written == 0 {
			t.Errorf("%d and %d rows of pairs that are written together (%d written)", departments, posts, written)
		}
	})
}

func tenantOf(t *testing.T, a *app.App, code string) tenant.ID {
	t.Helper()
	var n int64
	if err := a.DB.QueryRow(t.Context(), "SELECT tenant_id FROM organisation WHERE code = ?", code).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return tenant.System(n, "test")
}

// deleteSomebody deletes a person as a manager does.
func deleteSomebody(t *testing.T, a *app.App, tid tenant.ID) db.ID {
	t.Helper()
	manager := kit.NewPerson(t, a.DB, tid, "deletes", "削除 する子", "manager")
	id := kit.NewPerson(t, a.DB, tid, "goes", "削除 される子")
	ctx := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: tid, Person: manager, Role: string(tenant.RoleManager)})
	if _, err := a.Services.PeopleActs.Do(ctx, tid, tenant.ActInput{Act: tenant.ActDelete, Chosen: tenant.Chosen{IDs: []db.ID{id}}}); err != nil {
		t.Fatal(err)
	}
	return id
}

// writeForever writes pairs of rows, each pair in one transaction, until ctx ends.
func writeForever(ctx context.Context, t *testing.T, a *app.App, written *int) chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for n := 0; ctx.Err() == nil; n++ {
			name := fmt.Sprint("w-", n)
			err := a.DB.Tx(ctx, func(tx *db.Tx) error {
				if _, err := tx.Exec(ctx, `INSERT INTO department (tenant_id, id, name, name_key, created_at, updated_at) VALUES (2, ?, ?, ?, 1, 1)`, db.NewID(), name, name); err != nil {
					return err
				}
				_, err := tx.Exec(ctx, `INSERT INTO setting (tenant_id, name, value, updated_at) VALUES (2, ?, '1', 1)`, name)
				return err
			})
			if err != nil && ctx.Err() == nil {
				t.Errorf("writing while the backup runs: %v", err)
				return
			}
			*written = n
		}
	}()
	return done
}

func TestRestoreRefusesWhatIsNotWhole(t *testing.T) {
	from := embedded(t)
	from.fill(t, 300)
	path := filepath.Join(t.TempDir(), "kenshu.tar")
	from.must(t, "backup", path)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		change func([]byte) []byte
		env    []string
		want   string
	}{
		"cut":            {change: func(b []byte) []byte { return b[:len(b)/2] }, want: "not complete"},
		"without seal":   {change: func(b []byte) []byte { return rewrite(t, b, "seal", nil) }, want: "not complete"},
		"row changed":    {change: func(b []byte) []byte { return flip(b, "rows/person/") }, want: "altered"},
		"object changed": {change: func(b []byte) []byte { return flip(b, "objects/8/video") }, want: "altered"},
		"object removed": {change: func(b []byte) []byte { return rewrite(t, b, "objects/7/lesson/two", nil) }, want: "altered"},
		"object added": {change: func(b []byte) []byte {
			return rewrite(t, b, "objects/8/video", func(h *tar.Header) { h.Name = "objects/9/video" })
		}, want: "altered"},
		"manifest changed": {change: func(b []byte) []byte { return bytes.Replace(b, []byte(`"ended_at": "2`), []byte(`"ended_at": "3`), 1) }, want: "seal"},
		"no archive":       {change: func([]byte) []byte { return []byte(strings.Repeat("x", 4096)) }, want: "altered"},
		"other key":        {env: []string{"KENSHU_SECRET=another-9Km3pQ7xW1vB5nZ8cR2tL6yH4jD0"}, want: "another master key"},
		"no key":           {env: []string{"KENSHU_SECRET="}, want: "does not hold the master key"},
	} {
		t.Run(name, func(t *testing.T) {
			b := slices.Clone(whole)
			if c.change != nil {
				b = c.change(b)
			}
			bad := filepath.Join(t.TempDir(), "bad.tar")
			if err := os.WriteFile(bad, b, 0o600); err != nil {
				t.Fatal(err)
			}
			to := embedded(t)
			data := strings.TrimPrefix(to.env[0], "KENSHU_DATA=")
			to.env = append(to.env, c.env...)
			if _, err := to.run(t, "restore", bad); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("restore answered %v, want %q", err, c.want)
			}
			if left, err := os.ReadDir(data); err != nil || len(left) > 0 {
				t.Errorf("a refused restore left %v, %v", left, err)
			}
		})
	}
}

// flip changes one byte in the middle of the first member with the prefix.
func flip(b []byte, prefix string) []byte {
	at := bytes.Index(b, []byte(prefix))
	b[at-at%512+512+40] ^= 1 // a member is a block of header, then its bytes
	return b
}

// rewrite writes the archive anew and drops or changes the one member.
func rewrite(t *testing.T, b []byte, name string, change func(*tar.Header)) []byte {
	t.Helper()
	var out bytes.Buffer
	w := tar.NewWriter(&out)
	for r := tar.NewReader(bytes.NewReader(b)); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Name == name {
			if change == nil {
				continue
			}
			change(h)
		}
		if err := w.WriteHeader(h); err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(w, r); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func TestSecretGoesAlongOnlyWhenAsked(t *testing.T) {
	from := embedded(t)
	from.env = from.env[:1] // a generated secret
	from.fill(t, 0)
	secret, err := os.ReadFile(filepath.Join(strings.TrimPrefix(from.env[0], "KENSHU_DATA="), "secret"))
	if err != nil {
		t.Fatal(err)
	}
	without, with := filepath.Join(t.TempDir(), "without.tar"), filepath.Join(t.TempDir(), "with.tar")
	if out := from.must(t, "backup", without); !strings.Contains(out, "master key is not in it") {
		t.Errorf("backup said %s", out)
	}
	from.must(t, "backup", "--with-secret", with)
	for path, want := range map[string]bool{without: false, with: true} {
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(b, secret) != want {
			t.Errorf("%s holds the secret: %v", filepath.Base(path), !want)
		}
	}
	to := embedded(t)
	to.env = to.env[:1]
	if _, err := to.run(t, "restore", without); err == nil {
		t.Error("restored without the master key")
	}
	to.must(t, "restore", with)
	kept, err := os.ReadFile(filepath.Join(strings.TrimPrefix(to.env[0], "KENSHU_DATA="), "secret"))
	if err != nil || !bytes.Equal(kept, secret) {
		t.Errorf("the secret did not arrive: %v", err)
	}
	same(t, to.contents(t), from.contents(t))
	other := embedded(t)
	other.must(t, "restore", "--other-key", without)
	got, want := other.contents(t), from.contents(t)
	if got["master_key"] == want["master_key"] {
		t.Error("the restored database is still of the key before")
	}
	delete(got, "master_key")
	delete(want, "master_key")
	same(t, got, want)
}

// childArgs, set in the environment, makes this test binary the kenshu that is killed.
const childArgs = "KENSHU_TEST_CHILD_ARGS"

func TestChildOfMoveTests(t *testing.T) {
	args := os.Getenv(childArgs)
	if args == "" {
		return // only a role, see kill
	}
	if err := app.Command(context.Background(), strings.Split(args, "\n"), os.Environ(), os.Stdout); err != nil {
		t.Fatal(err)
	}
}

// kill starts the command in a process of its own and kills it as soon as the target holds some, but not all people.
func (p place) kill(t *testing.T, target place, args ...string) {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestChildOfMoveTests$")
	cmd.Env = append(append(os.Environ(), p.env...), childArgs+"="+strings.Join(args, "\n"))
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	d, closeDB := target.raw(t)
	defer closeDB()
	deadline := time.Now().Add(time.Minute)
	for {
		var n int
		if err := d.QueryRow("SELECT COUNT(*) FROM person").Scan(&n); err == nil && n > 500 {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("nothing arrived: %s", said.String())
		}
		time.Sleep(2 * time.Millisecond)
	}
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); err == nil {
		t.Fatal("the command ended before it was killed: give it more rows")
	}
}

// raw opens the place's database without touching it.
func (p place) raw(t *testing.T) (*sql.DB, func()) {
	t.Helper()
	cfg, err := app.ReadConfig(p.env)
	if err != nil {
		t.Fatal(err)
	}
	d, err := db.Open(t.Context(), db.Config{URL: cfg.DB, SQLitePath: filepath.Join(cfg.Data, "kenshu.db")})
	if err != nil {
		t.Fatal(err)
	}
	return d.Raw(), func() { _ = d.Close() }
}

func TestMovesSurviveAKill(t *testing.T) {
	from := embedded(t)
	from.fill(t, 20_000)
	before := from.contents(t)
	path := filepath.Join(t.TempDir(), "kenshu.tar")
	from.must(t, "backup", path)
	for name, c := range map[string]struct {
		to   place
		run  func(to place) place // whose environment the command has
		args func(to place) []string
	}{
		"restore on mariadb": {to: onServers(t), run: func(to place) place { return to }, args: func(place) []string { return []string{"restore", path} }},
		"restore on sqlite":  {to: embedded(t), run: func(to place) place { return to }, args: func(place) []string { return []string{"restore", path} }},
		"copy": {to: onServers(t), run: func(place) place { return from }, args: func(to place) []string {
			return []string{"copy", "--to-db", strings.TrimPrefix(to.env[2], "KENSHU_DB="), "--to-s3", strings.TrimPrefix(to.env[3], "KENSHU_S3=")}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			runner, args := c.run(c.to), c.args(c.to)
			runner.kill(t, c.to, args...)
			if _, err := app.New(t.Context(), mustConfig(t, c.to.env), app.Options{}); !errors.Is(err, db.ErrTransfer) {
				t.Errorf("half an installation was opened: %v", err)
			}
			runner.must(t, args...)
			same(t, c.to.contents(t), before)
		})
	}
}

// killed is what a command panics with in the place of a statement.
type killed struct{}

// killAt runs the command until it is about to send its nth statement, and tells whether it got there.
func (p place) killAt(t *testing.T, nth int, see func(n int, s db.Statement), args ...string) (err error, was bool) {
	t.Helper()
	defer func() {
		switch r := recover().(type) {
		case nil:
		case killed:
			was = true
		default:
			panic(r)
		}
	}()
	var n atomic.Int64
	ctx := db.WithTrace(t.Context(), func(s db.Statement) {
		at := int(n.Add(1))
		if see != nil {
			see(at, s)
		}
		if at == nth {
			panic(killed{})
		}
	})
	return app.Command(ctx, args, p.env, io.Discard), false
}

// A restore and a copy that were killed, at whatever statement, leave a place where nothing was begun, one where nobody can start, or one that is whole; and the same command brings
// the rest. On SQLite at every statement about marks and schema and at some others, on servers, where each schema takes long, around those that change the mark.
func TestMovesSurviveAKillAtEveryStep(t *testing.T) {
	from := embedded(t)
	from.fill(t, 0)
	path := filepath.Join(t.TempDir(), "kenshu.tar")
	from.must(t, "backup", path)
	want := from.contents(t)
	t.Run("restore", func(t *testing.T) {
		killEverywhere(t, func(to place) (place, []string) { return to, []string{"restore", path} }, embedded, want, func(query string) bool { return strings.Contains(query, "schema_") }, 6)
	})
	t.Run("copy", func(t *testing.T) {
		killEverywhere(t, func(to place) (place, []string) {
			cfg := mustConfig(t, to.env)
			return from, []string{"copy", "--to-db", cfg.DB, "--to-s3", cfg.S3}
		}, onServers, want, func(query string) bool {
			return strings.HasPrefix(query, "INSERT INTO schema_transfer") || strings.HasPrefix(query, "UPDATE schema_transfer")
		}, 0)
	})
}

// killEverywhere kills the command before and after each of the statements, and at as many others.
func killEverywhere(t *testing.T, command func(to place) (place, []string), make func(*testing.T) place, want map[string]string, about func(query string) bool, others int) {
	t.Helper()
	var points []int
	last := 0
	p, args := command(make(t))
	if err, _ := p.killAt(t, 0, func(n int, s db.Statement) {
		if last = n; about(s.Query) {
			points = append(points, n, n+1)
		}
	}, args...); err != nil {
		t.Fatal(err)
	}
	for i := range others {
		points = append(points, 1+(last-1)*i/others)
	}
	slices.Sort(points)
	states := map[string]int{}
	for _, n := range slices.Compact(points) {
		if n > last {
			continue
		}
		to := make(t)
		p, args := command(to)
		if err, was := p.killAt(t, n, nil, args...); !was {
			t.Fatalf("it was not killed at %d of %d: %v", n, last, err)
		}
		d, closeDB := to.raw(t)
		_, untouched := d.Exec("SELECT 1 FROM schema_migration")
		closeDB()
		a, err := app.New(t.Context(), mustConfig(t, to.env), app.Options{})
		switch {
		case errors.Is(err, db.ErrTransfer):
			states["refused"]++
		case err != nil:
			t.Fatalf("killed at %d of %d: %v", n, last, err)
		default:
			a.Close()
			if untouched != nil {
				states["nothing begun"]++
			} else {
				states["whole"]++
				same(t, to.contents(t), want)
			}
		}
		p.must(t, args...)
		same(t, to.contents(t), want)
	}
	t.Logf("%d statements, killed at %d: %v", last, len(slices.Compact(points)), states)
	if states["refused"] < 2 || states["nothing begun"] < 1 || others > 0 && states["whole"] < 1 {
		t.Errorf("not every state was seen: %v", states)
	}
}

func mustConfig(t *testing.T, env []string) app.Config {
	t.Helper()
	cfg, err := app.ReadConfig(env)
	if err != nil {
		t.Fatal(err)
	}
	return cfg
}

// A row that vanished from the source between two runs does not stay in the target.
func TestCopyBeginsAnewWhenTheSourceChanged(t *testing.T) {
	from, to := embedded(t), onServers(t)
	from.fill(t, 20_000)
	args := []string{"copy", "--to-db", strings.TrimPrefix(to.env[2], "KENSHU_DB="), "--to-s3", strings.TrimPrefix(to.env[3], "KENSHU_S3=")}
	from.kill(t, to, args...)
	d, closeDB := from.raw(t)
	if _, err := d.Exec("DELETE FROM setting"); err != nil {
		t.Fatal(err)
	}
	if _, err := d.Exec("UPDATE person SET name = 'changed' WHERE login_key = 'p1'"); err != nil {
		t.Fatal(err)
	}
	closeDB()
	from.must(t, args...)
	same(t, to.contents(t), from.contents(t))
}
