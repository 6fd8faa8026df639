package main

import (
	"io"
	"strings"
	"testing"
)

func TestReadEvents(t *testing.T) {
	for name, c := range map[string]struct {
		in             string
		passed, failed int
		line           string
	}{
		"passes": {`{"Action":"run","Package":"p","Test":"A"}
{"Action":"pass","Package":"p","Test":"A/x"}
{"Action":"pass","Package":"p","Test":"A"}
{"Action":"pass","Package":"p"}`, 2, 0, ""},
		"fails": {`{"Action":"output","Package":"p","Test":"A","Output":"boom\n"}
{"Action":"fail","Package":"p","Test":"A"}
{"Action":"fail","Package":"p"}`, 0, 1, "p A"},
		"skipped": {`{"Action":"skip","Package":"p","Test":"A"}
{"Action":"pass","Package":"p"}`, 0, 1, "skipped"},
		"does not build": {`{"ImportPath":"p [p.test]","Action":"build-output","Output":"p.go:1: syntax\n"}
{"Action":"fail","Package":"p","FailedBuild":"p [p.test]"}`, 0, 1, "did not get as far"},
		"no tests":           {`{"Action":"skip","Package":"p"}`, 0, 0, ""},
		"the tool complains": {"go: no such module\n" + `{"Action":"pass","Package":"p","Test":"A"}`, 1, 0, ""},
	} {
		t.Run(name, func(t *testing.T) {
			got := readEvents(strings.NewReader(c.in), io.Discard)
			if got.passed != c.passed || got.failed != c.failed || !strings.Contains(strings.Join(got.failures, "\n"), c.line) {
				t.Errorf("got %+v, want %d passed, %d failed with %q", got, c.passed, c.failed, c.line)
			}
		})
	}
}

func TestReadVitest(t *testing.T) {
	got, err := readVitest([]byte(`{"numPassedTests":3,"testResults":[
 {"name":"/x/a.test.ts","status":"failed","assertionResults":[{"fullName":"adds","status":"failed"},{"fullName":"later","status":"todo"}]},
 {"name":"/x/b.test.ts","status":"failed","message":"cannot import","assertionResults":[]},
 {"name":"/x/c.test.ts","status":"passed","assertionResults":[{"fullName":"one","status":"passed"}]}]}`))
	if err != nil || got.passed != 3 || got.failed != 3 {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := readVitest([]byte(`{"testResults":[]}`)); err == nil {
		t.Error("a run without a test was taken for good")
	}
}
