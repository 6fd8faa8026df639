package content

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// said writes a question of a file in short: kind, text, what is right, category, and what of it is wrong or left out.
func said(f FileQuestion) string {
	q := f.Input.Question
	var right []string
	for _, id := range q.Correct {
		choice, target, pair := strings.Cut(id, "=")
		switch text := TextOfChoice(q.Choices, choice); {
		case pair:
			right = append(right, text+"="+TextOfChoice(q.Targets, target))
		case q.Kind == QuestionTrueFalse:
			right = append(right, id)
		default:
			right = append(right, text)
		}
	}
	right = append(right, q.Accepted...)
	if q.Number != "" {
		right = append(right, q.Number+"±"+q.Tolerance)
	}
	return strings.Join([]string{q.Kind, q.Text, strings.Join(right, ","), f.Input.Category, keysOf(f)}, "|")
}

// Every form that the documentation of GIFT describes, as Moodle's own export and people's editors write them.
const giftForms = "\xef\xbb\xbf" + `// question: 0  name: Switch category to $course$/top/既定/手洗い
$CATEGORY: $course$/top/既定/手洗い


// question: 11  name: 真偽
::真偽::[html]<p>手洗いは必要です。</p>{TRUE#<p>ちがいます</p>#<p>そうです</p>}

// 真偽の短い形
::Q2:: 爪は長いほうがよい {F}

// question: 12  name: 一つ
::一つ::[html]<p>まず使うものはどれですか。</p>{
	=<p>流水</p>#<p>そのとおり</p>
	~<p>布</p>#<p>ちがいます</p>
	~%50%<p>水\=湯</p>
}

::Q4:: 洗う時間は{=三十秒 =30秒 =%80%半分}です。

手を洗う回数は {~一日一回 =作業ごと ~気が向いたとき} です。

::Q6:: 正しいものをすべて選んでください。 {
   ~%33.33333%手のひら
   ~%33.33333%指の間
   ~%33.33333%親指
   ~%-100%ひじ
}

::Q7:: 組み合わせてください。 {
   =手 -> 石けん
   =床 -> モップ
   =皿 -> 洗剤
}

::Q8:: 体温は何度ですか。{#36.5:0.5}

::Q9:: 一から五の数 {#1..5}

::Q10:: 年 {#
   =1847:0#よくできました
   =%50%1847:3#近い
}

::記号:: 次のうち制御に使わない記号はどれですか。 {
   ~ \~ # \~ は使います。
   ~ \=
   ~ \#
   ~ \{
   = ^
}

::まとめ:: 理由を書いてください。 {}

::説明:: ここからは応用です。

[markdown]**太字**の問い{=はい ~いいえ####解説です
二行目}

$CATEGORY: 応用/二段

::無題::[plain]問い <b> です{=はい ~いいえ}
`

func TestGIFTInAllItsForms(t *testing.T) {
	for name, text := range map[string]string{"as it is": giftForms, "line ends of Windows": strings.ReplaceAll(giftForms, "\n", "\r\n")} {
		_, list, err := ReadQuestions(strings.NewReader(text), int64(len(text)), "questions.txt.gift")
		if err != nil {
			t.Fatal(name, err)
		}
		var got []string
		for _, f := range list {
			got = append(got, said(f))
		}
		want := []string{
			"true_false|手洗いは必要です。|true|既定/手洗い|import_feedback",
			"true_false|爪は長いほうがよい|false|既定/手洗い|",
			"single|まず使うものはどれですか。|流水|既定/手洗い|import_feedback import_partial",
			"short_text|洗う時間は _____ です。|三十秒,30秒|既定/手洗い|import_partial",
			"single|手を洗う回数は _____ です。|作業ごと|既定/手洗い|",
			"multiple|正しいものをすべて選んでください。|手のひら,指の間,親指|既定/手洗い|",
			"matching|組み合わせてください。|手=石けん,床=モップ,皿=洗剤|既定/手洗い|",
			"number|体温は何度ですか。|36.5±0.5|既定/手洗い|",
			"number|一から五の数|3±2|既定/手洗い|",
			"number|年|1847±0|既定/手洗い|import_partial import_feedback",
			"single|次のうち制御に使わない記号はどれですか。|^|既定/手洗い|import_feedback",
			"|理由を書いてください。||既定/手洗い|import_essay",
			"|ここからは応用です。||既定/手洗い|gift_no_answer",
			"single|**太字**の問い|はい|既定/手洗い|",
			"single|問い <b> です|はい|応用/二段|",
		}
		for i, w := range want {
			if i >= len(got) || got[i] != w {
				t.Errorf("%s, %d: %q\nwant %q", name, i, slices.Concat(got, make([]string, len(want)))[i], w)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%s: %d questions", name, len(got))
		}
		if e := list[13].Input.Question.Explanation; e != "解説です\n二行目" {
			t.Errorf("%s: feedback to the whole is %q", name, e)
		}
	}
}

// A file as Moodle exports it, with what every kind brings along.
func TestMoodleXMLAsMoodleWritesIt(t *testing.T) {
	question := func(kind, name, text, rest string) string {
		return fmt.Sprintf(`<!-- question: 12  -->
  <question type="%s">
    <name><text>%s</text></name>
    <questiontext format="html"><text><![CDATA[<p dir="ltr" style="text-align: left;">%s</p>]]></text>
<file name="p.png" path="/" encoding="base64">iVBORw0KGgo=</file>
</questiontext>
    <generalfeedback format="html"><text><![CDATA[<p>解説</p>]]></text></generalfeedback>
    <defaultgrade>1.0000000</defaultgrade><penalty>0.3333333</penalty><hidden>0</hidden><idnumber></idnumber>
    %s
  </question>
`, kind, name, text, rest)
	}
	answer := func(fraction, text string) string {
		return `<answer fraction="` + fraction + `" format="html"><text><![CDATA[<p>` + text + `</p>]]></text><feedback format="html"><text></text></feedback></answer>`
	}
	plain := func(fraction, text, more string) string {
		return `<answer fraction="` + fraction + `" format="moodle_auto_format"><text>` + text + `</text><feedback format="html"><text></text></feedback>` + more + `</answer>`
	}
	const all = `<shuffleanswers>true</shuffleanswers><answernumbering>abc</answernumbering><showstandardinstruction>0</showstandardinstruction><correctfeedback format="html"><text>正解です。</text></correctfeedback><partiallycorrectfeedback format="html"><text>一部</text></partiallycorrectfeedback><incorrectfeedback format="html"><text>不正解です。</text></incorrectfeedback><shownumcorrect/>`
	file := `<?xml version="1.0" encoding="UTF-8"?>
<quiz>
<!-- question: 0  -->
  <question type="category"><category><text>$course$/top/既定/衛生</text></category><info format="moodle_auto_format"><text></text></info><idnumber></idnumber></question>
` + question("multichoice", "一つ", "どれですか。", "<single>true</single>"+all+answer("100", "石けん")+answer("0", "砂")+`<hint format="html"><text>考えて</text></hint><tags><tag><text>衛生</text></tag></tags>`) +
		question("multichoice", "すべて", "すべてです。", "<single>false</single>"+all+answer("50", "手")+answer("50", "爪")+answer("-100", "靴")) +
		question("truefalse", "真偽", "正しいか。", plain("100", "true", "")+plain("0", "false", "")) +
		question("shortanswer", "短答", "略称は。", "<usecase>0</usecase>"+plain("100", "WHO", "")+plain("100", "世界保健機関", "")) +
		question("numerical", "数", "何秒。", plain("100", "30", "<tolerance>5</tolerance>")+"<unitgradingtype>0</unitgradingtype><unitpenalty>0.1</unitpenalty><showunits>3</showunits><unitsleft>0</unitsleft>") +
		question("matching", "組", "組です。", all+`<subquestion format="html"><text><![CDATA[<p>手</p>]]></text><answer><text>石けん</text></answer></subquestion><subquestion format="html"><text><![CDATA[<p>床</p>]]></text><answer><text>モップ</text></answer></subquestion>`) +
		question("ordering", "順", "順です。", "<layouttype>VERTICAL</layouttype><selecttype>ALL</selecttype>"+answer("1.0000000", "濡らす")+answer("1.0000000", "洗う")+answer("1.0000000", "拭く")) +
		question("essay", "作文", "書く。", "<responseformat>editor</responseformat>") + question("description", "説明", "読む。", "") + question("cloze", "穴", "{1:SHORTANSWER:=手}", "") +
		question("ddwtos", "語", "[[1]]", "<dragbox><text>手</text><group>1</group></dragbox>") + question("calculated", "式", "{a}", plain("100", "{a}*2", "<tolerance>0.01</tolerance>")) + "</quiz>\n"
	_, list, err := ReadQuestions(strings.NewReader(file), int64(len(file)), "questions.xml")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"single|どれですか。|石けん|既定/衛生|", "multiple|すべてです。|手,爪|既定/衛生|", "true_false|正しいか。|true|既定/衛生|", "short_text|略称は。|WHO,世界保健機関|既定/衛生|",
		"number|何秒。|30±5|既定/衛生|", "matching|組です。|手=石けん,床=モップ|既定/衛生|", "ordering|順です。|濡らす,洗う,拭く|既定/衛生|",
		"|書く。||既定/衛生|import_essay", "|読む。||既定/衛生|import_type", "|{1:SHORTANSWER:=手}||既定/衛生|import_type", "|[[1]]||既定/衛生|import_type", "|{a}||既定/衛生|import_type",
	}
	for i, f := range list {
		if i >= len(want) || said(f) != want[i] {
			t.Errorf("%d: %q", i, said(f))
		}
		if f.Input.Question.Explanation != "解説" {
			t.Errorf("%d: explained as %q", i, f.Input.Question.Explanation)
		}
	}
	if len(list) != len(want) || !slices.Equal(list[0].Input.Tags, []string{"衛生"}) {
		t.Errorf("%d questions, %v", len(list), list[0].Input.Tags)
	}
}
