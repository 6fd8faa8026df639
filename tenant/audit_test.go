package tenant_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// chain writes n events of organisation A and seals them.
func chain(t *testing.T, k *desk, n int) {
	t.Helper()
	ctx := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Person: k.world.A.Manager, Name: "管理 花子", Role: "manager", Source: "192.0.2.1", RequestID: "r", Reason: "なぜ"})
	err := k.db.Tx(ctx, func(tx *db.Tx) error {
		changes := []tenant.Change{}
		for i := range n {
			changes = append(changes, tenant.Change{
				Action: "person.update", SubjectKind: "person", Subject: k.world.A.Staff[0], Before: i, After: i + 1,
				Detail: map[string]any{"number": 9007199254740993, "i": i, "text": "<&>"},
			})
		}
		return k.audit.AppendMany(ctx, k.world.A.ID, tx, changes)
	})
	if err != nil {
		t.Fatal(err)
	}
	k.clock.Add(3 * time.Second)
	if err := k.audit.SealAll(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (k *desk) verify(t *testing.T) tenant.AuditCheck {
	t.Helper()
	check, err := k.audit.Verify(t.Context(), k.world.A.ID)
	if err != nil {
		t.Fatal(err)
	}
	return check
}

// asRoot runs statements as somebody who has the database but not the key: without foreign keys.
func asRoot(t *testing.T, d *db.DB, statements ...string) {
	t.Helper()
	conn, err := d.Raw().Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	off, on := "PRAGMA foreign_keys = 0", "PRAGMA foreign_keys = 1"
	if d.Engine() == db.MySQL {
		off, on = "SET FOREIGN_KEY_CHECKS = 0", "SET FOREIGN_KEY_CHECKS = 1"
	}
	for _, s := range append(append([]string{off}, statements...), on) {
		if _, err := conn.ExecContext(t.Context(), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func TestChainHolds(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		chain(t, k, 1203)
		chain(t, k, 7)
		check := k.verify(t)
		if check.Broken != 0 || check.Sealed != 1210 || check.Unsealed != 0 {
			t.Fatalf("%+v", check)
		}
		if same, err := k.audit.HasLink(t.Context(), k.world.A.ID, 1210, check.Head); err != nil || !same {
			t.Fatal(same, err)
		}
	})
}

// TestSealersTogether: several replicas sealing at once make one chain without gaps.
func TestSealersTogether(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		ctx := t.Context()
		err := d.Tx(ctx, func(tx *db.Tx) error {
			return k.audit.AppendMany(ctx, k.world.A.ID, tx, make([]tenant.Change, 1500))
		})
		if err != nil {
			t.Fatal(err)
		}
		k.clock.Add(3 * time.Second)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { _, _ = k.audit.Seal(ctx, k.world.A.ID) }) // the slower one fails and comes again
		}
		wg.Wait()
		if err := k.audit.SealAll(ctx); err != nil {
			t.Fatal(err)
		}
		if check := k.verify(t); check.Broken != 0 || check.Sealed != 1500 || check.Unsealed != 0 {
			t.Fatalf("%+v", check)
		}
	})
}

// TestTamperingIsFound changes every column of a sealed event and of its link, one at a time.
func TestTamperingIsFound(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		chain(t, k, 5)
		event := "tenant_id = %d AND id = (SELECT event_id FROM audit_seal WHERE tenant_id = %d AND seq = 3)"
		event = fmt.Sprintf(event, k.world.A.ID.Number(), k.world.A.ID.Number())
		other := strings.Repeat("ab", 16)
		changes := map[string]string{
			"happened_at": "happened_at + 1", "actor_kind": "'system'", "actor_id": "x'" + other + "'", "actor_name": "'別人'", "actor_role": "'staff'", "action": "'person.delete'",
			"subject_kind": "'round'", "subject_id": "NULL", "before_digest": "x'" + other + other + "'", "after_digest": "NULL", "detail": "'{}'", "reason": "''", "source": "'::1'", "request_id": "''",
		}
		for column, value := range changes {
			asRoot(t, d, "CREATE TABLE kept AS SELECT * FROM audit_event WHERE "+event)
			asRoot(t, d, fmt.Sprintf("UPDATE audit_event SET %s = %s WHERE %s", column, value, event))
			if check := k.verify(t); check.Broken != 3 {
				t.Errorf("a changed %s was not found: %+v", column, check)
			}
			asRoot(t, d, fmt.Sprintf("UPDATE audit_event SET %s = (SELECT %s FROM kept) WHERE %s", column, column, event), "DROP TABLE kept")
			if check := k.verify(t); check.Broken != 0 {
				t.Fatalf("undoing the change of %s left %+v", column, check)
			}
		}
		// A number too big for a float is still compared exactly.
		asRoot(t, d, "UPDATE audit_event SET detail = REPLACE(detail, '9007199254740993', '9007199254740992') WHERE "+event)
		if check := k.verify(t); check.Broken != 3 {
			t.Errorf("a changed number was not found: %+v", check)
		}
	})
}

func TestRemovalIsFound(t *testing.T) {
	a := func(k *desk) string { return fmt.Sprintf("tenant_id = %d", k.world.A.ID.Number()) }
	for name, c := range map[string]struct {
		sql    func(k *desk) []string
		broken int64
	}{
		"a middle event": {func(k *desk) []string {
			return []string{"DELETE FROM audit_event WHERE " + a(k) + " AND id = (SELECT event_id FROM audit_seal WHERE " + a(k) + " AND seq = 3)"}
		}, 3},
		"the last event": {func(k *desk) []string {
			return []string{"DELETE FROM audit_event WHERE " + a(k) + " AND id = (SELECT event_id FROM audit_seal WHERE " + a(k) + " AND seq = 5)"}
		}, 5},
		"a middle link":  {func(k *desk) []string { return []string{"DELETE FROM audit_seal WHERE " + a(k) + " AND seq = 3"} }, 3},
		"the first link": {func(k *desk) []string { return []string{"DELETE FROM audit_seal WHERE " + a(k) + " AND seq = 1"} }, 1},
		"a middle event with its link, later ones renumbered": {func(k *desk) []string {
			return []string{"DELETE FROM audit_seal WHERE " + a(k) + " AND seq = 3", "UPDATE audit_seal SET seq = 3 WHERE " + a(k) + " AND seq = 4", "UPDATE audit_seal SET seq = 4 WHERE " + a(k) + " AND seq = 5"}
		}, 3},
		"the links of two events exchanged": {func(k *desk) []string {
			return []string{"UPDATE audit_seal SET seq = 9 WHERE " + a(k) + " AND seq = 3", "UPDATE audit_seal SET seq = 3 WHERE " + a(k) + " AND seq = 4", "UPDATE audit_seal SET seq = 4 WHERE " + a(k) + " AND seq = 9"}
		}, 3},
	} {
		t.Run(name, func(t *testing.T) {
			kit.EachDB(t, func(t *testing.T, d *db.DB) {
				k := newDesk(t, d)
				chain(t, k, 5)
				asRoot(t, d, c.sql(k)...)
				if check := k.verify(t); check.Broken != c.broken {
					t.Fatalf("%+v, want broken at %d", check, c.broken)
				}
			})
		})
	}
}

// TestTruncationIsFoundByTheNotedHead: a chain that was cut off at its end holds by itself; the head noted outside gives it away.
func TestTruncationIsFoundByTheNotedHead(t *testing.T) {
	k := newDesk(t, kit.SQLite(t))
	chain(t, k, 5)
	noted := k.verify(t)
	asRoot(t, k.db, "DELETE FROM audit_seal WHERE seq > 3", "DELETE FROM audit_event WHERE id NOT IN (SELECT event_id FROM audit_seal)")
	if check := k.verify(t); check.Broken != 0 || check.Sealed != 3 {
		t.Fatalf("%+v", check)
	}
	if same, err := k.audit.HasLink(t.Context(), k.world.A.ID, noted.Sealed, noted.Head); err != nil || same {
		t.Fatal("the noted head is still there", err)
	}
	chain(t, k, 2) // and growing past it again gives another hash
	if same, err := k.audit.HasLink(t.Context(), k.world.A.ID, noted.Sealed, noted.Head); err != nil || same {
		t.Fatal("the noted head came back", err)
	}
}

// TestSealerDoesNotScanTheLog: looking for work reads the short list of pending events only.
func TestSealerDoesNotScanTheLog(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		for range 4 {
			chain(t, k, 5000)
		}
		if d.Engine() == db.MySQL {
			asRoot(t, d, "ANALYZE TABLE audit_event, audit_pending, audit_seal")
		} else {
			asRoot(t, d, "ANALYZE")
		}
		a := fmt.Sprint(k.world.A.ID.Number())
		for _, query := range []string{
			"SELECT DISTINCT tenant_id FROM audit_pending",
			"SELECT e.id FROM audit_pending w JOIN audit_event e ON e.tenant_id = w.tenant_id AND e.id = w.event_id WHERE w.tenant_id = " + a + " AND e.happened_at <= 1 ORDER BY w.event_id LIMIT 500",
			"SELECT e.id FROM audit_event e WHERE (tenant_id = " + a + ") AND (action = 'person.update') ORDER BY id DESC LIMIT 51",
			"SELECT e.id FROM audit_event e WHERE (tenant_id = " + a + ") AND (id < x'" + strings.Repeat("ab", 16) + "') ORDER BY id DESC LIMIT 51",
		} {
			for _, line := range plan(t, d, query) {
				if strings.Contains(line, "SCAN audit_event") || strings.Contains(line, "SCAN e") || strings.Contains(line, "USE TEMP B-TREE") || strings.Contains(line, "|ALL|") || strings.Contains(line, "filesort") {
					t.Errorf("%s\n%s", query, line)
				}
			}
		}
		started := time.Now()
		for range 100 {
			if err := k.audit.SealAll(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		t.Logf("looking for work over 20,000 sealed events: %s a time", time.Since(started)/100)
	})
}

func plan(t *testing.T, d *db.DB, query string) []string {
	t.Helper()
	explain := "EXPLAIN QUERY PLAN " + query
	if d.Engine() == db.MySQL {
		explain = "EXPLAIN " + query
	}
	rows, err := d.Query(t.Context(), explain)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	cols, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var lines []string
	for rows.Next() {
		values, targets := make([]any, len(cols)), make([]any, len(cols))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		line := ""
		for _, v := range values {
			if b, ok := v.([]byte); ok {
				v = string(b)
			}
			line += fmt.Sprint(v) + "|"
		}
		lines = append(lines, line)
	}
	return lines
}

func TestAuditList(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newDesk(t, d)
		chain(t, k, 25)
		one := k.issue(t, k.world.A, k.world.A.Staff[1])
		if _, err := k.login(t.Context(), k.world.A.Code, "takahashi", one.Password); err != nil {
			t.Fatal(err)
		}
		if _, err := k.login(t.Context(), k.world.A.Code, "takahashi", "wrong"); err == nil {
			t.Fatal("logged in")
		}
		seen, after := 0, ""
		for {
			list, next, err := k.audit.List(t.Context(), k.world.A.ID, tenant.AuditQuery{Page: db.Page{After: after, Limit: 10}})
			if err != nil {
				t.Fatal(err)
			}
			if seen == 0 && (list[0].Action != "session.refuse" || list[0].ActorKind != "unknown" || list[1].Action != "session.start" || list[1].ActorName != "髙橋 﨑子" || list[1].Source != "203.0.113.7") {
				t.Fatalf("%+v", list[:2])
			}
			seen += len(list)
			if after = next; next == "" {
				break
			}
		}
		if seen != 28 {
			t.Fatalf("%d events, want 28", seen)
		}
		list, _, err := k.audit.List(t.Context(), k.world.A.ID, tenant.AuditQuery{Action: "credential.issue", Subject: k.world.A.Staff[1]})
		if err != nil || len(list) != 1 {
			t.Fatal(len(list), err)
		}
		if list, _, err := k.audit.List(t.Context(), k.world.B.ID, tenant.AuditQuery{Subject: k.world.A.Staff[1]}); err != nil || len(list) != 0 {
			t.Fatal(len(list), err)
		}
	})
}
