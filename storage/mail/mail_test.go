package mail_test

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"log"
	"math/big"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/emersion/go-sasl"
	"github.com/emersion/go-smtp"
	"pgregory.net/rapid"

	"kenshu/fault"
	"kenshu/storage/mail"
)

func ExampleOpen() {
	sender, err := mail.Open("") // KENSHU_SMTP is empty
	if err != nil {
		panic(err)
	}
	err = sender.Send(context.Background(), mail.Message{To: mail.Address{Mail: "hanako@example.jp"}, Subject: "研修のお知らせ"})
	fmt.Println(errors.Is(err, mail.ErrKept))
	// Output: true
}

// capture is a real SMTP server that keeps what it gets and refuses what it is told to.
type capture struct {
	mu       sync.Mutex
	got      []delivery
	refuse   *smtp.SMTPError // at RCPT
	refuseIn *smtp.SMTPError // after DATA
	password string
}

type delivery struct {
	from string
	to   []string
	data string
}

type session struct {
	*capture
	current delivery
	known   bool
}

func (c *capture) NewSession(*smtp.Conn) (smtp.Session, error) { return &session{capture: c}, nil }
func (s *session) Reset()                                      { s.current = delivery{} }
func (s *session) Logout() error                               { return nil }
func (s *session) AuthMechanisms() []string                    { return []string{sasl.Plain} }

func (s *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != "kenshu" || password != s.password {
			return errors.New("no")
		}
		s.known = true
		return nil
	}), nil
}

func (s *session) Mail(from string, _ *smtp.MailOptions) error {
	if s.password != "" && !s.known {
		return smtp.ErrAuthRequired
	}
	s.current.from = from
	return nil
}

func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	if s.refuse != nil {
		return s.refuse
	}
	s.current.to = append(s.current.to, to)
	return nil
}

func (s *session) Data(r io.Reader) error {
	data, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	if s.refuseIn != nil {
		return s.refuseIn
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current.data = string(data)
	s.got = append(s.got, s.current)
	return nil
}

func (c *capture) last(t interface{ Fatal(...any) }) (delivery, *netmail.Message) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.got) == 0 {
		t.Fatal("nothing was delivered")
	}
	d := c.got[len(c.got)-1]
	m, err := netmail.ReadMessage(strings.NewReader(d.data))
	if err != nil {
		t.Fatal(err, d.data)
	}
	return d, m
}

// start serves c; with a certificate STARTTLS is offered.
func start(t *testing.T, c *capture, certificate *tls.Config) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(c)
	s.Domain, s.AllowInsecureAuth, s.TLSConfig, s.EnableSMTPUTF8 = "mail.test", true, certificate, true
	s.ErrorLog = log.New(io.Discard, "", 0)
	done := make(chan struct{})
	go func() { _ = s.Serve(l); close(done) }()
	t.Cleanup(func() { _ = s.Close(); <-done })
	return l.Addr().String()
}

func open(t *testing.T, address string) mail.Sender {
	t.Helper()
	s, err := mail.Open(address)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var letter = mail.Message{ID: "0198f0a2", To: mail.Address{Name: "髙﨑 𠮷之助", Mail: "taro@example.jp"}, ReplyTo: "desk@example.jp", Subject: "【研修】期限のお知らせ 2026/06/30 までに受講してください（個人情報保護の基本）",
	Text: "髙﨑さん\n\n受講してください。\n.\nhttps://kenshu.example.jp/\n", Date: time.Date(2026, 4, 1, 9, 0, 0, 0, time.UTC)}

func TestALetterArrivesAsWritten(t *testing.T) {
	c := &capture{password: "p@ss word"}
	addr := start(t, c, nil)
	s := open(t, "smtp://kenshu:p%40ss%20word@"+addr+"?tls=none&from=no-reply@assoc.example.jp&name=%E7%A0%94%E4%BF%AE")
	if err := s.Send(context.Background(), letter); err != nil {
		t.Fatal(err)
	}
	d, m := c.last(t)
	decode := func(name string) string {
		text, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get(name))
		if err != nil {
			t.Error(err)
		}
		return text
	}
	to, err := m.Header.AddressList("To")
	if err != nil || len(to) != 1 || *to[0] != (netmail.Address{Name: letter.To.Name, Address: letter.To.Mail}) {
		t.Errorf("To: %v %v", to, err)
	}
	from, err := m.Header.AddressList("From")
	if err != nil || *from[0] != (netmail.Address{Name: "研修", Address: "no-reply@assoc.example.jp"}) {
		t.Errorf("From: %v %v", from, err)
	}
	if d.from != "no-reply@assoc.example.jp" || len(d.to) != 1 || d.to[0] != "taro@example.jp" || decode("Subject") != letter.Subject {
		t.Errorf("%s %s %q", d.from, d.to, decode("Subject"))
	}
	if id := m.Header.Get("Message-ID"); !strings.HasSuffix(id, "@assoc.example.jp>") || strings.Contains(id, letter.ID) {
		t.Errorf("Message-ID %s", id)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil || strings.ReplaceAll(strings.TrimSpace(string(body)), "\r\n", "\n") != strings.TrimSpace(letter.Text) {
		t.Errorf("%q %v", body, err)
	}
	if date, err := m.Header.Date(); err != nil || !date.Equal(letter.Date) || m.Header.Get("Auto-Submitted") != "auto-generated" || m.Header.Get("Reply-To") != "<desk@example.jp>" {
		t.Errorf("%v %v %v", date, err, m.Header)
	}
	first := m.Header.Get("Message-ID")
	if err := s.Send(context.Background(), letter); err != nil {
		t.Fatal(err)
	}
	if _, again := c.last(t); again.Header.Get("Message-ID") != first {
		t.Error("a second delivery has another Message-ID")
	}
}

func TestHTMLStandsBesideTheText(t *testing.T) {
	c := &capture{}
	s := open(t, "smtp://"+start(t, c, nil)+"?tls=none&from=a@example.jp")
	m := letter
	m.HTML = "<p>髙﨑さん</p>"
	if err := s.Send(context.Background(), m); err != nil {
		t.Fatal(err)
	}
	_, got := c.last(t)
	kind, params, err := mime.ParseMediaType(got.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/alternative" {
		t.Fatal(kind, err)
	}
	var kinds []string
	for r := multipart.NewReader(got.Body, params["boundary"]); ; {
		part, err := r.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(part)
		if !bytes.Contains(text, []byte("髙﨑")) {
			t.Errorf("%q", text)
		}
		kinds = append(kinds, part.Header.Get("Content-Type"))
	}
	if len(kinds) != 2 || !strings.HasPrefix(kinds[0], "text/plain") || !strings.HasPrefix(kinds[1], "text/html") {
		t.Errorf("%q", kinds)
	}
}

func TestNoTextBecomesAHeader(t *testing.T) {
	c := &capture{}
	s := open(t, "smtp://"+start(t, c, nil)+"?tls=none&from=a@example.jp")
	allowed := map[string]bool{"Date": true, "Mime-Version": true, "Message-Id": true, "Subject": true, "From": true, "To": true, "Auto-Submitted": true, "Content-Type": true, "Content-Transfer-Encoding": true}
	check := func(t interface {
		Fatal(...any)
		Errorf(string, ...any)
	}, m mail.Message) {
		if err := s.Send(context.Background(), m); err != nil {
			t.Fatal(err)
		}
		d, got := c.last(t)
		if len(d.to) != 1 || d.to[0] != "b@example.jp" {
			t.Errorf("sent to %q", d.to)
		}
		for name, values := range got.Header {
			if !allowed[name] || len(values) != 1 {
				t.Errorf("header %s: %q", name, values)
			}
		}
		if list, err := got.Header.AddressList("To"); err != nil || len(list) != 1 || list[0].Address != "b@example.jp" {
			t.Errorf("To: %v %v", list, err)
		}
	}
	for _, evil := range []string{"x\r\nBcc: evil@example.com", "x\nBcc: e@example.com\n\nbody", "x\rBcc: e@example.com", `"Hana" <c@example.com>, d@example.com`, "a\x00b\u2028Bcc: x", "\xff\xfe", "=?utf-8?q?=0D=0ABcc:_x@example.com?="} {
		check(t, mail.Message{To: mail.Address{Name: evil, Mail: "b@example.jp"}, Subject: evil, Text: evil})
		for _, address := range []string{evil, "b@example.jp" + evil, "b@example.jp, c@example.com", "Hana <b@example.jp>", "b@example.jp ", ""} {
			if err := s.Send(context.Background(), mail.Message{To: mail.Address{Mail: address}}); !fault.Is(err, fault.Invalid) {
				t.Errorf("address %q: %v", address, err)
			}
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("aZ あ𠮷\r\n\t\x00:<>\",;=?()@"))).Draw(rt, "text")
		check(rt, mail.Message{To: mail.Address{Name: text, Mail: "b@example.jp"}, Subject: text, Text: "x"})
	})
}

func TestRefusedAndAwayAreToldApart(t *testing.T) {
	ctx := context.Background()
	for name, c := range map[string]struct {
		server *capture
		kind   fault.Kind
		key    string
	}{
		"no such person":     {&capture{refuse: &smtp.SMTPError{Code: 550, EnhancedCode: smtp.EnhancedCode{5, 1, 1}, Message: "no"}}, fault.Invalid, "mail_refused"},
		"mailbox busy":       {&capture{refuse: &smtp.SMTPError{Code: 450, EnhancedCode: smtp.EnhancedCode{4, 2, 1}, Message: "later"}}, fault.Unavailable, "mail_away"},
		"content refused":    {&capture{refuseIn: &smtp.SMTPError{Code: 554, EnhancedCode: smtp.EnhancedCode{5, 7, 1}, Message: "spam"}}, fault.Invalid, "mail_refused"},
		"content later":      {&capture{refuseIn: &smtp.SMTPError{Code: 451, EnhancedCode: smtp.EnhancedCode{4, 3, 0}, Message: "later"}}, fault.Unavailable, "mail_away"},
		"password not right": {&capture{password: "another"}, fault.Unavailable, "mail_away"},
	} {
		err := open(t, "smtp://kenshu:secret-word@"+start(t, c.server, nil)+"?tls=none&from=a@example.jp").Send(ctx, letter)
		var f *fault.Error
		if name != "password not right" {
			c.server.password = "secret-word"
			err = open(t, "smtp://kenshu:secret-word@"+start(t, c.server, nil)+"?tls=none&from=a@example.jp").Send(ctx, letter)
		}
		if !errors.As(err, &f) || f.Kind != c.kind || f.Key != c.key || strings.Contains(err.Error(), "secret-word") {
			t.Errorf("%s: %v", name, err)
		}
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	silent := open(t, "smtp://"+l.Addr().String()+"?tls=none&from=a@example.jp")
	short, cancel := context.WithTimeout(ctx, 300*time.Millisecond)
	defer cancel()
	_ = l.Close()
	if err := silent.Send(short, letter); !fault.Is(err, fault.Unavailable) {
		t.Errorf("nobody there: %v", err)
	}
}

func TestPasswordsGoOverTLSOnly(t *testing.T) {
	c := &capture{password: "p"}
	plain := open(t, "smtp://kenshu:p@"+start(t, c, nil)+"?from=a@example.jp") // offers no STARTTLS
	if err := plain.Send(context.Background(), letter); !fault.Is(err, fault.Unavailable) {
		t.Errorf("without TLS: %v", err)
	}
	stranger, _, err := selfSigned()
	if err != nil {
		t.Fatal(err)
	}
	unknown := open(t, "smtp://kenshu:p@"+start(t, c, stranger)+"?from=a@example.jp")
	if err := unknown.Send(context.Background(), letter); !fault.Is(err, fault.Unavailable) {
		t.Errorf("with a certificate nobody signed: %v", err)
	}
	if len(c.got) != 0 {
		t.Error("it was delivered")
	}
	if err := open(t, "smtp://kenshu:p@"+start(t, c, trusted)+"?from=a@example.jp").Send(context.Background(), letter); err != nil || len(c.got) != 1 {
		t.Errorf("STARTTLS with a good certificate: %v", err)
	}
	l, err := tls.Listen("tcp", "127.0.0.1:0", trusted)
	if err != nil {
		t.Fatal(err)
	}
	s := smtp.NewServer(c)
	s.Domain = "mail.test"
	go func() { _ = s.Serve(l) }()
	t.Cleanup(func() { _ = s.Close() })
	if err := open(t, "smtp://kenshu:p@"+l.Addr().String()+"?tls=tls&from=a@example.jp").Send(context.Background(), letter); err != nil || len(c.got) != 2 {
		t.Errorf("TLS from the start: %v", err)
	}
}

// trusted is the certificate that TestMain has made the system's root; STARTTLS with it works.
var trusted *tls.Config

func TestMain(m *testing.M) {
	os.Exit(func() int {
		config, der, err := selfSigned()
		if err != nil {
			log.Fatal(err)
		}
		dir, err := os.MkdirTemp("", "kenshu-mail")
		if err != nil {
			log.Fatal(err)
		}
		defer os.RemoveAll(dir)
		file := filepath.Join(dir, "root.pem")
		if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}), 0o600); err != nil {
			log.Fatal(err)
		}
		if err := os.Setenv("SSL_CERT_FILE", file); err != nil { // read when the first certificate is verified
			log.Fatal(err)
		}
		trusted = config
		return m.Run()
	}())
}

func selfSigned() (*tls.Config, []byte, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	return &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}, der, err
}

func TestAddressesOfServers(t *testing.T) {
	for _, good := range []string{"smtp://h?from=a@b.jp", "smtp://u:p@h:25?from=a@b.jp&tls=tls&name=x", "smtp://h:587?from=a@b.jp&tls=starttls"} {
		open(t, good)
	}
	for _, bad := range []string{"http://h?from=a@b.jp", "smtp://h", "smtp://?from=a@b.jp", "smtp://h?from=ab", "smtp://h?from=a@b.jp&tls=maybe", "smtp://h?from=a@b.jp&tsl=none", "smtp://h:x?from=a@b.jp", "smtp://h:0?from=a@b.jp",
		"smtp://u:se cret@h:x?from=a@b.jp", "smtp://h?from=a@b.jp%0d%0aBcc:c@d.jp", "smtp://h/path?from=a@b.jp"} {
		if _, err := mail.Open(bad); !fault.Is(err, fault.Invalid) || strings.Contains(err.Error(), "se cret") {
			t.Errorf("%s: %v", bad, err)
		}
	}
}
