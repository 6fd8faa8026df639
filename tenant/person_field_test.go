package tenant_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
	"kenshu/tenant"
)

func choices(names ...string) []tenant.PersonChoice {
	list := make([]tenant.PersonChoice, 0, len(names))
	for _, n := range names {
		list = append(list, tenant.PersonChoice{Name: n})
	}
	return list
}

func keysOf(err error) map[string]string {
	out := map[string]string{}
	var f *fault.Error
	if errors.As(err, &f) {
		for _, one := range f.Fields {
			out[one.Path] = one.Key
		}
	}
	return out
}

func TestOwnFields(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newOffice(t, d)
		fields := tenant.NewPersonFields(d, w.audit, w.clock.Now)
		ctx, tid := w.manager(t), w.world.A.ID
		add := func(name string, kind tenant.PersonFieldKind, choices ...tenant.PersonChoice) tenant.PersonField {
			t.Helper()
			f, err := fields.Create(ctx, tid, db.NewID(), tenant.PersonFieldInput{Name: name, Kind: kind, Choices: choices})
			if err != nil {
				t.Fatal(err)
			}
			return f
		}
		note, years, since, shift := add(" 備考  欄 ", tenant.FieldText), add("経験年数", tenant.FieldNumber), add("資格取得日", tenant.FieldDate), add("勤務", tenant.FieldChoice, choices("日勤", "夜勤", "遅番")...)
		if note.Name != "備考 欄" || shift.Position != 4 {
			t.Errorf("the fields are %+v %+v", note, shift)
		}
		r, err := w.people.Create(ctx, tid, db.NewID(), tenant.PersonInput{Name: "山田 花子", Fields: map[db.ID]string{
			note.ID: "＝たばこ", years.ID: "１，２３４．５０", since.ID: "令和8年4月1日", shift.ID: "夜勤"}})
		if err != nil {
			t.Fatal(err)
		}
		want := map[db.ID]string{note.ID: "＝たばこ", years.ID: "1234.5", since.ID: "2026-04-01", shift.ID: "夜勤"}
		if !maps.Equal(r.Person.Fields, want) {
			t.Errorf("kept %v, not %v", r.Person.Fields, want)
		}
		// What the form does not mention stays; "" clears.
		p, err := w.people.Update(ctx, tid, r.Person.ID, r.Person.Version, inputOf(r.Person, map[db.ID]string{note.ID: "", shift.ID: "日勤"}))
		if err != nil {
			t.Fatal(err)
		}
		if want := map[db.ID]string{years.ID: "1234.5", since.ID: "2026-04-01", shift.ID: "日勤"}; !maps.Equal(p.Fields, want) {
			t.Errorf("after a change %v, not %v", p.Fields, want)
		}
		// Each wrong value is named with its reason.
		_, err = w.people.Create(ctx, tid, db.NewID(), tenant.PersonInput{Name: "別人", Fields: map[db.ID]string{
			note.ID: strings.Repeat("あ", 201), years.ID: "たくさん", since.ID: "2026-02-30", shift.ID: "早番", db.NewID(): "?"}})
		wrong := map[string]string{"fields." + note.ID.String(): "too_long", "fields." + years.ID.String(): "not_a_number", "fields." + since.ID.String(): "date",
			"fields." + shift.ID.String(): "not_in_list", "fields": "not_found"}
		if got := keysOf(err); !maps.Equal(got, wrong) {
			t.Errorf("refused with %v, not %v", got, wrong)
		}
		page, err := w.people.List(ctx, tid, tenant.PeopleQuery{Fields: map[db.ID]string{shift.ID: "日勤", years.ID: "1234.5"}})
		if err != nil || len(page.Items) != 1 || page.Items[0].ID != p.ID || page.Total != 1 {
			t.Errorf("by two own fields: %+v %v", page, err)
		}
		if page, err = w.people.List(ctx, tid, tenant.PeopleQuery{Fields: map[db.ID]string{shift.ID: "夜勤"}}); err != nil || len(page.Items) != 0 {
			t.Errorf("by a value nobody has: %+v %v", page, err)
		}
		t.Run("choices", func(t *testing.T) { choicesOfAField(t, w, fields, shift, p.ID) })
		t.Run("export", func(t *testing.T) {
			table, err := w.people.Export(ctx, tid, tenant.PeopleQuery{Search: "山田"}, "ja")
			if err != nil {
				t.Fatal(err)
			}
			last := table.Headings[len(table.Headings)-1]
			for row, err := range table.Rows {
				if err != nil || last.Title != "勤務" || row[len(row)-2] != sheet.Text("2026/04/01") {
					t.Errorf("the export says %v under %v: %v", row, table.Headings, err)
				}
			}
			if template := tenant.PeopleTemplate("ja", []tenant.PersonField{note}); template[0].Headings[len(template[0].Headings)-1].Title != "備考 欄" {
				t.Error("the template does not have the own field")
			}
		})
		t.Run("delete", func(t *testing.T) {
			if err := fields.Delete(ctx, tid, years.ID, 0); !isKey(err, "person_field_values") {
				t.Errorf("a deletion that takes a value nobody knew of: %v", err)
			}
			if total, _, err := fields.Usage(ctx, tid, years.ID); err != nil || total != 1 {
				t.Errorf("the usage is %d %v", total, err)
			}
			if err := fields.Delete(ctx, tid, years.ID, 1); err != nil {
				t.Fatal(err)
			}
			if now, err := w.people.Find(ctx, tid, p.ID); err != nil || now.Fields[years.ID] != "" || now.Fields[since.ID] == "" {
				t.Errorf("after the deletion %v %v", now.Fields, err)
			}
		})
	})
}

func choicesOfAField(t *testing.T, w *office, fields *tenant.PersonFields, shift tenant.PersonField, person db.ID) {
	ctx, tid := w.manager(t), w.world.A.ID
	// Two choices change places by name; the people go with them.
	swapped := []tenant.PersonChoice{{Name: "夜勤", Was: "日勤"}, {Name: "日勤", Was: "夜勤"}, {Name: "遅番"}}
	f, err := fields.Update(ctx, tid, shift.ID, shift.Version, tenant.PersonFieldInput{Name: "勤務", Choices: swapped}, 0)
	if err != nil {
		t.Fatal(err)
	}
	if p, err := w.people.Find(ctx, tid, person); err != nil || p.Fields[shift.ID] != "夜勤" {
		t.Errorf("after the exchange %v %v", p.Fields, err)
	}
	if _, err := fields.Update(ctx, tid, shift.ID, shift.Version, tenant.PersonFieldInput{Name: "勤務", Choices: swapped}, 0); !isKey(err, "changed_meanwhile") {
		t.Errorf("an old version is taken: %v", err)
	}
	without := tenant.PersonFieldInput{Name: "勤務", Choices: choices("日勤", "遅番")}
	if _, err := fields.Update(ctx, tid, shift.ID, f.Version, without, 0); !isKey(err, "person_field_values") {
		t.Errorf("a choice goes with a value nobody knew of: %v", err)
	}
	if _, err := fields.Update(ctx, tid, shift.ID, f.Version, without, 1); err != nil {
		t.Fatal(err)
	}
	if p, err := w.people.Find(ctx, tid, person); err != nil || p.Fields[shift.ID] != "" {
		t.Errorf("after the choice is gone %v %v", p.Fields, err)
	}
}

func isKey(err error, key string) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Key == key
}

// inputOf is what a form sends about a person, with fields.
func inputOf(p tenant.Person, fields map[db.ID]string) tenant.PersonInput {
	return tenant.PersonInput{LoginID: p.LoginID, Name: p.Name, NameKana: p.NameKana, Email: p.Email, EmployeeNumber: p.EmployeeNumber, Kind: p.Kind,
		JoinedOn: string(p.JoinedOn), Locale: p.Locale, Fields: fields}
}

func TestOwnFieldsRefuse(t *testing.T) {
	w := newOffice(t, kit.SQLite(t))
	fields := tenant.NewPersonFields(w.db, w.audit, w.clock.Now)
	for name, in := range map[string]struct {
		in   tenant.PersonFieldInput
		want map[string]string
	}{
		"nothing":         {tenant.PersonFieldInput{}, map[string]string{"name": "required", "kind": "not_in_list"}},
		"too long":        {tenant.PersonFieldInput{Name: strings.Repeat("あ", 51), Kind: "text"}, map[string]string{"name": "too_long"}},
		"another column":  {tenant.PersonFieldInput{Name: "社員Ｎｏ．", Kind: "text"}, map[string]string{"name": "person_field_reserved"}},
		"the state":       {tenant.PersonFieldInput{Name: "state", Kind: "text"}, map[string]string{"name": "person_field_reserved"}},
		"a formula":       {tenant.PersonFieldInput{Name: "=1+1", Kind: "text"}, map[string]string{"name": "sheet_formula"}},
		"choices of text": {tenant.PersonFieldInput{Name: "備考", Kind: "text", Choices: choices("a")}, map[string]string{"choices": "person_field_choices"}},
		"no choices":      {tenant.PersonFieldInput{Name: "勤務", Kind: "choice"}, map[string]string{"choices": "required"}},
		"a choice twice":  {tenant.PersonFieldInput{Name: "勤務", Kind: "choice", Choices: choices("Ａ", "a", "")}, map[string]string{"choices[1]": "person_choice_twice", "choices[2]": "required"}},
	} {
		if _, err := fields.Create(w.manager(t), w.world.A.ID, db.NewID(), in.in); !maps.Equal(keysOf(err), in.want) {
			t.Errorf("%s is refused with %v, not %v", name, keysOf(err), in.want)
		}
	}
}

// Forty requests at once for fields of the same and of different names: as many as may be, each name once, and a repeat is the same field.
func TestOwnFieldsAtOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := newOffice(t, d)
		fields := tenant.NewPersonFields(d, w.audit, w.clock.Now)
		var wait sync.WaitGroup
		var made atomic.Int64
		for i := range 40 {
			wait.Go(func() {
				_, err := fields.Create(context.WithoutCancel(w.manager(t)), w.world.A.ID, db.IDFrom("field", fmt.Sprint(i%30)), tenant.PersonFieldInput{Name: fmt.Sprintf("項目%d", i%30), Kind: tenant.FieldText})
				switch {
				case err == nil:
					made.Add(1)
				case !isKey(err, "person_fields_full"):
					t.Errorf("field %d: %v", i, err)
				}
			})
		}
		wait.Wait()
		list, err := fields.List(w.manager(t), w.world.A.ID)
		if err != nil || len(list) != tenant.MaxPersonFields || made.Load() < tenant.MaxPersonFields {
			t.Fatalf("%d fields are there, %d were made: %v", len(list), made.Load(), err)
		}
		for i, f := range list {
			if f.Position != i+1 {
				t.Errorf("%s has place %d", f.Name, f.Position)
			}
		}
		back := make([]db.ID, 0, len(list))
		for i := range list {
			back = append(back, list[len(list)-1-i].ID)
		}
		if again, err := fields.Order(w.manager(t), w.world.A.ID, back); err != nil || again[0].ID != list[len(list)-1].ID {
			t.Errorf("the order is %v %v", again, err)
		}
		if _, err := fields.Order(w.manager(t), w.world.A.ID, back[1:]); !isKey(err, "changed_meanwhile") {
			t.Errorf("an order without one of the fields: %v", err)
		}
	})
}
