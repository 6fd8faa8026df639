package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"kenshu/rig/servers"
	"kenshu/storage/db"
)

// pageBlocks is how many blocks the page has in which an editor types.
const pageBlocks = 300

// editorFigures are of typing in a long page, in a real browser.
type editorFigures struct {
	Blocks int
	Typed  []float64 // ms from the key to the picture, sorted
}

func measureEditor(ctx context.Context, engine db.Engine, o options) (*editorFigures, error) {
	s, err := newSite(ctx, engine, o)
	if err != nil {
		return nil, err
	}
	defer s.end()
	course, lesson, err := s.longPage(ctx)
	if err != nil {
		return nil, err
	}
	var f editorFigures
	if err := s.browse(ctx, &f, "e2e/typing.ts", fmt.Sprintf("http://%s/courses/%s?lesson=%s", s.host, course, lesson), string(loginBody(s.manager))); err != nil {
		return nil, err
	}
	if slices.Sort(f.Typed); len(f.Typed) == 0 || f.Blocks < pageBlocks {
		return nil, fmt.Errorf("typing.ts measured nothing: %+v", f)
	}
	fmt.Printf("typing in %d blocks: p50 %.1f p95 %.1f max %.1f ms\n", f.Blocks, at(f.Typed, 50), at(f.Typed, 95), at(f.Typed, 100))
	return &f, nil
}

// longPage makes a course with a page of many blocks of every kind that holds text.
func (s *site) longPage(ctx context.Context) (course, lesson string, err error) {
	var c, l struct {
		ID      string
		Version int
	}
	if err := s.send(ctx, http.MethodPost, "/courses", map[string]any{"title": "長い読み物", "summary": "", "language": "ja", "shared": "none"}, &c); err != nil {
		return "", "", err
	}
	if err := s.send(ctx, http.MethodPost, "/courses/"+c.ID+"/lessons", map[string]any{"kind": "page", "title": "読み物"}, &l); err != nil {
		return "", "", err
	}
	var html strings.Builder
	for n := range pageBlocks {
		switch n % 10 {
		case 0:
			fmt.Fprintf(&html, "<h2>第%d章</h2>", n/10+1)
		case 4:
			html.WriteString("<ul><li><p>鍵をかける</p></li><li><p>声をかける</p></li><li><p>記録する</p></li></ul>")
		case 7:
			html.WriteString("<blockquote><p>迷ったら、一人で決めずに相談します。</p></blockquote>")
		case 9:
			html.WriteString("<table><tbody><tr><th><p>場面</p></th><th><p>すること</p></th></tr><tr><td><p>電話</p></td><td><p>折り返す</p></td></tr></tbody></table>")
		default:
			fmt.Fprintf(&html, "<p>%s</p>", strings.Repeat("利用者さんの情報は、仕事に必要な人だけが見ます。", 4))
		}
	}
	body := map[string]any{"title": "読み物", "body": map[string]any{"page": map[string]any{"html": html.String()}}, "base_version": l.Version, "client_save_id": "a"}
	return c.ID, l.ID, s.send(ctx, http.MethodPut, "/lessons/"+l.ID, body, nil)
}

// browse runs a script of the page's folder, which drives a real browser, and reads what it prints.
func (s *site) browse(ctx context.Context, to any, name string, args ...string) error {
	tools, err := servers.Obtain(ctx, servers.PartChromium)
	if err != nil {
		return err
	}
	script, err := filepath.Abs("frontend/node_modules/.bin/tsx")
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, script, append([]string{name}, args...)...)
	cmd.Dir, cmd.Stderr = "frontend", os.Stderr
	cmd.Env = append(os.Environ(), servers.EnvChromium+"="+tools.Chromium)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 15 * time.Second
	out, err := cmd.Output()
	if err == nil {
		err = json.Unmarshal(out, to)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("%s said %.500q", name, out), err)
	}
	return nil
}

func (f *figures) writeEditor(p printer) {
	if f.editor == nil {
		return
	}
	x := f.editor
	p("## Typing in a long page\n")
	p("An editor types %d letters, one every 60 ms, into the middle of a page of %d blocks (headings, paragraphs, lists, quotations, tables) in a real Chromium at 1440 px: from the key to the frame that shows it, drawn in software. Aim: under 50 ms.\n", len(x.Typed), pageBlocks)
	p(begin("editor"))
	p("| blocks | p50 ms | p95 ms | worst ms |")
	p("| --: | --: | --: | --: |")
	p("| %d | %.1f | **%.1f** | %.1f |", x.Blocks, at(x.Typed, 50), at(x.Typed, 95), at(x.Typed, 100))
	p(measuredNow())
	p(end)
	p("")
}
