package main

import (
	"encoding/json"
	"fmt"
)

// bank goes over the question bank and a quiz that draws from it.
func (w *walk) bank(do doer) {
	const question = `"category":"%s","tags":["初級","必修"],"difficulty":1,"question":{"id":"0197b5e2-0000-7000-8000-000000000001","kind":"single","text":"問い %s","choices":[{"id":"x","text":"はい"},{"id":"y","text":"いいえ"}],"correct":["x"],"explanation":""}`
	do("editor", "PUT", "/courses/"+w.ids["courses"]+"/archived", `{"archived":false}`)
	second := do("editor", "POST", "/questions", "{"+question+"}", "安全", "二")
	w.ids["questions"] = do("editor", "POST", "/questions", "{"+question+"}", "安全/鍵", "一")
	one := "/questions/" + w.ids["questions"]
	lesson := do("editor", "POST", "/courses/"+w.ids["courses"]+"/lessons", `{"kind":"quiz","title":"テスト"}`)
	do("editor", "PUT", "/lessons/"+lesson, `{"base_version":1,"client_save_id":"q","title":"テスト","body":{"quiz":{"pass_percent":100,"show":"after_pass","questions":[],"draws":[{"category":"安全","tags":["初級"],"difficulty":1,"count":1},{"questions":["%s"]}]}}}`, second)
	do("editor", "GET", one, "")
	do("editor", "PUT", one, `{"base_version":%v,`+question+`}`, w.member("version"), "安全", "一、改")
	do("editor", "PUT", "/questions/retired", `{"ids":["%s"],"retired":true}`, do("editor", "POST", one+"/copy", ""))
	do("editor", "GET", "/questions?q=はい&category=安全&tag=初級&difficulty=1&kind=single", "")
	do("editor", "GET", fmt.Sprintf("/questions?id=%s,%s", second, w.ids["questions"]), "")
	do("editor", "GET", "/question-facets", "")
	do("editor", "GET", "/questions/"+second+"/figures", "")
	do("editor", "GET", "/questions/"+w.ids["questions"]+"/figures?version=1", "")
	w.ids["question-imports"] = do("editor", "POST", "/question-imports?file_name=x.gift", "One {T}\n\n// [id:%s]\nTwo {F}\n", second)
	do("editor", "GET", "/question-imports/"+w.ids["question-imports"]+"/rows?outcome=added", "")
	do("editor", "POST", "/question-imports/"+w.ids["question-imports"]+"/apply", "")
	do("editor", "GET", "/questions/export?format=gift", "")
	do("editor", "GET", "/questions/template", "")
	w.reviews(do, lesson)
	do("editor", "GET", "/courses/"+w.ids["courses"], "")
	do("editor", "POST", "/courses/"+w.ids["courses"]+"/publish", `{"base_version":%v}`, w.member("content_version"))
}

// reviews goes over what editors say to each other before a course is published.
func (w *walk) reviews(do doer, lesson string) {
	course := "/courses/" + w.ids["courses"]
	do("editor", "POST", "/lessons/"+lesson+"/comments", `{"quote":"問い","text":"言い方を変えますか"}`)
	var said struct {
		Items []struct{ Comments []struct{ ID string } }
	}
	if err := json.Unmarshal(w.last, &said); err != nil || len(said.Items) == 0 {
		w.problems = append(w.problems, fmt.Errorf("no comment in %.200s: %w", w.last, err))
		return
	}
	comment := said.Items[0].Comments[0].ID
	do("editor", "POST", "/lessons/"+lesson+"/comments", `{"thread":"%s","text":"変えました"}`, comment)
	do("editor", "PUT", "/comments/"+comment+"/resolved", `{"resolved":true}`)
	do("editor", "DELETE", "/comments/"+comment, "")
	do("editor", "GET", "/lessons/"+lesson+"/comments", "")
	do("editor", "GET", course+"/lessons", "")
	do("editor", "GET", course, "")
	do("editor", "POST", course+"/review", `{"base_version":%v,"note":"見てください"}`, w.member("content_version"))
	do("editor", "GET", course+"/reviews", "")
	do("editor", "PUT", course+"/review/withdrawal", "")
}
