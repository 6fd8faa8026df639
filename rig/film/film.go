// Package film writes films as long as a test or measurement needs them: a short clip over and over, with the index at the end, as cameras and converters leave it.
package film

import (
	_ "embed" // the clip
	"encoding/binary"
	"errors"
	"fmt"
	"io"
)

// Clip is eight seconds of a zoom into the Mandelbrot set with a hum: 1280 × 720, 25 pictures a second, H.264 and AAC at 600 kbit/s together, one key picture.
// Encoded by ffmpeg (libx264, aac) from its own sources; nobody holds rights in it.
//
//go:embed clip.mp4
var Clip []byte

// ClipSeconds is how long Clip plays.
const ClipSeconds = 8

// loop is a clip taken apart.
type loop struct {
	head     []byte // before the pictures and sounds
	media    []byte
	index    []byte // the content of moov
	at       int64  // of media in the clip
	times    int
	timeBase uint64 // units a second of the film as a whole
	length   uint64 // of the clip in these
}

var order = binary.BigEndian

var errClip = errors.New("film: the clip is not as this package reads it")

// Write writes the clip so many times as one film.
func Write(w io.Writer, clip []byte, times int) error {
	l, err := open(clip, times)
	if err != nil {
		return err
	}
	index, err := l.container(l.index, nil)
	if err != nil {
		return err
	}
	media := make([]byte, 16)
	order.PutUint32(media, 1) // the size stands behind the name
	copy(media[4:], "mdat")
	order.PutUint64(media[8:], uint64(16+len(l.media)*times))
	if _, err := w.Write(append(l.head, media...)); err != nil {
		return err
	}
	for range times {
		if _, err := w.Write(l.media); err != nil {
			return err
		}
	}
	_, err = w.Write(box("moov", index))
	return err
}

func box(kind string, content []byte) []byte {
	b := make([]byte, 8, 8+len(content))
	order.PutUint32(b, uint32(8+len(content)))
	copy(b[4:], kind)
	return append(b, content...)
}

// each calls visit for every box of b, with the place of its content.
func each(b []byte, visit func(kind string, content []byte, at int64) error) error {
	for at := 0; at < len(b); {
		if at+8 > len(b) {
			return errClip
		}
		size := int(order.Uint32(b[at:]))
		if size < 8 || at+size > len(b) {
			return errClip
		}
		if err := visit(string(b[at+4:at+8]), b[at+8:at+size], int64(at+8)); err != nil {
			return err
		}
		at += size
	}
	return nil
}

func open(clip []byte, times int) (*loop, error) {
	l := &loop{times: times}
	err := each(clip, func(kind string, content []byte, at int64) error {
		switch kind {
		case "ftyp":
			l.head = box(kind, content)
		case "mdat":
			l.media, l.at = content, at
		case "moov":
			l.index = content
		}
		return nil
	})
	if err != nil || times < 1 || l.head == nil || l.media == nil || len(l.index) < 8+20 || string(l.index[4:8]) != "mvhd" || l.index[8] != 0 {
		return nil, errors.Join(err, errClip)
	}
	l.timeBase, l.length = uint64(order.Uint32(l.index[8+12:])), uint64(order.Uint32(l.index[8+16:]))
	if end := int64(len(l.head)+16) + int64(len(l.media))*int64(times); end > 1<<32-1 || l.timeBase == 0 {
		return nil, fmt.Errorf("film: %d times are too many", times)
	}
	return l, nil
}

// track is what the tables of one track share.
type track struct {
	timeBase uint64
	samples  int
	chunks   int
}

func (l *loop) container(b []byte, t *track) ([]byte, error) {
	var out []byte
	err := each(b, func(kind string, content []byte, _ int64) error {
		var err error
		switch kind {
		case "trak":
			t := &track{}
			if err = t.look(content); err == nil {
				content, err = l.container(content, t)
			}
		case "mdia", "minf", "stbl", "edts":
			content, err = l.container(content, t)
		case "sgpd", "sbgp":
			return nil // which sounds need others before them: one group for all, that players do without
		default:
			content, err = l.table(kind, content, t)
		}
		out = append(out, box(kind, content)...)
		return err
	})
	return out, err
}

// look finds how many samples and chunks a track has.
func (t *track) look(b []byte) error {
	return each(b, func(kind string, content []byte, _ int64) error {
		switch kind {
		case "mdia", "minf", "stbl":
			return t.look(content)
		case "mdhd":
			t.timeBase = uint64(order.Uint32(content[12:]))
		case "stsz":
			t.samples = int(order.Uint32(content[8:]))
		case "stco":
			t.chunks = int(order.Uint32(content[4:]))
		}
		return nil
	})
}

// lengthAt is where the boxes of version 0 keep how long something is.
var lengthAt = map[string]int{"mvhd": 16, "tkhd": 20, "mdhd": 16, "elst": 8}

// table repeats a table of the index as often as the clip comes.
func (l *loop) table(kind string, b []byte, t *track) ([]byte, error) {
	if at, is := lengthAt[kind]; is {
		if b[0] != 0 || kind == "elst" && order.Uint32(b[4:]) != 1 {
			return nil, errClip
		}
		b = append([]byte(nil), b...)
		units := l.timeBase
		if kind == "mdhd" {
			units = t.timeBase
		}
		order.PutUint32(b[at:], uint32(l.length*uint64(l.times)*units/l.timeBase))
		return b, nil
	}
	switch kind {
	case "stts":
		return l.durations(b, t)
	case "ctts":
		return l.repeat(b, 8, 8, nil), nil
	case "stss":
		return l.repeat(b, 8, 4, func(entry []byte, n int) { add(entry, uint32(n*t.samples)) }), nil
	case "stsc":
		return l.repeat(b, 8, 12, func(entry []byte, n int) { add(entry, uint32(n*t.chunks)) }), nil
	case "stco":
		return l.repeat(b, 8, 4, func(entry []byte, n int) {
			order.PutUint32(entry, uint32(int64(order.Uint32(entry))-l.at+int64(len(l.head)+16)+int64(n)*int64(len(l.media))))
		}), nil
	case "stsz":
		if order.Uint32(b[4:]) != 0 {
			return nil, errClip
		}
		return l.repeat(b, 12, 4, nil), nil
	case "co64", "stz2":
		return nil, errClip
	}
	return b, nil
}

func add(entry []byte, n uint32) { order.PutUint32(entry, order.Uint32(entry)+n) }

// repeat writes the entries of a table behind its head, as often as the clip comes; the last four bytes of the head count them.
func (l *loop) repeat(b []byte, head, size int, change func(entry []byte, n int)) []byte {
	out := make([]byte, head, head+(len(b)-head)*l.times)
	copy(out, b)
	for n := range l.times {
		at := len(out)
		out = append(out, b[head:]...)
		for ; change != nil && at < len(out); at += size {
			change(out[at:], n)
		}
	}
	order.PutUint32(out[head-4:], order.Uint32(b[head-4:])*uint32(l.times))
	return out
}

// durations makes every track as long as the clip, by its last sample, so that pictures and sound do not drift apart.
func (l *loop) durations(b []byte, t *track) ([]byte, error) {
	var all, last uint64
	for at := 8; at+8 <= len(b); at += 8 {
		last = uint64(order.Uint32(b[at+4:]))
		all += uint64(order.Uint32(b[at:])) * last
	}
	want := l.length * t.timeBase / l.timeBase
	if all == 0 || want+last <= all {
		return nil, errClip
	}
	if want == all {
		return l.repeat(b, 8, 8, nil), nil
	}
	b = append([]byte(nil), b...)
	entry := b[len(b)-8:]
	if n := order.Uint32(entry); n > 1 { // the last sample gets an entry of its own
		order.PutUint32(entry, n-1)
		b = append(b, 0, 0, 0, 1, 0, 0, 0, 0)
		order.PutUint32(b[4:], order.Uint32(b[4:])+1)
	}
	order.PutUint32(b[len(b)-4:], uint32(want+last-all))
	return l.repeat(b, 8, 8, nil), nil
}
