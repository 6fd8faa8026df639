package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"kenshu/rig/servers"
	"kenshu/storage/db"
)

// backupFigures are of the built product's backup of a large installation and of its restore into an empty place.
type backupFigures struct {
	engine                db.Engine
	store                 string
	organisations, people int
	moved                 string // what the restore says it brought
	fileMB                float64
	backup, restore       commandFigures
}

// commandFigures are of one run of a command of the product.
type commandFigures struct {
	took   time.Duration
	peakMB float64
}

const backupSecret = "bench-7Qm2rX9vT4kLp8Zs1Wd6Bf3Hn5Jc0Gy"

func measureBackup(ctx context.Context, engine db.Engine, o options) ([]backupFigures, error) {
	dir, err := os.MkdirTemp("", "kenshu-bench-")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	f := backupFigures{engine: engine, store: "directory", organisations: o.organisations}
	bucket := func() (string, func(), error) {
		if engine == db.SQLite {
			return "", func() {}, nil
		}
		f.store = "MinIO"
		return servers.NewBucket(ctx)
	}
	from, remove, err := bucket()
	if err != nil {
		return nil, err
	}
	defer remove()
	r, err := newRoom(ctx, engine, "KENSHU_SECRET="+backupSecret, "KENSHU_S3="+from)
	if err != nil {
		return nil, err
	}
	defer func() { r.close() }()
	began := time.Now()
	estate, err := sow(ctx, r.DB, o.organisations-1)
	if err != nil {
		return nil, err
	}
	f.people = estate.people
	if err := storeFiles(ctx, r); err != nil {
		return nil, err
	}
	for n := range o.filesMB {
		if _, err := r.Blob.Put(ctx, fmt.Sprintf("bench/%06d", n), bytes.NewReader(noise(1<<20)), 1<<20, "application/octet-stream"); err != nil {
			return nil, err
		}
	}
	fmt.Printf("%s: %d people in %d organisations after %v\n", engine, f.people, o.organisations, time.Since(began).Round(time.Second))

	path := filepath.Join(dir, "kenshu.tar")
	env := []string{"KENSHU_SECRET=" + backupSecret}
	if f.backup, _, err = runCommand(ctx, o.binary, append(env, "KENSHU_DATA="+r.Config.Data, "KENSHU_DB="+r.Config.DB, "KENSHU_S3="+from), "backup", path); err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	f.fileMB = float64(info.Size()) / 1e6
	fmt.Printf("%s: backup %v\n", engine, f.backup.took.Round(time.Second))
	r.close() // its database makes room for the other
	r.close = func() {}

	address := ""
	if engine == db.MySQL {
		var drop func()
		if address, drop, err = newDatabase(ctx); err != nil {
			return nil, err
		}
		defer drop()
	}
	to, removeTo, err := bucket()
	if err != nil {
		return nil, err
	}
	defer removeTo()
	var said string
	if f.restore, said, err = runCommand(ctx, o.binary, append(env, "KENSHU_DATA="+filepath.Join(dir, "restored"), "KENSHU_DB="+address, "KENSHU_S3="+to), "restore", path); err != nil {
		return nil, err
	}
	for line := range strings.Lines(said) {
		if strings.Contains(line, " rows in ") {
			f.moved = strings.TrimSpace(line)
		}
	}
	fmt.Printf("%+v\n", f)
	return []backupFigures{f}, nil
}

// storeFiles stores what the rows of files name: a backup looks for it.
func storeFiles(ctx context.Context, r *room) error {
	sizes := map[string]int{}
	err := db.Each(ctx, r.DB, `SELECT object_key, size FROM asset`, nil, func(scan func(...any) error) error {
		var key string
		var size int
		err := scan(&key, &size)
		sizes[key] = size
		return err
	})
	for key, size := range sizes {
		if err == nil {
			_, err = r.Blob.Put(ctx, key, bytes.NewReader(noise(size)), int64(size), "application/octet-stream")
		}
	}
	return err
}

// runCommand runs a command of the built product to its end.
func runCommand(ctx context.Context, binary string, env []string, args ...string) (f commandFigures, said string, err error) {
	cmd := exec.CommandContext(ctx, binary, args...)
	cmd.Env = append([]string{"PATH=" + os.Getenv("PATH")}, env...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return f, "", err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for { // what the system tells at the end is never less than this process held when it began
		select {
		case err = <-ended:
			f.took = time.Since(began)
			if err != nil {
				err = fmt.Errorf("kenshu %s: %w\n%s", args[0], err, out.String())
			}
			return f, out.String(), err
		case <-time.After(50 * time.Millisecond):
			if _, peak, err := memoryOf(cmd.Process); err == nil {
				f.peakMB = max(f.peakMB, peak)
			}
		}
	}
}

func (f *figures) writeBackups(p printer) {
	if len(f.backups) == 0 {
		return
	}
	p("## Backup and restore of a large installation\n")
	p("`kenshu backup` and `kenshu restore` of the built product, from and into the same kind of database and store on one machine (`make bench-backup`). The restore reads the whole file twice and compares everything that arrived.")
	p("Aim for 10,000 organisations with 1,000,000 people: restored within 30 minutes.\n")
	p(begin("backup"))
	p("| store | organisations | people | what was moved | file MB | backup s | memory MB at most | restore s | memory MB at most |")
	p("| --- | --: | --: | --- | --: | --: | --: | --: | --: |")
	for _, x := range f.backups {
		p("| %s, %s | %d | %d | %s | %.0f | %.0f | %.0f | **%.0f** | %.0f |", name(x.engine), x.store, x.organisations, x.people, x.moved, x.fileMB,
			x.backup.took.Seconds(), x.backup.peakMB, x.restore.took.Seconds(), x.restore.peakMB)
	}
	p(measuredNow())
	p(end)
	p("")
}
