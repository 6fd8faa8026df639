package tenant

import (
	"slices"
	"strings"
	"unicode"
)

// nearName tells whether two names are the same but for spaces, marks and small letters, or but for the last letter that says what kind of unit it is (事務 and
// 事務部), or but for a slip of the pen: one letter more, less, other or swapped in a name of four letters on, two from six on. 第1 and 第2, 東 and 西 are no slips:
// digits and single letters of short names tell departments apart; nor is one word in the place of another, as 看護 for 介護.
func nearName(a, b string) (distance int, near bool) {
	x, y := bareName(a), bareName(b)
	if slices.Equal(x, y) || slices.Equal(withoutMarks(x), withoutMarks(y)) {
		return 0, true
	}
	if digitsOf(x) != digitsOf(y) {
		return 0, false
	}
	if sameButUnit(x, y) || sameButUnit(y, x) {
		return 1, true
	}
	allowed := 0
	switch n := min(len(x), len(y)); {
	case n >= 6:
		allowed = 2
	case n >= 4:
		allowed = 1
	}
	d := slips(x, y)
	return d, d <= allowed && !opposed(x, y) && !otherWord(x, y)
}

// bareName is a name without spaces, marks and the differences of writing that readers do not see: small kana are large, and what looks like the mark of a long
// vowel is one, as 一 between katakana and the many kinds of hyphens.
func bareName(name string) []rune {
	letters := []rune(SearchKey(name))
	var out []rune
	for i, r := range letters {
		large, small := largeKana[r]
		afterKana := i > 0 && katakanaLetter(letters[i-1])
		switch {
		case small:
			out = append(out, large)
		case r == '一' && afterKana && (i+1 == len(letters) || katakanaLetter(letters[i+1])), afterKana && unicode.Is(unicode.Pd, r), r == '−' && afterKana:
			out = append(out, longVowel)
		case r == longVowel || unicode.IsLetter(r) || unicode.IsNumber(r):
			out = append(out, r)
		}
	}
	return out
}

const longVowel = 'ー'

func katakanaLetter(r rune) bool { return r == longVowel || unicode.Is(unicode.Katakana, r) }

// largeKana gives the letters of small ones.
var largeKana = map[rune]rune{'ァ': 'ア', 'ィ': 'イ', 'ゥ': 'ウ', 'ェ': 'エ', 'ォ': 'オ', 'ッ': 'ツ', 'ャ': 'ヤ', 'ュ': 'ユ', 'ョ': 'ヨ', 'ヮ': 'ワ', 'ヵ': 'ケ', 'ヶ': 'ケ'}

// withoutMarks is a name without the marks of long vowels: サーバ and サーバー.
func withoutMarks(name []rune) []rune {
	return slices.DeleteFunc(slices.Clone(name), func(r rune) bool { return r == longVowel })
}

// sameButUnit tells whether the longer name says what kind of unit the shorter one is.
func sameButUnit(longer, shorter []rune) bool {
	n := len(shorter)
	return n >= 2 && len(longer) == n+1 && slices.Equal(longer[:n], shorter) && strings.ContainsRune("部課科室係局班", longer[n])
}

func digitsOf(name []rune) string {
	var out strings.Builder
	for _, r := range name {
		if unicode.IsNumber(r) || strings.ContainsRune("一二三四五六七八九十", r) {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// otherWord tells whether names of one length differ by words that both exist: two known ones, or two neighbouring kanji, which no slip changes at once
// (東京 for 大阪).
func otherWord(x, y []rune) bool {
	if len(x) != len(y) {
		return false
	}
	first, last := -1, -1
	for i := range x {
		if x[i] != y[i] {
			if first < 0 {
				first = i
			}
			last = i
		}
	}
	if first < 0 {
		return false
	}
	if last == first+1 && !swapped(x[first:], y[first:]) && kanji(x[first]) && kanji(x[last]) && kanji(y[first]) && kanji(y[last]) {
		return true
	}
	for from := max(0, last-1); from <= first && from+2 <= len(x); from++ {
		if slices.Contains(knownWords, string(x[from:from+2])) && slices.Contains(knownWords, string(y[from:from+2])) {
			return true
		}
	}
	return false
}

func swapped(x, y []rune) bool { return x[0] == y[1] && x[1] == y[0] }

func kanji(r rune) bool { return unicode.Is(unicode.Han, r) }

// knownWords are words of two letters that tell departments apart though they share a letter.
var knownWords = []string{"看護", "介護", "医療", "医事", "医局", "総務", "財務", "法務", "庶務", "労務", "業務", "人事", "経理", "経営", "営業", "製造", "製品", "通所", "通院",
	"入所", "入院", "外来", "訪問", "居宅", "在宅", "施設", "児童", "生活", "学習", "購買", "販売", "開発", "企画"}

// opposites are letters that tell departments of one kind apart.
const opposites = "東西南北中上下左右前後内外新旧男女大小本支ABCDEFabcdefイロハニホヘ"

// opposed tells whether names of one length differ in such letters only.
func opposed(x, y []rune) bool {
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if x[i] != y[i] && (!strings.ContainsRune(opposites, x[i]) || !strings.ContainsRune(opposites, y[i])) {
			return false
		}
	}
	return true
}

// slips counts letters more, less, other, or swapped with their neighbour.
func slips(x, y []rune) int {
	before, last, now := make([]int, len(y)+1), make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		now[0] = i
		for j := 1; j <= len(y); j++ {
			other := 1
			if x[i-1] == y[j-1] {
				other = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+other)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
		before, last, now = last, now, before
	}
	return last[len(y)]
}
