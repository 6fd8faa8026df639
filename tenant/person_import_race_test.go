package tenant_test

import (
	"context"
	"flag"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/cache"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// importRounds is how often imports meet each other and manual edits in TestImportRaces on each database. The time of 1,000 stands in docs/benchmarks.md.
var importRounds = flag.Int("import-rounds", 24, "rounds of TestImportRaces on each database")

// importRace is an organisation in which three people are changed again and again, by whoever comes first.
type importRace struct {
	*office
	t      *testing.T
	ctx    context.Context
	tid    tenant.ID
	people [3]string // employee numbers
	round  int
}

// drawn makes a file that calls the three people and somebody new by the given word, and has it checked.
func (r *importRace) drawn(word string, automatic bool) tenant.Import {
	r.t.Helper()
	var file strings.Builder
	file.WriteString("社員番号,氏名\n")
	for _, number := range append(r.people[:], fmt.Sprintf("new-%d", r.round)) {
		fmt.Fprintf(&file, "%s,%s %d\n", number, word, r.round)
	}
	id, origin := db.NewID(), tenant.OriginPage
	if automatic {
		origin = tenant.OriginCall
	}
	if _, err := r.imports.Receive(r.ctx, r.tid, id, tenant.ImportFile{Name: word, Size: int64(file.Len()), SHA: db.Hash{byte(r.round), byte(r.round >> 8), word[0]}, Body: strings.NewReader(file.String())},
		origin, tenant.ImportOptions{Automatic: automatic, Limit: 10}, r.clock.Now()); err != nil {
		r.t.Fatal(err)
	}
	r.step(id)
	return r.find(r.t, r.world.A, id)
}

// step does the next job of an import, as the worker does that holds it.
func (r *importRace) step(id db.ID) {
	if err := r.imports.Work(r.ctx, db.Job{Tenant: r.tid.Number(), Payload: fmt.Appendf(nil, `{"import":%q}`, id), Attempts: 1, Max: 6}, func(int64, int64) {}); err != nil {
		r.t.Errorf("round %d: %v", r.round, err)
	}
}

// names gives what the three people and the new one are called now, and how often each was changed.
func (r *importRace) names() (names [4]string, versions [4]int64) {
	r.t.Helper()
	for i, number := range append(r.people[:], fmt.Sprintf("new-%d", r.round)) {
		err := r.db.QueryRow(r.ctx, "SELECT name, version FROM person WHERE tenant_id = ? AND employee_number = ?", r.tid, number).Scan(&names[i], &versions[i])
		if err != nil && !fault.Is(db.One(err), fault.NotFound) {
			r.t.Fatal(err)
		}
	}
	return names, versions
}

func (r *importRace) logged(action string) int {
	return countRows(r.t, r.db, "SELECT COUNT(*) FROM audit_event WHERE tenant_id = ? AND action = ?", r.tid, action)
}

// wantAll tells whether everybody is called by the word of one file, and was changed as often as it took effect.
func (r *importRace) wantAll(word string, before [4]int64, changes int64) {
	r.t.Helper()
	names, versions := r.names()
	for i, name := range names {
		if name != fmt.Sprintf("%s %d", word, r.round) {
			r.t.Fatalf("round %d: %v, want all from %s", r.round, names, word)
		}
		if want := before[i] + changes; i < 3 && versions[i] != want || i == 3 && versions[i] != changes {
			r.t.Fatalf("round %d: versions %v after %v", r.round, versions, before)
		}
	}
}

// two is two imports at once that somebody agreed to: one takes effect, the other is shown anew with what it would change now.
func (r *importRace) two() {
	a, b := r.drawn("甲", false), r.drawn("乙", false)
	_, before := r.names()
	updates, creates, imports := r.logged("person.update"), r.logged("person.create"), r.logged("person.import")
	for _, id := range []db.ID{a.ID, b.ID} {
		if _, err := r.imports.Apply(r.ctx, r.tid, id, 0); err != nil {
			r.t.Fatal(err)
		}
	}
	var wait sync.WaitGroup
	for _, id := range []db.ID{a.ID, b.ID, a.ID, b.ID} { // each by two workers that believe it is theirs
		wait.Go(func() { r.step(id) })
	}
	wait.Wait()
	winner, loser := r.find(r.t, r.world.A, a.ID), r.find(r.t, r.world.A, b.ID)
	if loser.State == tenant.ImportApplied {
		winner, loser = loser, winner
	}
	r.step(loser.ID)
	loser = r.find(r.t, r.world.A, loser.ID)
	if winner.State != tenant.ImportApplied || loser.State != tenant.ImportChecked || loser.Problem == nil || loser.Problem.Key != "import_outdated" || loser.Summary.Changed != 4 {
		r.t.Fatalf("round %d: %s and %s %+v %+v", r.round, winner.State, loser.State, loser.Problem, loser.Summary)
	}
	r.wantAll(winner.FileName, before, 1)
	if u, c, i := r.logged("person.update")-updates, r.logged("person.create")-creates, r.logged("person.import")-imports; u != 3 || c != 1 || i != 1 {
		r.t.Fatalf("round %d: the log has %d changes, %d new people, %d imports", r.round, u, c, i)
	}
}

// nightly is two imports at once that nobody looks at: both take effect, one after the other.
func (r *importRace) nightly() {
	a, b := r.drawn("丙", true), r.drawn("丁", true)
	_, before := r.names()
	imports := r.logged("person.import")
	var wait sync.WaitGroup
	for _, id := range []db.ID{a.ID, b.ID} {
		wait.Go(func() {
			for range 6 {
				r.step(id)
			}
		})
	}
	wait.Wait()
	last := a
	for _, id := range []db.ID{a.ID, b.ID} {
		now := r.find(r.t, r.world.A, id)
		if now.State != tenant.ImportApplied {
			r.t.Fatalf("round %d: %s is %s %+v", r.round, now.FileName, now.State, now.Problem)
		}
		if now.Options.Tries > 0 { // it was overtaken and came second
			last = now
		}
	}
	if last.ID == a.ID && last.Options.Tries == 0 { // nobody was overtaken: the second was checked after the first took effect
		names, _ := r.names()
		last.FileName, _, _ = strings.Cut(names[0], " ")
	}
	r.wantAll(last.FileName, before, 2)
	if i := r.logged("person.import") - imports; i != 2 {
		r.t.Fatalf("round %d: the log has %d imports", r.round, i)
	}
}

// edit is an import while a manager changes one of its people: one of them takes effect, the other is told that somebody was faster.
func (r *importRace) edit() {
	imp := r.drawn("戊", false)
	names, before := r.names()
	p := r.person(r.t, r.people[1])
	if _, err := r.imports.Apply(r.ctx, r.tid, imp.ID, 0); err != nil {
		r.t.Fatal(err)
	}
	var wait sync.WaitGroup
	var edited error
	wait.Go(func() {
		_, edited = r.office.people.Update(r.ctx, r.tid, p.ID, p.Version, tenant.PersonInput{LoginID: p.LoginID, Name: fmt.Sprintf("手 %d", r.round), EmployeeNumber: p.EmployeeNumber})
	})
	wait.Go(func() { r.step(imp.ID) })
	wait.Wait()
	switch now := r.find(r.t, r.world.A, imp.ID); {
	case now.State == tenant.ImportApplied && isKey(edited, "changed_meanwhile"):
		r.wantAll("戊", before, 1)
	case now.State == tenant.ImportReading && edited == nil:
		names[1] = fmt.Sprintf("手 %d", r.round)
		if got, _ := r.names(); got != names {
			r.t.Fatalf("round %d: %v, want %v", r.round, got, names)
		}
	default:
		r.t.Fatalf("round %d: the import is %s, the edit %v", r.round, now.State, edited)
	}
}

// Two imports at once, two nightly ones at once, an import while one of its people is changed by hand: exactly one effect of each, nothing half, and the log says
// what happened.
func TestImportRaces(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		r := &importRace{office: o, t: t, ctx: o.manager(t), tid: o.world.A.ID, people: [3]string{"race-1", "race-2", "race-3"}}
		o.mustApply(t, r.ctx, o.world.A, []byte("社員番号,氏名\nrace-1,初 一\nrace-2,初 二\nrace-3,初 三\n"))
		began := time.Now()
		for r.round = range *importRounds {
			[]func(){r.two, r.edit, r.nightly, r.edit}[r.round%4]()
		}
		t.Logf("%d rounds in %s", *importRounds, time.Since(began).Round(time.Millisecond))
	})
}

// farStore is a cache that tells a test how far an import is.
type farStore struct {
	cache.Store
	set func(text string)
}

// Set passes value on.
func (f *farStore) Set(ctx context.Context, key cache.Key, value []byte, ttl time.Duration) error {
	err := f.Store.Set(ctx, key, value, ttl)
	if f.set != nil {
		f.set(string(value))
	}
	return err
}

// How far it is can be seen while a file is put into effect and taken back; a worker that dies in the middle of that leaves nothing of it, and the next one does all of
// it once.
func TestWorkerDiesInTheMiddle(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx, a := o.manager(t), o.world.A
		const rows = 4500
		var file strings.Builder
		file.WriteString("社員番号,氏名,部署\n")
		for i := range rows {
			fmt.Fprintf(&file, "%05d,途中 %d,介護課\n", i, i)
		}
		imp := o.check(t, ctx, a, []byte(file.String()))
		people := func() int {
			return countRows(t, d, "SELECT COUNT(*) FROM person WHERE tenant_id = ? AND name LIKE '途中%'", a.ID)
		}
		job := db.Job{Tenant: a.ID.Number(), Payload: fmt.Appendf(nil, `{"import":%q}`, imp.ID), Attempts: 1, Max: 6}
		die := func(at, state string, want int) {
			t.Helper()
			logged := countRows(t, d, "SELECT COUNT(*) FROM audit_event WHERE tenant_id = ?", a.ID)
			dying, kill := context.WithCancel(context.Background())
			defer kill()
			var seen tenant.Import
			o.far.set = func(text string) {
				if text == at {
					o.far.set = nil
					seen = o.find(t, a, imp.ID) // somebody looks, from outside of the transaction
					kill()
				}
			}
			if err := o.imports.Work(dying, job, func(int64, int64) {}); err == nil {
				t.Fatal("the worker lived")
			}
			now := o.find(t, a, imp.ID)
			if fmt.Sprint(seen.Done, " ", seen.Total) != at || fmt.Sprint(now.Done, " ", now.Total) != at || now.State != state {
				t.Errorf("seen %d of %d, then %d of %d and %s, want %s", seen.Done, seen.Total, now.Done, now.Total, now.State, at)
			}
			if n := people(); n != want {
				t.Fatalf("%d people after the worker died", n)
			}
			if n := countRows(t, d, "SELECT COUNT(*) FROM audit_event WHERE tenant_id = ?", a.ID); n != logged {
				t.Fatalf("%d lines in the log that were not there", n-logged)
			}
		}
		if _, err := o.imports.Apply(ctx, a.ID, imp.ID, 0); err != nil {
			t.Fatal(err)
		}
		// The next worker may have to wait until the database has taken back what the dead one did: its job is tried again.
		next := func() tenant.Import {
			for range 5 {
				o.work(t)
				if now := o.find(t, a, imp.ID); now.State != tenant.ImportApplying && now.State != tenant.ImportUndoing {
					return now
				}
				o.clock.Add(10 * time.Minute)
			}
			return o.find(t, a, imp.ID)
		}
		die("1999 4500", tenant.ImportApplying, 0)
		if now := next(); now.State != tenant.ImportApplied || people() != rows {
			t.Fatalf("%s %+v, %d people", now.State, now.Problem, people())
		}
		if _, err := o.imports.Undo(ctx, a.ID, imp.ID); err != nil {
			t.Fatal(err)
		}
		die("2000 4500", tenant.ImportUndoing, rows)
		if now := next(); now.State != tenant.ImportUndone || people() != 0 {
			t.Fatalf("%s %+v, %d people", now.State, now.Problem, people())
		}
	})
}
