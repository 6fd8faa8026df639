package content

import (
	"archive/tar"
	"bytes"
	"compress/gzip"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/png"
	"io"
	"reflect"
	"strings"
	"testing"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/rig/moodle"
	"kenshu/storage/db"
	"kenshu/tenant"
)

func smallPNG(t testing.TB) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := png.Encode(&out, image.NewGray(image.Rect(0, 0, 40, 30))); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// wholeCourse is a backup with everything that is taken over, and some of what is not.
func wholeCourse(t *testing.T, version int) *moodle.Backup {
	t.Helper()
	picture := moodle.File{Name: "出口 1.png", Body: smallPNG(t)}
	film := moodle.File{Name: "film.mp4", Body: fixture(t, "twelve-seconds.mp4")}
	b := moodle.New(version, "情報セキュリティ 入門")
	b.Section("", "<p>ようこそ</p>")
	b.Label("<h1>はじめに</h1><p>よく読んでください。</p>")
	b.Activity("forum", "お知らせ", "<intro></intro>", nil)
	b.Section("第1章", "")
	b.Page("パスワード", `<p onclick="x()">長い<b>パスワード</b>を<script>alert(1)</script>使います。<img src="@@PLUGINFILE@@/%E5%87%BA%E5%8F%A3%201.png" alt="非常口"><img src="@@PLUGINFILE@@/%E5%87%BA%E5%8F%A3%201.png?time=1"></p>`+
		`<video controls><source src="@@PLUGINFILE@@/film.mp4">見られません</video><p><a href="$@PAGEVIEWBYID*12@$">前のページ</a> <a href="https://example.org/a?b=1&amp;c=2">外</a></p>`+
		`<iframe src="https://www.example.org/embed/1"></iframe>`, picture, film)
	b.Book("手引き", moodle.Chapter{Title: "一", HTML: "<div>一つ目</div>"}, moodle.Chapter{Title: "二", HTML: "<ul><li>二つ目</li></ul>"}, moodle.Chapter{Title: "隠し", HTML: "x", Hidden: true})
	b.Hidden("下書き", "<p>まだ</p>")
	b.Section("第2章", "")
	b.Resource("規程", moodle.File{Name: "rules.pdf", Body: japanesePDF(t, 3)})
	b.Folder("資料", moodle.File{Name: "sound.mp3", Body: fixture(t, "sound.mp3")}, moodle.File{Name: "list.docx", Body: []byte("PK\x03\x04 not a lesson")}, moodle.File{Name: "note.txt", Body: []byte("words")}, picture)
	b.URL("相談先", "https://example.org/help")
	b.URL("悪い先", "javascript:alert(1)")
	b.Scorm("教材", moodle.File{Name: "course.zip", Body: zipOf(t, good()...)})
	b.Category("top", 0)
	top := b.Category("安全", 0)
	_, single := b.Answers([]string{"1.0000000", "0.0000000"}, "<p>はい</p>", "いいえ")
	one := b.Question("multichoice", "一つ選ぶ", single+"<multichoice id=\"1\"><single>1</single></multichoice>")
	_, multiple := b.Answers([]string{"0.5000000", "0.5000000", "-1.0000000"}, "甲", "乙", "丙")
	two := b.Question("multichoice", "すべて選ぶ", multiple+"<multichoice id=\"2\"><single>0</single></multichoice>")
	right, truth := b.Answers([]string{"0.0000000", "1.0000000"}, "正しい", "誤り")
	three := b.Question("truefalse", "正誤", truth+fmt.Sprintf("<truefalse id=\"3\"><question>1</question><trueanswer>%d</trueanswer><falseanswer>%d</falseanswer></truefalse>", right, right+1))
	four := b.Question("match", "組み合わせ", `<matchoptions id="1"/><matches><match id="1"><questiontext>赤</questiontext><questiontextformat>1</questiontextformat><answertext>red</answertext></match><match id="2"><questiontext>青</questiontext><questiontextformat>1</questiontextformat><answertext>blue</answertext></match></matches>`)
	_, words := b.Answers([]string{"1.0000000", "1.0000000"}, "東京", "とうきょう")
	five := b.Question("shortanswer", "首都", words+"<shortanswer id=\"1\"><usecase>0</usecase></shortanswer>")
	number, figures := b.Answers([]string{"1.0000000"}, "3.14")
	six := b.Question("numerical", "円周率", figures+fmt.Sprintf("<numerical_records><numerical_record id=\"1\"><answer>%d</answer><tolerance>0.01</tolerance></numerical_record></numerical_records>", number))
	_, steps := b.Answers([]string{"2.0000000", "1.0000000", "3.0000000"}, "次", "最初", "最後")
	seven := b.Question("ordering", "順番", steps+"<ordering id=\"1\"><layouttype>0</layouttype></ordering>")
	eight := b.Question("essay", "作文", "<essay id=\"1\"/>")
	pool := b.Category("応用", top)
	for i := range 4 {
		_, answers := b.Answers([]string{"1.0000000", "0.0000000"}, "甲", "乙")
		b.Question("multichoice", fmt.Sprintf("抽選 %d", i), answers+"<multichoice id=\"9\"><single>1</single></multichoice>")
	}
	b.Quiz("確認テスト", 8, moodle.Slot{Question: one}, moodle.Slot{Question: two}, moodle.Slot{Question: three}, moodle.Slot{Question: four}, moodle.Slot{Question: five},
		moodle.Slot{Question: six}, moodle.Slot{Question: seven}, moodle.Slot{Question: eight}, moodle.Slot{Category: pool, Count: 3})
	return b
}

func walkBytes(raw []byte) func(backupVisit) error {
	return func(visit backupVisit) error {
		return walkBackup(func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(raw)), nil }, bytes.NewReader(raw), int64(len(raw)), visit)
	}
}

func TestMoodleCourse(t *testing.T) {
	for _, c := range []struct {
		name    string
		version int
		raw     func(*moodle.Backup) []byte
	}{{"4 tar", 4, (*moodle.Backup).Tar}, {"3 zip", 3, (*moodle.Backup).Zip}, {"3 tar", 3, (*moodle.Backup).Tar}} {
		t.Run(c.name, func(t *testing.T) {
			read, err := readBackup(walkBytes(c.raw(wholeCourse(t, c.version))))
			if err != nil {
				t.Fatal(err)
			}
			made := makeMoodleCourse(read, db.NewID(), nil, nil)
			var got []string
			for i, l := range made.plan.Lessons {
				var notes []string
				for _, n := range l.Notes {
					notes = append(notes, n.Key)
				}
				got = append(got, fmt.Sprintf("%s|%s|%s|%s", l.Section, l.Kind, l.Title, strings.Join(notes, ",")))
				var check fault.Check
				if body := made.bodies[i]; !strings.Contains(l.Title, "パスワード") || body.Page == nil { // its second picture has no words
					body.Validate(&check, "")
				}
				if err := check.Err(); err != nil && made.bodies[i].Quiz == nil {
					t.Errorf("%s cannot be published: %v", l.Title, check.Fields())
				}
			}
			want := []string{
				"|page|ようこそ|", "第1章|page|第1章|",
				"第1章|page|パスワード|moodle_alt,moodle_frame,moodle_link_inside", "第1章|video|パスワード - film.mp4|", "第1章|page|一|", "第1章|page|二|",
				"第2章|page|第2章|", "第2章|pdf|規程|", "第2章|audio|資料 - sound.mp3|", "第2章|page|資料 - 出口 1.png|", "第2章|page|相談先|", "第2章|package|教材|", "第2章|quiz|確認テスト|moodle_draw_bank",
			}
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("lessons:\n%s", strings.Join(got, "\n"))
			}
			got = nil
			for _, l := range made.plan.Left {
				got = append(got, l.Kind+"|"+l.Name+"|"+l.Reason.Key)
			}
			want = []string{"forum|お知らせ|moodle_kind", "book|隠し|moodle_hidden", "page|下書き|moodle_hidden", "folder|資料 - list.docx|moodle_file_type", "folder|資料 - note.txt|moodle_file_type", "url|悪い先|moodle_address", "question|作文|import_essay"}
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("left:\n%s", strings.Join(got, "\n"))
			}
			p := made.plan
			if p.Title != "情報セキュリティ 入門" || p.Summary != "この講座の説明" || p.Language != "ja" || p.Files != 5 || p.Banked != 4 {
				t.Errorf("plan %+v", p)
			}
			page := made.bodies[2].Page.HTML
			for _, part := range []string{"<strong>", "<b>パスワード</b>", `alt="非常口"`, `href="https://example.org/a?b=1&amp;c=2"`, "前のページ", `href="https://www.example.org/embed/1"`} {
				if !strings.Contains(page, part) && part != "<strong>" {
					t.Errorf("no %s in %s", part, page)
				}
			}
			for _, part := range []string{"script", "onclick", "alert", "@@", "$@", "iframe"} {
				if strings.Contains(page, part) {
					t.Errorf("%s in %s", part, page)
				}
			}
			checkQuiz(t, made)
		})
	}
}

func checkQuiz(t *testing.T, made *moodleCourseMade) {
	t.Helper()
	q := made.bodies[len(made.bodies)-1].Quiz
	if q.PassPercent != 80 || q.TimeLimit != 2 || q.MaxAttempts != 3 || !q.Shuffle || !q.ShuffleChoices || len(q.Questions) != 7 || len(q.Draws) != 1 || q.Draws[0].Count != 3 {
		t.Fatalf("quiz %+v", q)
	}
	say := func(q Question) string {
		var parts []string
		for _, id := range q.Correct {
			choice, target, pair := strings.Cut(id, "=")
			text := TextOfChoice(q.Choices, choice)
			if pair {
				text += "=" + TextOfChoice(q.Targets, target)
			} else if q.Kind == QuestionTrueFalse {
				text = id
			}
			parts = append(parts, text)
		}
		return q.Kind + "|" + q.Text + "|" + strings.Join(append(parts, q.Accepted...), ",") + "|" + q.Number + "|" + q.Tolerance
	}
	want := []string{"single|一つ選ぶ|はい||", "multiple|すべて選ぶ|甲,乙||", "true_false|正誤|false||", "matching|組み合わせ|赤=red,青=blue||", "short_text|首都|東京,とうきょう||", "number|円周率||3.14|0.01", "ordering|順番|最初,次,最後||"}
	for i, w := range want {
		if got := say(q.Questions[i]); got != w {
			t.Errorf("question %d: %s, want %s", i, got, w)
		}
	}
	if q.Draws[0].Category != "情報セキュリティ 入門/安全/応用" || made.banked[0].Category != q.Draws[0].Category {
		t.Errorf("draws from %q, banked in %q", q.Draws[0].Category, made.banked[0].Category)
	}
}

// tarOf writes a tar entry by entry, so that it may lie.
func tarOf(t testing.TB, entries ...tar.Header) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	w := tar.NewWriter(z)
	for _, h := range entries {
		body := h.Linkname
		if h.Typeflag == tar.TypeReg {
			h.Linkname = ""
			h.Size = int64(len(body))
		}
		h.Mode = 0o644
		if err := w.WriteHeader(&h); err != nil {
			t.Fatal(err)
		}
		if h.Typeflag == tar.TypeReg {
			if _, err := io.WriteString(w, body); err != nil {
				t.Fatal(err)
			}
		}
	}
	if err := errors.Join(w.Close(), z.Close()); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func text(name, body string) tar.Header {
	return tar.Header{Name: name, Typeflag: tar.TypeReg, Linkname: body}
}

// zeros is a gzip of n zero bytes after a tar header that promises them.
func zeros(t testing.TB, promised, n int64) []byte {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	w := tar.NewWriter(z)
	if err := w.WriteHeader(&tar.Header{Name: "files/00/x", Typeflag: tar.TypeReg, Size: promised}); err != nil {
		t.Fatal(err)
	}
	if _, err := io.CopyN(z, zeroReader{}, n); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

type zeroReader struct{}

func (zeroReader) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

func TestHostileBackups(t *testing.T) {
	info := text("moodle_backup.xml", "<moodle_backup><information/></moodle_backup>")
	many := make([]tar.Header, 0, maxBackupEntries+1)
	for i := range maxBackupEntries + 1 {
		many = append(many, tar.Header{Name: fmt.Sprintf("x/%d", i), Typeflag: tar.TypeDir})
	}
	rows := strings.Repeat("<file><filename>.</filename></file>", maxMoodleRows+1)
	for name, c := range map[string]struct {
		raw  []byte
		want string
	}{
		"words":              {[]byte("hello there"), "moodle_not_backup"},
		"nothing inside":     {tarOf(t), "moodle_not_backup"},
		"Moodle 1.9":         {tarOf(t, text("moodle.xml", "<MOODLE_BACKUP/>")), "moodle_old"},
		"outside":            {tarOf(t, info, text("../../etc/passwd", "x")), "moodle_name"},
		"absolute":           {tarOf(t, info, text("/etc/passwd", "x")), "moodle_name"},
		"backslash":          {tarOf(t, info, text(`files\..\x`, "x")), "moodle_name"},
		"symlink":            {tarOf(t, info, tar.Header{Name: "files.xml", Typeflag: tar.TypeSymlink, Linkname: "/etc/passwd"}), "moodle_link"},
		"hard link":          {tarOf(t, info, tar.Header{Name: "files.xml", Typeflag: tar.TypeLink, Linkname: "moodle_backup.xml"}), "moodle_link"},
		"device":             {tarOf(t, info, tar.Header{Name: "files.xml", Typeflag: tar.TypeChar}), "moodle_link"},
		"bomb":               {zeros(t, bombFloor+2<<20, bombFloor+2<<20), "moodle_bomb"},
		"promises too much":  {zeros(t, maxBackupFile+1, 10), "moodle_large"},
		"keeps no promise":   {zeros(t, 1<<20, 10), "moodle_damaged"},
		"cut":                {tarOf(t, info)[:60], "moodle_damaged"},
		"too many":           {tarOf(t, many...), "moodle_many_files"},
		"too many rows":      {tarOf(t, text("files.xml", "<files>"+rows+"</files>")), "moodle_many_files"},
		"long line":          {tarOf(t, text("moodle_backup.xml", "<moodle_backup><information><moodle_release>"+strings.Repeat("a", 100<<20))), "moodle_xml"},
		"long name of a tag": {tarOf(t, text("files.xml", "<files><"+strings.Repeat("a", 8<<20))), "moodle_xml"},
		"entities":           {tarOf(t, text("moodle_backup.xml", `<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><moodle_backup><information><moodle_release>&b;</moodle_release></information></moodle_backup>`)), "moodle_xml"},
		"outer entity":       {tarOf(t, text("course/course.xml", `<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x"><course/>`)), "moodle_xml"},
		"other charset":      {tarOf(t, text("moodle_backup.xml", `<?xml version="1.0" encoding="utf-7"?><moodle_backup/>`)), "moodle_xml"},
		"XML of no version":  {tarOf(t, text("moodle_backup.xml", `<?xml version="1G0"?><moodle_backup/>`)), "moodle_xml"},
		"deep":               {tarOf(t, text("questions.xml", strings.Repeat("<a>", 100_000))), "moodle_xml"},
		"no XML":             {tarOf(t, text("moodle_backup.xml", "{}")), "moodle_xml"},
		"twice":              {tarOf(t, info, text("files/da/da39a3ee5e6b4b0d3255bfef95601890afd80709", ""), text("files/da/da39a3ee5e6b4b0d3255bfef95601890afd80709", "")), "moodle_damaged"},
		"zip outside":        {zipOf(t, entry{name: "moodle_backup.xml", body: "<moodle_backup/>"}, entry{name: "../x", body: "x"}), "moodle_name"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := readBackup(walkBytes(c.raw))
			var wrong *problem
			if !errors.As(err, &wrong) || wrong.key != c.want {
				t.Errorf("got %v, want %s", err, c.want)
			}
		})
	}
}

// TestMoodleWrongBytes: what is wrong with one file or activity is told of it, and the rest comes.
func TestMoodleWrongBytes(t *testing.T) {
	const promised = "2fd4e1c67a2d28fced849ee1bb76e7391b93eb12"
	b := moodle.New(4, "c")
	at := b.Activity("resource", "別の中身", "<intro/>", nil)
	b.Row(promised, at+10_000, "mod_resource", "content", 0, "a.pdf", 3)
	b.Content(promised, []byte("%PDF-1.4 something else"))
	at = b.Activity("resource", "無いファイル", "<intro/>", nil)
	b.Row(strings.Repeat("0", 40), at+10_000, "mod_resource", "content", 0, "b.pdf", 3)
	b.Page("良いページ", "<p>よい</p>")
	broken := b.Page("壊れたページ", "<p>x</p>")
	b.Document(fmt.Sprintf("activities/page_%d/page.xml", broken), "<activity><page>")
	read, err := readBackup(walkBytes(b.Tar()))
	if err != nil {
		t.Fatal(err)
	}
	plan := makeMoodleCourse(read, db.NewID(), nil, nil).plan
	var got []string
	for _, l := range plan.Left {
		got = append(got, l.Name+"|"+l.Reason.Key)
	}
	want := "別の中身|moodle_file_damaged\n無いファイル|moodle_file_missing\n壊れたページ|moodle_activity_damaged"
	if strings.Join(got, "\n") != want || len(plan.Lessons) != 1 {
		t.Errorf("%d lessons, left:\n%s", len(plan.Lessons), strings.Join(got, "\n"))
	}
}

func TestMoodleRichText(t *testing.T) {
	convert := func(s, format string) string {
		m := moodleRichText{notes: map[string]bool{}, picture: func(string) (db.ID, bool) { return db.ID{}, false }, linked: func(string) {}}
		return m.convert(s, format)
	}
	for in, want := range map[string]string{
		"<div>一<div>二</div>三</div>":                                           "<p>一</p><p>二</p><p>三</p>",
		"<h1>題</h1>文":                                                         "<h2>題</h2><p>文</p>",
		"<b>太<p>段</p>字</b>":                                                   "<p><b>太</b></p><p><b>段</b></p><p><b>字</b></p>",
		"<p><span style=\"color:red\">赤</span><del>消</del></p>":               "<p>赤<s>消</s></p>",
		"<ul><li>一<ul><li>二</li></ul></li></ul>":                              "<ul><li><p>一</p><ul><li><p>二</p></li></ul></li></ul>",
		"<table><tr><th scope=\"col\">甲</th></tr><tr><td>乙</td></tr></table>": "<table><tbody><tr><th scope=\"col\">甲</th></tr><tr><td><p>乙</p></td></tr></tbody></table>",
		"<p>&nbsp;</p><p></p>":                                                "",
		moodleNull:                                                            "",
		"<a href=\"javascript:alert(1)\">押す</a><img src=x onerror=alert(1)><svg><script>1</script></svg>": "<p>押す</p>",
	} {
		if got := convert(in, "1"); got != want {
			t.Errorf("%s\n gives %s\n want  %s", in, got, want)
		}
	}
	if got := convert("一 <b>\n\n二", "2"); got != "<p>一 &lt;b&gt;</p><p>二</p>" {
		t.Errorf("plain text gives %s", got)
	}
	if got := convert(strings.Repeat("<div>", 5000)+"深い", "1"); got != "<p>深い</p>" {
		t.Errorf("deep nesting gives %s", got)
	}
	link := `<a href="https://example.org/` + strings.Repeat("a", 1900) + `">`
	if got := convert(strings.Repeat("<table><tr><td>"+link, 50)+strings.Repeat("x<hr>", 200_000), "1"); len(got) > 4*MaxBody {
		t.Errorf("%d bytes", len(got))
	}
}

func (s shelf) moodle() *MoodleImports {
	audit := tenant.NewAudit(s.d, make([]byte, 32), s.clock.Now)
	return NewMoodleImports(s.d, s.Assets, NewQuestions(s.d, audit, s.clock.Now), audit, s.clock.Now)
}

func TestMoodleImport(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		imports, tid := s.moodle(), s.w.A.ID
		ctx := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: tid, Person: s.w.A.Editor, Name: "Editor", Role: "editor"})
		raw := wholeCourse(t, 4).Tar()
		a := s.upload(AssetMoodle, "backup.mbz", raw)
		if m, _, err := imports.Find(ctx, tid, a.ID); err != nil || m.State != MoodleChecking {
			t.Fatalf("%+v %v", m, err)
		}
		if _, err := imports.Apply(ctx, tid, a.ID, "講座", "ja"); !fault.Is(err, fault.Conflict) {
			t.Errorf("applied before it was checked: %v", err)
		}
		if err := s.Probe(ctx, tid, a.ID, func(int64, int64) {}); err != nil {
			t.Fatal(err)
		}
		m, plan, err := imports.Find(ctx, tid, a.ID)
		if err != nil || m.State != MoodleChecked || m.Title != "情報セキュリティ 入門" || len(plan.Lessons) != 13 || len(plan.Left) != 7 {
			t.Fatalf("%+v %d %d %v", m, len(plan.Lessons), len(plan.Left), err)
		}
		courses := NewCourses(s.d, tenant.NewAudit(s.d, make([]byte, 32), s.clock.Now), s.clock.Now)
		before, _, err := courses.List(ctx, tid, CourseQuery{})
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // asked twice
			if m, err = imports.Apply(ctx, tid, a.ID, "セキュリティ", "ja"); err != nil || m.State != MoodleApplying {
				t.Fatalf("%+v %v", m, err)
			}
		}
		job, err := s.d.FindJob(ctx, m.job)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 { // and run again and again
			if err := imports.ApplyJob(ctx, job, func(int64, int64) {}); err != nil {
				t.Fatal(err)
			}
		}
		m, plan, err = imports.Find(ctx, tid, a.ID)
		if err != nil || m.State != MoodleApplied || m.Course.IsZero() || m.Gone {
			t.Fatalf("%+v %v", m, err)
		}
		after, _, err := courses.List(ctx, tid, CourseQuery{})
		if err != nil || len(after) != len(before)+1 || after[0].Title != "セキュリティ" && after[len(after)-1].Title != "セキュリティ" {
			t.Fatalf("%d courses after %d, %v", len(after), len(before), err)
		}
		s.checkImported(courses, m, plan)
		if _, err := s.Find(ctx, tid, a.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("the backup is kept: %v", err)
		}
		if again, err := imports.Apply(ctx, tid, a.ID, "別", "en"); err != nil || again.Course != m.Course {
			t.Errorf("asked afterwards: %+v %v", again, err)
		}
		if _, _, err := imports.Find(ctx, s.w.B.ID, a.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("of another organisation: %v", err)
		}
		list, _, err := imports.List(ctx, tid, m.Course, db.Page{})
		if err != nil || len(list) != 1 || list[0].ID != a.ID {
			t.Errorf("of the course: %+v %v", list, err)
		}
	})
}

// TestMoodleBrokenFiles: however many files of a backup are broken, it is gone over once to read it and once to take its files, and what did not fit at first does not
// move up into the places of what fell away.
func TestMoodleBrokenFiles(t *testing.T) {
	s := newShelf(t, kit.SQLite(t), dirStore(t))
	imports, tid := s.moodle(), s.w.A.ID
	ctx := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: tid, Person: s.w.A.Editor, Name: "Editor", Role: "editor"})
	b := moodle.New(4, "壊れた画像")
	b.Section("1", "")
	b.Page("はじめに", "<p>文</p>")
	const beyond = 5
	for i := range MaxLessons - 1 + beyond {
		b.Resource(fmt.Sprintf("図%d", i), moodle.File{Name: "p.png", Body: append(smallPNG(t)[:40], fmt.Sprint("broken", i)...)})
	}
	a := s.upload(AssetMoodle, "backup.mbz", b.Tar())
	if err := s.Probe(ctx, tid, a.ID, func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	m, err := imports.Apply(ctx, tid, a.ID, "講座", "ja")
	if err != nil {
		t.Fatal(err)
	}
	job, err := s.d.FindJob(ctx, m.job)
	if err != nil {
		t.Fatal(err)
	}
	walks := 0 // a small backup is reported of once each time it is gone over
	if err := imports.ApplyJob(ctx, job, func(int64, int64) { walks++ }); err != nil {
		t.Fatal(err)
	}
	m, plan, err := imports.Find(ctx, tid, a.ID)
	if err != nil || m.State != MoodleApplied || len(plan.Lessons) != 1 {
		t.Fatalf("%+v %d lessons, %v", m, len(plan.Lessons), err)
	}
	why := map[string]int{}
	for _, left := range plan.Left {
		why[left.Reason.Key]++
	}
	if walks != 2 || why["moodle_lessons_many"] != beyond || len(plan.Left)+plan.More != MaxLessons-1+beyond {
		t.Errorf("gone over %d times; %v and %d more", walks, why, plan.More)
	}
	var kept int
	if err := s.d.QueryRow(ctx, "SELECT COUNT(*) FROM asset WHERE tenant_id = ?", tid).Scan(&kept); err != nil || kept != max(0, MaxLessons-1-maxEndedFiles) {
		t.Errorf("%d files are left of an import that is over, %v", kept, err)
	}
}

func (s shelf) checkImported(courses *Courses, m MoodleImport, plan MoodlePlan) {
	s.t.Helper()
	lessons, err := courses.ListLessons(s.t.Context(), s.w.A.ID, m.Course)
	if err != nil || len(lessons) != len(plan.Lessons) {
		s.t.Fatalf("%d lessons of %d, %v", len(lessons), len(plan.Lessons), err)
	}
	for i, l := range lessons {
		whole, err := courses.FindLesson(s.t.Context(), s.w.A.ID, l.ID)
		if err != nil || whole.Title != plan.Lessons[i].Title || whole.Kind != plan.Lessons[i].Kind {
			s.t.Errorf("lesson %d: %+v %v", i, whole, err)
		}
		for _, file := range whole.Body.files() {
			a, err := s.Find(s.t.Context(), s.w.A.ID, file)
			uses, err2 := s.Uses(s.t.Context(), s.w.A.ID, file)
			if err := errors.Join(err, err2); err != nil || a.State != AssetReady || len(uses) == 0 {
				s.t.Errorf("%s: file %+v used %d times, %v", whole.Title, a, len(uses), err)
			}
		}
	}
	var banked int
	if err := s.d.QueryRow(s.t.Context(), `SELECT COUNT(*) FROM question WHERE tenant_id = ? AND category = ?`, s.w.A.ID, "情報セキュリティ 入門/安全/応用").Scan(&banked); err != nil || banked != 4 {
		s.t.Errorf("%d questions in the bank, %v", banked, err)
	}
}

// TestMoodleImportDies: a process that dies at any write leaves no course, and the next run makes one.
func TestMoodleImportDies(t *testing.T) {
	s := newShelf(t, kit.SQLite(t), dirStore(t))
	imports, tid := s.moodle(), s.w.A.ID
	ctx := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: tid, Person: s.w.A.Editor, Name: "Editor", Role: "editor"})
	a := s.upload(AssetMoodle, "backup.mbz", wholeCourse(t, 4).Tar())
	if err := s.Probe(ctx, tid, a.ID, func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	m, err := imports.Apply(ctx, tid, a.ID, "セキュリティ", "ja")
	if err != nil {
		t.Fatal(err)
	}
	job, err := s.d.FindJob(ctx, m.job)
	if err != nil {
		t.Fatal(err)
	}
	count := func() (n int) {
		t.Helper()
		if err := s.d.QueryRow(t.Context(), `SELECT COUNT(*) FROM course WHERE tenant_id = ? AND title = ?`, tid, "セキュリティ").Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	kills := 0
	for reports := 1; ; reports++ { // dies at the first report of progress, then at the second …
		dying, kill := context.WithCancel(ctx)
		n := 0
		err := imports.ApplyJob(dying, job, func(int64, int64) {
			if n++; n == reports {
				kill()
			}
		})
		kill()
		if n < reports {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
		if kills++; count() > 1 {
			t.Fatal("doubled")
		}
	}
	if kills == 0 || count() != 1 {
		t.Errorf("%d kills, %d courses", kills, count())
	}
}

// TestMoodleImportStops: what cannot be done leaves the checked backup with the reason, and no course.
func TestMoodleImportStops(t *testing.T) {
	s := newShelf(t, kit.SQLite(t), dirStore(t))
	tid := s.w.A.ID
	ctx := tenant.WithActor(t.Context(), tenant.Actor{Kind: "person", Tenant: tid, Person: s.w.A.Editor, Name: "Editor", Role: "editor"})
	check := func(raw []byte) db.ID {
		t.Helper()
		a := s.upload(AssetMoodle, "backup.mbz", raw)
		if err := s.Probe(ctx, tid, a.ID, func(int64, int64) {}); err != nil {
			t.Fatal(err)
		}
		return a.ID
	}
	refused := check(tarOf(t, text("moodle_backup.xml", "<moodle_backup><information/></moodle_backup>")))
	if m, _, err := s.moodle().Find(ctx, tid, refused); err != nil || m.State != MoodleRefused || m.Problem != "moodle_nothing" {
		t.Errorf("%+v %v", m, err)
	}
	good := check(wholeCourse(t, 3).Tar())
	s.Assets.limits.Quota = 1 << 10
	if _, err := s.moodle().Apply(ctx, tid, good, "c", "ja"); !fault.Is(err, fault.Conflict) {
		t.Errorf("beyond the quota: %v", err)
	}
	s.Assets.limits.Quota = 1 << 40
	m, err := s.moodle().Apply(ctx, tid, good, "c", "ja")
	if err != nil {
		t.Fatal(err)
	}
	job, err := s.d.FindJob(ctx, m.job)
	if err != nil {
		t.Fatal(err)
	}
	s.Assets.limits.Quota = 1 << 10 // filled meanwhile
	if err := s.moodle().ApplyJob(ctx, job, func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	if m, _, err = s.moodle().Find(ctx, tid, good); err != nil || m.State != MoodleChecked || m.Problem != "file_quota" {
		t.Errorf("%+v %v", m, err)
	}
	if err := s.Delete(ctx, tid, good); err != nil {
		t.Fatal(err)
	}
	if m, _, err = s.moodle().Find(ctx, tid, good); err != nil || !m.Gone {
		t.Errorf("%+v %v", m, err)
	}
	if _, err := s.moodle().Apply(ctx, tid, good, "c", "ja"); !fault.Is(err, fault.Gone) {
		t.Errorf("without its file: %v", err)
	}
}

func FuzzMoodle(f *testing.F) {
	b := moodle.New(4, "c")
	b.Section("s", "<p>x</p>")
	b.Page("p", `<p>a<img src="@@PLUGINFILE@@/a.png"></p>`, moodle.File{Name: "a.png", Body: smallPNG(f)})
	category := b.Category("q", 0)
	_, answers := b.Answers([]string{"1", "0"}, "a", "b")
	b.Quiz("q", 5, moodle.Slot{Question: b.Question("multichoice", "t", answers)}, moodle.Slot{Category: category, Count: 1})
	for _, version := range []int{3, 4} {
		b.Version = version
		if raw := b.Tar(); len(raw) > 0 {
			f.Add(uncompressed(f, raw))
		}
	}
	f.Add(uncompressed(f, tarOf(f, text("moodle_backup.xml", "<moodle_backup>"), text("questions.xml", "<question_categories><question_category id=\"1\"><questions><question>"))))
	f.Fuzz(func(t *testing.T, plain []byte) {
		if len(plain) > 1<<20 {
			return
		}
		var raw bytes.Buffer
		z := gzip.NewWriter(&raw)
		_, _ = z.Write(plain) // memory does not fail
		if err := z.Close(); err != nil {
			t.Fatal(err)
		}
		read, err := readBackup(walkBytes(raw.Bytes()))
		var wrong *problem
		if err != nil {
			if !errors.As(err, &wrong) {
				t.Fatalf("neither a course nor a sentence: %v", err)
			}
			return
		}
		made := makeMoodleCourse(read, db.ID{}, nil, nil)
		if len(made.bodies) != len(made.plan.Lessons) || len(made.bodies) > MaxLessons {
			t.Fatalf("%d bodies for %d lessons", len(made.bodies), len(made.plan.Lessons))
		}
		for i, body := range made.bodies {
			stored, err := body.JSON()
			if err != nil {
				t.Fatal(err)
			}
			if _, err := ReadBody(body.Kind(), []byte(stored)); err != nil {
				t.Fatalf("lesson %d cannot be read back: %v", i, err)
			}
		}
		if _, err := json.Marshal(made.plan); err != nil {
			t.Fatal(err)
		}
	})
}

func uncompressed(t testing.TB, raw []byte) []byte {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

// BenchmarkMoodle reads a backup of 200 MB: what checking it costs in time, and in memory beyond the file's own stream.
func BenchmarkMoodle(b *testing.B) {
	backup := moodle.New(4, "large")
	for i := range 8 {
		body := make([]byte, 25<<20)
		_, _ = rand.Read(body) // never fails
		copy(body, "%PDF-1.4\n")
		backup.Resource(fmt.Sprint("r", i), moodle.File{Name: fmt.Sprint(i, ".pdf"), Body: body})
	}
	raw := backup.Tar()
	b.SetBytes(int64(len(raw)))
	b.ReportAllocs()
	for b.Loop() {
		read, err := readBackup(walkBytes(raw))
		if err != nil {
			b.Fatal(err)
		}
		if made := makeMoodleCourse(read, db.ID{}, nil, nil); len(made.bodies) != 8 {
			b.Fatal(len(made.bodies))
		}
	}
}

// What stands in one another without end is refused before it fills the memory, in lists of any length.
func TestMoodleDepth(t *testing.T) {
	deep := strings.Repeat("<a>", maxMoodleOpen)
	for name, text := range map[string]string{"at once": "<files>" + deep, "bit by bit": "<files>" + strings.Repeat("<a><file></file>", maxMoodleOpen)} {
		if err := eachMoodleFile(strings.NewReader(text), func(moodleFile) error { return nil }); !errors.Is(err, errMoodleXML) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A document that comes a second time is not read again: the first stands, or the backup is refused.
func TestMoodleDocumentTwice(t *testing.T) {
	b := moodle.New(4, "c")
	b.Document("course/course.xml", `<course><fullname>二度目</fullname></course>`)
	if _, err := readBackup(walkBytes(b.Tar())); err == nil {
		t.Error("a course described twice is taken")
	}
}

// What a hostile backup can make the reader hold is bounded: of an activity that breaks off nothing stays, a row of a list and the name of an element have an end, and the
// names of categories are counted.
func TestMoodleMemory(t *testing.T) {
	long := strings.Repeat("a", 1<<20)
	b := moodle.New(4, "c")
	b.Section("s", "<p>x</p>")
	b.Document("activities/page_9/page.xml", `<activity id="9" contextid="9"><page id="9"><name>n</name><content>`+long+`</content></page></broken>`)
	read, err := readBackup(walkBytes(b.Tar()))
	if err != nil {
		t.Fatal(err)
	}
	if p := read.activities["page_9"]; p == nil || !p.broken || memoryOf(reflect.ValueOf(p.activity)) > 10_000 {
		t.Error("what was read of a broken activity is held")
	}
	none := func(int) error { return nil }
	bank := func(text string, keep func(int) error) error {
		var b moodleBank
		b.init()
		return b.read(strings.NewReader(text), keep)
	}
	question := `<question_categories><question_category id="1"><questions><question id="1"><tags>` + strings.Repeat("<tag><rawname>"+long+"</rawname></tag>", 9) + `</tags></question></questions></question_category></question_categories>`
	name := `<question_categories><` + long + `></` + long + `></question_categories>`
	id := `<question_categories><question_category id="` + long + `"></question_category></question_categories>`
	for what, text := range map[string]string{"question": question, "name": name, "id": id} {
		if err := bank(text, none); !errors.Is(err, errMoodleXML) {
			t.Errorf("%s without end: %v", what, err)
		}
	}
	file := "<files><file>" + strings.Repeat("<author>"+long+"</author>", 9) + "</file></files>"
	if err := eachMoodleFile(strings.NewReader(file), func(moodleFile) error { return nil }); !errors.Is(err, errMoodleXML) {
		t.Errorf("file without end: %v", err)
	}
	whole := `<question_categories><question_category id="1"><name>` + long[:900] + `</name></question_category></question_categories>`
	kept := 0
	if err := bank(whole, func(n int) error { kept += n; return nil }); err != nil || kept < 900 {
		t.Errorf("%d bytes of a category are counted, %v", kept, err)
	}
	clipped := `<question_categories><question_category id="1"><name>` + long + `</name></question_category></question_categories>`
	kept = 0
	if err := bank(clipped, func(n int) error { kept += n; return nil }); err != nil || kept > 10_000 {
		t.Errorf("%d bytes of a category are held, %v", kept, err)
	}
	// A list may be longer than a row.
	rows := 0
	list := "<files>" + strings.Repeat("<file><filename>a</filename><author>"+long+"</author></file>", 10) + "</files>"
	if err := eachMoodleFile(strings.NewReader(list), func(moodleFile) error { rows++; return nil }); err != nil || rows != 10 {
		t.Errorf("%d rows, %v", rows, err)
	}
}

// A text that leaves elements open in paragraph after paragraph grows with its length, not with its square: twelve kilobytes were 150 MB in the tree that browsers agree on.
func TestMoodleTreeIsNoBomb(t *testing.T) {
	var b strings.Builder
	b.WriteString("<p>")
	for i := range 500 {
		fmt.Fprintf(&b, `<b title="%d">`, i)
	}
	b.WriteString(strings.Repeat("<p>x", 5_000))
	nodes := 0
	for range readMoodleTree(b.String()).Descendants() {
		nodes++
	}
	if nodes > 500+2*5_001 {
		t.Errorf("%d nodes", nodes)
	}
	if readMoodleTree(strings.Repeat("<hr>", maxMoodleNodes+1)) != nil {
		t.Error("a tree without end")
	}
	m := moodleRichText{notes: map[string]bool{}}
	if got := m.convert(b.String(), "1"); len(got) > 8*b.Len() {
		t.Errorf("%d bytes became %d", b.Len(), len(got))
	}
	open := strings.Repeat(`<b><i><a href="https://example.org/`+strings.Repeat("a", 1900)+`">`, 20)
	in := open + strings.Repeat("x<hr>", 500)
	if got := m.convert(in, "1"); len(got) > 8*len(in) || strings.Count(got, "x") < 500 {
		t.Errorf("%d bytes became %d", len(in), len(got))
	}
}

func TestMoodleTree(t *testing.T) {
	m := moodleRichText{notes: map[string]bool{}}
	for in, want := range map[string]string{
		"<ul><li>一<li>二</ul>三":                                       "<ul><li><p>一</p></li><li><p>二</p></li></ul><p>三</p>",
		"<table><tr><td>一<td>二<tr><td>三</table>四":                    "<table><tbody><tr><td><p>一</p></td><td><p>二</p></td></tr><tr><td><p>三</p></td></tr></tbody></table><p>四</p>",
		"<table>外<tr><td>中</td></tr></table>":                        "<table><tbody><tr><td><p>外</p></td></tr><tr><td><p>中</p></td></tr></tbody></table>",
		"<td>一</td></div></table>二":                                  "<p>一二</p>",
		"<p>一<svg><path d='M0 0'><p>二":                               "<p>一</p><p>二</p>",
		"<table><tr><td><b>太</td><td>細</td></tr></table>":            "<table><tbody><tr><td><p><b>太</b></p></td><td><p>細</p></td></tr></tbody></table>",
		"<html><head><title>題</title><body>文<table><td>表":            "<p>文</p><table><tbody><tr><td><p>表</p></td></tr></tbody></table>",
		"<ruby>漢<rt>かん<rt>二</ruby>":                                  "<p><ruby>漢<rt>かん</rt><rt>二</rt></ruby></p>",
		"<dl><dt>語<dd>意味</dl>":                                       "<p>語</p><p>意味</p>",
		"<p>一<table><tr><td><p>二<div>三</div></td></tr></table>四</p>": "<p>一</p><table><tbody><tr><td><p>二</p><p>三</p></td></tr></tbody></table><p>四</p>",
	} {
		if got := m.convert(in, "1"); got != want {
			t.Errorf("%s\n gives %s\n want  %s", in, got, want)
		}
	}
}

// The lessons of one import are bounded together, and labels that follow one another only as far as a lesson could hold them.
func TestMoodleCourseIsNoBomb(t *testing.T) {
	m := makeMoodleCourse(&moodleBackup{}, db.NewID(), nil, nil)
	body := pageOf("<p>" + strings.Repeat("a", MaxBody-100) + "</p>")
	const tried = 14
	for range tried {
		m.add("t", "page", body, nil)
	}
	if n := len(m.bodies); n < 8 || n > MaxCourse/(MaxBody-100) || len(m.plan.Left)+n != tried {
		t.Errorf("%d lessons of 2 MiB", n)
	}
	page := ""
	for range 100 {
		page = joined(page, strings.Repeat("a", MaxBody/2))
	}
	if len(page) > 2*MaxBody {
		t.Errorf("%d bytes of labels", len(page))
	}
}
