package content

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
)

func TestCheckPage(t *testing.T) {
	const picture = `<img data-asset="0199f3a2-0000-7000-8000-000000000001" alt="%">`
	for html, want := range map[string][]Remark{
		``: {},
		`<h2>一</h2><h3>二</h3><h4>三</h4><h2>四</h2><p>本文</p>`: {},
		`<h3>いきなり</h3><h4>次</h4>`:                           {{RemarkHeadingSkip, "いきなり"}},
		`<h2>一</h2><h4>飛び</h4><h4>隣</h4>`:                   {{RemarkHeadingSkip, "飛び"}},
		`<h2> </h2>`:                                         {{RemarkHeadingEmpty, ""}},
		strings.Replace(picture, "%", "", 1):                 {{RemarkAltMissing, ""}},
		strings.Replace(picture, "%", "IMG_0012.JPG", 1):     {{RemarkAltFileName, "IMG_0012.JPG"}},
		strings.Replace(picture, "%", "施錠した書庫の写真", 1):        {},
		`<p><a href="https://example.jp"></a></p>`:           {{RemarkLinkEmpty, ""}},
		`<p><a href="https://example.jp">詳しくはこちら。</a></p>`:   {{RemarkLinkVague, "詳しくはこちら。"}},
		`<p><a href="https://example.jp">Click Here</a></p>`: {{RemarkLinkVague, "Click Here"}},
		`<p><a href="https://example.jp">個人情報保護委員会</a></p>`:  {},
		`<p><a href="https://example.jp"><img data-asset="0199f3a2-0000-7000-8000-000000000001" alt="委員会"></a></p>`: {},
		`<p><ruby>介護<rp>(</rp><rt>かいご</rt><rp>)</rp></ruby></p>`:                                                    {},
		`<p><ruby>介護<rt>介護</rt></ruby></p>`:                                                                         {{RemarkRubyKanji, "介護（介護）"}},
		`<p><ruby>介護</ruby></p>`:                                                                                    {{RemarkRubyBroken, "介護"}},
		`<p><ruby><rt>かいご</rt></ruby></p>`:                                                                          {{RemarkRubyBroken, "かいご"}},
		`<p>介護<rt>かいご</rt></p>`:                                                                                     {{RemarkRubyBroken, ""}},
		`<p><ruby>介護<ruby>福祉<rt>ふくし</rt></ruby></ruby></p>`:                                                         {{RemarkRubyBroken, "介護"}},
		`<table><tbody><tr><td>甲</td><td>乙</td></tr></tbody></table>`:                                               {{RemarkTableHead, "甲乙"}},
		`<table><tbody><tr><th>甲</th><td>乙</td></tr></tbody></table>`:                                               {},
		`<h2><ruby>表<rt>ひょう</rt></ruby></h2>`:                                                                       {},
	} {
		if got := (page(CleanHTML(html))).Check(); !reflect.DeepEqual(got, want) {
			t.Errorf("%s\ngot  %v\nwant %v", html, got, want)
		}
	}
}

func TestCheckOfOtherKinds(t *testing.T) {
	video := &VideoBody{Asset: db.NewID()}
	if got := (Body{Video: video}).Check(); len(got) != 1 || got[0].Key != RemarkCaptions {
		t.Errorf("a video without captions: %v", got)
	}
	video.Captions = []Caption{{Lang: "ja"}}
	if got := (Body{Video: video}).Check(); len(got) != 0 {
		t.Errorf("a video with captions: %v", got)
	}
}

func TestCheckOfAudioSurveysAndPledges(t *testing.T) {
	choices := []Choice{{"a", "はい"}, {"b", "いいえ"}}
	asks := func(naming string, qs ...SurveyQuestion) Body {
		return Body{Survey: &SurveyBody{Naming: naming, Questions: qs}}
	}
	for name, c := range map[string]struct {
		body Body
		want string
	}{
		"audio without a file":          {Body{Audio: &VideoBody{}}, "audio_missing"},
		"audio nobody can read":         {Body{Audio: &VideoBody{Asset: db.NewID()}}, "transcript"},
		"audio with a transcript":       {Body{Audio: &VideoBody{Asset: db.NewID(), Captions: []Caption{{Lang: "ja"}}}}, ""},
		"a new survey":                  {NewBody(KindSurvey), "survey_naming survey_empty"},
		"a good survey":                 {asks(SurveyNamed, SurveyQuestion{Kind: SurveySingle, Text: "役に立ちましたか", Choices: choices}, SurveyQuestion{Kind: SurveyText, Text: "氏名"}), ""},
		"a question without words":      {asks(SurveyNamed, SurveyQuestion{Kind: SurveyText}), "survey_question"},
		"a question with one choice":    {asks(SurveyNamed, SurveyQuestion{Kind: SurveyMultiple, Text: "どれですか", Choices: choices[:1]}), "survey_question"},
		"a scale without steps":         {asks(SurveyNamed, SurveyQuestion{Kind: SurveyScale, Text: "どのくらい", Low: "少し", High: "とても"}), "survey_question"},
		"a scale without words":         {asks(SurveyNamed, SurveyQuestion{Kind: SurveyScale, Text: "どのくらい", Steps: 5, Low: "少し"}), "survey_scale"},
		"the same choice twice":         {asks(SurveyNamed, SurveyQuestion{Kind: SurveySingle, Text: "どれですか", Choices: []Choice{{"a", "ＡＢＣ"}, {"b", "abc"}}}), "survey_same_choices"},
		"names in an anonymous survey":  {asks(SurveyAnonymous, SurveyQuestion{Kind: SurveyText, Text: "お名前を書いてください"}), "survey_asks_name"},
		"the name of a place":           {asks(SurveyAnonymous, SurveyQuestion{Kind: SurveyText, Text: "どこが分かりにくかったですか"}), ""},
		"a new pledge":                  {NewBody(KindPledge), "pledge_empty"},
		"a pledge":                      {Body{Pledge: &PledgeBody{Text: "私は、業務で知り得た情報を、在職中も退職後も漏らしません。"}}, ""},
		"a form with circles":           {Body{Pledge: &PledgeBody{Text: "株式会社〇〇 御中"}}, "pledge_blank"},
		"a form with an empty bracket":  {Body{Pledge: &PledgeBody{Text: "所属（　　　）"}}, "pledge_blank"},
		"brackets around something":     {Body{Pledge: &PledgeBody{Text: "情報（紙を含む）【重要】"}}, ""},
		"a form with a line to fill in": {Body{Pledge: &PledgeBody{Text: "Name: ____"}}, "pledge_blank"},
	} {
		var got []string
		for _, r := range c.body.Check() {
			got = append(got, r.Key)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %v, want %s", name, got, c.want)
		}
	}
	many := asks(SurveyNamed)
	for range 500 {
		many.Survey.Questions = append(many.Survey.Questions, SurveyQuestion{Kind: SurveyScale})
	}
	if got := many.Check(); len(got) != maxRemarks {
		t.Errorf("%d remarks", len(got))
	}
	if got := (Body{Survey: &SurveyBody{Naming: SurveyNamed, Questions: []SurveyQuestion{{Kind: SurveyText}}}}).Check(); !slices.Contains(RemarkMust, got[0].Key) {
		t.Error("what keeps a survey from being published is not said to")
	}
}

// A page made to be remarked upon without end gives an end.
func TestCheckHasAnEnd(t *testing.T) {
	if got := page(strings.Repeat("<h2></h2>", 5000)).Check(); len(got) != maxRemarks {
		t.Errorf("%d remarks", len(got))
	}
}

func TestCheckCourse(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newStudio(t, d)
		course := s.course(s.w.A.ID, SharedNone).ID
		s.lesson(s.w.A.ID, course, KindPage, "よい")
		bad := s.lesson(s.w.A.ID, course, KindPage, "直す")
		if _, err := s.SaveLesson(t.Context(), s.w.A.ID, bad.ID, SaveLesson{Title: "直す", Body: page("<h4>深い</h4>"), Base: 1, SaveID: "s"}); err != nil {
			t.Fatal(err)
		}
		got, err := s.CheckCourse(t.Context(), s.w.A.ID, course)
		if err != nil || len(got) != 1 || got[0].Lesson != bad.ID || len(got[0].Remarks) != 1 {
			t.Fatalf("%+v %v", got, err)
		}
		if one, err := s.CheckLesson(t.Context(), s.w.A.ID, bad.ID); err != nil || !reflect.DeepEqual(one, got[0].Remarks) {
			t.Errorf("%+v %v", one, err)
		}
		if _, err := s.CheckCourse(t.Context(), s.w.B.ID, course); !fault.Is(err, fault.NotFound) {
			t.Errorf("another organisation's course: %v", err)
		}
		if _, err := s.CheckLesson(t.Context(), s.w.B.ID, bad.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another organisation's lesson: %v", err)
		}
	})
}
