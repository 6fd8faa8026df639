package servers

import (
	"context"
	"fmt"
	"os"
)

// Provide obtains and starts the named parts, all of them when none is named, and puts their addresses into this process's environment, from
// where the commands it runs have them. The caller calls Stop at its end.
func Provide(ctx context.Context, wanted ...Part) error {
	if len(wanted) == 0 {
		wanted = AllParts
	}
	tools, err := Obtain(ctx, wanted...)
	if err != nil {
		return err
	}
	for _, p := range wanted {
		name, value := EnvChromium, tools.Chromium
		switch p {
		case PartPoppler, PartCaddy, PartCompiler:
			continue // found by their names
		case PartChromium:
		default:
			name = parts[p].env
			if value, err = Start(ctx, p); err != nil {
				return err
			}
		}
		if err := os.Setenv(name, value); err != nil {
			return fmt.Errorf("set %s: %w", name, err)
		}
	}
	return nil
}
