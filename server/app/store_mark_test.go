package app_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/rig/servers"
	"kenshu/server/app"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// with is the place with other settings.
func (p place) with(env ...string) place { return place{env: append(slices.Clone(p.env), env...)} }

// neighbours are two databases and how each is pointed at the same object store, or at one of its own.
type neighbours struct {
	one, other place
	shared     []string // the settings with which the other's objects are the one's
}

func eachNeighbours(t *testing.T, test func(t *testing.T, n neighbours)) {
	t.Helper()
	for name, make := range map[string]func(t *testing.T) neighbours{
		"sqlite and bucket": func(t *testing.T) neighbours {
			bucket := "KENSHU_S3=" + servers.S3(t)
			return neighbours{embedded(t).with(bucket), embedded(t).with("KENSHU_S3=" + servers.S3(t)), []string{bucket}}
		},
		"mariadb and bucket": func(t *testing.T) neighbours {
			one, other := onServers(t), onServers(t)
			return neighbours{one, other, one.env[3:]}
		},
		"mariadb and directory": func(t *testing.T) neighbours {
			one, other := embedded(t), embedded(t)
			return neighbours{one.with("KENSHU_DB=" + servers.MariaDB(t)), other.with("KENSHU_DB=" + servers.MariaDB(t)), one.env[:1]}
		},
	} {
		t.Run(name, func(t *testing.T) { test(t, make(t)) })
	}
}

// work runs the jobs of the kinds and gives the first error.
func work(t *testing.T, a *app.App, kinds ...string) error {
	t.Helper()
	for _, kind := range kinds {
		if err := a.Worker.Handlers[kind](t.Context(), db.Job{}, func(int64, int64) {}); err != nil {
			return err
		}
	}
	return nil
}

// served opens the place and gives its store a mark, as serving does.
func (p place) served(t *testing.T) *app.App {
	t.Helper()
	a := p.open(t)
	if err := work(t, a, tenant.KindMarkStore); err != nil {
		t.Fatal(err)
	}
	return a
}

// refused holds every way to start against each other's store to the one line that says what to do.
func (p place) refused(t *testing.T, what string) {
	t.Helper()
	for _, command := range []string{"serve", "migrate"} {
		if _, err := p.run(t, command); !errors.Is(err, tenant.ErrStoreOfOther) || !strings.Contains(err.Error(), "kenshu adopt") || strings.Contains(err.Error(), "\n") {
			t.Errorf("%s: %s answered %v", what, command, err)
		}
	}
}

var removing = []string{
	content.KindSweepUnused, content.KindSweepStray, content.KindRemoveObjects, tenant.KindPersonImportStray,
	tenant.KindReplayDeletions, tenant.KindCheckDeletions,
}

// A new installation that is pointed at another's store does not start, restores nothing into it and copies nothing there.
func TestTwoInstallationsNeverShareAStore(t *testing.T) {
	eachNeighbours(t, func(t *testing.T, n neighbours) {
		a := n.one.served(t)
		defer a.Close()
		theirs := n.other.with(n.shared...)
		theirs.refused(t, "a new installation")
		backup := filepath.Join(t.TempDir(), "kenshu.tar")
		n.one.must(t, "backup", backup)
		if _, err := theirs.run(t, "restore", backup); err == nil || !strings.Contains(err.Error(), "whose mark it bears") {
			t.Errorf("a restore into another's store: %v", err)
		}
		if cfg := mustConfig(t, theirs.env); cfg.S3 != "" {
			from := embedded(t)
			from.open(t).Close()
			if _, err := from.run(t, "copy", "--to-db", servers.MariaDB(t), "--to-s3", cfg.S3); err == nil || !strings.Contains(err.Error(), "whose mark it bears") {
				t.Errorf("a copy into another's store: %v", err)
			}
		}
		n.one.open(t).Close()

		// The store changes hands by the operator's word alone, and whoever had it removes nothing any more.
		if out := theirs.must(t, "adopt"); !strings.Contains(out, "database's now") {
			t.Errorf("adopt said %s", out)
		}
		theirs.served(t).Close()
		n.one.refused(t, "who had the store before")
		for _, kind := range append([]string{tenant.KindMarkStore}, removing...) {
			if err := work(t, a, kind); !errors.Is(err, tenant.ErrStoreOfOther) {
				t.Errorf("%s of who had the store before: %v", kind, err)
			}
		}
		n.one.must(t, "adopt")
		if err := work(t, a, append([]string{tenant.KindMarkStore}, content.KindSweepUnused, content.KindSweepStray, tenant.KindPersonImportStray)...); err != nil {
			t.Errorf("with the store again: %v", err)
		}
	})
}

// A copy of the database is told from the one that went on with the store; one that was started before that is told as soon as the original goes on.
func TestCopyOfADatabaseIsToldFromTheOriginal(t *testing.T) {
	eachNeighbours(t, func(t *testing.T, n neighbours) {
		a := n.one.served(t)
		defer a.Close()
		backup := filepath.Join(t.TempDir(), "kenshu.tar")
		n.one.must(t, "backup", backup)
		n.other.must(t, "restore", backup) // with a store of its own, which is right
		n.other.open(t).Close()
		theirs := n.other.with(n.shared...)
		b := theirs.served(t) // nothing happened since the copy was made: it knows the mark, and gives the next
		defer b.Close()
		for _, kind := range append([]string{tenant.KindMarkStore}, removing...) {
			if err := work(t, a, kind); !errors.Is(err, tenant.ErrStoreOfOther) {
				t.Errorf("%s beside a copy: %v", kind, err)
			}
		}
		n.one.refused(t, "the original beside a copy")
		n.one.must(t, "adopt")
		n.one.open(t).Close()
		if err := work(t, b, tenant.KindMarkStore); !errors.Is(err, tenant.ErrStoreOfOther) {
			t.Errorf("the copy beside the original: %v", err)
		}
		theirs.refused(t, "a copy of the database")
	})
}

// While the store is another's, one job of each kind says so, however long that lasts, and /readyz does; the replica goes on. When it is over nothing says so any more, and a second dispute is said anew.
func TestADisputedStoreIsSaidOnce(t *testing.T) {
	p := embedded(t)
	a := p.served(t)
	defer a.Close()
	ready := func() (int, string) { return readyz(a.Ops()) }
	if code, body := ready(); code != http.StatusOK || body != "ready\n" {
		t.Errorf("/readyz answers %d %s", code, body)
	}
	kinds := []string{tenant.KindMarkStore, tenant.KindReplayDeletions, content.KindSweepStray}
	failed := func() (map[string]int, []db.Job) {
		t.Helper()
		jobs, err := a.DB.ListJobs(t.Context(), "failed", db.Page{Limit: db.MaxLimit})
		if err != nil {
			t.Fatal(err)
		}
		of := map[string]int{}
		for _, j := range jobs {
			of[j.Kind]++
		}
		return of, jobs
	}
	for dispute, settle := range []func(mark string){
		func(string) { p.must(t, "adopt") },
		func(mark string) { // whoever took it gave it back
			store(t, a, mark)
			if err := work(t, a, tenant.KindMarkStore); err != nil {
				t.Fatal(err)
			}
		},
	} {
		mark := stored(t, a)
		store(t, a, strings.Replace(mark, `"id":"0`, `"id":"1`, 1))
		if code, body := ready(); code != http.StatusOK || !strings.HasPrefix(body, "ready\n") || !strings.Contains(body, "mark of another database") {
			t.Errorf("/readyz answers %d %s", code, body)
		}
		if code, body := readyz(a.Face()); code != http.StatusOK || body != "ready\nstore: not ok\n" { // anybody may ask
			t.Errorf("/readyz of the application answers %d %s", code, body)
		}
		for run := range 3 {
			err := a.DB.Tx(t.Context(), func(tx *db.Tx) error {
				for _, kind := range kinds {
					if err := tx.Enqueue(t.Context(), a.Clock(), db.Job{Kind: kind, Slot: fmt.Sprint("every 10m #", dispute, run), Max: 1}); err != nil {
						return err
					}
				}
				return tx.Enqueue(t.Context(), a.Clock(), db.Job{Kind: content.KindRemoveObjects, Max: 1}) // each has work of its own
			})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := a.Worker.RunDue(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		said, _ := failed()
		for _, kind := range kinds {
			if said[kind] != 1 {
				t.Errorf("%d jobs %s stand among the work given up in dispute %d", said[kind], kind, dispute+1)
			}
		}
		if said[content.KindRemoveObjects] != 3*(dispute+1) {
			t.Errorf("work was lost: %v", said)
		}
		settle(mark)
		if said, _ := failed(); len(said) != 1 {
			t.Errorf("after the dispute there is still said %v", said)
		}
	}
	_, jobs := failed()
	for _, j := range jobs {
		if err := a.DB.RetryJob(t.Context(), a.Clock(), j.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.Worker.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	if left, _ := failed(); len(left) > 0 {
		t.Errorf("work that was tried again was given up again: %v", left)
	}
	if code, body := ready(); code != http.StatusOK || body != "ready\n" {
		t.Errorf("/readyz answers %d %s", code, body)
	}
}

// readyz asks a listener's handler whether this replica is ready.
func readyz(h http.Handler) (int, string) {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/readyz", nil))
	return w.Code, w.Body.String()
}

// What lies in the mark's place and is no file keeps nobody waiting: the start says what to do.
func TestAMarkThatIsNoFile(t *testing.T) {
	for name, plant := range map[string]func(path string) error{
		"pipe": func(path string) error { return syscall.Mkfifo(path, 0o600) }, "directory": func(path string) error { return os.Mkdir(path, 0o700) },
	} {
		t.Run(name, func(t *testing.T) {
			p := embedded(t)
			p.open(t).Close()
			if err := plant(filepath.Join(mustConfig(t, p.env).Data, "objects", "objects", "mark~")); err != nil {
				t.Fatal(err)
			}
			if _, err := p.run(t, "migrate"); err == nil || !strings.Contains(err.Error(), "kenshu adopt") {
				t.Errorf("a start: %v", err)
			}
			_, err := p.run(t, "adopt")
			if name == "pipe" && err != nil || name == "directory" && (err == nil || !strings.Contains(err.Error(), "a directory lies at objects/mark~")) {
				t.Errorf("adopt: %v", err)
			}
		})
	}
}

// An honest operator is not kept out: replicas at once, a kill between row and object, a bucket moved as it is, objects lost, a mark damaged, a database put back.
func TestStoreMarkSurvives(t *testing.T) {
	eachNeighbours(t, func(t *testing.T, n neighbours) {
		var replicas []*app.App
		for range 3 {
			a := n.one.open(t)
			defer a.Close()
			replicas = append(replicas, a)
		}
		var group sync.WaitGroup
		for _, a := range replicas {
			for range 5 {
				group.Go(func() {
					if err := work(t, a, tenant.KindMarkStore); err != nil {
						t.Error(err)
					}
				})
			}
		}
		group.Wait()
		a := replicas[0]
		n.one.open(t).Close()

		if _, err := a.DB.Exec(t.Context(), "INSERT INTO store_mark (id, made_at) VALUES (?, 1)", db.NewID()); err != nil { // killed before the object was stored
			t.Fatal(err)
		}
		n.one.served(t).Close()
		var old int
		if err := a.DB.QueryRow(t.Context(), "SELECT COUNT(*) FROM store_mark WHERE made_at = 1").Scan(&old); err != nil || old != 0 {
			t.Errorf("marks of long ago are kept: %d %v", old, err)
		}

		first := stored(t, a)
		if err := work(t, a, tenant.KindMarkStore); err != nil || stored(t, a) == first {
			t.Errorf("the mark was not replaced: %v", err)
		}
		store(t, a, first) // a bucket that was copied before the last mark was given
		n.one.served(t).Close()

		if err := a.Blob.Remove(t.Context(), tenant.StoreMarkKey); err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		b, err := app.New(t.Context(), mustConfig(t, n.one.env), app.Options{Log: slog.New(slog.NewTextHandler(&log, nil))})
		if err != nil {
			t.Fatal(err)
		}
		if err := work(t, b, tenant.KindMarkStore); err != nil || !strings.Contains(log.String(), "bore no mark") {
			t.Errorf("a store that lost its mark: %v %s", err, log.String())
		}
		b.Close()

		for _, text := range []string{"", "{", "null"} {
			store(t, a, text)
			n.one.refused(t, "a damaged mark")
			n.one.must(t, "adopt")
			n.one.open(t).Close()
		}

		if _, err := a.DB.Exec(t.Context(), "DELETE FROM store_mark"); err != nil { // as of a day before there were marks
			t.Fatal(err)
		}
		n.one.refused(t, "a database that was put back")
		n.one.must(t, "adopt")
		n.one.open(t).Close()
	})
}

func stored(t *testing.T, a *app.App) string {
	t.Helper()
	r, _, err := a.Blob.Open(t.Context(), tenant.StoreMarkKey, 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func store(t *testing.T, a *app.App, mark string) {
	t.Helper()
	if _, err := a.Blob.Put(t.Context(), tenant.StoreMarkKey, strings.NewReader(mark), int64(len(mark)), "application/json"); err != nil {
		t.Fatal(err)
	}
}

// Serving marks the store at its first start; opening alone does not, so that a restore may follow a migration. A backup leaves the mark where it is.
func TestServingMarksTheStore(t *testing.T) {
	p := embedded(t)
	p.must(t, "migrate")
	a := p.open(t)
	defer a.Close()
	if _, err := a.Blob.Stat(t.Context(), tenant.StoreMarkKey); !fault.Is(err, fault.NotFound) {
		t.Errorf("migrating marked the store: %v", err)
	}
	p.serve(t)
	if _, err := a.Blob.Stat(t.Context(), tenant.StoreMarkKey); err != nil {
		t.Errorf("serving did not mark the store: %v", err)
	}
	backup := filepath.Join(t.TempDir(), "kenshu.tar")
	if out := p.must(t, "backup", backup); !strings.Contains(out, " 0 objects") {
		t.Errorf("the backup holds the mark: %s", out)
	}
}
