package app_test

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/rig/servers"
	"kenshu/server/app"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// departed are the people whom the tests of the deletion journal let go after a backup was taken.
type departed struct {
	tid                   tenant.ID
	deleted, hidden, heir db.ID
	evidence, withdrawn   db.ID // deleted with what they had done; anonymised with their certificates
	stays                 db.ID
	marks                 []string // what said who they were

}

// settle registers the people, before the backup.
func settle(t *testing.T, a *app.App) departed {
	t.Helper()
	world := kit.NewWorld(t, a.DB)
	tid := world.A.ID
	filled := kit.Fill(t, a.DB, world.A, "EVIDENCE")
	putObjects(t, a, filled)
	person := func(login, name string) db.ID { return kit.NewPerson(t, a.DB, tid, login, name) }
	return departed{
		tid: tid, evidence: filled.IDs["person"], deleted: person("goes", "削除 する子"), hidden: person("hides", "匿名 する子"), withdrawn: person("revoked", "失効 する子"),
		stays: person("stays", "残る 子"), heir: kit.NewPerson(t, a.DB, tid, "editor", "編集 する子", "editor"),
		marks: []string{"削除 する子", "匿名 する子", "失効 する子", "EVIDENCE"},
	}
}

// depart deletes and anonymises them as a manager does.
func (d departed) depart(t *testing.T, a *app.App) {
	t.Helper()
	manager := kit.NewPerson(t, a.DB, d.tid, "later", "後の 担当", "manager")
	ctx := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: d.tid, Person: manager, Role: string(tenant.RoleManager)})
	do := func(in tenant.ActInput, ids ...db.ID) {
		t.Helper()
		in.Chosen = tenant.Chosen{IDs: ids}
		seen, err := a.Services.PeopleActs.Preview(ctx, d.tid, in)
		if err != nil {
			t.Fatal(err)
		}
		in.Losing = seen.Evidence
		if _, err := a.Services.PeopleActs.Do(ctx, d.tid, in); err != nil {
			t.Fatal(err)
		}
	}
	do(tenant.ActInput{Act: tenant.ActDelete}, d.deleted, d.heir)
	do(tenant.ActInput{Act: tenant.ActDelete}, d.evidence)
	do(tenant.ActInput{Act: tenant.ActLeave, On: "2026-04-01"}, d.hidden, d.withdrawn)
	do(tenant.ActInput{Act: tenant.ActAnonymise}, d.hidden)
	do(tenant.ActInput{Act: tenant.ActAnonymise, Withdraw: true}, d.withdrawn)
	do(tenant.ActInput{Act: tenant.ActDelete}, kit.NewPerson(t, a.DB, d.tid, "short", "来てすぐ 去る子")) // the backup never saw them
	if err := a.Services.Deletions.Keep(t.Context(), db.Job{}, nil); err != nil {
		t.Fatal(err)
	}
}

// check looks whether they are gone again, and nobody else is.
func (d departed) check(t *testing.T, p place) {
	t.Helper()
	a := p.open(t)
	defer a.Close()
	if r := a.Replayed; r.Lines != 0 || len(r.Unread) != 0 {
		t.Errorf("the journal is followed a second time: %+v", r)
	}
	for _, id := range []db.ID{d.deleted, d.heir, d.evidence} {
		if p, err := a.Services.People.Find(t.Context(), d.tid, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody who was deleted is back: %v %v", p.Name, err)
		}
	}
	for _, id := range []db.ID{d.hidden, d.withdrawn} {
		if p, err := a.Services.People.Find(t.Context(), d.tid, id); err != nil || p.State != tenant.PersonAnonymised {
			t.Errorf("somebody who was anonymised is %s: %v", p.State, err)
		}
	}
	if p, err := a.Services.People.Find(t.Context(), d.tid, d.stays); err != nil || p.Name != "残る 子" || p.State != tenant.PersonActive {
		t.Errorf("who stayed is %+v, %v", p, err)
	}
	rows := kit.Snapshot(t, a.DB, d.tid)
	for _, table := range []string{"person", "credential", "mail_message", "passkey", "person_value"} {
		for _, mark := range d.marks[:3] {
			if strings.Contains(rows[table], mark) {
				t.Errorf("%s still says %s", table, mark)
			}
		}
	}
}

// departed backs the place up, deletes and anonymises people there, and writes the journal that says so.
func (p place) departed(t *testing.T) (people departed, backup, journal string) {
	t.Helper()
	a := p.open(t)
	defer a.Close()
	people = settle(t, a)
	dir := t.TempDir()
	backup, journal = filepath.Join(dir, "kenshu.tar"), filepath.Join(dir, "deletions")
	p.must(t, "backup", backup)
	people.depart(t, a)
	p.must(t, "deletions", journal)
	return people, backup, journal
}

// Who was deleted or anonymised after a backup stays so when the backup is restored, whichever way the journal survived.
func TestRestoredBackupFollowsTheDeletionJournal(t *testing.T) {
	eachPlace(t, func(t *testing.T, make func(*testing.T) place) {
		people, backup, journal := make(t).departed(t)
		text, err := os.ReadFile(journal)
		if err != nil || bytes.Count(text, []byte("\n")) != 1 {
			t.Fatalf("the journal is not one page: %q, %v", text, err)
		}
		for _, id := range []db.ID{people.deleted, people.hidden, people.evidence} {
			if bytes.Contains(text, []byte(id.String())) || bytes.Contains(text, id[:]) {
				t.Error("the journal names an id")
			}
		}

		to := make(t)
		out := to.must(t, "restore", "--deletions", journal, backup)
		if want := "7 lines are newer than the backup; 3 people deleted again, 2 anonymised again"; !strings.Contains(out, want) {
			t.Errorf("restore said %s, want %s", out, want)
		}
		people.check(t, to)

		// A store in which the journal is left, and what was taken out of it, beside nothing else counts as empty.
		beside := make(t)
		b := beside.open(t)
		put(t, b, text)
		if _, err := b.Blob.Put(t.Context(), tenant.RemovedPrefix+db.NewID().String(), strings.NewReader("{}"), 2, "application/json"); err != nil {
			t.Fatal(err)
		}
		b.Close()
		beside = beside.withoutDatabase(t)
		if out := beside.must(t, "restore", backup); !strings.Contains(out, "3 people deleted again") {
			t.Errorf("restore said %s", out)
		}
		people.check(t, beside)

		// Whoever restores a database by other means needs no command: the start follows the journal.
		late := make(t)
		late.must(t, "restore", backup)
		c := late.open(t)
		if _, err := c.Services.People.Find(t.Context(), people.tid, people.deleted); err != nil {
			t.Errorf("without a journal the backup is as it was: %v", err)
		}
		put(t, c, text)
		late.must(t, "job", "list")           // who only looks changes nobody
		_, _ = late.run(t, "audit", "verify") // whatever it finds in the fixtures' log
		if _, err := c.Services.People.Find(t.Context(), people.tid, people.deleted); err != nil {
			t.Errorf("looking followed the journal: %v", err)
		}
		c.Close()
		if out := late.must(t, "adopt", "--follow"); !strings.Contains(out, "7 deletions that this database does not know") {
			t.Errorf("adopt said %s", out)
		}
		late.open(t).Close()
		people.check(t, late)
		if out := late.must(t, "adopt"); strings.Contains(out, "deletions") {
			t.Errorf("adopt said %s of a journal that was followed", out)
		}
	})
}

// A journal that is not there, or not to be followed, is refused before anything is begun: the place is as free for another restore as it was.
func TestABadJournalOccupiesNoPlace(t *testing.T) {
	eachPlace(t, func(t *testing.T, make func(*testing.T) place) {
		from := make(t)
		people, first, journal := from.departed(t)
		dir := t.TempDir()
		second := filepath.Join(dir, "second.tar")
		from.must(t, "backup", second)
		text, err := os.ReadFile(journal)
		if err != nil {
			t.Fatal(err)
		}
		bad := func(name string, text []byte) string {
			path := filepath.Join(dir, name)
			if err := os.WriteFile(path, text, 0o600); err != nil {
				t.Fatal(err)
			}
			return path
		}
		to := make(t)
		for path, want := range map[string]string{
			filepath.Join(dir, "mistyped"):  "no such file",
			bad("torn", text[:len(text)/2]): "altered or damaged",
			bad("other", bytes.Replace(text, []byte(`"key_id":"`), []byte(`"key_id":"0`), 1)): "another master key",
		} {
			if _, err := to.run(t, "restore", "--deletions", path, first); err == nil || !strings.Contains(err.Error(), "nothing was changed") || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: %v", path, err)
			}
		}
		to.must(t, "migrate")
		to.must(t, "restore", "--deletions", journal, second)
		people.check(t, to)
	})
}

// A restore ends without Redis, says what has to become of it, and leaves it to the first start to tell whose sessions are over.
func TestRestoreNeedsNoRedis(t *testing.T) {
	eachPlace(t, func(t *testing.T, make func(*testing.T) place) {
		people, backup, journal := make(t).departed(t)
		to := make(t)
		away := to.with("KENSHU_REDIS=redis://127.0.0.1:1/0")
		out := away.must(t, "restore", "--deletions", journal, backup)
		if !strings.Contains(out, "3 people deleted again, 2 anonymised again") || !strings.Contains(out, "FLUSHDB") {
			t.Errorf("restore said %s", out)
		}
		b := away.open(t)
		if err := b.Cache.Ping(t.Context()); !fault.Is(err, fault.Unavailable) {
			t.Errorf("Redis is not away: %v", err)
		}
		var waiting int
		if err := b.DB.QueryRow(t.Context(), "SELECT COUNT(*) FROM job WHERE kind = ? AND state = 'queued'", tenant.KindSessionEpoch).Scan(&waiting); err != nil || waiting == 0 {
			t.Errorf("%d jobs tell whose sessions are over: %v", waiting, err)
		}
		b.Close()
		people.check(t, to)
	})
}

func put(t *testing.T, a *app.App, text []byte) {
	t.Helper()
	pages, err := a.Services.Deletions.ReadExported(bytes.NewReader(text))
	if err == nil {
		err = a.Services.Deletions.Import(t.Context(), pages)
	}
	if err != nil || len(pages) == 0 {
		t.Fatalf("%d pages: %v", len(pages), err)
	}
}

// withoutDatabase is the place with a new database; the objects stay.
func (p place) withoutDatabase(t *testing.T) place {
	t.Helper()
	cfg := mustConfig(t, p.env)
	if cfg.DB != "" {
		return place{env: append(slices.Clone(p.env), "KENSHU_DB="+servers.MariaDB(t))}
	}
	files, err := filepath.Glob(filepath.Join(cfg.Data, "kenshu.db*"))
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, f := range files {
		if err := os.Remove(f); err != nil {
			t.Fatal(err)
		}
	}
	return p
}

// A page that somebody altered, or that another installation wrote, is not followed; it is named, and everything else is done.
func TestDeletionJournalOfOthersIsNotFollowed(t *testing.T) {
	people, backup, journal := embedded(t).departed(t)
	text, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	altered := bytes.Replace(text, []byte(`"kind":"person_identity"`), []byte(`"kind":"person"`), 1)
	if bytes.Equal(altered, text) {
		t.Fatal("nothing was altered")
	}
	bad := filepath.Join(t.TempDir(), "altered")
	if err := os.WriteFile(bad, altered, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := embedded(t).run(t, "restore", "--deletions", bad, backup); err == nil || !strings.Contains(err.Error(), "altered") {
		t.Errorf("an altered journal was taken: %v", err)
	}
	other := embedded(t)
	other.env = append(other.env, "KENSHU_SECRET=another-9Km3pQ7xW1vB5nZ8cR2tL6yH4jD0")
	if _, err := other.run(t, "restore", "--other-key", "--deletions", journal, backup); err == nil || !strings.Contains(err.Error(), "another master key") {
		t.Errorf("the journal of another key was taken: %v", err)
	}
	to := embedded(t)
	to.must(t, "restore", backup)
	b := to.open(t)
	key := tenant.DeletionPrefix + db.NewID().String()
	if _, err := b.Blob.Put(t.Context(), key, bytes.NewReader(altered), int64(len(altered)), "application/json"); err != nil {
		t.Fatal(err)
	}
	b.Close()
	c := to.open(t)
	defer c.Close()
	if len(c.Replayed.Unread) != 1 || !strings.Contains(c.Replayed.Unread[0].Error(), key) {
		t.Errorf("the altered page was not named: %+v", c.Replayed)
	}
	if _, err := c.Services.People.Find(t.Context(), people.tid, people.hidden); err != nil {
		t.Errorf("an altered page was followed: %v", err)
	}
}

// A page that the store lost or damaged is written again while the database has its lines; one that it does not have is named. Neither keeps the installation from starting.
func TestDeletionJournalIsMended(t *testing.T) {
	eachPlace(t, func(t *testing.T, make func(*testing.T) place) {
		p := make(t)
		a := p.open(t)
		people := settle(t, a)
		people.depart(t, a)
		check := func() error {
			t.Helper()
			return a.Worker.Handlers[tenant.KindCheckDeletions](t.Context(), db.Job{}, nil)
		}
		export := func() (text string, pages, left int) {
			t.Helper()
			var b bytes.Buffer
			w, err := a.Services.Deletions.Export(t.Context(), &b)
			if err != nil {
				t.Fatal(err)
			}
			return b.String(), w.Pages, w.Left
		}
		again := func(what string) {
			t.Helper()
			a.Close()
			if a = p.open(t); len(a.Replayed.Unread) != 0 || a.Replayed.Lines != 0 {
				t.Errorf("%s: the start found %+v", what, a.Replayed)
			}
		}
		whole, _, _ := export()
		var key string
		for info, err := range a.Blob.List(t.Context(), tenant.DeletionPrefix) {
			if err != nil {
				t.Fatal(err)
			}
			key = info.Key
		}
		garble := func(key, text string) {
			t.Helper()
			if _, err := a.Blob.Put(t.Context(), key, strings.NewReader(text), int64(len(text)), "application/json"); err != nil {
				t.Fatal(err)
			}
		}
		harms := map[string]func(){
			"lost": func() {
				if err := a.Blob.Remove(t.Context(), key); err != nil {
					t.Fatal(err)
				}
			},
			"cut":     func() { garble(key, whole[:len(whole)/2]) },
			"garbled": func() { garble(key, strings.Replace(whole, `"kind":"person"`, `"kind":"pers0n"`, 1)) },
			"empty":   func() { garble(key, "") },
		}
		if cfg := mustConfig(t, p.env); cfg.S3 == "" {
			harms["file damaged"] = func() {
				if err := os.Truncate(filepath.Join(cfg.Data, "objects", "objects", filepath.FromSlash(key)+"~"), 10); err != nil {
					t.Fatal(err)
				}
			}
		}
		for what, harm := range harms {
			harm()
			again(what)
			if err := check(); err != nil {
				t.Errorf("%s: %v", what, err)
			}
			if text, pages, left := export(); pages != 1 || left != 0 || len(text) != len(whole) {
				t.Errorf("%s: %d pages, %d bad, %d bytes instead of %d", what, pages, left, len(text), len(whole))
			}
		}

		// What nobody can write again is named, and does not hide the rest.
		stranger := tenant.DeletionPrefix + db.NewID().String()
		garble(stranger, "{")
		harms["lost"]()
		if err := check(); err == nil || !strings.Contains(err.Error(), stranger) || strings.Contains(err.Error(), key) {
			t.Errorf("a page nobody can read: %v", err)
		}
		if _, pages, left := export(); pages != 1 || left != 1 {
			t.Errorf("%d pages, %d bad", pages, left)
		}
		a.Close()
		if a = p.open(t); len(a.Replayed.Unread) != 1 {
			t.Errorf("the start found %+v", a.Replayed)
		}
		if err := a.Blob.Remove(t.Context(), stranger); err != nil {
			t.Fatal(err)
		}
		harms["lost"]()
		if _, err := a.DB.Exec(t.Context(), "DELETE FROM deletion WHERE tenant_id = ?", people.tid); err != nil {
			t.Fatal(err)
		}
		if err := check(); err == nil || !strings.Contains(err.Error(), key) {
			t.Errorf("a page that is gone with its lines: %v", err)
		}
		if err := check(); err != nil {
			t.Errorf("it is named for ever: %v", err)
		}
		a.Close()
	})
}

// Adopting a store whose journal names people who are here shows that and changes nothing, until it is told whose deletions they are.
func TestAdoptNeverDeletesBySurprise(t *testing.T) {
	eachPlace(t, func(t *testing.T, make func(*testing.T) place) {
		one := make(t)
		a := one.open(t)
		people := settle(t, a)
		backup := filepath.Join(t.TempDir(), "kenshu.tar")
		one.must(t, "backup", backup)
		one.serve(t)
		mark := stored(t, a)

		// A copy takes the store, and somebody is deleted there.
		copied := make(t)
		copied.must(t, "restore", backup)
		c := copied.open(t)
		people.depart(t, c)
		journal := filepath.Join(t.TempDir(), "deletions")
		c.Close()
		copied.must(t, "deletions", journal)
		text, err := os.ReadFile(journal)
		if err != nil {
			t.Fatal(err)
		}
		put(t, a, text)
		theirs := strings.Replace(mark, `"id":"0`, `"id":"1`, 1)
		store(t, a, theirs)
		one.refused(t, "the original")

		out, err := one.run(t, "adopt")
		if err == nil || !strings.Contains(err.Error(), "nothing was changed") || !strings.Contains(err.Error(), "adopt --follow") || !strings.Contains(err.Error(), "adopt --remove") {
			t.Errorf("adopt answered %v", err)
		}
		if !strings.Contains(out, "7 deletions") || !strings.Contains(out, "5 people who are here") || strings.Count(out, "  "+tenant.DeletionPrefix) != 1 || !strings.Contains(out, " 7 of 20") {
			t.Errorf("adopt showed %s", out)
		}
		if !strings.Contains(out, "CODE-A ひまわり園: 7 deletions; of people who are here it deletes 3 and anonymises 2\n") || strings.Contains(out, "削除") || strings.Contains(out, people.deleted.String()) {
			t.Errorf("whom it would delete was shown as %s", out)
		}
		if got := stored(t, a); got != theirs {
			t.Errorf("adopt marked the store: %s", got)
		}
		if _, err := one.run(t, "adopt", "--follow", "--remove"); err == nil {
			t.Error("adopt took both")
		}
		if _, err := one.run(t, "adopt", "--put-back"); err == nil || !strings.Contains(err.Error(), "nothing was changed") {
			t.Errorf("adopt --put-back of a journal that is not followed: %v", err)
		}
		if _, err := one.run(t, "adopt", "--remove", db.NewID().String()); err == nil || !strings.Contains(err.Error(), "nothing was changed: there is no page") {
			t.Errorf("adopt --remove of a page that is not there: %v", err)
		}
		page := journalKeys(t, a, tenant.DeletionPrefix)
		unread := tenant.DeletionPrefix + db.NewID().String()
		if _, err := a.Blob.Put(t.Context(), unread, strings.NewReader("{"), 1, "application/json"); err != nil {
			t.Fatal(err)
		}
		if out, err := one.run(t, "adopt"); err == nil || !strings.Contains(out, "cannot be read is not deleted: "+unread) {
			t.Errorf("adopt with a page that cannot be read: %s, %v", out, err)
		}
		if err := a.Blob.Remove(t.Context(), unread); err != nil {
			t.Fatal(err)
		}
		out = one.must(t, "adopt", "--remove")
		removed := tenant.RemovedPrefix + strings.TrimPrefix(page[0], tenant.DeletionPrefix)
		if !strings.Contains(out, "7 deletions were taken out of the journal") || !strings.Contains(out, "  "+removed+" ") || !strings.Contains(out, "adopt --put-back") {
			t.Errorf("adopt --remove said %s", out)
		}
		b := one.open(t)
		if b.Replayed.Lines != 0 {
			t.Errorf("the copy's deletions were followed: %+v", b.Replayed)
		}
		if _, err := b.Services.People.Find(t.Context(), people.tid, people.deleted); err != nil {
			t.Errorf("somebody was deleted by a copy: %v", err)
		}
		b.Close()
		if out := one.must(t, "adopt"); strings.Contains(out, "deletions") {
			t.Errorf("adopt said %s of a journal that was emptied", out)
		}

		// What was taken out goes along into a backup, follows nobody there, and can be put back.
		backup = filepath.Join(t.TempDir(), "kenshu.tar")
		one.must(t, "backup", backup)
		restored := make(t)
		if out := restored.must(t, "restore", backup); !strings.Contains(out, " 0 people deleted again") {
			t.Errorf("a restore said %s", out)
		}
		for _, p := range []place{one, restored} {
			out, err := p.run(t, "adopt", "--put-back")
			if err == nil || !strings.Contains(err.Error(), "nothing was changed") || !strings.Contains(out, "5 people who are here") || !strings.Contains(out, removed) {
				t.Errorf("adopt --put-back answered %v and showed %s", err, out)
			}
		}
		if out := restored.must(t, "adopt", "--put-back", removed); !strings.Contains(out, "The next start follows") {
			t.Errorf("adopt --put-back said %s", out)
		}
		restored.open(t).Close()
		people.check(t, restored)

		// Killed between the copy and the removal, the page is in both places, whichever way it was going: either command makes it one again.
		put(t, a, text)
		one.must(t, "adopt", "--remove")
		if there, gone := journalKeys(t, a, tenant.RemovedPrefix), journalKeys(t, a, tenant.DeletionPrefix); len(there) != 1 || len(gone) != 0 {
			t.Errorf("after --remove: %v %v", there, gone)
		}
		put(t, a, text)
		if out := one.must(t, "adopt", "--put-back", "all"); !strings.Contains(out, "The next start follows") {
			t.Errorf("adopt --put-back said %s", out)
		}
		if gone, there := journalKeys(t, a, tenant.RemovedPrefix), journalKeys(t, a, tenant.DeletionPrefix); len(there) != 1 || len(gone) != 0 {
			t.Errorf("after --put-back: %v %v", there, gone)
		}
		one.open(t).Close()
		people.check(t, one)
		if _, err := one.run(t, "adopt", "--put-back"); err == nil || !strings.Contains(err.Error(), "nothing to put back") {
			t.Errorf("adopt --put-back of nothing: %v", err)
		}
		a.Close()
	})
}

// Where the journal holds deletions of both kinds, the pages that are named are taken out, and the others followed.
func TestAdoptTakesOutThePagesNamed(t *testing.T) {
	one := embedded(t)
	a := one.open(t)
	people := settle(t, a)
	backup, journal := filepath.Join(t.TempDir(), "kenshu.tar"), filepath.Join(t.TempDir(), "deletions")
	one.must(t, "backup", backup)
	copied := embedded(t)
	copied.must(t, "restore", backup)
	c := copied.open(t)
	people.depart(t, c)
	ours := journalKeys(t, c, tenant.DeletionPrefix)
	manager := kit.NewPerson(t, c.DB, people.tid, "last", "最後の 担当", "manager")
	ctx := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: people.tid, Person: manager, Role: string(tenant.RoleManager)})
	if _, err := c.Services.PeopleActs.Do(ctx, people.tid, tenant.ActInput{Act: tenant.ActDelete, Chosen: tenant.Chosen{IDs: []db.ID{people.stays}}}); err != nil {
		t.Fatal(err)
	}
	if err := c.Services.Deletions.Keep(t.Context(), db.Job{}, nil); err != nil {
		t.Fatal(err)
	}
	c.Close()
	copied.must(t, "deletions", journal)
	text, err := os.ReadFile(journal)
	if err != nil {
		t.Fatal(err)
	}
	put(t, a, text)
	theirs := slices.DeleteFunc(journalKeys(t, a, tenant.DeletionPrefix), func(key string) bool { return slices.Contains(ours, key) })
	if len(theirs) != 1 {
		t.Fatalf("the pages are %v and %v", ours, theirs)
	}
	out, err := one.run(t, "adopt", "--remove", theirs[0])
	if err == nil || strings.Contains(err.Error(), "nothing was changed") || !strings.Contains(out, "1 deletions were taken out") || !strings.Contains(out, "5 people who are here") {
		t.Errorf("adopt --remove of one page: %v %s", err, out)
	}
	one.must(t, "adopt", "--follow")
	one.open(t).Close()
	people.check(t, one)
	a.Close()
}

// A page that was taken out and that a mirror or an older version of the bucket brings back deletes nobody until that is decided; neither start nor restore stops for it, and a journal
// that is exported says so.
func TestAPageThatReturnedIsNotFollowed(t *testing.T) {
	eachPlace(t, func(t *testing.T, make func(*testing.T) place) {
		from := make(t)
		people, backup, journal := from.departed(t)
		text, err := os.ReadFile(journal)
		if err != nil {
			t.Fatal(err)
		}
		taken := func(forgotten bool) place { // people are here, and what deletes them was taken out and came back
			t.Helper()
			p := make(t)
			p.must(t, "restore", backup)
			a := p.open(t)
			defer a.Close()
			put(t, a, text)
			p.must(t, "adopt", "--remove")
			if forgotten { // the bucket is as of a day before
				for _, key := range journalKeys(t, a, tenant.RemovedPrefix) {
					if err := a.Blob.Remove(t.Context(), key); err != nil {
						t.Fatal(err)
					}
				}
			}
			put(t, a, text)
			return p
		}
		stays := func(p place, who string) {
			t.Helper()
			a := p.open(t)
			defer a.Close()
			if _, err := a.Services.People.Find(t.Context(), people.tid, people.deleted); err != nil || len(a.Replayed.Returned) != 1 || a.Replayed.Lines != 0 {
				t.Errorf("%s: %v, %+v", who, err, a.Replayed)
			}
		}
		whole := taken(true)
		stays(whole, "a start with a store that was put back")
		if out, err := whole.run(t, "adopt"); err == nil || !strings.Contains(out, "1 of the pages were taken out earlier and are there again") {
			t.Errorf("adopt said %s, %v", out, err)
		}
		whole.must(t, "adopt", "--follow")
		whole.open(t).Close()
		people.check(t, whole)
		p := taken(false)
		stays(p, "a start")
		a := p.open(t)
		given := func() (failed []db.Job) {
			t.Helper()
			failed, err := a.DB.ListJobs(t.Context(), "failed", db.Page{Limit: db.MaxLimit})
			if err != nil {
				t.Fatal(err)
			}
			return failed
		}
		for _, slot := range []string{"every 1h #1", "every 1h #2"} {
			if err := a.DB.Tx(t.Context(), func(tx *db.Tx) error {
				return tx.Enqueue(t.Context(), a.Clock(), db.Job{Kind: tenant.KindReplayDeletions, Slot: slot, Max: 1})
			}); err != nil {
				t.Fatal(err)
			}
			if _, err := a.Worker.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if failed := given(); len(failed) != 1 || !strings.Contains(failed[0].LastError, "kenshu adopt --follow") || !strings.Contains(failed[0].LastError, tenant.DeletionPrefix) {
			t.Errorf("what the hourly job left: %+v", failed)
		}

		// Exported and brought elsewhere it stays undecided.
		exported := filepath.Join(t.TempDir(), "deletions")
		if out := p.must(t, "deletions", exported); !strings.Contains(out, "1 pages it has to be decided") {
			t.Errorf("deletions said %s", out)
		}
		to := make(t)
		if out := to.must(t, "restore", "--deletions", exported, backup); !strings.Contains(out, " 0 people deleted again") || !strings.Contains(out, "not followed: pages that were taken out") {
			t.Errorf("restore said %s", out)
		}
		stays(to, "a restored place")
		out, err := to.run(t, "adopt")
		if err == nil || !strings.Contains(out, "5 people who are here") || !strings.Contains(out, "1 of the pages were taken out earlier and are there again") || !strings.Contains(err.Error(), "adopt --follow") {
			t.Errorf("adopt said %s, %v", out, err)
		}
		to.must(t, "adopt", "--remove")
		b := to.open(t)
		if r := b.Replayed; len(r.Returned) != 0 || r.Lines != 0 {
			t.Errorf("after --remove: %+v", r)
		}
		b.Close()
		to.must(t, "adopt", "--put-back", "all")
		to.open(t).Close()
		people.check(t, to)

		p.must(t, "adopt", "--follow")
		p.open(t).Close()
		people.check(t, p)
		if failed := given(); len(failed) != 0 {
			t.Errorf("it was decided, and is still said: %+v", failed)
		}
		a.Close()
		p.must(t, "deletions", exported) // it is an ordinary page again
		last := make(t)
		last.must(t, "restore", "--deletions", exported, backup)
		people.check(t, last)
	})
}

// A page that this database knows is its own, whatever another did with the store: it is in the journal again and no longer among those taken out, so that an older state of the database
// would follow it.
func TestAKnownPageIsReclaimed(t *testing.T) {
	eachPlace(t, func(t *testing.T, make func(*testing.T) place) {
		p := make(t)
		people, _, journal := p.departed(t)
		text, err := os.ReadFile(journal)
		if err != nil {
			t.Fatal(err)
		}
		a := p.open(t)
		defer a.Close()
		if _, err := a.DB.Exec(t.Context(), "DELETE FROM deletion WHERE tenant_id = ?", people.tid); err != nil { // it cannot be written again from its lines
			t.Fatal(err)
		}
		key := journalKeys(t, a, tenant.DeletionPrefix)[0]
		adopt := func() error {
			_, err := p.run(t, "adopt")
			return err
		}
		for what, step := range map[string]struct {
			lost   bool // from the journal
			taken  string
			settle func() error
		}{
			"taken out, at adopt":            {true, string(text), adopt},
			"taken out, at the check":        {true, string(text), func() error { return work(t, a, tenant.KindCheckDeletions) }},
			"taken out, at adopt --put-back": {true, string(text), func() error { _, err := p.run(t, "adopt", "--put-back", "all"); return err }},
			"taken for another's, and known meanwhile": {false, string(text), func() error {
				id, err := db.ParseID(strings.TrimPrefix(key, tenant.DeletionPrefix))
				if err != nil {
					return err
				}
				taken, err := a.Services.Deletions.Remove(t.Context(), []tenant.JournalPage{{ID: id}})
				if len(taken) != 0 {
					t.Errorf("%d pages were taken", len(taken))
				}
				return err
			}},
			"in both places": {false, string(text), adopt},
			"in both places, damaged where it was taken": {false, "{", adopt},
		} {
			removed := tenant.RemovedPrefix + strings.TrimPrefix(key, tenant.DeletionPrefix)
			if _, err := a.Blob.Put(t.Context(), removed, strings.NewReader(step.taken), int64(len(step.taken)), "application/json"); err != nil {
				t.Fatal(err)
			}
			if step.lost {
				if err := a.Blob.Remove(t.Context(), key); err != nil {
					t.Fatal(err)
				}
			}
			if err := step.settle(); err != nil {
				t.Errorf("%s: %v", what, err)
			}
			if there, taken := journalKeys(t, a, tenant.DeletionPrefix), journalKeys(t, a, tenant.RemovedPrefix); len(there) != 1 || len(taken) != 0 {
				t.Fatalf("%s: %v %v", what, there, taken)
			}
		}
		if _, err := a.DB.Exec(t.Context(), "DELETE FROM deletion_page"); err != nil { // as of an older day
			t.Fatal(err)
		}
		if b := p.open(t); b.Replayed.Lines != 7 {
			t.Errorf("an older state of the database follows %+v", b.Replayed)
		} else {
			b.Close()
		}
	})
}

// journalKeys are the objects under one of the journal's prefixes.
func journalKeys(t *testing.T, a *app.App, prefix string) (keys []string) {
	t.Helper()
	for info, err := range a.Blob.List(t.Context(), prefix) {
		if err != nil {
			t.Fatal(err)
		}
		keys = append(keys, info.Key)
	}
	return keys
}
