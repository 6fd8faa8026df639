package tenant_test

import (
	"testing"

	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// The ways in which somebody may no longer order what they ordered.
var orderersLost = map[string]func(t *testing.T, k *desk, orderer db.ID){
	"demoted": func(t *testing.T, k *desk, orderer db.ID) {
		mustExec(t, k, "DELETE FROM person_role WHERE tenant_id = ? AND person_id = ? AND role = 'deputy_manager'", k.world.A.ID, orderer)
	},
	"suspended": func(t *testing.T, k *desk, orderer db.ID) {
		mustExec(t, k, "UPDATE person SET state = 'suspended' WHERE tenant_id = ? AND id = ?", k.world.A.ID, orderer)
	},
	"signed out everywhere": func(t *testing.T, k *desk, orderer db.ID) {
		if err := k.db.Tx(t.Context(), func(tx *db.Tx) error { return k.sessions.EndPerson(t.Context(), k.world.A.ID, tx, orderer) }); err != nil {
			t.Fatal(err)
		}
	},
}

func mustExec(t *testing.T, k *desk, query string, args ...any) {
	t.Helper()
	if _, err := k.db.Exec(t.Context(), query, args...); err != nil {
		t.Fatal(err)
	}
}

// A batch of slips stops when who ordered it may not order it any more: nobody gets the rest, and what was ready is taken away again.
func TestSlipBatchOfWhoLostTheRight(t *testing.T) {
	for name, lose := range orderersLost {
		t.Run(name, func(t *testing.T) {
			kit.EachDB(t, func(t *testing.T, d *db.DB) {
				k := newCounter(t, d)
				deputy := k.deputy(t)
				if _, _, err := k.sessions.Start(t.Context(), k.world.A.ID, deputy); err != nil {
					t.Fatal(err)
				}
				b := k.mustCreate(t, k.as(deputy, tenant.RoleDeputyManager), tenant.SlipOrder{Target: tenant.SlipTarget{People: k.many(t, 201)}})
				lose(t, k.desk, deputy)
				k.work(t)
				b, err := k.slips.Find(t.Context(), k.world.A.ID, b.ID)
				if err != nil || b.State != tenant.SlipCancelled || b.Issued != 0 || b.Again {
					t.Errorf("%+v, %v", b, err)
				}
				var passwords int
				if err := d.QueryRow(t.Context(), "SELECT COUNT(*) FROM credential WHERE tenant_id = ? AND kind = 'one_time'", k.world.A.ID).Scan(&passwords); err != nil || passwords != 0 {
					t.Errorf("%d people have a password of the batch, %v", passwords, err)
				}
			})
		})
	}
}

// Who chose another password, or logged in again after being signed out, has their batch go on.
func TestSlipBatchOutlivesALogOut(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		deputy := k.deputy(t)
		b := k.mustCreate(t, k.as(deputy, tenant.RoleDeputyManager), tenant.SlipOrder{Target: tenant.SlipTarget{People: k.many(t, 201)}})
		orderersLost["signed out everywhere"](t, k.desk, deputy)
		if _, _, err := k.sessions.Start(t.Context(), k.world.A.ID, deputy); err != nil {
			t.Fatal(err)
		}
		k.work(t)
		if b, err := k.slips.Find(t.Context(), k.world.A.ID, b.ID); err != nil || b.State != tenant.SlipReady || b.Issued != 201 {
			t.Errorf("%+v, %v", b, err)
		}
	})
}

// An import, and its undo, are put into effect only while who ordered them may order them.
func TestImportOfWhoLostTheRight(t *testing.T) {
	for name, lose := range orderersLost {
		t.Run(name, func(t *testing.T) {
			kit.EachDB(t, func(t *testing.T, d *db.DB) {
				o := newOffice(t, d)
				a, deputy := o.world.A, o.world.A.Staff[1]
				mustExec(t, o.desk, "INSERT INTO person_role (tenant_id, person_id, role) VALUES (?, ?, 'deputy_manager')", a.ID, deputy)
				if _, _, err := o.sessions.Start(t.Context(), a.ID, deputy); err != nil {
					t.Fatal(err)
				}
				ctx := as(t, a, deputy, tenant.RoleDeputyManager)
				imp := o.check(t, ctx, a, []byte("氏名,社員番号\r\n新人 一郎,N-1\r\n"))
				if imp.State != tenant.ImportChecked || imp.Summary.Added != 1 {
					t.Fatalf("%+v", imp)
				}
				if _, err := o.imports.Apply(ctx, a.ID, imp.ID, 0); err != nil {
					t.Fatal(err)
				}
				lose(t, o.desk, deputy)
				o.work(t)
				imp = o.find(t, a, imp.ID)
				if imp.State != tenant.ImportChecked || imp.Problem == nil || imp.Problem.Key != "orderer_gone" {
					t.Errorf("%s, %+v", imp.State, imp.Problem)
				}
				// The manager goes on with it, and the deputy, who has the right again, takes it back and loses it once more.
				mustExec(t, o.desk, "UPDATE person SET state = 'active' WHERE tenant_id = ? AND id = ?", a.ID, deputy)
				if imp = o.apply(t, o.manager(t), a, imp.ID); imp.State != tenant.ImportApplied {
					t.Fatalf("%s, %+v", imp.State, imp.Problem)
				}
				mustExec(t, o.desk, "DELETE FROM person_role WHERE tenant_id = ? AND person_id = ? AND role = 'deputy_manager'", a.ID, deputy)
				mustExec(t, o.desk, "INSERT INTO person_role (tenant_id, person_id, role) VALUES (?, ?, 'deputy_manager')", a.ID, deputy)
				if _, err := o.imports.Undo(ctx, a.ID, imp.ID); err != nil {
					t.Fatal(err)
				}
				lose(t, o.desk, deputy)
				o.work(t)
				if imp = o.find(t, a, imp.ID); imp.State != tenant.ImportApplied || imp.Problem == nil || imp.Problem.Key != "orderer_gone" {
					t.Errorf("%s, %+v", imp.State, imp.Problem)
				}
			})
		})
	}
}
