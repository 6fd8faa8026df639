package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"kenshu/storage/db"
	"kenshu/storage/sheet"
)

// importFigures are of the import of a file of staff through the API: everybody new, and the next night's file with every hundredth changed.
type importFigures struct {
	engine       db.Engine
	rows         int
	file         string
	check, apply time.Duration
	edit, login  time.Duration // the longest that a manual edit and a log-in took while the file was put into effect
	settled      time.Duration // after that, until rounds have taken everybody in and the log is sealed
	peakMB       float64
}

const importRows = 100_000

func measureImport(ctx context.Context, engine db.Engine, o options) (list []importFigures, err error) {
	dir, err := os.MkdirTemp("", "kenshu-bench-")
	if err != nil {
		return list, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	cfg := db.Config{SQLitePath: filepath.Join(dir, "kenshu.db")}
	var env []string
	if engine == db.MySQL {
		address, drop, err := newDatabase(ctx)
		if err != nil {
			return list, err
		}
		defer drop()
		cfg, env = db.Config{URL: address}, []string{"KENSHU_DB=" + address}
	}
	p, _, err := start(ctx, o.binary, dir, env...)
	if err != nil {
		return list, err
	}
	defer func() { _ = p.stop() }()
	d, err := db.Open(ctx, cfg)
	if err != nil {
		return list, err
	}
	defer d.Close()
	people, err := newOffice(ctx, d, 1)
	if err != nil {
		return list, err
	}
	if err := p.must(ctx, http.MethodPost, "/api/v1/session", "application/json", loginBody(people.logins[0]), nil); err != nil {
		return list, err
	}
	second, err := staffFile(sheet.XLSX, true)
	if err != nil {
		return list, err
	}
	first, err := staffFile(sheet.CSV, false)
	if err != nil {
		return list, err
	}
	for i, file := range []struct {
		name           string
		bytes          []byte
		added, changed int
	}{{"CSV, all new", first, importRows, 0}, {"XLSX, 1 % changed", second, 0, importRows / 100}} {
		f := importFigures{engine: engine, rows: importRows, file: file.name}
		if err := f.run(ctx, p, people.logins[1], file.bytes, file.added, file.changed); err != nil {
			return list, fmt.Errorf("%s: %w", file.name, err)
		}
		if f.settled, err = timed(func() error { return settle(ctx, d, people) }); err != nil {
			return list, err
		}
		var staff int
		if err := d.QueryRow(ctx, `SELECT COUNT(*) FROM person WHERE tenant_id = ?`, people.id).Scan(&staff); err != nil || staff != importRows+2 {
			return list, errors.Join(fmt.Errorf("%d people after file %d", staff, i+1), err)
		}
		fmt.Printf("%+v\n", f)
		list = append(list, f)
	}
	return list, nil
}

// settle waits until nothing of an import is left to do.
func settle(ctx context.Context, d *db.DB, people *office) error {
	for began := time.Now(); time.Since(began) < 10*time.Minute; time.Sleep(200 * time.Millisecond) {
		var jobs, unsealed int
		if err := d.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM job WHERE kind = 'person.import' AND state IN ('queued', 'running')), (SELECT COUNT(*) FROM audit_pending WHERE tenant_id = ?)`,
			people.id).Scan(&jobs, &unsealed); err != nil || jobs == 0 && unsealed < 100 {
			return err
		}
	}
	return errors.New("the import is still being acted on after ten minutes")
}

// importState is what the API tells of an import.
type importState struct {
	ID, State                        string
	Added, Changed, Unchanged, Wrong int
	Problem                          any
}

func (f *importFigures) run(ctx context.Context, p *installation, learner string, file []byte, added, changed int) (err error) {
	var found importState
	if f.check, err = timed(func() error {
		if err := p.must(ctx, http.MethodPost, "/api/v1/people/imports?file_name=staff", "application/octet-stream", file, &found); err != nil {
			return err
		}
		return p.wait(ctx, &found, "checked")
	}); err != nil {
		return err
	}
	if found.Added != added || found.Changed != changed || found.Wrong != 0 {
		return fmt.Errorf("the file was read as %+v", found)
	}
	others, stop := context.WithCancel(ctx)
	var busy sync.WaitGroup
	busy.Go(func() { f.login = p.longest(others, 3*time.Second, func() error { return p.login(others, learner) }) })
	busy.Go(func() {
		f.edit = p.longest(others, 200*time.Millisecond, func() error { return p.editSomebody(others) })
	})
	f.apply, err = timed(func() error {
		if err := p.must(ctx, http.MethodPost, "/api/v1/people/imports/"+found.ID+"/apply", "", nil, nil); err != nil {
			return err
		}
		return p.wait(ctx, &found, "applied")
	})
	stop()
	busy.Wait()
	if err != nil {
		return err
	}
	_, f.peakMB, err = p.memory()
	return err
}

// wait asks for an import until it has come to rest, which must be in the given state.
func (p *installation) wait(ctx context.Context, i *importState, state string) error {
	for {
		if err := p.must(ctx, http.MethodGet, "/api/v1/people/imports/"+i.ID, "", nil, i); err != nil {
			return err
		}
		switch i.State {
		case state:
			return nil
		case "waiting", "reading", "applying", "undoing":
			time.Sleep(100 * time.Millisecond)
		default:
			return fmt.Errorf("the import is %s: %v", i.State, i.Problem)
		}
	}
}

// longest does something again and again, with a pause, and gives how long it took at most. A failure counts as an hour, so that it is seen.
func (p *installation) longest(ctx context.Context, pause time.Duration, do func() error) (most time.Duration) {
	for ctx.Err() == nil {
		took, err := timed(do)
		if err != nil && ctx.Err() == nil {
			fmt.Println(err)
			took = time.Hour
		}
		if ctx.Err() == nil {
			most = max(most, took)
		}
		select {
		case <-ctx.Done():
		case <-time.After(pause):
		}
	}
	return most
}

func (p *installation) login(ctx context.Context, login string) error {
	other := *p
	other.token = ""
	return other.must(ctx, http.MethodPost, "/api/v1/session", "application/json", loginBody(login), nil)
}

// editSomebody adds a department: a write of the same organisation that the file does not touch.
func (p *installation) editSomebody(ctx context.Context) error {
	return p.must(ctx, http.MethodPost, "/api/v1/departments", "application/json", fmt.Appendf(nil, `{"name":"手作業 %s"}`, db.NewID()), nil)
}

func timed(f func() error) (time.Duration, error) {
	begin := time.Now()
	err := f()
	return time.Since(begin), err
}

// staffFile is a list as a personnel office keeps it: no login IDs, so that the system makes them, and twenty departments. In the next one every hundredth has
// another name.
func staffFile(format sheet.Format, next bool) ([]byte, error) {
	table := sheet.Table{Headings: []sheet.Heading{{Title: "氏名"}, {Title: "フリガナ"}, {Title: "社員番号"}, {Title: "メール"}, {Title: "部署"}, {Title: "雇用区分"}, {Title: "入職日"}}}
	table.Rows = func(yield func([]sheet.Cell, error) bool) {
		for i := range importRows {
			name := fmt.Sprintf("髙橋 %05d", i)
			if next && i%100 == 0 {
				name = fmt.Sprintf("山﨑 %05d", i)
			}
			if !yield(sheet.Texts(name, fmt.Sprintf("たかはし %05d", i), fmt.Sprintf("%06d", i), fmt.Sprintf("s%d@example.jp", i), fmt.Sprintf("部署%02d", i%20), "正社員", "2026/4/1"), nil) {
				return
			}
		}
	}
	var out bytes.Buffer
	_, err := sheet.Write(&out, format, table)
	return out.Bytes(), err
}
