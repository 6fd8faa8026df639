package app

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kenshu/rig/servers"
	"kenshu/storage/db"
)

// Clocks that are too far apart keep everything from starting but a backup, which says so.
func TestBackupWithAWrongClock(t *testing.T) {
	defer func() { machineTime = time.Now }()
	env := []string{"KENSHU_DATA=" + t.TempDir(), "KENSHU_DB=" + servers.MariaDB(t)}
	run := func(args ...string) (string, error) {
		t.Helper()
		var out bytes.Buffer
		err := Command(t.Context(), args, env, &out)
		return out.String(), err
	}
	if _, err := run("migrate"); err != nil {
		t.Fatal(err)
	}
	machineTime = func() time.Time { return time.Now().Add(36 * time.Hour) }
	if _, err := run("migrate"); !errors.Is(err, db.ErrClocksApart) {
		t.Errorf("a start with a wrong clock: %v", err)
	}
	path := filepath.Join(t.TempDir(), "kenshu.tar")
	out, err := run("backup", path)
	if err != nil || !strings.HasPrefix(out, "warning: the clocks are too far apart") {
		t.Fatalf("%v: %s", err, out)
	}
	env[0] = "KENSHU_SECRET_FILE=" + env[0][len("KENSHU_DATA="):] + "/secret"
	env[1] = "KENSHU_DATA=" + t.TempDir()
	if _, err := run("restore", path); err != nil {
		t.Errorf("the backup does not come back: %v", err)
	}
}
