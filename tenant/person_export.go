package tenant

import (
	"context"
	"iter"
	"strings"

	"kenshu/storage/db"
	"kenshu/storage/sheet"
)

var exampleRows = map[string][]string{
	"ja": {"", "（例）山田 花子", "ヤマダ ハナコ", "000123", "hanako@example.jp", "訪問介護課; 総務部", "正社員", "2026/04/01"},
	"en": {"", "(example) Hanako Yamada", "ヤマダ ハナコ", "000123", "hanako@example.jp", "Home care; General affairs", "Employee", "2026/04/01"},
}

var instructions = map[string][][2]string{
	"ja": {
		{"氏名", "必ず入力してください。姓と名の間に空白を入れます。"},
		{"ログインID", "空欄にすると、推測されにくいIDを自動で作ります。半角の英字、数字、. _ - @ が使えます。"},
		{"社員番号", "先頭の0はそのまま残ります。すでに登録した人は、ログインIDか社員番号で見分けます。"},
		{"部署", "兼務は「;」で区切ります。まだない部署は、反映するときに作られます。"},
		{"雇用区分", "正社員、役員、パート、契約、派遣のどれか。空欄は正社員です。"},
		{"入職日", "2026/04/01 のように入力します。"},
		{"空欄の扱い", "すでに登録した人の空欄は、いまの内容を変えません。ファイルにない人は、そのまま残ります。"},
		{"例の行", "「（例）」で始まる行は読みません。消さなくても大丈夫です。"},
	},
	"en": {
		{"Name", "Required."},
		{"Login ID", "Leave it empty and an ID that is hard to guess is made. Letters, digits and . _ - @ are allowed."},
		{"Employee number", "Leading zeros are kept. People who are registered already are recognised by login ID or employee number."},
		{"Departments", "Separate several with ;. A department that does not exist yet is made when the file is applied."},
		{"Employment", "Employee, Officer, Part-time, Contract or Dispatched. Empty means Employee."},
		{"Joined on", "Like 2026/04/01."},
		{"Empty cells", "For people who are registered already, an empty cell changes nothing. People who are not in the file stay."},
		{"Example row", "A row that begins with (example) is not read. You may leave it."},
	},
}

// PeopleTemplate is an empty list to fill in: headings, an example that is not read, and in an XLSX a second sheet that explains the columns.
// The own fields come last, each under its name.
func PeopleTemplate(language string, fields []PersonField) []sheet.Table {
	if language != "en" {
		language = "ja"
	}
	lines := make([][]sheet.Cell, 0, len(instructions[language]))
	for _, l := range instructions[language] {
		lines = append(lines, sheet.Texts(l[0], l[1]))
	}
	for _, f := range fields {
		lines = append(lines, sheet.Texts(f.Name, f.instruction(language)))
	}
	names := map[string][4]string{"ja": {"名簿", "書き方", "列", "説明"}, "en": {"People", "How to fill in", "Column", "Meaning"}}[language]
	return []sheet.Table{
		{Name: names[0], Headings: append(peopleHeadings(language), fieldHeadings(fields)...), Rows: sheet.Rows([][]sheet.Cell{sheet.Texts(exampleRows[language]...)})},
		{Name: names[1], Headings: []sheet.Heading{{Title: names[2], Width: 20}, {Title: names[3], Width: 100}}, Rows: sheet.Rows(lines)},
	}
}

func peopleHeadings(language string) []sheet.Heading {
	headings := make([]sheet.Heading, 0, len(sheetColumns)+2)
	for _, c := range sheetColumns {
		headings = append(headings, sheet.Heading{Title: c.heading(language), Width: c.width})
	}
	return headings
}

func fieldHeadings(fields []PersonField) []sheet.Heading {
	headings := make([]sheet.Heading, 0, len(fields))
	for _, f := range fields {
		headings = append(headings, sheet.Heading{Title: f.Name, Width: 18})
	}
	return headings
}

// shown is a value as lists show it.
func (f PersonField) shown(value string) string {
	if f.Kind == FieldDate {
		return strings.ReplaceAll(value, "-", "/")
	}
	return value
}

// instruction tells how to fill in the column of an own field.
func (f PersonField) instruction(language string) string {
	if f.Kind == FieldChoice {
		return map[string]string{"ja": "次のどれか: ", "en": "One of: "}[language] + strings.Join(f.Choices, map[string]string{"ja": "、", "en": ", "}[language])
	}
	return map[PersonFieldKind]map[string]string{
		FieldText:   {"ja": "200文字まで。", "en": "At most 200 characters."},
		FieldNumber: {"ja": "数字で入力します。", "en": "A number."},
		FieldDate:   {"ja": "2026/04/01 のように入力します。", "en": "Like 2026/04/01."},
	}[f.Kind][language]
}

// stateHeadings is what the column of the state is called.
var stateHeadings = map[string]string{"ja": "状態", "en": "State"}

// isStateHeading keeps own fields from being called like the column of the state, which the import leaves alone.
func isStateHeading(name string) bool {
	return Fold(name) == Fold(stateHeadings["ja"]) || Fold(name) == Fold(stateHeadings["en"])
}

var stateWords = map[string]map[PersonState]string{
	"ja": {PersonActive: "在籍", PersonSuspended: "休職", PersonLeft: "退職", PersonAnonymised: "匿名"},
	"en": {PersonActive: "Active", PersonSuspended: "On leave", PersonLeft: "Left", PersonAnonymised: "Anonymised"},
}

// Export gives everybody of a query as a table that the import reads back without a change, and says in the audit log who took it away.
func (s *People) Export(ctx context.Context, tid ID, q PeopleQuery, language string) (sheet.Table, error) {
	if _, err := s.filter(tid, q); err != nil {
		return sheet.Table{}, err
	}
	if language != "en" {
		language = "ja"
	}
	if err := s.auditRead(ctx, tid, Change{Action: "person.export", SubjectKind: "organisation"}); err != nil {
		return sheet.Table{}, err
	}
	fields, err := ReadPersonFields(ctx, tid, s.db)
	if err != nil {
		return sheet.Table{}, err
	}
	headings := append(peopleHeadings(language), sheet.Heading{Title: stateHeadings[language], Width: 10})
	name := map[string]string{"ja": "名簿", "en": "People"}[language]
	return sheet.Table{Name: name, Headings: append(headings, fieldHeadings(fields)...), Rows: s.exportRows(ctx, tid, q, language, fields)}, nil
}

func (s *People) exportRows(ctx context.Context, tid ID, q PeopleQuery, language string, fields []PersonField) iter.Seq2[[]sheet.Cell, error] {
	return func(yield func([]sheet.Cell, error) bool) {
		for p, err := range s.all(ctx, tid, q) {
			if err != nil {
				yield(nil, err)
				return
			}
			posts := make([]string, 0, len(p.Departments))
			for _, d := range p.Departments {
				posts = append(posts, d.Name)
			}
			cells := sheet.Texts(p.LoginID, p.Name, p.NameKana, p.EmployeeNumber, p.Email, strings.Join(posts, "; "), kindWord(p.Kind, language),
				strings.ReplaceAll(string(p.JoinedOn), "-", "/"), stateWords[language][p.State])
			for _, f := range fields {
				cells = append(cells, sheet.Text(f.shown(p.Fields[f.ID])))
			}
			if !yield(cells, nil) {
				return
			}
		}
	}
}

// auditRead records that data left the system.
func (s *People) auditRead(ctx context.Context, tid ID, c Change) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error { return s.audit.Append(ctx, tid, tx, c) })
}
