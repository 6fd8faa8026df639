package archive

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"kenshu/fault"
	"kenshu/storage/blob"
)

// given is what a store gave of one object.
type given struct {
	contentType string
	size        int64
	sum         string // SHA-256 of its bytes
	gone        bool   // removed since it was listed
	cause       error  // why it could not be read to its end; then size and sum say nothing
}

// source is a store whose objects are read one after the other, and what it gave so far.
type source struct {
	blob.Objects
	last string // an object that it gave; empty: none is known
	lost int    // objects that could not be read
	row  int    // of these, those since the last that could
}

const (
	patience = 36 // objects that could not be read, after which one is asked for again at once: waiting helped none of them
	tooMany  = 50 // objects in a row that could not be read, after which one is read again that could
)

// gave notes an object that was read.
func (s *source) gave(key string) { s.last, s.row = key, 0 }

// pauses are waited before an object is opened once more where it could not be read.
var pauses = []time.Duration{200 * time.Millisecond, time.Second}

// errReplaced is met when an object's reading broke off and it was replaced before it was opened again.
var errReplaced = errors.New("it was replaced while it was read")

// reader reads one object to its end. Where the store breaks off it is opened again at that place: a connection that was cut is no damage.
type reader struct {
	ctx   context.Context //nolint:containedctx // lives while one object is read
	store *source
	key   string
	info  blob.Info
	body  io.ReadCloser
	at    int64
	tries int
	err   error // why it cannot be read to its end
}

// openObject opens key; close the reader.
func openObject(ctx context.Context, store *source, key string) (*reader, error) {
	o := &reader{ctx: ctx, store: store, key: key}
	for {
		var err error
		if o.body, o.info, err = store.Open(ctx, key, 0, -1); err == nil || !fault.Is(err, fault.Unavailable) || !o.again() {
			return o, err
		}
	}
}

// again waits before the next try and tells whether there is one.
func (o *reader) again() bool {
	if o.tries == len(pauses) {
		return false
	}
	wait := pauses[o.tries]
	if o.store.lost >= patience {
		wait = 0
	}
	select {
	case <-o.ctx.Done():
		return false
	case <-time.After(wait):
	}
	o.tries++
	return true
}

// Read implements io.Reader. It gives exactly the bytes that the store promised at the opening.
func (o *reader) Read(p []byte) (int, error) {
	left := o.info.Size - o.at
	switch {
	case o.err != nil:
		return 0, o.err
	case left <= 0:
		return 0, io.EOF
	}
	for {
		n, err := o.body.Read(p[:min(int64(len(p)), left)])
		o.at += int64(n)
		if n > 0 || err == nil {
			return n, nil
		}
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		if o.err = o.reopen(err); o.err != nil {
			return 0, o.err
		}
	}
}

func (o *reader) reopen(err error) error {
	for o.again() {
		o.close()
		body, info, openErr := o.store.Open(o.ctx, o.key, o.at, -1)
		switch {
		case openErr == nil && info.ETag == o.info.ETag:
			o.body = body
			return nil
		case openErr == nil:
			_ = body.Close()
			return errReplaced
		case !fault.Is(openErr, fault.Unavailable):
			return openErr
		}
		err = openErr
	}
	return err
}

func (o *reader) close() {
	if o.body != nil {
		_ = o.body.Close()
	}
}

// unread says what it means that an object cannot be read: while the store answers and gives others, it is the object's damage; else nothing is known and the error ends the work.
func (s *source) unread(ctx context.Context, err error) (given, error) {
	if fault.Is(err, fault.NotFound) {
		return given{gone: true, cause: err}, nil // nobody misses it, unless a row of the snapshot names it
	}
	if away := away(ctx, s); away != nil {
		return given{}, errors.Join(err, away)
	}
	s.lost++
	if s.row++; s.row%tooMany == 0 && !s.gives(ctx) {
		return given{}, fmt.Errorf("the store answers and gives nothing (may KENSHU_S3 read in it?): not one of %d files after another could be read, nor one that could be read before: %w", s.row, err)
	}
	return given{cause: err}, nil
}

// gives tells whether an object that could be read still can.
func (s *source) gives(ctx context.Context) bool {
	if s.last == "" {
		return false
	}
	body, _, err := s.Open(ctx, s.last, 0, 1)
	if err == nil {
		_, err = io.ReadAll(body)
		_ = body.Close()
	}
	return err == nil || fault.Is(err, fault.NotFound) // removed since
}

// away is why a store cannot be asked now.
func away(ctx context.Context, store blob.Objects) error {
	return errors.Join(ctx.Err(), store.Health(ctx))
}

// zeros stand for what could not be read of a member whose size was written already.
type zeros struct{}

// Read implements io.Reader.
func (zeros) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}
