package attack

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net"
	"net/http"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	"kenshu/rig/kit"
	"kenshu/rig/servers"
	"kenshu/server/app"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// target is two replicas of the product on one MariaDB and one Redis, behind a proxy whose word for an address is believed, so that one machine can be many.
type target struct {
	t     *testing.T
	apps  []*app.App
	urls  []string
	host  string
	world kit.World
	http  http.Client
}

func newTarget(t *testing.T) *target {
	t.Helper()
	listeners := make([]net.Listener, 2)
	for i := range listeners {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		listeners[i] = l
	}
	_, port, err := net.SplitHostPort(listeners[0].Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	x := &target{t: t, host: "localhost:" + port, http: http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 256}}}
	env := []string{"KENSHU_DB=" + servers.MariaDB(t), "KENSHU_REDIS=" + servers.Redis(t), "KENSHU_PUBLIC_URL=http://" + x.host, "KENSHU_TRUSTED_PROXIES=127.0.0.1/32", "KENSHU_MODE=development",
		"KENSHU_SECRET=only for the rig of attacks, never for an installation"}
	for _, l := range listeners {
		cfg, err := app.ReadConfig(append([]string{"KENSHU_DATA=" + t.TempDir()}, env...))
		if err != nil {
			t.Fatal(err)
		}
		a, err := app.New(t.Context(), cfg, app.Options{Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		server := &http.Server{Handler: a.API.Handler(), ReadHeaderTimeout: 10 * time.Second}
		go func() { _ = server.Serve(l) }()
		t.Cleanup(func() { _ = server.Close(); a.Close() })
		x.apps, x.urls = append(x.apps, a), append(x.urls, "http://"+l.Addr().String())
	}
	x.world = kit.NewWorld(t, x.apps[0].DB)
	return x
}

// answer is what came back.
type answer struct {
	status int
	body   string
	cookie map[string]string
	header http.Header
	took   time.Duration
}

func (x *target) ask(ctx context.Context, replica int, method, path, source string, cookies map[string]string, body any) (answer, error) {
	raw, err := json.Marshal(body)
	if err != nil {
		return answer{}, err
	}
	r, err := http.NewRequestWithContext(ctx, method, x.urls[replica]+"/api/v1"+path, bytes.NewReader(raw))
	if err != nil {
		return answer{}, err
	}
	r.Host = x.host
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Forwarded-For", source)
	for name, value := range cookies {
		r.AddCookie(&http.Cookie{Name: name, Value: value})
	}
	began := time.Now()
	res, err := x.http.Do(r)
	if err != nil {
		return answer{}, err
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	a := answer{status: res.StatusCode, body: string(out), cookie: map[string]string{}, header: res.Header, took: time.Since(began)}
	for _, c := range res.Cookies() {
		a.cookie[c.Name] = c.Value
	}
	return a, err
}

const password = "a long sentence that the rig of attacks chose"

func (x *target) logIn(replica int, source, code, login, secret string, cookies map[string]string) answer {
	x.t.Helper()
	a, err := x.ask(x.t.Context(), replica, http.MethodPost, "/session", source, cookies, map[string]any{"organisation_code": code, "login_id": login, "password": secret, "remember_device": true})
	if err != nil {
		x.t.Fatal(err)
	}
	return a
}

// settle gives people of org a password of their own, all the same, at the price of one.
func (x *target) settle(org kit.Org, people ...db.ID) {
	x.t.Helper()
	a := x.apps[0]
	var one tenant.OneTime
	err := a.DB.Tx(x.t.Context(), func(tx *db.Tx) (err error) {
		one, err = a.Services.Credentials.Issue(x.t.Context(), org.ID, tx, people[0])
		return err
	})
	if err != nil {
		x.t.Fatal(err)
	}
	var login string
	if err := a.DB.QueryRow(x.t.Context(), "SELECT login_id FROM person WHERE tenant_id = ? AND id = ?", org.ID, people[0]).Scan(&login); err != nil {
		x.t.Fatal(err)
	}
	in := x.logIn(0, "198.51.100.1", org.Code, login, one.Password, nil)
	if in.status != http.StatusOK {
		x.t.Fatalf("log in: %d %s", in.status, in.body)
	}
	if done, err := x.ask(x.t.Context(), 0, http.MethodPut, "/session/password", "198.51.100.1", in.cookie, map[string]string{"new_password": password}); err != nil || done.status >= 300 {
		x.t.Fatalf("choose a password: %d %s %v", done.status, done.body, err)
	}
	var hash string
	if err := a.DB.QueryRow(x.t.Context(), "SELECT hash FROM credential WHERE tenant_id = ? AND person_id = ?", org.ID, people[0]).Scan(&hash); err != nil {
		x.t.Fatal(err)
	}
	for _, id := range people[1:] {
		if _, err := a.DB.Exec(x.t.Context(), "UPDATE credential SET kind = 'chosen', hash = ? WHERE tenant_id = ? AND person_id = ?", hash, org.ID, id); err != nil {
			x.t.Fatal(err)
		}
	}
}

// learners work until ctx ends, a page every 50 ms each, in turn on both replicas; it gives how long each answer took.
func (x *target) learners(ctx context.Context, count int) (wait func() []time.Duration) {
	x.t.Helper()
	var mu sync.Mutex
	var took []time.Duration
	var group sync.WaitGroup
	for n := range count {
		token, _, err := x.apps[0].Services.Sessions.Start(x.t.Context(), x.world.A.ID, x.world.A.Staff[n%len(x.world.A.Staff)])
		if err != nil {
			x.t.Fatal(err)
		}
		group.Go(func() {
			for i := n; ctx.Err() == nil; i++ {
				a, err := x.ask(context.WithoutCancel(ctx), i%2, http.MethodGet, "/me/enrolments", "198.51.100.20", map[string]string{"__Host-kenshu": token}, nil)
				if err != nil || a.status != http.StatusOK {
					x.t.Errorf("a learner was answered %d %.200s %v", a.status, a.body, err)
					return
				}
				mu.Lock()
				took = append(took, a.took)
				mu.Unlock()
				time.Sleep(50 * time.Millisecond)
			}
		})
	}
	return func() []time.Duration { group.Wait(); return took }
}

// flood tries log-ins at an even rate for a while, whatever comes back, and counts the answers by status.
func (x *target) flood(rate int, lasting time.Duration, try func(i int) (source, code, login string)) map[int]int {
	x.t.Helper()
	var mu sync.Mutex
	counts := map[int]int{}
	var group sync.WaitGroup
	under := make(chan struct{}, 512) // so many wait at most: who floods has limits too, and this machine
	tick := time.NewTicker(time.Second / time.Duration(rate))
	defer tick.Stop()
	for i := range int(lasting.Seconds() * float64(rate)) {
		<-tick.C
		under <- struct{}{}
		group.Go(func() {
			defer func() { <-under }()
			source, code, login := try(i)
			a, err := x.ask(x.t.Context(), i%2, http.MethodPost, "/session", source, nil, map[string]any{"organisation_code": code, "login_id": login, "password": "guess"})
			mu.Lock()
			defer mu.Unlock()
			if err != nil {
				counts[0]++
				return
			}
			counts[a.status]++
		})
	}
	group.Wait()
	return counts
}

func p95(list []time.Duration) time.Duration {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	return list[len(list)*95/100]
}

// TestFlood: while somebody tries log-ins as fast as they can, learners learn on and nobody is let in; and whoever was aimed at gets in from a device they know.
func TestFlood(t *testing.T) {
	rate, lasting := 100, time.Second
	if *all {
		rate, lasting = 500, 10*time.Second
	}
	x := newTarget(t)
	a := x.world.A
	x.settle(a, a.Staff...)
	first := x.logIn(0, "198.51.100.5", a.Code, "tanaka", password, nil)
	if first.status != http.StatusOK {
		t.Fatalf("the victim's first log-in: %d %s", first.status, first.body)
	}
	device := map[string]string{"__Host-kenshu-device": first.cookie["__Host-kenshu-device"]}
	if device["__Host-kenshu-device"] == "" {
		t.Fatal("the device got no mark")
	}
	quiet, stop := context.WithTimeout(t.Context(), lasting)
	calm := p95(x.learners(quiet, 10)())
	stop()
	victim := func() {
		if in := x.logIn(1, "198.51.100.5", a.Code, "tanaka", password, device); in.status != http.StatusOK {
			t.Errorf("the victim is locked out: %d %s", in.status, in.body)
		}
		elsewhere := x.logIn(1, "198.51.100.77", a.Code, "tanaka", password, nil)
		wait := elsewhere.header.Get("Retry-After")
		if elsewhere.status != http.StatusTooManyRequests || wait == "" {
			t.Errorf("the right password from a new device during the attack: %d, Retry-After %q", elsewhere.status, wait)
		}
		page.act("lock-out of one person, right after it", "1 log-in from the device they know, 1 from a new one", "let in at once from their own; from a new one after "+wait+" s at most")
	}
	many := func(i int) string { return fmt.Sprintf("203.%d.%d.%d", i/65025%100, i/255%255, i%255+1) }
	for _, f := range []struct {
		what string
		try  func(i int) (string, string, string)
		then func()
	}{
		{"log-ins of one account from one address", func(int) (string, string, string) { return "203.0.113.1", a.Code, "tanaka" }, nil},
		{"log-ins of one account from thousands of addresses", func(i int) (string, string, string) { return many(i), a.Code, "tanaka" }, victim},
		{"one guess at each of thousands of accounts, from thousands of addresses", func(i int) (string, string, string) { return many(i + 100_000), a.Code, fmt.Sprint("id", i) }, nil},
		{"guesses at organisations that do not exist", func(i int) (string, string, string) { return many(i + 200_000), fmt.Sprintf("CODE%04d", i), "tanaka" }, nil},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		wait := x.learners(ctx, 10)
		counts := x.flood(rate, lasting, f.try)
		cancel()
		busy := p95(wait())
		for status := range counts {
			if status != http.StatusUnauthorized && status != http.StatusTooManyRequests && status != http.StatusServiceUnavailable {
				t.Errorf("%s: %d times %d", f.what, counts[status], status)
			}
		}
		page.act(fmt.Sprintf("%s, %d a second for %s", f.what, rate, lasting), fmt.Sprintf("%d refused as wrong, %d as too many, %d as too busy", counts[401], counts[429], counts[503]),
			fmt.Sprintf("learners' p95 %d ms (quiet: %d ms)", busy.Milliseconds(), calm.Milliseconds()))
		t.Logf("%s: %v, p95 %s, quiet %s", f.what, counts, busy, calm)
		if f.then != nil {
			f.then()
		}
	}
}

var requestID = regexp.MustCompile(`"request_id":"[^"]*"`)

// TestEnumerationByAnswer: whoever has not the password learns nothing, whatever is wrong.
func TestEnumerationByAnswer(t *testing.T) {
	x := newTarget(t)
	a := x.world.A
	x.settle(a, a.Staff[0], a.Staff[1])
	if _, err := x.apps[0].DB.Exec(t.Context(), "UPDATE person SET state = 'suspended' WHERE tenant_id = ? AND id = ?", a.ID, a.Staff[1]); err != nil {
		t.Fatal(err)
	}
	seen := map[string]string{}
	for n, c := range []struct{ what, code, login, password string }{
		{"wrong password", a.Code, "tanaka", "guess"}, {"suspended, wrong password", a.Code, "takahashi", "guess"}, {"suspended, right password", a.Code, "takahashi", password},
		{"never logged in", a.Code, "yoshida", "guess"}, {"no such person", a.Code, "nobody", "guess"}, {"no such organisation", "NOWHERE", "tanaka", "guess"}, {"not even a code", "'; --", "\x00", "guess"},
	} {
		in := x.logIn(n%2, fmt.Sprintf("203.0.113.%d", n+1), c.code, c.login, c.password, nil)
		for name := range in.header {
			if name != "X-Request-Id" && name != "Date" {
				in.body += "\n" + name + ": " + in.header.Get(name)
			}
		}
		lines := bytes.Split([]byte(requestID.ReplaceAllString(in.body, "")), []byte("\n"))
		slices.SortFunc(lines, bytes.Compare)
		seen[fmt.Sprintf("%d %s", in.status, bytes.Join(lines, []byte("\n")))] += c.what + "; "
	}
	if len(seen) != 1 {
		t.Errorf("the answers differ: %q", seen)
	}
	page.act("who exists, by the answer", "7 kinds of wrong log-in", "the same status, headers and bytes")
}

// TestEnumerationByTime measures how long a wrong log-in takes for accounts that exist and accounts that do not. Times never decide a test: the page tells them.
func TestEnumerationByTime(t *testing.T) {
	if !*all {
		return
	}
	x := newTarget(t)
	const organisations, people, tries = 60, 2, 5 // 600 of each: ASVS 6.3.8 is held where the medians of 500 differ by less than 5 %
	var orgs []kit.Org
	for i := range organisations {
		org := kit.NewOrg(t, x.apps[0].DB, fmt.Sprintf("TIME%04d", i), "organisation", people)
		if i == 0 {
			x.settle(org, org.Staff...)
		}
		if _, err := x.apps[0].DB.Exec(t.Context(), "UPDATE credential SET hash = (SELECT hash FROM (SELECT hash FROM credential WHERE tenant_id = ? AND person_id = ?) x) WHERE tenant_id = ?", orgsFirst(orgs, org).ID, orgsFirst(orgs, org).Staff[0], org.ID); err != nil {
			t.Fatal(err)
		}
		orgs = append(orgs, org)
	}
	var known, unknown []time.Duration
	n := 0
	for range tries {
		for _, org := range orgs {
			for p := range people {
				n++
				source := fmt.Sprintf("203.0.%d.%d", n/200, n%200+1)
				one := func(list *[]time.Duration, login string) {
					*list = append(*list, x.logIn(n%2, source, org.Code, login, "guess", nil).took)
				}
				is, isNot := []string{"tanaka", "takahashi"}[p], []string{"suzuki", "watanabe"}[p]
				if n/2%2 == 0 { // the second of a source meets counters that are there: each kind is the second as often as the first
					one(&known, is)
					one(&unknown, isNot)
				} else {
					one(&unknown, isNot)
					one(&known, is)
				}
			}
		}
	}
	z := rankSum(known, unknown)
	slices.Sort(known)
	slices.Sort(unknown)
	a, b := known[len(known)/2], unknown[len(unknown)/2]
	page.act("who exists, by the time of the answer", fmt.Sprintf("%d wrong log-ins each of accounts that exist and that do not, in turn", len(known)),
		fmt.Sprintf("medians %.1f ms and %.1f ms (%+.1f %%), rank sum z = %.1f", ms(a), ms(b), 100*(ms(a)-ms(b))/ms(b), z))
	t.Logf("medians %s and %s, z %.1f", a, b, z)
}

func orgsFirst(orgs []kit.Org, own kit.Org) kit.Org { return append(orgs, own)[0] }

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// rankSum is the standard score of the Wilcoxon rank sum of two samples: beyond 2 either way they are told apart.
func rankSum(a, b []time.Duration) float64 {
	type one struct {
		took time.Duration
		of   int
	}
	var both []one
	for _, d := range a {
		both = append(both, one{d, 0})
	}
	for _, d := range b {
		both = append(both, one{d, 1})
	}
	slices.SortFunc(both, func(x, y one) int { return int(x.took - y.took) })
	sum := 0.0
	for rank, o := range both {
		if o.of == 0 {
			sum += float64(rank + 1)
		}
	}
	n, m := float64(len(a)), float64(len(b))
	return (sum - n*(n+m+1)/2) / math.Sqrt(n*m*(n+m+1)/12)
}

// TestSessionsEndOnBothReplicas: what ends on one replica is over on the other.
func TestSessionsEndOnBothReplicas(t *testing.T) {
	x := newTarget(t)
	a := x.world.A
	x.settle(a, a.Staff...)
	manager := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: a.ID, Person: a.Manager, Role: string(tenant.RoleManager)})
	for _, way := range []struct {
		what string
		end  func(token map[string]string) error
	}{
		{"log-out", func(token map[string]string) error {
			_, err := x.ask(t.Context(), 0, http.MethodDelete, "/session", "198.51.100.9", token, nil)
			return err
		}},
		{"log-out everywhere", func(token map[string]string) error {
			_, err := x.ask(t.Context(), 0, http.MethodPost, "/session/sign-out-everywhere", "198.51.100.9", token, nil)
			return err
		}},
		{"log-out by the manager", func(map[string]string) error {
			return x.apps[0].Services.People.SignOut(manager, a.ID, []db.ID{a.Staff[0]})
		}},
		{"suspension", func(map[string]string) error {
			_, err := x.apps[0].Services.People.SetStates(manager, a.ID, []db.ID{a.Staff[0]}, tenant.PersonSuspended)
			return err
		}},
	} {
		in := x.logIn(0, "198.51.100.9", a.Code, "tanaka", password, nil)
		if in.status != http.StatusOK {
			t.Fatalf("%s: %d %s", way.what, in.status, in.body)
		}
		for replica := range x.urls {
			if a, err := x.ask(t.Context(), replica, http.MethodGet, "/session", "198.51.100.9", in.cookie, nil); err != nil || a.status != http.StatusOK {
				t.Fatalf("before %s, replica %d: %d %v", way.what, replica, a.status, err)
			}
		}
		if err := way.end(in.cookie); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		for replica := range x.urls {
			if a, err := x.ask(t.Context(), replica, http.MethodGet, "/session", "198.51.100.9", in.cookie, nil); err != nil || a.status != http.StatusUnauthorized {
				t.Errorf("after %s, replica %d: %d %v", way.what, replica, a.status, err)
			}
		}
		page.act("a session after "+way.what, "asked of both replicas at once", fmt.Sprintf("over on both within %d ms", time.Since(began).Milliseconds()))
	}
}
