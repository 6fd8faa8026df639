package content

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"

	"kenshu/storage/db"
)

// box is one part of an MP4 at the outermost level.
type box struct {
	kind         string
	at, size     int64
	header       int64
	toEnd, large bool // its length is written as 0, or in 8 bytes
}

// topBoxes lists the parts of an MP4 without reading what is in them.
func topBoxes(r io.ReaderAt, size int64) ([]box, error) {
	var out []box
	for off := int64(0); off < size && len(out) < maxTopBoxes; {
		var h [16]byte
		n, err := r.ReadAt(h[:min(16, size-off)], off)
		if n < 8 {
			return nil, fmt.Errorf("read boxes: %w", err)
		}
		b := box{kind: string(h[4:8]), at: off, size: int64(binary.BigEndian.Uint32(h[:4])), header: 8}
		switch b.size {
		case 0:
			b.size, b.toEnd = size-off, true
		case 1:
			b.size, b.header, b.large = int64(binary.BigEndian.Uint64(h[8:16])), 16, true
		}
		if b.size < b.header || b.size > size-off {
			return nil, refused("video_cut_short")
		}
		out = append(out, b)
		off += b.size
	}
	return out, nil
}

// faststart tells how the same film is laid out with its index in front, so that a player can begin after one request; nil when it is so already,
// or when the film is in fragments, which carry their own. The index is in memory, the rest is read where it stands.
func faststart(r io.ReaderAt, size int64) (io.Reader, int64, error) {
	boxes, err := topBoxes(r, size)
	if err != nil {
		return nil, 0, err
	}
	if last := len(boxes) - 1; last < 0 || boxes[last].at+boxes[last].size != size {
		return nil, 0, nil // more of them than anybody counts
	}
	index, data := -1, -1
	for i, b := range boxes {
		switch b.kind {
		case "moov":
			index = i
		case "mdat":
			if data < 0 {
				data = i
			}
		case "moof":
			return nil, 0, nil
		}
	}
	if index < 0 || data < 0 || index < data || boxes[data].toEnd || boxes[index].size > maxMovedIndex {
		return nil, 0, nil
	}
	for _, b := range boxes[index:] {
		if b.kind == "mdat" {
			return nil, 0, nil // data on both sides of the index
		}
	}
	moov := make([]byte, boxes[index].size)
	if _, err := r.ReadAt(moov, boxes[index].at); err != nil && !errors.Is(err, io.EOF) {
		return nil, 0, err
	}
	moved, ok := moveIndex(moov, boxes[index].header, size)
	if !ok {
		return nil, 0, nil // an index that is not understood stays where it is
	}
	parts := []io.Reader{io.NewSectionReader(r, 0, boxes[data].at), newBytes(moved)}
	total := boxes[data].at + int64(len(moved))
	for i, b := range boxes[data:] {
		if data+i == index {
			continue
		}
		parts = append(parts, io.NewSectionReader(r, b.at, b.size))
		total += b.size
	}
	return io.MultiReader(parts...), total, nil
}

// moveIndex writes an index that stands before the film instead of behind it: every place it names lies further back by its own length. Places
// behind the index, which keep theirs, are not moved by a film that has its data before it.
func moveIndex(moov []byte, header, fileSize int64) ([]byte, bool) {
	wide := fileSize+int64(len(moov))*2 > math.MaxUint32 // places need 8 bytes
	body, ok := rewriteBoxes("moov", moov[header:], wide, 0)
	if !ok {
		return nil, false
	}
	size := int64(len(body)) + 8
	body, ok = rewriteBoxes("moov", moov[header:], wide, size)
	if !ok || size > math.MaxUint32 {
		return nil, false
	}
	out := binary.BigEndian.AppendUint32(make([]byte, 0, size), uint32(size))
	return append(append(out, "moov"...), body...), true
}

// holder is the only box in which a box may lie that is looked into: a film that nests them otherwise, however deep, is left as it is.
var holder = map[string]string{"trak": "moov", "mdia": "trak", "minf": "mdia", "stbl": "minf"}

// rewriteBoxes copies the boxes in one of the kind in, moving the places in tables of chunks by shift.
func rewriteBoxes(in string, data []byte, wide bool, shift int64) ([]byte, bool) {
	out := make([]byte, 0, len(data))
	for len(data) > 0 {
		if len(data) < 8 {
			return append(out, data...), allZero(data) // some writers leave a short end of zeros
		}
		length := int64(binary.BigEndian.Uint32(data))
		if length < 8 || length > int64(len(data)) {
			return nil, false
		}
		kind, content := string(data[4:8]), data[8:length]
		ok := true
		switch kind {
		case "trak", "mdia", "minf", "stbl":
			if holder[kind] != in {
				return nil, false
			}
			content, ok = rewriteBoxes(kind, content, wide, shift)
		case "stco":
			kind, content, ok = moveChunks(content, 4, wide, shift)
		case "co64":
			kind, content, ok = moveChunks(content, 8, true, shift)
		case "saio", "iloc": // name places too, which nobody here understands
			return nil, false
		}
		if !ok {
			return nil, false
		}
		out = binary.BigEndian.AppendUint32(out, uint32(len(content)+8))
		out = append(append(out, kind...), content...)
		data = data[length:]
	}
	return out, true
}

func moveChunks(table []byte, each int, wide bool, shift int64) (kind string, moved []byte, ok bool) {
	if len(table) < 8 {
		return "", nil, false
	}
	count := int64(binary.BigEndian.Uint32(table[4:]))
	if count*int64(each) > int64(len(table)-8) {
		return "", nil, false
	}
	kind, moved = "stco", append([]byte{}, table[:8]...)
	if wide {
		kind = "co64"
	}
	for i := range count {
		place := uint64(shift)
		if each == 4 {
			place += uint64(binary.BigEndian.Uint32(table[8+i*4:]))
		} else {
			place += binary.BigEndian.Uint64(table[8+i*8:])
		}
		if wide {
			moved = binary.BigEndian.AppendUint64(moved, place)
		} else {
			moved = binary.BigEndian.AppendUint32(moved, uint32(place))
		}
	}
	return kind, moved, true
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}

func newBytes(b []byte) io.Reader { return io.NewSectionReader(byteReader(b), 0, int64(len(b))) }

type byteReader []byte

// ReadAt implements io.ReaderAt.
func (b byteReader) ReadAt(p []byte, off int64) (int, error) {
	n := copy(p, b[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// moveIndexToFront keeps a film anew with its index in front, under a key of its own, and gives that key, its size and its checksum. It may be done
// again after any failure. An empty key says that nothing had to be done.
func (s *Assets) moveIndexToFront(ctx context.Context, a Asset, report func(done, total int64)) (key string, size int64, sum db.Hash, err error) {
	at := &chunkReader{ctx: ctx, store: s, key: a.key, size: a.Size}
	film, size, err := faststart(at, a.Size)
	if err != nil || film == nil {
		return "", 0, db.Hash{}, err
	}
	h, told := sha256.New(), &counted{total: size, report: report}
	key = a.key + frontEnding
	if _, err := s.store.Put(ctx, key, io.TeeReader(film, io.MultiWriter(h, told)), size, a.MediaType); err != nil {
		return "", 0, db.Hash{}, fmt.Errorf("move index to the front: %w", err)
	}
	return key, size, db.Hash(h.Sum(nil)), nil
}

// maxMovedIndex bounds the memory: the index of some six hours. A larger one stays behind the film, which then begins a request later.
const maxMovedIndex = 16 << 20

// frontEnding is put behind the key of a film whose index was moved.
const frontEnding = "-front"

// counted tells how many bytes went through, every 64 MB.
type counted struct {
	done, told, total int64
	report            func(done, total int64)
}

// Write implements io.Writer.
func (c *counted) Write(p []byte) (int, error) {
	c.done += int64(len(p))
	if c.done-c.told >= 64<<20 || c.done == c.total {
		c.told = c.done
		c.report(c.done, c.total)
	}
	return len(p), nil
}
