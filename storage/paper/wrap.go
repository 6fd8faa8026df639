package paper

import (
	"strings"
	"unicode"
)

// Characters that may not begin or end a line (kinsoku, JIS X 4051's basic set).
const (
	notFirst = "、。，．・：；？！）」』】〕〉》］｝〙〛”’ーァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎゕゖ々ゝゞヽヾ‐〜～,.:;?!)]}%％℃°"
	notLast  = "（「『【〔〈《［｛〘〚“‘([{￥¥$＄№"
)

// wrap breaks text into lines no wider than width. Latin words and numbers stay whole; punctuation keeps to its neighbours;
// what is wider than a line by itself is broken where it must.
func wrap(text []rune, width float64, measure func([]rune) float64) [][]rune {
	var lines [][]rune
	for paragraph := range strings.SplitSeq(string(text), "\n") {
		lines = append(lines, wrapParagraph([]rune(paragraph), width, measure)...)
	}
	return lines
}

func wrapParagraph(text []rune, width float64, measure func([]rune) float64) [][]rune {
	const slack = 0.001 // of a millimetre, against rounding
	var lines [][]rune
	var line []rune
	for _, cluster := range clusters(text) {
		if measure(trimEnd(append(line[:len(line):len(line)], cluster...))) <= width+slack {
			line = append(line, cluster...)
			continue
		}
		if len(trimEnd(line)) > 0 {
			lines, line = append(lines, line), nil
			if cluster = trimStart(cluster); len(cluster) == 0 {
				continue
			}
		}
		for len(cluster) > 1 && measure(trimEnd(cluster)) > width+slack {
			n := 1
			for n < len(cluster) && measure(cluster[:n+1]) <= width+slack {
				n++
			}
			lines, cluster = append(lines, cluster[:n:n]), cluster[n:]
		}
		line = append([]rune{}, cluster...)
	}
	if len(line) > 0 || len(lines) == 0 {
		lines = append(lines, line)
	}
	return lines
}

// clusters cuts text into what must not be broken: words with the spaces after them, and characters with their punctuation.
func clusters(text []rune) [][]rune {
	var list [][]rune
	start := 0
	for i := 1; i <= len(text); i++ {
		if i == len(text) || breaks(text[i-1], text[i]) {
			list = append(list, text[start:i:i])
			start = i
		}
	}
	return list
}

func breaks(before, after rune) bool {
	switch {
	case after == ' ' || after == '\u3000' && before == '\u3000': // spaces hang on what is before them
		return false
	case before == ' ':
		return true
	case strings.ContainsRune(notFirst, after) || strings.ContainsRune(notLast, before):
		return false
	}
	return !narrow(before) || !narrow(after)
}

// narrow tells the characters of words and numbers from those that can be broken anywhere.
func narrow(r rune) bool {
	return r < 0x2000 && !unicode.IsSpace(r) || r >= 0x2010 && r <= 0x2027
}

func trimEnd(line []rune) []rune {
	for len(line) > 0 && unicode.IsSpace(line[len(line)-1]) {
		line = line[:len(line)-1]
	}
	return line
}

func trimStart(line []rune) []rune {
	for len(line) > 0 && unicode.IsSpace(line[0]) {
		line = line[1:]
	}
	return line
}
