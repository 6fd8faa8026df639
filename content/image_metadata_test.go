package content

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"strings"
	"testing"
)

const secretPlace = "35.6586N139.7454E"

// photo is a picture whose left half is red and whose right half is blue.
func photo(width, height int) image.Image {
	m := image.NewRGBA(image.Rect(0, 0, width, height))
	for y := range height {
		for x := range width {
			c := color.RGBA{200, 20, 20, 255}
			if x >= width/2 {
				c = color.RGBA{20, 20, 200, 255}
			}
			m.SetRGBA(x, y, c)
		}
	}
	return m
}

// withExif puts an Exif segment with a turn and a place behind the beginning of a JPEG, a comment behind that, and a second file behind its end.
func withExif(t *testing.T, m image.Image, turn byte, order binary.ByteOrder) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	tiff := []byte("MM")
	if order == binary.LittleEndian {
		tiff = []byte("II")
	}
	u16 := func(n uint16) { var x [2]byte; order.PutUint16(x[:], n); tiff = append(tiff, x[:]...) }
	u32 := func(n uint32) { var x [4]byte; order.PutUint32(x[:], n); tiff = append(tiff, x[:]...) }
	u16(42)
	u32(8)
	u16(2)
	u16(0x0112)
	u16(3)
	u32(1)
	u16(uint16(turn))
	u16(0)
	u16(0x010e) // description
	u16(2)
	u32(uint32(len(secretPlace)))
	u32(38)
	u32(0)
	tiff = append(tiff, secretPlace...)
	exif := append([]byte("Exif\x00\x00"), tiff...)
	segment := func(marker byte, content []byte) []byte {
		return append([]byte{0xff, marker, byte((len(content) + 2) >> 8), byte(len(content) + 2)}, content...)
	}
	raw := b.Bytes()
	out := append([]byte{}, raw[:2]...)
	out = append(out, segment(0xe1, exif)...)
	out = append(out, segment(0xfe, []byte("taken at "+secretPlace))...)
	out = append(out, raw[2:]...)
	return append(out, "MotionPhoto "+secretPlace...)
}

func TestPicturesLoseWhatTheirCameraWrote(t *testing.T) {
	var plain, moving bytes.Buffer
	if err := png.Encode(&plain, photo(64, 32)); err != nil {
		t.Fatal(err)
	}
	text := []byte("Comment\x00" + secretPlace)
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(text)))
	chunk = append(append(chunk, "tEXt"...), text...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	pngRaw := append(append(append([]byte{}, plain.Bytes()[:33]...), chunk...), plain.Bytes()[33:]...)

	frame := image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.Black, color.White})
	if err := gif.EncodeAll(&moving, &gif.GIF{Image: []*image.Paletted{frame, frame}, Delay: []int{5, 5}}); err != nil {
		t.Fatal(err)
	}
	g := moving.Bytes()
	comment := append([]byte{0x21, 0xfe, byte(len(secretPlace))}, secretPlace...)
	gifRaw := append(append(append([]byte{}, g[:len(g)-1]...), append(comment, 0)...), 0x3b)

	webp := func(kind string, content []byte) []byte {
		out := append([]byte(kind), binary.LittleEndian.AppendUint32(nil, uint32(len(content)))...)
		return append(append(out, content...), make([]byte, len(content)&1)...)
	}
	body := append([]byte("WEBP"), webp("VP8X", []byte{0x0c, 0, 0, 0, 63, 0, 0, 31, 0, 0})...)
	body = append(append(body, webp("VP8L", []byte{0x2f, 1, 2, 3, 4})...), webp("EXIF", []byte(secretPlace))...)
	webpRaw := append(append([]byte("RIFF"), binary.LittleEndian.AppendUint32(nil, uint32(len(body)))...), body...)

	for name, c := range map[string]struct {
		mediaType string
		raw       []byte
		turn      int
	}{
		"jpeg": {"image/jpeg", withExif(t, photo(64, 32), 6, binary.BigEndian), 6}, "jpeg, other order": {"image/jpeg", withExif(t, photo(64, 32), 3, binary.LittleEndian), 3},
		"jpeg, upright": {"image/jpeg", withExif(t, photo(64, 32), 1, binary.LittleEndian), 1},
		"png":           {"image/png", pngRaw, 1}, "gif": {"image/gif", gifRaw, 1}, "webp": {"image/webp", webpRaw, 1},
	} {
		if !bytes.Contains(c.raw, []byte(secretPlace)) {
			t.Fatalf("%s: the fixture holds no place", name)
		}
		clean, turn, err := cleanImage(c.mediaType, c.raw)
		if err != nil || turn != c.turn || bytes.Contains(clean, []byte(secretPlace)) {
			t.Errorf("%s: turn %d, %v, place kept: %t", name, turn, err, bytes.Contains(clean, []byte(secretPlace)))
			continue
		}
		again, turn, err := cleanImage(c.mediaType, clean)
		if err != nil || turn != c.turn || !bytes.Equal(again, clean) {
			t.Errorf("%s: cleaned twice: turn %d, %v", name, turn, err)
		}
		if c.mediaType == "image/webp" {
			continue // the standard library cannot draw it
		}
		before, _, err := image.Decode(bytes.NewReader(c.raw))
		if err != nil {
			t.Fatal(name, err)
		}
		after, _, err := image.Decode(bytes.NewReader(clean))
		if err != nil || before.At(3, 3) != after.At(3, 3) || before.Bounds() != after.Bounds() {
			t.Errorf("%s: the pixels have changed: %v", name, err)
		}
	}
	moved, err := gif.DecodeAll(bytes.NewReader(mustClean(t, "image/gif", gifRaw)))
	if err != nil || len(moved.Image) != 2 || moved.LoopCount != 0 {
		t.Errorf("the animation: %+v, %v", moved, err)
	}
}

func mustClean(t *testing.T, mediaType string, raw []byte) []byte {
	t.Helper()
	clean, _, err := cleanImage(mediaType, raw)
	if err != nil {
		t.Fatal(err)
	}
	return clean
}

// A photograph that was taken with the device on its side stands upright in every size.
func TestSizesStandUpright(t *testing.T) {
	for turn, want := range map[int]string{1: "red left", 2: "red right", 3: "red right", 4: "red left", 5: "red top", 6: "red top", 7: "red bottom", 8: "red bottom"} {
		raw := withExif(t, photo(2400, 1200), byte(turn), binary.BigEndian)
		clean, found, err := cleanImage("image/jpeg", raw)
		if err != nil || found != turn {
			t.Fatal(found, err)
		}
		sizes, err := smaller("image/jpeg", clean, found)
		if err != nil {
			t.Fatal(err)
		}
		names := ""
		for _, p := range sizes {
			names += p.name + " "
			m, _, err := image.Decode(bytes.NewReader(p.data))
			if err != nil || m.Bounds().Dx() != p.width || m.Bounds().Dy() != p.height {
				t.Fatal(m.Bounds(), p.width, p.height, err)
			}
			if got := where(m); got != want {
				t.Errorf("turn %d, %s: %s, want %s", turn, p.name, got, want)
			}
			if turn >= 5 != (p.height > p.width) {
				t.Errorf("turn %d, %s: %d × %d", turn, p.name, p.width, p.height)
			}
		}
		wantNames := "w1600 w800 w320 "
		if turn >= 5 {
			wantNames = "w800 w320 " // 1200 across
		}
		if names != wantNames {
			t.Errorf("turn %d: %s", turn, names)
		}
	}
}

// where tells on which side the red half is.
func where(m image.Image) string {
	b := m.Bounds()
	red := func(x, y int) bool { r, _, blue, _ := m.At(x, y).RGBA(); return r > blue }
	switch {
	case red(b.Dx()/4, b.Dy()/4) && red(b.Dx()/4, 3*b.Dy()/4):
		return "red left"
	case red(3*b.Dx()/4, b.Dy()/4) && red(3*b.Dx()/4, 3*b.Dy()/4):
		return "red right"
	case red(b.Dx()/4, b.Dy()/4):
		return "red top"
	}
	return "red bottom"
}

// What would take too much memory to draw is kept as it is, and says so before anything is decoded.
func TestPictureBombsAreNotDrawn(t *testing.T) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, photo(16, 16), nil); err != nil {
		t.Fatal(err)
	}
	bomb := bytes.Replace(b.Bytes(), []byte{0xff, 0xc0}, []byte{0xff, 0xc2}, 1) // says that it comes in passes
	at := bytes.Index(bomb, []byte{0xff, 0xc2})
	binary.BigEndian.PutUint16(bomb[at+5:], 6000)
	binary.BigEndian.PutUint16(bomb[at+7:], 6000)
	if cost := drawCost("image/jpeg", bomb); cost <= maxDrawBytes {
		t.Fatalf("36 million pixels in passes cost %d bytes", cost)
	}
	if sizes, err := smaller("image/jpeg", bomb, 1); err != nil || sizes != nil {
		t.Errorf("%v, %v", sizes, err)
	}
	if _, err := posters(bomb); err == nil {
		t.Error("a bomb became a poster")
	}
	binary.BigEndian.PutUint16(bomb[at+5:], 50_000)
	if _, err := probeImage(bomb); err == nil || err.Error() != "image_too_many_pixels" {
		t.Errorf("%v", err)
	}
}

func TestAPhotographIsKeptWithoutItsPlaceAndInSizes(t *testing.T) {
	raw := withExif(t, photo(3840, 2160), 6, binary.BigEndian) // 4K, held upright
	onEachStore(t, func(t *testing.T, s shelf) {
		ctx, tid := t.Context(), s.w.A.ID
		a := s.upload(AssetImage, "現場.jpg", raw)
		if a.State != AssetReady || a.Width != 2160 || a.Height != 3840 {
			t.Fatalf("%+v", a)
		}
		links, err := s.Links(ctx, tid, tid.Number(), a.ID)
		if err != nil {
			t.Fatal(err)
		}
		link := links[a.ID]
		if len(link.Sizes) != 3 || link.Sizes[0].Width != 320 || link.Sizes[2].Width != 1600 || link.Thumb != link.Sizes[0].URL {
			t.Fatalf("%+v", link)
		}
		for _, url := range []string{link.URL, link.Sizes[0].URL, link.Sizes[1].URL, link.Sizes[2].URL} {
			if got := fetch(t, url); strings.Contains(got, secretPlace) || !strings.HasPrefix(got, "\xff\xd8") {
				t.Error("a size holds the place, or is no JPEG")
			}
		}
		thumbs, err := s.Thumbs(ctx, tid, a.ID)
		if err != nil || fetch(t, thumbs[a.ID]) != fetch(t, link.Thumb) {
			t.Error(thumbs, err)
		}
		s.expect("objects", len(s.objects()), 4)
		if err := s.Delete(ctx, tid, a.ID); err != nil || len(s.kept()) != 0 {
			t.Errorf("%v, %v", err, s.objects())
		}
		if broken := s.upload(AssetImage, "壊れた.jpg", raw[:len(raw)/2]); broken.State != AssetRefused || broken.Problem != "image_damaged" {
			t.Errorf("%+v", broken)
		}
	})
}

func TestPosters(t *testing.T) {
	var picture bytes.Buffer
	if err := png.Encode(&picture, photo(1920, 1080)); err != nil {
		t.Fatal(err)
	}
	onEachStore(t, func(t *testing.T, s shelf) {
		ctx, tid := t.Context(), s.w.A.ID
		video := s.upload(AssetVideo, "動画.mp4", fixture(t, "faststart.mp4"))
		twin := s.upload(AssetVideo, "同じ動画.mp4", fixture(t, "faststart.mp4"))
		for range 2 { // the second takes the place of the first
			if err := s.SetPoster(ctx, tid, video.ID, picture.Bytes()); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.SetPoster(ctx, tid, twin.ID, picture.Bytes()); err != nil {
			t.Fatal(err)
		}
		s.expect("objects: one film, two posters in two sizes", len(s.kept()), 5)
		links, err := s.Links(ctx, tid, tid.Number(), video.ID)
		if err != nil || !strings.HasPrefix(fetch(t, links[video.ID].Poster), "\xff\xd8") || links[video.ID].Thumb == "" || links[video.ID].Sizes != nil {
			t.Errorf("%+v, %v", links, err)
		}
		if err := s.Delete(ctx, tid, twin.ID); err != nil || len(s.kept()) != 3 {
			t.Errorf("%v, %v", err, s.objects())
		}
		for name, data := range map[string][]byte{"no picture": []byte("<svg onload=alert(1)>"), "gif": []byte("GIF89a\x01\x00\x01\x00\x00\x00\x00;"), "nothing": {}, "half": picture.Bytes()[:200]} {
			if err := s.SetPoster(ctx, tid, video.ID, data); err == nil {
				t.Errorf("%s became a poster", name)
			}
		}
		captions := s.upload(AssetCaptions, "a.vtt", vtt("a"))
		if err := s.SetPoster(ctx, tid, captions.ID, picture.Bytes()); err == nil {
			t.Error("captions have a poster")
		}
	})
}

func FuzzCleanImage(f *testing.F) {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, photo(16, 8), nil); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	b.Reset()
	if err := png.Encode(&b, photo(16, 8)); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, mediaType := range []string{"image/jpeg", "image/png", "image/gif", "image/webp"} {
			clean, turn, err := cleanImage(mediaType, raw)
			if err != nil {
				continue
			}
			again, turned, err := cleanImage(mediaType, clean)
			if err != nil || turned != turn || !bytes.Equal(again, clean) {
				t.Fatalf("%s: %x becomes %x becomes %x, %v", mediaType, raw, clean, again, err)
			}
		}
	})
}
