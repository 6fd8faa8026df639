package app

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"kenshu/content"
	"kenshu/storage/archive"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// stores opens the database and the objects of cfg, without serving, for the commands that move data. Without a clock of the caller's the database's counts.
func stores(ctx context.Context, cfg Config, secret []byte, clock func() time.Time) (*App, error) {
	if err := cfg.Check(); err != nil {
		return nil, fmt.Errorf("configuration:\n%w", err)
	}
	a := &App{Config: cfg, Log: newLog(cfg.LogLevel), secret: secret, Clock: clock}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if secret == nil {
		if err := a.readSecret(); err != nil {
			return nil, err
		}
	}
	if err := a.openStores(ctx); err != nil {
		a.Close()
		return nil, err
	}
	return a, nil
}

// target is where rows and objects go, into tables of the schema of version; the deletion journal may be there before them, the mark of another database may not.
func (a *App) target(version int, deletions tenant.Exported) archive.Target {
	return archive.Target{DB: a.DB, Objects: a.Blob, Beside: []string{tenant.DeletionPrefix, tenant.RemovedPrefix}, Stays: tenant.StoreMarkKey, Notes: []string{tenant.MasterKeyTable}, Prepare: func(ctx context.Context, ended bool) error {
		if !ended {
			err := a.DB.MigrateTo(ctx, migrationFiles, version)
			if errors.Is(err, db.ErrNewerSchema) {
				err = fmt.Errorf("%w: its schema was brought to a newer version than what is to come; name a database without tables (with SQLite another KENSHU_DATA)", archive.ErrUnfit)
			}
			if err != nil {
				return err
			}
		}
		return a.journal().Import(ctx, deletions)
	}}
}

const copyUsage = "say where to: kenshu copy --to-db mysql://user:password@host/name --to-s3 s3://access:secret@host/bucket\n" +
	"(--to-db-file and --to-s3-file read the address from a file, so that no password shows in the list of processes)"

// runCopy moves the configured installation to another database and object store. It may be killed and run again.
func runCopy(ctx context.Context, cfg Config, args []string, out io.Writer) error {
	to := cfg
	var err error
	if to.DB, to.S3, err = copyTarget(args); err != nil {
		return err
	}
	if err := checkThere(ctx, cfg); err != nil {
		return err
	}
	release, err := lockData(cfg) // what a server writes after copying began would be left behind
	if err != nil {
		return err
	}
	defer release()
	from, err := stores(ctx, cfg, nil, nil)
	if err != nil {
		return err
	}
	defer from.Close()
	if err := from.migrateOwn(ctx, true); err != nil {
		return err
	}
	target, err := stores(ctx, to, from.secret, nil)
	if err != nil {
		return fmt.Errorf("target: %w", err)
	}
	defer target.Close()
	version, err := from.DB.SchemaVersion(ctx)
	if err != nil {
		return err
	}
	var moved archive.Moved
	err = target.DB.Exclusive(ctx, "transfer", func() error {
		source := from.target(version, nil)
		source.Names, source.Scratch = content.NamedObjects, cfg.Data
		moved, err = archive.Copy(ctx, source, target.target(version, nil))
		return err
	})
	if err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	if err := reportMoved(out, moved); err != nil {
		return err
	}
	if err := reportDamage(out, moved.Damage, notCopied, copiedAsFound); err != nil {
		return err
	}
	key := "KENSHU_SECRET stays the same"
	if cfg.Secret == "" {
		key = "set KENSHU_SECRET_FILE to a copy of " + cfg.path("secret")
	}
	if _, err = fmt.Fprintf(out, "copied and compared. Before starting there: %s; everybody logs in again.\n", key); err != nil {
		return err
	}
	return damage("copy: the copy can be started", moved.Damage, moved.Objects, notCopied, copiedAsFound,
		"Keep the old place and its backups. Bring the files back from a backup (docs/backup.md, \"Damaged files\") or upload them again.")
}

// What becomes of damaged files in a copy.
const (
	notCopied     = "not copied"
	copiedAsFound = "copied with other bytes than were stored"
)

func copyTarget(args []string) (database, objects string, err error) {
	flags := flag.NewFlagSet("copy", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	flags.StringVar(&database, "to-db", "", "")
	flags.StringVar(&objects, "to-s3", "", "")
	databaseFile, objectsFile := flags.String("to-db-file", "", ""), flags.String("to-s3-file", "", "")
	if err := flags.Parse(args); err != nil || flags.NArg() > 0 {
		return "", "", errors.New(copyUsage)
	}
	for path, value := range map[string]*string{*databaseFile: &database, *objectsFile: &objects} {
		if path == "" {
			continue
		}
		if *value != "" {
			return "", "", errors.New("a target is said twice, itself and by a file (--to-db and --to-db-file, or --to-s3 and --to-s3-file): say one")
		}
		text, err := os.ReadFile(path) //nolint:gosec // the operator names the file
		if err != nil {
			return "", "", err
		}
		*value = strings.TrimSpace(string(text))
	}
	if database == "" || objects == "" {
		return "", "", errors.New(copyUsage)
	}
	return database, objects, nil
}

// reportMoved prints what was moved, and that it was there before.
func reportMoved(out io.Writer, m archive.Moved) error {
	if m.Before {
		if _, err := fmt.Fprintln(out, "Nothing had to be brought: an earlier run of this command ended, and nobody has started there since. It was compared once more."); err != nil {
			return err
		}
	}
	return report(out, m.Tables, m.Objects)
}

// report prints what was moved.
func report(out io.Writer, tables []archive.TableSum, objects archive.ObjectsSum) error {
	var rows int64
	for _, t := range tables {
		rows += t.Rows
		if t.Rows == 0 {
			continue
		}
		if _, err := fmt.Fprintf(out, "%-24s %10d rows  sha256 %.16s…\n", t.Name, t.Rows, t.SHA256); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(out, "%d rows in %d tables, %d objects with %d bytes\n", rows, len(tables), objects.Count, objects.Bytes)
	return err
}
