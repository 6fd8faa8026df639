package content

import (
	"bytes"
	"encoding/binary"
	"io"
	"testing"
)

// chunksOf lists the places that the index of a film names.
func chunksOf(t *testing.T, film []byte) (places []int64, indexFirst bool) {
	t.Helper()
	boxes, err := topBoxes(bytes.NewReader(film), int64(len(film)))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]int{}
	for i, b := range boxes {
		if _, ok := seen[b.kind]; !ok {
			seen[b.kind] = i
		}
		if b.kind == "moov" {
			places = append(places, chunksIn(film[b.at+b.header:b.at+b.size])...)
		}
	}
	return places, seen["moov"] < seen["mdat"]
}

func chunksIn(b []byte) (places []int64) {
	children(b, func(kind string, content []byte) {
		switch kind {
		case "trak", "mdia", "minf", "stbl":
			places = append(places, chunksIn(content)...)
		case "stco":
			for at := 8; at+4 <= len(content); at += 4 {
				places = append(places, int64(binary.BigEndian.Uint32(content[at:])))
			}
		case "co64":
			for at := 8; at+8 <= len(content); at += 8 {
				places = append(places, int64(binary.BigEndian.Uint64(content[at:])))
			}
		}
	})
	return places
}

// behind gives the film of a fixture with its index at the end.
func behind(t *testing.T) []byte {
	t.Helper()
	for _, name := range []string{"twelve-seconds.mp4", "faststart.mp4"} {
		film := fixture(t, name)
		if _, first := chunksOf(t, film); !first {
			return film
		}
	}
	t.Fatal("no fixture has its index at the end")
	return nil
}

func TestTheIndexOfAFilmIsMovedToItsFront(t *testing.T) {
	film := behind(t)
	r, size, err := faststart(bytes.NewReader(film), int64(len(film)))
	if err != nil || r == nil {
		t.Fatal(err)
	}
	moved, err := io.ReadAll(r)
	if err != nil || int64(len(moved)) != size || len(moved) != len(film) {
		t.Fatal(len(moved), size, len(film), err)
	}
	old, _ := chunksOf(t, film)
	now, first := chunksOf(t, moved)
	if !first || len(old) == 0 || len(old) != len(now) {
		t.Fatal(first, old, now)
	}
	for i := range old { // what every place names is the same as before
		if !bytes.Equal(film[old[i]:old[i]+8], moved[now[i]:now[i]+8]) {
			t.Fatalf("chunk %d: at %d and now at %d", i, old[i], now[i])
		}
	}
	before, err := probeMP4(bytes.NewReader(film), int64(len(film)))
	if err != nil {
		t.Fatal(err)
	}
	after, err := probeMP4(bytes.NewReader(moved), size)
	if err != nil || after.durationMS != before.durationMS || after.width != before.width {
		t.Errorf("%+v, %+v, %v", before, after, err)
	}
	if again, _, err := faststart(bytes.NewReader(moved), size); err != nil || again != nil {
		t.Errorf("moved twice: %v", err)
	}
	if r, _, err := faststart(bytes.NewReader(fixture(t, "fragmented.mp4")), int64(len(fixture(t, "fragmented.mp4")))); err != nil || r != nil {
		t.Errorf("a film in fragments is moved: %v", err)
	}
}

// Above 4 GB the places of the index take eight bytes each, and the index grows by what it moves.
func TestTheIndexOfALongFilmIsWidened(t *testing.T) {
	film := behind(t)
	boxes, err := topBoxes(bytes.NewReader(film), int64(len(film)))
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range boxes {
		if b.kind != "moov" {
			continue
		}
		moov := film[b.at : b.at+b.size]
		moved, ok := moveIndex(moov, b.header, 5<<30)
		if !ok || int(binary.BigEndian.Uint32(moved)) != len(moved) {
			t.Fatal(ok, len(moved))
		}
		old, now := chunksIn(moov[b.header:]), chunksIn(moved[8:])
		if len(moved) != len(moov)+4*len(old) {
			t.Errorf("%d bytes of %d with %d places", len(moved), len(moov), len(old))
		}
		for i := range old {
			if now[i] != old[i]+int64(len(moved)) {
				t.Fatalf("place %d: %d and now %d, moved by %d", i, old[i], now[i], len(moved))
			}
		}
	}
}

func TestAnUploadedFilmBeginsWithItsIndex(t *testing.T) {
	film := behind(t)
	onEachStore(t, func(t *testing.T, s shelf) {
		ctx, tid := t.Context(), s.w.A.ID
		a := s.upload(AssetVideo, "動画.mp4", film)
		links, err := s.Links(ctx, tid, tid.Number(), a.ID)
		if err != nil || a.State != AssetReady {
			t.Fatal(a.State, err)
		}
		got := []byte(fetch(t, links[a.ID].URL))
		if _, first := chunksOf(t, got); !first || int64(len(got)) != a.Size {
			t.Errorf("%d bytes, index first: %t", len(got), first)
		}
		s.expect("objects", len(s.objects()), 1)
		again := s.upload(AssetVideo, "もう一度.mp4", film)
		if again.SHA256 != a.SHA256 {
			t.Error("the same film has another checksum")
		}
		s.expect("objects of the same film twice", len(s.objects()), 1)
		for _, id := range []Asset{a, again} {
			if err := s.Delete(ctx, tid, id.ID); err != nil {
				t.Fatal(err)
			}
		}
		s.expect("objects", len(s.kept()), 0)
	})
}

// A worker that dies while it keeps the moved film leaves nothing behind once the job has been done again.
func TestAFilmIsLookedAtAgainAfterAKill(t *testing.T) {
	film := behind(t)
	onEachStore(t, func(t *testing.T, s shelf) {
		ctx, tid := t.Context(), s.w.A.ID
		u := s.begin(AssetVideo, "動画.mp4", len(film))
		s.send(u, film, 1)
		if err := s.join(ctx, u); err != nil {
			t.Fatal(err)
		}
		if err := s.received(ctx, tid, u); err != nil {
			t.Fatal(err)
		}
		if _, err := s.store.Put(ctx, u.Asset.key+frontEnding, bytes.NewReader([]byte("half a film")), 11, "video/mp4"); err != nil { // as it was killed
			t.Fatal(err)
		}
		if err := s.Probe(ctx, tid, u.Asset.ID, func(int64, int64) {}); err != nil {
			t.Fatal(err)
		}
		a, err := s.Find(ctx, tid, u.Asset.ID)
		if err != nil || a.State != AssetReady {
			t.Fatal(a.State, err)
		}
		sum, err := s.checksum(ctx, a.key, a.Size, func(int64, int64) {})
		if err != nil || sum != a.SHA256 {
			t.Errorf("the checksum is not that of the bytes: %v", err)
		}
		s.expect("objects", len(s.objects()), 1)
	})
}

func FuzzFaststart(f *testing.F) {
	f.Add([]byte("\x00\x00\x00\x08mdat\x00\x00\x00\x18moov\x00\x00\x00\x10trak\x00\x00\x00\x08stco"))
	f.Fuzz(func(t *testing.T, b []byte) {
		r, size, err := faststart(bytes.NewReader(b), int64(len(b)))
		if err != nil || r == nil {
			return
		}
		moved, err := io.ReadAll(r)
		if err != nil || int64(len(moved)) != size {
			t.Fatalf("%d bytes of %d, %v", len(moved), size, err)
		}
	})
}
