package lms

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"kenshu/storage/db"
	"kenshu/storage/paper"
	"kenshu/tenant"
)

var ledgerWords = map[string]map[string]string{
	"ja": {
		"ledger": "個人別受講台帳", "kana": "フリガナ", "joined": "入職日", "left": "退職日", "state": "在籍", "active": "在籍", "suspended": "休職", "leftState": "退職", "anonymised": "匿名",
		"summary": "受講者", "courses": "受講の記録", "round": "研修・講座", "period": "開始〜期限", "attempts": "受験", "times": "%d回", "spent": "学習時間", "minutes": "%d分",
		"certificate": "修了証番号", "revoked": "（取り消し）", "replaced": "%s（%sに再発行：%s、%s）", "departments": "部署", "posts": "所属の履歴", "department": "部署", "from": "開始日", "until": "最終日", "kind": "主務・兼務", "main": "主務", "further": "兼務", "now": "現在", "pledge": "誓約「%s」（第%d版）に%s署名：%s",
	},
	"en": {
		"ledger": "Personal training ledger", "kana": "Reading", "joined": "Joined on", "left": "Left on", "state": "State", "active": "Active", "suspended": "On leave", "leftState": "Left",
		"anonymised": "Anonymised", "summary": "Learner", "courses": "Courses", "round": "Training and course", "period": "From – due", "attempts": "Attempts", "times": "%d",
		"spent": "Time spent", "minutes": "%d min", "certificate": "Certificate", "revoked": " (revoked)", "replaced": "%s (issued again on %s: %s, %s)", "departments": "Departments", "posts": "Posts held", "department": "Department", "from": "From", "until": "Last day", "kind": "Kind", "main": "Main", "further": "Further", "now": "today", "pledge": "pledge “%s” (version %d) signed on %s: %s",
	},
}

// FileName is what a download of the ledger is called, without its ending.
func (l Ledger) FileName(language string) string {
	return strings.Join([]string{ledgerWords[ledgerLanguage(language)]["ledger"], l.Person.Name, tenant.Day(l.At)}, " ")
}

func ledgerLanguage(language string) string {
	if language == "en" {
		return "en"
	}
	return "ja"
}

// WritePDF draws the ledger: who, and every course with what became of it. What was answered in quizzes is not in it.
func (l Ledger) WritePDF(out io.Writer, language string) error {
	language = ledgerLanguage(language)
	w, own := wordsOf(language), ledgerWords[language]
	doc := paper.New(paper.A4Landscape, paper.Meta{Title: l.FileName(language), Author: l.Person.Organisation, Created: l.At, Language: language})
	doc.SetMargins(paper.Margins{Top: 16, Right: 14, Bottom: 20, Left: 14})
	doc.Page()
	area := doc.Area()
	doc.Text(paper.Box{X: area.X, Y: area.Y, W: area.W}, own["ledger"], paper.Style{Size: 21, Bold: true, Colour: recordInk, Leading: 1.3})
	doc.Text(paper.Box{X: area.X, Y: area.Y + 11, W: area.W}, l.Person.Organisation+"　"+fmt.Sprintf(w["as_of"], slashed(tenant.Day(l.At))), paper.Style{Size: 9, Colour: recordQuiet})
	doc.SetY(area.Y + 16)
	section(doc, own["summary"], 20)
	table(doc, w, []paper.Column{{Title: w["item"], Width: 38}, {Title: w["what"]}}, l.facts(w, own))
	if len(l.Posts) > 0 {
		section(doc, own["posts"]+"　"+fmt.Sprint(len(l.Posts)), 25)
		table(doc, w, []paper.Column{{Title: own["department"]}, {Title: own["from"], Width: 30}, {Title: own["until"], Width: 30}, {Title: own["kind"], Width: 30}}, l.posts(own))
	}
	section(doc, own["courses"]+"　"+fmt.Sprint(len(l.Entries)), 25)
	table(doc, w, []paper.Column{
		{Title: own["round"]}, {Title: own["period"], Width: 40}, {Title: w["status"], Width: 30}, {Title: w["completed_on"], Width: 22}, {Title: w["score"], Width: 16},
		{Title: own["attempts"], Width: 16}, {Title: own["spent"], Width: 20}, {Title: own["certificate"], Width: 32}, {Title: w["reason"], Width: 34},
	}, l.rows(w, own))
	line := strings.Join([]string{l.Person.Organisation, own["ledger"], l.Person.Name}, "　")
	quiet := paper.Style{Size: 7, Colour: recordQuiet}
	doc.Footer(func(page, pages int) {
		doc.Text(paper.Box{X: area.X, Y: doc.Size().H - 14, W: area.W - 24}, line, quiet)
		right := quiet
		right.Align = paper.Right
		doc.Text(paper.Box{X: area.X + area.W - 20, Y: doc.Size().H - 14, W: 20}, fmt.Sprintf("%d / %d", page, pages), right)
	})
	_, err := doc.WriteTo(out)
	return err
}

func (l Ledger) facts(w words, own map[string]string) [][]string {
	p := l.Person
	state := own[p.State]
	if p.State == string(tenant.PersonLeft) {
		state = own["leftState"]
	}
	rows := [][]string{{w["name"], p.Name}}
	for _, row := range [][]string{{own["kana"], p.NameKana}, {w["employee_number"], p.EmployeeNumber}, {w["login_id"], p.LoginID}, {own["departments"], l.departments()}, {own["state"], state},
		{own["joined"], slashed(string(p.JoinedOn))}, {own["left"], slashed(string(p.LeftOn))}} {
		if row[1] != "" {
			rows = append(rows, row)
		}
	}
	return rows
}

// departments are those of the day of the paper, the main one first.
func (l Ledger) departments() string {
	var main, others []string
	for _, p := range l.Posts {
		switch {
		case !p.Held(tenant.Day(l.At)):
		case p.Main:
			main = append(main, p.Then)
		default:
			others = append(others, p.Then)
		}
	}
	return strings.Join(append(main, others...), "、")
}

func (l Ledger) posts(own map[string]string) [][]string {
	rows := make([][]string, 0, len(l.Posts))
	for _, p := range l.Posts {
		until, kind := own["now"], ""
		if p.EndsOn != "" {
			until = slashed(string(p.EndsOn))
		}
		switch {
		case p.Main:
			kind = own["main"]
		case l.beside(p):
			kind = own["further"]
		}
		rows = append(rows, []string{p.Then, slashed(p.StartsOn), until, kind})
	}
	return rows
}

// beside tells whether another post was held while p was: only then is p a further one.
func (l Ledger) beside(p tenant.Post) bool {
	return slices.ContainsFunc(l.Posts, func(o tenant.Post) bool {
		same := o.Department == p.Department && o.StartsOn == p.StartsOn
		return !same && (p.EndsOn == "" || o.StartsOn <= string(p.EndsOn)) && (o.EndsOn == "" || p.StartsOn <= string(o.EndsOn))
	})
}

func (l Ledger) rows(w words, own map[string]string) [][]string {
	day := func(at db.Time) string {
		if at.IsZero() {
			return ""
		}
		return slashed(tenant.Day(at.Time))
	}
	rows := make([][]string, 0, len(l.Entries))
	for _, e := range l.Entries {
		score, certificate := "", ""
		if e.Score != nil {
			score = fmt.Sprintf(w["points"], *e.Score)
		}
		if e.Certificate != nil {
			if certificate = e.Certificate.Number; !e.Certificate.RevokedAt.IsZero() {
				certificate += own["revoked"]
			}
		}
		for _, c := range e.Replaced {
			certificate += "\n" + fmt.Sprintf(own["replaced"], c.Number, day(c.ReplacedAt), c.ReplacedReason, c.ReplacedBy)
		}
		title := e.RoundTitle
		if e.CourseTitle != e.RoundTitle {
			title += "\n" + e.CourseTitle
		}
		for _, p := range e.Pledges {
			title += "\n" + fmt.Sprintf(own["pledge"], p.Title, p.Version, day(p.SignedAt), p.Name)
		}
		rows = append(rows, []string{title, slashed(e.StartsOn) + "〜" + slashed(e.DueOn), strings.TrimSpace(w.status(e.Status, e.Overdue) + "\n" + w.basis(e.SelfReported)), day(e.CompletedAt), score,
			fmt.Sprintf(own["times"], len(e.Attempts)), fmt.Sprintf(own["minutes"], (e.SpentSeconds+59)/60), certificate, w.reason(e.Reason)})
	}
	return rows
}
