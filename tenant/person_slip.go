package tenant

import (
	"context"
	"slices"
	"strings"
	"time"

	"kenshu/storage/db"
	"kenshu/storage/paper"
	"kenshu/storage/sheet"
)

// SlipHead is what all slips of an organisation have in common.
type SlipHead struct {
	Organisation string
	Code         string
	LoginURL     string // address of the log-in page, for people to type
	Language     string // ja or en
}

// LoginHead gives the organisation's name and code for its slips; loginURL is the address of the log-in page.
func (s *People) LoginHead(ctx context.Context, tid ID, loginURL, language string) (SlipHead, error) {
	head := SlipHead{LoginURL: loginURL, Language: "ja"}
	if language == "en" {
		head.Language = language
	}
	return head, db.One(s.db.QueryRow(ctx, sqlSlipOrganisation, tid).Scan(&head.Organisation, &head.Code))
}

var slipWords = map[string]map[string]string{
	"ja": {"title": "ログインのご案内", "honorific": " 様", "code": "会社コード", "login": "ログインID", "secret": "仮パスワード", "until": "この紙で始められるのは %s まで",
		"note": "ログインしたら、自分のパスワードを決めてください。この紙は、ほかの人に見せないでください。", "list": "ログイン情報", "name": "氏名", "number": "社員番号", "department": "部署", "expires": "期限", "none": "部署なし"},
	"en": {"title": "How to log in", "honorific": "", "code": "Organisation code", "login": "Login ID", "secret": "One-time password", "until": "Use this sheet by %s",
		"note": "After you log in, choose a password of your own. Keep this sheet to yourself.", "list": "Log-in details", "name": "Name", "number": "Employee number", "department": "Department", "expires": "Use by", "none": "No department"},
}

var (
	slipInk   = paper.Colour{R: 32, G: 36, B: 44}
	slipQuiet = paper.Colour{R: 95, G: 100, B: 108}
)

// Slips drawn on paper: on A4, eight a page to cut, people of one department together; or one an A5 page.
const slipColumns, slipRows = 2, 4

// DrawSlips draws slips; onePerPage gives every person a sheet of their own.
func DrawSlips(head SlipHead, slips []Slip, onePerPage bool, now time.Time) *paper.Doc {
	slips = slices.Clone(slips)
	sortSlips(slips)
	size := paper.A4
	if onePerPage {
		size = paper.A5
	}
	doc := paper.New(size, paper.Meta{Title: slipWords[head.Language]["list"], Author: head.Organisation, Created: now, Language: head.Language})
	if onePerPage {
		for _, slip := range slips {
			doc.Page()
			drawSlip(doc, paper.Box{X: 8, Y: 12, W: size.W - 16, H: 80}, head, slip)
		}
		return doc
	}
	w, h := size.W/slipColumns, size.H/slipRows
	for i, slip := range slips {
		at := i % (slipColumns * slipRows)
		if at == 0 {
			doc.Page()
			cutLines(doc, size, w, h)
		}
		drawSlip(doc, paper.Box{X: float64(at%slipColumns) * w, Y: float64(at/slipColumns) * h, W: w, H: h}, head, slip)
	}
	return doc
}

func cutLines(doc *paper.Doc, size paper.Size, w, h float64) {
	pen := paper.Pen{Width: 0.3, Colour: slipQuiet, Dash: 1.2}
	for r := 1; r < slipRows; r++ {
		doc.Line(0, float64(r)*h, size.W, float64(r)*h, pen)
	}
	doc.Line(w, 0, w, size.H, pen)
}

func drawSlip(doc *paper.Doc, box paper.Box, head SlipHead, slip Slip) {
	const qr = 21
	words, in := slipWords[head.Language], box.Inset(7)
	left := in.W - qr - 3
	doc.Text(paper.Box{X: in.X, Y: in.Y - 1, W: left}, words["title"]+"　"+head.Organisation, paper.Style{Size: 8, Colour: slipQuiet, Fit: true})
	doc.Text(paper.Box{X: in.X, Y: in.Y + 4.5, W: left}, slip.Name+words["honorific"], paper.Style{Size: 14, Bold: true, Fit: true, Colour: slipInk})
	doc.Text(paper.Box{X: in.X, Y: in.Y + 13, W: left}, strings.TrimSpace(slip.EmployeeNumber+"　"+slip.Department), paper.Style{Size: 8, Colour: slipQuiet, Fit: true})
	doc.QR(in.X+in.W-qr+1, in.Y-2, qr, loginLink(head))
	for i, row := range [][2]string{{words["code"], head.Code}, {words["login"], slip.LoginID}, {words["secret"], slip.Secret}} {
		y := in.Y + 20 + float64(i)*8.2
		doc.Text(paper.Box{X: in.X, Y: y, W: 26, H: 7}, row[0], paper.Style{Size: 8, Colour: slipQuiet, Fit: true})
		doc.Text(paper.Box{X: in.X + 26, Y: y, W: in.W - 26, H: 7}, row[1], paper.Style{Size: 12.5, Bold: true, Fit: true, Colour: slipInk})
		doc.Line(in.X, y+7.4, in.X+in.W, y+7.4, paper.Pen{Width: 0.3, Colour: slipQuiet})
	}
	foot := head.LoginURL
	if !slip.Expires.IsZero() {
		foot += "　" + strings.Replace(words["until"], "%s", strings.ReplaceAll(Day(slip.Expires), "-", "/"), 1)
	}
	doc.Text(paper.Box{X: in.X, Y: in.Y + 45.5, W: in.W}, foot, paper.Style{Size: 7.5, Colour: slipInk, Fit: true, Leading: 1.3})
	doc.Text(paper.Box{X: in.X, Y: in.Y + 50, W: in.W}, words["note"], paper.Style{Size: 7, Colour: slipQuiet, Leading: 1.4})
}

// loginLink is what the QR code says: the log-in page with the organisation code filled in, which is printed beside it anyway. Never the login ID or the
// password: a code is read by the camera's maker, kept in the phone's history and photographed over a shoulder, and nobody sees what is in it.
func loginLink(head SlipHead) string { return head.LoginURL + "?code=" + head.Code }

// SlipTable is the same as a list, for those who hand it out by other ways.
func SlipTable(head SlipHead, slips []Slip) sheet.Table {
	words := slipWords[head.Language]
	rows := make([][]sheet.Cell, 0, len(slips))
	for _, s := range slips {
		rows = append(rows, sheet.Texts(s.Name, s.EmployeeNumber, s.Department, head.Code, s.LoginID, s.Secret, strings.ReplaceAll(Day(s.Expires), "-", "/"), loginLink(head)))
	}
	return sheet.Table{Name: words["list"], Rows: sheet.Rows(rows), Headings: []sheet.Heading{
		{Title: words["name"], Width: 22}, {Title: words["number"], Width: 14}, {Title: words["department"], Width: 22}, {Title: words["code"], Width: 16},
		{Title: words["login"], Width: 22}, {Title: words["secret"], Width: 24}, {Title: words["expires"], Width: 12}, {Title: "URL", Width: 40}}}
}
