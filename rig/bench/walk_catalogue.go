package main

import "fmt"

// catalogue shares a course with one organisation and then with another, and looks at what the association shares.
func (w *walk) catalogue(do doer) {
	member := do("operator", "GET", "/members", "")
	const fields = `"title":"選んだ会員の講座","summary":"","language":"ja","audience":"事務の方","minutes":20`
	course := do("operator", "POST", "/courses", `{%s,"shared":"chosen","organisations":["%s"]}`, fields, member)
	do("operator", "PUT", "/courses/"+course, `{%s,"shared":"none","base_version":1}`, fields)
	do("manager", "GET", "/catalogue?q=a&owner=association&language=ja", "")
	do("manager", "GET", "/catalogue?owner=association", "")
	items, _ := w.member("items").([]any)
	if len(items) == 0 {
		w.problems = append(w.problems, fmt.Errorf("the association shares nothing"))
		return
	}
	offer, _ := items[0].(map[string]any) // what is missing shows in the next request
	w.ids["catalogue"] = fmt.Sprint(offer["course"])
	do("manager", "PUT", "/catalogue/"+w.ids["catalogue"]+"/version", `{"version":"%v","under_way":"keep"}`, offer["version"])
	lessons, _ := w.member("lessons").([]any)
	do("editor", "POST", "/catalogue/"+w.ids["catalogue"]+"/copies", `{"title":"写した講座"}`) // its job runs with the others
	for _, l := range lessons {
		lesson, _ := l.(map[string]any)
		do("manager", "GET", fmt.Sprint("/catalogue/", w.ids["catalogue"], "/lessons/", lesson["id"]), "")
	}
}
