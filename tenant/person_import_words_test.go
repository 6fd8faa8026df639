package tenant

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"testing"
)

// The page says the reasons of wrong rows with sentences of its own: each has one, and it asks for nothing that the reason does not bring along.
func TestImportWordsOnThePage(t *testing.T) {
	here, there := regexp.MustCompile(`\{(\w+)\}`), regexp.MustCompile(`\{\{(\w+)`)
	names := func(re *regexp.Regexp, text string) (list []string) {
		for _, m := range re.FindAllStringSubmatch(text, -1) {
			list = append(list, m[1])
		}
		return list
	}
	for at, language := range []string{"ja", "en"} {
		page := map[string]any{}
		for _, file := range []string{"../frontend/src/locales/" + language + ".json", "../frontend/src/locales/error/" + language + ".json"} {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var all map[string]any
			if err := json.Unmarshal(text, &all); err != nil {
				t.Fatal(err)
			}
			if inner, ok := all["error"].(map[string]any); ok {
				all = inner
			}
			for key, sentence := range all {
				page[key] = sentence
			}
		}
		for key, words := range importWords {
			sentence, ok := page[key].(string)
			if !ok {
				if other, plural := page[key+"_other"].(string); plural {
					sentence, ok = other, true
				}
			}
			if !ok {
				t.Errorf("%s: the page has no sentence for %s", language, key)
				continue
			}
			have := names(here, words[at])
			for _, name := range names(there, sentence) {
				if !slices.Contains(have, name) {
					t.Errorf("%s: %s asks for %q, which the reason does not have: %s", language, key, name, sentence)
				}
			}
		}
	}
}
