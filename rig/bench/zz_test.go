package main

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"kenshu/storage/db"
)

func TestZZ(t *testing.T) {
	m, err := newManaged(t.Context(), db.SQLite, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer m.close()
	for _, c := range [][3]string{{"POST", "/departments", `{"name":"a"}`}, {"PUT", "/departments/" + m.estate.department.String(), `{"name":"b"}`}, {"GET", "/rounds/" + m.estate.rounds[0].String() + "/enrolments", ""}} {
		var raw []byte
		if c[2] != "" {
			raw = []byte(c[2])
		}
		r := newRequest(c[0], "/api/v1"+c[1], m.token, raw)
		w := httptest.NewRecorder()
		m.API.Handler().ServeHTTP(w, r.WithContext(db.WithTrace(r.Context(), func(s db.Statement) { fmt.Println(s.Query, s.Args) })))
		fmt.Println(w.Code, w.Body.String())
	}
}
