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
		body := fmt.Sprintf(`{"name":"満杯 %s"}`, newKey())
		status, out, err := c.once(ctx, http.MethodPost, "/api/v1/people", c.token, newKey(), []byte(body))
		if err != nil || status != http.StatusServiceUnavailable || !bytes.Contains(out, []byte(`"database_full"`)) {
			t.Errorf("a database without room is answered with %d %.300s %v", status, out, err)
		}
		if status, out, err := c.once(ctx, http.MethodGet, "/readyz", "", "", nil); err != nil || status != http.StatusOK || !strings.Contains(string(out), "full: database") {
			t.Errorf("the readiness without room: %d %s %v", status, out, err)
		}
		if status, out, err := c.once(ctx, http.MethodGet, "/api/v1/people", c.token, "", nil); err != nil || status != http.StatusOK {
			t.Errorf("reading without room: %d %.200s %v", status, out, err)
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
		file := []byte("氏名,社員番号\r\n満杯 のとき,F-1\r\n")
		status, out, err := c.once(ctx, http.MethodPost, "/api/v1/people/imports?file_name=meibo.csv", c.token, newKey(), file)
		if err != nil || status != http.StatusServiceUnavailable || !bytes.Contains(out, []byte(`"storage_full"`)) {
			t.Errorf("a store without room is answered with %d %.300s %v", status, out, err)
		}
		if status, out, err := c.once(ctx, http.MethodGet, "/readyz", "", "", nil); err != nil || status != http.StatusOK || !strings.Contains(string(out), "objects") {
			t.Errorf("the readiness without room: %d %s %v", status, out, err)
		}
	}
	r.recover(t, i, func() { i.toS3.set(func(p *proxy) { p.full = false }) })
	for _, c := range managers {
		if err := c.must(ctx, http.MethodPost, "/api/v1/people/imports?file_name=meibo.csv", newKey(), rawBody("氏名,社員番号\r\n満杯 のあと,F-2\r\n"), nil); err != nil {
			t.Errorf("with room again: %v", err)
		}
	}
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
