package main

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"unicode"
)

// said keeps what the product logs while somebody listens; else nothing is written, so that measuring is not disturbed.
type said struct {
	text  bytes.Buffer
	level slog.LevelVar
}

func (s *said) logger() *slog.Logger {
	s.level.Set(slog.LevelError + 100)
	return slog.New(slog.NewJSONHandler(&s.text, &slog.HandlerOptions{Level: &s.level}))
}

// secretMembers are those of requests and answers whose values must not be logged.
var secretMembers = []string{"password", "current_password", "new_password", "secret", "recovery_code", "recovery_codes", "token", "address", "url", "login_id", "email"}

// remember takes note of the secrets in a body.
func (w *walk) remember(body []byte) {
	var all any
	_ = json.Unmarshal(body, &all) // a file has no members
	var within func(v any, secret bool)
	within = func(v any, secret bool) {
		switch v := v.(type) {
		case map[string]any:
			for name, one := range v {
				known := false
				for _, s := range secretMembers {
					known = known || name == s
				}
				within(one, known)
			}
		case []any:
			for _, one := range v {
				within(one, secret)
			}
		case string:
			if secret && len(v) > 3 {
				w.secrets[v] = true
			}
		}
	}
	within(all, false)
}

// spoken gives what the log of a walk holds and must not: a session, a password, a code, an address, or any text of people. All of them are Japanese here, and
// nothing that the product itself says is.
func (w *walk) spoken() (out []string) {
	for line := range strings.Lines(w.said.text.String()) {
		bad := strings.Contains(line, "@example") || strings.ContainsFunc(line, func(r rune) bool { return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) })
		for secret := range w.secrets {
			bad = bad || strings.Contains(line, secret)
		}
		if bad {
			out = append(out, line)
		}
	}
	return out
}
