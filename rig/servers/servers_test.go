package servers

import (
	"context"
	"database/sql"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// childRole, set in the environment, makes this test binary the program whose death is being tested.
const childRole = "KENSHU_RIG_CHILD"

func TestMain(m *testing.M) {
	if os.Getenv(childRole) != "" {
		child()
	}
	code := m.Run()
	Stop()
	os.Exit(code)
}

func parse(t *testing.T, raw string) *url.URL {
	t.Helper()
	u, err := url.Parse(raw)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

func openURL(t *testing.T, raw string) *sql.DB {
	t.Helper()
	u := parse(t, raw)
	db, err := openAdmin(u)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	db.SetMaxOpenConns(1)
	if _, err := db.Exec("USE " + strings.TrimPrefix(u.Path, "/")); err != nil {
		t.Fatal(err)
	}
	return db
}

func TestMariaDBGivesEachTestItsOwnDatabase(t *testing.T) {
	var kept string
	t.Run("a", func(t *testing.T) {
		kept = MariaDB(t)
		a, b := openURL(t, kept), openURL(t, MariaDB(t))
		for _, db := range []*sql.DB{a, b} {
			if _, err := db.Exec("CREATE TABLE t (a INT PRIMARY KEY)"); err != nil {
				t.Fatal(err)
			}
		}
	})
	admin, err := openAdmin(parse(t, kept))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	if _, err := admin.Exec("USE " + strings.TrimPrefix(parse(t, kept).Path, "/")); err == nil {
		t.Error("the database outlived its test")
	}
}

func TestSnapshotIsolationIsOnForItsUserAndOffForOthers(t *testing.T) {
	for raw, want := range map[string]int{MariaDBSnapshot(t): 1, MariaDB(t): 0} {
		var got int
		if err := openURL(t, raw).QueryRow("SELECT @@innodb_snapshot_isolation").Scan(&got); err != nil || got != want {
			t.Errorf("innodb_snapshot_isolation of %s = %d, %v; want %d", parse(t, raw).User.Username(), got, err, want)
		}
	}
}

func TestRedisNumbersAreNotShared(t *testing.T) {
	a, b := Redis(t), Redis(t)
	if a == b {
		t.Fatalf("both tests got %s", a)
	}
	u := parse(t, a)
	number, err := strconv.Atoi(strings.TrimPrefix(u.Path, "/"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := redisClient(u, number)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if n, err := c.DBSize(context.Background()).Result(); err != nil || n != 0 {
		t.Errorf("a fresh database holds %d keys, %v", n, err)
	}
}

func TestS3GivesAnEmptyBucket(t *testing.T) {
	u := parse(t, S3(t))
	secret, _ := u.User.Password()
	c, err := minio.New(u.Host, &minio.Options{Creds: credentials.NewStaticV4(u.User.Username(), secret, ""), Region: "us-east-1"})
	if err != nil {
		t.Fatal(err)
	}
	bucket := strings.TrimPrefix(u.Path, "/")
	if ok, err := c.BucketExists(context.Background(), bucket); err != nil || !ok {
		t.Fatalf("bucket exists: %v, %v", ok, err)
	}
	if _, err := c.PutObject(context.Background(), bucket, "a", strings.NewReader("x"), 1, minio.PutObjectOptions{}); err != nil {
		t.Fatal(err)
	}
}

func TestChromiumRuns(t *testing.T) {
	out, err := exec.Command(Chromium(t), "--version").Output()
	if err != nil || !strings.Contains(string(out), "Chrom") {
		t.Fatalf("%q, %v", out, err)
	}
}

// child starts a Redis, tells its address and data directory, and waits to be killed.
func child() {
	os.Unsetenv(EnvRedis)
	u, err := Start(context.Background(), PartRedis)
	if err != nil {
		os.Stdout.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	os.Stdout.WriteString(u + " " + running.dir + "\n")
	select {}
}

func TestServersDieWithTheProcessAndTheirDataIsSwept(t *testing.T) {
	tmp := t.TempDir()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childRole+"=1", "TMPDIR="+tmp)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	line := make([]byte, 512)
	n, err := out.Read(line)
	said := strings.Fields(string(line[:n]))
	if err != nil || len(said) != 2 {
		t.Fatalf("the child said %q, %v", line[:n], err)
	}
	if err := cmd.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait()
	c, err := redisClient(parse(t, said[0]), 0)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	deadline := time.Now().Add(5 * time.Second)
	for c.Ping(context.Background()).Err() == nil {
		if time.Now().After(deadline) {
			t.Fatal("the server outlived the process that started it")
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Setenv("TMPDIR", tmp)
	sweep(os.TempDir())
	if _, err := os.Stat(said[1]); !os.IsNotExist(err) {
		t.Errorf("the dead process's data is still there: %v", err)
	}
}

func TestSweepLeavesTheLivingAlone(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	dir, lock, err := newDataDir()
	if err != nil {
		t.Fatal(err)
	}
	defer lock.Close()
	sweep(os.TempDir())
	if _, err := os.Stat(filepath.Join(dir, "lock")); err != nil {
		t.Errorf("a living process's data was removed: %v", err)
	}
}

func TestObtainNamesEveryPartItCannotGet(t *testing.T) {
	saved := programs
	t.Cleanup(func() { programs = saved })
	t.Setenv("PATH", t.TempDir())
	t.Setenv("KENSHU_TOOLS", t.TempDir())
	programs = []program{
		{part: PartRedis, path: func(t *Tools) *string { return &t.Redis }, names: []string{"no-such-redis"}, debian: []string{"no-such-package"}},
		{part: PartMinIO, path: func(t *Tools) *string { return &t.MinIO }, names: []string{"no-such-minio"}, module: "example.invalid/none@v1"},
	}
	_, err := Obtain(t.Context())
	if err == nil {
		t.Fatal("nothing is there and Obtain was content")
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "redis: no no-such-redis found") || !strings.HasPrefix(lines[1], "minio: no no-such-minio found") {
		t.Errorf("want one line a part, got:\n%v", err)
	}
	if _, err := Obtain(t.Context(), "oracle"); err == nil {
		t.Error("an unknown part was accepted")
	}
}
