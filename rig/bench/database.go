package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/hex"
	"fmt"
	"net/url"
	"os"
	"path/filepath"

	_ "modernc.org/sqlite" // the driver of plainPool

	"kenshu/rig/servers"
	"kenshu/server/app"
	"kenshu/storage/db"
)

// plainPool opens the same database as anybody would who only reads the driver's documentation: the product's settings, nothing of its code.
func (r *room) plainPool() (*sql.DB, error) {
	if r.DB.Engine() == db.MySQL {
		return r.DB.Raw(), nil // the product adds nothing there
	}
	return sql.Open("sqlite", "file:"+filepath.Join(r.Config.Data, "kenshu.db")+
		"?_txlock=immediate&_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=synchronous(FULL)&_pragma=cache_size(-16000)&_pragma=temp_store(2)")
}

// room is a whole installation in this process, on a database of its own that goes with it.
type room struct {
	*app.App
	said  said
	close func()
}

// newRoom opens an installation on engine. env adds settings.
func newRoom(ctx context.Context, engine db.Engine, env ...string) (*room, error) {
	dir, err := os.MkdirTemp("", "kenshu-bench-")
	if err != nil {
		return nil, err
	}
	drop := func() {}
	if engine == db.MySQL {
		var address string
		if address, drop, err = newDatabase(ctx); err != nil {
			return nil, err
		}
		env = append(env, "KENSHU_DB="+address)
	}
	cfg, err := app.ReadConfig(append([]string{"KENSHU_DATA=" + filepath.Join(dir, "data"), "KENSHU_PUBLIC_URL=http://" + host}, env...))
	if err != nil {
		return nil, err
	}
	r := &room{}
	if r.App, err = app.New(ctx, cfg, app.Options{Log: r.said.logger()}); err != nil {
		return nil, err
	}
	r.close = func() {
		r.Close()
		drop()
		_ = os.RemoveAll(dir) // what is left lies in the system's directory for temporary files
	}
	return r, nil
}

// newDatabase makes an empty database on the test server and gives its URL.
func newDatabase(ctx context.Context) (address string, drop func(), err error) {
	raw, err := servers.Start(ctx, servers.PartMariaDB)
	if err != nil {
		return "", nil, err
	}
	u, err := url.Parse(raw)
	if err != nil {
		return "", nil, fmt.Errorf("%s does not parse", servers.EnvMySQL)
	}
	u.Path = "/mysql"
	admin, err := db.Open(ctx, db.Config{URL: u.String(), MaxConns: 1})
	if err != nil {
		return "", nil, err
	}
	random := make([]byte, 6)
	_, _ = rand.Read(random) // never fails since Go 1.24
	name := "kenshu_bench_" + hex.EncodeToString(random)
	if _, err := admin.Exec(ctx, "CREATE DATABASE "+name+" CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"); err != nil {
		return "", nil, err
	}
	u.Path = "/" + name
	return u.String(), func() {
		if _, err := admin.Exec(context.Background(), "DROP DATABASE "+name); err != nil {
			fmt.Fprintln(os.Stderr, "drop the benchmark's database:", err)
		}
		_ = admin.Close()
	}, nil
}
