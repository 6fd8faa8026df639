package lms

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// MaxSignature is the most characters a signature may have.
const MaxSignature = 200

// Signature is a pledge as it was signed.
type Signature struct {
	Title    string  // of the lesson
	Name     string  // as it was typed; empty once the person was anonymised
	Version  int     // published version of the course in which the text stands
	Digest   db.Hash // SHA-256 of the text
	SignedAt db.Time
}

const (
	sqlInsertSignature = `INSERT INTO pledge_signature (tenant_id, id, enrolment_id, version_lesson_id, version_number, title, name, text_digest, signed_at, received_at)
 VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
	sqlSignatures       = `SELECT g.enrolment_id, g.title, g.name, g.version_number, g.text_digest, g.signed_at FROM pledge_signature g`
	sqlSignerNames      = `SELECT p.name, p.name_kana FROM person p WHERE p.tenant_id = ? AND p.id = ?`
	sqlDropSignaturesOf = `DELETE FROM pledge_signature`
	sqlUnsignPeople     = `UPDATE pledge_signature SET name = ''`
)

// SignPledge records that a person signs a pledge by typing their name, which finishes the lesson. It happens once: the signature never changes, and a repeat gives the same
// result. at is when it was signed and sent when the browser sent it, both by its clock in milliseconds since 1970. It returns fault.NotFound for anybody else's enrolment or a
// lesson that is no pledge, fault.Conflict "round_not_started", fault.Invalid "pledge_name" when the name is not the person's own.
func (l *Learning) SignPledge(ctx context.Context, tid tenant.ID, person, enrolment, lesson db.ID, name string, at, sent int64) (ProgressAnswer, error) {
	return again(func() (ProgressAnswer, error) {
		return l.signPledge(ctx, tid, person, enrolment, lesson, name, at, sent)
	})
}

func (l *Learning) signPledge(ctx context.Context, tid tenant.ID, person, enrolment, lesson db.ID, name string, at, sent int64) (ProgressAnswer, error) {
	own, found, err := l.lessonOf(ctx, tid, person, enrolment, lesson, content.KindPledge)
	if err != nil {
		return ProgressAnswer{}, fmt.Errorf("sign pledge: %w", err)
	}
	var registered, kana string
	if err := db.One(l.db.QueryRow(ctx, sqlSignerNames, tid, person).Scan(&registered, &kana)); err != nil {
		return ProgressAnswer{}, fmt.Errorf("sign pledge: %w", err)
	}
	var c fault.Check
	name = tenant.Tidy(name)
	c.If(name == "", "name", "required")
	c.If(tenant.Clip(name, MaxSignature) != name, "name", "too_long", "max", MaxSignature)
	c.If(name != "" && !sameName(name, registered) && !sameName(name, kana), "name", "pledge_name", "name", registered)
	if err := c.Err(); err != nil {
		return ProgressAnswer{}, err
	}
	return l.finishBy(ctx, tid, person, own, found, func(tx *db.Tx, row *progressRow, now db.Time) error {
		signed := db.At(time.UnixMilli(min(max(at+now.UnixMilli()-sent, row.StartedAt.UnixMilli()), now.UnixMilli())))
		_, err := tx.Exec(ctx, sqlInsertSignature, tid, db.NewID(), own.ID, found.ID, own.course.Number, found.Title, name, found.Body.Pledge.Digest(), signed, now)
		return err
	})
}

// completePledge adds whose name signs, and the signature once there is one.
func (l *Learning) completePledge(ctx context.Context, tid tenant.ID, person db.ID, out *OwnLesson) error {
	if err := db.One(l.db.QueryRow(ctx, sqlSignerNames, tid, person).Scan(&out.SignerName, &out.SignerKana)); err != nil || out.Progress.State != LessonDone {
		return err
	}
	var of db.ID
	var s Signature
	err := db.One(l.db.QueryRow(ctx, sqlSignatures+" WHERE g.tenant_id = ? AND g.enrolment_id = ? AND g.version_lesson_id = ?", tid, out.Enrolment.ID, out.Lesson.ID).
		Scan(&of, &s.Title, &s.Name, &s.Version, &s.Digest, &s.SignedAt))
	if fault.Is(err, fault.NotFound) {
		return nil // finished under an older version of the course
	}
	out.Signature = &s
	return err
}

// sameName compares names as people type them: width, case and white space do not matter.
func sameName(typed, registered string) bool {
	bare := func(s string) string {
		return strings.Map(func(r rune) rune {
			if unicode.IsSpace(r) {
				return -1
			}
			return r
		}, tenant.Fold(s))
	}
	return bare(registered) != "" && bare(typed) == bare(registered)
}

// signaturesOf gives the signatures of enrolments, in the order of signing.
func signaturesOf(ctx context.Context, tid tenant.ID, r db.Runner, enrolments []any) (map[db.ID][]Signature, error) {
	out := map[db.ID][]Signature{}
	for len(enrolments) > 0 {
		n := min(len(enrolments), chunk)
		cond := db.Where("g.tenant_id = ?", tid).In("g.enrolment_id", enrolments[:n])
		err := db.Each(ctx, r, sqlSignatures+cond.SQL()+" ORDER BY g.signed_at, g.id", cond.Args(), func(scan func(...any) error) error {
			var enrolment db.ID
			var s Signature
			err := scan(&enrolment, &s.Title, &s.Name, &s.Version, &s.Digest, &s.SignedAt)
			out[enrolment] = append(out[enrolment], s)
			return err
		})
		if err != nil {
			return nil, err
		}
		enrolments = enrolments[n:]
	}
	return out, nil
}
