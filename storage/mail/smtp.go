package mail

import (
	"context"
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"log/slog"
	netmail "net/mail"
	"net/textproto"
	"net/url"
	"strconv"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"kenshu/fault"
)

// Timeout is how long every step of a delivery may take.
const Timeout = 20 * time.Second

// server is an SMTP server. A connection is made for each message: a mail is rare, and nothing has to be kept alive.
type server struct {
	host    string
	options []gomail.Option
	from    netmail.Address
	domain  string // of the Message-ID
}

func openSMTP(address string) (*server, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("not a URL") // the error of url.Parse holds the password
	}
	if u.Scheme != "smtp" || u.Hostname() == "" || strings.Trim(u.Path, "/") != "" {
		return nil, errors.New("not of the form smtp://user:password@host:port?from=address")
	}
	query := u.Query()
	for name := range query {
		if name != "from" && name != "name" && name != "tls" {
			return nil, fmt.Errorf("unknown parameter %q", name)
		}
	}
	from, err := parseAddress(query.Get("from"))
	if err != nil {
		return nil, fmt.Errorf("from: %w", err)
	}
	from.Name = oneLine(query.Get("name"))
	s := &server{host: u.Hostname(), from: *from, domain: from.Address[strings.LastIndexByte(from.Address, '@')+1:]}
	port, err := s.security(query.Get("tls"))
	if err != nil {
		return nil, err
	}
	if text := u.Port(); text != "" {
		if port, err = strconv.Atoi(text); err != nil || port < 1 || port > 65535 {
			return nil, fmt.Errorf("port %q", text)
		}
	}
	s.options = append(s.options, gomail.WithPort(port), gomail.WithTimeout(Timeout), gomail.WithHELO(s.domain))
	if user := u.User.Username(); user != "" {
		password, _ := u.User.Password()
		auth := gomail.SMTPAuthAutoDiscover
		if query.Get("tls") == "none" {
			auth = gomail.SMTPAuthPlainNoEnc // the operator has said that this network may see it
		}
		s.options = append(s.options, gomail.WithSMTPAuth(auth), gomail.WithUsername(user), gomail.WithPassword(password))
	}
	_, err = gomail.NewClient(s.host, s.options...)
	return s, err
}

// security sets how the connection is protected and gives the usual port.
func (s *server) security(tls string) (port int, err error) {
	switch tls {
	case "", "starttls":
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.TLSMandatory))
		return 587, nil
	case "tls":
		s.options = append(s.options, gomail.WithSSL())
		return 465, nil
	case "none":
		s.options = append(s.options, gomail.WithTLSPolicy(gomail.NoTLS))
		return 25, nil
	}
	return 0, fmt.Errorf("tls %q is none of starttls, tls, none", tls)
}

// parseAddress reads a bare address; a name, a list or a comment is none.
func parseAddress(text string) (*netmail.Address, error) {
	if text != oneLine(text) || len(text) > 254 {
		return nil, errors.New("not an address")
	}
	a, err := netmail.ParseAddress(text)
	if err != nil || a.Address != text {
		return nil, errors.New("not an address")
	}
	return a, nil
}

// Send delivers one message.
func (s *server) Send(ctx context.Context, m Message) error {
	msg, err := s.compose(m)
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "mail_address")
	}
	client, err := gomail.NewClient(s.host, s.options...)
	if err != nil {
		return fmt.Errorf("mail: %w", err)
	}
	connection, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil { // wrong credentials, too: the message is good, and the operator can mend the rest
		return fault.Wrap(err, fault.Unavailable, "mail_away")
	}
	err = client.SendWithSMTPClient(connection, msg)
	if closed := client.CloseWithSMTPClient(connection); closed != nil {
		slog.DebugContext(ctx, "mail connection did not close", "error", closed) // the server has answered for the message already
	}
	return verdict(err)
}

// verdict tells a final refusal (5xx) from what may pass.
func verdict(err error) error {
	if err == nil {
		return nil
	}
	code := 0
	var sent *gomail.SendError
	var reply *textproto.Error
	if errors.As(err, &sent) {
		code = sent.ErrorCode()
	}
	if code == 0 && errors.As(err, &reply) {
		code = reply.Code
	}
	if code >= 500 && code <= 599 {
		return fault.Wrap(err, fault.Invalid, "mail_refused", "code", code)
	}
	return fault.Wrap(err, fault.Unavailable, "mail_away")
}

func (s *server) compose(m Message) (*gomail.Msg, error) {
	to, err := parseAddress(m.To.Mail)
	if err != nil {
		return nil, err
	}
	to.Name = oneLine(m.To.Name)
	msg := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	msg.FromMailAddress(&s.from)
	msg.ToMailAddress(to)
	if m.ReplyTo != "" {
		reply, err := parseAddress(m.ReplyTo)
		if err != nil {
			return nil, err
		}
		msg.ReplyToMailAddress(reply)
	}
	msg.Subject(oneLine(m.Subject))
	if m.Date.IsZero() {
		msg.SetDate()
	} else {
		msg.SetDateWithValue(m.Date)
	}
	msg.SetMessageIDWithValue(s.messageID(m))
	msg.SetGenHeader("Auto-Submitted", "auto-generated") // no holiday notices in answer
	msg.SetBodyString(gomail.TypeTextPlain, m.Text)
	if m.HTML != "" {
		msg.AddAlternativeString(gomail.TypeTextHTML, m.HTML)
	}
	return msg, nil
}

// messageID is made from the outbox's id: hashed, because it is shown to others.
func (s *server) messageID(m Message) string {
	sum := sha256.Sum256([]byte(m.ID + "\x00" + m.To.Mail))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(sum[:20])) + "@" + s.domain
}
