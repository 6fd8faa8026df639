package tenant_test

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"kenshu/fault"
)

// pdfText reads a PDF's text with poppler, which the harness installs.
func pdfText(t *testing.T, pdf []byte) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sheet.pdf")
	if err := os.WriteFile(path, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	if keep := os.Getenv("KENSHU_KEEP_SHEET"); keep != "" {
		_ = os.WriteFile(keep, pdf, 0o600)
	}
	out, err := exec.CommandContext(t.Context(), "pdftotext", "-layout", path, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func asFault(err error, f **fault.Error) bool { return errors.As(err, f) }
