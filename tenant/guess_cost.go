package tenant

import (
	"bytes"
	"compress/gzip"
	_ "embed"
	"io"
	"math"
	"slices"
	"strings"
	"sync"
	"unicode"
)

//go:embed words/passwords.txt.gz
var passwordWords []byte

//go:embed words/japanese.txt.gz
var japaneseWords []byte

const longestWord = 24

// wordRanks gives how common each listed word is, 1 for the most common. Read at the first check: 5 MB that a worker without log-ins never needs.
var wordRanks = sync.OnceValue(func() map[string]int {
	ranks := map[string]int{}
	for _, packed := range [][]byte{passwordWords, japaneseWords} {
		r, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			panic("embedded word list: " + err.Error())
		}
		text, err := io.ReadAll(r)
		if err != nil {
			panic("embedded word list: " + err.Error())
		}
		rank := 0
		for word := range strings.SplitSeq(string(text), "\n") {
			rank++
			if old, ok := ranks[word]; !ok || rank < old {
				ranks[word] = rank
			}
		}
	}
	return ranks
})

// part is one piece of the cheapest way to guess a text.
type part struct {
	from int
	kind string // "" for characters that follow from nothing
	bits float64
}

type guessed struct {
	bits  float64
	parts []part // parts[i] ends before character i+1
	n     int
}

// kinds lists why the text is cheap: the kinds of its pieces, longest first.
func (g guessed) kinds() []string {
	length := map[string]int{}
	var kinds []string
	for end := g.n; end > 0; end = g.parts[end-1].from {
		p := g.parts[end-1]
		if p.kind == "" || end-p.from < 3 {
			continue
		}
		if length[p.kind] == 0 {
			kinds = append(kinds, p.kind)
		}
		length[p.kind] += end - p.from
	}
	slices.SortStableFunc(kinds, func(a, b string) int { return length[b] - length[a] })
	return kinds[:min(len(kinds), 3)]
}

// cheapest cuts text so that guessing it piece by piece costs least.
func cheapest(text []rune, own []ownWord) guessed {
	n := len(text)
	g := guessed{n: n, parts: make([]part, n)}
	cost := make([]float64, n+1)
	for i := 1; i <= n; i++ {
		cost[i] = math.Inf(1)
	}
	plain := plainLetters(text)
	for from := range n {
		offer := func(length int, kind string, bits float64) {
			if end := from + length; end <= n && cost[from]+bits < cost[end] {
				cost[end] = cost[from] + bits
				g.parts[end-1] = part{from, kind, bits}
			}
		}
		offer(1, "", runeBits(text[from]))
		offerRuns(text[from:], offer)
		offerWords(text[from:], plain[from:], own, offer)
		if length, bits := date(text[from:]); length > 0 {
			offer(length, "date", bits)
		}
		// A block that has just been guessed and comes again costs only how often.
		for period := 1; period <= from && period <= n-from; period++ {
			for times := 1; from+period*times <= n && slices.Equal(text[from-period:from], text[from+period*(times-1):from+period*times]); times++ {
				offer(period*times, "repeat", 1+math.Log2(float64(times+1)))
			}
		}
	}
	g.bits = cost[n]
	return g
}

func runeBits(r rune) float64 {
	switch {
	case unicode.IsSpace(r):
		return 1.5
	case r >= '0' && r <= '9':
		return 3
	case r >= 'a' && r <= 'z':
		return 3.7
	case r <= unicode.MaxASCII:
		return 4
	}
	return 6
}

// offerWords offers what is known about the person and every listed word, also with figures for letters (p4ssw0rd).
func offerWords(text, plain []rune, own []ownWord, offer func(int, string, float64)) {
	for _, w := range own {
		word := []rune(w.text)
		if len(word) <= len(text) && (slices.Equal(text[:len(word)], word) || slices.Equal(plain[:len(word)], word)) {
			offer(len(word), w.kind, 1)
		}
	}
	ranks := wordRanks()
	for length := 3; length <= min(len(text), longestWord); length++ {
		if rank, ok := ranks[string(text[:length])]; ok {
			offer(length, "common", 2+math.Log2(float64(rank)))
		}
		if rank, ok := ranks[string(plain[:length])]; ok {
			offer(length, "common", 3.5+math.Log2(float64(rank)))
		}
	}
}

var letterFor = map[rune]rune{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '8': 'b', '@': 'a', '$': 's', '!': 'i', '+': 't'}

func plainLetters(text []rune) []rune {
	out := slices.Clone(text)
	for i, r := range out {
		if l, ok := letterFor[r]; ok {
			out[i] = l
		}
	}
	return out
}

// Keyboard rows and columns of a Japanese keyboard, as run together they are swiped.
var keyboard = []string{
	"1234567890-^\\", "qwertyuiop@[", "asdfghjkl;:]", "zxcvbnm,./", "1qaz", "2wsx", "3edc", "4rfv", "5tgb", "6yhn", "7ujm", "8ik,", "9ol.", "0p;/",
	"qaz", "wsx", "edc", "rfv", "tgb", "yhn", "ujm",
}

// offerRuns offers sequences (abc, 987), repeats of one character and keyboard runs.
func offerRuns(text []rune, offer func(int, string, float64)) {
	for _, step := range []rune{1, -1} {
		length := 1
		for length < len(text) && text[length]-text[length-1] == step && (unicode.IsLetter(text[length]) || unicode.IsDigit(text[length])) {
			length++
		}
		for l := 3; l <= length; l++ {
			offer(l, "sequence", 4+math.Log2(float64(l)))
		}
	}
	for _, row := range keyboard {
		keys := []rune(row)
		for range 2 {
			if at := slices.Index(keys, text[0]); at >= 0 {
				length := 1
				for length < len(text) && at+length < len(keys) && text[length] == keys[at+length] {
					length++
				}
				for l := 3; l <= length; l++ {
					offer(l, "keyboard", 4+math.Log2(float64(l)))
				}
			}
			slices.Reverse(keys)
		}
	}
}

// date finds a year (5 bits), or a whole date (12 bits), at the start of text.
func date(text []rune) (length int, bits float64) {
	number := func(at, digits int) int {
		if at+digits > len(text) {
			return -1
		}
		n := 0
		for _, r := range text[at : at+digits] {
			if r < '0' || r > '9' {
				return -1
			}
			n = n*10 + int(r-'0')
		}
		return n
	}
	year := number(0, 4)
	if year < 1920 || year > 2060 {
		return 0, 0
	}
	at := 4
	separated := at < len(text) && strings.ContainsRune("-/._年", text[at])
	if separated {
		at++
	}
	month := number(at, 2)
	if month < 1 || month > 12 {
		return 4, 5
	}
	at += 2
	if separated && at < len(text) && strings.ContainsRune("-/._月", text[at]) {
		at++
	}
	if day := number(at, 2); day >= 1 && day <= 31 {
		return at + 2, 12
	}
	return 4, 5
}
