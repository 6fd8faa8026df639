package content

import (
	"bytes"
	"encoding/binary"
	"io"
)

const longestSound = 48 * 3600 * 1000 // milliseconds

// sniffAudio tells MP3, M4A and OGG by their first bytes.
func sniffAudio(head []byte) (string, error) {
	switch {
	case bytes.HasPrefix(head, []byte("ID3")):
		return "audio/mpeg", nil
	case bytes.HasPrefix(head, []byte("OggS")):
		return "audio/ogg", nil
	case len(head) >= 12 && string(head[4:8]) == "ftyp" && (isMP4(head) || string(head[8:11]) == "M4A" || string(head[8:11]) == "M4B"):
		return "audio/mp4", nil
	}
	if f, ok := readMP3Frame(head); ok && len(head) >= f.size+4 {
		if _, ok := readMP3Frame(head[f.size:]); ok { // two in a row are no accident
			return "audio/mpeg", nil
		}
	}
	return "", refused("file_not_audio")
}

// probeAudio finds how long a recording plays.
func probeAudio(mediaType string, r io.ReaderAt, size int64) (facts, error) {
	f := facts{mediaType: mediaType}
	var err error
	switch mediaType {
	case "audio/mpeg":
		f.durationMS, err = measureMP3(r, size)
	case "audio/ogg":
		f.durationMS, err = measureOgg(r, size)
	case "audio/mp4":
		var found moovFacts
		if found, err = findMoov(r, size); err == nil && (found.sounds == 0 || found.videos > 0) {
			err = refused("file_not_audio")
		}
		f.durationMS = found.durationMS
	}
	if err == nil && (f.durationMS <= 0 || f.durationMS > longestSound) {
		err = refused("audio_damaged")
	}
	return f, err
}

// mp3Frame is the head of one piece of MPEG audio, layer III.
type mp3Frame struct {
	size    int // bytes, head included
	samples int
	rate    int // samples a second
	side    int // bytes between the head and where a first frame tells how many follow
}

var (
	mp3Bits1 = [16]int{0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320}
	mp3Bits2 = [16]int{0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160}
	mp3Rates = [3]int{44100, 48000, 32000}
)

func readMP3Frame(b []byte) (mp3Frame, bool) {
	if len(b) < 4 || b[0] != 0xff || b[1]&0xe0 != 0xe0 || b[1]>>1&3 != 1 { // layer III
		return mp3Frame{}, false
	}
	version, bits, rate := b[1]>>3&3, b[2]>>4, b[2]>>2&3
	if version == 1 || bits == 0 || bits == 15 || rate == 3 {
		return mp3Frame{}, false
	}
	mono := b[3]>>6 == 3
	f := mp3Frame{samples: 1152, rate: mp3Rates[rate], side: 32}
	kilobits := mp3Bits1[bits]
	if mono {
		f.side = 17
	}
	if version != 3 { // MPEG 2 and 2.5
		f.samples, kilobits, f.side, f.rate = 576, mp3Bits2[bits], 17, f.rate/2
		if mono {
			f.side = 9
		}
		if version == 0 {
			f.rate /= 2
		}
	}
	f.size = f.samples/8*kilobits*1000/f.rate + int(b[2]>>1&1)
	return f, f.size > 4
}

// measureMP3 takes the number of frames that encoders write into the first one; without it every frame is counted.
func measureMP3(r io.ReaderAt, size int64) (int64, error) {
	at, err := skipID3(r)
	if err != nil {
		return 0, err
	}
	buf := make([]byte, 4096)
	n, err := r.ReadAt(buf, at)
	if n < 4 {
		return 0, broken(err)
	}
	for i := 0; i+4 <= n; i++ { // padding behind the tag
		if f, ok := readMP3Frame(buf[i:n]); ok {
			if frames := toldFrames(buf[i:n], f); frames > 0 {
				return frames * int64(f.samples) * 1000 / int64(f.rate), nil
			}
			return countMP3(r, at+int64(i), size)
		}
	}
	return 0, refused("audio_damaged")
}

// broken tells a store that does not answer from a file that is too short.
func broken(err error) error {
	if ofStore(err) {
		return err
	}
	return refused("audio_damaged")
}

func skipID3(r io.ReaderAt) (int64, error) {
	var h [10]byte
	n, err := r.ReadAt(h[:], 0)
	if ofStore(err) {
		return 0, err
	}
	if n < 10 || string(h[:3]) != "ID3" {
		return 0, nil
	}
	return 10 + int64(h[6]&0x7f)<<21 + int64(h[7]&0x7f)<<14 + int64(h[8]&0x7f)<<7 + int64(h[9]&0x7f), nil
}

// toldFrames reads the Xing, Info or VBRI head of a first frame.
func toldFrames(b []byte, f mp3Frame) int64 {
	if at := 4 + f.side; len(b) >= at+12 && (string(b[at:at+4]) == "Xing" || string(b[at:at+4]) == "Info") && b[at+7]&1 != 0 {
		return int64(binary.BigEndian.Uint32(b[at+8:]))
	}
	const vbri = 4 + 32 // at the same place in every frame
	if len(b) >= vbri+18 && string(b[vbri:vbri+4]) == "VBRI" {
		return int64(binary.BigEndian.Uint32(b[vbri+14:]))
	}
	return 0
}

func countMP3(r io.ReaderAt, at, size int64) (int64, error) {
	var h [4]byte
	samples, rate := int64(0), 0
	for at+4 <= size {
		if n, err := r.ReadAt(h[:], at); n < 4 {
			return 0, broken(err)
		}
		f, ok := readMP3Frame(h[:])
		if !ok { // a tag at the end, or damage: what was counted is what plays
			break
		}
		samples, rate = samples+int64(f.samples), f.rate
		at += int64(f.size)
	}
	if rate == 0 {
		return 0, refused("audio_damaged")
	}
	return samples * 1000 / int64(rate), nil
}

// measureOgg takes the place that the last page names, in samples of the rate that the first one names.
func measureOgg(r io.ReaderAt, size int64) (int64, error) {
	head := make([]byte, min(size, 4096))
	if n, err := r.ReadAt(head, 0); n < len(head) {
		return 0, broken(err)
	}
	rate, skip := oggRate(head)
	tail := make([]byte, min(size, 128<<10))
	if n, err := r.ReadAt(tail, size-int64(len(tail))); n < len(tail) {
		return 0, broken(err)
	}
	for at := bytes.LastIndex(tail, []byte("OggS")); at >= 0; at = bytes.LastIndex(tail[:at], []byte("OggS")) {
		if len(tail) < at+14 {
			continue
		}
		if place := int64(binary.LittleEndian.Uint64(tail[at+6:])); place > 0 && rate > 0 {
			if place > longestSound*rate/1000 {
				break
			}
			return max(0, place-skip) * 1000 / rate, nil
		}
	}
	return 0, refused("audio_damaged")
}

// oggRate reads samples a second of Vorbis or Opus, and how many of the first are not played.
func oggRate(head []byte) (rate, skip int64) {
	if at := bytes.Index(head, []byte("\x01vorbis")); at >= 0 && len(head) >= at+16 {
		return int64(binary.LittleEndian.Uint32(head[at+12:])), 0
	}
	if at := bytes.Index(head, []byte("OpusHead")); at >= 0 && len(head) >= at+12 {
		return 48000, int64(binary.LittleEndian.Uint16(head[at+10:]))
	}
	return 0, 0
}
