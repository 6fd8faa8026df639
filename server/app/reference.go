package app

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Reference gives the tables of README.md that are derived from the code, by the name of their place there.
func Reference() map[string]string {
	var settings, list strings.Builder
	settings.WriteString("| setting | default | meaning |\n| --- | --- | --- |\n")
	for _, s := range Settings {
		name, value := "`"+s.Env+"`", "(empty)"
		if s.Secret {
			name += "<br>`" + s.Env + "_FILE`"
		}
		if s.Default != "" {
			value = "`" + s.Default + "`"
		}
		fmt.Fprintf(&settings, "| %s | %s | %s |\n", name, value, strings.ReplaceAll(s.Doc, "|", "\\|"))
	}
	list.WriteString("| command | what it does |\n| --- | --- |\n")
	all := commands()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&list, "| `kenshu %s` | %s |\n", name, all[name].summary)
	}
	return map[string]string{"settings": settings.String(), "commands": list.String()}
}

// Refer puts the derived tables into text, between the marks <!-- name --> and <!-- /name -->.
func Refer(text string) (string, error) {
	for name, table := range Reference() {
		begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
		before, rest, ok := strings.Cut(text, begin)
		_, after, closed := strings.Cut(rest, end)
		if !ok || !closed {
			return "", fmt.Errorf("the text has no place for %s", name)
		}
		text = before + begin + table + end + after
	}
	return text, nil
}
