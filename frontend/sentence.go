package frontend

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
	"sync"
)

//go:embed src/locales/en.json
var wordsText []byte

//go:embed src/locales/error/en.json
var errorsText []byte

// sentences are the page's English sentences for fault keys.
var sentences = sync.OnceValue(func() map[string]string {
	var words struct {
		Error map[string]any `json:"error"`
	}
	var more map[string]any
	if err := json.Unmarshal(wordsText, &words); err != nil {
		panic(err) // a test of the page reads the same file
	}
	if err := json.Unmarshal(errorsText, &more); err != nil {
		panic(err)
	}
	out := map[string]string{}
	for _, all := range []map[string]any{words.Error, more} {
		for key, value := range all {
			if text, ok := value.(string); ok {
				out[key] = text
			}
		}
	}
	return out
})

// Sentence says a fault in English as the page does, for who reads it on the command line; a key without a sentence stands for itself.
func Sentence(key string, args map[string]any) string {
	text, ok := sentences()[key]
	if !ok {
		return key
	}
	for name, value := range args {
		text = strings.ReplaceAll(text, "{{"+name+"}}", fmt.Sprint(value))
	}
	return text
}
