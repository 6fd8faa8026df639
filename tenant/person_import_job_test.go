package tenant_test

import (
	"testing"

	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// The same key with another file does not replace it.
func TestImportFileIsNotReplaced(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		ctx := o.manager(t)
		id := db.NewID()
		o.receive(t, ctx, o.world.A, id, "a.csv", []byte("氏名\n佐藤 花子\n"))
		o.apply(t, ctx, o.world.A, id)
		again := o.receive(t, ctx, o.world.A, id, "b.csv", []byte("氏名\n鈴木 一郎\n高橋 次郎\n"))
		if again.State != tenant.ImportApplied || again.FileName != "a.csv" {
			t.Fatalf("%+v", again)
		}
		page, err := o.imports.Rows(ctx, o.world.A.ID, id, "", db.Page{Limit: 10})
		if err != nil || len(page.Items) != 1 || page.Items[0].Name != "佐藤 花子" {
			t.Errorf("%+v, %v", page.Items, err)
		}
	})
}
