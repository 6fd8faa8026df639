package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"kenshu/rig/servers"
	"kenshu/storage/db"
)

// site is the built product with an organisation whose manager also writes courses: on SQLite and a directory, or on MariaDB and MinIO.
type site struct {
	*installation
	store string
	staff string // log-in of somebody who learns

	manager string // log-in of the one in whose name everything else is asked
	close   []func()
}

func newSite(ctx context.Context, engine db.Engine, o options) (s *site, err error) {
	s = &site{store: "directory"}
	defer func() {
		if err != nil {
			s.end()
		}
	}()
	dir, err := os.MkdirTemp("", "kenshu-bench-")
	if err != nil {
		return s, err
	}
	s.close = append(s.close, func() { _ = os.RemoveAll(dir) })
	cfg := db.Config{SQLitePath: filepath.Join(dir, "kenshu.db")}
	var env []string
	if engine == db.MySQL {
		address, drop, err := newDatabase(ctx)
		if err != nil {
			return s, err
		}
		s.close = append(s.close, drop)
		bucket, remove, err := servers.NewBucket(ctx)
		if err != nil {
			return s, err
		}
		s.close = append(s.close, remove)
		s.store, cfg, env = "MinIO", db.Config{URL: address}, []string{"KENSHU_DB=" + address, "KENSHU_S3=" + bucket}
	}
	if s.installation, _, err = start(ctx, o.binary, dir, env...); err != nil {
		return s, err
	}
	s.close = append(s.close, func() { _ = s.stop() })
	d, err := db.Open(ctx, cfg)
	if err != nil {
		return s, err
	}
	people, err := newOffice(ctx, d, 1)
	if err == nil {
		_, err = d.Exec(ctx, `INSERT INTO person_role (tenant_id, person_id, role) SELECT tenant_id, person_id, 'editor' FROM person_role WHERE tenant_id = ? AND role = 'manager'`, people.id)
	}
	if err := errors.Join(err, d.Close()); err != nil {
		return s, err
	}
	s.manager, s.staff = people.logins[0], people.logins[1]
	return s, s.must(ctx, http.MethodPost, "/api/v1/session", "application/json", loginBody(people.logins[0]), nil)
}

func (s *site) end() {
	for i := len(s.close) - 1; i >= 0; i-- {
		s.close[i]()
	}
}

// send asks with a JSON body.
func (s *site) send(ctx context.Context, method, path string, body, to any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return s.must(ctx, method, "/api/v1"+path, "application/json", raw, to)
}

// upload sends a file as the page does, one part after the other, and gives its id once it is whole.
func (s *site) upload(ctx context.Context, kind, name string, file io.ReaderAt, size int64) (string, error) {
	var begun struct {
		ID    string              `json:"id"`
		Asset struct{ ID string } `json:"asset"`
		Part  int64               `json:"part_size"`
		Count int                 `json:"part_count"`
	}
	if err := s.send(ctx, http.MethodPost, "/assets", map[string]any{"kind": kind, "file_name": name, "size": size}, &begun); err != nil {
		return "", err
	}
	for n := 1; n <= begun.Count; n++ {
		var links struct{ Items []struct{ URL string } }
		if err := s.send(ctx, http.MethodPost, "/uploads/"+begun.ID+"/parts", map[string]any{"numbers": []int{n}}, &links); err != nil {
			return "", err
		}
		from := int64(n-1) * begun.Part
		if err := s.put(ctx, links.Items[0].URL, io.NewSectionReader(file, from, min(begun.Part, size-from))); err != nil {
			return "", err
		}
	}
	return begun.Asset.ID, s.must(ctx, http.MethodPost, "/api/v1/uploads/"+begun.ID+"/complete", "", nil, nil)
}

func (s *site) put(ctx context.Context, address string, part *io.SectionReader) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodPut, address, part)
	if err != nil {
		return err
	}
	r.ContentLength = part.Size()
	r.Header.Set("Origin", "http://"+s.host)
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer w.Body.Close()
	if answer, err := io.ReadAll(w.Body); err != nil || w.StatusCode >= 300 {
		return errors.Join(fmt.Errorf("a part was answered %d: %.300s", w.StatusCode, bytes.TrimSpace(answer)), err)
	}
	return nil
}

// ready waits until the file was looked at and can be put into a lesson.
func (s *site) ready(ctx context.Context, asset string) error {
	var a struct{ State, Problem string }
	return s.until(ctx, "/assets/"+asset, &a, func() (bool, error) {
		if a.State == "refused" {
			return false, errors.New(a.Problem)
		}
		return a.State == "ready", nil
	})
}

// until asks again and again until done says so.
func (s *site) until(ctx context.Context, path string, to any, done func() (bool, error)) error {
	for began := time.Now(); time.Since(began) < 10*time.Minute; time.Sleep(50 * time.Millisecond) {
		if err := s.must(ctx, http.MethodGet, "/api/v1"+path, "", nil, to); err != nil {
			return err
		}
		if ended, err := done(); ended || err != nil {
			return err
		}
	}
	return fmt.Errorf("%s: nothing came of it in ten minutes", path)
}
