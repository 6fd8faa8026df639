// Command withservers starts the real servers the tests need, runs a command with their addresses in its environment,
// stops them and passes the command's exit code on:
//
//	go run ./rig/cmd/withservers [-memory] [-need mariadb,redis,minio,chromium] -- go test ./...
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"kenshu/rig/servers"
)

func main() {
	code, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "withservers:", err)
	}
	os.Exit(code)
}

func run() (int, error) {
	all := make([]string, len(servers.AllParts))
	for i, p := range servers.AllParts {
		all[i] = string(p)
	}
	need := flag.String("need", strings.Join(all, ","), "parts to obtain and start")
	memory := flag.Bool("memory", false, "keep temporary files and the servers' data in memory where there is room")
	flag.Parse()
	if flag.NArg() == 0 {
		return 2, errors.New("no command given: withservers [-memory] [-need parts] -- command args…")
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if *memory {
		remove, err := servers.InMemory()
		if err != nil {
			return 1, err
		}
		defer remove()
	}
	defer servers.Stop()
	var wanted []servers.Part
	for n := range strings.SplitSeq(*need, ",") {
		wanted = append(wanted, servers.Part(strings.TrimSpace(n)))
	}
	if err := servers.Provide(ctx, wanted...); err != nil {
		return 1, err
	}
	return command(ctx, flag.Args())
}

// command runs args to its end; an interrupt is passed on and the command may take its time to finish.
func command(ctx context.Context, args []string) (int, error) {
	cmd := exec.CommandContext(ctx, args[0], args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 30 * time.Second
	err := cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return 0, nil
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		return exit.ExitCode(), nil
	case errors.As(err, &exit):
		return 1, fmt.Errorf("%s was killed: %w", args[0], err)
	default:
		return 127, err
	}
}
