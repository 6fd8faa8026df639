package fault

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"
)

// fullDatabase has the database refuse every INSERT as one without room does, until both replicas have met it. A real full disk in a rig would need an administrator, and
// MariaDB whose tablespace is given an end dies of it now and then; the embedded database meets its real limit in TestFullDiskOfTheEmbeddedMode.
func fullDatabase(t *testing.T, i *installation, r *result) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	managers := i.managers(t, ctx)
	i.toDB.set(func(p *proxy) { p.full = true })
	for _, c := range managers {
		c.refused(t, "database_full", "/api/v1/people", func() []byte { return fmt.Appendf(nil, `{"name":"満杯 %s"}`, newKey()) })
		c.saysFull(t, "database")
		if err := c.must(ctx, http.MethodGet, "/api/v1/people", "", nil, nil); err != nil {
			t.Errorf("reading without room: %v", err)
		}
	}
	r.recover(t, i, func() { i.toDB.set(func(p *proxy) { p.full = false }) })
}

// tableFull is what MariaDB and MySQL say to a statement that finds no room: ER_RECORD_FILE_FULL. The transaction stays as it was before the statement.
var tableFull = append([]byte{0xff, 1114 & 0xff, 1114 >> 8}, "#HY000The table 'some' is full"...)

// isInsert tells that a portion is one whole MySQL packet with an INSERT.
func isInsert(portion []byte) bool {
	return len(portion) > 12 && len(portion) == 4+int(portion[0])+int(portion[1])<<8+int(portion[2])<<16 && portion[4] == 3 && bytes.HasPrefix(portion[5:], []byte("INSERT "))
}

// fullStore has the object store say to every PUT that it is full, as MinIO does, until both replicas have met it.
func fullStore(t *testing.T, i *installation, r *result) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	managers := i.managers(t, ctx)
	i.toS3.set(func(p *proxy) { p.full = true })
	for _, c := range managers {
		c.refused(t, "storage_full", "/api/v1/people/imports?file_name=meibo.csv", func() []byte { return []byte("氏名,社員番号\r\n満杯 のとき,F-1\r\n") })
		c.saysFull(t, "objects")
	}
	r.recover(t, i, func() { i.toS3.set(func(p *proxy) { p.full = false }) })
	for _, c := range managers {
		if err := c.must(ctx, http.MethodPost, "/api/v1/people/imports?file_name=meibo.csv", newKey(), rawBody("氏名,社員番号\r\n満杯 のあと,F-2\r\n"), nil); err != nil {
			t.Errorf("with room again: %v", err)
		}
	}
}

// refused sends something until the answer is that there is no room. That the machine is busy may come between; that something is broken may not.
func (c *client) refused(t *testing.T, key, path string, body func() []byte) {
	t.Helper()
	waitFor(t, time.Minute, key, func() bool {
		status, out, err := c.once(t.Context(), http.MethodPost, path, c.token, newKey(), body())
		if err == nil && (status == http.StatusInternalServerError || status == http.StatusUnauthorized) {
			t.Fatalf("without room the answer is %d %.300s", status, out)
		}
		return err == nil && status == http.StatusServiceUnavailable && bytes.Contains(out, []byte(`"`+key+`"`))
	})
}

// saysFull waits until the readiness names a part without room; a replica that can still read is ready.
func (c *client) saysFull(t *testing.T, part string) {
	t.Helper()
	waitFor(t, 30*time.Second, "the word that "+part+" is full", func() bool {
		status, out, err := c.once(t.Context(), http.MethodGet, "/readyz", "", "", nil)
		_, full, _ := strings.Cut(string(out), "full: ")
		return err == nil && status == http.StatusOK && strings.Contains(full, part)
	})
}

// managers gives one manager at each replica with a session that holds. They log in only when they must: who has too many sessions loses the oldest.
func (i *installation) managers(t *testing.T, ctx context.Context) []*client {
	t.Helper()
	for n := len(i.office); n < len(i.replicas); n++ {
		alone := &installation{replicas: i.replicas[n : n+1], host: i.host, logins: i.logins}
		i.office = append(i.office, alone.client(i.login(t, "manager"), 0))
	}
	for _, c := range i.office {
		if err := c.must(ctx, http.MethodGet, "/api/v1/people?limit=1", "", nil, nil); err != nil {
			t.Fatal(err)
		}
	}
	return i.office
}
