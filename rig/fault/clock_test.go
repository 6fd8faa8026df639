package fault

import (
	"context"
	"database/sql"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"kenshu/server/app"
	"kenshu/storage/db"
)

// skews are how far the clock of one replica's machine is off.
var skews = []struct {
	name  string
	ahead time.Duration
}{{"the clock of a replica is ten minutes ahead", 10 * time.Minute}, {"the clock of a replica is ten minutes behind", -10 * time.Minute}}

// skewEnv makes this test binary the replica whose machine has another clock.
const skewEnv = "RIG_AHEAD"

// elsewhen is the product as serve runs it, on a machine with another clock. The clocks of libraries stay: the product asks its own everywhere, which a linter watches.
func elsewhen(r *replica) *exec.Cmd {
	cmd := exec.Command(os.Args[0], "-test.run=^TestReplicaOfAnotherTime$", "-test.count=1")
	cmd.Env = append([]string{skewEnv + "=" + r.skew.String()}, r.env...)
	return cmd
}

func TestReplicaOfAnotherTime(t *testing.T) {
	text := os.Getenv(skewEnv)
	if text == "" {
		return // only a role, see elsewhen
	}
	ahead, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	cfg, err := app.ReadConfig(os.Environ())
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(ctx, cfg, app.Options{Machine: func() time.Time { return time.Now().Add(ahead) }})
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	if err := a.Run(ctx); err != nil {
		t.Fatal(err)
	}
}

// wrongClock gives the machine of the second replica another clock while everybody works: nobody is thrown out, no work that another has is taken away, nothing begins
// too early, and nothing is dated in the future or the past.
func wrongClock(t *testing.T, i *installation, r *result, ahead time.Duration) {
	t.Helper()
	raw := openDatabase(t, i.db.URL)
	began := databaseTime(t, raw)
	odd := i.replicas[1]
	odd.end(syscall.SIGTERM)
	odd.skew = ahead
	defer func() { odd.skew = 0 }()
	respawn(t, odd)
	odd.await(t)

	// Of two jobs, one is somebody's for nine minutes still, the other may begin in nine.
	held, later := db.NewID(), db.NewID()
	soon := began.Add(9 * time.Minute).UnixMicro()
	insert := func(id db.ID, state, owner string, runAt int64, lease any) {
		t.Helper()
		if _, err := raw.Exec(`INSERT INTO job (id, kind, slot, payload, state, run_at, attempts, max_attempts, lease_owner, lease_until, created_at) VALUES (?, 'job.forget', ?, '{}', ?, ?, 1, 12, ?, ?, ?)`,
			id, id.String(), state, runAt, owner, lease, began.UnixMicro()); err != nil {
			t.Fatal(err)
		}
	}
	insert(held, "running", "somebody", began.UnixMicro(), soon)
	insert(later, "queued", "", soon, nil)

	// Somebody is registered, logs in with the one-time password, and takes up their course, by this replica alone.
	alone := &installation{replicas: []*replica{odd}, host: i.host, logins: i.logins}
	ctx, cancel := context.WithTimeout(t.Context(), 90*time.Second)
	defer cancel()
	newcomer, err := (&ledger{i: alone, manager: i.managers(t, ctx)[1]}).newLearner(ctx, 900)
	if err != nil {
		t.Fatalf("nobody can begin at a replica whose clock is %s ahead: %v", ahead, err)
	}
	// The session holds at the other replica as well.
	other := i.client(newcomer.login, 1)
	other.token = newcomer.token
	if err := other.must(ctx, "GET", "/api/v1/me/enrolments", "", nil, nil); err != nil || other.logins > 0 {
		t.Errorf("the session does not hold at the other replica: %d log-ins, %v", other.logins, err)
	}
	time.Sleep(3 * time.Second) // so that its worker has looked for work more than once

	for id, want := range map[db.ID]string{held: "running somebody 1", later: "queued  1"} {
		var state, owner string
		var attempts int
		if err := raw.QueryRow(`SELECT state, lease_owner, attempts FROM job WHERE id = ?`, id).Scan(&state, &owner, &attempts); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(state, " ", owner, " ", attempts); got != want {
			t.Errorf("a job that nobody may take is %q, not %q", got, want)
		}
	}
	if _, err := raw.Exec(`DELETE FROM job WHERE id IN (?, ?)`, held, later); err != nil {
		t.Fatal(err)
	}
	dated(t, raw, began, ahead, newcomer.login.ID)

	odd.end(syscall.SIGTERM)
	odd.skew = 0
	r.recover(t, i, func() { respawn(t, odd) })
}

func databaseTime(t *testing.T, raw *sql.DB) time.Time {
	t.Helper()
	var micros int64
	if err := raw.QueryRow(`SELECT CAST(UNIX_TIMESTAMP(SYSDATE(6)) * 1000000 AS SIGNED)`).Scan(&micros); err != nil {
		t.Fatal(err)
	}
	return time.UnixMicro(micros)
}

// dated fails when something was done in the future, or when somebody who was registered since is dated otherwise.
func dated(t *testing.T, raw *sql.DB, began time.Time, ahead time.Duration, newcomer string) {
	t.Helper()
	var columns [][2]string
	query(t, raw, `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'kenshu' AND data_type = 'bigint'
 AND column_name IN ('created_at', 'updated_at', 'happened_at', 'sealed_at', 'started_at', 'submitted_at', 'issued_at', 'published_at', 'deleted_at')`, nil, func(scan func(...any) error) error {
		var c [2]string
		err := scan(&c[0], &c[1])
		columns = append(columns, c)
		return err
	})
	if len(columns) < 30 {
		t.Fatalf("only %d columns say when something was done", len(columns))
	}
	const much = time.Minute
	now := databaseTime(t, raw).Add(much).UnixMicro()
	for _, c := range columns {
		var n int
		if err := raw.QueryRow("SELECT COUNT(*) FROM "+c[0]+" WHERE "+c[1]+" > ?", now).Scan(&n); err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			t.Errorf("%d rows of %s say in %s that they are from the future", n, c[0], c[1])
		}
	}
	// What the odd replica wrote about who was registered there: the row, and the line of the log, which stands in its place by the time in the first bytes of its id. The
	// library that makes ids has the clock of this machine, which is right: its ids are moved by as much as the replica's clock was mended.
	var id db.ID
	var made, logged int64
	if err := raw.QueryRow(`SELECT p.created_at, e.happened_at, e.id FROM person p JOIN audit_event e ON e.tenant_id = p.tenant_id AND e.subject_id = p.id
 WHERE p.login_id = ? ORDER BY e.happened_at LIMIT 1`, newcomer).Scan(&made, &logged, &id); err != nil {
		t.Fatal(err)
	}
	var ms [8]byte
	copy(ms[2:], id[:6])
	for what, at := range map[string]int64{"row": made, "line": logged, "line's id": ahead.Microseconds() + 1000*int64(binary.BigEndian.Uint64(ms[:]))} {
		if at < began.Add(-much).UnixMicro() || at > now {
			t.Errorf("the %s of somebody who was registered just now is of %s", what, time.UnixMicro(at).UTC())
		}
	}
}
