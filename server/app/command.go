package app

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"sort"
	"strings"

	"github.com/gofrs/flock"
)

// A command of the binary. args are what follows its name.
type command struct {
	summary string
	run     func(ctx context.Context, cfg Config, args []string, out io.Writer) error
}

func commands() map[string]command {
	return map[string]command{
		"serve":     {"run the servers and the background jobs (the default)", bare(serve)},
		"migrate":   {"bring the database's schema up to this version and stop", bare(migrate)},
		"copy":      {"move an embedded installation: copy --to-db mysql://… --to-s3 s3://…", runCopy},
		"backup":    {"write everything into one file while serving: backup [--with-secret] FILE", runBackup},
		"restore":   {"bring a backup into an empty place: restore [--other-key] [--deletions FILE] FILE", runRestore},
		"adopt":     {"make the object store this database's, in place of another that is gone: adopt [--follow, --remove or --put-back]", runAdopt},
		"deletions": {"write the deletion journal into one file, for restore: deletions FILE", runDeletions},
		"operator":  {"operator create: register somebody of the association and print their first log-in", operator},
		"key":       {"key, key accept: compare the master key with the database's; go on with another where it is lost", keyCommand},
		"audit":     {"audit verify: check that nobody changed the logs", auditCommand},
		"job":       {"job list, job retry: show the background jobs, take up again one that was given up", jobCommand},
		"config":    {"print the settings in force and check them; secrets are not shown", bare(printConfig)},
		"version":   {"print the version", bare(printVersion)},
	}
}

// bare is a command that takes nothing more.
func bare(run func(ctx context.Context, cfg Config, out io.Writer) error) func(context.Context, Config, []string, io.Writer) error {
	return func(ctx context.Context, cfg Config, args []string, out io.Writer) error {
		if len(args) > 0 {
			return fmt.Errorf("%q is too much: this command takes nothing more, and nothing was done", args[0])
		}
		return run(ctx, cfg, out)
	}
}

// asksHelp tells what people type who want to know first.
func asksHelp(arg string) bool {
	return arg == "help" || arg == "-h" || arg == "-help" || arg == "--help"
}

// Command runs the command named by args[0]; none means serve. Whoever asks for help is told, and nothing is done.
func Command(ctx context.Context, args, environ []string, out io.Writer) error {
	name := "serve"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	all := commands()
	if name == "--version" {
		name = "version"
	}
	if asksHelp(name) {
		_, err := fmt.Fprint(out, list(all))
		return err
	}
	cmd, ok := all[name]
	if !ok {
		return fmt.Errorf("there is no command %q; these are:\n%s", name, list(all))
	}
	if slices.ContainsFunc(args, asksHelp) {
		_, err := fmt.Fprintf(out, "kenshu %s: %s\n", name, cmd.summary)
		return err
	}
	cfg, err := ReadConfig(environ)
	if err != nil {
		return fmt.Errorf("configuration:\n%w", err)
	}
	return cmd.run(ctx, cfg, args, plainWriter{out})
}

func list(all map[string]command) string {
	var b strings.Builder
	names := make([]string, 0, len(all))
	for n := range all {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		fmt.Fprintf(&b, "  %-9s %s\n", n, all[n].summary)
	}
	return b.String()
}

func serve(ctx context.Context, cfg Config, out io.Writer) error {
	release, err := lockData(cfg)
	if err != nil {
		return err
	}
	defer release()
	a, err := New(ctx, cfg, Options{})
	if err != nil {
		return err
	}
	defer a.Close()
	if cfg.Mode == ModeDemo {
		logins, err := a.demo(ctx)
		if err != nil {
			return err
		}
		if err := printDemo(out, cfg.PublicURL, cfg.path("demo.json"), logins); err != nil {
			return err
		}
	}
	return a.Run(ctx)
}

// lockData keeps a second server from the data directory where something of the installation lives in it or in the process: each would have its own sessions and its own
// view of the files. Replicas, which have all of that on servers, may share one. The lock ends with the process.
func lockData(cfg Config) (release func(), err error) {
	if cfg.DB != "" && cfg.Redis != "" && cfg.S3 != "" || cfg.Check() != nil { // what is wrong with the configuration is said later, all at once
		return func() {}, nil
	}
	if err := os.MkdirAll(cfg.Data, 0o700); err != nil {
		return nil, fmt.Errorf("data directory: %w", err)
	}
	if info, err := os.Lstat(cfg.path("serve.lock")); err == nil && !info.Mode().IsRegular() { // a pipe would wait for ever, a link lead elsewhere
		return nil, fmt.Errorf("%s is no file: remove it", cfg.path("serve.lock"))
	}
	lock := flock.New(cfg.path("serve.lock"))
	got, err := lock.TryLock()
	if err != nil {
		return nil, fmt.Errorf("lock the data directory: %w", err)
	}
	if !got {
		return nil, fmt.Errorf("kenshu serves from the data directory %s already: stop it first; several at once need KENSHU_DB, KENSHU_REDIS and KENSHU_S3 on servers", cfg.Data)
	}
	return func() { _ = lock.Close() }, nil
}

func migrate(ctx context.Context, cfg Config, out io.Writer) error {
	a, err := New(ctx, cfg, Options{})
	if err != nil {
		return err
	}
	defer a.Close()
	_, err = fmt.Fprintln(out, "the schema is up to date")
	return err
}

func printConfig(_ context.Context, cfg Config, out io.Writer) error {
	if err := cfg.Print(out); err != nil {
		return err
	}
	if err := cfg.Check(); err != nil {
		return fmt.Errorf("configuration:\n%w", err)
	}
	_, err := fmt.Fprintln(out, "The configuration is in order. Nothing was opened: whether database, cache, store and mail server answer, kenshu serve tells.")
	return err
}

func printVersion(_ context.Context, _ Config, out io.Writer) error {
	_, err := fmt.Fprintln(out, Version)
	return err
}
