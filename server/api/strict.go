package api

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
)

// maxNesting is far above the deepest body of the API.
const maxNesting = 64

var errAmbiguous = errors.New("the text can be read in more than one way")

func init() { huma.ValidateStrictCasing = true } // "Name" is no other way to write "name"

// strictJSON reads only what every reader understands alike (ASVS 1.5.3): encoding/json takes the last of two members of one name, and a name in other
// letters for the name itself, behind the back of the checks.
func strictJSON() huma.Format {
	return huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: func(data []byte, v any) error {
		if err := unambiguous(data); err != nil {
			return err
		}
		return json.Unmarshal(data, v)
	}}
}

// leastFold gives one letter for all that encoding/json takes for the same: "ſ" (U+017F) is an s to it, the sign of kelvin a k.
func leastFold(r rune) rune {
	least := r
	for next := unicode.SimpleFold(r); next != r; next = unicode.SimpleFold(next) {
		least = min(least, next)
	}
	return least
}

// unambiguous refuses broken UTF-8, too deep nesting, and two members of one object whose names differ in nothing but case.
func unambiguous(data []byte) error {
	if !utf8.Valid(data) {
		return errAmbiguous
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	var open []map[string]bool // the names seen in each open object; nil for an array
	name := false              // whether the next string is a name
	for {
		token, err := dec.Token()
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		switch t := token.(type) {
		case json.Delim:
			switch t {
			case '{':
				open = append(open, map[string]bool{})
			case '[':
				open = append(open, nil)
			default:
				open = open[:len(open)-1]
			}
			if len(open) > maxNesting {
				return errAmbiguous
			}
		case string:
			if name {
				seen, folded := open[len(open)-1], strings.Map(leastFold, t)
				if seen[folded] {
					return errAmbiguous
				}
				seen[folded], name = true, false
				continue
			}
		}
		name = len(open) > 0 && open[len(open)-1] != nil
	}
}
