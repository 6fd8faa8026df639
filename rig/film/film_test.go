package film

import (
	"bytes"
	"slices"
	"testing"
)

// table gives the content of the n-th box of a kind below moov.
func table(t *testing.T, film []byte, kind string, n int) (found []byte) {
	t.Helper()
	var walk func(b []byte) error
	walk = func(b []byte) error {
		return each(b, func(k string, content []byte, _ int64) error {
			switch k {
			case "moov", "trak", "mdia", "minf", "stbl", "edts":
				return walk(content)
			case kind:
				if n--; n == -1 {
					found = content
				}
			}
			return nil
		})
	}
	at := bytes.LastIndex(film, []byte("moov")) - 4
	if err := walk(film[at:]); err != nil || found == nil {
		t.Fatal(kind, err)
	}
	return found
}

func numbers(b []byte) (list []uint32) {
	for ; len(b) >= 4; b = b[4:] {
		list = append(list, order.Uint32(b))
	}
	return list
}

func TestAFilmIsItsClipOverAndOver(t *testing.T) {
	const times = 3
	var out bytes.Buffer
	if err := Write(&out, Clip, times); err != nil {
		t.Fatal(err)
	}
	film := out.Bytes()
	if last := bytes.Index(film, []byte("mdat")); last > bytes.LastIndex(film, []byte("moov")) {
		t.Error("the index does not stand at the end")
	}
	for _, c := range []struct {
		kind string
		at   int
		unit uint32
	}{{"mvhd", 16, 1000}, {"tkhd", 20, 1000}, {"elst", 8, 1000}, {"mdhd", 16, 12800}} {
		if got := order.Uint32(table(t, film, c.kind, 0)[c.at:]); got != times*ClipSeconds*c.unit {
			t.Errorf("%s says %d of %d a second", c.kind, got, c.unit)
		}
	}
	for track, rate := range []uint32{12800, 48000} {
		places, old := numbers(table(t, film, "stco", track)[8:]), numbers(table(t, Clip, "stco", track)[8:])
		if len(places) != times*len(old) {
			t.Fatalf("track %d has %d places of %d", track, len(places), len(old))
		}
		for i, place := range places { // each names the same bytes as in the clip
			from := old[i%len(old)]
			if !bytes.Equal(film[place:place+16], Clip[from:from+16]) || i > 0 && place <= places[i-1] {
				t.Fatalf("track %d: place %d of the film, %d of the clip", track, place, from)
			}
		}
		sizes := numbers(table(t, film, "stsz", track)[12:])
		if one := numbers(table(t, Clip, "stsz", track)[12:]); !slices.Equal(sizes, slices.Concat(one, one, one)) {
			t.Errorf("track %d has other samples than its clip", track)
		}
		var length uint32
		for pair := range slices.Chunk(numbers(table(t, film, "stts", track)[8:]), 2) {
			length += pair[0] * pair[1]
		}
		if length != times*ClipSeconds*rate {
			t.Errorf("track %d plays %d of %d a second", track, length, rate)
		}
	}
	if keys := numbers(table(t, film, "stss", 0)[8:]); !slices.Equal(keys, []uint32{1, 201, 401}) {
		t.Errorf("key pictures at %v", keys)
	}
	if err := Write(&out, Clip[:1000], times); err == nil {
		t.Error("half a clip makes a film")
	}
}
