// Command kenshu is the whole product in one binary: server, page, migrations and the operator's commands.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"kenshu/server/app"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := app.Command(ctx, os.Args[1:], os.Environ(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "kenshu: "+app.Plain(err.Error()))
		os.Exit(app.ExitCode(err)) //nolint:gocritic // the deferred stop has nothing left to do
	}
}
