package lms_test

import (
	"bytes"
	"crypto/sha256"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/blob"
	"kenshu/storage/cache"
	"kenshu/storage/db"
	"kenshu/storage/mail"
	"kenshu/tenant"
)

// intake is a stage to which lists of people come, with the services wired as in the product.
type intake struct {
	*stage
	people  *tenant.People
	fields  *tenant.PersonFields
	imports *tenant.Imports
}

func newIntake(t *testing.T, d *db.DB) *intake {
	t.Helper()
	s := newStage(t, d)
	store, err := cache.Open(t.Context(), cache.Config{})
	if err != nil {
		t.Fatal(err)
	}
	objects, err := blob.OpenDir(blob.Config{Dir: t.TempDir(), ContentURL: "http://127.0.0.1:8081", AppOrigin: "http://localhost:8080", Key: bytes.Repeat([]byte{7}, 32)})
	if err != nil {
		t.Fatal(err)
	}
	audit := tenant.NewAudit(d, []byte("test key of thirty-two bytes ...."), s.clock.Now)
	people := tenant.NewPeople(d, audit, tenant.NewSessions(d, store, s.clock.Now, tenant.DefaultSessionLimits), nil, s.clock.Now, s.rounds)
	acts := tenant.NewPeopleActs(people, []byte("key of the journal"), lms.NewPersonRecords(d, audit, s.clock.Now))
	return &intake{stage: s, people: people, fields: tenant.NewPersonFields(d, audit, s.clock.Now, s.rounds),
		imports: tenant.NewImports(d, objects, acts, tenant.NewOutbox(d, audit, mail.Kept{}, s.clock.Now), store, "https://training.example.jp", s.rounds)}
}

// work runs the jobs that are due until there is none.
func (s *intake) work() {
	s.t.Helper()
	w := &db.Worker{DB: s.db, Owner: db.NewID().String(), Clock: s.clock.Now, Log: slog.New(slog.DiscardHandler), Handlers: map[string]db.Handler{tenant.KindPersonImport: s.imports.Work}}
	if _, err := w.RunDue(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// file puts a list into effect and tells everybody who acts on it.
func (s *intake) file(org kit.Org, text string, options tenant.ImportOptions) tenant.Import {
	s.t.Helper()
	ctx, id := as(s.t, org), db.NewID()
	if _, err := s.imports.Receive(ctx, org.ID, id, tenant.ImportFile{Name: "名簿.csv", Size: int64(len(text)), SHA: sha256.Sum256([]byte(text)), Body: bytes.NewReader([]byte(text))},
		tenant.OriginPage, options, s.clock.Now()); err != nil {
		s.t.Fatal(err)
	}
	s.work()
	imp, err := s.imports.Find(ctx, org.ID, id)
	if err != nil || imp.State != tenant.ImportChecked {
		s.t.Fatalf("%s %+v %+v %v", imp.State, imp.Problem, imp.Summary, err)
	}
	if _, err := s.imports.Apply(ctx, org.ID, id, imp.Summary.Missing); err != nil {
		s.t.Fatal(err)
	}
	s.work()
	if imp, err = s.imports.Find(ctx, org.ID, id); err != nil || imp.State != tenant.ImportApplied {
		s.t.Fatalf("%s %+v %v", imp.State, imp.Problem, err)
	}
	return imp
}

func (s *intake) takeBack(org kit.Org, id db.ID) tenant.ImportUndoCount {
	s.t.Helper()
	if _, err := s.imports.Undo(as(s.t, org), org.ID, id); err != nil {
		s.t.Fatal(err)
	}
	s.work()
	imp, err := s.imports.Find(s.t.Context(), org.ID, id)
	if err != nil || imp.State != tenant.ImportUndone {
		s.t.Fatalf("%s %+v %v", imp.State, imp.Problem, err)
	}
	return *imp.Summary.Undo
}

// What a file changes about a person has the same consequences as the same change by hand: a rule about an attribute takes in whom the file makes match, and
// a round that follows lets go of whom it does not match any more.
func TestAttributesThatAFileChanges(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newIntake(t, d)
		a := s.world.A
		field, err := s.fields.Create(as(t, a), a.ID, db.NewID(), tenant.PersonFieldInput{Name: "勤務地", Kind: tenant.FieldChoice, Choices: []tenant.PersonChoice{{Name: "東京"}, {Name: "大阪"}}})
		if err != nil {
			t.Fatal(err)
		}
		byFile, byHand := a.Staff[0], a.Staff[1]
		for name, c := range map[string]struct {
			rule      lms.RuleSpec
			heading   string
			into, out string
			hand      func(in *tenant.PersonInput, value string)
		}{
			"kind of employment": {lms.RuleSpec{Kind: lms.RuleAttribute, Attribute: lms.AttributeEmployment, Value: "part_time"}, "雇用区分", "パート", "正社員",
				func(in *tenant.PersonInput, v string) {
					in.Kind = map[string]tenant.EmploymentKind{"パート": tenant.KindPartTime, "正社員": tenant.KindEmployee}[v]
				}},
			"own field": {lms.RuleSpec{Kind: lms.RuleAttribute, Attribute: lms.AttributeField, Target: field.ID, Value: "大阪"}, "勤務地", "大阪", "東京",
				func(in *tenant.PersonInput, v string) { in.Fields = map[db.ID]string{field.ID: v} }},
			"day of joining": {lms.RuleSpec{Kind: lms.RuleAttribute, Attribute: lms.AttributeJoined, Value: "2026-04-01"}, "入社日", "2026-04-02", "2019-10-01",
				func(in *tenant.PersonInput, v string) { in.JoinedOn = v }},
		} {
			r, err := s.rounds.Create(as(t, a), a.ID, lms.NewRound{ID: db.NewID(), Title: name, Course: s.shared, StartsOn: "2026-04-01", DeadlineOn: "2026-04-30", FollowOut: true,
				Audience: lms.Audience{Rules: []lms.RuleSpec{c.rule}, FutureJoiners: true}})
			if err != nil {
				t.Fatal(err)
			}
			for _, step := range []struct{ value, want string }{{c.out, ""}, {c.into, "not_started"}, {c.out, "withdrawn"}, {c.into, "not_started"}} {
				p, err := s.people.Find(t.Context(), a.ID, byHand)
				if err != nil {
					t.Fatal(err)
				}
				in := tenant.PersonInput{LoginID: p.LoginID, Name: p.Name, Kind: p.Kind, JoinedOn: string(p.JoinedOn)}
				c.hand(&in, step.value)
				if _, err := s.people.Update(as(t, a), a.ID, byHand, p.Version, in); err != nil {
					t.Fatal(err)
				}
				s.file(a, fmt.Sprintf("ログインID,氏名,%s\ntanaka,田中 太郎,%s\n", c.heading, step.value), tenant.ImportOptions{})
				if got := s.statuses(a, r.ID); got[byFile] != step.want || got[byHand] != step.want {
					t.Errorf("%s is %s: by file %q, by hand %q, want %q", name, step.value, got[byFile], got[byHand], step.want)
				}
			}
			// Somebody new who matches by the attribute alone.
			s.file(a, fmt.Sprintf("社員番号,氏名,%s\n9-%d,新人 %d,%s\n", c.heading, len(name), len(name), c.into), tenant.ImportOptions{})
			if n := len(s.in(a, r.ID)); n != 3 {
				t.Errorf("%s: %d in the round, want who was changed by file and by hand, and who is new", name, n)
			}
		}
	})
}

// Taking an import back leaves rounds as if it had never been, but for what somebody began meanwhile: they are left alone.
func TestUndoLeavesRoundsRight(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newIntake(t, d)
		a := s.world.A
		moved, began, missing := a.Staff[0], a.Staff[1], a.Staff[2]
		care := s.department(a, "介護課", moved, began, missing)
		s.department(a, "看護課")
		var nursing db.ID
		if err := d.QueryRow(t.Context(), "SELECT id FROM department WHERE name = '看護課'").Scan(&nursing); err != nil {
			t.Fatal(err)
		}
		old := s.create(a, lms.Audience{Departments: []db.ID{care}}) // who is there now and nobody later
		follow := true
		if _, err := s.rounds.Update(as(t, a), a.ID, old.ID, lms.RoundChange{Version: old.Version, FollowOut: &follow}); err != nil {
			t.Fatal(err)
		}
		fresh := s.create(a, lms.Audience{Departments: []db.ID{nursing}, FutureJoiners: true})
		all := s.create(a, lms.Audience{Everyone: true, FutureJoiners: true})
		wasOld, wasAll := s.statuses(a, old.ID), s.statuses(a, all.ID)
		s.run("UPDATE person SET leaves_on = '2026-05-31' WHERE id = ?", missing)
		s.run("UPDATE person_department SET ends_on = '2026-05-31' WHERE person_id = ?", missing)
		s.clock.Add(24 * time.Hour)
		imp := s.file(a, "ログインID,氏名,部署,社員番号\ntanaka,田中 太郎,看護課,\ntakahashi,髙橋 﨑子,看護課,\nhenshu,編集 次郎,,\n,新人 一,看護課,9-1\n,新人 二,看護課,9-2\n",
			tenant.ImportOptions{Missing: tenant.MissingLeave, LeftOn: "2026-04-01"})
		if got := s.statuses(a, old.ID); got[moved] != "withdrawn" || got[began] != "withdrawn" || got[missing] != "withdrawn" || len(s.in(a, fresh.ID)) != 4 {
			t.Fatalf("after the file: %v, %d in the other round", got, len(s.in(a, fresh.ID)))
		}
		var learner db.ID
		if err := d.QueryRow(t.Context(), "SELECT id FROM person WHERE employee_number = '9-2'").Scan(&learner); err != nil {
			t.Fatal(err)
		}
		for _, id := range []db.ID{began, learner} {
			s.run("UPDATE enrolment SET status = 'in_progress', started_at = ? WHERE round_id = ? AND person_id = ?", db.At(s.clock.Now()), fresh.ID, id)
		}
		preview, err := s.imports.UndoPreview(as(t, a), a.ID, imp.ID)
		if err != nil || len(preview.Kept) != 1 || preview.Kept[0].Name != "新人 二" || preview.Kept[0].Undo != tenant.UndoKeptUsed {
			t.Fatalf("the preview names %+v, %v", preview.Kept, err)
		}
		count := s.takeBack(a, imp.ID)
		if count != preview.Count || count != (tenant.ImportUndoCount{Remove: 1, Restore: 2, Return: 1, KeptUsed: 1}) {
			t.Fatalf("%+v, announced %+v", count, preview.Count)
		}
		if got := s.statuses(a, old.ID); !maps.Equal(got, wasOld) {
			t.Errorf("the round of before: %v, was %v", got, wasOld)
		}
		wasAll[learner] = "not_started"
		if got := s.statuses(a, all.ID); !maps.Equal(got, wasAll) {
			t.Errorf("the round for everybody: %v, was %v", got, wasAll)
		}
		if got := s.statuses(a, fresh.ID); got[moved] != "withdrawn" || got[began] != "in_progress" || got[learner] != "in_progress" || len(got) != 3 {
			t.Errorf("the round into which the file brought them: %v", got)
		}
		p, err := s.people.Find(t.Context(), a.ID, missing)
		if err != nil || p.State != tenant.PersonActive || p.LeavesOn != "2026-05-31" || p.LeftOn != "" {
			t.Errorf("%+v %v", p, err)
		}
		if n := s.count("SELECT COUNT(*) FROM person_department WHERE person_id = ? AND starts_on = '2026-04-01' AND ends_on = '2026-05-31'", missing); n != 1 {
			t.Error("the planned end of a post was lost")
		}
		if n := s.count("SELECT COUNT(*) FROM deletion WHERE tenant_id = ?", a.ID); n != 1 {
			t.Errorf("%d deletions in the journal, want that of the one who was removed", n)
		}
		if names := s.names("SELECT name FROM person WHERE tenant_id = ? AND name LIKE '新人%'", a.ID); !slices.Equal(names, []string{"新人 二"}) {
			t.Errorf("%v", names)
		}
	})
}

// Slips, mails and rules about people whom an import added do not keep it from being taken back.
func TestUndoTakesEverythingAlong(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newIntake(t, d)
		a := s.world.A
		imp := s.file(a, "社員番号,氏名\n9-1,新人 一\n", tenant.ImportOptions{})
		var id db.ID
		if err := d.QueryRow(t.Context(), "SELECT id FROM person WHERE employee_number = '9-1'").Scan(&id); err != nil {
			t.Fatal(err)
		}
		r := s.create(a, lms.Audience{Persons: []db.ID{id}})
		s.run("INSERT INTO credential (tenant_id, person_id, kind, hash, expires_at, changed_at) VALUES (?, ?, 'one_time', 'unusable', 9, 1)", a.ID, id)
		s.run(`INSERT INTO mail_message (tenant_id, id, dedupe, to_address, to_name, kind, subject, body_text, state, created_at, person_id) VALUES (?, ?, 'x', 'a@example.jp', 'a', 'test', '', '', 'queued', 1, ?)`, a.ID, db.NewID(), id)
		if count := s.takeBack(a, imp.ID); count.Remove != 1 {
			t.Fatalf("%+v", count)
		}
		if n := s.count("SELECT COUNT(*) FROM person WHERE id = ?", id) + s.count("SELECT COUNT(*) FROM enrolment WHERE round_id = ?", r.ID) +
			s.count("SELECT COUNT(*) FROM assignment WHERE target_id = ?", id) + s.count("SELECT COUNT(*) FROM mail_message WHERE person_id = ?", id); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

// A choice that is called otherwise keeps its people and the rules that ask for it, in open and closed rounds, also when two change places; one that a rule asks for
// is not removed, and no rule asks for what is no choice.
func TestRenamedChoicesAndRules(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newIntake(t, d)
		a, ctx := s.world.A, as(t, s.world.A)
		choices := func(names ...[2]string) tenant.PersonFieldInput {
			in := tenant.PersonFieldInput{Name: "勤務地", Kind: tenant.FieldChoice}
			for _, n := range names {
				in.Choices = append(in.Choices, tenant.PersonChoice{Name: n[0], Was: n[1]})
			}
			return in
		}
		field, err := s.fields.Create(ctx, a.ID, db.NewID(), choices([2]string{"東京"}, [2]string{"大阪"}, [2]string{"京都"}))
		if err != nil {
			t.Fatal(err)
		}
		s.file(a, "ログインID,氏名,勤務地\ntanaka,田中 太郎,東京\ntakahashi,髙橋 﨑子,大阪\nhenshu,編集 次郎,京都\n", tenant.ImportOptions{})
		asks := func(value string) lms.RuleSpec {
			return lms.RuleSpec{Kind: lms.RuleAttribute, Attribute: lms.AttributeField, Target: field.ID, Value: value}
		}
		both := s.create(a, lms.Audience{Rules: []lms.RuleSpec{asks("東京"), asks("大阪")}, FutureJoiners: true})
		closed := s.create(a, lms.Audience{Rules: []lms.RuleSpec{asks("東京")}, FutureJoiners: true})
		if closed, err = s.rounds.Update(ctx, a.ID, closed.ID, lms.RoundChange{Version: closed.Version, State: state(lms.RoundClosed)}); err != nil {
			t.Fatal(err)
		}
		was := s.statuses(a, both.ID)
		if _, err := s.rounds.AddRules(ctx, a.ID, both.ID, lms.Audience{Rules: []lms.RuleSpec{asks("福岡")}}); !fault.Is(err, fault.Invalid) {
			t.Errorf("a rule for what is no choice: %v", err)
		}
		// 東京 and 大阪 change places, 京都 becomes 福岡, all at once.
		field, err = s.fields.Update(ctx, a.ID, field.ID, field.Version, choices([2]string{"大阪", "東京"}, [2]string{"東京", "大阪"}, [2]string{"福岡", "京都"}), 0)
		if err != nil {
			t.Fatal(err)
		}
		words := func(round db.ID) []string {
			rules, err := s.rounds.Rules(t.Context(), a.ID, round)
			if err != nil {
				t.Fatal(err)
			}
			var list []string
			for _, r := range rules {
				list = append(list, r.Value)
			}
			slices.Sort(list)
			return list
		}
		if got := words(both.ID); !slices.Equal(got, []string{"大阪", "東京"}) {
			t.Errorf("%v", got)
		}
		if got := words(closed.ID); !slices.Equal(got, []string{"大阪"}) {
			t.Errorf("of the closed round: %v", got)
		}
		s.changed(a, a.Staff...)
		s.changed(a, a.Editor)
		if got := s.statuses(a, both.ID); !maps.Equal(got, was) {
			t.Errorf("renaming moved people: %v, was %v", got, was)
		}
		// Who comes to have a renamed choice is taken in by it.
		s.file(a, "ログインID,氏名,勤務地\nhenshu,編集 次郎,東京\n", tenant.ImportOptions{})
		if got := s.statuses(a, both.ID); got[a.Editor] != "not_started" {
			t.Errorf("%v", got)
		}
		_, err = s.fields.Update(ctx, a.ID, field.ID, field.Version, choices([2]string{"東京"}, [2]string{"福岡"}), 1)
		var f *fault.Error
		if !errors.As(err, &f) || f.Key != "person_choice_used" || f.Args["rounds"] != "2026年度 研修" {
			t.Errorf("removing a choice that a rule asks for: %v", err)
		}
		if err := s.fields.Delete(ctx, a.ID, field.ID, 3); !errors.As(err, &f) || f.Key != "person_field_used" || f.Args["rounds"] != "2026年度 研修" {
			t.Errorf("removing a field that a rule asks for: %v", err)
		}
		if _, err = s.fields.Update(ctx, a.ID, field.ID, field.Version, choices([2]string{"大阪"}, [2]string{"東京"}), 0); err != nil {
			t.Errorf("removing a choice that nothing asks for: %v", err)
		}
	})
}

// A choice that is called otherwise between the check of a file and its effect, or between its effect and its undo, is not written back under the old word.
func TestRenamedChoiceMeetsAFile(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newIntake(t, d)
		a, ctx := s.world.A, as(t, s.world.A)
		in := tenant.PersonFieldInput{Name: "勤務地", Kind: tenant.FieldChoice, Choices: []tenant.PersonChoice{{Name: "東京"}, {Name: "大阪"}}}
		field, err := s.fields.Create(ctx, a.ID, db.NewID(), in)
		if err != nil {
			t.Fatal(err)
		}
		rename := func(was, name string) {
			for i := range in.Choices {
				if in.Choices[i].Was = in.Choices[i].Name; in.Choices[i].Name == was {
					in.Choices[i].Name = name
				}
			}
			if field, err = s.fields.Update(ctx, a.ID, field.ID, field.Version, in, 0); err != nil {
				t.Fatal(err)
			}
		}
		text, id := "ログインID,氏名,勤務地\ntanaka,田中 太郎,東京\n", db.NewID()
		if _, err := s.imports.Receive(ctx, a.ID, id, tenant.ImportFile{Size: int64(len(text)), SHA: sha256.Sum256([]byte(text)), Body: bytes.NewReader([]byte(text))}, tenant.OriginPage, tenant.ImportOptions{}, s.clock.Now()); err != nil {
			t.Fatal(err)
		}
		s.work()
		rename("東京", "本社")
		if _, err := s.imports.Apply(ctx, a.ID, id, 0); err != nil {
			t.Fatal(err)
		}
		s.work()
		if imp, err := s.imports.Find(ctx, a.ID, id); err != nil || imp.State != tenant.ImportChecked || imp.Problem == nil || imp.Problem.Key != "import_outdated" || imp.Summary.Wrong != 1 {
			t.Fatalf("%s %+v %+v %v", imp.State, imp.Problem, imp.Summary, err)
		}
		s.file(a, "ログインID,氏名,勤務地\ntanaka,田中 太郎,本社\ntakahashi,髙橋 﨑子,本社\n", tenant.ImportOptions{})
		imp := s.file(a, "ログインID,氏名,勤務地\ntanaka,田中 太郎,大阪\n", tenant.ImportOptions{})
		rename("本社", "東京本社")
		if count := s.takeBack(a, imp.ID); count != (tenant.ImportUndoCount{KeptChanged: 1}) {
			t.Errorf("%+v", count)
		}
		if got := s.names("SELECT value FROM person_value WHERE tenant_id = ? ORDER BY value", a.ID); !slices.Equal(got, []string{"大阪", "東京本社"}) {
			t.Errorf("%v", got)
		}
	})
}

func state(s lms.RoundState) *lms.RoundState { return &s }

func (s *stage) names(query string, args ...any) (list []string) {
	s.t.Helper()
	rows, err := s.db.Query(s.t.Context(), query, args...)
	if err != nil {
		s.t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			s.t.Fatal(err)
		}
		list = append(list, name)
	}
	return list
}
