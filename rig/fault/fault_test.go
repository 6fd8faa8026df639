// Package fault does to a whole installation what machines, networks and people do, while its users work: two replicas of the built product, a MariaDB, a
// Redis and a MinIO of their own, each behind a proxy. What was acknowledged to a user is kept in a ledger, and after each fault the ledger is compared
// with the database: nothing lost, nothing twice, nothing half done, healthy again without anybody's help.
//
// The ordinary test run does a few of each; "make fault" does many and writes docs/faults.md.
package fault

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"
)

var (
	kills  = flag.Int("kills", 3, "how often a replica is killed at a random moment")
	cuts   = flag.Int("cuts", 3, "how often a connection is cut before, inside and after a COMMIT")
	steps  = flag.Int("steps", 3, "how many statements of the migrations a replica is killed at; 0: all")
	report = flag.String("report", "", "where to write the page of results")
	old    = flag.String("old", "", "commit whose product runs beside today's; \"release\": the one of the last stored release; empty: only the schema is compared")
	random = flag.Uint64("seed", 0, "of the random moments; 0: another one each time")
)

// result is one line of the report.
type result struct {
	name      string
	times     int
	count     count
	recovered []time.Duration
	stays     bool // nobody may have to log in again
	passed    bool
}

// What the page of results says: cases under load, and sentences about what has no ledger.
var (
	results []result
	found   []string
)

func TestMain(m *testing.M) {
	code := m.Run()
	if *report != "" {
		if err := write(*report, code == 0); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// tell puts a sentence on the page of results.
func tell(t *testing.T, format string, args ...any) {
	t.Helper()
	text := fmt.Sprintf(format, args...)
	t.Log(text)
	if t.Failed() {
		text += " **Failed.**"
	}
	found = append(found, text)
}

func (r result) slowest() string {
	var most time.Duration
	for _, d := range r.recovered {
		most = max(most, d)
	}
	if most == 0 {
		return ""
	}
	return fmt.Sprintf("%.1f s", most.Seconds())
}

// underLoad does harm a few times while everybody works, and compares what is there with what was acknowledged.
func underLoad(t *testing.T, people *ledger, dice *rand.Rand, r result, harm func(t *testing.T, r *result)) {
	t.Helper()
	defer func() {
		r.passed = !t.Failed()
		t.Logf("%d times: %+v, recovered in at most %s", r.times, r.count, r.slowest())
		results = append(results, r)
	}()
	before := people.check(t)
	ctx, stop := context.WithCancel(t.Context())
	wait := people.work(ctx)
	defer wait() // also when the harm cannot be done
	defer stop()
	moment(dice, 300)
	for range r.times {
		harm(t, &r)
		moment(dice, 300)
	}
	stop()
	wait()
	after := people.check(t)
	broken := people.broken()
	r.count = count{after.acknowledged - before.acknowledged, after.lost, after.doubled, after.retries - before.retries, len(broken), after.logins - before.logins}
	for _, answer := range broken { // no fault excuses one: what is away is answered with 503
		t.Errorf("an internal error: %s", answer)
	}
	if r.count.acknowledged == 0 {
		t.Error("nothing was acknowledged meanwhile: this proves nothing")
	}
	if r.stays && r.count.logins > 0 {
		t.Errorf("%d times somebody had to log in again", r.count.logins)
	}
}

func TestFaults(t *testing.T) {
	dice := newDice(t)
	i := install(t)
	people := newLedger(t, i, 4)
	run := func(name string, times int, harm func(t *testing.T, r *result)) {
		t.Run(name, func(t *testing.T) { underLoad(t, people, dice, result{name: name, times: times}, harm) })
	}

	run("a replica is killed (SIGKILL)", *kills, func(t *testing.T, r *result) {
		one := i.replicas[dice.IntN(2)]
		one.end(syscall.SIGKILL)
		moment(dice, 200)
		r.recover(t, i, func() { respawn(t, one) })
	})
	run("both replicas are killed at once", 1, func(t *testing.T, r *result) {
		for _, one := range i.replicas {
			one.end(syscall.SIGKILL)
		}
		r.recover(t, i, func() { respawn(t, i.replicas...) })
	})
	run("rolling restart (SIGTERM, one after the other)", 1, func(t *testing.T, r *result) {
		for _, one := range i.replicas {
			one.end(syscall.SIGTERM)
			r.recover(t, i, func() { respawn(t, one) })
		}
	})
	run("the database is killed and started again", max(1, *kills/20), func(t *testing.T, r *result) {
		i.db.Kill()
		moment(dice, 500)
		r.recover(t, i, i.db.Start)
	})
	for _, c := range []struct {
		name string
		at   cut
	}{{"connection cut before COMMIT", cutBefore}, {"connection cut inside COMMIT", cutInside}, {"answer to COMMIT lost", cutAfter}} {
		run(c.name, *cuts, func(t *testing.T, _ *result) {
			n := i.toDB.happened()
			i.toDB.set(func(p *proxy) { p.next = c.at })
			i.toDB.wait(t, n, "COMMIT")
		})
	}
	run("the database is away for two seconds", 1, func(t *testing.T, r *result) {
		i.toDB.away(true)
		time.Sleep(2 * time.Second)
		r.recover(t, i, func() { i.toDB.away(false) })
	})
	run("the database is slow (20 ms each way)", 1, func(t *testing.T, r *result) {
		i.toDB.set(func(p *proxy) { p.delay = 20 * time.Millisecond })
		time.Sleep(3 * time.Second)
		r.recover(t, i, func() { i.toDB.set(func(p *proxy) { p.delay = 0 }) })
	})
	run("the database has no connection left", 1, func(t *testing.T, r *result) {
		hog := openDatabase(t, i.db.URL)
		var held []interface{ Close() error }
		for range 10 {
			c, err := hog.Conn(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			held = append(held, c)
		}
		i.db.Admin("SET GLOBAL max_connections = 10")
		i.toDB.sever()
		time.Sleep(1500 * time.Millisecond)
		r.recover(t, i, func() {
			for _, c := range held {
				_ = c.Close()
			}
			_ = hog.Close()
			i.db.Admin("SET GLOBAL max_connections = 300")
		})
	})
	run("the database is read-only for two seconds", 1, func(t *testing.T, r *result) {
		i.db.Admin("SET GLOBAL read_only = ON")
		time.Sleep(2 * time.Second)
		r.recover(t, i, func() { i.db.Admin("SET GLOBAL read_only = OFF") })
	})
	run("the database says that it is full", 1, func(t *testing.T, r *result) { fullDatabase(t, i, r) })
	run("Redis is killed and comes back empty", 1, func(t *testing.T, r *result) {
		i.redis.Kill()
		time.Sleep(time.Second)
		r.recover(t, i, i.redis.Start)
	})
	run("Redis is emptied", 1, func(t *testing.T, r *result) {
		if err := i.redis.Redis().FlushAll(t.Context()).Err(); err != nil {
			t.Fatal(err)
		}
		r.recover(t, i, func() {})
	})
	run("Redis is slow (50 ms each way)", 1, func(t *testing.T, r *result) {
		i.toRedis.set(func(p *proxy) { p.delay = 50 * time.Millisecond })
		time.Sleep(2 * time.Second)
		r.recover(t, i, func() { i.toRedis.set(func(p *proxy) { p.delay = 0 }) })
	})
	run("the answer to a PUT of the object store is lost", *cuts, func(t *testing.T, _ *result) {
		n := i.toS3.happened()
		i.toS3.set(func(p *proxy) { p.loseput = true })
		i.toS3.wait(t, n, "PUT")
	})
	run("the object store is slow (50 ms each way)", 1, func(t *testing.T, r *result) {
		i.toS3.set(func(p *proxy) { p.delay = 50 * time.Millisecond })
		time.Sleep(2 * time.Second)
		r.recover(t, i, func() { i.toS3.set(func(p *proxy) { p.delay = 0 }) })
	})
	run("the object store says that it is full", 1, func(t *testing.T, r *result) { fullStore(t, i, r) })
	run("the object store is killed and started again", 1, func(t *testing.T, r *result) {
		i.s3.Kill()
		time.Sleep(time.Second)
		r.recover(t, i, i.s3.Start)
	})
	run("the object store is away for two seconds", 1, func(t *testing.T, r *result) {
		i.toS3.away(true)
		time.Sleep(2 * time.Second)
		r.recover(t, i, func() { i.toS3.away(false) })
	})
	for _, skew := range skews {
		run(skew.name, 1, func(t *testing.T, r *result) {
			r.stays = true
			wrongClock(t, i, r, skew.ahead)
		})
	}
	t.Run("every acknowledged file is there in the end", people.settle)
	shut(t, i, people)
}

// shut checks that nothing came open again: a session that was ended stays ended on both replicas, whatever happened to Redis since.
func shut(t *testing.T, i *installation, people *ledger) {
	t.Helper()
	t.Run("ended sessions stay ended when Redis is emptied", func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		c := i.client(people.learners[0].login, 0)
		if err := c.enter(ctx); err != nil {
			t.Fatal(err)
		}
		old := c.token
		if status, out, err := c.ask(ctx, http.MethodDelete, "/api/v1/session", "", nil); err != nil || status != http.StatusNoContent {
			t.Fatalf("log out: %d %s %v", status, out, err)
		}
		if err := i.redis.Redis().FlushAll(ctx).Err(); err != nil {
			t.Fatal(err)
		}
		for range i.replicas {
			if status, out, err := c.once(ctx, http.MethodGet, "/api/v1/me/enrolments", old, "", nil); err != nil || status != http.StatusUnauthorized {
				t.Errorf("the ended session was answered with %d %.200s %v", status, out, err)
			}
		}
	})
}

func newDice(t *testing.T) *rand.Rand {
	t.Helper()
	if *random == 0 {
		*random = uint64(time.Now().UnixNano())
	}
	t.Logf("-seed %d", *random)
	return rand.New(rand.NewPCG(*random, 1))
}

// moment waits up to so many milliseconds.
func moment(dice *rand.Rand, most int) {
	time.Sleep(time.Duration(dice.IntN(most)+1) * time.Millisecond)
}

func respawn(t testing.TB, gone ...*replica) {
	t.Helper()
	for _, r := range gone {
		if err := r.spawn(); err != nil {
			t.Fatal(err)
		}
	}
}

// recover ends the harm and measures how long it takes until every replica says that it is ready and serves a person.
func (r *result) recover(t *testing.T, i *installation, heal func()) {
	t.Helper()
	began := time.Now()
	heal()
	for _, one := range i.replicas {
		one.await(t)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for range i.replicas {
		if err := i.passerby.must(ctx, http.MethodGet, "/api/v1/courses", "", nil, nil); err != nil {
			t.Fatalf("not healthy again: %v", err)
		}
	}
	r.recovered = append(r.recovered, time.Since(began))
}

// behindMark begins the part of the page that people write, which is kept as it is.
const behindMark = "## What stands behind these figures"

// write makes the page of results.
func write(path string, passed bool) error {
	kept := behindMark + "\n"
	if before, err := os.ReadFile(path); err == nil {
		if i := strings.Index(string(before), behindMark); i >= 0 {
			kept = string(before)[i:]
		}
	}
	var b strings.Builder
	fmt.Fprintf(&b, `# Faults

Written by `+"`make fault`"+` on %s. %d cores, %s on %s/%s, seed %d. Two replicas of the built product, MariaDB, Redis and MinIO started for this alone, a proxy before each. A manager registers people, four learners
read and take a test without pause; every write is repeated with the same key until it is acknowledged. *Lost* and *doubled* come from comparing all that was acknowledged with the database itself. *Internal errors* are
answers with 500, after which the same is sent again. *Recovered* is the longest time from the end of the harm (for a killed replica: from its start) until both replicas said that they are ready and answered a person.

`, time.Now().UTC().Format("2 January 2006, 15:04 UTC"), runtime.NumCPU(), runtime.Version(), runtime.GOOS, runtime.GOARCH, *random)
	if !passed {
		b.WriteString("**Not everything passed in this run.**\n\n")
	}
	b.WriteString("| what happened | times | writes acknowledged meanwhile | lost | doubled | sent again | internal errors | logged in again | recovered |\n| --- | --: | --: | --: | --: | --: | --: | --: | --: |\n")
	for _, r := range results {
		name := r.name
		if !r.passed {
			name += " — **failed**"
		}
		fmt.Fprintf(&b, "| %s | %d | %d | %d | %d | %d | %d | %d | %s |\n", name, r.times, r.count.acknowledged, r.count.lost, r.count.doubled, r.count.retries, r.count.broken, r.count.logins, r.slowest())
	}
	if len(found) > 0 {
		b.WriteString("\n- " + strings.Join(found, "\n- ") + "\n")
	}
	return os.WriteFile(path, []byte(b.String()+"\n"+kept), 0o644)
}

// The page keeps what people wrote and says when not everything passed.
func TestPageKeepsWhatPeopleWrote(t *testing.T) {
	path := t.TempDir() + "/faults.md"
	if err := os.WriteFile(path, []byte("# Faults\n\n| old | figures |\n\n"+behindMark+"\n\n- by hand\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := write(path, false); err != nil {
			t.Fatal(err)
		}
	}
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if text := string(page); strings.Contains(text, "old") || !strings.HasSuffix(text, behindMark+"\n\n- by hand\n") || !strings.Contains(text, "**Not everything passed") {
		t.Errorf("the page:\n%s", text)
	}
}
