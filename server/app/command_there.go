package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"kenshu/storage/db"
)

// checkThere refuses where no installation is. Commands that look at one, or take it along, never make one: a mistyped KENSHU_DATA would be an empty one from then on.
func checkThere(ctx context.Context, cfg Config) error {
	if err := cfg.Check(); err != nil {
		return fmt.Errorf("configuration:\n%w", err)
	}
	file := cfg.path("kenshu.db")
	place := "the database of KENSHU_DB"
	if cfg.DB == "" {
		place = cfg.Data + " (KENSHU_DATA)"
		if _, err := os.Stat(file); errors.Is(err, fs.ErrNotExist) {
			return notThere(place)
		}
	}
	d, err := db.Open(ctx, db.Config{URL: cfg.DB, SQLitePath: file})
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.CheckWhole(ctx); err != nil {
		return err
	}
	made, err := d.Made(ctx)
	if err == nil && !made {
		err = notThere(place)
	}
	return err
}

func notThere(place string) error {
	return fmt.Errorf("there is no installation in %s: is it the place that the server uses? Nothing was made", place)
}
