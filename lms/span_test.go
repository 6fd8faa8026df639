package lms_test

import (
	"math/rand/v2"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"kenshu/lms"
)

func spans(t *rapid.T, label string) lms.Spans {
	return rapid.Map(rapid.SliceOfN(rapid.Custom(func(t *rapid.T) lms.Span {
		from := rapid.Int64Range(0, 400).Draw(t, "from")
		return lms.Span{from, from + rapid.Int64Range(-3, 60).Draw(t, "length")}
	}), 0, 8), func(s []lms.Span) lms.Spans { return lms.Spans(s) }).Draw(t, label)
}

// However the portions are repeated, ordered and put together, the union is the same; every point stays; nothing lies closer than the gap.
func TestUnion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		gap := rapid.SampledFrom([]int64{0, 1, 5, 30}).Draw(t, "gap")
		parts := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) lms.Spans { return spans(t, "part") }), 1, 6).Draw(t, "parts")
		whole := lms.Union(gap, parts...)
		again := append([]lms.Spans{}, parts...)
		again = append(again, parts[0])
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)).Shuffle(len(again), func(i, j int) { again[i], again[j] = again[j], again[i] })
		step := lms.Spans{}
		for _, p := range again {
			step = lms.Union(gap, step, p)
		}
		if !reflect.DeepEqual(whole, step) {
			t.Fatalf("at once %v, one by one %v", whole, step)
		}
		for _, p := range parts {
			for _, s := range p {
				for x := s[0]; x < s[1]; x++ {
					if !has(whole, x) {
						t.Fatalf("%d of %v is not in %v", x, s, whole)
					}
				}
			}
		}
		for i := 1; i < len(whole); i++ {
			if d := whole[i][0] - whole[i-1][1]; d < max(gap, 1) {
				t.Fatalf("%v: gap of %d", whole, d)
			}
		}
	})
}

func has(s lms.Spans, x int64) bool {
	for _, one := range s {
		if one[0] <= x && x < one[1] {
			return true
		}
	}
	return false
}
