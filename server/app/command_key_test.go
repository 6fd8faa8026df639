package app_test

import (
	"bytes"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

const otherSecret = "another-4Kd8sW1xQ6mYp3Rt9Vb2" + "Zc7Jf5Hn0Lg"

// chains tells whether every log of the place holds.
func (p place) chains(t *testing.T) bool {
	t.Helper()
	_, err := p.run(t, "audit", "verify")
	return err == nil
}

// sealed is served for a while: there are people, one has an authenticator app, somebody is deleted and the logs are chained.
func (p place) sealed(t *testing.T) {
	t.Helper()
	a := p.open(t)
	defer a.Close()
	world := kit.NewWorld(t, a.DB)
	deleteSomebody(t, a, world.A.ID)
	if _, err := a.DB.Exec(t.Context(), "INSERT INTO second_factor (tenant_id, person_id, secret, last_step, created_at) VALUES (?, ?, ?, 0, 1)", world.A.ID, world.A.Staff[0], []byte("sealed")); err != nil {
		t.Fatal(err)
	}
	if _, err := a.DB.Exec(t.Context(), "UPDATE audit_event SET happened_at = happened_at - 60000000"); err != nil { // older than the sealer's delay
		t.Fatal(err)
	}
	if err := work(t, a, "audit.seal"); err != nil {
		t.Fatal(err)
	}
}

// A wrong master key is noticed before it does anything, and takes the right one's place by the operator's word alone.
func TestAnotherMasterKeyIsRefused(t *testing.T) {
	eachPlace(t, func(t *testing.T, make func(*testing.T) place) {
		p := make(t)
		p.sealed(t)
		if !p.chains(t) {
			t.Fatal("the logs do not hold from the beginning")
		}
		wrong := p.with("KENSHU_SECRET=" + otherSecret)
		file := filepath.Join(t.TempDir(), "kenshu.tar")
		for _, args := range [][]string{{"serve"}, {"migrate"}, {"adopt"}, {"backup", file}, {"job", "list"}, {"audit", "verify"}, {"copy", "--to-db", "mysql://u:p@127.0.0.1:1/x", "--to-s3", "s3://a:b@127.0.0.1:1/x"}} {
			out, err := wrong.run(t, args...)
			if !errors.Is(err, tenant.ErrOtherMasterKey) || !strings.Contains(err.Error(), "kenshu key") || strings.Contains(err.Error(), "\n") || out != "" {
				t.Errorf("%s under another key said %q, %v", args[0], out, err)
			}
		}
		if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a backup under another key is there: %v", err)
		}
		if out, err := wrong.run(t, "key"); err == nil || !strings.Contains(out, "served under another key") || !strings.Contains(err.Error(), "nothing was changed") {
			t.Errorf("key said %s, %v", out, err)
		}
		if out := p.must(t, "key"); !strings.Contains(out, "served under the key configured here") {
			t.Errorf("key said %s", out)
		}
		if !p.chains(t) {
			t.Error("the logs do not hold after the wrong key was tried")
		}

		if out := wrong.must(t, "key", "accept"); !strings.Contains(out, "1 authenticator apps are void") {
			t.Errorf("key accept said %s", out)
		}
		wrong.open(t).Close()
		wrong.must(t, "backup", file)
		if wrong.chains(t) {
			t.Error("logs chained under the key before hold under another")
		}
		if _, err := p.run(t, "migrate"); !errors.Is(err, tenant.ErrOtherMasterKey) {
			t.Errorf("the key before is still taken: %v", err)
		}
		p.must(t, "key", "accept")
		a := p.open(t)
		if !p.chains(t) {
			t.Error("the logs do not hold under the first key again")
		}

		// A database from before keys were noted tells by its log.
		_, err := a.DB.Exec(t.Context(), "DELETE FROM master_key")
		a.Close()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := wrong.run(t, "migrate"); !errors.Is(err, tenant.ErrOtherMasterKey) {
			t.Errorf("another key than the one that sealed the log: %v", err)
		}
		if out, err := wrong.run(t, "key"); err == nil || !strings.Contains(out, "served under another key") {
			t.Errorf("key said %s, %v", out, err)
		}
		if out := p.must(t, "key"); !strings.Contains(out, "has noted no key yet") {
			t.Errorf("key said %s", out)
		}
		p.open(t).Close()
		if out := p.must(t, "key"); !strings.Contains(out, "served under the key configured here") {
			t.Errorf("key said %s", out)
		}
	})
}

// Where the file with the generated key is gone no new one is left in its place, and the right one can be brought back.
func TestALostFileOfTheMasterKeyIsNotReplaced(t *testing.T) {
	p := place{env: []string{"KENSHU_DATA=" + t.TempDir()}}
	p.open(t).Close()
	path := filepath.Join(mustConfig(t, p.env).Data, "secret")
	secret, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"migrate"}, {"backup", filepath.Join(t.TempDir(), "kenshu.tar")}, {"audit", "verify"}} {
		if _, err := p.run(t, args...); !errors.Is(err, tenant.ErrOtherMasterKey) {
			t.Errorf("%s without the key: %v", args[0], err)
		}
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%s left a key in the place of the lost one: %v", args[0], err)
		}
	}
	if out, err := p.run(t, "key"); err == nil || !strings.Contains(out, "none is configured") || !strings.Contains(err.Error(), "bring back the file secret") {
		t.Errorf("key without a key said %s, %v", out, err)
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("key left a key in the place of the lost one: %v", err)
	}
	if err := os.WriteFile(path, secret, 0o600); err != nil {
		t.Fatal(err)
	}
	p.open(t).Close()
	if err := os.Rename(path, path+".new"); err != nil { // killed after the database had noted the key that was made, before it was in its place
		t.Fatal(err)
	}
	p.open(t).Close()
	if kept, err := os.ReadFile(path); err != nil || !bytes.Equal(kept, secret) {
		t.Errorf("the key that was noted: %v", err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	p.must(t, "key", "accept") // lost for good
	if made, err := os.ReadFile(path); err != nil || string(made) == string(secret) {
		t.Errorf("the new key: %v", err)
	}
	p.open(t).Close()
}

// A replica that runs while another key is accepted elsewhere is not ready any more and does no background work, and goes on when that is taken back.
func TestARunningReplicaNoticesAnotherKey(t *testing.T) {
	eachPlace(t, func(t *testing.T, make func(*testing.T) place) {
		p := make(t)
		p.sealed(t)
		a := p.open(t)
		defer a.Close()
		stands := func(status int, face, ops string, jobs int) {
			t.Helper()
			for _, c := range []struct {
				h    http.Handler
				want string
			}{{a.Face(), face}, {a.Ops(), ops}} {
				if code, body := readyz(c.h); code != status || !strings.HasPrefix(body, c.want) {
					t.Errorf("/readyz answers %d %s, want %d %s", code, body, status, c.want)
				}
			}
			if n, err := a.Worker.RunDue(t.Context()); err != nil || n != jobs {
				t.Errorf("%d jobs were done, not %d: %v", n, jobs, err)
			}
		}
		if _, err := a.Worker.RunDue(t.Context()); err != nil {
			t.Fatal(err)
		}
		stands(http.StatusOK, "ready\n", "ready\n", 0)
		if err := a.DB.Tx(t.Context(), func(tx *db.Tx) error { return tx.Enqueue(t.Context(), a.Clock(), db.Job{Kind: "audit.seal"}) }); err != nil {
			t.Fatal(err)
		}
		p.with("KENSHU_SECRET="+otherSecret).must(t, "key", "accept")
		stands(http.StatusServiceUnavailable, "key: not ok\n", "key: the database is served under another master key", 0)
		p.must(t, "key", "accept")
		stands(http.StatusOK, "ready\n", "ready\n", 1)
	})
}

// A line break at the end of the key, which editors add and KENSHU_SECRET_FILE drops, makes no other key of it: the database tells which of them it is.
func TestALineBreakMakesNoOtherKey(t *testing.T) {
	ends := []string{"", "\n", "\r\n"}
	for _, first := range ends {
		p := place{env: []string{"KENSHU_DATA=" + t.TempDir()}}
		data := mustConfig(t, p.env).Data
		write := func(end string) {
			t.Helper()
			if err := os.MkdirAll(data, 0o700); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(data, "secret"), []byte(otherSecret+end), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		write(first)
		p.sealed(t)
		a := p.open(t)
		err := work(t, a, tenant.KindKeepDeletions)
		a.Close()
		if err != nil {
			t.Fatal(err)
		}
		id := p.must(t, "key")
		dir := t.TempDir()
		journal, backup := filepath.Join(dir, "deletions"), filepath.Join(dir, "kenshu.tar")
		p.must(t, "backup", backup)
		for _, end := range ends {
			write(end)
			for _, way := range []place{p, p.with("KENSHU_SECRET_FILE=" + filepath.Join(data, "secret")), p.with("KENSHU_SECRET=" + otherSecret + end)} {
				way.open(t).Close()
				if out := way.must(t, "key"); out != id {
					t.Errorf("%q in place of %q: key said %s", end, first, out)
				}
				if !way.chains(t) {
					t.Errorf("%q in place of %q: the logs do not hold", end, first)
				}
				way.must(t, "deletions", journal)
			}
			to := place{env: []string{"KENSHU_DATA=" + t.TempDir(), "KENSHU_SECRET_FILE=" + filepath.Join(data, "secret")}}
			to.must(t, "restore", "--deletions", journal, backup)
			if out := to.must(t, "key"); out != id {
				t.Errorf("restored: key said %s", out)
			}
			if !to.chains(t) {
				t.Error("restored: the logs do not hold")
			}
		}
		write("x")
		if _, err := p.run(t, "migrate"); !errors.Is(err, tenant.ErrOtherMasterKey) {
			t.Errorf("another key: %v", err)
		}
	}
}

// Of first starts at once in one directory all use one key, and it is there afterwards.
func TestOneMasterKeyIsMade(t *testing.T) {
	p := place{env: []string{"KENSHU_DATA=" + t.TempDir()}}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if _, err := p.run(t, "migrate"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	p.open(t).Close()
	left, err := filepath.Glob(filepath.Join(mustConfig(t, p.env).Data, "secret*"))
	if err != nil || len(left) != 1 || filepath.Base(left[0]) != "secret" {
		t.Errorf("keys that lie there: %v %v", left, err)
	}
}

// An installation restored under another key on purpose is served under that one.
func TestRestoreUnderAnotherKey(t *testing.T) {
	from := embedded(t)
	from.sealed(t)
	file := filepath.Join(t.TempDir(), "kenshu.tar")
	from.must(t, "backup", file)
	to := embedded(t).with("KENSHU_SECRET=" + otherSecret)
	if _, err := to.run(t, "restore", file); err == nil || !strings.Contains(err.Error(), "another master key") {
		t.Errorf("restored under another key unasked: %v", err)
	}
	to.must(t, "restore", "--other-key", file)
	if out := to.must(t, "key"); !strings.Contains(out, "served under the key configured here") {
		t.Errorf("key said %s", out)
	}
}

// A journal of which no page can be read is no journal.
func TestDeletionsUnderAnotherKeyAreNotWritten(t *testing.T) {
	p := embedded(t)
	p.sealed(t)
	a := p.open(t)
	err := work(t, a, tenant.KindKeepDeletions)
	a.Close()
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "deletions")
	if out, err := p.with("KENSHU_SECRET="+otherSecret).run(t, "deletions", file); err == nil || !strings.Contains(err.Error(), "master key configured here") || out != "" {
		t.Errorf("said %q, %v", out, err)
	}
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("an empty journal was left: %v", err)
	}
	p.must(t, "deletions", file)
}
