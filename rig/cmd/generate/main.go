// Command generate writes what is derived from the code: the API description (server/api/openapi.json) and the
// rights matrix (docs/rights.md), what each role is given (docs/members.md), and the tables of settings and commands in README.md. CI runs it and fails when the files change.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"

	"kenshu/server/app"
	"kenshu/tenant"
)

func main() {
	if err := generate(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func generate() error {
	dir, err := os.MkdirTemp("", "kenshu-generate")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	cfg, err := app.ReadConfig([]string{"KENSHU_DATA=" + dir})
	if err != nil {
		return err
	}
	app.Version = "1"
	a, err := app.New(context.Background(), cfg, app.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer a.Close()
	doc, err := a.API.OpenAPI()
	if err != nil {
		return err
	}
	if err := os.WriteFile("server/api/openapi.json", doc, 0o644); err != nil {
		return err
	}
	readme, err := os.ReadFile("README.md")
	if err != nil {
		return err
	}
	text, err := app.Refer(string(readme))
	if err != nil {
		return fmt.Errorf("README.md: %w", err)
	}
	if err := os.WriteFile("README.md", []byte(text), 0o644); err != nil {
		return err
	}
	given, err := members(a, doc)
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile("docs/rights.md", []byte(rights(a)), 0o644), os.WriteFile("docs/members.md", []byte(given), 0o644))
}

// rights prints role × permission and, for each permission, the operations it opens.
func rights(a *app.App) string {
	var b strings.Builder
	b.WriteString("# Rights\n\nMade by `make generate` from tenant/policy.csv and the route table; do not edit.\n\n| permission |")
	for _, r := range tenant.Roles {
		fmt.Fprintf(&b, " %s |", r)
	}
	b.WriteString(" operations |\n|" + strings.Repeat("---|", len(tenant.Roles)+2) + "\n")
	for _, perm := range append([]string{"public"}, a.Services.Access.Permissions(tenant.Roles...)...) {
		fmt.Fprintf(&b, "| %s |", perm)
		for _, r := range tenant.Roles {
			mark := ""
			if perm == "public" || a.Services.Access.Allowing([]tenant.Role{r}, perm) != "" {
				mark = "yes"
			}
			fmt.Fprintf(&b, " %s |", mark)
		}
		var ops []string
		for _, route := range a.API.Routes() {
			if route.Permission == perm {
				ops = append(ops, route.ID)
			}
		}
		fmt.Fprintf(&b, " %s |\n", strings.Join(ops, ", "))
	}
	return b.String()
}
