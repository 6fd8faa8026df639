package blob

import (
	"errors"
	"io"
)

// exact passes on exactly left bytes of r (all of them when left is negative) and remembers why it could not, because the
// clients between here and the store replace a reader's error by their own.
type exact struct {
	r    io.Reader
	left int64
	err  error
}

// Read implements io.Reader.
func (e *exact) Read(p []byte) (int, error) {
	if e.err != nil {
		return 0, e.err
	}
	if e.left == 0 {
		return 0, io.EOF
	}
	if e.left > 0 && int64(len(p)) > e.left {
		p = p[:e.left]
	}
	n, err := e.r.Read(p)
	if e.left > 0 {
		e.left -= int64(n)
	}
	switch {
	case errors.Is(err, io.EOF) && e.left > 0:
		e.err = short(io.ErrUnexpectedEOF)
	case err != nil && !errors.Is(err, io.EOF):
		e.err = err
	default:
		return n, err
	}
	return n, e.err
}
