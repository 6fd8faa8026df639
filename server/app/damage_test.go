package app_test

import (
	"archive/tar"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kenshu/content"
	"kenshu/rig/kit"
	"kenshu/server/app"
	"kenshu/storage/archive"
	"kenshu/storage/blob"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// harmed is an installation with files some of which are damaged, and what becomes of each.
type harmed struct {
	place
	keys   map[string]string // what became of a file → its key
	bodies map[string]string // key → its bytes before
}

// file stores a file as an upload does, and gives its key.
func (h harmed) file(t *testing.T, a *app.App, tid tenant.ID, text string) string {
	t.Helper()
	id := db.NewID()
	body := "WEBVTT\n\n00:00.000 --> 00:01.000\n" + text + "\n"
	made, err := a.Services.Assets.Store(t.Context(), tid, id, content.NewFile{Kind: content.AssetCaptions, FileName: text + ".vtt", Size: int64(len(body))}, strings.NewReader(body))
	if err != nil || made.State != content.AssetReady {
		t.Fatalf("%+v, %v", made, err)
	}
	var key string
	if err := a.DB.QueryRow(t.Context(), `SELECT object_key FROM asset WHERE tenant_id = ? AND id = ?`, tid, id).Scan(&key); err != nil {
		t.Fatal(err)
	}
	r, _, err := a.Blob.Open(t.Context(), key, 0, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	kept, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	h.bodies[key] = string(kept)
	return key
}

func (h harmed) put(t *testing.T, a *app.App, key, body string) {
	t.Helper()
	if _, err := a.Blob.Put(t.Context(), key, strings.NewReader(body), int64(len(body)), "text/vtt"); err != nil {
		t.Fatal(err)
	}
}

// harm fills the place and damages files in every way that its store lets happen.
func harm(t *testing.T, p place) harmed {
	t.Helper()
	p.fill(t, 0)
	h := harmed{p, map[string]string{}, map[string]string{}}
	a := p.open(t)
	defer a.Close()
	tid := tenantOf(t, a, "CODE-A")
	for _, what := range []string{"whole", "missing", "flipped", "longer"} {
		h.keys[what] = h.file(t, a, tid, what)
	}
	if err := a.Blob.Remove(t.Context(), h.keys["missing"]); err != nil {
		t.Fatal(err)
	}
	h.put(t, a, h.keys["flipped"], strings.Replace(h.bodies[h.keys["flipped"]], "flipped", "flippeD", 1))
	h.put(t, a, h.keys["longer"], h.bodies[h.keys["longer"]]+"\n")
	h.put(t, a, "deletions/junk", "no page of ours")
	if cfg := mustConfig(t, p.env); cfg.S3 == "" {
		h.harmDirectory(t, a, tid, filepath.Join(cfg.Data, "objects", "objects"))
	}
	return h
}

// harmDirectory does what only happens to files.
func (h harmed) harmDirectory(t *testing.T, a *app.App, tid tenant.ID, dir string) {
	t.Helper()
	path := func(key string) string { return filepath.Join(dir, key) + "~" }
	for what, do := range map[string]func(path string) error{
		"cut":         func(path string) error { return os.Truncate(path, 20) },
		"empty":       func(path string) error { return os.Truncate(path, 0) },
		"a pipe":      func(path string) error { return syscall.Mkfifo(path, 0o600) },
		"a directory": func(path string) error { return os.Mkdir(path, 0o700) },
	} {
		key := h.file(t, a, tid, what)
		if strings.HasPrefix(what, "a ") {
			if err := os.Remove(path(key)); err != nil {
				t.Fatal(err)
			}
		}
		if err := do(path(key)); err != nil {
			t.Fatal(err)
		}
		h.keys[what] = key
	}
	for _, junk := range []string{"junk", "deletions/torn"} {
		if err := os.WriteFile(path(junk), []byte("no file of ours"), 0o600); err != nil {
			t.Fatal(err)
		}
		h.keys[junk] = junk
	}
}

// reasons are what a backup says of each.
var reasons = map[string]string{
	"missing": archive.Missing, "a pipe": archive.Missing, "a directory": archive.Missing, "flipped": archive.Altered, "longer": archive.Altered,
	"cut": archive.Unreadable, "empty": archive.Unreadable, "junk": archive.Unreadable, "deletions/torn": archive.Unreadable,
}

// said holds what a command said to every damaged file.
func (h harmed) said(t *testing.T, out string) {
	t.Helper()
	_, out, _ = strings.Cut(out, "DAMAGED FILES")
	out, _, _ = strings.Cut(out+"\n", "\n\n")
	out += "\n"
	for what, key := range h.keys {
		line := ""
		for l := range strings.Lines(out) {
			if strings.Contains(l, key) {
				line += l
			}
		}
		whose := "CODE-A captions"
		if strings.HasSuffix(what, "junk") || strings.HasPrefix(what, "deletions/") {
			whose = "no file's row names it"
		}
		switch {
		case what == "whole" && line != "":
			t.Errorf("named a file that is whole: %s", line)
		case what != "whole" && (strings.Count(line, "\n") != 1 || !strings.Contains(line, reasons[what]) || !strings.Contains(line, whose)):
			t.Errorf("%s: %q", what, line)
		}
		if strings.Contains(out, what+".vtt") {
			t.Errorf("the name of a file was said: %s", out)
		}
	}
	if strings.Contains(out, "deletions/junk") {
		t.Errorf("junk that can be read was named: %s", out)
	}
}

// arrived holds a restored or copied place to what could go along.
func (h harmed) arrived(t *testing.T, to place) {
	t.Helper()
	a := to.open(t)
	defer a.Close()
	for what, key := range h.keys {
		r, _, err := a.Blob.Open(t.Context(), key, 0, -1)
		there := err == nil
		if there {
			b, err := io.ReadAll(r)
			_ = r.Close()
			if same := string(b) == h.bodies[key]; err != nil || same != (what == "whole") {
				t.Errorf("%s arrived as %q, %v", what, b, err)
			}
		}
		if want := what == "whole" || reasons[what] == archive.Altered; there != want {
			t.Errorf("%s is there: %v, %v", what, there, err)
		}
	}
}

// A damaged file does not stop a backup and does not go in unsaid; the backup is restored, and says it again.
func TestDamagedFilesStopNoBackup(t *testing.T) {
	eachPlace(t, func(t *testing.T, begin func(*testing.T) place) {
		h := harm(t, begin(t))
		path := filepath.Join(t.TempDir(), "kenshu.tar")
		out, err := h.run(t, "backup", path)
		if app.ExitCode(err) != app.ExitDamaged || !strings.Contains(err.Error(), "is written and can be restored") {
			t.Fatalf("backup ended with %v", err)
		}
		h.said(t, out)
		left, err := os.ReadDir(filepath.Dir(path))
		if err != nil || len(left) != 1 {
			t.Errorf("beside the backup lie %v, %v", left, err)
		}
		lost, altered := manifestOf(t, path)
		if want := len(h.keys) - 1; lost+altered != want || altered != 2 {
			t.Errorf("the manifest counts %d lost and %d altered, want %d", lost, altered, want)
		}
		to := embedded(t)
		out, err = to.run(t, "restore", path)
		if err != nil || !strings.Contains(out, "restored and compared") {
			t.Fatalf("restore: %v: %s", err, out)
		}
		h.said(t, out)
		h.arrived(t, to)
		again := filepath.Join(t.TempDir(), "kenshu.tar")
		if out, err := to.run(t, "backup", again); app.ExitCode(err) != app.ExitDamaged || !strings.Contains(out, h.keys["missing"]) {
			t.Errorf("a backup of what was restored: %v: %s", err, out)
		}
	})
}

// manifestOf counts the damage in the manifest.
func manifestOf(t *testing.T, path string) (lost, altered int) {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for r := tar.NewReader(f); ; {
		h, err := r.Next()
		if err != nil {
			t.Fatal(err)
		}
		if h.Name != "manifest.json" {
			continue
		}
		var m archive.Manifest
		if err := json.NewDecoder(r).Decode(&m); err != nil {
			t.Fatal(err)
		}
		if int64(len(m.Damage.Objects)) != m.Damage.Lost+m.Damage.Altered {
			t.Errorf("%+v", m.Damage)
		}
		return int(m.Damage.Lost), int(m.Damage.Altered)
	}
}

// A copy goes by the same rule.
func TestDamagedFilesStopNoCopy(t *testing.T) {
	h, to := harm(t, embedded(t)), onServers(t)
	out, err := h.run(t, "copy", "--to-db", strings.TrimPrefix(to.env[2], "KENSHU_DB="), "--to-s3", strings.TrimPrefix(to.env[3], "KENSHU_S3="))
	if app.ExitCode(err) != app.ExitDamaged || !strings.Contains(out, "copied and compared") {
		t.Fatalf("copy ended with %v: %s", err, out)
	}
	h.said(t, out)
	h.arrived(t, to)
}

// A disk that failed can only be read from then on: what lies on it goes into a backup, and to another place. The server that ran there has left its journal and its lock.
func TestADiskThatCanOnlyBeRead(t *testing.T) {
	p, to := embedded(t), onServers(t)
	p.fill(t, 0)
	defer p.open(t).Close()
	dir := mustConfig(t, p.env).Data
	if err := os.WriteFile(filepath.Join(dir, "serve.lock"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	bound := []string{"sh", "-ec", `if touch "$0/written" 2>/dev/null; then echo "it can be written"; exit 1; fi; exec "$@"`, dir}
	if os.Geteuid() == 0 { // who writes whatever the permissions say
		bound = append([]string{"setpriv", "--bounding-set=-dac_override"}, bound...)
	}
	mode(t, dir, "a-w")
	t.Cleanup(func() { mode(t, dir, "u+w") }) // so that it can be removed
	for _, args := range [][]string{
		{"backup", filepath.Join(t.TempDir(), "kenshu.tar")},
		{"copy", "--to-db", strings.TrimPrefix(to.env[2], "KENSHU_DB="), "--to-s3", strings.TrimPrefix(to.env[3], "KENSHU_S3=")},
	} {
		cmd := exec.Command(bound[0], append(bound[1:], os.Args[0], "-test.run=^TestChildOfMoveTests$")...)
		cmd.Env = append(append(os.Environ(), p.env...), childArgs+"="+strings.Join(args, "\n"))
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", args[0], err, out)
		}
	}
	mode(t, dir, "u+w")
	same(t, to.contents(t), p.contents(t))
}

// mode changes the permissions of a directory with all that lies in it.
func mode(t *testing.T, dir, change string) {
	t.Helper()
	if out, err := exec.Command("chmod", "-R", change, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// A store that is gone as a whole is no backup with rc 0, and one that was emptied says so.
func TestBackupOfAnEmptiedStore(t *testing.T) {
	p := embedded(t)
	p.fill(t, 0)
	dir := filepath.Join(mustConfig(t, p.env).Data, "objects", "objects")
	if err := os.RemoveAll(dir); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "kenshu.tar")
	out, err := p.run(t, "backup", path)
	if app.ExitCode(err) != app.ExitDamaged || !strings.Contains(err.Error(), "gave no file at all") || !strings.Contains(out, "6 files missing from this backup") {
		t.Errorf("%v: %s", err, out)
	}
	if out, err := embedded(t).run(t, "restore", path); err != nil || strings.Contains(out, "gave no file") || !strings.Contains(out, "6 files not restored") {
		t.Errorf("restore: %v: %s", err, out)
	}
}

// Where the tables are of another version nobody knows what an unreadable file is.
func TestDamageWithoutNames(t *testing.T) {
	eachPlace(t, func(t *testing.T, begin func(*testing.T) place) {
		p := begin(t)
		p.fill(t, 0)
		a := p.open(t)
		defer a.Close()
		h := harmed{p, map[string]string{}, map[string]string{}}
		key := h.file(t, a, tenantOf(t, a, "CODE-A"), "cut")
		m, err := archive.Write(t.Context(), archive.Source{DB: a.DB, Objects: unreadable{a.Blob, key}, SealKey: []byte("seal"), Clock: time.Now, Scratch: t.TempDir()}, io.Discard)
		if err != nil || len(m.Damage.Objects) != 1 || m.Damage.Objects[0].Key != key || m.Damage.Objects[0].What != archive.Unknown {
			t.Errorf("%+v, %v", m.Damage, err)
		}
	})
}

// unreadable is a store with one file that it does not give.
type unreadable struct {
	blob.Objects
	key string
}

func (s unreadable) Open(ctx context.Context, key string, off, length int64) (io.ReadCloser, blob.Info, error) {
	if key == s.key {
		return nil, blob.Info{}, errors.New("a bad block")
	}
	return s.Objects.Open(ctx, key, off, length)
}

// What the application removes, adds and replaces while a backup runs is not called damage.
func TestWhatChangesDuringABackupIsNoDamage(t *testing.T) {
	eachPlace(t, func(t *testing.T, begin func(*testing.T) place) {
		p := begin(t)
		p.fill(t, 500)
		a := p.open(t)
		defer a.Close()
		tid := tenantOf(t, a, "CODE-B")
		actor := kit.NewPerson(t, a.DB, tid, "busy", "忙しい 子", "manager")
		ctx, stop := context.WithCancel(tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: tid, Person: actor, Role: string(tenant.RoleManager)}))
		done := make(chan struct{})
		go func() {
			defer close(done)
			for n := 0; ctx.Err() == nil; n++ {
				id := db.NewID()
				body := fmt.Sprintf("1\n00:00:01,000 --> 00:00:04,000\n%d\n", n) // SubRip: rewritten under its key while it is looked at
				if _, err := a.Services.Assets.Store(ctx, tid, id, content.NewFile{Kind: content.AssetCaptions, FileName: "a.srt", Size: int64(len(body))}, strings.NewReader(body)); err != nil {
					if ctx.Err() == nil {
						t.Error(err)
					}
					return
				}
				if n%2 == 0 {
					if err := a.Services.Assets.Delete(ctx, tid, id); err != nil && ctx.Err() == nil {
						t.Error(err)
						return
					}
				}
			}
		}()
		dir := t.TempDir()
		for i := range 3 {
			p.must(t, "backup", filepath.Join(dir, fmt.Sprint(i)))
		}
		stop()
		<-done
	})
}

// What is deleted and healed after the backup's rows were read is in it as those rows name it.
func TestWhatIsDeletedDuringABackupIsInIt(t *testing.T) {
	eachPlace(t, func(t *testing.T, begin func(*testing.T) place) {
		p := begin(t)
		p.fill(t, 0)
		h := harmed{p, map[string]string{}, map[string]string{}}
		a := p.open(t)
		defer a.Close()
		tid := tenantOf(t, a, "CODE-A")
		actor := kit.NewPerson(t, a.DB, tid, "busy", "忙しい 子", "manager")
		deleted, healed := h.file(t, a, tid, "deleted"), h.file(t, a, tid, "healed")
		h.put(t, a, healed, strings.Replace(h.bodies[healed], "healed", "heaLed", 1))
		var id db.ID
		if err := a.DB.QueryRow(t.Context(), `SELECT id FROM asset WHERE tenant_id = ? AND object_key = ?`, tid, deleted).Scan(&id); err != nil {
			t.Fatal(err)
		}
		once := false
		names := func(ctx context.Context, r db.Runner) iter.Seq2[archive.Named, error] {
			return func(yield func(archive.Named, error) bool) {
				for n, err := range content.NamedObjects(ctx, r) {
					if !yield(n, err) {
						return
					}
				}
				if once {
					return
				}
				once = true
				ctx := context.WithoutCancel(tenant.WithActor(ctx, tenant.Actor{Kind: "person", Tenant: tid, Person: actor, Role: string(tenant.RoleManager)}))
				if err := a.Services.Assets.Delete(ctx, tid, id); err != nil {
					t.Error(err)
				}
				if again := h.file(t, a, tid, "healed"); again == healed {
					t.Error("it was not healed")
				}
			}
		}
		path := filepath.Join(t.TempDir(), "kenshu.tar")
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		m, err := archive.Write(t.Context(), archive.Source{DB: a.DB, Objects: a.Blob, SealKey: []byte("seal"), Clock: time.Now, Names: names, Scratch: t.TempDir()}, f)
		if err != nil || m.Damage == nil || len(m.Damage.Objects) != 1 || m.Damage.Objects[0].Key != healed || m.Damage.Objects[0].Reason != archive.Altered {
			t.Fatalf("%+v, %v", m.Damage, err)
		}
		b, err := os.ReadFile(path)
		if err != nil || !bytes.Contains(b, []byte(h.bodies[deleted])) {
			t.Errorf("what was deleted meanwhile is not in it, %v", err)
		}
	})
}

// Where nothing is damaged the archive is as it was before there was such a list.
func TestABackupOfWholeFilesSaysNothing(t *testing.T) {
	p := embedded(t)
	p.fill(t, 0)
	path := filepath.Join(t.TempDir(), "kenshu.tar")
	if out := p.must(t, "backup", path); strings.Contains(out, "DAMAGED") {
		t.Errorf("said %s", out)
	}
	b, err := os.ReadFile(path)
	if err != nil || bytes.Contains(b, []byte(`"damage"`)) {
		t.Errorf("the manifest speaks of damage, %v", err)
	}
}
