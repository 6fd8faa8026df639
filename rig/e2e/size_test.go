package e2e

import (
	"os"
	"testing"
)

// The whole product, page and demonstration included, stays below 80 MB (docs/decisions/0031-size-of-the-binary.md).
func TestBinaryStaysSmall(t *testing.T) {
	info, err := os.Stat("../../bin/kenshu")
	if err != nil {
		t.Fatalf("the binary is missing, run \"make build\" first: %v", err)
	}
	t.Logf("%.1f MB", float64(info.Size())/1e6)
	if info.Size() >= 80_000_000 {
		t.Errorf("the binary has %d bytes", info.Size())
	}
}
