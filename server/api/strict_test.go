package api

import (
	"strings"
	"testing"
)

func TestUnambiguous(t *testing.T) {
	for text, good := range map[string]bool{
		`{"name":"a","list":[{"name":"b"},{"name":"c"}],"in":{"name":"name"},"last":["name","name"]}`: true,
		`[]`: true, `"name"`: true, `{}`: true, `{"a":{"a":{"a":1}}}`: true, `{"a":[],"b":{},"c":null}`: true,
		`{"name":"a","name":"b"}`: false, `{"name":"a","NAME":"b"}`: false, `{"a":{"b":1,"c":[1],"b":2}}`: false, `[{"a":1,"b":{},"A":2}]`: false,
		`{"n\u0061me":"a","name":"b"}`: false, "{\"a\":\"\xff\"}": false, `{"a":1`: true, // an unfinished text is refused by the parser after
		strings.Repeat("[", maxNesting) + strings.Repeat("]", maxNesting):     true,
		strings.Repeat("[", maxNesting+1) + strings.Repeat("]", maxNesting+1): false,
	} {
		if err := unambiguous([]byte(text)); (err == nil) != good {
			t.Errorf("%.60q: %v", text, err)
		}
	}
	var v struct{ Name string }
	if err := strictJSON().Unmarshal([]byte(`{"name":"a"} {"name":"b"}`), &v); err == nil {
		t.Error("trailing data was read")
	}
}
