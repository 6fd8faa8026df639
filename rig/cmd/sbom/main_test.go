package main

import (
	"bytes"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
)

// The bill of materials names every module that go.mod demands of the product and every package that the page depends on, each once, in its version.
func TestSBOM(t *testing.T) {
	t.Chdir("../../..")
	var text, again bytes.Buffer
	if err := write(&text, "v1"); err != nil {
		t.Fatal(err)
	}
	if err := write(&again, "v1"); err != nil || !bytes.Equal(text.Bytes(), again.Bytes()) {
		t.Errorf("two runs differ: %v", err)
	}
	var doc document
	if err := json.Unmarshal(text.Bytes(), &doc); err != nil || doc.Format != "CycloneDX" || doc.Metadata.Component.Version != "v1" {
		t.Fatalf("%+v, %v", doc.Metadata, err)
	}
	found, purl := map[string]string{}, regexp.MustCompile(`^pkg:(golang|npm)/[^@ ]+@[0-9v][^@ ]*$`)
	for _, c := range doc.Components {
		if !purl.MatchString(c.PURL) || c.Ref != c.PURL || found[c.PURL] != "" {
			t.Errorf("%q, or twice", c.PURL)
		}
		if strings.HasPrefix(c.PURL, "pkg:npm/") && (len(c.Hashes) != 1 || len(c.Licenses) != 1) {
			t.Errorf("%s has %d digests and %d licences", c.Name, len(c.Hashes), len(c.Licenses))
		}
		found[c.PURL] = c.Name
	}
	raw, err := os.ReadFile("frontend/package.json")
	if err != nil {
		t.Fatal(err)
	}
	var page struct{ Dependencies map[string]string }
	if err := json.Unmarshal(raw, &page); err != nil || len(page.Dependencies) < 5 {
		t.Fatal(page, err)
	}
	names := map[string]bool{}
	for _, name := range found {
		names[name] = true
	}
	for name := range page.Dependencies {
		if !names[name] {
			t.Errorf("%s, of which the page is built, is missing", name)
		}
	}
	for _, name := range []string{"std", "github.com/gin-gonic/gin", "modernc.org/sqlite", "golang.org/x/crypto"} {
		if !names[name] {
			t.Errorf("%s is missing", name)
		}
	}
	for _, name := range []string{"vite", "vitest", "pgregory.net/rapid"} {
		if names[name] {
			t.Errorf("%s is for building and testing only", name)
		}
	}
}
