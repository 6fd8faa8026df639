package app

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"

	"kenshu/content"
	"kenshu/storage/archive"
	"kenshu/storage/blob"
	"kenshu/storage/db"
)

// ExitDamaged is the exit code of a backup or copy that was made and from which damaged files are missing.
const ExitDamaged = 3

// damagedError says that something was done, and that not every file went along.
type damagedError struct{ text string }

// Error implements error.
func (e *damagedError) Error() string { return e.text }

// ExitCode is what the process ends with after err.
func ExitCode(err error) int {
	var damaged *damagedError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &damaged):
		return ExitDamaged
	}
	return 1
}

// namesAt gives what compares rows with the store, for a database of this version; the tables of another may be others, and a backup is needed all the same.
func namesAt(schema int, out io.Writer) (archive.Names, error) {
	latest, err := db.LatestVersion(migrationFiles)
	if err != nil || schema == latest {
		return content.NamedObjects, err
	}
	_, err = fmt.Fprintln(out, "note: the database is of another version than this kenshu, so that files are not compared with the rows that name them: one that is missing is not noticed.")
	return nil, err
}

// damageShown is how many damaged files are printed; the manifest of a backup names more.
const damageShown = 1000

// reportDamage names the damaged files. lost and altered say in words what became of the one and of the other.
func reportDamage(out io.Writer, d *archive.Damages, lost, altered string) error {
	if !d.Any() {
		return nil
	}
	if _, err := fmt.Fprintf(out, "\nDAMAGED FILES: %s\n", counted(d, lost, altered)); err != nil {
		return err
	}
	for i, one := range d.Objects {
		if i == damageShown {
			break
		}
		key, what := one.Key, one.What
		if blob.CheckKey(key) != nil {
			key = strconv.Quote(key) // whoever named it so may have meant our terminal
		}
		if what == "" {
			what = "no file's row names it"
		}
		if one.Cause != "" {
			what += "; " + one.Cause
		}
		if _, err := fmt.Fprintf(out, "  %-10s  %s  (%s)\n", oneLine(one.Reason), key, oneLine(what)); err != nil {
			return err
		}
	}
	if more := d.Lost + d.Altered - int64(min(len(d.Objects), damageShown)); more > 0 {
		if _, err := fmt.Fprintf(out, "  and %d more\n", more); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(out)
	return err
}

// counted says how many files are lost and altered.
func counted(d *archive.Damages, lost, altered string) string {
	var parts []string
	for _, p := range []struct {
		n    int64
		what string
	}{{d.Lost, lost}, {d.Altered, altered}} {
		switch p.n {
		case 0:
		case 1:
			parts = append(parts, "1 file "+p.what)
		default:
			parts = append(parts, fmt.Sprintf("%d files %s", p.n, p.what))
		}
	}
	return strings.Join(parts, ", ")
}

// damage is the error that a command ends with which did its work and met damaged files; nil when it met none.
func damage(done string, d *archive.Damages, objects archive.ObjectsSum, lost, altered, then string) error {
	if !d.Any() {
		return nil
	}
	if objects.Count == 0 && d.Lost > 0 {
		then = "The store gave no file at all: is it the right one (KENSHU_S3, KENSHU_DATA), and is its disk mounted? " + then
	}
	return &damagedError{fmt.Sprintf("%s, but not all of it is there: %s (named above). %s", done, counted(d, lost, altered), then)}
}
