package lms_test

import (
	"bytes"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/lms"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

func (s *school) audit() *tenant.Audit {
	return tenant.NewAudit(s.db, []byte("test key of thirty-two bytes ...."), s.clock.Now)
}

// reissued puts a new certificate in the place of the one that stands.
func (s *school) reissued(t testing.TB, cert lms.Certificate, reason string) lms.Certificate {
	t.Helper()
	next, err := s.certs.Reissue(s.acting(t), s.a.ID, cert.Enrolment, lms.ReissueInput{ID: db.NewID(), Replaces: cert.ID, Reason: reason})
	if err != nil {
		t.Fatal(err)
	}
	return next
}

// A certificate with an old name is issued again: names and design are today's, what was achieved is what it was, and only the new one is valid.
func TestReissue(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		s.complete(t, 2)
		old := s.certificate(t, 2)
		s.run(t, `UPDATE person SET name = '佐藤 三郎' WHERE tenant_id = ? AND id = ?`, s.a.ID, s.a.Staff[2])
		s.run(t, `UPDATE organisation SET name = '新しい会' WHERE tenant_id = ?`, s.a.ID)
		if _, err := s.designs().Save(s.acting(t), s.a.ID, designInput(0)); err != nil {
			t.Fatal(err)
		}
		s.clock.Add(400 * 24 * time.Hour)
		seen, err := s.certs.PreviewReissue(t.Context(), s.a.ID, old.Enrolment)
		if err != nil || seen.Standing.ID != old.ID || seen.Standing.Content.Name != "𠮷田 三郎" {
			t.Fatalf("the preview is %+v %v", seen, err)
		}
		want := old.Content
		want.Name, want.Organisation, want.Design, want.Number = "佐藤 三郎", "新しい会", 1, ""
		if !reflect.DeepEqual(seen.Next, want) {
			t.Errorf("the preview says %+v, not %+v", seen.Next, want)
		}
		in := lms.ReissueInput{ID: db.NewID(), Replaces: old.ID, Reason: " 婚姻による改姓 "}
		next, err := s.certs.Reissue(s.acting(t), s.a.ID, old.Enrolment, in)
		if err != nil {
			t.Fatal(err)
		}
		if want.Number = "2026-000002"; !reflect.DeepEqual(next.Content, want) || next.Number != want.Number || next.ID != in.ID || next.Code == old.Code || !next.RevokedAt.IsZero() {
			t.Errorf("issued again: %+v", next)
		}
		if again, err := s.certs.Reissue(s.acting(t), s.a.ID, old.Enrolment, in); err != nil || again.Number != next.Number {
			t.Errorf("the same write again: %+v %v", again, err)
		}
		if _, err := s.certs.Reissue(s.acting(t), s.a.ID, old.Enrolment, lms.ReissueInput{ID: db.NewID(), Replaces: old.ID, Reason: "x"}); !fault.Is(err, fault.Conflict) {
			t.Errorf("one that was replaced is replaced again: %v", err)
		}
		s.checkReplaced(t, old, next)
		third := s.reissued(t, next, "誤字")
		if third.Number != "2026-000003" || s.certificate(t, 2).ID != third.ID {
			t.Errorf("issued a third time: %+v", third)
		}
		if got := s.rows(t, `SELECT number, replaced FROM completion_certificate WHERE tenant_id = ? ORDER BY number`, s.a.ID); got != `[["2026-000001",1],["2026-000002",2],["2026-000003",0]]` {
			t.Errorf("the rows are %s", got)
		}
		if got := s.rows(t, `SELECT reason, detail FROM audit_event WHERE tenant_id = ? AND action = 'certificate.reissue' ORDER BY happened_at, id`, s.a.ID); !strings.Contains(got, "婚姻による改姓") || !strings.Contains(got, "2026-000001") {
			t.Errorf("audit log: %s", got)
		}
	})
}

// checkReplaced asks for an old certificate wherever one can.
func (s *school) checkReplaced(t *testing.T, old, next lms.Certificate) {
	t.Helper()
	badges := newBadges(t, s, []byte("a sealing key of thirty-two byte"))
	found, err := s.certs.Verify(t.Context(), old.Code)
	if err != nil || found.Replaced != 1 || found.RevokedAt.IsZero() || !reflect.DeepEqual(found.Content, old.Content) || len(badges.Status(found).Revoked) != 1 {
		t.Errorf("the old code says %+v %v", found, err)
	}
	found, err = s.certs.Verify(t.Context(), next.Code)
	if err != nil || found.Replaced != 0 || !found.RevokedAt.IsZero() || len(badges.Status(found).Revoked) != 0 {
		t.Errorf("the new code says %+v %v", found, err)
	}
	if _, err := s.certs.FindOwn(t.Context(), s.a.ID, s.a.Staff[2], old.ID); !fault.Is(err, fault.Gone) {
		t.Errorf("the old one can be printed: %v", err)
	}
	if mine := s.certificate(t, 2); mine.ID != next.ID {
		t.Errorf("the learner has %+v", mine)
	}
	if own := s.own(t, s.a, 2); own.Certificate != next.ID {
		t.Errorf("the course leads to certificate %s", own.Certificate)
	}
	ledger, err := lms.NewDossiers(s.db, s.audit(), s.clock.Now).Print(s.acting(t), s.a.ID, s.a.Staff[2])
	if err != nil || len(ledger.Entries) != 1 {
		t.Fatal(len(ledger.Entries), err)
	}
	e := ledger.Entries[0]
	manager := strings.Trim(s.rows(t, `SELECT name FROM person WHERE tenant_id = ? AND id = ?`, s.a.ID, s.a.Manager), `[]"`)
	if e.Certificate == nil || e.Certificate.ID != next.ID || len(e.Replaced) != 1 || e.Replaced[0].Number != old.Number || e.Replaced[0].ReplacedReason != "婚姻による改姓" || e.Replaced[0].ReplacedBy != manager {
		t.Errorf("the dossier says %+v", e)
	}
	var paper bytes.Buffer
	if err := ledger.WritePDF(&paper, "ja"); err != nil {
		t.Fatal(err)
	}
	if text := words(t, paper.Bytes()); !strings.Contains(text, old.Number) || !strings.Contains(text, next.Number) {
		t.Errorf("the ledger says %s", text)
	}
}

// One that was revoked in error is issued again with the day and the reason of the revocation kept; revoking the new one changes nothing about the old.
func TestReissueOfARevokedOne(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		s.complete(t, 2)
		old := s.certificate(t, 2)
		revoked, err := s.certs.Revoke(s.acting(t), s.a.ID, old.Enrolment, "人違い")
		if err != nil {
			t.Fatal(err)
		}
		s.clock.Add(time.Hour)
		next := s.reissued(t, old, "取り消しが誤りだった")
		found, err := s.certs.Verify(t.Context(), old.Code)
		if err != nil || found.RevokedAt != revoked.RevokedAt || found.RevokedReason != "人違い" || found.ReplacedReason != "取り消しが誤りだった" || found.ReplacedAt != next.IssuedAt {
			t.Errorf("the old one says %+v %v", found, err)
		}
		if again, err := s.certs.Revoke(s.acting(t), s.a.ID, old.Enrolment, "やはり人違い"); err != nil || again.ID != next.ID || again.RevokedAt.IsZero() {
			t.Errorf("revoked again: %+v %v", again, err)
		}
		if same, err := s.certs.Verify(t.Context(), old.Code); err != nil || !reflect.DeepEqual(same, found) {
			t.Errorf("the old one became %+v %v", same, err)
		}
	})
}

func TestReissueRefused(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		s.complete(t, 2)
		cert := s.certificate(t, 2)
		for name, c := range map[string]struct {
			tid       tenant.ID
			enrolment db.ID
			reason    string
			want      fault.Kind
		}{
			"nobody completed":   {s.a.ID, s.a.enrolment[0], "x", fault.NotFound},
			"other organisation": {s.b.ID, cert.Enrolment, "x", fault.NotFound},
			"no reason":          {s.a.ID, cert.Enrolment, "　", fault.Invalid},
			"long reason":        {s.a.ID, cert.Enrolment, strings.Repeat("あ", 501), fault.Invalid},
		} {
			if _, err := s.certs.Reissue(s.acting(t), c.tid, c.enrolment, lms.ReissueInput{ID: db.NewID(), Replaces: cert.ID, Reason: c.reason}); !fault.Is(err, c.want) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := s.certs.PreviewReissue(t.Context(), s.b.ID, cert.Enrolment); !fault.Is(err, fault.NotFound) {
			t.Errorf("the preview of others: %v", err)
		}
		s.run(t, `UPDATE person SET state = 'anonymised', name = '匿名 1' WHERE tenant_id = ? AND id = ?`, s.a.ID, s.a.Staff[2])
		if _, err := s.certs.PreviewReissue(t.Context(), s.a.ID, cert.Enrolment); !fault.Is(err, fault.Conflict) {
			t.Errorf("the preview of an anonymised person: %v", err)
		}
		if _, err := s.certs.Reissue(s.acting(t), s.a.ID, cert.Enrolment, lms.ReissueInput{ID: db.NewID(), Replaces: cert.ID, Reason: "x"}); !fault.Is(err, fault.Conflict) {
			t.Errorf("an anonymised person gets a certificate: %v", err)
		}
		if !reflect.DeepEqual(s.certificate(t, 2), cert) {
			t.Error("something was changed")
		}
	})
}

// Of several who issue the same certificate again at once one does; the same press, however often sent, is one.
func TestReissueAtOnce(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		s.complete(t, 2)
		cert := s.certificate(t, 2)
		for _, same := range []bool{false, true} {
			var group sync.WaitGroup
			won, id := make([]bool, 6), db.NewID()
			for i := range won {
				group.Go(func() {
					in := lms.ReissueInput{ID: id, Replaces: cert.ID, Reason: "改姓"}
					if !same {
						in.ID = db.NewID()
					}
					_, err := s.certs.Reissue(s.acting(t), s.a.ID, cert.Enrolment, in)
					won[i] = err == nil
					if err != nil && !fault.Is(err, fault.Conflict) {
						t.Error(err)
					}
				})
			}
			group.Wait()
			n := 0
			for _, w := range won {
				if w {
					n++
				}
			}
			if want := map[bool]int{false: 1, true: len(won)}[same]; n != want {
				t.Errorf("%d of %d (the same %v)", n, len(won), same)
			}
			cert = s.certificate(t, 2)
		}
		if got := s.rows(t, `SELECT replaced FROM completion_certificate WHERE tenant_id = ? ORDER BY number`, s.a.ID); got != `[[1],[2],[0]]` {
			t.Errorf("the rows are %s", got)
		}
		// The database itself holds that one stands.
		if _, err := d.Exec(t.Context(), `UPDATE completion_certificate SET replaced = 0 WHERE tenant_id = ?`, s.a.ID); !db.IsDuplicate(err) {
			t.Errorf("several stand: %v", err)
		}
	})
}

// Replaced certificates lose the name, and go, with the one that stands.
func TestReplacedCertificatesGoWithTheirPerson(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		s.complete(t, 2)
		old := s.certificate(t, 2)
		s.reissued(t, old, "𠮷田から佐藤へ")
		records, people := lms.NewPersonRecords(d, s.audit(), s.clock.Now), []db.ID{s.a.Staff[2]}
		in := func(do func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Tx(s.acting(t), do); err != nil {
				t.Fatal(err)
			}
		}
		if counts, err := records.CountRecords(t.Context(), s.a.ID, d, people); err != nil || counts.Certificates != 1 {
			t.Errorf("%d certificates in force, %v", counts.Certificates, err)
		}
		in(func(tx *db.Tx) error { return records.WithdrawRecords(s.acting(t), s.a.ID, tx, people) })
		if got := s.rows(t, `SELECT replaced, replaced_reason, content FROM completion_certificate WHERE tenant_id = ?`, s.a.ID); strings.Contains(got, "田") || strings.Count(got, `\"name\":\"\"`) != 2 {
			t.Errorf("withdrawn: %s", got)
		}
		if found, err := s.certs.Verify(t.Context(), old.Code); err != nil || found.Replaced != 1 || found.Content.Name != "" {
			t.Errorf("the old code says %+v %v", found, err)
		}
		in(func(tx *db.Tx) error {
			counts, err := records.DeleteRecords(s.acting(t), s.a.ID, tx, people)
			if counts["completion_certificate"] != 2 || counts["public_code"] != 2 {
				t.Errorf("deleted %+v", counts)
			}
			return err
		})
	})
}

// Who is anonymised while their certificate is issued again has no name on the new one: there is none.
func TestReissueWaitsForAnAnonymisation(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		s.complete(t, 2)
		old := s.certificate(t, 2)
		ctx, done := s.acting(t), make(chan error, 1)
		err := d.Tx(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), `UPDATE person SET state = 'anonymised', name = '' WHERE tenant_id = ? AND id = ?`, s.a.ID, s.a.Staff[2]); err != nil {
				return err
			}
			go func() {
				_, err := s.certs.Reissue(ctx, s.a.ID, old.Enrolment, lms.ReissueInput{ID: db.NewID(), Replaces: old.ID, Reason: "改姓"})
				done <- err
			}()
			time.Sleep(200 * time.Millisecond) // until it waits; if it comes later it finds the same
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := <-done; !fault.Is(err, fault.Conflict) {
			t.Errorf("issued again beside an anonymisation: %v", err)
		}
	})
}

// A request's id that was used for a certificate which was replaced since is not taken again.
func TestReissueUnderAUsedID(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := newSchool(t, d)
		s.complete(t, 2)
		old := s.certificate(t, 2)
		next := s.reissued(t, old, "改姓")
		last := s.reissued(t, next, "改姓")
		for _, replaces := range []db.ID{last.ID, next.ID, old.ID} {
			if _, err := s.certs.Reissue(s.acting(t), s.a.ID, old.Enrolment, lms.ReissueInput{ID: next.ID, Replaces: replaces, Reason: "x"}); !fault.Is(err, fault.Conflict) {
				t.Errorf("issued under an id that was used: %v", err)
			}
		}
	})
}
