package api

import (
	"fmt"
	"strings"

	"kenshu/fault"
)

// importWords are the reasons in the file of rows to mend: the only sentences about people that a document, not the page, has to say.
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
	"import_kind":             {"正社員、役員、パート、契約、派遣のどれかにしてください", "Use Employee, Officer, Part-time, Contract or Dispatched"},
	"import_twice":            {"{row}行目と同じです。片方を消してください", "The same as row {row}. Remove one"},
	"import_number_ambiguous": {"同じ社員番号の人が複数います。ログインIDを入れてください", "Several people have this employee number. Add the login ID"},
	"import_number_taken":     {"ほかの人の社員番号です", "Somebody else has this employee number"},
	"import_login_differs":    {"この社員番号の人のログインIDは「{login_id}」です。IDを合わせるか、空欄にしてください", "The person with this employee number has the login ID {login_id}. Use it or leave it empty"},
	"import_name_known":       {"同じ氏名の人が登録されています。ログインIDか社員番号を入れてください", "Somebody with this name is registered. Add the login ID or the employee number"},
	"import_left":             {"退職した人です。先に復職の操作をしてください", "This person has left. Let them return first"},
	"import_person_twice":     {"{row}行目と同じ人です。片方を消してください", "The same person as in row {row}. Remove one"},
	"department_unknown":      {"部署が見つかりません", "There is no such department"},
	"department_ambiguous":    {"同じ名前の部署が複数あります。「上の部署/部署」の形で書いてください: {paths}", "Several departments have this name. Write it with the one above: {paths}"},
	"department_depth":        {"部署の階層が深すぎます", "Too many departments one below the other"},
	"department_separator":    {"部署名に使えない文字があります", "A department's name cannot hold this character"},
	"not_in_list":             {"決められた値のどれかにしてください", "Use one of the given values"},
	"number":                  {"数字を入力してください", "Enter a number"},
	"person_field_number":     {"数字を入力してください", "Enter a number"},
	"person_field_choice":     {"選択肢のどれかにしてください", "Use one of the choices"},
	"manager_only":            {"管理責任者だけが変えられます", "Only the manager can change this"},
}

func importSentence(f fault.Field, language string) string {
	words, ok := importWords[f.Key]
	if !ok {
		return f.Key
	}
	sentence := words[0]
	if language == "en" {
		sentence = words[1]
	}
	for name, value := range f.Args {
		sentence = strings.ReplaceAll(sentence, "{"+name+"}", fmt.Sprint(value))
	}
	return sentence
}
