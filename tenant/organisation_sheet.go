package tenant

import (
	"strconv"
	"strings"
	"time"

	"kenshu/storage/paper"
)

var (
	sheetInk    = paper.Colour{R: 32, G: 36, B: 44}
	sheetQuiet  = paper.Colour{R: 95, G: 100, B: 108}
	sheetAccent = paper.Colour{R: 23, G: 78, B: 110}
)

// sheetWords are the sheet's sentences; %until and %login are filled in.
type sheetWords struct {
	title, address, code, login, secret, first string
	steps                                      []string
}

var managerSheet = []sheetWords{
	{
		title: "管理責任者 ログインのご案内", address: "ログインする場所", code: "会社コード", login: "ログインID", secret: "仮パスワード", first: "最初にすること",
		steps: []string{
			"スマートフォンなら右のコードを読み取ります。パソコンなら「ログインする場所」を入力します。",
			"会社コード、ログインID、仮パスワードを入力します。大文字と小文字、ハイフンの有無は気にせず入力できます。",
			"自分のパスワードを決めます（15文字以上）。決めると、仮パスワードは使えなくなります。",
			"メニューの「従業者」から、受講する方を登録します。",
			"この用紙は、ログインできたら裁断して捨ててください。ほかの方に見せないでください。",
			"仮パスワードは%untilまで使えます。過ぎたときは、この用紙を届けた団体に再発行を頼んでください。",
		},
	},
	{
		title: "How to log in as manager", address: "Where to log in", code: "Organisation code", login: "Login ID", secret: "One-time password", first: "What to do first",
		steps: []string{
			"Scan the code with a phone, or type the address above on a computer.",
			"Type the organisation code, the login ID and the one-time password. Capitals and hyphens do not matter.",
			"Choose your own password (15 characters or more). The one-time password then stops working.",
			"Register your staff under “People” in the menu.",
			"Shred this sheet once you have logged in. Show it to nobody.",
			"The one-time password can be used until %until. After that, ask whoever gave you this sheet for a new one.",
		},
	},
}

// DrawManagerSheet draws what is handed to a manager: Japanese, with English below. loginURL is the address of the log-in page.
func DrawManagerSheet(in Issued, loginURL string, now time.Time) *paper.Doc {
	doc := paper.New(paper.A4, paper.Meta{Title: managerSheet[0].title + " " + in.Organisation.Name, Author: "Kenshu", Created: now})
	doc.Page()
	ja, en := managerSheet[0], managerSheet[1]
	doc.Text(paper.Box{X: 20, Y: 18, W: 170}, ja.title, paper.Style{Size: 20, Bold: true, Colour: sheetAccent})
	doc.Text(paper.Box{X: 20, Y: 29, W: 170}, en.title, paper.Style{Size: 10, Colour: sheetQuiet})
	doc.Line(20, 37, 190, 37, paper.Pen{Width: 1, Colour: sheetAccent})
	y := doc.Text(paper.Box{X: 20, Y: 42, W: 170}, in.Organisation.Name+" 御中", paper.Style{Size: 13, Colour: sheetInk, Leading: 1.5})
	y = doc.Text(paper.Box{X: 20, Y: y + 1, W: 170}, in.Organisation.Manager.Name+" 様", paper.Style{Size: 16, Bold: true, Colour: sheetInk, Leading: 1.5})
	y = drawLoginBox(doc, y+5, in, loginURL)
	y = drawSteps(doc, y+8, ja, in.OneTime.Expires, 10.5)
	doc.Line(20, y+5, 190, y+5, paper.Pen{Width: 0.4, Colour: sheetQuiet, Dash: 1.2})
	drawSteps(doc, y+9, en, in.OneTime.Expires, 8.5)
	return doc
}

// drawLoginBox frames address, code, login ID and password beside the QR code and gives the y below it.
func drawLoginBox(doc *paper.Doc, y float64, in Issued, loginURL string) float64 {
	const height, qr = 66, 40
	ja, en := managerSheet[0], managerSheet[1]
	doc.Rect(paper.Box{X: 20, Y: y, W: 170, H: height}, paper.Pen{Width: 0.8, Colour: sheetAccent})
	doc.QR(190-qr-5, y+(height-qr)/2, qr, loginURL+"?code="+in.Organisation.Code)
	for i, row := range [][3]string{
		{ja.address, en.address, loginURL}, {ja.code, en.code, in.Organisation.Code},
		{ja.login, en.login, in.Organisation.Manager.LoginID}, {ja.secret, en.secret, in.OneTime.Password},
	} {
		top := y + 5 + float64(i)*14.5
		doc.Text(paper.Box{X: 25, Y: top, W: 110}, row[0]+"  "+row[1], paper.Style{Size: 8, Colour: sheetQuiet, Fit: true})
		size := 15.0
		if i == 0 {
			size = 11
		}
		doc.Text(paper.Box{X: 25, Y: top + 4, W: 110, H: 8}, row[2], paper.Style{Size: size, Bold: true, Colour: sheetInk, Fit: true})
	}
	return y + height
}

func drawSteps(doc *paper.Doc, y float64, words sheetWords, until time.Time, size float64) float64 {
	y = doc.Text(paper.Box{X: 20, Y: y, W: 170}, words.first, paper.Style{Size: size + 2, Bold: true, Colour: sheetAccent}) + 1
	day := strings.ReplaceAll(Day(until), "-", "/")
	for i, step := range words.steps {
		doc.Text(paper.Box{X: 20, Y: y, W: 8}, strconv.Itoa(i+1)+".", paper.Style{Size: size, Bold: true, Colour: sheetInk})
		y = doc.Text(paper.Box{X: 27, Y: y, W: 163}, strings.ReplaceAll(step, "%until", day), paper.Style{Size: size, Colour: sheetInk}) + 0.8
	}
	return y
}
