package servers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"
)

// minioModule is the last release of MinIO's source; the project publishes no binaries any more.
const minioModule = "github.com/minio/minio@v0.0.0-20260212201848-7aac2a2c5b7c"

// caddyModule is Caddy as docker-compose.yml has it.
const caddyModule = "github.com/caddyserver/caddy/v2/cmd/caddy@v2.10.2"

// Tools are the programs found or installed; a part that was not asked for stays empty.
type Tools struct {
	MariaDB        string // mariadbd
	MariaDBInstall string // mariadb-install-db
	Redis          string
	MinIO          string
	Chromium       string
	PDFToText      string // poppler's pdftotext; pdftoppm and pdfinfo are beside it
	Caddy          string
	Compiler       string // of C: "go test -race" links with it
}

// program says under which names a program is known and how it is come by.
type program struct {
	part   Part
	path   func(*Tools) *string
	names  []string
	debian []string // packages that hold it
	module string   // Go module that builds it
}

var programs = []program{
	{part: PartMariaDB, path: func(t *Tools) *string { return &t.MariaDB }, names: []string{"mariadbd"}, debian: []string{"mariadb-server"}},
	{part: PartMariaDB, path: func(t *Tools) *string { return &t.MariaDBInstall }, names: []string{"mariadb-install-db"}, debian: []string{"mariadb-server"}},
	{part: PartRedis, path: func(t *Tools) *string { return &t.Redis }, names: []string{"redis-server"}, debian: []string{"redis-server"}},
	{part: PartMinIO, path: func(t *Tools) *string { return &t.MinIO }, names: []string{"minio"}, module: minioModule},
	{part: PartChromium, path: func(t *Tools) *string { return &t.Chromium }, names: []string{"chromium", "chromium-browser", "google-chrome"},
		debian: []string{"chromium", "fonts-noto-cjk"}},
	{part: PartPoppler, path: func(t *Tools) *string { return &t.PDFToText }, names: []string{"pdftotext"}, debian: []string{"poppler-utils"}},
	{part: PartCaddy, path: func(t *Tools) *string { return &t.Caddy }, names: []string{"caddy"}, module: caddyModule},
	{part: PartCompiler, path: func(t *Tools) *string { return &t.Compiler }, names: []string{"gcc"}, debian: []string{"gcc", "libc6-dev"}},
}

// Obtain finds the programs of the wanted parts (all of them when none is named) on PATH, among the system's own programs and in
// the tools directory ($KENSHU_TOOLS, by default kenshu-tools/bin in the user's cache directory), and installs what is
// missing: Debian packages with apt-get as root or by passwordless sudo, MinIO with go install. The error has one line for
// every part that could not be had.
func Obtain(ctx context.Context, wanted ...Part) (Tools, error) {
	var tools Tools
	if len(wanted) == 0 {
		wanted = AllParts
	}
	for _, w := range wanted {
		if !slices.Contains(AllParts, w) {
			return tools, fmt.Errorf("unknown part %q; known are %v", w, AllParts)
		}
	}
	dir, err := toolsDir()
	if err != nil {
		return tools, err
	}
	missing := find(&tools, dir, wanted)
	if len(missing) == 0 {
		return tools, nil
	}
	lock := flock.New(filepath.Join(dir, ".lock")) // two test processes must not install at once
	if err := lock.Lock(); err != nil {
		return tools, fmt.Errorf("lock %s: %w", dir, err)
	}
	defer func() { _ = lock.Unlock() }()
	why := install(ctx, dir, find(&tools, dir, wanted))
	var errs []error
	for _, p := range find(&tools, dir, wanted) {
		errs = append(errs, fmt.Errorf("%s: no %s found and %w", p.part, p.names[0], why(p)))
	}
	return tools, errors.Join(errs...)
}

func toolsDir() (string, error) {
	dir := os.Getenv("KENSHU_TOOLS")
	if dir == "" {
		cache, err := os.UserCacheDir()
		if err != nil {
			return "", fmt.Errorf("no tools directory; set KENSHU_TOOLS: %w", err)
		}
		dir = filepath.Join(cache, "kenshu-tools", "bin")
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("tools directory: %w", err)
	}
	return dir, nil
}

// find fills in what is there and returns what is not.
func find(tools *Tools, dir string, wanted []Part) (missing []program) {
	for _, p := range programs {
		if !slices.Contains(wanted, p.part) {
			continue
		}
		if path := locate(p, dir); path != "" {
			*p.path(tools) = path
		} else {
			missing = append(missing, p)
		}
	}
	return missing
}

func locate(p program, dir string) string {
	if named := os.Getenv(EnvChromium); p.part == PartChromium && named != "" {
		return named
	}
	for _, name := range p.names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
		for _, place := range []string{dir, "/usr/sbin", "/usr/local/sbin", "/usr/local/bin"} {
			if path, err := exec.LookPath(filepath.Join(place, name)); err == nil {
				return path
			}
		}
	}
	return ""
}

// install tries to bring every missing program and returns a function that says why one is still missing.
func install(ctx context.Context, dir string, missing []program) func(program) error {
	var packages []string
	built := map[string]error{}
	for _, p := range missing {
		packages = append(packages, p.debian...)
		if p.module != "" {
			built[p.module] = goInstall(ctx, dir, p.module)
		}
	}
	slices.Sort(packages)
	packages = slices.Compact(packages)
	var aptErr error
	if len(packages) > 0 {
		aptErr = aptInstall(ctx, packages)
	}
	return func(p program) error {
		err := aptErr
		if p.module != "" {
			err = built[p.module]
		}
		if err == nil {
			err = errors.New("installing succeeded without bringing it")
		}
		return err
	}
}

func goInstall(ctx context.Context, dir, module string) error {
	fmt.Fprintf(os.Stderr, "building %s, which takes some minutes\n", module)
	cmd := exec.CommandContext(ctx, "go", "install", module)
	cmd.Env = append(os.Environ(), "GOBIN="+dir, "GOFLAGS=", "GOOS=", "GOARCH=")
	return run(cmd)
}

func aptInstall(ctx context.Context, packages []string) error {
	apt, err := exec.LookPath("apt-get")
	if err != nil {
		return fmt.Errorf("there is no apt-get to install %s: install it yourself", strings.Join(packages, " "))
	}
	// RUNLEVEL=1 keeps the packages from starting their own service on the standard port.
	prefix := []string{"env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", apt}
	if os.Geteuid() != 0 {
		if err := exec.CommandContext(ctx, "sudo", "-n", "true").Run(); err != nil {
			return fmt.Errorf("neither root nor passwordless sudo: run apt-get install %s", strings.Join(packages, " "))
		}
		prefix = append([]string{"sudo", "-n"}, prefix...)
	}
	fmt.Fprintf(os.Stderr, "installing %s\n", strings.Join(packages, " "))
	install := append(append(slices.Clone(prefix), "install", "-y", "--no-install-recommends"), packages...)
	if err := run(exec.CommandContext(ctx, install[0], install[1:]...)); err == nil {
		return nil
	}
	update := append(slices.Clone(prefix), "update") // a fresh machine has no package lists yet
	if err := run(exec.CommandContext(ctx, update[0], update[1:]...)); err != nil {
		return err
	}
	return run(exec.CommandContext(ctx, install[0], install[1:]...))
}

// run runs cmd and, when it fails, says so in one line with the last line it printed.
func run(cmd *exec.Cmd) error {
	out, err := cmd.CombinedOutput()
	if err == nil {
		return nil
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	return fmt.Errorf("%s failed: %w: %s", strings.Join(cmd.Args, " "), err, lines[len(lines)-1])
}
