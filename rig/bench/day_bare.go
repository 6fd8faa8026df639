package main

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
)

// bareDay plays recorded requests back: /operation/actor.
type bareDay struct {
	face    http.Handler
	pool    *sql.DB
	scripts map[[2]int]*script
	seq     atomic.Int64
}

// record keeps what the product sends to the database for one operation of everybody who does it: the third time, when rows are there that later ones find.
func (b *bareDay) record(c *crowd, op int) error {
	what := &dayMix[op]
	for i, a := range c.Actors {
		if !may(what, a) {
			continue
		}
		for range 3 {
			x := what.ask(c, a)
			s, status, err := record(b.face, newRequest(x.method, "/api/v1"+x.path, a.Token, x.body), numberIn(x.body), &b.seq)
			if err != nil || status >= 300 {
				return errors.Join(fmt.Errorf("answered %d", status), err)
			}
			b.scripts[[2]int{op, i}] = s
		}
	}
	return nil
}

// may tells whether an actor is one who does an operation; learners do all but what needs an attempt or ends one.
func may(what *operation, a *actor) bool {
	for _, l := range what.from {
		if l == a.Lane || (l == watching && a.Lane < managing) {
			return true
		}
	}
	return false
}

// numberIn finds the count in the body of an answer.
func numberIn(body []byte) (n int64) {
	_, rest, ok := strings.Cut(string(body), `"client_seq":`)
	if ok {
		_, _ = fmt.Sscan(strings.TrimSuffix(rest, "}"), &n)
	}
	return n
}

// ServeHTTP runs one script.
func (b *bareDay) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	op, actor, _ := strings.Cut(r.URL.Path[1:], "/")
	n, err := strconv.Atoi(op)
	i, err2 := strconv.Atoi(actor)
	s := b.scripts[[2]int{n, i}]
	if err = errors.Join(err, err2); err == nil && s == nil {
		err = errors.New("nothing is recorded for " + r.URL.Path)
	}
	if err == nil {
		_, err = io.Copy(io.Discard, r.Body)
	}
	if err == nil {
		err = s.run(r.Context(), b.pool)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	_, _ = w.Write(s.answer) // a client that went away is its own matter
}
