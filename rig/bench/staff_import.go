package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"kenshu/storage/db"
)

// importFigures are of the import of a file of staff through the API, and of handing out their one-time passwords.
type importFigures struct {
	engine             db.Engine
	rows               int
	check, apply, hand time.Duration
	peakMB             float64
}

func (f importFigures) total() time.Duration { return f.check + f.apply + f.hand }

const importRows = 10_000

func measureImport(ctx context.Context, engine db.Engine, o options) (f importFigures, err error) {
	f = importFigures{engine: engine, rows: importRows}
	dir, err := os.MkdirTemp("", "kenshu-bench-")
	if err != nil {
		return f, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	cfg := db.Config{SQLitePath: filepath.Join(dir, "kenshu.db")}
	var env []string
	if engine == db.MySQL {
		address, drop, err := newDatabase(ctx)
		if err != nil {
			return f, err
		}
		defer drop()
		cfg, env = db.Config{URL: address}, []string{"KENSHU_DB=" + address}
	}
	p, _, err := start(ctx, o.binary, dir, env...)
	if err != nil {
		return f, err
	}
	defer func() { _ = p.stop() }()
	d, err := db.Open(ctx, cfg)
	if err != nil {
		return f, err
	}
	defer d.Close()
	people, err := newOffice(ctx, d, 0)
	if err != nil {
		return f, err
	}
	if err := p.must(ctx, http.MethodPost, "/api/v1/session", "application/json", loginBody(people.logins[0]), nil); err != nil {
		return f, err
	}
	if err := f.run(ctx, p); err != nil {
		return f, err
	}
	var staff, handed int
	err = d.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM person WHERE tenant_id = ?), (SELECT COUNT(*) FROM credential WHERE tenant_id = ? AND kind = 'one_time')`, people.id, people.id).Scan(&staff, &handed)
	if err != nil || staff != importRows+1 || handed != importRows {
		return f, errors.Join(fmt.Errorf("%d people, %d one-time passwords", staff, handed), err)
	}
	fmt.Printf("%+v total %v\n", f, f.total())
	return f, nil
}

func (f *importFigures) run(ctx context.Context, p *installation) (err error) {
	var found struct {
		ID    string
		Added int
		Wrong int
	}
	if f.check, err = timed(func() error {
		return p.must(ctx, http.MethodPost, "/api/v1/people/imports?file_name=staff.csv", "application/octet-stream", staffFile(), &found)
	}); err != nil {
		return err
	}
	if found.Added != importRows || found.Wrong != 0 {
		return fmt.Errorf("the file was read as %+v", found)
	}
	if f.apply, err = timed(func() error {
		return p.must(ctx, http.MethodPost, "/api/v1/people/imports/"+found.ID+"/apply", "", nil, nil)
	}); err != nil {
		return err
	}
	if f.hand, err = timed(func() error {
		body := fmt.Appendf(nil, `{"filter":{"import":"%s"}}`, found.ID)
		return p.must(ctx, http.MethodPost, "/api/v1/people/slips", "application/json", body, nil)
	}); err != nil {
		return err
	}
	_, f.peakMB, err = p.memory()
	return err
}

func timed(f func() error) (time.Duration, error) {
	begin := time.Now()
	err := f()
	return time.Since(begin), err
}

// staffFile is a list as a personnel office keeps it: no login IDs, so that the system makes them, and twenty departments.
func staffFile() []byte {
	var b bytes.Buffer
	b.WriteString("\ufeff氏名,フリガナ,社員番号,メール,部署,雇用区分,入職日\r\n")
	for i := range importRows {
		fmt.Fprintf(&b, "髙橋 %05d,たかはし %05d,%06d,s%d@example.jp,部署%02d,正社員,2026/4/1\r\n", i, i, i, i, i%20)
	}
	return b.Bytes()
}
