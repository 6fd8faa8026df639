package app

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"kenshu/fault"
	"kenshu/migrations"
	"kenshu/storage/archive"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// migrationFiles is the schema's history.
var migrationFiles fs.FS = migrations.FS

// sealPurpose derives the key that seals archives.
const sealPurpose = "backup seal"

// journalPurpose derives the key of the deletion journal.
const journalPurpose = "deletion journal"

// runBackup writes rows and objects into one new file, while the installation may go on serving. The file appears under its name only when it is whole.
// Damaged files stop nothing: they are named, in the file too, and the command ends with ExitDamaged.
func runBackup(ctx context.Context, cfg Config, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("backup", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	withSecret := flags.Bool("with-secret", false, "")
	if err := flags.Parse(args); err != nil || flags.NArg() != 1 {
		return errors.New("say which file to write: kenshu backup [--with-secret] FILE\n--with-secret puts the master key into the file too: whoever has the file then has everything")
	}
	path := flags.Arg(0)
	if path == "" || path == "-" {
		return errors.New("a backup is written into a file with a name: kenshu backup FILE")
	}
	if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s is there already: a backup overwrites nothing", path)
	}
	if err := checkThere(ctx, cfg); err != nil {
		return err
	}
	a, err := stores(ctx, cfg, nil, nil)
	if errors.Is(err, db.ErrClocksApart) { // who is in trouble wants a backup most, and nothing in one rests on the clock
		if _, err := fmt.Fprintf(out, "warning: %v. The backup is made all the same; its date is this machine's.\n", err); err != nil {
			return err
		}
		a, err = stores(ctx, cfg, nil, machineTime)
	}
	if err != nil {
		return err
	}
	defer a.Close()
	if err := a.DB.CheckWhole(ctx); err != nil {
		return err
	}
	if err := tenant.NewMasterKeys(a.DB, a.Clock).Check(ctx, a.keyID()); err != nil {
		return err
	}
	if a.made {
		return fmt.Errorf("the master key is gone: bring back the file %s, or set KENSHU_SECRET; a backup sealed with another could not be restored under it", cfg.path("secret"))
	}
	src := archive.Source{DB: a.DB, Objects: a.Blob, Stays: tenant.StoreMarkKey, Kenshu: Version, SealKey: a.key(sealPurpose), Clock: a.Clock, Scratch: filepath.Dir(path)}
	if src.Schema, err = a.DB.SchemaVersion(ctx); err != nil {
		return err
	}
	if src.Names, err = namesAt(src.Schema, out); err != nil {
		return err
	}
	if *withSecret {
		src.Secret = a.secret
	}
	manifest, err := writeBackup(ctx, src, path)
	if err != nil {
		return fmt.Errorf("backup: %w", err)
	}
	if err := report(out, manifest.Tables, manifest.Objects); err != nil {
		return err
	}
	if err := reportDamage(out, manifest.Damage, notBackedUp, asFound); err != nil {
		return err
	}
	note := "The master key is not in it: keep KENSHU_SECRET, or the file secret in the data directory, in another place; restoring needs it."
	if *withSecret {
		note = "The master key is in it: keep the file as safe as the key."
	}
	if _, err = fmt.Fprintf(out, "written to %s. %s\n", path, note); err != nil {
		return err
	}
	return damage("backup: "+path+" is written and can be restored", manifest.Damage, manifest.Objects, notBackedUp, asFound,
		"Keep the backups before this one, which may still have them. Bring the files back from there (docs/backup.md, \"Damaged files\") or upload them again, then make another backup.")
}

// What becomes of damaged files in a backup.
const (
	notBackedUp = "missing from this backup"
	asFound     = "in it with other bytes than were stored"
)

func writeBackup(ctx context.Context, src archive.Source, path string) (manifest archive.Manifest, err error) {
	err = writeFile(path, false, func(f *os.File) (err error) {
		manifest, err = archive.Write(ctx, src, f)
		return err
	})
	return manifest, err
}

const restoreUsage = "say which file to read: kenshu restore [--other-key] [--deletions FILE] FILE\n" +
	"--deletions names a file of kenshu deletions: whoever was deleted since the backup is deleted again\n" +
	"--other-key goes on without the master key the backup was made under: one-time passwords and the audit log's seals from before are then void"

// runRestore checks the whole file first, then brings it into an empty database and an empty store, and compares what arrived. It may be killed and run again.
func runRestore(ctx context.Context, cfg Config, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("restore", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	otherKey, deletions := flags.Bool("other-key", false, ""), flags.String("deletions", "", "")
	if err := flags.Parse(args); err != nil || flags.NArg() != 1 {
		return errors.New(restoreUsage)
	}
	file, err := archive.Open(flags.Arg(0))
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	secret, err := restoreSecret(cfg, file, *otherKey)
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	var seal []byte
	if !*otherKey {
		seal = (&App{secret: secret}).key(sealPurpose)
	}
	journal, err := readDeletions(secret, *deletions)
	var manifest archive.Manifest
	if err == nil {
		manifest, err = file.Verify(ctx, seal)
	}
	if err == nil {
		err = checkSchema(file)
	}
	if err != nil {
		return fmt.Errorf("restore: nothing was changed: %w", err)
	}
	if err := keepSecret(cfg, secret); err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	moved, err := restore(ctx, cfg, file, restoring{secret, seal, *otherKey, journal})
	if err != nil {
		return fmt.Errorf("restore: %w", err)
	}
	if err := reportMoved(out, moved); err != nil {
		return err
	}
	if err := reportDamage(out, manifest.Damage, "not restored, because missing, removed or unreadable when the backup was made", "restored with other bytes than were once stored"); err != nil {
		return err
	}
	return deleteAgain(ctx, cfg, out)
}

// deleteAgain opens the restored installation as a start does, and says what the deletion journal did to it. Redis is not asked, which has to be empty before the start anyway:
// whose sessions end is queued with the deletion, and the first start tells it.
func deleteAgain(ctx context.Context, cfg Config, out io.Writer) error {
	a, err := New(ctx, cfg, Options{Alone: cfg.Redis != ""})
	if err != nil {
		return fmt.Errorf("restored and compared; whom the deletion journal names is deleted with the first start, which is not possible yet: %w", err)
	}
	defer a.Close()
	r := a.Replayed
	if _, err := fmt.Fprintf(out, "deletion journal: %d lines are newer than the backup; %d people deleted again, %d anonymised again\n", r.Lines, r.Deleted, r.Anonymised); err != nil {
		return err
	}
	for _, code := range r.Managers {
		if _, err := fmt.Fprintf(out, "organisation %s has no manager now: name one\n", code); err != nil {
			return err
		}
	}
	for _, err := range r.Unread {
		if _, err := fmt.Fprintf(out, "not followed: %v\n", err); err != nil {
			return err
		}
	}
	if len(r.Returned) > 0 {
		if _, err := fmt.Fprintf(out, "not followed: %v\n", returned(r)); err != nil {
			return err
		}
	}
	note := "restored and compared; start kenshu now."
	if cfg.Redis != "" {
		note = "restored and compared; empty the Redis of KENSHU_REDIS (FLUSHDB), which remembers another day, then start kenshu."
	}
	_, err = fmt.Fprintln(out, note)
	return err
}

// runDeletions writes the deletion journal as the object store has it into one new file; the database is not needed.
func runDeletions(ctx context.Context, cfg Config, args []string, out io.Writer) error {
	if len(args) != 1 {
		return errors.New("say which file to write: kenshu deletions FILE")
	}
	a := &App{Config: cfg, Log: newLog(cfg.LogLevel), Clock: time.Now}
	if err := cfg.Check(); err != nil {
		return fmt.Errorf("configuration:\n%w", err)
	}
	if _, err := os.Stat(cfg.path("objects")); cfg.S3 == "" && err != nil {
		return notThere(cfg.Data + " (KENSHU_DATA)")
	}
	if _, err := os.Stat(cfg.path("secret")); cfg.Secret == "" && err != nil {
		return errors.New("the journal is read with the master key: set KENSHU_SECRET, or bring back the file secret of the data directory")
	}
	if err := a.readSecret(); err != nil {
		return err
	}
	if err := a.openObjects(ctx); err != nil {
		return err
	}
	var w tenant.Written
	err := writeFile(args[0], true, func(f *os.File) (err error) {
		if w, err = a.exportJournal(ctx, f); err != nil {
			return err
		}
		if w.Pages == 0 && w.Left > 0 {
			return fmt.Errorf("none of the %d objects under %s was written under the master key configured here (or they are damaged): set KENSHU_SECRET to the one they were written under", w.Left, tenant.DeletionPrefix)
		}
		if _, err := a.Blob.Stat(ctx, tenant.StoreMarkKey); w.Pages == 0 && fault.Is(err, fault.NotFound) {
			return errors.New("the object store bears no mark of an installation: is it the right one (KENSHU_S3, KENSHU_DATA), and is its disk mounted? Nothing was written")
		}
		return a.keepsPages(args[0], f.Name())
	})
	if err != nil {
		return err
	}
	if _, err = fmt.Fprintf(out, "%d pages of the deletion journal written to %s\n", w.Pages, args[0]); err == nil && w.Left > 0 {
		_, err = fmt.Fprintf(out, "%d objects under %s were left out: they are of another master key, or damaged\n", w.Left, tenant.DeletionPrefix)
	}
	if err == nil && w.Returned > 0 {
		_, err = fmt.Fprintf(out, "of %d pages it has to be decided whether they are followed, here and where the file is brought: %v\n", w.Returned, tenant.ErrPageReturned)
	}
	return err
}

// exportJournal writes the journal under the master key with or without a line break at its end, of which only a database could say which it is.
func (a *App) exportJournal(ctx context.Context, to io.Writer) (w tenant.Written, err error) {
	own := a.secret
	for _, a.secret = range lineEnds(own) {
		if w, err = a.journal().Export(ctx, to); err != nil || w.Pages > 0 {
			return w, err
		}
	}
	a.secret = own
	return w, nil
}

// keepsPages refuses to put the journal of one file in the place of another that has pages which it lacks, or that is no journal.
func (a *App) keepsPages(old, fresh string) error {
	if info, err := os.Stat(old); err == nil && !info.Mode().IsRegular() { // a pipe would wait for ever
		return fmt.Errorf("%s is no file: name one that kenshu may write", old)
	}
	had, err := readDeletions(a.secret, old)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("what is there is no deletion journal of this installation, and stays as it is: %w", err)
	}
	has, err := readDeletions(a.secret, fresh)
	if err != nil {
		return err
	}
	for id := range has {
		delete(had, id)
	}
	if len(had) > 0 {
		return fmt.Errorf("%s has %d pages that the object store does not have (any more); it stays as it is: write to another file", old, len(had))
	}
	return nil
}

// journal is the deletion journal without an opened database.
func (a *App) journal() *tenant.Deletions {
	return tenant.NewDeletions(tenant.NewPeopleActs(nil, a.key(journalPurpose)), a.Blob)
}

// restoring is what a restore needs besides the archive.
type restoring struct {
	secret, seal []byte
	otherKey     bool // the key configured here takes the place of the one that is lost
	deletions    tenant.Exported
}

func restore(ctx context.Context, cfg Config, file *archive.Archive, with restoring) (moved archive.Moved, err error) {
	a, err := stores(ctx, cfg, with.secret, nil)
	if err != nil {
		return moved, err
	}
	defer a.Close()
	if with.secret != nil {
		a.secret = with.secret // with or without a line break as the archive has it, whatever an empty database had noted
	}
	err = a.DB.Exclusive(ctx, "transfer", func() (err error) {
		if moved, err = file.Restore(ctx, a.target(file.Head.Schema, with.deletions), with.seal); err != nil {
			return err
		}
		if with.otherKey {
			return a.acceptKey(ctx, tenant.NewMasterKeys(a.DB, a.Clock))
		}
		return a.migrate(ctx)
	})
	return moved, err
}

// readDeletions reads and checks a journal that kenshu deletions wrote; without a path there is none.
func readDeletions(secret []byte, path string) (tenant.Exported, error) {
	if path == "" {
		return tenant.Exported{}, nil
	}
	f, err := os.Open(path) //nolint:gosec // the operator names the file
	if err != nil {
		return nil, err
	}
	defer f.Close()
	pages, err := (&App{secret: secret}).journal().ReadExported(f)
	if err != nil {
		err = fmt.Errorf("%s: %w", path, err)
	}
	return pages, err
}

func checkSchema(file *archive.Archive) error {
	latest, err := db.LatestVersion(migrationFiles)
	if err == nil && file.Head.Schema > latest {
		err = fmt.Errorf("the archive was written by a newer version of kenshu (%s): restore with that one", file.Head.Kenshu)
	}
	return err
}

// restoreSecret finds the master key of the restored installation: the configured one, the one in the data directory, or the one in the
// archive. With otherKey there may be none: one is made when the stores are opened.
func restoreSecret(cfg Config, file *archive.Archive, otherKey bool) ([]byte, error) {
	kept, err := os.ReadFile(cfg.path("secret"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	secret := file.Secret
	switch {
	case cfg.Secret != "":
		secret = []byte(cfg.Secret)
	case len(kept) > 0:
		secret = kept
	}
	secret = secretOf(secret, file.Head.KeyID)
	switch {
	case otherKey:
		return secret, nil
	case len(secret) == 0:
		return nil, errors.New("the archive does not hold the master key: set KENSHU_SECRET, or put the secret file of the old data directory into the new one")
	case (&App{secret: secret}).keyID() != file.Head.KeyID:
		return nil, fmt.Errorf("%w than the one configured here: set KENSHU_SECRET to that one", archive.ErrOtherKey)
	}
	return secret, nil
}

// keepSecret puts a key that came with the archive where the embedded mode looks for it.
func keepSecret(cfg Config, secret []byte) error {
	if cfg.Secret != "" || len(secret) == 0 {
		return nil
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return err
	}
	path := cfg.path("secret")
	err := writeSecret(path, secret)
	if errors.Is(err, fs.ErrExist) {
		there, err := os.ReadFile(path) //nolint:gosec // inside the data directory
		there, secret = bytes.TrimSpace(there), bytes.TrimSpace(secret)
		if err == nil && !bytes.Equal(there, secret) {
			err = fmt.Errorf("another master key was put into %s meanwhile: start again", path)
		}
		return err
	}
	return errors.Join(err, removed(cfg.path(newSecret)))
}
