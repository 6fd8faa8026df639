package content

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

const (
	maxMoov     = 64 << 20 // an index of about 20 hours
	maxTopBoxes = 1000     // a file cut into more pieces than this is left unmeasured
)

// probeMP4 walks the boxes of an MP4 (ISO/IEC 14496-12): a box is its size (4 bytes), its type (4 bytes) and its content. The index, moov, holds
// the duration; it may stand at the end. Duration 0 means that only playing it would tell (fragments without a total).
func probeMP4(r io.ReaderAt, size int64) (facts, error) {
	f, err := findMoov(r, size)
	if err == nil && f.videos == 0 {
		err = refused("video_no_picture")
	}
	if err != nil {
		return facts{}, err
	}
	return f.facts, nil
}

// moovFacts is what the index of an MP4 tells.
type moovFacts struct {
	facts
	videos, sounds int // tracks
}

func findMoov(r io.ReaderAt, size int64) (moovFacts, error) {
	off := int64(0)
	for range maxTopBoxes {
		if off >= size {
			break
		}
		var h [16]byte
		n, err := r.ReadAt(h[:min(16, size-off)], off)
		if ofStore(err) {
			return moovFacts{}, err
		}
		if n < 8 {
			return moovFacts{}, refused("video_damaged")
		}
		kind, length, header := string(h[4:8]), int64(binary.BigEndian.Uint32(h[:4])), int64(8)
		switch length {
		case 0: // to the end of the file
			length = size - off
		case 1:
			length, header = int64(binary.BigEndian.Uint64(h[8:16])), 16
		}
		if length < header || length > size-off {
			return moovFacts{}, refused("video_cut_short")
		}
		if kind == "moov" {
			if length > maxMoov {
				return moovFacts{}, refused("video_damaged")
			}
			moov := make([]byte, length-header)
			if _, err := r.ReadAt(moov, off+header); err != nil && !errors.Is(err, io.EOF) {
				return moovFacts{}, err
			}
			return readMoov(moov)
		}
		off += length
	}
	return moovFacts{}, refused("video_damaged") // no index: nothing can play it
}

// children calls visit for every box inside data.
func children(data []byte, visit func(kind string, content []byte)) {
	for len(data) >= 8 {
		length := int64(binary.BigEndian.Uint32(data))
		header := int64(8)
		if length == 1 && len(data) >= 16 {
			length, header = int64(binary.BigEndian.Uint64(data[8:])), 16
		}
		if length < header || length > int64(len(data)) {
			return
		}
		visit(string(data[4:8]), data[header:length])
		data = data[length:]
	}
}

func readMoov(moov []byte) (moovFacts, error) {
	var f moovFacts
	var scale, total int64
	tracks := 0
	children(moov, func(kind string, b []byte) {
		switch kind {
		case "mvhd":
			scale, total = timing(b)
		case "mvex": // fragments: the total may stand here
			children(b, func(kind string, b []byte) {
				if kind == "mehd" && total == 0 {
					total = versioned(b, 4, 4)
				}
			})
		case "trak":
			tracks++
			w, h, kind := track(b)
			switch kind {
			case "vide":
				f.videos++
				f.width, f.height = max(f.width, w), max(f.height, h)
			case "soun":
				f.sounds++
			}
		}
	})
	if tracks == 0 || scale <= 0 {
		return moovFacts{}, refused("video_damaged")
	}
	const longest = 48 * 3600
	if total > 0 && total/scale < longest {
		f.durationMS = total * 1000 / scale
	}
	return f, nil
}

// timing reads time scale and duration of an mvhd box.
func timing(b []byte) (scale, total int64) {
	at := 12
	if len(b) > 0 && b[0] == 1 {
		at = 20
	}
	if len(b) < at+4 {
		return 0, 0
	}
	return int64(binary.BigEndian.Uint32(b[at:])), versioned(b, at+4, at+4)
}

// versioned reads a number that is 4 bytes long in version 0 and 8 in version 1; all ones mean unknown.
func versioned(b []byte, at0, at1 int) int64 {
	switch {
	case len(b) > 0 && b[0] == 1 && len(b) >= at1+8:
		if n := binary.BigEndian.Uint64(b[at1:]); n < 1<<53 {
			return int64(n)
		}
	case len(b) > 0 && b[0] == 0 && len(b) >= at0+4:
		if n := binary.BigEndian.Uint32(b[at0:]); n != 1<<32-1 {
			return int64(n)
		}
	}
	return 0
}

// track tells what a trak box holds ("vide", "soun"), and the size of its picture.
func track(b []byte) (width, height int, holds string) {
	children(b, func(kind string, b []byte) {
		switch kind {
		case "tkhd":
			if n := len(b); n >= 8 { // the last two fields, 16.16 fixed point
				width, height = int(binary.BigEndian.Uint32(b[n-8:])>>16), int(binary.BigEndian.Uint32(b[n-4:])>>16)
			}
		case "mdia":
			children(b, func(kind string, b []byte) {
				if kind == "hdlr" && len(b) >= 12 {
					holds = string(b[8:12])
				}
			})
		}
	})
	return width, height, holds
}

// measure asks ffprobe, where it is installed, for the end of the last picture; 0 when it cannot tell. The file reaches it through a pipe,
// and it may open nothing else.
func (s *Assets) measure(ctx context.Context, key string) int64 {
	path, err := exec.LookPath("ffprobe")
	if err != nil {
		return 0
	}
	r, _, err := s.store.Open(ctx, key, 0, -1)
	if err != nil {
		return 0
	}
	defer r.Close()
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, path, "-v", "error", "-protocol_whitelist", "pipe", "-f", "mp4", "-select_streams", "v:0", "-show_entries", "packet=pts_time,duration_time", "-of", "csv=p=0", "-i", "pipe:0") //nolint:gosec // fixed arguments
	cmd.Stdin = r
	cmd.Env = []string{}
	out, err := cmd.StdoutPipe()
	if err != nil || cmd.Start() != nil {
		return 0
	}
	end := 0.0
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		fields := strings.Split(lines.Text(), ",")
		at, err := strconv.ParseFloat(fields[0], 64)
		if err != nil {
			continue
		}
		if len(fields) > 1 {
			if d, err := strconv.ParseFloat(fields[1], 64); err == nil {
				at += d
			}
		}
		end = max(end, at)
	}
	if cmd.Wait() != nil {
		return 0
	}
	return int64(end*1000 + 0.5)
}
