package tenant

import "strings"

// kanaTable is Hepburn by mora; two-kana moras come first so that the longest match wins.
var kanaTable = strings.NewReplacer(kanaPairs()...)

func kanaPairs() []string {
	rows := []struct{ kana, latin string }{
		{"きゃ きゅ きょ ぎゃ ぎゅ ぎょ しゃ しゅ しょ じゃ じゅ じょ ちゃ ちゅ ちょ にゃ にゅ にょ ひゃ ひゅ ひょ びゃ びゅ びょ ぴゃ ぴゅ ぴょ みゃ みゅ みょ りゃ りゅ りょ ふぁ ふぃ ふぇ ふぉ てぃ でぃ じぇ しぇ ちぇ うぃ うぇ うぉ ゔぁ ゔぃ ゔぇ ゔぉ",
			"kya kyu kyo gya gyu gyo sha shu sho ja ju jo cha chu cho nya nyu nyo hya hyu hyo bya byu byo pya pyu pyo mya myu myo rya ryu ryo fa fi fe fo ti di je she che wi we wo va vi ve vo"},
		{"あ い う え お か き く け こ が ぎ ぐ げ ご さ し す せ そ ざ じ ず ぜ ぞ た ち つ て と だ ぢ づ で ど な に ぬ ね の は ひ ふ へ ほ ば び ぶ べ ぼ ぱ ぴ ぷ ぺ ぽ ま み む め も や ゆ よ ら り る れ ろ わ ゐ ゑ を ん ゔ ぁ ぃ ぅ ぇ ぉ ゃ ゅ ょ ー",
			"a i u e o ka ki ku ke ko ga gi gu ge go sa shi su se so za ji zu ze zo ta chi tsu te to da ji zu de do na ni nu ne no ha hi fu he ho ba bi bu be bo pa pi pu pe po ma mi mu me mo ya yu yo ra ri ru re ro wa i e o n vu a i u e o ya yu yo -"},
	}
	var out []string
	for _, row := range rows {
		latin := strings.Fields(row.latin)
		for i, k := range strings.Fields(row.kana) {
			out = append(out, k, latin[i])
		}
	}
	return out
}

// romaji writes kana in Hepburn, as people type it: long vowels as written (とう is tou), small っ doubles what follows.
func romaji(s string) string {
	hira := strings.Map(func(r rune) rune {
		if r >= 'ァ' && r <= 'ヴ' {
			return r - ('ァ' - 'ぁ')
		}
		return r
	}, s)
	latin := kanaTable.Replace(hira)
	if !strings.ContainsRune(latin, 'っ') {
		return latin
	}
	runes := []rune(latin)
	var b strings.Builder
	for i, r := range runes {
		switch {
		case r != 'っ':
			b.WriteRune(r)
		case i+1 < len(runes) && runes[i+1] == 'c':
			b.WriteRune('t')
		case i+1 < len(runes) && runes[i+1] != 'っ':
			b.WriteRune(runes[i+1])
		}
	}
	return b.String()
}

var (
	shortVowels = strings.NewReplacer("ou", "o", "oo", "o", "uu", "u", "-", "")
	hVowels     = strings.NewReplacer("ou", "oh", "oo", "oh", "-", "")
	kunrei      = strings.NewReplacer("sha", "sya", "shu", "syu", "sho", "syo", "cha", "tya", "chu", "tyu", "cho", "tyo", "ja", "zya", "ju", "zyu", "jo", "zyo",
		"shi", "si", "chi", "ti", "tsu", "tu", "fu", "hu", "ji", "zi")
)

// romajiForms gives the spellings of one kana word that people use: satou, sato, satoh; and the same with si, ti, tu.
func romajiForms(kana string) []string {
	base := romaji(kana)
	if base == kana {
		return nil
	}
	out := []string{}
	for _, form := range []string{base, shortVowels.Replace(base), hVowels.Replace(base)} {
		out = append(out, form, kunrei.Replace(form))
	}
	return out
}
