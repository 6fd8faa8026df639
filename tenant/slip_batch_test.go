package tenant_test

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/blob"
	"kenshu/storage/db"
	"kenshu/tenant"
	"kenshu/tenant/compliance"
)

// counter is where credentials are handed out, on one database.
type counter struct {
	*desk
	people    *tenant.People
	slips     *tenant.SlipBatches
	concerns  *tenant.Concerns
	passwords *tenant.PasswordFiles
	incidents *compliance.Incidents
	objects   *blob.Store
	worker    *db.Worker
}

func newCounter(t *testing.T, d *db.DB) *counter {
	t.Helper()
	k := &counter{desk: newDesk(t, d)}
	var err error
	k.objects, err = blob.Open(t.Context(), blob.Config{Dir: t.TempDir(), ContentURL: "http://127.0.0.1:8081", AppOrigin: "http://localhost:8080", Key: make([]byte, 32), Clock: k.clock.Now})
	if err != nil {
		t.Fatal(err)
	}
	k.people = tenant.NewPeople(d, k.audit, k.sessions, k.credentials, k.clock.Now)
	k.slips = tenant.NewSlipBatches(d, k.people, k.credentials, k.audit, k.clock.Now)
	k.concerns = tenant.NewConcerns(d, k.people, k.clock.Now)
	k.passwords = tenant.NewPasswordFiles(d, k.objects, k.people, k.credentials, k.audit, k.clock.Now)
	k.incidents = compliance.NewIncidents(d, k.audit, k.slips, k.clock.Now)
	k.worker = &db.Worker{DB: d, Owner: "test", Clock: k.clock.Now, Log: slog.New(slog.DiscardHandler), Handlers: map[string]db.Handler{
		tenant.KindSlipIssue: k.slips.IssueJob, tenant.KindSlipEnd: k.slips.EndJob, tenant.KindPasswordFile: k.passwords.ApplyJob, tenant.KindPasswordFileEnd: k.passwords.EndJob,
		tenant.KindLoginCheck: k.concerns.CheckJob,
	}}
	return k
}

func (k *counter) as(person db.ID, role tenant.Role) context.Context {
	return tenant.WithActor(context.Background(), tenant.Actor{Kind: "person", Tenant: k.world.A.ID, Person: person, Name: "管理", Role: string(role)})
}

func (k *counter) manager() context.Context { return k.as(k.world.A.Manager, tenant.RoleManager) }

func (k *counter) work(t *testing.T) {
	t.Helper()
	if _, err := k.worker.RunDue(t.Context()); err != nil {
		t.Fatal(err)
	}
}

// many registers n people without credentials and gives their ids.
func (k *counter) many(t *testing.T, n int) []db.ID {
	t.Helper()
	ids := make([]db.ID, 0, n)
	err := k.db.Tx(t.Context(), func(tx *db.Tx) error {
		ids = ids[:0]
		rows := [][]any{}
		for i := range n {
			id := db.NewID()
			login := fmt.Sprintf("moridake%04dx", i)
			ids = append(ids, id)
			rows = append(rows, []any{k.world.A.ID, id, login, login, "職員", "職員", login, "employee", "active", int64(1), int64(1)})
		}
		return tx.InsertMany(t.Context(), `INSERT INTO person (tenant_id, id, login_id, login_key, name, sort_name, search_text, employment_kind, state, created_at, updated_at) VALUES`,
			"(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
	})
	if err != nil {
		t.Fatal(err)
	}
	return ids
}

func (k *counter) mustCreate(t *testing.T, ctx context.Context, order tenant.SlipOrder) tenant.SlipBatch {
	t.Helper()
	b, err := k.slips.Create(ctx, k.world.A.ID, db.NewID(), order)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func (k *counter) take(t *testing.T, ctx context.Context, b tenant.SlipBatch) []tenant.Slip {
	t.Helper()
	slips, err := k.slips.Take(ctx, k.world.A.ID, b.ID)
	if err != nil {
		t.Fatal(err)
	}
	return slips
}

// opens tells whether what is on a slip opens the account.
func (k *counter) opens(t *testing.T, slip tenant.Slip) bool {
	t.Helper()
	k.clock.Add(time.Minute) // the budgets of log-ins are not what is looked at
	l, err := k.login(t.Context(), k.world.A.Code, slip.LoginID, slip.Secret)
	if err != nil && !fault.Is(err, fault.Unauthorized) && !fault.Is(err, fault.Gone) {
		t.Fatal(err)
	}
	if err == nil && !l.Principal.MustChange {
		t.Errorf("%s may keep the one-time password", slip.LoginID)
	}
	return err == nil
}

// Who chose a password is left out when the order says so, and the others get theirs.
func TestSlipsLeaveOutWhoChose(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		ctx, tid := k.manager(), k.world.A.ID
		order := tenant.SlipOrder{Target: tenant.SlipTarget{People: k.world.A.Staff}, SkipChosen: true}
		_, err := k.slips.Create(ctx, tid, db.NewID(), order)
		wantKind(t, err, fault.Conflict, "slips_nobody")
		if _, err := d.Exec(t.Context(), "UPDATE credential SET kind = 'one_time' WHERE tenant_id = ? AND person_id = ?", tid, k.world.A.Staff[0]); err != nil {
			t.Fatal(err)
		}
		b := k.mustCreate(t, ctx, order)
		if b.State != tenant.SlipReady || b.Total != 1 || b.Issued != 1 {
			t.Fatalf("%+v", b)
		}
		slips := k.take(t, ctx, b)
		if len(slips) != 1 || !k.opens(t, slips[0]) {
			t.Errorf("%+v", slips)
		}
		var chosen int
		if err := d.QueryRow(t.Context(), "SELECT COUNT(*) FROM credential WHERE tenant_id = ? AND kind = 'chosen'", tid).Scan(&chosen); err != nil || chosen == 0 {
			t.Errorf("%d have the password that they chose, %v", chosen, err)
		}
	})
}

func TestSlipBatches(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		ctx, tid := k.manager(), k.world.A.ID
		target := tenant.SlipTarget{People: append([]db.ID{k.world.A.Manager}, k.world.A.Staff...)}
		p, err := k.slips.Preview(ctx, tid, target)
		if err != nil || p.Count != 3 || p.Chosen != 3 || p.Own != 1 || p.Days != 30 {
			t.Fatalf("preview %+v %v", p, err)
		}
		_, err = k.slips.Create(ctx, tid, db.NewID(), tenant.SlipOrder{Target: target, AsOf: p.AsOf})
		wantKind(t, err, fault.Conflict, "credential_chosen")
		b := k.mustCreate(t, ctx, tenant.SlipOrder{Target: target, AsOf: p.AsOf, ReplaceChosen: true})
		if b.State != tenant.SlipReady || b.Issued != 3 {
			t.Fatalf("%+v", b)
		}
		// Only who asked for them gets them.
		_, err = k.slips.Take(k.as(k.world.A.Editor, tenant.RoleDeputyManager), tid, b.ID)
		wantKind(t, err, fault.NotFound, "not_found")
		slips := k.take(t, ctx, b)
		if len(slips) != 3 {
			t.Fatalf("%d slips", len(slips))
		}
		for _, s := range slips {
			if !k.opens(t, s) {
				t.Errorf("the slip of %s does not open", s.LoginID)
			}
		}
		// A broken download is repeated with the same passwords; one that arrived only for ten minutes.
		again := k.take(t, ctx, b)
		if again[0].Secret != slips[0].Secret {
			t.Error("a repeat prints other passwords")
		}
		if err := k.slips.Taken(ctx, tid, b.ID); err != nil {
			t.Fatal(err)
		}
		k.clock.Add(11 * time.Minute)
		_, err = k.slips.Take(ctx, tid, b.ID)
		wantKind(t, err, fault.Gone, "slips_gone")
		k.work(t)
		var left int
		if err := d.QueryRow(t.Context(), "SELECT COUNT(*) FROM slip_batch WHERE nonce IS NOT NULL").Scan(&left); err != nil || left != 0 {
			t.Errorf("%d nonces are left, %v", left, err)
		}
		if !k.opens(t, slips[1]) {
			t.Error("a slip that was saved stopped working")
		}
	})
}

func TestSlipsNobodyFetches(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		ctx, tid := k.manager(), k.world.A.ID
		order := tenant.SlipOrder{Target: tenant.SlipTarget{People: k.world.A.Staff[:2]}, ReplaceChosen: true}
		forgotten := k.mustCreate(t, ctx, order)
		order.Target.People = k.world.A.Staff[2:]
		back := k.mustCreate(t, ctx, order)
		if b, err := k.slips.End(ctx, tid, back.ID); err != nil || b.State != tenant.SlipCancelled {
			t.Fatalf("%+v %v", b, err)
		}
		k.clock.Add(25 * time.Hour)
		_, err := k.slips.Take(ctx, tid, forgotten.ID)
		wantKind(t, err, fault.Gone, "slips_gone")
		k.work(t)
		for _, id := range k.world.A.Staff {
			if p, err := k.people.Find(ctx, tid, id); err != nil || p.Credential != tenant.CredentialVoid {
				t.Errorf("a password that nobody has is in force: %v %v", p.Credential, err)
			}
		}
		if b, err := k.slips.Find(ctx, tid, forgotten.ID); err != nil || b.State != tenant.SlipExpired || b.Again {
			t.Errorf("%+v %v", b, err)
		}
	})
}

// Two managers see the same list and hand out at the same time: every person has one working slip on one paper, and whoever was late is told.
func TestTwoManagersHandOutAtOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		tid := k.world.A.ID
		people := k.many(t, 40)
		if _, err := d.Exec(t.Context(), "INSERT INTO person_role (tenant_id, person_id, role) VALUES (?, ?, 'deputy_manager')", tid, k.world.A.Editor); err != nil {
			t.Fatal(err)
		}
		managers := []context.Context{k.manager(), k.as(k.world.A.Editor, tenant.RoleDeputyManager)}
		p, err := k.slips.Preview(managers[0], tid, tenant.SlipTarget{People: people})
		if err != nil {
			t.Fatal(err)
		}
		k.clock.Add(time.Second)
		batches, errs := make([]tenant.SlipBatch, len(managers)), make([]error, len(managers))
		var wg sync.WaitGroup
		for i, ctx := range managers {
			wg.Go(func() {
				batches[i], errs[i] = k.slips.Create(ctx, tid, db.NewID(), tenant.SlipOrder{Target: tenant.SlipTarget{People: people}, AsOf: p.AsOf})
			})
		}
		wg.Wait()
		if err := errors.Join(errs...); err != nil {
			t.Fatal(err)
		}
		k.work(t)
		printed := map[string]tenant.Slip{}
		for i, ctx := range managers {
			for _, s := range k.take(t, ctx, batches[i]) {
				if _, twice := printed[s.LoginID]; twice {
					t.Errorf("%s is on two papers", s.LoginID)
				}
				printed[s.LoginID] = s
			}
		}
		if len(printed) != len(people) {
			t.Errorf("%d of %d people have a slip", len(printed), len(people))
		}
		changed := 0
		for i, ctx := range managers {
			_, counts, err := k.slips.Refused(ctx, tid, batches[i].ID)
			if err != nil {
				t.Fatal(err)
			}
			changed += counts[tenant.SlipChanged]
		}
		if changed != len(people) {
			t.Errorf("%d were told to be late, want %d", changed, len(people))
		}
		for _, s := range []tenant.Slip{printed["moridake0000x"], printed["moridake0039x"]} {
			if !k.opens(t, s) {
				t.Errorf("the slip of %s does not open", s.LoginID)
			}
		}
		// One by one: the second is refused.
		now, err := k.people.Find(managers[0], tid, people[0])
		if err != nil {
			t.Fatal(err)
		}
		k.clock.Add(time.Second)
		if _, err := k.people.IssueOne(managers[0], tid, people[0], false, now.CredentialAt.Time); err != nil {
			t.Fatal(err)
		}
		_, err = k.people.IssueOne(managers[1], tid, people[0], false, now.CredentialAt.Time)
		wantKind(t, err, fault.Conflict, "credential_reissued")
	})
}

// The job is killed after each transaction of a batch of 1,200 and goes on: everybody has a slip that opens, and nobody two.
func TestSlipJobIsKilled(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		ctx, tid := k.manager(), k.world.A.ID
		people := k.many(t, 1200)
		b := k.mustCreate(t, ctx, tenant.SlipOrder{Target: tenant.SlipTarget{People: people}})
		if b.State != tenant.SlipQueued {
			t.Fatalf("%+v", b)
		}
		payload := []byte(fmt.Sprintf(`{"batch":%q,"role":"manager"}`, b.ID))
		killed := errors.New("killed")
		for range 3 {
			func() {
				defer func() {
					if r := recover(); r != nil && r != killed { //nolint:errorlint // our own value
						panic(r)
					}
				}()
				_ = k.slips.IssueJob(t.Context(), db.Job{Tenant: tid.Number(), Payload: payload}, func(int64, int64) { panic(killed) })
			}()
			_, err := k.slips.Take(ctx, tid, b.ID)
			wantKind(t, err, fault.Conflict, "slips_not_ready")
		}
		k.work(t)
		if b, err := k.slips.Find(ctx, tid, b.ID); err != nil || b.State != tenant.SlipReady || b.Issued != 1200 {
			t.Fatalf("%+v %v", b, err)
		}
		slips := k.take(t, ctx, b)
		if len(slips) != 1200 || !k.opens(t, slips[0]) || !k.opens(t, slips[1199]) {
			t.Errorf("%d slips", len(slips))
		}
		// Who got another one meanwhile is not on the paper any more.
		k.clock.Add(time.Second)
		if _, err := k.people.Issue(ctx, tid, []db.ID{slips[5].Person}, false); err != nil {
			t.Fatal(err)
		}
		if again := k.take(t, ctx, b); len(again) != 1199 {
			t.Errorf("%d slips, one of them dead", len(again))
		}
	})
}

func TestNewLoginIDsComeWithTheSlips(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		ctx, tid := k.manager(), k.world.A.ID
		b := k.mustCreate(t, ctx, tenant.SlipOrder{Target: tenant.SlipTarget{People: k.world.A.Staff}, ReplaceChosen: true, NewLogin: true})
		slips := k.take(t, ctx, b)
		for _, s := range slips {
			if s.LoginID == "tanaka" || s.LoginID == "takahashi" || !k.opens(t, s) {
				t.Errorf("%s", s.LoginID)
			}
		}
		if found, err := k.people.List(ctx, tid, tenant.PeopleQuery{Search: slips[0].LoginID}); err != nil || len(found.Items) != 1 {
			t.Errorf("the new ID is not found: %v", err)
		}
	})
}

func TestManySlipsAreAFileADepartment(t *testing.T) {
	slips := make([]tenant.Slip, 0, 700)
	for i := range 700 {
		department := "営業部"
		if i >= 620 {
			department = "../=cmd|x\\<b>"
		}
		slips = append(slips, tenant.Slip{Name: "髙橋 <b>一</b>", LoginID: "moridake4827", Secret: "0000-0000-0000-0000", Department: department})
	}
	file := tenant.SlipFile{Head: tenant.SlipHead{Organisation: "会", Code: "ABC", LoginURL: "http://localhost/login", Language: "ja"}, Slips: slips, Format: tenant.SlipSheet}
	if mediaType, ending := file.MediaType(); mediaType != "application/zip" || ending != ".zip" {
		t.Fatal(mediaType, ending)
	}
	var out bytes.Buffer
	if _, err := file.WriteTo(&out); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range z.File {
		names = append(names, f.Name)
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if head, err := io.ReadAll(io.LimitReader(r, 5)); err != nil || string(head) != "%PDF-" {
			t.Errorf("%s is no PDF", f.Name)
		}
		_ = r.Close()
	}
	if got := strings.Join(names, " "); got != "営業部.pdf 営業部_2.pdf ___=cmd_x__b_.pdf" {
		t.Errorf("%s", got)
	}
}
