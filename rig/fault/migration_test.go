package fault

import (
	"bytes"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"kenshu/rig/servers"
)

// TestKilledWhileMigrating kills a replica in front of and right behind a statement that changes the schema; the next start repairs it without anybody's
// help, and the schema is the one of an undisturbed start.
func TestKilledWhileMigrating(t *testing.T) {
	t.Setenv("TMPDIR", os.Getenv("TMPDIR")) // puts it back
	remove, err := servers.InMemory()       // what is killed is the replica, never the database
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(remove)
	own := servers.Own(t, servers.PartMariaDB)
	gate := newProxy(t, own.Host())
	whole := schemaAfter(t, own, gate, -1, false)
	changes := gate.changes()
	if changes < 50 {
		t.Fatalf("the migrations have %d statements that change the schema: the proxy does not see them", changes)
	}
	most := changes
	if *steps > 0 {
		most = min(*steps, changes)
	}
	for n := range most {
		at := n * changes / most
		for _, behind := range []bool{false, true} {
			if got := schemaAfter(t, own, gate, at, behind); got != whole {
				t.Errorf("killed at statement %d of %d (it had run: %v), the schema is another:\n%s", at, changes, behind, difference(whole, got))
			}
		}
	}
	tell(t, "A replica was killed at %d of the %d statements of the migrations, before and behind each; the next start made the same schema every time.", most, changes)
}

// schemaAfter starts the product on an empty database, kills it at a statement (none: -1), starts it again, and describes what the database looks like then.
func schemaAfter(t *testing.T, own *servers.Server, gate *proxy, at int, behind bool) string {
	t.Helper()
	own.Admin("DROP DATABASE kenshu", "CREATE DATABASE kenshu CHARACTER SET utf8mb4 COLLATE utf8mb4_bin")
	u, err := url.Parse(own.URL)
	if err != nil {
		t.Fatal(err)
	}
	u.Host = gate.addr
	data := t.TempDir()
	r := &replica{address: "127.0.0.1:" + freePort(t), data: data}
	r.env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + data, "KENSHU_DATA=" + data, "KENSHU_LISTEN=" + r.address, "KENSHU_PUBLIC_URL=http://" + strings.Replace(r.address, "127.0.0.1", "localhost", 1),
		"KENSHU_CONTENT_LISTEN=127.0.0.1:" + freePort(t), "KENSHU_CONTENT_URL=http://" + r.address, "KENSHU_DB=" + u.String(), "KENSHU_SECRET=only for the rig of faults, never for an installation",
	}
	if at >= 0 {
		reached := make(chan struct{})
		gate.set(func(p *proxy) {
			p.ddl, p.at, p.behind = 0, at, behind
			p.reached = func() {
				r.end(syscall.SIGKILL)
				close(reached)
			}
		})
		if err := r.spawn(); err != nil {
			t.Fatal(err)
		}
		select {
		case <-reached:
		case <-time.After(60 * time.Second):
			r.end(syscall.SIGKILL)
			t.Fatalf("statement %d was not reached; the replica's log ends:\n%s", at, tail(r.out.String()))
		}
	}
	gate.set(func(p *proxy) { p.ddl, p.at, p.reached = 0, -1, nil })
	if err := r.spawn(); err != nil {
		t.Fatal(err)
	}
	defer r.end(syscall.SIGKILL)
	r.await(t)
	d := openDatabase(t, own.URL)
	defer d.Close() // hundreds of them are more than the server takes
	return describe(t, d)
}

func describe(t *testing.T, d *sql.DB) string {
	t.Helper()
	var b strings.Builder
	for _, q := range []string{
		`SELECT CONCAT_WS(' ', table_name, column_name, column_type, is_nullable, COALESCE(column_default, '')) FROM information_schema.columns WHERE table_schema = 'kenshu' ORDER BY table_name, ordinal_position`,
		`SELECT CONCAT_WS(' ', table_name, index_name, non_unique, seq_in_index, column_name) FROM information_schema.statistics WHERE table_schema = 'kenshu' ORDER BY table_name, index_name, seq_in_index`,
		`SELECT CONCAT_WS(' ', table_name, constraint_name, constraint_type) FROM information_schema.table_constraints WHERE table_schema = 'kenshu' ORDER BY table_name, constraint_name`,
	} {
		query(t, d, q, nil, func(scan func(...any) error) error {
			var line string
			err := scan(&line)
			fmt.Fprintln(&b, line)
			return err
		})
	}
	return b.String()
}

func difference(want, got string) string {
	have := map[string]bool{}
	for line := range strings.Lines(got) {
		have[line] = true
	}
	var b strings.Builder
	for line := range strings.Lines(want) {
		if !have[line] {
			b.WriteString("missing: " + line)
		}
		delete(have, line)
	}
	for line := range have {
		b.WriteString("too much: " + line)
	}
	return b.String()
}

// isChange tells that a MySQL packet is a statement that changes the schema.
func isChange(portion []byte) bool {
	if len(portion) < 6 || portion[4] != 3 { // COM_QUERY
		return false
	}
	q := bytes.TrimSpace(portion[5:])
	return bytes.HasPrefix(q, []byte("CREATE ")) || bytes.HasPrefix(q, []byte("ALTER ")) || bytes.HasPrefix(q, []byte("DROP "))
}
