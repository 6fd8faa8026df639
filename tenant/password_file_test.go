package tenant_test

import (
	"bytes"
	"context"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
	"kenshu/tenant/compliance"
)

// allow lets the organisation set passwords by file.
func (k *counter) allow(t *testing.T) {
	t.Helper()
	policy := tenant.DefaultSecurityPolicy
	policy.PasswordFiles = true
	if err := tenant.NewSecurity(k.db, k.audit, k.sessions, k.clock.Now).SetPolicy(k.manager(), k.world.A.ID, policy); err != nil {
		t.Fatal(err)
	}
}

const fileOfPasswords = "ログインID,パスワード\r\ntanaka,むらさき 7つの橋 quiet lamp\r\nTAKAHASHI,ぬるい雨と 42 rusty gates\r\nyoshida,brisk 19 かもめの手紙 tin\r\n"

func TestPasswordFileNamesWrongRows(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		ctx, tid := k.manager(), k.world.A.ID
		_, err := k.passwords.Check(ctx, tid, db.NewID(), "a.csv", []byte(fileOfPasswords))
		wantKind(t, err, fault.Conflict, "password_files_off")
		k.allow(t)
		secret := "password12345678"
		file := "ログインID,パスワード\r\nnobody,むらさき 7つの橋 quiet lamp\r\ntanaka," + secret + "\r\ntanaka,ぬるい雨と 42 rusty gates\r\nkanri,brisk 19 かもめの手紙 tin\r\nyoshida,ぬるい雨と 42 rusty gates\r\ntakahashi,short\r\n"
		f, err := k.passwords.Check(ctx, tid, db.NewID(), "a.csv", []byte(file))
		if err != nil {
			t.Fatal(err)
		}
		list, _, err := k.passwords.Problems(ctx, tid, f.ID, db.Page{})
		if err != nil {
			t.Fatal(err)
		}
		got := map[int]string{}
		for _, p := range list {
			for _, one := range p.Faults {
				got[p.Row] += one.Path + ":" + one.Key + " "
			}
		}
		for row, want := range map[int]string{2: "login_id:password_no_account", 3: "password:password_common", 4: "login_id:password_login_twice", 5: "login_id:own_account",
			6: "password:password_shared", 7: "password:password_too_short"} {
			if !strings.Contains(got[row], want) {
				t.Errorf("row %d: %s, want %s", row, got[row], want)
			}
		}
		if strings.Contains(fmt.Sprintf("%+v", list), secret) {
			t.Error("the password is told")
		}
		_, err = k.passwords.Apply(ctx, tid, f.ID)
		wantKind(t, err, fault.Conflict, "password_file_wrong")
		for info := range k.objects.List(t.Context(), "") {
			t.Errorf("a wrong file was kept: %s", info.Key)
		}
	})
}

// The job is killed after every few rows: nobody's password changes before the end, then everybody's does, and nothing of the file is left.
// When somebody is anonymised no login ID is left in what was wrong with files, and the manager still sees which rows to mend and why.
func TestAnonymisingKeepsWhatWasWrongInFiles(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		ctx, tid := k.manager(), k.world.A.ID
		k.allow(t)
		f, err := k.passwords.Check(ctx, tid, db.NewID(), "a.csv", []byte("ログインID,パスワード\r\ntanakaa,むらさき 7つの橋 quiet lamp\r\nkanri,short\r\n"))
		if err != nil {
			t.Fatal(err)
		}
		before, _, err := k.passwords.Problems(ctx, tid, f.ID, db.Page{})
		if err != nil || len(before) != 2 || before[0].LoginID != "tanakaa" {
			t.Fatalf("%+v %v", before, err)
		}
		acts := tenant.NewPeopleActs(k.people, []byte("journal"))
		chosen := tenant.Chosen{IDs: k.world.A.Staff[:1]}
		for _, in := range []tenant.ActInput{{Act: tenant.ActLeave, On: tenant.Today(k.clock.Now), Chosen: chosen}, {Act: tenant.ActAnonymise, Chosen: chosen}} {
			if _, err := acts.Do(ctx, tid, in); err != nil {
				t.Fatalf("%s: %v", in.Act, err)
			}
		}
		after, _, err := k.passwords.Problems(ctx, tid, f.ID, db.Page{})
		for i := range before {
			before[i].LoginID = ""
		}
		if err != nil || !reflect.DeepEqual(after, before) {
			t.Errorf("%+v, want %+v; %v", after, before, err)
		}
	})
}

func TestPasswordFileIsAppliedAtOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		k.allow(t)
		ctx, tid := k.manager(), k.world.A.ID
		f, err := k.passwords.Check(ctx, tid, db.NewID(), "a.csv", []byte(fileOfPasswords))
		if err != nil || f.Wrong != 0 {
			t.Fatalf("%+v %v", f, err)
		}
		kept := 0
		for info, err := range k.objects.List(t.Context(), "") {
			if err != nil {
				t.Fatal(err)
			}
			kept++
			r, _, err := k.objects.Open(t.Context(), info.Key, 0, -1)
			if err != nil {
				t.Fatal(err)
			}
			var raw bytes.Buffer
			_, _ = raw.ReadFrom(r)
			_ = r.Close()
			if bytes.Contains(raw.Bytes(), []byte("quiet lamp")) {
				t.Error("the file lies in clear")
			}
		}
		if kept != 1 {
			t.Errorf("%d files are kept", kept)
		}
		if _, err := k.passwords.Apply(ctx, tid, f.ID); err != nil {
			t.Fatal(err)
		}
		payload := []byte(fmt.Sprintf(`{"file":%q,"role":"manager"}`, f.ID))
		dying, die := context.WithCancel(t.Context())
		_ = k.passwords.ApplyJob(dying, db.Job{Tenant: tid.Number(), Payload: payload}, func(int64, int64) { die() })
		if _, err := k.login(t.Context(), k.world.A.Code, "tanaka", goodPassword); !fault.Is(err, fault.Unauthorized) {
			t.Errorf("a password of a file that is not applied opens: %v", err)
		}
		k.work(t)
		f, err = k.passwords.Find(ctx, tid, f.ID)
		if err != nil || f.State != tenant.PasswordFileApplied || f.Skipped != 0 {
			t.Fatalf("%+v %v", f, err)
		}
		for login, password := range map[string]string{"tanaka": goodPassword, "takahashi": "ぬるい雨と 42 rusty gates"} {
			l, err := k.login(t.Context(), k.world.A.Code, login, password)
			if err != nil || !l.Principal.MustChange {
				t.Errorf("%s: %v, must change %v", login, err, l.Principal.MustChange)
			}
		}
		var staged int
		if err := d.QueryRow(t.Context(), "SELECT COUNT(*) FROM password_stage").Scan(&staged); err != nil || staged != 0 {
			t.Errorf("%d hashes are left, %v", staged, err)
		}
		for info := range k.objects.List(t.Context(), "") {
			t.Errorf("the file is left: %s", info.Key)
		}
	})
}

func TestPasswordFileIsCancelledOrForgotten(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		k.allow(t)
		ctx, tid := k.manager(), k.world.A.ID
		check := func() tenant.PasswordFile {
			f, err := k.passwords.Check(ctx, tid, db.NewID(), "a.csv", []byte(fileOfPasswords))
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		cancelled, forgotten := check(), check()
		if _, err := k.passwords.Apply(ctx, tid, cancelled.ID); err != nil {
			t.Fatal(err)
		}
		if f, err := k.passwords.Cancel(ctx, tid, cancelled.ID); err != nil || f.State != tenant.PasswordFileCancelled {
			t.Fatalf("%+v %v", f, err)
		}
		k.clock.Add(2 * time.Hour)
		k.work(t)
		if f, err := k.passwords.Find(ctx, tid, forgotten.ID); err != nil || f.State != tenant.PasswordFileExpired {
			t.Errorf("%+v %v", f, err)
		}
		_, err := k.passwords.Apply(ctx, tid, forgotten.ID)
		wantKind(t, err, fault.Conflict, "password_file_over")
		for info := range k.objects.List(t.Context(), "") {
			t.Errorf("the file is left: %s", info.Key)
		}
		if _, err := k.login(t.Context(), k.world.A.Code, "tanaka", goodPassword); !fault.Is(err, fault.Unauthorized) {
			t.Errorf("a cancelled password opens: %v", err)
		}
	})
}

func TestConcerns(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		ctx, tid := k.manager(), k.world.A.ID
		for _, login := range []string{"shokuinka01", "shokuinka02", "shokuinka17", "a001", "qwertyui"} {
			kit.NewPerson(t, d, tid, login, "職員 花子")
		}
		before, err := k.concerns.Count(ctx, tid)
		if err != nil || before.Unchecked != 10 {
			t.Fatalf("%+v %v", before, err)
		}
		if n, err := k.concerns.Check(ctx, tid); err != nil || n != 10 {
			t.Fatalf("%d %v", n, err)
		}
		if n, err := k.concerns.Check(ctx, tid); err != nil || n != 0 {
			t.Errorf("looked at %d a second time, %v", n, err)
		}
		list, _, err := k.concerns.List(ctx, tid, tenant.ConcernWeakID, "", db.Page{})
		if err != nil {
			t.Fatal(err)
		}
		why := map[string]string{}
		for _, c := range list {
			why[c.LoginID] = strings.Join(c.Reasons, " ")
		}
		for login, want := range map[string]string{"shokuinka01": "login_id_series", "a001": "login_id_sequence", "qwertyui": "login_id_keyboard"} {
			if !strings.Contains(why[login], want) {
				t.Errorf("%s: %q, want %s", login, why[login], want)
			}
		}
		// One-time credentials: fresh, unused for long, near the end, over.
		if _, err := k.people.Issue(ctx, tid, k.world.A.Staff[:1], true); err != nil {
			t.Fatal(err)
		}
		for _, step := range []struct {
			days  int
			kinds string
		}{{0, ""}, {8, "never_used"}, {28, "expiring never_used"}, {31, "expired"}} {
			k.clock.Add(time.Duration(step.days)*24*time.Hour - k.clock.Now().Sub(kit.NewClock().Now()))
			count, err := k.concerns.Count(ctx, tid)
			if err != nil {
				t.Fatal(err)
			}
			var kinds []string
			for _, kind := range tenant.ConcernKinds[1:5] {
				if count.Kinds[kind] == 1 {
					kinds = append(kinds, kind)
				}
				found, err := k.people.List(ctx, tid, tenant.PeopleQuery{Concern: kind})
				if err != nil || len(found.Items) != count.Kinds[kind] {
					t.Errorf("day %d %s: %d in the list, %d counted, %v", step.days, kind, len(found.Items), count.Kinds[kind], err)
				}
			}
			if got := strings.Join(kinds, " "); got != step.kinds {
				t.Errorf("day %d: %s, want %s", step.days, got, step.kinds)
			}
			all, _, err := k.concerns.List(ctx, tid, "", "", db.Page{})
			if err != nil || len(all) != count.Any {
				t.Errorf("day %d: %d of %d, %v", step.days, len(all), count.Any, err)
			}
		}
	})
}

// What an intruder added to an account goes with the password; what its owner had before stays.
func TestSuspectedLeakTakesNewFactors(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		ctx, tid := k.manager(), k.world.A.ID
		person, other := k.world.A.Staff[0], k.world.A.Staff[1]
		day := tenant.DayStart(tenant.Today(k.clock.Now))
		passkey := func(who db.ID, name string, at time.Time) {
			key := db.NewID()
			if _, err := d.Exec(t.Context(), `INSERT INTO passkey (tenant_id, id, person_id, key_hash, name, record, created_at) VALUES (?, ?, ?, ?, ?, '{}', ?)`,
				tid, db.NewID(), who, append(key[:], key[:]...), name, db.At(at)); err != nil {
				t.Fatal(err)
			}
		}
		passkey(person, "自分の携帯", day.Add(-time.Hour))
		passkey(person, "知らない鍵", day.Add(time.Hour))
		passkey(other, "ほかの人の鍵", day.Add(time.Hour))
		if _, err := d.Exec(t.Context(), `INSERT INTO second_factor (tenant_id, person_id, secret, created_at) VALUES (?, ?, ?, ?)`, tid, person, []byte("x"), db.At(day.Add(2*time.Hour))); err != nil {
			t.Fatal(err)
		}
		for n, at := range []time.Time{day.Add(-time.Hour), day.Add(time.Hour)} {
			if _, err := d.Exec(t.Context(), `INSERT INTO recovery_code (tenant_id, person_id, number, hash, created_at) VALUES (?, ?, ?, 'x', ?)`, tid, person, n, db.At(at)); err != nil {
				t.Fatal(err)
			}
		}
		slips := k.slips
		added, err := slips.AddedFactors(ctx, tid, []db.ID{person}, db.At(day))
		if err != nil || len(added) != 2 || added[0].Kind != "totp" || added[1].Label != "知らない鍵" {
			t.Fatalf("%+v %v", added, err)
		}
		if none, err := slips.AddedFactors(ctx, k.world.B.ID, []db.ID{person}, db.At(day)); err != nil || len(none) != 0 {
			t.Errorf("B sees %+v %v", none, err)
		}
		count := func(table string, who db.ID) (n int) {
			if err := d.QueryRow(t.Context(), "SELECT COUNT(*) FROM "+table+" WHERE person_id = ?", who).Scan(&n); err != nil {
				t.Fatal(err)
			}
			return n
		}
		in := compliance.IncidentInput{Title: "疑い", People: []db.ID{person}}
		if _, err := k.incidents.Suspect(ctx, tid, db.NewID(), in, time.Time{}); err != nil || count("passkey", person) != 2 {
			t.Fatalf("without a day %d passkeys stay, %v", count("passkey", person), err)
		}
		if _, err := k.incidents.Suspect(ctx, tid, db.NewID(), in, day); err != nil {
			t.Fatal(err)
		}
		if a, b, c, o := count("passkey", person), count("second_factor", person), count("recovery_code", person), count("passkey", other); a != 1 || b != 0 || c != 1 || o != 1 {
			t.Errorf("left: %d passkeys, %d apps, %d codes; of another %d passkeys", a, b, c, o)
		}
		_, err = k.incidents.Suspect(ctx, tid, db.NewID(), in, k.clock.Now().Add(time.Hour))
		wantKind(t, err, fault.Invalid, "invalid")
	})
}

func TestSuspectedLeak(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		ctx, tid := k.manager(), k.world.A.ID
		person := k.world.A.Staff[0]
		slip, err := k.people.Issue(ctx, tid, []db.ID{person}, true)
		if err != nil {
			t.Fatal(err)
		}
		l, err := k.login(t.Context(), k.world.A.Code, "tanaka", slip[0].Secret)
		if err != nil {
			t.Fatal(err)
		}
		id := db.NewID()
		in := compliance.IncidentInput{Title: "疑い", Overview: "<b>画面を見られた</b>", People: []db.ID{person}}
		made, err := k.incidents.Suspect(ctx, tid, id, in, time.Time{})
		if err != nil || made.Number != 1 || made.Affected != 1 || len(made.People) != 1 || made.Kind != compliance.KindCredentialLeak {
			t.Fatalf("%+v %v", made, err)
		}
		if _, err := k.sessions.Resolve(t.Context(), l.Token); !fault.Is(err, fault.Unauthorized) {
			t.Errorf("the session lives: %v", err)
		}
		if _, err := k.login(t.Context(), k.world.A.Code, "tanaka", slip[0].Secret); !fault.Is(err, fault.Unauthorized) {
			t.Errorf("the password opens: %v", err)
		}
		// A repeat takes nothing away from who has got a new one.
		k.clock.Add(time.Minute)
		fresh, err := k.people.Issue(ctx, tid, []db.ID{person}, false)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := k.incidents.Suspect(ctx, tid, id, in, time.Time{}); err != nil || again.Number != 1 {
			t.Fatalf("%+v %v", again, err)
		}
		if _, err := k.login(t.Context(), k.world.A.Code, "tanaka", fresh[0].Secret); err != nil {
			t.Errorf("a repeat took the new password away: %v", err)
		}
		// All or nothing: one who is nobody here, and nobody's password goes.
		in.People = []db.ID{k.world.A.Staff[1], k.world.B.Staff[0]}
		_, err = k.incidents.Suspect(ctx, tid, db.NewID(), in, time.Time{})
		wantKind(t, err, fault.NotFound, "not_found")
		if p, err := k.people.Find(ctx, tid, k.world.A.Staff[1]); err != nil || p.Credential != tenant.CredentialChosen {
			t.Errorf("%v %v", p.Credential, err)
		}
		in.People = []db.ID{k.world.A.Manager}
		_, err = k.incidents.Suspect(k.as(k.world.A.Editor, tenant.RoleDeputyManager), tid, db.NewID(), in, time.Time{})
		wantKind(t, err, fault.Forbidden, "manager_only")

		noted, err := k.incidents.AddNote(ctx, tid, id, db.NewID(), "電話で確かめた")
		if err != nil || len(noted.Notes) != 1 {
			t.Fatalf("%+v %v", noted, err)
		}
		closed, err := k.incidents.Close(ctx, tid, id, made.Version, "心当たりがあった")
		if err != nil || closed.State != compliance.IncidentClosed {
			t.Fatalf("%+v %v", closed, err)
		}
		_, err = k.incidents.Update(ctx, tid, id, closed.Version, compliance.IncidentInput{Kind: compliance.KindLeak, Title: "別"})
		wantKind(t, err, fault.Conflict, "incident_closed")
		_, err = k.incidents.Reopen(ctx, tid, id, made.Version)
		wantKind(t, err, fault.Conflict, "changed_meanwhile")
	})
}
