// Package e2e runs the browser's tests (frontend/e2e) against whole installations made of the built binary.
package e2e

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"kenshu/rig/servers"
)

// TestMainJobEmbedded does the whole path in a real Chromium with nothing configured: one process, SQLite, a directory.
func TestMainJobEmbedded(t *testing.T) {
	browse(t, "main-job.ts", "embedded")
}

// TestMainJobReplicated does it on MariaDB, Redis and MinIO with two replicas, one of which is killed in the middle of a quiz.
func TestMainJobReplicated(t *testing.T) {
	browse(t, "main-job.ts", "replicated",
		"KENSHU_TEST_E2E_MYSQL="+servers.MariaDB(t), "KENSHU_TEST_E2E_REDIS="+servers.Redis(t), "KENSHU_TEST_E2E_S3="+servers.S3(t))
}

// TestSecondFactor sets up an app and a passkey, logs in with each, proves again before an export, and loses the factor.
func TestSecondFactor(t *testing.T) {
	browse(t, "second-factor.ts", "embedded")
}

// TestKeyboard does the manager's and the learner's part of the main job with keys alone.
func TestKeyboard(t *testing.T) {
	browse(t, "keyboard.ts", "embedded")
}

// TestPackage runs learning packages on the content origin: left and gone on with, cut off from the network, sequenced, and hostile.
func TestPackage(t *testing.T) {
	browse(t, "package.ts", "embedded")
}

// TestPackagesOfTools runs packages that a tool made, and packages laid out as the well-known tools publish them: launched, gone on with after the tab was closed, finished.
func TestPackagesOfTools(t *testing.T) {
	browse(t, "package-real.ts", "embedded")
}

// TestMedia has the editor's browser draw the pictures of a long PDF and of a film.
func TestMedia(t *testing.T) {
	browse(t, "media.ts", "embedded")
}

// TestEditor writes a page: what jsdom cannot show, because it lays nothing out.
func TestEditor(t *testing.T) {
	browse(t, "editor.ts", "embedded")
}

// TestPrivacy looks at what a browser keeps and shows of a person while they learn and after they logged out, and at what the built page says.
func TestPrivacy(t *testing.T) {
	browse(t, "privacy.ts", "embedded")
}

// TestHostileTexts opens every page of an organisation whose texts are all hostile; "make hostile" also presses every button, at both widths and in both languages.
func TestHostileTexts(t *testing.T) {
	browse(t, "hostile.ts", "quick")
}

func browse(t *testing.T, script, kind string, env ...string) {
	t.Helper()
	root, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	for _, built := range []string{"bin/kenshu", "frontend/node_modules/.bin/tsx"} {
		if _, err := os.Stat(filepath.Join(root, built)); err != nil {
			t.Fatalf("%s is missing: the browser tests need a build, run \"make build\" first", built)
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), 9*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node_modules/.bin/tsx", "e2e/"+script, kind)
	cmd.Dir = filepath.Join(root, "frontend")
	cmd.Env = append(append(os.Environ(), "KENSHU_TEST_CHROMIUM="+servers.Chromium(t)), env...)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 15 * time.Second
	out, err := cmd.CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatal(err)
	}
}
