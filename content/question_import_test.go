package content

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

func (b bank) check(text, name string) QuestionImport {
	b.t.Helper()
	imp, err := b.questions.Check(b.t.Context(), b.w.A.ID, db.NewID(), name, db.Hash{1}, strings.NewReader(text))
	if err != nil {
		b.t.Fatal(err)
	}
	return imp
}

// work runs the job of an import that was asked to be applied.
func (b bank) work(id db.ID) {
	b.t.Helper()
	payload, err := json.Marshal(map[string]db.ID{"import": id})
	if err != nil {
		b.t.Fatal(err)
	}
	if err := b.questions.ApplyJob(context.Background(), db.Job{Tenant: b.w.A.ID.Number(), Payload: payload, Max: 6}, func(int64, int64) {}); err != nil {
		b.t.Fatal(err)
	}
}

func TestQuestionImport(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		old := b.add("安全", "前からある", 1)
		var file bytes.Buffer
		if err := b.questions.Export(t.Context(), b.w.A.ID, QuestionFilter{}, FormatGIFT, "ja", unanswered, &file); err != nil {
			t.Fatal(err)
		}
		text := file.String()
		if imp := b.check(text, "x.gift"); imp.Counts != (ImportCounts{Unchanged: 1}) {
			t.Fatalf("its own export: %+v", imp.Counts)
		}
		text = strings.Replace(text, "前からある", "改めた", 1) + "\n新しい {T}\n\n新しい {T}\n\n壊れた {\n"
		imp := b.check(text, "x.gift")
		if imp.Counts != (ImportCounts{Added: 1, Changed: 1, Unchanged: 1, Wrong: 1}) || imp.State != ImportChecked {
			t.Fatalf("%+v", imp)
		}
		wrong, _, err := b.questions.ImportRows(t.Context(), b.w.A.ID, imp.ID, RowWrong, db.Page{})
		if err != nil || len(wrong) != 1 || wrong[0].Faults[0].Key != "gift_open_brace" {
			t.Errorf("%+v %v", wrong, err)
		}
		page, next, err := b.questions.ImportRows(t.Context(), b.w.A.ID, imp.ID, "", db.Page{Limit: 3})
		rest, _, err2 := b.questions.ImportRows(t.Context(), b.w.A.ID, imp.ID, "", db.Page{Limit: 3, After: next})
		if err != nil || err2 != nil || len(page) != 3 || len(rest) != 1 {
			t.Errorf("pages of %d and %d, %v %v", len(page), len(rest), err, err2)
		}
		if got := b.list(QuestionFilter{}); len(got) != 1 {
			t.Errorf("the check changed the bank: %v", got)
		}
		ctx := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: b.w.A.ID, Person: b.w.A.Editor, Name: "編集 次郎", Role: "editor"})
		if _, err := b.questions.Apply(ctx, b.w.A.ID, imp.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := b.questions.Apply(ctx, b.w.A.ID, imp.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("applied twice: %v", err)
		}
		b.work(imp.ID)
		b.work(imp.ID) // a job that is run again does nothing
		done, err := b.questions.FindImport(t.Context(), b.w.A.ID, imp.ID)
		if err != nil || done.State != ImportApplied || done.AppliedAt.IsZero() {
			t.Errorf("%+v %v", done, err)
		}
		if got := b.list(QuestionFilter{}); strings.Join(got, " ") != "改めた 新しい" {
			t.Errorf("in the bank: %v", got)
		}
		changed, _, err := b.questions.Find(t.Context(), b.w.A.ID, old.ID)
		if err != nil || changed.Number != 2 || changed.UpdatedBy != "編集 次郎" {
			t.Errorf("%+v %v", changed, err)
		}
	})
}

// Somebody changes a question between the check and the job: nothing of the file comes in, and the reason is told.
func TestQuestionImportOvertaken(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		old := b.add("安全", "前からある", 1)
		imp := b.check("// [id:"+old.ID.String()+"]\n改めた {T}\n\n新しい {T}\n", "x.gift")
		in := old.input()
		in.Question.Text = "人が先に直した"
		if _, err := b.questions.Update(t.Context(), b.w.A.ID, old.ID, old.Version, in); err != nil {
			t.Fatal(err)
		}
		if _, err := b.questions.Apply(t.Context(), b.w.A.ID, imp.ID); err != nil {
			t.Fatal(err)
		}
		b.work(imp.ID)
		got, err := b.questions.FindImport(t.Context(), b.w.A.ID, imp.ID)
		if err != nil || got.State != ImportChecked || got.Problem != "question_import_overtaken" {
			t.Errorf("%+v %v", got, err)
		}
		if list := b.list(QuestionFilter{}); strings.Join(list, " ") != "人が先に直した" {
			t.Errorf("half a file came in: %v", list)
		}
	})
}

// The same file twice, both checked before one of them is put in, is in the bank once.
func TestQuestionImportTwice(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		one, other := b.check("新しい {T}\n\n次の {F}\n", "x.gift"), b.check("次の {F}\n\n新しい {T}\n", "y.gift")
		for _, imp := range []QuestionImport{one, other} {
			if _, err := b.questions.Apply(t.Context(), b.w.A.ID, imp.ID); err != nil {
				t.Fatal(err)
			}
			b.work(imp.ID)
		}
		got, err := b.questions.FindImport(t.Context(), b.w.A.ID, other.ID)
		if err != nil || got.State != ImportChecked || got.Problem != "question_import_overtaken" {
			t.Errorf("%+v %v", got, err)
		}
		if list := b.list(QuestionFilter{}); len(list) != 2 {
			t.Errorf("the bank has %v", list)
		}
	})
}

func TestQuestionTemplate(t *testing.T) {
	for _, language := range []string{"ja", "en"} {
		var file bytes.Buffer
		if err := WriteQuestionTemplate(&file, language); err != nil {
			t.Fatal(err)
		}
		_, list, err := ReadQuestions(bytes.NewReader(file.Bytes()), int64(file.Len()), "x.xlsx")
		if err != nil || len(list) != len(QuestionKinds) {
			t.Fatal(len(list), err)
		}
		for _, f := range list {
			if len(f.Faults) > 0 {
				t.Errorf("%s %d: %+v", language, f.Row, f.Faults)
			}
		}
	}
}

// unanswered knows no attempt.
func unanswered(context.Context, tenant.ID, db.Runner, []db.ID) (map[db.ID]Answered, error) {
	return map[db.ID]Answered{}, nil
}

// Long questions come in, and are changed again, in few statements of which none is more than a database takes at once.
func TestQuestionImportOfLongQuestions(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		const questions = 45
		long := strings.Repeat("<", maxChoice-10) // six bytes each where it is stored
		var file strings.Builder
		for i := range questions {
			fmt.Fprintf(&file, "%d %s {", i, strings.Repeat("&", maxText-10))
			for j := range MaxChoices {
				fmt.Fprintf(&file, "%s%s %d\n", map[bool]string{true: "=", false: "~"}[j == 0], long, j)
			}
			file.WriteString("}\n\n")
		}
		put := func(text, name string, want ImportCounts) (statements int) {
			t.Helper()
			imp := b.check(text, name)
			if imp.Counts != want {
				t.Fatalf("%s: %+v", name, imp.Counts)
			}
			if _, err := b.questions.Apply(t.Context(), b.w.A.ID, imp.ID); err != nil {
				t.Fatal(err)
			}
			payload, err := json.Marshal(map[string]db.ID{"import": imp.ID})
			if err != nil {
				t.Fatal(err)
			}
			ctx := db.WithTrace(context.Background(), func(q db.Statement) {
				statements++
				text := 0
				for _, arg := range q.Args {
					if s, ok := arg.(string); ok {
						text += len(s)
					}
				}
				if text > 5<<20 {
					t.Errorf("a statement of %d bytes: %.60s", text, q.Query)
				}
			})
			if err := b.questions.ApplyJob(ctx, db.Job{Tenant: b.w.A.ID.Number(), Payload: payload, Max: 6}, func(int64, int64) {}); err != nil {
				t.Fatal(err)
			}
			if done, err := b.questions.FindImport(t.Context(), b.w.A.ID, imp.ID); err != nil || done.State != ImportApplied {
				t.Fatalf("%s: %+v %v", name, done, err)
			}
			return statements
		}
		put(file.String(), "x.gift", ImportCounts{Added: questions})
		var out bytes.Buffer
		if err := b.questions.Export(t.Context(), b.w.A.ID, QuestionFilter{}, FormatGIFT, "ja", unanswered, &out); err != nil {
			t.Fatal(err)
		}
		if n := put(strings.ReplaceAll(out.String(), "&&&&", "&&&+"), "y.gift", ImportCounts{Changed: questions}); n > questions {
			t.Errorf("%d statements for %d changes", n, questions)
		}
		list, _, total, err := b.questions.List(t.Context(), b.w.A.ID, QuestionFilter{}, db.Page{Limit: 100})
		if err != nil || total != questions {
			t.Fatal(total, err)
		}
		for _, q := range list {
			if q.Number != 2 || q.Version != 2 || !strings.Contains(q.Question.Text, "&&&+") {
				t.Errorf("version %d %d of %.20s", q.Number, q.Version, q.Question.Text)
			}
		}
	})
}

// A change of the tags and the category is no new version of what is asked; tags that the file leaves out are gone, who made the question stays.
func TestQuestionImportChangesOnlyWhatIsSaid(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		old := b.add("安全", "前からある", 1, "初級", "消える")
		other := b.add("安全", "そのまま", 1, "初級")
		in := old.input()
		in.Category, in.Tags, in.Difficulty = "衛生", []string{"初級", "新しい"}, 3
		err := d.Tx(t.Context(), func(tx *db.Tx) error {
			return b.questions.rewrite(t.Context(), tx, b.w.A.ID, []changedQuestion{{old, in}})
		})
		if err != nil {
			t.Fatal(err)
		}
		got, _, err := b.questions.Find(t.Context(), b.w.A.ID, old.ID)
		if err != nil || got.Number != 1 || got.Version != old.Version+1 || got.Category != "衛生" || got.Difficulty != 3 || strings.Join(got.Tags, " ") != "初級 新しい" || !got.CreatedAt.Equal(old.CreatedAt.Time) {
			t.Errorf("%+v %v", got, err)
		}
		if same, _, err := b.questions.Find(t.Context(), b.w.A.ID, other.ID); err != nil || same.Version != other.Version || strings.Join(same.Tags, " ") != "初級" {
			t.Errorf("%+v %v", same, err)
		}
	})
}

// Nothing bounds what stands in a wrong row: of it as much is kept as people need to find it again.
func TestQuestionImportKeepsOfWrongRowsWhatHelps(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		b := newBank(t, d)
		const rows = 16
		var file strings.Builder
		for i := range rows {
			fmt.Fprintf(&file, "%d %s {=a ~b}\n\n", i, strings.Repeat("<", 200_000)) // 3 MB, and 19 MB as it would be stored
		}
		fmt.Fprintf(&file, "choices {=a %s}\n\n", strings.Repeat("~b", 5000))
		imp := b.check(file.String(), "x.gift")
		if imp.Counts != (ImportCounts{Wrong: rows + 1}) {
			t.Fatalf("%+v", imp.Counts)
		}
		list, _, err := b.questions.ImportRows(t.Context(), b.w.A.ID, imp.ID, RowWrong, db.Page{Limit: 100})
		if err != nil || len(list) != rows+1 {
			t.Fatal(len(list), err)
		}
		for i, row := range list[:rows] {
			if len(row.Input.Question.Text) != maxText || !strings.HasPrefix(row.Input.Question.Text, fmt.Sprint(i)) || len(row.Faults) == 0 || row.Faults[0].Key != "too_long" {
				t.Errorf("%d: %d characters, %+v", i, len(row.Input.Question.Text), row.Faults)
			}
		}
		if last := list[rows]; len(last.Input.Question.Choices) != MaxChoices || len(last.Faults) == 0 || len(last.Faults) > maxRowFaults {
			t.Errorf("%d choices, %d faults", len(last.Input.Question.Choices), len(last.Faults))
		}
	})
}
