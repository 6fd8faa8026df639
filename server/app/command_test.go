package app_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
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
		for _, command := range []string{"migrate", "adopt", "deletions"} {
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
