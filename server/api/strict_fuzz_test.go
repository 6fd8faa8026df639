package api

import (
	"bytes"
	"encoding/json"
	"testing"
)

// What is found to have one reading reads the same when it is written again, by a reader that takes the first of two members as well as by one that takes the last.
func FuzzUnambiguous(f *testing.F) {
	for _, text := range []string{`{"a":1,"b":[{"a":2}]}`, `{"a":1,"A":2}`, `{"a":1} {"b":2}`, `[[[[1e400]]]]`, `{"":{"":null}}`, "{\"\u212a\":1,\"k\":2}", `"\ud800"`, `{"ſ":1,"s":2}`} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if unambiguous(raw) != nil {
			return
		}
		var to struct {
			K *json.Number
			S *json.Number
		}
		var members map[string]json.RawMessage
		if json.Unmarshal(raw, &members) != nil || json.Unmarshal(raw, &to) != nil {
			return
		}
		for name, value := range map[string]*json.Number{"k": to.K, "s": to.S} {
			if value == nil {
				continue
			}
			spelt := 0
			for member := range members {
				if bytes.EqualFold([]byte(member), []byte(name)) {
					spelt++
				}
			}
			if spelt != 1 {
				t.Errorf("%d members of %q are read as %q", spelt, raw, name)
			}
		}
	})
}
