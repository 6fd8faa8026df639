package app_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"kenshu/tenant"
)

// Of backups that write to one name at once one gets it, whole, and the others say so; what a killed one left goes with the next.
func TestBackupsOfOneNameAtOnce(t *testing.T) {
	p := embedded(t)
	p.fill(t, 200)
	dir := t.TempDir()
	file := filepath.Join(dir, "kenshu.tar")
	for name, age := range map[string]time.Duration{".kenshu-1.partial": 48 * time.Hour, ".kenshu-2.partial": time.Minute} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, time.Time{}, time.Now().Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	errs := make([]error, 4)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { _, errs[i] = p.run(t, "backup", file) })
	}
	all.Wait()
	written := 0
	for _, err := range errs {
		if err == nil {
			written++
		} else if !errors.Is(err, fs.ErrExist) && !strings.Contains(err.Error(), "is there already") {
			t.Errorf("the others: %v", err)
		}
	}
	if written != 1 {
		t.Errorf("%d backups got the name", written)
	}
	to := embedded(t)
	to.must(t, "restore", file)
	same(t, to.contents(t), p.contents(t))
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(left) != 1 || filepath.Base(left[0]) != ".kenshu-2.partial" {
		t.Errorf("left beside it: %v %v", left, err)
	}
	for _, name := range []string{"", "-"} {
		if _, err := p.run(t, "backup", name); err == nil || !strings.Contains(err.Error(), "a file with a name") {
			t.Errorf("backup %q: %v", name, err)
		}
	}
}

// The journal is written into the same file again and again, and never gets poorer.
func TestDeletionsAreWrittenAgain(t *testing.T) {
	eachPlace(t, func(t *testing.T, make func(*testing.T) place) {
		p := make(t)
		a := p.served(t)
		defer a.Close()
		people := settle(t, a)
		people.depart(t, a)
		file := filepath.Join(t.TempDir(), "deletions")
		p.must(t, "deletions", file)
		full, err := os.ReadFile(file)
		if err != nil || len(full) == 0 {
			t.Fatalf("%d bytes, %v", len(full), err)
		}
		p.must(t, "deletions", file)

		var pages []string
		for info, err := range a.Blob.List(t.Context(), tenant.DeletionPrefix) {
			if err != nil {
				t.Fatal(err)
			}
			pages = append(pages, info.Key)
		}
		for _, key := range pages {
			if err := a.Blob.Remove(t.Context(), key); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := p.run(t, "deletions", file); err == nil || !strings.Contains(err.Error(), "it stays as it is") {
			t.Errorf("a store that lost its pages: %v", err)
		}
		if err := a.Blob.Remove(t.Context(), tenant.StoreMarkKey); err != nil {
			t.Fatal(err)
		}
		fresh := filepath.Join(t.TempDir(), "deletions")
		if _, err := p.run(t, "deletions", fresh); err == nil || !strings.Contains(err.Error(), "bears no mark") {
			t.Errorf("a store that is nobody's: %v", err)
		}
		if _, err := os.Lstat(fresh); !errors.Is(err, fs.ErrNotExist) {
			t.Errorf("a file was left: %v", err)
		}
		if kept, err := os.ReadFile(file); err != nil || string(kept) != string(full) {
			t.Errorf("the journal that was written before: %v", err)
		}
	})
}

// A pipe, which cannot be compared with what was written before, keeps nobody waiting, and stays.
func TestDeletionsAreWrittenIntoAFile(t *testing.T) {
	p := embedded(t)
	p.served(t).Close()
	pipe := filepath.Join(t.TempDir(), "deletions")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	said := make(chan error, 1)
	go func() {
		_, err := p.run(t, "deletions", pipe)
		said <- err
	}()
	select {
	case err := <-said:
		if err == nil || !strings.Contains(err.Error(), "is no file") {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Fatal("it waits")
	}
	if info, err := os.Lstat(pipe); err != nil || info.Mode().IsRegular() {
		t.Errorf("%v %v", info, err)
	}
}

// Nobody else on the machine reads the database, whoever made its directory.
func TestDatabaseIsTheOwnersAlone(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	a := place{env: []string{"KENSHU_DATA=" + dir}}.open(t)
	defer a.Close()
	files, err := filepath.Glob(filepath.Join(dir, "kenshu.db*"))
	if err != nil || len(files) < 2 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		if info, err := os.Stat(file); err != nil || info.Mode().Perm()&0o077 != 0 {
			t.Errorf("%s: %v %v", filepath.Base(file), info.Mode(), err)
		}
	}
}
