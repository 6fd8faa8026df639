package lms

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"time"
	"unicode/utf8"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// PublicCodeRecordLink is the kind under which the token of a link stands in public_code.
const PublicCodeRecordLink = "record_link"

// RecordKind says what a link leads to.
type RecordKind string

// The kinds of issued record.
const (
	RecordOfRound RecordKind = "round"
	RecordOfYear  RecordKind = "year"
)

// Limits of a link for an auditor.
const (
	MaxLinkDays  = 90 // how long it may live
	MaxRecipient = 200
	MaxLinks     = 200 // how many the list shows, the newest
)

// RecordLink lets somebody without an account, as an auditor, read one issued record until a moment. It never shows anything else, nor what became of the
// record's people later: an issue does not change.
type RecordLink struct {
	ID           db.ID
	Kind         RecordKind
	Record       db.ID
	Recipient    string // whom it is for, as the manager called them
	ExpiresAt    db.Time
	RevokedAt    db.Time
	Opened       int // how often it was opened
	LastOpenedAt db.Time
	CreatedBy    string
	CreatedAt    db.Time
}

// Live tells whether the link still opens at now.
func (l RecordLink) Live(now time.Time) bool { return l.RevokedAt.IsZero() && l.ExpiresAt.After(now) }

// NewRecordLink is what a manager decides when making a link.
type NewRecordLink struct {
	ID        db.ID // derived from the caller's Idempotency-Key, or new
	Kind      RecordKind
	Record    db.ID
	Recipient string
	Days      int // how long it lives, 1 to MaxLinkDays
}

// RecordLinks makes, lists, revokes and opens links to issued records.
type RecordLinks struct {
	db      *db.DB
	audit   *tenant.Audit
	records *TrainingRecords
	key     []byte
	clock   func() time.Time
}

// NewRecordLinks makes the service. key makes the tokens: they are worked out from the link's id, so that a repeated request shows the same one and none is kept.
func NewRecordLinks(d *db.DB, audit *tenant.Audit, records *TrainingRecords, key []byte, clock func() time.Time) *RecordLinks {
	return &RecordLinks{db: d, audit: audit, records: records, key: key, clock: clock}
}

func (s *RecordLinks) token(tid tenant.ID, id db.ID) string {
	mac := hmac.New(sha256.New, s.key)
	var number [8]byte
	binary.BigEndian.PutUint64(number[:], uint64(tid.Number()))
	mac.Write([]byte("record link\x00"))
	mac.Write(number[:])
	mac.Write(id[:])
	return base64.RawURLEncoding.EncodeToString(mac.Sum(nil))
}

// Create makes a link and gives it with its token, which is kept nowhere. The same ID again gives the same link. It returns fault.Invalid for wrong
// input and fault.NotFound when the organisation has no such issued record.
func (s *RecordLinks) Create(ctx context.Context, tid tenant.ID, n NewRecordLink) (RecordLink, string, error) {
	n.Recipient = tenant.Tidy(n.Recipient)
	var check fault.Check
	check.If(n.Recipient == "", "recipient", "required")
	check.If(utf8.RuneCountInString(n.Recipient) > MaxRecipient, "recipient", "too_long", "max", MaxRecipient)
	check.If(n.Days < 1 || n.Days > MaxLinkDays, "days", "out_of_range", "min", 1, "max", MaxLinkDays)
	if err := check.Err(); err != nil {
		return RecordLink{}, "", err
	}
	if err := s.exists(ctx, tid, n.Kind, n.Record); err != nil {
		return RecordLink{}, "", err
	}
	now, token := s.clock(), s.token(tid, n.ID)
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, sqlInsertRecordLink, tid, n.ID, n.Kind, n.Record, n.Recipient, db.At(now.AddDate(0, 0, n.Days)), tenant.ActorFrom(ctx).Person, db.At(now)); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlInsertPublicCode, linkHash(token), tid, PublicCodeRecordLink, n.ID, db.At(now)); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, tenant.Change{Action: "record_link.create", SubjectKind: "record_link", Subject: n.ID,
			Detail: map[string]any{"kind": n.Kind, "record": n.Record, "recipient": n.Recipient, "days": n.Days}})
	})
	if err != nil && !db.IsDuplicate(err) {
		return RecordLink{}, "", fmt.Errorf("create record link: %w", err)
	}
	link, err := s.find(ctx, tid, n.ID)
	return link, token, err
}

func (s *RecordLinks) exists(ctx context.Context, tid tenant.ID, kind RecordKind, record db.ID) error {
	query := sqlHasRoundRecord
	if kind == RecordOfYear {
		query = sqlHasYearRecord
	}
	var n int
	if err := s.db.QueryRow(ctx, query, tid, record).Scan(&n); err != nil {
		return err
	}
	if n == 0 {
		return fault.New(fault.NotFound, "not_found")
	}
	return nil
}

func linkHash(token string) db.Hash { return sha256.Sum256([]byte("record link\x00" + token)) }

func scanLink(row db.Row) (RecordLink, error) {
	var l RecordLink
	err := row.Scan(&l.ID, &l.Kind, &l.Record, &l.Recipient, &l.ExpiresAt, &l.RevokedAt, &l.Opened, &l.LastOpenedAt, &l.CreatedBy, &l.CreatedAt)
	return l, db.One(err)
}

func (s *RecordLinks) find(ctx context.Context, tid tenant.ID, id db.ID) (RecordLink, error) {
	return scanLink(s.db.QueryRow(ctx, sqlRecordLinks+" AND l.id = ?", tid, id))
}

// List gives the organisation's links, newest first, at most MaxLinks.
func (s *RecordLinks) List(ctx context.Context, tid tenant.ID) ([]RecordLink, error) {
	list, err := db.List(ctx, s.db, sqlRecordLinks+" ORDER BY l.id DESC LIMIT ?", []any{tid, MaxLinks}, scanLink)
	if err != nil {
		return nil, fmt.Errorf("list record links: %w", err)
	}
	return list, nil
}

// Revoke ends a link at once; a second time changes nothing. NotFound when the organisation has none of this ID.
func (s *RecordLinks) Revoke(ctx context.Context, tid tenant.ID, id db.ID) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		res, err := tx.Exec(ctx, sqlRevokeRecordLink, db.At(s.clock()), tid, id)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			var there int
			if err := tx.QueryRow(ctx, sqlHasRecordLink, tid, id).Scan(&there); err != nil || there > 0 {
				return err
			}
			return fault.New(fault.NotFound, "not_found")
		}
		return s.audit.Append(ctx, tid, tx, tenant.Change{Action: "record_link.revoke", SubjectKind: "record_link", Subject: id})
	})
}

// OpenedRecord is what a link leads to; one of Round and Year is set.
type OpenedRecord struct {
	Tenant tenant.ID
	Link   RecordLink
	Round  *IssuedRecord
	Year   *IssuedYear
}

// Open follows a link: NotFound for a token that is none, Gone "record_link_ended" for one that has run out or was revoked. It is recorded in the
// organisation's audit log: as an opening, or, when opening is false, as a download of the file, which may come without an opening.
func (s *RecordLinks) Open(ctx context.Context, token string, opening bool) (OpenedRecord, error) {
	var o OpenedRecord
	var number int64
	var id db.ID
	if err := db.One(s.db.QueryRow(ctx, sqlFindPublicCode, linkHash(token), PublicCodeRecordLink).Scan(&number, &id)); err != nil {
		return o, err
	}
	o.Tenant = tenant.System(number, "record link")
	var err error
	if o.Link, err = s.find(ctx, o.Tenant, id); err != nil {
		return o, err
	}
	var state string
	if err := db.One(s.db.QueryRow(ctx, sqlLinkOrganisation, o.Tenant).Scan(&state)); err != nil {
		return o, err
	}
	if !o.Link.Live(s.clock()) || state != "active" {
		return o, fault.New(fault.Gone, "record_link_ended")
	}
	if err := s.note(ctx, o, opening); err != nil {
		return o, err
	}
	if o.Link.Kind == RecordOfYear {
		year, err := s.records.FindYear(ctx, o.Tenant, o.Link.Record)
		o.Year = &year
		return o, err
	}
	round, err := s.records.Find(ctx, o.Tenant, o.Link.Record)
	o.Round = &round
	return o, err
}

// note records that a link was opened or its file taken, and refuses an opening when it was revoked meanwhile.
func (s *RecordLinks) note(ctx context.Context, o OpenedRecord, opening bool) error {
	who := tenant.ActorFrom(ctx)
	ctx = tenant.WithActor(ctx, tenant.Actor{Kind: "record_link", Tenant: o.Tenant, Name: o.Link.Recipient, Source: who.Source, RequestID: who.RequestID})
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		if !opening {
			return s.audit.Append(ctx, o.Tenant, tx, tenant.Change{Action: "record_link.download", SubjectKind: "record_link", Subject: o.Link.ID})
		}
		res, err := tx.Exec(ctx, sqlOpenRecordLink, db.At(s.clock()), o.Tenant, o.Link.ID)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return fault.New(fault.Gone, "record_link_ended")
		}
		return s.audit.Append(ctx, o.Tenant, tx, tenant.Change{Action: "record_link.open", SubjectKind: "record_link", Subject: o.Link.ID})
	})
}
