package lms

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/storage/paper"
	"kenshu/tenant"
)

// MaxNotices is how many notices one document holds; more are printed a department at a time.
const MaxNotices = 5000

// NoticeQuery says for whom notices are printed: those of a round who still have something to do.
type NoticeQuery struct {
	Round      db.ID
	Department db.ID // with everything below it; zero: all
	Everybody  bool  // also people whom mail reaches
}

// NoticeHead is what all notices have in common.
type NoticeHead struct {
	Organisation string
	Code         string
	Title        string
	Course       string
	LoginURL     string
	Language     string // ja or en
}

// Notice is one person's printed reminder. It holds no login ID and no password: others hand it over.
type Notice struct {
	Name           string
	EmployeeNumber string
	Department     string // with what it belongs to; "" for none
	DueOn          string
	Overdue        bool

	id db.ID
}

// Notices lists the printed reminders of a round by department and name, and records that they were made. It returns NotFound for an unknown round or
// department, Conflict "notices_empty" when there is nobody to print one for, and Invalid when there are more than MaxNotices.
func (m *Reminder) Notices(ctx context.Context, tid tenant.ID, q NoticeQuery, language string) (NoticeHead, []Notice, error) {
	head := NoticeHead{LoginURL: m.url + "/login", Language: "ja"}
	if language == "en" {
		head.Language = language
	}
	r, err := findRound(ctx, tid, m.db, q.Round)
	if err != nil {
		return head, nil, err
	}
	head.Title, head.Course = r.Title, r.CourseTitle
	if err := db.One(m.db.QueryRow(ctx, sqlNoticeOrganisation, tid).Scan(&head.Organisation, &head.Code)); err != nil {
		return head, nil, err
	}
	tree, err := tenant.ReadDepartmentTree(ctx, tid, m.db)
	if err != nil {
		return head, nil, err
	}
	within := tree.Under(q.Department)
	if !q.Department.IsZero() && len(within) == 0 {
		return head, nil, fault.New(fault.NotFound, "not_found")
	}
	list, err := m.noticePeople(ctx, tid, q, within)
	if err != nil {
		return head, nil, fmt.Errorf("notices: %w", err)
	}
	if len(list) == 0 {
		return head, nil, fault.New(fault.Conflict, "notices_empty")
	}
	if len(list) > MaxNotices {
		return head, nil, &fault.Error{Kind: fault.Invalid, Key: "invalid", Fields: []fault.Field{{Path: "department", Key: "too_many_notices", Args: map[string]any{"max": MaxNotices}}}}
	}
	if err := m.addPosts(ctx, tid, list, tree, within); err != nil {
		return head, nil, err
	}
	slices.SortStableFunc(list, func(a, b Notice) int { return cmp.Compare(a.Department, b.Department) })
	err = m.db.Tx(ctx, func(tx *db.Tx) error {
		return m.audit.Append(ctx, tid, tx, tenant.Change{Action: "round.notices", SubjectKind: "round", Subject: q.Round, Detail: map[string]any{"title": r.Title, "people": len(list)}})
	})
	return head, list, err
}

func (m *Reminder) noticePeople(ctx context.Context, tid tenant.ID, q NoticeQuery, within []db.ID) ([]Notice, error) {
	today := tenant.Today(m.clock)
	cond := db.Where("e.tenant_id = ? AND e.round_id = ?", tid, q.Round).And(sqlOpenStatus).And("p.state = 'active'")
	if !q.Everybody {
		cond.And("p.email = ''")
	}
	if len(within) > 0 {
		cond.And("e.person_id IN ("+sqlHoldersOf+"("+db.Marks(len(within))+"))", append([]any{tid, today, today}, db.Args(within)...)...)
	}
	return db.List(ctx, m.db, sqlNotices+cond.SQL()+" ORDER BY p.sort_name, p.id LIMIT ?", cond.Args(MaxNotices+1), func(row db.Row) (Notice, error) {
		var n Notice
		if err := row.Scan(&n.id, &n.Name, &n.EmployeeNumber, &n.DueOn); err != nil {
			return n, err
		}
		n.Overdue = n.DueOn < today
		return n, nil
	})
}

// addPosts names the department of everybody, the first by path of those that were asked for, with one query a part.
func (m *Reminder) addPosts(ctx context.Context, tid tenant.ID, list []Notice, tree tenant.DepartmentTree, within []db.ID) error {
	today := tenant.Today(m.clock)
	at := make(map[db.ID]*Notice, len(list))
	ids := make([]db.ID, len(list))
	for i := range list {
		at[list[i].id], ids[i] = &list[i], list[i].id
	}
	wanted := map[db.ID]bool{}
	for _, id := range within {
		wanted[id] = true
	}
	for part := range slices.Chunk(ids, chunk) {
		cond := db.Where(sqlHeldToday, tid, today, today).In("pd.person_id", db.Args(part))
		err := db.Each(ctx, m.db, sqlHeldPosts+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
			var person, department db.ID
			if err := scan(&person, &department); err != nil {
				return err
			}
			if len(wanted) > 0 && !wanted[department] {
				return nil
			}
			if path, n := tree.Path(department), at[person]; n.Department == "" || path < n.Department {
				n.Department = path
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

var noticeWords = map[string]map[string]string{
	"ja": {"title": "研修のお知らせ", "honorific": " 様", "ask": "次の研修を受けてください。", "late": "期限を過ぎています。いまからでも受けられます。", "due": "期限", "no_department": "部署なし",
		"how":  "1. 二次元コードを読み取るか、下のアドレスを開きます。\n2. 会社コードと、ログインID・パスワードを入れます。\n3. 研修を選ぶと、続きから始められます。",
		"code": "会社コード", "lost": "ログインIDやパスワードがわからないときは、管理責任者に連絡してください。"},
	"en": {"title": "Training for you", "honorific": "", "ask": "Please take this training.", "late": "The deadline has passed. You can still take it.", "due": "Due", "no_department": "No department",
		"how":  "1. Scan the code or open the address below.\n2. Enter the organisation code, your login ID and password.\n3. Choose the training; you go on where you stopped.",
		"code": "Organisation code", "lost": "If you do not know your login ID or password, please ask the training manager."},
}

// Notices drawn on paper: on A4, eight a page to cut, or one an A5 page.
const noticeColumns, noticeRows = 2, 4

var noticeInk, noticeQuiet = paper.Colour{R: 32, G: 36, B: 44}, paper.Colour{R: 95, G: 100, B: 108}

// DrawNotices draws notices. Each department begins a new page, so that its head can hand them out; onePerPage gives every person a sheet.
func DrawNotices(head NoticeHead, list []Notice, onePerPage bool, now time.Time) *paper.Doc {
	words, size := noticeWords[head.Language], paper.A4
	if onePerPage {
		size = paper.A5
	}
	doc := paper.New(size, paper.Meta{Title: words["title"] + " " + head.Title, Author: head.Organisation, Created: now, Language: head.Language})
	w, h := size.W/noticeColumns, size.H/noticeRows
	at, department := 0, ""
	for i, n := range list {
		if onePerPage {
			doc.Page()
			drawNotice(doc, paper.Box{X: 10, Y: 14, W: size.W - 20, H: 80}, head, n)
			continue
		}
		if i == 0 || n.Department != department || at == noticeColumns*noticeRows {
			doc.Page()
			noticeCuts(doc, size, w, h)
			at, department = 0, n.Department
		}
		drawNotice(doc, paper.Box{X: float64(at%noticeColumns) * w, Y: float64(at/noticeColumns) * h, W: w, H: h}, head, n)
		at++
	}
	return doc
}

func noticeCuts(doc *paper.Doc, size paper.Size, w, h float64) {
	pen := paper.Pen{Width: 0.3, Colour: noticeQuiet, Dash: 1.2}
	for r := 1; r < noticeRows; r++ {
		doc.Line(0, float64(r)*h, size.W, float64(r)*h, pen)
	}
	doc.Line(w, 0, w, size.H, pen)
}

func drawNotice(doc *paper.Doc, box paper.Box, head NoticeHead, n Notice) {
	const qr = 22
	words, in := noticeWords[head.Language], box.Inset(7)
	quiet := paper.Style{Size: 8, Colour: noticeQuiet, Fit: true}
	left := in.W - qr - 3
	department := n.Department
	if department == "" {
		department = words["no_department"]
	}
	doc.Text(paper.Box{X: in.X, Y: in.Y - 1, W: left}, words["title"]+"　"+head.Organisation, quiet)
	doc.Text(paper.Box{X: in.X, Y: in.Y + 4, W: left}, n.Name+words["honorific"], paper.Style{Size: 14, Bold: true, Fit: true, Colour: noticeInk})
	doc.Text(paper.Box{X: in.X, Y: in.Y + 12, W: left}, strings.TrimSpace(n.EmployeeNumber+"　"+department), quiet)
	doc.QR(in.X+in.W-qr+1, in.Y-2, qr, head.LoginURL+"?code="+head.Code)
	ask := words["ask"]
	if n.Overdue {
		ask = words["late"]
	}
	doc.Text(paper.Box{X: in.X, Y: in.Y + 18, W: left}, ask, paper.Style{Size: 8.5, Colour: noticeInk, Fit: true})
	doc.Text(paper.Box{X: in.X, Y: in.Y + 23, W: in.W}, head.Title, paper.Style{Size: 11, Bold: true, Colour: noticeInk, Fit: true})
	doc.Text(paper.Box{X: in.X, Y: in.Y + 29.5, W: in.W}, words["due"]+"　"+slashed(n.DueOn), paper.Style{Size: 11, Bold: true, Colour: noticeInk, Fit: true})
	doc.Line(in.X, in.Y+36, in.X+in.W, in.Y+36, paper.Pen{Width: 0.3, Colour: noticeQuiet})
	y := doc.Text(paper.Box{X: in.X, Y: in.Y + 37, W: in.W}, words["how"], paper.Style{Size: 7.5, Colour: noticeInk, Leading: 1.35})
	y = doc.Text(paper.Box{X: in.X, Y: y + 0.5, W: in.W}, words["code"]+"　"+head.Code+"　　"+head.LoginURL, paper.Style{Size: 7.5, Bold: true, Colour: noticeInk, Fit: true, Leading: 1.3})
	doc.Text(paper.Box{X: in.X, Y: y + 0.5, W: in.W}, words["lost"], paper.Style{Size: 6.5, Colour: noticeQuiet, Leading: 1.3})
}
