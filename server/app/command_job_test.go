package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"testing"

	"kenshu/rig/kit"
	"kenshu/server/app"
	"kenshu/storage/db"
)

// What was given up is listed, and runs again after the operator says so.
func TestOperatorTakesUpAFailedJob(t *testing.T) {
	environ := []string{"KENSHU_DATA=" + t.TempDir()}
	cfg, err := app.ReadConfig(environ)
	if err != nil {
		t.Fatal(err)
	}
	a, err := app.New(t.Context(), cfg, app.Options{Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	job := db.Job{ID: db.NewID(), Kind: "test", Max: 1}
	if err := a.DB.Tx(t.Context(), func(tx *db.Tx) error { return tx.Enqueue(t.Context(), kit.NewClock().Now(), job) }); err != nil {
		t.Fatal(err)
	}
	w := &db.Worker{DB: a.DB, Owner: "test", Log: slog.New(slog.DiscardHandler), Handlers: map[string]db.Handler{
		"test": func(context.Context, db.Job, func(int64, int64)) error { return errors.New("no luck") },
	}}
	if _, err := w.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
	a.Close()
	list := func(state string) (lines []struct{ ID, State, LastError string }) {
		t.Helper()
		var out bytes.Buffer
		if err := app.Command(t.Context(), []string{"job", "list", state}, environ, &out); err != nil {
			t.Fatal(err)
		}
		for dec := json.NewDecoder(&out); dec.More(); {
			var l struct {
				ID, State string
				LastError string `json:"last_error"`
			}
			if err := dec.Decode(&l); err != nil {
				t.Fatal(err)
			}
			lines = append(lines, struct{ ID, State, LastError string }(l))
		}
		return lines
	}
	if got := list("failed"); len(got) != 1 || got[0].ID != job.ID.String() || got[0].LastError != "no luck" {
		t.Fatal(got)
	}
	retry := []string{"job", "retry", job.ID.String()}
	if err := app.Command(t.Context(), retry, environ, &bytes.Buffer{}); err != nil {
		t.Fatal(err)
	}
	if got := list("queued"); len(got) != 1 {
		t.Fatal(got)
	}
	for _, wrong := range [][]string{retry, {"job"}, {"job", "list", "x"}, {"job", "retry", "x"}} {
		if err := app.Command(t.Context(), wrong, environ, &bytes.Buffer{}); err == nil {
			t.Errorf("%v was taken", wrong)
		}
	}
}
