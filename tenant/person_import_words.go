package tenant

import (
	"fmt"
	"strings"

	"kenshu/fault"
)

// importWords are the reasons in the file of rows to mend and in mails about imports: the only sentences about a file of people that are not said by the page.
var importWords = map[string][2]string{
	"required":                {"入力してください", "Enter a value"},
	"too_long":                {"{max}文字までにしてください", "Use at most {max} characters"},
	"too_short":               {"{min}文字以上にしてください", "Use at least {min} characters"},
	"too_many":                {"{max}個までにしてください", "Use at most {max}"},
	"email":                   {"メールアドレスの形にしてください", "Enter an e-mail address"},
	"date":                    {"2026/04/01のような日付にしてください", "Enter a date like 2026/04/01"},
	"login_id_characters":     {"半角の英字、数字、. _ - @ だけにしてください", "Use only letters, digits and . _ - @"},
	"login_id_sequence":       {"続き番号のIDは推測されます。空欄にすると自動で作ります", "An ID in a sequence is easy to guess. Leave it empty and one is made"},
	"login_id_guessable":      {"推測されやすいIDです。空欄にすると自動で作ります", "This ID is easy to guess. Leave it empty and one is made"},
	"login_id_name":           {"氏名の入ったIDは推測されます。空欄にすると自動で作ります", "An ID with the name in it is easy to guess. Leave it empty and one is made"},
	"login_id_number":         {"社員番号の入ったIDは推測されます。空欄にすると自動で作ります", "An ID with the employee number in it is easy to guess. Leave it empty and one is made"},
	"login_id_organisation":   {"事業所名の入ったIDは推測されます。空欄にすると自動で作ります", "An ID with the organisation's name in it is easy to guess. Leave it empty and one is made"},
	"login_id_code":           {"会社コードの入ったIDは推測されます。空欄にすると自動で作ります", "An ID with the organisation code in it is easy to guess. Leave it empty and one is made"},
	"login_id_email":          {"メールアドレスの入ったIDは推測されます。空欄にすると自動で作ります", "An ID with the e-mail address in it is easy to guess. Leave it empty and one is made"},
	"sheet_formula":           {"数式は使えません。文字で入力してください", "A formula is not allowed. Enter text"},
	"sheet_cell_error":        {"セルがエラーです。値を入力してください", "The cell shows an error. Enter a value"},
	"import_employment":       {"正社員、役員、パート、契約、派遣のどれかにしてください", "Use Employee, Officer, Part-time, Contract or Dispatched"},
	"import_twice":            {"{row}行目と同じです。片方を消してください", "The same as row {row}. Remove one"},
	"import_number_ambiguous": {"同じ社員番号の人が複数います。ログインIDを入れてください", "Several people have this employee number. Add the login ID"},
	"import_number_taken":     {"ほかの人の社員番号です", "Somebody else has this employee number"},
	"import_login_differs":    {"この社員番号の人のログインIDは「{login_id}」です。IDを合わせるか、空欄にしてください", "The person with this employee number has the login ID {login_id}. Use it or leave it empty"},
	"import_name_known":       {"同じ氏名の人が登録されています。ログインIDか社員番号を入れてください", "Somebody with this name is registered. Add the login ID or the employee number"},
	"import_left":             {"退職した人です。先に復職の操作をしてください", "This person has left. Let them return first"},
	"import_person_twice":     {"{row}行目と同じ人です。片方を消してください", "The same person as in row {row}. Remove one"},
	"department_unknown":      {"部署が見つかりません", "There is no such department"},
	"department_ambiguous":    {"同じ名前の部署が{count}つあります。「上の部署/部署」の形で書いてください: {paths}", "{count} departments have this name. Write it with the one above: {paths}"},
	"department_depth":        {"部署は{max}段までです", "Departments may stand at most {max} levels deep"},
	"department_separator":    {"部署名に使えない文字があります", "A department's name cannot hold this character"},
	"not_in_list":             {"決められた値のどれかにしてください", "Use one of the given values"},
	"not_a_number":            {"数字を入力してください", "Enter a number"},
	"login_id_common":         {"よく使われる言葉でできたIDは推測されます。空欄にすると自動で作ります", "An ID made of a common word is easy to guess. Leave it empty and one is made"},
	"login_id_keyboard":       {"キーボードの並びのIDは推測されます。空欄にすると自動で作ります", "An ID of neighbouring keys is easy to guess. Leave it empty and one is made"},
	"login_id_series":         {"ほかの人と続き番号のIDは推測されます。空欄にすると自動で作ります", "An ID that continues somebody else's is easy to guess. Leave it empty and one is made"},
	"manager_only":            {"管理責任者だけが変えられます", "Only the manager can change this"},
}

// importProblems are the reasons why an import that nobody looks at went no further, for its mail; what is missing here is said on the page only.
var importProblems = map[string][2]string{
	"import_wrong":              {"直す行が{count}行あります。", "{count} rows need mending."},
	"import_too_many":           {"ファイルにない人が{count}人で、上限の{limit}%を超えます。", "{count} people are not in the file, more than the limit of {limit}%."},
	"import_department_similar": {"登録されている部署と1字ちがいなどの部署名が{count}個あります。画面で、同じ部署か新しい部署かを選んでください。", "{count} names of departments are nearly those of departments that are there. Say on the page which are meant."},
	"import_manager_row":        {"管理責任者の行が変わるため、自動では反映しません。", "The manager's own row would change, which is not done by itself."},
	"import_mapping_needed":     {"列の意味が決まっていない見出しです。画面で一度読み込み、列を決めてください。", "The headings are not known. Import such a file once on the page and say what the columns are."},
	"import_outdated":           {"調べている間に名簿が何度も変わりました。もう一度送ってください。", "People kept changing while the file was checked. Send it again."},
	"import_empty":              {"見出しの下に、読める行がありません。", "There are no rows below the headings."},
	"import_merged":             {"セルが結合されています（{range}）。結合を解除してください。", "Cells are merged ({range}). Unmerge them."},
	"sheet_kind":                {"Excelブック（.xlsx）でもCSVでもないファイルです。", "The file is neither an Excel workbook (.xlsx) nor CSV."},
	"sheet_encoding":            {"{row}行目に読めない文字があります。「CSV UTF-8」で保存し直してください。", "Row {row} holds characters that cannot be read. Save it as CSV UTF-8."},
	"sheet_damaged":             {"ファイルが壊れています。", "The file is damaged."},
	"sheet_rows":                {"行が多すぎます。上限は{limit}行です。", "There are too many rows: at most {limit}."},
}

// importSentence puts what is wrong with a cell into words.
func importSentence(f fault.Field, language string) string {
	words, ok := importWords[f.Key]
	if !ok {
		return f.Key
	}
	return filledWords(words, f.Args, language)
}

func (p ImportProblem) sentence(language string) string {
	words, ok := importProblems[p.Key]
	if !ok {
		words = [2]string{"理由は「名簿の読み込み」の画面にあります。", "The reason is on the page of imports."}
	}
	return filledWords(words, p.Args, language)
}

func filledWords(words [2]string, args map[string]any, language string) string {
	sentence := words[0]
	if language == "en" {
		sentence = words[1]
	}
	for name, value := range args {
		sentence = strings.ReplaceAll(sentence, "{"+name+"}", fmt.Sprint(value))
	}
	return sentence
}
