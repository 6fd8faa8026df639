package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sort"
	"strings"
)

// A command of the binary. args are what follows its name.
type command struct {
	summary string
	run     func(ctx context.Context, cfg Config, args []string, out io.Writer) error
}

func commands() map[string]command {
	return map[string]command{
		"serve":     {"run the servers and the background jobs (the default)", serve},
		"migrate":   {"bring the database's schema up to this version and stop", migrate},
		"copy":      {"move an embedded installation: copy --to-db mysql://… --to-s3 s3://…", runCopy},
		"backup":    {"write everything into one file while serving: backup [--with-secret] FILE", runBackup},
		"restore":   {"bring a backup into an empty place: restore [--other-key] [--deletions FILE] FILE", runRestore},
		"adopt":     {"make the object store this database's, in place of another that is gone: adopt", adopt},
		"deletions": {"write the deletion journal into one file, for restore: deletions FILE", runDeletions},
		"operator":  {"operator create: register somebody of the association and print their first log-in", operator},
		"audit":     {"audit verify: check that nobody changed the logs", auditCommand},
		"job":       {"job list, job retry: show the background jobs, take up again one that was given up", jobCommand},
		"config":    {"print the settings in force and check them; secrets are not shown", printConfig},
		"version":   {"print the version", printVersion},
	}
}

// Command runs the command named by args[0]; none means serve.
func Command(ctx context.Context, args, environ []string, out io.Writer) error {
	name := "serve"
	if len(args) > 0 {
		name, args = args[0], args[1:]
	}
	all := commands()
	cmd, ok := all[name]
	if !ok {
		return usage(all, name)
	}
	cfg, err := ReadConfig(environ)
	if err != nil {
		return fmt.Errorf("configuration:\n%w", err)
	}
	return cmd.run(ctx, cfg, args, out)
}

func usage(all map[string]command, name string) error {
	var b strings.Builder
	fmt.Fprintf(&b, "there is no command %q; these are:\n", name)
	names := make([]string, 0, len(all))
	for n := range all {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		fmt.Fprintf(&b, "  %-9s %s\n", n, all[n].summary)
	}
	return errors.New(b.String())
}

func serve(ctx context.Context, cfg Config, _ []string, out io.Writer) error {
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

func migrate(ctx context.Context, cfg Config, _ []string, out io.Writer) error {
	a, err := New(ctx, cfg, Options{})
	if err != nil {
		return err
	}
	defer a.Close()
	_, err = fmt.Fprintln(out, "the schema is up to date")
	return err
}

func printConfig(_ context.Context, cfg Config, _ []string, out io.Writer) error {
	if err := cfg.Print(out); err != nil {
		return err
	}
	if err := cfg.Check(); err != nil {
		return fmt.Errorf("configuration:\n%w", err)
	}
	return nil
}

func printVersion(_ context.Context, _ Config, _ []string, out io.Writer) error {
	_, err := fmt.Fprintln(out, Version)
	return err
}
