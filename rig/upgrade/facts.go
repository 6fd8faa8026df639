// Package upgrade keeps a database of each release with a demonstration in it, and upgrades it to what the product is today: everything that people could see
// before is there afterwards, as the product itself shows it.
//
// A new release is stored by "go run ./rig/upgrade/store -binary bin/kenshu".
package upgrade

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
)

// Login is one log-in of the stored demonstration.
type Login struct {
	Role         string `json:"role"`
	Organisation string `json:"organisation_code"`
	ID           string `json:"login_id"`
	Password     string `json:"password"`
	Name         string `json:"name"`
}

// Facts are what the product of a release showed of its database, with the words that every release since has had.
type Facts struct {
	People      map[string]string      `json:"people"`      // of the manager's organisation: name → state
	Rounds      map[string]Figures     `json:"rounds"`      // title → figures
	Enrolments  map[string]string      `json:"enrolments"`  // round and name → status and lessons done
	Certificate map[string]Certificate `json:"certificate"` // code → what anybody reads who checks it
	Records     map[string]string      `json:"records"`     // issued training records: id → number and digest
	Courses     map[string]string      `json:"courses"`     // of the association: title → state
	Audit       int                    `json:"audit"`       // events in the manager's log
}

// Figures are those of one round.
type Figures struct {
	Assigned   int `json:"assigned"`
	Completed  int `json:"completed"`
	InProgress int `json:"in_progress"`
	NotStarted int `json:"not_started"`
}

// Certificate is what the checking of one shows.
type Certificate struct {
	Name         string `json:"name"`
	Organisation string `json:"organisation"`
	Course       string `json:"course_title"`
	CompletedAt  string `json:"completed_at"`
}

// Ask sends one request below /api/v1 with the session token, "" for none, and gives the answer and the token to go on with.
type Ask func(method, path, token string, body any) (status int, answer []byte, next string, err error)

// session is somebody who has logged in.
type session struct {
	ask   Ask
	token string
}

// LogIn logs in and fails when it cannot.
func LogIn(ask Ask, l Login) (*session, error) {
	status, out, token, err := ask(http.MethodPost, "/session", "", map[string]string{"organisation_code": l.Organisation, "login_id": l.ID, "password": l.Password})
	if err != nil || status != http.StatusOK || token == "" {
		return nil, errors.Join(fmt.Errorf("log in as %s: %d %.300s", l.Role, status, out), err)
	}
	return &session{ask, token}, nil
}

func (s *session) get(path string, to any) error {
	status, out, _, err := s.ask(http.MethodGet, path, s.token, nil)
	if err != nil || status != http.StatusOK {
		return errors.Join(fmt.Errorf("GET %s: %d %.300s", path, status, out), err)
	}
	return json.Unmarshal(out, to)
}

// every reads a list to its end.
func (s *session) every(path string, one func(json.RawMessage) error) error {
	after := ""
	for {
		var page struct {
			Items []json.RawMessage `json:"items"`
			Next  string            `json:"next"`
		}
		query := path
		if after != "" {
			query += map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "after=" + after
		}
		if err := s.get(query, &page); err != nil {
			return err
		}
		for _, item := range page.Items {
			if err := one(item); err != nil {
				return err
			}
		}
		if after = page.Next; after == "" {
			return nil
		}
	}
}

// Read reads the facts as the people of the demonstration see them.
func Read(ask Ask, logins []Login) (Facts, error) {
	f := Facts{People: map[string]string{}, Rounds: map[string]Figures{}, Enrolments: map[string]string{}, Certificate: map[string]Certificate{}, Records: map[string]string{}, Courses: map[string]string{}}
	for _, l := range logins {
		s, err := LogIn(ask, l)
		if err != nil {
			return f, err
		}
		switch l.Role {
		case "manager":
			if len(f.Rounds) == 0 {
				err = f.manager(s)
			}
		case "association_editor":
			err = f.courses(s)
		}
		if err == nil && (l.Role == "staff" || l.Role == "deputy_manager") {
			err = f.certificates(s)
		}
		if err != nil {
			return f, fmt.Errorf("as %s: %w", l.Role, err)
		}
	}
	return f, nil
}

func (f *Facts) manager(s *session) error {
	err := s.every("/people?limit=200", func(raw json.RawMessage) error {
		var p struct{ Name, State string }
		err := json.Unmarshal(raw, &p)
		f.People[p.Name] = p.State
		return err
	})
	if err != nil {
		return err
	}
	if err := s.every("/audit?limit=200", func(json.RawMessage) error { f.Audit++; return nil }); err != nil {
		return err
	}
	var rounds []struct {
		ID, Title string
		Figures   Figures
	}
	if err := s.every("/rounds", func(raw json.RawMessage) error {
		rounds = append(rounds, struct {
			ID, Title string
			Figures   Figures
		}{})
		return json.Unmarshal(raw, &rounds[len(rounds)-1])
	}); err != nil {
		return err
	}
	for _, r := range rounds {
		f.Rounds[r.Title] = r.Figures
		if err := f.round(s, r.ID, r.Title); err != nil {
			return err
		}
	}
	return nil
}

func (f *Facts) round(s *session, id, title string) error {
	err := s.every("/rounds/"+id+"/enrolments", func(raw json.RawMessage) error {
		var e struct {
			Person struct{ Name string }
			Status string
			Done   int `json:"lessons_done"`
			Total  int `json:"lessons_total"`
		}
		err := json.Unmarshal(raw, &e)
		f.Enrolments[title+" / "+e.Person.Name] = fmt.Sprintf("%s %d of %d", e.Status, e.Done, e.Total)
		return err
	})
	if err != nil {
		return err
	}
	return s.every("/rounds/"+id+"/training-records", func(raw json.RawMessage) error {
		var r struct {
			ID, Digest string
			Number     int
		}
		err := json.Unmarshal(raw, &r)
		f.Records[r.ID] = fmt.Sprintf("%d %s", r.Number, r.Digest)
		return err
	})
}

// IssueRecords has the manager issue a training record of each round, so that there is one to compare.
func IssueRecords(ask Ask, l Login) error {
	s, err := LogIn(ask, l)
	if err != nil {
		return err
	}
	return s.every("/rounds", func(raw json.RawMessage) error {
		var r struct{ ID string }
		if err := json.Unmarshal(raw, &r); err != nil {
			return err
		}
		status, out, _, err := ask(http.MethodPost, "/rounds/"+r.ID+"/training-records", s.token, map[string]any{})
		if err != nil || status >= 300 {
			return errors.Join(fmt.Errorf("issue: %d %.300s", status, out), err)
		}
		return nil
	})
}

func (f *Facts) courses(s *session) error {
	return s.every("/courses", func(raw json.RawMessage) error {
		var c struct{ Title, State string }
		err := json.Unmarshal(raw, &c)
		f.Courses[c.Title] = c.State
		return err
	})
}

// certificates checks those of a learner as anybody can who holds the paper.
func (f *Facts) certificates(s *session) error {
	return s.every("/me/certificates", func(raw json.RawMessage) error {
		var c struct{ Code string }
		if err := json.Unmarshal(raw, &c); err != nil {
			return err
		}
		status, out, _, err := s.ask(http.MethodGet, "/public/certificates/"+c.Code, "", nil)
		if err != nil || status != http.StatusOK {
			return errors.Join(fmt.Errorf("check of a certificate: %d %.300s", status, out), err)
		}
		var shown Certificate
		err = json.Unmarshal(out, &shown)
		f.Certificate[c.Code] = shown
		return err
	})
}
