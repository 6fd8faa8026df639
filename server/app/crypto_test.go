package app_test

import (
	"go/ast"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// docs/crypto.md lists every file of the product that imports cryptography with what it imports, and every purpose for which a key is derived.
func TestCryptoInventory(t *testing.T) {
	text, err := os.ReadFile("../../docs/crypto.md")
	if err != nil {
		t.Fatal(err)
	}
	listed, name := map[string][]string{}, regexp.MustCompile("`([^`]+)`")
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || strings.Contains(cells[1], "-") || strings.TrimSpace(cells[1]) == "imports" {
			continue
		}
		for _, file := range name.FindAllStringSubmatch(cells[3], -1) {
			listed[file[1]] = append(listed[file[1]], strings.Split(strings.TrimSpace(cells[1]), ", ")...)
		}
	}
	purpose := regexp.MustCompile(`\.key\("([^"]+)"\)|Purpose\s+= "([^"]+)"`)
	purposes := 0
	eachFile(t, func(file string, parsed *ast.File, source string) {
		for _, m := range purpose.FindAllStringSubmatch(source, -1) {
			purposes++
			if said := "| `" + m[1] + m[2] + "` |"; !strings.Contains(string(text), said) {
				t.Errorf("%s derives a key that docs/crypto.md does not list: %s", file, said)
			}
		}
		imports := cryptoImports(parsed)
		slices.Sort(listed[file])
		if !slices.Equal(imports, listed[file]) {
			t.Errorf("%s imports %v, docs/crypto.md says %v", file, imports, listed[file])
		}
		delete(listed, file)
	})
	for file := range listed {
		t.Errorf("docs/crypto.md lists %s, which is not there", file)
	}
	if purposes < 8 {
		t.Errorf("only %d purposes of keys were found", purposes)
	}
}

// cryptoImports gives the last parts of the cryptographic packages that a file imports, sorted.
func cryptoImports(parsed *ast.File) (out []string) {
	for _, i := range parsed.Imports {
		pkg := strings.Trim(i.Path.Value, `"`)
		if strings.HasPrefix(pkg, "crypto/") || strings.HasPrefix(pkg, "golang.org/x/crypto") {
			out = append(out, path.Base(pkg))
		}
	}
	slices.Sort(out)
	return out
}
