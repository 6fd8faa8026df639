package tenant_test

import (
	"context"
	"io"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"kenshu/rig/kit"
	"kenshu/storage/blob"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// crowd counts who puts objects at the same moment.
type crowd struct {
	blob.Objects
	now, most atomic.Int32
}

// Put takes its time.
func (c *crowd) Put(ctx context.Context, key string, r io.Reader, size int64, contentType string) (blob.Info, error) {
	n := c.now.Add(1)
	defer c.now.Add(-1)
	for most := c.most.Load(); n > most && !c.most.CompareAndSwap(most, n); most = c.most.Load() {
	}
	time.Sleep(20 * time.Millisecond)
	return c.Objects.Put(ctx, key, r, size, contentType)
}

// However many files come at once, two are looked at; all are answered.
func TestImportsTakeTurns(t *testing.T) {
	o := newOffice(t, kit.SQLite(t))
	objects := &crowd{Objects: o.objects}
	imports := tenant.NewImports(o.db, objects, o.people, o.audit, o.clock.Now)
	ctx := o.manager(t)
	var all sync.WaitGroup
	for range 12 {
		all.Go(func() {
			if _, err := imports.Check(ctx, o.world.A.ID, db.NewID(), "名簿.csv", []byte("氏名\n佐藤 花子\n")); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if most := objects.most.Load(); most != 2 {
		t.Errorf("%d files were looked at together", most)
	}
}

// The file that was applied is evidence: the same key with another file does not replace it.
func TestImportFileIsNotReplaced(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx := o.manager(t)
		id := db.NewID()
		if _, err := o.imports.Check(ctx, o.world.A.ID, id, "a.csv", []byte("氏名\n佐藤 花子\n")); err != nil {
			t.Fatal(err)
		}
		if _, err := o.imports.Apply(ctx, o.world.A.ID, id); err != nil {
			t.Fatal(err)
		}
		again, err := o.imports.Check(ctx, o.world.A.ID, id, "b.csv", []byte("氏名\n鈴木 一郎\n高橋 次郎\n"))
		if err != nil || again.State != tenant.ImportApplied || again.FileName != "a.csv" {
			t.Fatalf("%+v, %v", again, err)
		}
		page, err := o.imports.Rows(ctx, o.world.A.ID, id, "", db.Page{Limit: 10})
		if err != nil || len(page.Items) != 1 || page.Items[0].Name != "佐藤 花子" {
			t.Errorf("%+v, %v", page.Items, err)
		}
	})
}
