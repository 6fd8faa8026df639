package fault

import (
	"bytes"
	"io"
	"net"
	"sync"
	"testing"
	"time"
)

// cut says where the next COMMIT that passes loses its connection.
type cut int

const (
	cutNever  cut = iota
	cutBefore     // the server never sees it
	cutInside     // the server gets it, and finds nobody to answer
	cutAfter      // the server has answered, the answer is lost
	cutStore      // the server never sees it, and seems to say that it is full: an object store
	cutTable      // the same: a database
)

// proxy stands between the replicas and one of their servers and does what networks do.
type proxy struct {
	addr, target string
	listener     net.Listener

	mu      sync.Mutex
	conns   map[net.Conn]bool
	delay   time.Duration // before every portion in either direction
	down    bool          // connections are refused
	next    cut           // of the next COMMIT
	loseput bool          // the answer to the next PUT is lost
	full    bool          // every INSERT and PUT is answered as by a server without room
	cuts    int           // how many of these have happened

	ddl     int    // statements that changed the schema since somebody set this to 0
	at      int    // which of them calls reached
	behind  bool   // after the server has answered it, not before it sees it
	reached func() // called once
}

func newProxy(t testing.TB, target string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &proxy{addr: l.Addr().String(), target: target, listener: l, conns: map[net.Conn]bool{}}
	t.Cleanup(func() {
		_ = l.Close()
		p.sever()
	})
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go p.serve(c)
		}
	}()
	return p
}

// set changes how the proxy behaves from now on.
func (p *proxy) set(change func(*proxy)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change(p)
}

func (p *proxy) happened() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.cuts
}

// wait waits for more than n cuts.
func (p *proxy) wait(t testing.TB, n int, what string) {
	t.Helper()
	for range 1000 {
		if p.happened() > n {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Fatalf("no %s came within ten seconds", what)
}

// sever ends every connection that stands.
func (p *proxy) sever() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c := range p.conns {
		_ = c.Close()
	}
}

// away refuses connections and ends those that stand, or lets them come again.
func (p *proxy) away(yes bool) {
	p.set(func(p *proxy) { p.down = yes })
	if yes {
		p.sever()
	}
}

func (p *proxy) keep(conns ...net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.down {
		return false
	}
	for _, c := range conns {
		p.conns[c] = true
	}
	return true
}

func (p *proxy) serve(client net.Conn) {
	defer client.Close()
	server, err := net.DialTimeout("tcp", p.target, 5*time.Second)
	if err != nil {
		return
	}
	defer server.Close()
	if !p.keep(client, server) {
		return
	}
	defer p.set(func(p *proxy) {
		delete(p.conns, client)
		delete(p.conns, server)
	})
	var lose struct { // whether the server's next answer is dropped and both ends closed
		sync.Mutex
		on bool
	}
	done := make(chan struct{}, 2)
	go func() {
		defer func() { done <- struct{}{} }()
		p.pass(server, client, func(portion []byte) (forward, goOn bool) {
			switch p.decide(portion) {
			case cutBefore:
				return false, false
			case cutInside:
				return true, false
			case cutStore:
				_, _ = client.Write([]byte(storeFull))
				return false, false
			case cutTable:
				_, err := client.Write(append([]byte{byte(len(tableFull)), 0, 0, 1}, tableFull...))
				return false, err == nil
			case cutAfter:
				lose.Lock()
				lose.on = true
				lose.Unlock()
			}
			return true, true
		})
	}()
	go func() {
		defer func() { done <- struct{}{} }()
		p.pass(client, server, func([]byte) (bool, bool) {
			lose.Lock()
			defer lose.Unlock()
			return !lose.on, !lose.on
		})
	}()
	<-done
	_ = client.Close()
	_ = server.Close()
	<-done
}

// pass copies what comes from one side to the other while look allows it.
func (p *proxy) pass(to io.Writer, from io.Reader, look func([]byte) (forward, goOn bool)) {
	buf := make([]byte, 64<<10)
	for {
		n, err := from.Read(buf)
		if n > 0 {
			p.mu.Lock()
			delay := p.delay
			p.mu.Unlock()
			time.Sleep(delay)
			forward, goOn := look(buf[:n])
			if forward {
				if _, err := to.Write(buf[:n]); err != nil {
					return
				}
			}
			if !goOn {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

// storeFull is MinIO's answer to a PUT when its disk is nearly full.
const storeFull = "HTTP/1.1 507 Insufficient Storage\r\nConnection: close\r\nContent-Type: application/xml\r\nContent-Length: 125\r\n\r\n" +
	"<Error><Code>XMinioStorageFull</Code><Message>Storage backend has reached its minimum free drive threshold.</Message></Error>"

var commit = append([]byte{7, 0, 0, 0, 3}, "COMMIT"...) // a MySQL packet: length 7, number 0, COM_QUERY

// changes is how many statements that change the schema have passed.
func (p *proxy) changes() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ddl
}

func (p *proxy) decide(portion []byte) cut {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case isChange(portion):
		p.ddl++
		if reached := p.reached; reached != nil && p.ddl-1 == p.at {
			p.reached = nil
			go reached()
			if p.behind {
				return cutAfter
			}
			return cutBefore
		}
	case p.next != cutNever && bytes.Equal(portion, commit):
		c := p.next
		p.next = cutNever
		p.cuts++
		return c
	case p.full && isInsert(portion):
		return cutTable
	case p.full && bytes.HasPrefix(portion, []byte("PUT ")):
		return cutStore
	case p.loseput && bytes.HasPrefix(portion, []byte("PUT ")):
		p.loseput = false
		p.cuts++
		return cutAfter
	}
	return cutNever
}
