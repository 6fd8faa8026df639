package api

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"regexp"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"kenshu/fault"
	"kenshu/tenant"
)

// Problem is the answer to everything that went wrong: RFC 9457 with our i18n key. It never repeats a rejected value.
type Problem struct {
	Type      string         `json:"type" doc:"always about:blank; key tells problems apart"`
	Title     string         `json:"title" doc:"the HTTP status in words"`
	Status    int            `json:"status"`
	Key       string         `json:"key" doc:"which sentence to show: error.<key> in the page's locales"`
	Args      map[string]any `json:"args,omitempty" doc:"values for the sentence"`
	Fields    []ProblemField `json:"fields,omitempty" doc:"every wrong input"`
	RequestID string         `json:"request_id,omitempty" doc:"quote it when asking for help"`
}

// ProblemField is one wrong input.
type ProblemField struct {
	Path string         `json:"path" doc:"JSON path of the input, e.g. lessons[2].title"`
	Key  string         `json:"key" doc:"which sentence to show"`
	Args map[string]any `json:"args,omitempty"`
}

// Error gives the key.
func (p *Problem) Error() string { return p.Key }

// GetStatus gives the HTTP status.
func (p *Problem) GetStatus() int { return p.Status }

// ContentType answers application/problem+json.
func (p *Problem) ContentType(string) string { return "application/problem+json" }

// GetHeaders tells when to come again.
func (p *Problem) GetHeaders() http.Header {
	h := http.Header{}
	if seconds, ok := p.Args["retry_after"]; ok {
		h.Set("Retry-After", fmt.Sprint(seconds))
	}
	return h
}

var statusOf = map[fault.Kind]int{
	fault.Internal: http.StatusInternalServerError, fault.Invalid: http.StatusUnprocessableEntity, fault.Unauthorized: http.StatusUnauthorized,
	fault.Forbidden: http.StatusForbidden, fault.NotFound: http.StatusNotFound, fault.Conflict: http.StatusConflict, fault.Gone: http.StatusGone,
	fault.TooLarge: http.StatusRequestEntityTooLarge, fault.Limited: http.StatusTooManyRequests, fault.StepUp: http.StatusForbidden,
	fault.Unavailable: http.StatusServiceUnavailable,
}

func newProblem(status int, key string) *Problem {
	return &Problem{Type: "about:blank", Title: http.StatusText(status), Status: status, Key: key}
}

// problemOf turns any error into what the caller may know. A foreign error is logged and answered as "internal".
func problemOf(ctx context.Context, log *slog.Logger, err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	var f *fault.Error
	id := requestID(ctx)
	switch {
	case errors.As(err, &f) && f.Kind != fault.Internal:
		if f.Kind == fault.Unavailable {
			log.WarnContext(ctx, "a part is away", "error", err, "request_id", id)
		}
		p = newProblem(statusOf[f.Kind], f.Key)
		p.Args = f.Args
		for _, field := range f.Fields {
			p.Fields = append(p.Fields, ProblemField{field.Path, field.Key, field.Args})
		}
	case errors.Is(err, context.Canceled):
		p = newProblem(499, "cancelled") // the caller has gone; nobody reads this
	case errors.Is(err, context.DeadlineExceeded):
		p = newProblem(http.StatusServiceUnavailable, "timeout")
	default:
		log.ErrorContext(ctx, "internal error", "error", err, "stack", fault.Stack(err), "request_id", id)
		p = newProblem(http.StatusInternalServerError, "internal")
	}
	p.RequestID = id
	return p
}

// huma's own checks (schema, JSON syntax, unknown members) come through here.
func init() {
	huma.NewErrorWithContext = func(hc huma.Context, status int, msg string, errs ...error) huma.StatusError {
		p := newError(status, msg, errs...)
		if hc != nil {
			p.RequestID = requestID(hc.Context())
		}
		return p
	}
	huma.NewError = func(status int, msg string, errs ...error) huma.StatusError { return newError(status, msg, errs...) }
}

func newError(status int, _ string, errs ...error) *Problem {
	key := map[int]string{400: "bad_request", 408: "timeout", 413: "too_large", 415: "media_type", 406: "media_type", 422: "invalid", 500: "internal"}[status]
	if key == "" {
		key = "bad_request"
	}
	p := newProblem(status, key)
	for _, err := range errs {
		var d *huma.ErrorDetail
		if errors.As(err, &d) {
			p.Fields = append(p.Fields, fieldOf(d))
		}
	}
	return p
}

var checkWords = []struct {
	pattern *regexp.Regexp
	key     string
	arg     string
}{
	{regexp.MustCompile(`^expected required property (\S+) to be present`), "required", ""},
	{regexp.MustCompile(`^required (path|query|header|body|cookie)`), "required", ""},
	{regexp.MustCompile(`^unexpected property|^unknown query parameter`), "unknown_field", ""},
	{regexp.MustCompile(`^expected length <= (\d+)`), "too_long", "max"},
	{regexp.MustCompile(`^expected length >= 1\b`), "required", ""}, // nothing is not too short, it is missing
	{regexp.MustCompile(`^expected length >= (\d+)`), "too_short", "min"},
	{regexp.MustCompile(`^expected array length <= (\d+)`), "too_many", "max"},
	{regexp.MustCompile(`^expected array length >= (\d+)`), "too_few", "min"},
	{regexp.MustCompile(`^expected number <= (\S+)`), "too_big", "max"},
	{regexp.MustCompile(`^expected number >= (\S+)`), "too_small", "min"},
	{regexp.MustCompile(`^expected value to be one of`), "not_in_list", ""},
}

func fieldOf(d *huma.ErrorDetail) ProblemField {
	f := ProblemField{Path: tenant.Clip(strings.TrimPrefix(d.Location, "body."), 200), Key: "bad_value"} // the name of an unknown member is the caller's
	for _, w := range checkWords {
		m := w.pattern.FindStringSubmatch(d.Message)
		if m == nil {
			continue
		}
		f.Key = w.key
		if w.arg != "" {
			if n, err := strconv.ParseFloat(m[1], 64); err == nil {
				f.Args = map[string]any{w.arg: n}
			}
		} else if w.key == "required" && len(m) > 1 && !strings.HasPrefix(m[0], "required") {
			f.Path = strings.TrimPrefix(strings.Trim(f.Path+"."+m[1], "."), "body.")
		}
		break
	}
	return f
}
