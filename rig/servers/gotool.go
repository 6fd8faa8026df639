package servers

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"strings"

	"github.com/gofrs/flock"
)

// GoTool gives the path of the program that the Go package module@version builds; it is built once into the tools directory.
func GoTool(ctx context.Context, module string) (string, error) {
	dir, err := toolsDir()
	if err != nil {
		return "", err
	}
	pkg, version, ok := strings.Cut(module, "@")
	if !ok {
		return "", fmt.Errorf("%s names no version", module)
	}
	name := path.Base(pkg)
	lock := flock.New(filepath.Join(dir, ".lock-"+name))
	if err := lock.Lock(); err != nil {
		return "", fmt.Errorf("lock %s: %w", dir, err)
	}
	defer func() { _ = lock.Unlock() }()
	program := filepath.Join(dir, name)
	if built(ctx, program, version) {
		return program, nil
	}
	if err := goInstall(ctx, dir, module); err != nil {
		return "", err
	}
	if !built(ctx, program, version) {
		return "", fmt.Errorf("building %s left no %s of that version", module, program)
	}
	return program, nil
}

// built asks the go command which version a program was made from.
func built(ctx context.Context, program, version string) bool {
	if _, err := os.Stat(program); err != nil {
		return false
	}
	out, err := exec.CommandContext(ctx, "go", "version", "-m", program).Output()
	return err == nil && strings.Contains(string(out), "\t"+version+"\t")
}
