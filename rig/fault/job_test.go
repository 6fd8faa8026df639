package fault

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

const importedPeople = 3000

// TestKilledInAJob kills both replicas while a file of people is put into effect: whoever looks meanwhile sees all of the file or nothing of it, and in the
// end all of it is there once, because another worker takes the job over when its lease has run out. Mail that could not be sent then goes out once.
func TestKilledInAJob(t *testing.T) {
	box, address := newMailServer(t)
	gate := newProxy(t, address)
	i := install(t, "KENSHU_SMTP=smtp://"+gate.addr+"?tls=none&from=no-reply@example.jp")
	gate.away(true)
	manager := i.client(i.login(t, "manager"), 0)
	raw, dice := openDatabase(t, i.db.URL), newDice(t)
	for n := range max(1, *kills/20) {
		killInAJob(t, i, manager, raw, dice, fmt.Sprintf("名簿%02d", n))
	}

	// What is written to somebody waits until the mail server is back.
	if _, err := raw.Exec(`UPDATE person SET email = 'tayori@example.jp' WHERE login_id = ?`, manager.login.ID); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for range 3 {
		if err := manager.must(ctx, http.MethodPost, "/api/v1/mail/test", newKey(), nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	waitFor(t, 90*time.Second, "a message that waits", func() bool {
		var tried int
		err := raw.QueryRow(`SELECT COALESCE(MAX(attempts), 0) FROM mail_message WHERE to_address = 'tayori@example.jp'`).Scan(&tried)
		return err == nil && tried > 0
	})
	if n := box.to("tayori@example.jp"); n != 0 {
		t.Fatalf("%d messages went out while the mail server was away", n)
	}
	gate.away(false)
	waitFor(t, 120*time.Second, "the message", func() bool { return box.to("tayori@example.jp") >= 3 })
	time.Sleep(2 * time.Second)
	if n := box.to("tayori@example.jp"); n != 3 {
		t.Errorf("3 messages were written, the mail server was given %d", n)
	}
	tell(t, "Both replicas were killed while a file of %d people was put into effect, %d times: whoever looked saw all of the file or nothing of it. The mail server was away: each message went out once when it was back.", importedPeople, max(1, *kills/20))
}

// killInAJob has one file put into effect; its people have mark in their names.
func killInAJob(t *testing.T, i *installation, manager *client, raw *sql.DB, dice *rand.Rand, mark string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	file := importFile(t, ctx, manager, mark)
	if err := manager.must(ctx, http.MethodPost, "/api/v1/people/imports/"+file+"/apply", "", map[string]any{"missing": 0}, nil); err != nil {
		t.Fatal(err)
	}
	for _, dead := range i.replicas {
		moment(dice, 400)
		dead.end(syscall.SIGKILL)
		whole(t, raw, mark)
	}
	began := time.Now()
	respawn(t, i.replicas...)
	for state := ""; state != "applied"; time.Sleep(200 * time.Millisecond) {
		whole(t, raw, mark)
		state = importState(t, ctx, manager, file)
	}
	if got := countOf(t, raw, mark); got != importedPeople {
		t.Errorf("%d people of the file are there, it has %d", got, importedPeople)
	}
	t.Logf("in effect %s after the restart", time.Since(began).Round(time.Second))
}

func importFile(t *testing.T, ctx context.Context, manager *client, mark string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString("氏名,社員番号\r\n")
	for n := range importedPeople {
		fmt.Fprintf(&b, "%s %04d,%s-%04d\r\n", mark, n, mark, n)
	}
	var made struct{ ID string }
	if err := manager.must(ctx, http.MethodPost, "/api/v1/people/imports?file_name=meibo.csv", newKey(), rawBody(b.String()), &made); err != nil {
		t.Fatal(err)
	}
	for state := ""; state != "checked"; time.Sleep(100 * time.Millisecond) {
		if state = importState(t, ctx, manager, made.ID); state == "refused" || state == "mapping" {
			t.Fatalf("the file is %s", state)
		}
	}
	return made.ID
}

func importState(t *testing.T, ctx context.Context, manager *client, id string) string {
	t.Helper()
	var now struct{ State string }
	if err := manager.must(ctx, http.MethodGet, "/api/v1/people/imports/"+id, "", nil, &now); err != nil {
		t.Fatal(err)
	}
	return now.State
}

// whole fails when a part of the file is there.
func whole(t *testing.T, raw *sql.DB, mark string) {
	t.Helper()
	if n := countOf(t, raw, mark); n != 0 && n != importedPeople {
		t.Fatalf("%d of the %d people of the file are there", n, importedPeople)
	}
}

func countOf(t *testing.T, raw *sql.DB, mark string) (n int) {
	t.Helper()
	if err := raw.QueryRow(`SELECT COUNT(*) FROM person WHERE name LIKE ?`, mark+" %").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func waitFor(t *testing.T, most time.Duration, what string, ask func() bool) {
	t.Helper()
	for began := time.Now(); time.Since(began) < most; time.Sleep(100 * time.Millisecond) {
		if ask() {
			return
		}
	}
	t.Fatalf("%s did not come within %s", what, most)
}

// mailServer takes every message and counts them by address.
type mailServer struct {
	mu    sync.Mutex
	count map[string]int
}

func newMailServer(t *testing.T) (*mailServer, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	m := &mailServer{count: map[string]int{}}
	server := smtp.NewServer(m)
	server.Domain = "localhost"
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	return m, l.Addr().String()
}

func (m *mailServer) to(address string) int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.count[address]
}

// NewSession begins a conversation.
func (m *mailServer) NewSession(*smtp.Conn) (smtp.Session, error) {
	return &mailSession{server: m}, nil
}
