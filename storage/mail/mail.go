// Package mail delivers messages. It is the last step of the outbox: which messages there are, when they are tried again and who may see
// them is decided where the outbox is; this package hands one message to a mail server and says how that went.
//
// Open chooses by configuration: an SMTP server, or none. Without one every message is Kept: it stays in the outbox and is shown on
// screen, for an association that prints its letters or looks at the demonstration.
//
// Limits: one recipient a message, so that nobody sees another's address; no attachments; no queue and no retry.
package mail

import (
	"context"
	"errors"
	"strings"
	"time"
	"unicode"

	"kenshu/fault"
)

// Message is one mail to one person.
type Message struct {
	ID      string // of the outbox row; the same ID gives the same Message-ID, so that a repeated delivery can be recognised
	To      Address
	ReplyTo string // empty: none
	Subject string
	Text    string
	HTML    string // optional, beside Text
	Date    time.Time
}

// Address is a mail address with the name that stands before it.
type Address struct{ Name, Mail string }

// ErrKept is what Kept answers: nothing was sent, nothing is wrong, and trying again changes nothing.
var ErrKept = errors.New("mail: no server is configured; the message is kept")

// Sender delivers a message.
type Sender interface {
	// Send returns nil when a server has taken the message over; ErrKept when there is no server; fault.Invalid "mail_address" or "mail_refused"
	// (code) when trying again is of no use; fault.Unavailable "mail_away" when it is.
	Send(ctx context.Context, m Message) error
}

// Kept is the Sender of an installation without a mail server.
type Kept struct{}

// Send keeps the message where it is.
func (Kept) Send(context.Context, Message) error { return ErrKept }

// Open gives the Sender that address describes:
//
//	(empty)                                                         Kept
//	smtp://[user:password@]host[:port]?from=ADDRESS[&name=NAME][&tls=starttls|tls|none]
//
// tls is starttls unless said otherwise, on port 587 (tls: 465, none: 25); with starttls a server that does not offer it gets nothing. It
// returns fault.Invalid "mail_url" for an address that it cannot read; nothing is contacted yet.
func Open(address string) (Sender, error) {
	if address == "" {
		return Kept{}, nil
	}
	s, err := openSMTP(address)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "mail_url")
	}
	return s, nil
}

// oneLine makes text safe in a header: line breaks and other control characters, with which a further header could be
// begun, become spaces.
func oneLine(text string) string {
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == unicode.ReplacementChar {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(text, " "))
	return strings.Join(strings.Fields(text), " ")
}
