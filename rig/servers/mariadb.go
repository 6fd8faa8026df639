package servers

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/go-sql-driver/mysql"
)

func startMariaDB(ctx context.Context, tools Tools, dir string) (string, *process, error) {
	data := filepath.Join(dir, "data")
	asRoot := []string{}
	if os.Geteuid() == 0 {
		asRoot = append(asRoot, "--user=root")
	}
	init := exec.CommandContext(ctx, tools.MariaDBInstall, append([]string{"--no-defaults", "--datadir=" + data, "--tmpdir=" + dir,
		"--auth-root-authentication-method=normal", "--skip-test-db", "--innodb-log-file-size=16M"}, asRoot...)...)
	if out, err := init.CombinedOutput(); err != nil {
		return "", nil, fmt.Errorf("mariadb-install-db: %w\n%s", err, out)
	}
	port, err := FreePort()
	if err != nil {
		return "", nil, err
	}
	password := random(16)
	grant := "CREATE USER IF NOT EXISTS kenshu@'127.0.0.1' IDENTIFIED BY '" + password + "';\n" +
		"GRANT ALL ON *.* TO kenshu@'127.0.0.1' WITH GRANT OPTION;\n"
	initFile := filepath.Join(dir, "init.sql")
	if err := os.WriteFile(initFile, []byte(grant), 0o600); err != nil {
		return "", nil, err
	}
	// A directory of its own for temporary tables: a server that starts removes whatever lies in its own, the others' too.
	p, err := spawn(dir, tools.MariaDB, nil, append([]string{"--no-defaults", "--datadir=" + data, "--tmpdir=" + dir, "--init-file=" + initFile,
		"--bind-address=127.0.0.1", "--port=" + strconv.Itoa(port), "--socket=" + filepath.Join(dir, "s"), "--pid-file=" + filepath.Join(dir, "pid"),
		"--skip-name-resolve", "--skip-log-bin", "--performance-schema=OFF", "--max-connections=300",
		"--innodb-flush-log-at-trx-commit=2", "--innodb-buffer-pool-size=48M", "--loose-innodb-buffer-pool-size-max=1G", // newer servers let a benchmark raise it only so far
		"--innodb-log-file-size=16M",
		"--character-set-server=utf8mb4", "--collation-server=utf8mb4_bin"}, asRoot...)...)
	if err != nil {
		return "", nil, err
	}
	admin := &url.URL{Scheme: "mysql", User: url.UserPassword("kenshu", password), Host: "127.0.0.1:" + strconv.Itoa(port), Path: "/"}
	db, err := openAdmin(admin)
	if err != nil {
		p.stop()
		return "", nil, err
	}
	defer db.Close()
	if err := p.ready(ctx, db.PingContext); err != nil {
		return "", nil, err
	}
	return admin.String(), p, nil
}

func openAdmin(admin *url.URL) (*sql.DB, error) {
	c := mysql.NewConfig()
	c.Net, c.Addr, c.User = "tcp", admin.Host, admin.User.Username()
	c.Passwd, _ = admin.User.Password()
	c.Timeout = 5 * time.Second
	c.Logger = &mysql.NopLogger{}
	connector, err := mysql.NewConnector(c)
	if err != nil {
		return nil, fmt.Errorf("servers: %w", err)
	}
	return sql.OpenDB(connector), nil
}

// MariaDB returns the mysql:// URL of a fresh, empty database, dropped when the test ends.
func MariaDB(t testing.TB) string {
	t.Helper()
	u, _ := freshDatabase(t)
	return u.String()
}

// MariaDBSnapshot is MariaDB with innodb_snapshot_isolation on in every session: the default of MariaDB 11.6 and later,
// where a transaction that writes over a change it has not seen is refused with error 1020.
func MariaDBSnapshot(t testing.TB) string {
	t.Helper()
	u, admin := freshDatabase(t)
	user, password := "snapshot_"+random(6), random(16)
	exec := func(query string) {
		t.Helper()
		if _, err := admin.Exec(query); err != nil {
			t.Fatalf("MariaDB with snapshot isolation: %v", err)
		}
	}
	// init_connect runs for every session of a user without administrator's rights; it tells ours by their name,
	// so that one server serves both kinds of test at the same time.
	exec("SET GLOBAL init_connect = 'SET SESSION innodb_snapshot_isolation = IF(USER() LIKE ''snapshot%'', 1, 0)'")
	exec("CREATE USER " + user + "@'%' IDENTIFIED BY '" + password + "'")
	t.Cleanup(func() { exec("DROP USER " + user + "@'%'") })
	exec("GRANT ALL ON " + u.Path[1:] + ".* TO " + user + "@'%'")
	u.User = url.UserPassword(user, password)
	return u.String()
}

func freshDatabase(t testing.TB) (*url.URL, *sql.DB) {
	t.Helper()
	u := *need(t, PartMariaDB)
	db, err := openAdmin(&u)
	if err != nil {
		t.Fatal(err)
	}
	name := "kenshu_" + random(8)
	if _, err := db.Exec("CREATE DATABASE " + name + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"); err != nil {
		t.Fatalf("create a database: %v", err)
	}
	t.Cleanup(func() {
		defer db.Close()
		if _, err := db.Exec("DROP DATABASE " + name); err != nil {
			t.Errorf("drop the test's database: %v", err)
		}
	})
	u.Path = "/" + name
	return &u, db
}
