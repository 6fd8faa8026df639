package app

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// partialFile is what a file is called, in its directory, until it is whole.
const partialFile = ".kenshu-*.partial"

// partialKept is how long a file that nobody writes to any more stays after a kill.
const partialKept = 24 * time.Hour

// writeFile gives a file its name when it is whole and on the disk, whoever else writes to the same name. Without replace a file that is there stays, and is fs.ErrExist.
func writeFile(path string, replace bool, write func(f *os.File) error) error {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, partialFile) // 0600
	if err != nil {
		return err
	}
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err == nil {
		err = nameFile(f.Name(), path, replace)
	}
	if err != nil {
		return errors.Join(err, removed(f.Name()))
	}
	d, err := os.Open(dir) //nolint:gosec // where the operator wants the file
	if err != nil {
		return err
	}
	removePartials(dir)
	return errors.Join(d.Sync(), d.Close())
}

// nameFile gives a whole file its name.
func nameFile(partial, path string, replace bool) error {
	if replace {
		return os.Rename(partial, path)
	}
	err := os.Link(partial, path)
	if err == nil {
		return os.Remove(partial)
	}
	if _, look := os.Lstat(path); errors.Is(look, fs.ErrNotExist) { // a file system without links
		return os.Rename(partial, path)
	}
	return err
}

// removePartials removes what writers that were killed left in dir; what somebody else left there may stay.
func removePartials(dir string) {
	left, _ := filepath.Glob(filepath.Join(dir, partialFile)) // the pattern is a good one
	for _, path := range left {
		if info, err := os.Lstat(path); err == nil && info.Mode().IsRegular() && time.Since(info.ModTime()) > partialKept {
			_ = os.Remove(path)
		}
	}
}

// removed removes a file that may be gone.
func removed(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
