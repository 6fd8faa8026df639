package lms

import (
	"cmp"
	"slices"
)

// Span is a stretch from From up to but not including To: milliseconds of a video, pages of a document, seconds of wall-clock time.
// In JSON it is [from, to].
type Span [2]int64

// Spans is a set of points written as stretches, in order and apart from each other. Only Union makes one out of what came from outside.
type Spans []Span

// Union gives the points of all sets together and closes gaps shorter than gap. It does not matter in which order, how often or in how
// many portions the sets are added: closing gaps only adds points, and what it added before it would add again. Progress relies on exactly
// this, because browsers repeat and reorder what they send (TestUnion proves it on random input).
func Union(gap int64, sets ...Spans) Spans {
	var all Spans
	for _, set := range sets {
		for _, s := range set {
			if s[0] < s[1] {
				all = append(all, s)
			}
		}
	}
	slices.SortFunc(all, func(a, b Span) int { return cmp.Compare(a[0], b[0]) })
	out := Spans{}
	for _, s := range all {
		if last := len(out) - 1; last >= 0 && s[0]-out[last][1] < max(gap, 1) {
			out[last][1] = max(out[last][1], s[1])
		} else {
			out = append(out, s)
		}
	}
	return out
}

// Within keeps the part of the set between from and to.
func (s Spans) Within(from, to int64) Spans {
	out := Spans{}
	for _, one := range s {
		one[0], one[1] = max(one[0], from), min(one[1], to)
		if one[0] < one[1] {
			out = append(out, one)
		}
	}
	return out
}

// Total is how many points the set has.
func (s Spans) Total() int64 {
	var n int64
	for _, one := range s {
		n += one[1] - one[0]
	}
	return n
}
