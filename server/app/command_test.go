package app_test

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gofrs/flock"

	"kenshu/rig/servers"
	"kenshu/server/app"
	"kenshu/storage/db"
)

// Who asks for help is told and nothing is done; what a command does not know, it does not pass over.
func TestCommandsDoNothingByMistake(t *testing.T) {
	p := embedded(t)
	data := mustConfig(t, p.env).Data
	for _, command := range []string{"serve", "migrate", "copy", "backup", "restore", "adopt", "deletions", "operator", "audit", "job", "config", "version"} {
		for _, word := range []string{"help", "-h", "--help"} {
			if out := p.must(t, command, word); !strings.HasPrefix(out, "kenshu "+command+": ") || strings.Count(out, "\n") != 1 {
				t.Errorf("%s %s: %s", command, word, out)
			}
		}
		if out := p.must(t, "--help"); !strings.Contains(out, command) {
			t.Errorf("the list lacks %s: %s", command, out)
		}
	}
	for _, command := range []string{"serve", "migrate", "adopt", "config", "version"} {
		if out, err := p.run(t, command, "nonsense"); err == nil || !strings.Contains(err.Error(), "nonsense") || out != "" {
			t.Errorf("%s nonsense: %q, %v", command, out, err)
		}
	}
	if left, err := os.ReadDir(data); err == nil && len(left) > 0 {
		t.Errorf("something was done: %v", left)
	}
	if left, err := filepath.Glob("-*"); err != nil || len(left) > 0 {
		t.Errorf("files were written: %v %v", left, err)
	}
}

// A setting that is there twice, itself and as a file, is refused: nobody knows which counts. All of them are said at once, none is told.
func TestASettingAndItsFileAreRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "value")
	if err := os.WriteFile(file, []byte("of-the-file"), 0o600); err != nil {
		t.Fatal(err)
	}
	var both, one []string
	for _, s := range app.Settings {
		if s.Secret {
			both = append(both, s.Env+"=of-the-setting", s.Env+"_FILE="+file)
			one = append(one, s.Env+"=", s.Env+"_FILE="+file) // empty is not set
		}
	}
	_, err := app.ReadConfig(both)
	for _, s := range app.Settings {
		if want := s.Env + " and " + s.Env + "_FILE are both set"; err == nil || strings.Contains(err.Error(), want) != s.Secret || strings.Contains(err.Error(), "of-the-") {
			t.Errorf("%s: %v", s.Env, err)
		}
	}
	if cfg, err := app.ReadConfig(one); err != nil || cfg.Secret != "of-the-file" {
		t.Errorf("the files alone: %v", err)
	}
	for _, target := range []string{"db", "s3"} {
		if _, err := embedded(t).run(t, "copy", "--to-"+target, "of-the-setting", "--to-"+target+"-file", file); err == nil || !strings.Contains(err.Error(), "said twice") {
			t.Errorf("copy with two targets: %v", err)
		}
	}
}

// A master key that is none, of a disk that was full say, is refused, and never made over.
func TestHalfAMasterKeyIsRefused(t *testing.T) {
	for _, secret := range []string{"", "\n", "abc"} {
		p := place{env: []string{"KENSHU_DATA=" + t.TempDir()}}
		path := filepath.Join(mustConfig(t, p.env).Data, "secret")
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(secret), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Join(filepath.Dir(path), "objects"), 0o700); err != nil {
			t.Fatal(err)
		}
		for _, command := range []string{"migrate", "serve", "deletions"} {
			args := []string{command}
			if command == "deletions" {
				args = append(args, filepath.Join(t.TempDir(), "deletions"))
			}
			if _, err := p.run(t, args...); err == nil || !strings.Contains(err.Error(), path+" holds no master key") {
				t.Errorf("%s with the key %q: %v", command, secret, err)
			}
		}
		if kept, err := os.ReadFile(path); err != nil || string(kept) != secret {
			t.Errorf("the file is %q now: %v", kept, err)
		}
	}
	p := place{env: []string{"KENSHU_DATA=" + t.TempDir()}}
	p.must(t, "migrate")
	path := filepath.Join(mustConfig(t, p.env).Data, "secret")
	if kept, err := os.ReadFile(path); err != nil || len(kept) < 32 {
		t.Errorf("the key that was made is %d characters: %v", len(kept), err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("who may read the key: %v %v", info.Mode(), err)
	}
}

// Commands that look at an installation or take it along never make one, where a setting was mistyped say.
func TestCommandsMakeNoInstallationInPassing(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	for _, args := range [][]string{
		{"backup", file}, {"deletions", file}, {"adopt"}, {"key"}, {"key", "accept"}, {"audit", "verify"}, {"job", "list"}, {"job", "retry", db.NewID().String()},
		{"copy", "--to-db", "mysql://u:p@127.0.0.1:1/x", "--to-s3", "s3://a:b@127.0.0.1:1/x"},
	} {
		p := embedded(t)
		data := filepath.Join(mustConfig(t, p.env).Data, "mistyped")
		p = p.with("KENSHU_DATA=" + data)
		if _, err := p.run(t, args...); err == nil || !strings.Contains(err.Error(), "there is no installation in "+data) {
			t.Errorf("%v: %v", args, err)
		}
		if _, err := os.Lstat(data); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("%v made the directory: %v", args, err)
		}
	}
	empty := embedded(t).with("KENSHU_DB=" + servers.MariaDB(t))
	if _, err := empty.run(t, "backup", file); err == nil || !strings.Contains(err.Error(), "no installation in the database of KENSHU_DB") {
		t.Errorf("a backup of an empty database: %v", err)
	}
	if _, err := os.Lstat(file); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("a file was written: %v", err)
	}
}

// What is wrong is said in words of whoever typed it.
func TestCommandsSayWhatIsWrong(t *testing.T) {
	p := embedded(t)
	p.open(t).Close()
	dir := t.TempDir()
	text := filepath.Join(dir, "text")
	if err := os.WriteFile(text, []byte("no archive"), 0o600); err != nil {
		t.Fatal(err)
	}
	one := filepath.Join(dir, "one") // a noted output, put into one line by another program
	if err := os.WriteFile(one, []byte("["+strings.Repeat(`{"organisation":"A"},`, 4000)+"]"), 0o600); err != nil {
		t.Fatal(err)
	}
	pipe := filepath.Join(dir, "pipe")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	job := db.Job{ID: db.NewID(), Kind: "test"}
	a := p.open(t)
	defer a.Close()
	if err := a.DB.Tx(t.Context(), func(tx *db.Tx) error { return tx.Enqueue(t.Context(), time.Now(), job) }); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		args []string
		want []string
	}{
		{[]string{"operator", "create"}, []string{"nobody was registered", "-name: Please fill this in."}},
		{[]string{"operator", "create", "-name", "運営 花子"}, []string{"-association: Please fill this in."}},
		{[]string{"operator", "create", "-name", "運営 花子", "-association", "協会", "-association-code", "a/b"}, []string{"-association-code: An organisation code has"}},
		{[]string{"operator", "create", "-name", "運営 花子", "-association", "協会", "-roles", "boss,chief"}, []string{"-roles: Please choose one of the options. They are: operator officer"}},
		{[]string{"job", "retry", "x"}, []string{`"x" is no id of a job`, "kenshu job list failed"}},
		{[]string{"job", "retry", db.NewID().String()}, []string{"there is no job"}},
		{[]string{"job", "retry", job.ID.String()}, []string{"is queued: only one that was given up"}},
		{[]string{"job", "list", "x"}, []string{`"x" is no state`}},
		{[]string{"audit", "verify", "-against", text}, []string{text + " is not an output of kenshu audit verify"}},
		{[]string{"audit", "verify", "-against", one}, []string{one + " is not an output of kenshu audit verify"}},
		{[]string{"restore", dir}, []string{dir + " is a directory"}},
		{[]string{"restore", text}, []string{text + " is no archive at all"}},
		{[]string{"restore", pipe}, []string{pipe + " is no file"}},
	} {
		_, err := p.run(t, c.args...)
		if err == nil {
			t.Errorf("%v was taken", c.args)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "map[") {
				t.Errorf("%v: %v, want %s", c.args, err, want)
			}
		}
	}
	p.must(t, "operator", "create", "-name", "運営 花子", "-association", "研修協会", "-association-code", "KENSHU-1")
	_, err := p.run(t, "operator", "create", "-name", "運営 次郎", "-association", "別の協会", "-association-code", "NOPE-NOPE")
	if err == nil || !strings.Contains(err.Error(), "nobody was registered") || !strings.Contains(err.Error(), "-association: The association is registered already, under the name 研修協会.") ||
		!strings.Contains(err.Error(), "-association-code: The association is registered already, with the code KENSHU-1.") {
		t.Errorf("another association than the one that is there: %v", err)
	}
	if out := p.must(t, "operator", "create", "-name", "運営 次郎", "-association", "研修協会", "-association-code", "kenshu-1"); !strings.Contains(out, "KENSHU-1") {
		t.Errorf("the association that is there: %s", out)
	}
	if out := p.must(t, "config"); !strings.Contains(out, "The configuration is in order.") {
		t.Errorf("config said %s", out)
	}
	if _, err := p.with("KENSHU_LOG_LEVEL=verbose").run(t, "config"); err == nil || !strings.Contains(err.Error(), "KENSHU_LOG_LEVEL: must be debug, info, warn or error") {
		t.Errorf("a log level that is none: %v", err)
	}
}

// Two servers never share what lives in a data directory; commands may run beside one, and replicas whose stores are all on servers share nothing there.
func TestOneServerOwnsADataDirectory(t *testing.T) {
	p := embedded(t).with("KENSHU_LISTEN=127.0.0.1:0", "KENSHU_CONTENT_LISTEN=127.0.0.1:0")
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- app.Command(ctx, []string{"serve"}, p.env, io.Discard) }()
	for mark := filepath.Join(mustConfig(t, p.env).Data, "objects", "objects", "mark~"); ; {
		if _, err := os.Stat(mark); err == nil {
			break
		}
		select {
		case err := <-ended:
			t.Fatalf("the first server ended: %v", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
	if _, err := p.run(t, "serve"); err == nil || !strings.Contains(err.Error(), "kenshu serves from the data directory") {
		t.Errorf("a second server: %v", err)
	}
	away := p.with("KENSHU_DB=mysql://u:p@127.0.0.1:1/x", "KENSHU_REDIS=redis://127.0.0.1:1/0", "KENSHU_S3=s3://a:b@127.0.0.1:1/x")
	if _, err := away.run(t, "serve"); err == nil || strings.Contains(err.Error(), "kenshu serves") {
		t.Errorf("a replica with the same data directory: %v", err)
	}
	for _, args := range [][]string{{"key", "accept"}, {"copy", "--to-db", "mysql://u:p@127.0.0.1:1/x", "--to-s3", "s3://a:b@127.0.0.1:1/x"}} {
		if _, err := p.run(t, args...); err == nil || !strings.Contains(err.Error(), "kenshu serves from the data directory") {
			t.Errorf("%s beside the server: %v", args[0], err)
		}
	}
	p.must(t, "migrate")
	p.must(t, "backup", filepath.Join(t.TempDir(), "kenshu.tar"))
	p.must(t, "job", "list")
	stop()
	<-ended
	if got, err := flock.New(filepath.Join(mustConfig(t, p.env).Data, "serve.lock")).TryLock(); err != nil || !got {
		t.Errorf("the lock outlived the server: %v", err)
	}
}
