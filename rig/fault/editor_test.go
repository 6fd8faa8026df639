package fault

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"fmt"
	"image"
	"image/png"
	"io"
	"net/http"
	"sync"
	"testing"
	"time"

	"kenshu/storage/db"
)

// editor uploads one picture after the other, each in one part.
type editor struct {
	*client
	mu     sync.Mutex
	stored map[string]bool // assets whose upload was acknowledged as complete
	open   map[string]bool // those of them that were still looked at when they were checked last
}

// upload begins an upload, sends its part until the store has taken it, and completes it.
func (e *editor) upload(ctx context.Context) error {
	file, err := picture()
	if err != nil {
		return err
	}
	var up struct {
		ID    string
		Asset struct{ ID string }
	}
	if err := e.must(ctx, http.MethodPost, "/api/v1/assets", newKey(), map[string]any{"kind": "image", "file_name": "絵.png", "size": len(file)}, &up); err != nil {
		return err
	}
	// A store that dies while it joins the parts may lose them: its answer is 409 upload_incomplete, and who uploads sends again what is missing.
	for sent := false; ; sent = true {
		if err := e.send(ctx, up.ID, file, sent); err != nil {
			return err
		}
		status, out, err := e.ask(ctx, http.MethodPost, "/api/v1/uploads/"+up.ID+"/complete", "", nil)
		if err != nil {
			return err
		}
		if status < 300 {
			break
		}
		if !bytes.Contains(out, []byte("upload_incomplete")) {
			return fmt.Errorf("complete answered %d: %.400s", status, out)
		}
		if err := e.again(ctx); err != nil {
			return err
		}
	}
	e.mu.Lock()
	e.stored[up.Asset.ID] = true
	e.mu.Unlock()
	time.Sleep(50 * time.Millisecond)
	return nil
}

// send puts the one part until the store has taken it. When something was sent before it asks first whether the part is still missing.
func (e *editor) send(ctx context.Context, upload string, file []byte, sent bool) error {
	for ; ; sent = true {
		if sent {
			var found struct {
				Received []struct{ Number int }
			}
			if err := e.must(ctx, http.MethodGet, "/api/v1/uploads/"+upload, "", nil, &found); err != nil || len(found.Received) == 1 {
				return err
			}
		}
		var parts struct {
			Items []struct {
				URL string
			}
		}
		if err := e.must(ctx, http.MethodPost, "/api/v1/uploads/"+upload+"/parts", "", map[string]any{"numbers": []int{1}}, &parts); err != nil {
			return err
		}
		if len(parts.Items) != 1 {
			return fmt.Errorf("asked for one part, was given %d", len(parts.Items))
		}
		if err := e.put(ctx, parts.Items[0].URL, file); err == nil {
			return nil
		}
		if err := e.again(ctx); err != nil {
			return err
		}
	}
}

// again waits a moment before another try.
func (e *editor) again(ctx context.Context) error {
	e.retries++
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(50 * time.Millisecond):
		return nil
	}
}

func (e *editor) put(ctx context.Context, link string, file []byte) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPut, link, bytes.NewReader(file))
	if err != nil {
		return err
	}
	res, err := e.http.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	out, err := io.ReadAll(res.Body)
	if err != nil {
		return err
	}
	if res.StatusCode >= 300 {
		return fmt.Errorf("part: %d %.200s", res.StatusCode, out)
	}
	return nil
}

// picture draws noise, so that no two files are the same.
func picture() ([]byte, error) {
	p := image.NewGray(image.Rect(0, 0, 64, 64))
	_, _ = rand.Read(p.Pix) // never fails
	var b bytes.Buffer
	err := png.Encode(&b, p)
	return b.Bytes(), err
}

// check reads every acknowledged file back out of the store. What is still looked at may go on until settle.
func (e *editor) check(t testing.TB, raw *sql.DB, c *count) {
	t.Helper()
	e.open = map[string]bool{}
	for id := range e.stored {
		c.acknowledged++
		asset, err := db.ParseID(id)
		if err != nil {
			t.Fatal(err)
		}
		var state, key string
		var digest []byte
		if err := raw.QueryRow(`SELECT state, object_key, COALESCE(sha256, '') FROM asset WHERE id = ?`, asset).Scan(&state, &key, &digest); err != nil {
			t.Errorf("file %s was acknowledged and its row says %v", id, err)
			c.lost++
			continue
		}
		if state == "processing" {
			e.open[id] = true
			continue
		}
		file, err := e.i.s3.Object(key)
		if sum := sha256.Sum256(file); err != nil || state != "ready" || !bytes.Equal(sum[:], digest) {
			c.lost++
			t.Errorf("file %s was acknowledged and is %q, %d bytes in the store (%v)", id, state, len(file), err)
		}
	}
}

// settle waits, when all faults are over, until every acknowledged file has been looked at, also those whose work was broken off, and checks them all once more.
func (l *ledger) settle(t *testing.T) {
	t.Helper()
	began, e := time.Now(), l.editor
	for l.check(t); len(e.open) > 0 && time.Since(began) < 10*time.Minute; e.check(t, openDatabase(t, l.i.db.URL), &count{}) {
		time.Sleep(2 * time.Second)
	}
	for id := range e.open {
		t.Errorf("file %s was acknowledged and nobody has looked at it within %s after the last fault", id, time.Since(began).Round(time.Second))
	}
	tell(t, "%d files were acknowledged while all this happened; %s after the last fault each had been looked at and was in the store, whole.", len(e.stored), time.Since(began).Round(time.Second))
}
