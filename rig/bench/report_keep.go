package main

import "strings"

// What is measured stands between marks, so that what people write around it on the page stays when it is measured again.
const end = "<!-- end of what is measured -->"

func begin(part string) string { return "<!-- measured: " + part + " -->" }

// keep puts the measured parts of a fresh page into the page as it is: in their places where it has them, with their sections at its end where it does not.
// An empty page is taken fresh.
func keep(page, fresh string) string {
	if strings.TrimSpace(page) == "" {
		return fresh
	}
	for at := 0; ; {
		from := strings.Index(fresh[at:], begin("")[:len("<!-- measured: ")])
		if from < 0 {
			return page
		}
		from += at
		to := from + strings.Index(fresh[from:], end) + len(end)
		mark, _, _ := strings.Cut(fresh[from:], "\n")
		if old := strings.Index(page, mark); old >= 0 {
			if stop := strings.Index(page[old:], end); stop >= 0 {
				page = page[:old] + fresh[from:to] + page[old+stop+len(end):]
			}
		} else {
			section := max(strings.LastIndex(fresh[:from], "\n## ")+1, at)
			page = strings.TrimRight(page, "\n") + "\n\n" + strings.TrimLeft(fresh[section:to], "\n") + "\n"
		}
		at = to
	}
}
