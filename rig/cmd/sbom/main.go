// Command sbom writes what the binary is made of, as CycloneDX 1.6, to standard output: the Go modules that the server's packages come from, and the npm packages that
// the page is built from (not those for building alone). It asks no network.
package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
)

func main() {
	version := "development"
	if len(os.Args) > 1 {
		version = os.Args[1]
	}
	if err := write(os.Stdout, version); err != nil {
		fmt.Fprintln(os.Stderr, "sbom:", err)
		os.Exit(1)
	}
}

// document is the part of CycloneDX that is used.
type document struct {
	Format     string      `json:"bomFormat"`
	Spec       string      `json:"specVersion"`
	Version    int         `json:"version"`
	Metadata   metadata    `json:"metadata"`
	Components []component `json:"components"`
}

type metadata struct {
	Component component `json:"component"`
}

type component struct {
	Type     string    `json:"type"`
	Ref      string    `json:"bom-ref"`
	Name     string    `json:"name"`
	Version  string    `json:"version"`
	PURL     string    `json:"purl,omitempty"`
	Hashes   []hash    `json:"hashes,omitempty"`
	Licenses []license `json:"licenses,omitempty"`
}

type hash struct {
	Algorithm string `json:"alg"`
	Content   string `json:"content"`
}

type license struct {
	Expression string `json:"expression"`
}

func write(w io.Writer, version string) error {
	doc := document{Format: "CycloneDX", Spec: "1.6", Version: 1, Metadata: metadata{component{Type: "application", Ref: "kenshu", Name: "kenshu", Version: version}}}
	modules, err := goModules()
	if err != nil {
		return err
	}
	packages, err := npmPackages("frontend/package-lock.json")
	if err != nil {
		return err
	}
	doc.Components = slices.CompactFunc(append(modules, packages...), func(a, b component) bool { return a.Ref == b.Ref })
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", " ")
	encoder.SetEscapeHTML(false)
	return encoder.Encode(doc)
}

// goModules lists the modules whose packages the server needs, and Go itself.
func goModules() ([]component, error) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{with .Module}}{{if not .Main}}{{.Path}} {{.Version}}{{end}}{{end}}", "./server").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	lines := strings.Fields(strings.ReplaceAll(strings.TrimSpace(string(out)), " ", "@"))
	slices.Sort(lines)
	language, err := exec.Command("go", "env", "GOVERSION").Output()
	if err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	var list []component
	for _, line := range append([]string{"std@" + strings.TrimPrefix(strings.TrimSpace(string(language)), "go")}, slices.Compact(lines)...) {
		name, version, _ := strings.Cut(line, "@")
		purl := "pkg:golang/" + name + "@" + version
		list = append(list, component{Type: "library", Ref: purl, Name: name, Version: version, PURL: purl})
	}
	return list, nil
}

// npmPackages lists what a lock file installs beside what is for development.
func npmPackages(path string) ([]component, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var lock struct {
		Packages map[string]struct {
			Version, Integrity, License string
			Dev                         bool
		}
	}
	if err := json.Unmarshal(text, &lock); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	var list []component
	for at, p := range lock.Packages {
		i := strings.LastIndex(at, "node_modules/")
		if i < 0 || p.Dev {
			continue
		}
		name := at[i+len("node_modules/"):]
		purl := "pkg:npm/" + strings.Replace(name, "@", "%40", 1) + "@" + p.Version
		one := component{Type: "library", Ref: purl, Name: name, Version: p.Version, PURL: purl}
		if sum, ok := strings.CutPrefix(p.Integrity, "sha512-"); ok {
			raw, err := base64.StdEncoding.DecodeString(sum)
			if err != nil {
				return nil, fmt.Errorf("%s: %s: %w", path, name, err)
			}
			one.Hashes = []hash{{"SHA-512", hex.EncodeToString(raw)}}
		}
		if p.License != "" {
			one.Licenses = []license{{p.License}}
		}
		list = append(list, one)
	}
	slices.SortFunc(list, func(a, b component) int { return strings.Compare(a.Ref, b.Ref) })
	return list, nil
}
