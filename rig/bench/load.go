package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// asker makes the bytes of the next request of one worker. It must not allocate much: the load shares the cores with what is measured.
type asker func(worker int, buf []byte) []byte

// side is one of the two that are compared: an address and what to ask there.
type side struct {
	addr string
	ask  asker
	want int // the status every answer must have
}

// sample is what one side did.
type sample struct {
	times []time.Duration
	spent time.Duration
}

func (s sample) perSecond() float64 { return float64(len(s.times)) / s.spent.Seconds() }

// percentile gives the time within which so many percent of the answers came.
func (s sample) percentile(p int) time.Duration {
	if len(s.times) == 0 {
		return 0
	}
	sorted := slices.Clone(s.times)
	slices.Sort(sorted)
	return sorted[min(len(sorted)-1, len(sorted)*p/100)]
}

// compare measures sides in turn, many short turns each, so that what else the machine does meets all alike.
func compare(workers int, each time.Duration, turns int, sides ...side) ([]sample, error) {
	out := make([]sample, len(sides))
	for turn := range turns + 1 {
		for i, s := range sides {
			d := each / time.Duration(turns)
			if turn == 0 {
				d = 300 * time.Millisecond // warm-up, thrown away
			}
			got, err := s.run(workers, d)
			if err != nil {
				return nil, err
			}
			if turn > 0 {
				out[i].times = append(out[i].times, got.times...)
				out[i].spent += got.spent
			}
		}
	}
	return out, nil
}

// run keeps workers connections busy for d.
func (s side) run(workers int, d time.Duration) (sample, error) {
	var all sample
	var mu sync.Mutex
	var group sync.WaitGroup
	var failed error
	begin := time.Now()
	for w := range workers {
		group.Go(func() {
			times, err := s.work(w, begin.Add(d))
			mu.Lock()
			defer mu.Unlock()
			all.times = append(all.times, times...)
			failed = errors.Join(failed, err)
		})
	}
	group.Wait()
	all.spent = time.Since(begin)
	return all, failed
}

func (s side) work(worker int, end time.Time) ([]time.Duration, error) {
	conn, err := net.Dial("tcp", s.addr)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	in := bufio.NewReaderSize(conn, 64<<10)
	times := make([]time.Duration, 0, 1<<14)
	var buf []byte
	for time.Now().Before(end) {
		buf = s.ask(worker, buf[:0])
		started := time.Now()
		if _, err := conn.Write(buf); err != nil {
			return nil, err
		}
		status, body, err := answer(in, s.want)
		if err != nil {
			return nil, err
		}
		if status != s.want {
			return nil, fmt.Errorf("answered %d instead of %d: %s\n%s", status, s.want, body, buf)
		}
		times = append(times, time.Since(started))
	}
	return times, nil
}

// answer reads one response and throws its body away unless the status is another than wanted. It reads what net/http writes and no more.
func answer(in *bufio.Reader, want int) (status int, body []byte, err error) {
	line, err := in.ReadSlice('\n')
	if err != nil {
		return 0, nil, err
	}
	if len(line) < 12 {
		return 0, nil, fmt.Errorf("not HTTP: %q", line)
	}
	if status, err = strconv.Atoi(string(line[9:12])); err != nil {
		return 0, nil, err
	}
	length, chunked := 0, false
	for {
		if line, err = in.ReadSlice('\n'); err != nil {
			return 0, nil, err
		}
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if v, ok := bytes.CutPrefix(line, []byte("Content-Length: ")); ok {
			if length, err = strconv.Atoi(string(v)); err != nil {
				return 0, nil, err
			}
		}
		chunked = chunked || bytes.Equal(line, []byte("Transfer-Encoding: chunked"))
	}
	keep := status != want
	take := func(n int) error {
		if keep {
			part := make([]byte, n)
			for at := 0; at < n; {
				m, err := in.Read(part[at:])
				if err != nil {
					return err
				}
				at += m
			}
			body = append(body, part...)
			return nil
		}
		_, err := in.Discard(n)
		return err
	}
	if !chunked {
		return status, body, take(length)
	}
	for {
		if line, err = in.ReadSlice('\n'); err != nil {
			return 0, nil, err
		}
		n, err := strconv.ParseInt(string(bytes.TrimRight(line, "\r\n")), 16, 32)
		if err != nil {
			return 0, nil, err
		}
		if n > 0 {
			if err := take(int(n)); err != nil {
				return 0, nil, err
			}
		}
		if _, err := in.Discard(2); err != nil || n == 0 {
			return status, body, err
		}
	}
}

// listen serves h on a free port of the loopback until the returned function is called.
func listen(h http.Handler) (addr string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second, MaxHeaderBytes: 64 << 10}
	go func() { _ = srv.Serve(l) }() // ends with Close
	return l.Addr().String(), func() { _ = srv.Close() }, nil
}

// host is the public name of every installation measured here.
const host = "localhost:8080"

// request writes an API call of the holder of token.
func request(buf []byte, method, path, token string, body []byte) []byte {
	buf = append(buf, method...)
	buf = append(buf, ' ')
	buf = append(buf, path...)
	buf = append(buf, " HTTP/1.1\r\nHost: "+host+"\r\nCookie: __Host-kenshu="...)
	buf = append(buf, token...)
	if body != nil {
		buf = append(buf, "\r\nContent-Type: application/json\r\nContent-Length: "...)
		buf = strconv.AppendInt(buf, int64(len(body)), 10)
	}
	buf = append(buf, "\r\n\r\n"...)
	return append(buf, body...)
}
