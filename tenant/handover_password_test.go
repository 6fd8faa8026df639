package tenant_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// A deputy who handed a slip out before the offer holds what opens the successor's account: nobody is asked, and nobody accepts, who has not chosen a password.
func TestHandoverToAnOwnPasswordOnly(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		k.allow(t)
		a, s, deputy := k.world.A, k.handovers(), k.deputy(t)
		next := a.Staff[0]
		if _, err := k.people.IssueOne(k.as(deputy, tenant.RoleDeputyManager), a.ID, next, true, time.Time{}); err != nil {
			t.Fatal(err)
		}
		c, err := s.Candidate(t.Context(), a.ID, next)
		if err != nil || c.Problem != "handover_password" || c.By != "管理" || !c.HandedOut.Equal(k.clock.Now().Truncate(time.Microsecond)) {
			t.Errorf("%+v, %v", c, err)
		}
		if _, err := s.Offer(k.manager(), a.ID, tenant.HandoverOffer{ID: db.NewID(), To: next}); keyOf(err) != "handover_password" {
			t.Errorf("offered to a slip: %v", err)
		}
		// Set by a file, by the manager: still not the person's own.
		k.clock.Add(time.Minute)
		f, err := k.passwords.Check(k.manager(), a.ID, db.NewID(), "a.csv", []byte("ログインID,パスワード\r\ntanaka,むらさき 7つの橋 quiet lamp\r\n"))
		if err != nil || f.Wrong > 0 {
			t.Fatalf("%+v, %v", f, err)
		}
		if _, err := k.passwords.Apply(k.manager(), a.ID, f.ID); err != nil {
			t.Fatal(err)
		}
		k.work(t)
		if _, err := s.Offer(k.manager(), a.ID, tenant.HandoverOffer{ID: db.NewID(), To: next}); keyOf(err) != "handover_password" {
			t.Errorf("offered to a password of a file: %v", err)
		}
		// Chosen by whoever used it: the manager is told that it may not have been the person.
		if _, _, err := k.credentials.ChangePassword(t.Context(), a.ID, next, tenant.PasswordChange{New: "another quiet むらさき bridge"}); err != nil {
			t.Fatal(err)
		}
		c, err = s.Candidate(t.Context(), a.ID, next)
		if err != nil || c.Problem != "" || c.HandedOut.IsZero() {
			t.Errorf("%+v, %v", c, err)
		}
		h, err := s.Offer(k.manager(), a.ID, tenant.HandoverOffer{ID: db.NewID(), To: next})
		if err != nil {
			t.Fatal(err)
		}
		// The manager hands out a slip while the question is open: it is not accepted with that.
		if _, err := k.people.IssueOne(k.manager(), a.ID, next, true, time.Time{}); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Accept(k.as(next, tenant.RoleStaff), a.ID, next, h.ID); keyOf(err) != "handover_password" {
			t.Errorf("accepted with a slip: %v", err)
		}
		k.clock.Add(31 * 24 * time.Hour)
		if c, err = s.Candidate(t.Context(), a.ID, next); err != nil || !c.HandedOut.IsZero() {
			t.Errorf("told after a month: %+v, %v", c, err)
		}
		for _, none := range []db.ID{db.NewID(), k.world.B.Staff[0]} {
			if _, err := s.Candidate(t.Context(), a.ID, none); !fault.Is(err, fault.NotFound) {
				t.Errorf("somebody of nobody: %v", err)
			}
		}
		if c, err = s.Candidate(t.Context(), a.ID, a.Manager); err != nil || c.Problem != "handover_self" {
			t.Errorf("%+v, %v", c, err)
		}
	})
}

// A deputy's slip and the manager's question at the same moment: whichever comes first, the slip never becomes the manager.
func TestHandoverRacesWithASlip(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		k := newCounter(t, d)
		a, s, deputy := k.world.A, k.handovers(), k.deputy(t)
		next := a.Staff[0]
		for range 12 {
			if _, err := d.Exec(t.Context(), "UPDATE credential SET kind = 'chosen' WHERE tenant_id = ? AND person_id = ?", a.ID, next); err != nil {
				t.Fatal(err)
			}
			id := db.NewID()
			var wg sync.WaitGroup
			var offered, issued error
			wg.Go(func() { _, offered = s.Offer(k.manager(), a.ID, tenant.HandoverOffer{ID: id, To: next}) })
			wg.Go(func() {
				_, issued = k.people.IssueOne(k.as(deputy, tenant.RoleDeputyManager), a.ID, next, true, time.Time{})
			})
			wg.Wait()
			if issued != nil || offered != nil && keyOf(offered) != "handover_password" {
				t.Fatalf("offer: %v, slip: %v", offered, issued)
			}
			if _, _, err := s.Accept(k.as(next, tenant.RoleStaff), a.ID, next, id); err == nil {
				t.Fatal("who holds the slip became the manager")
			}
			if _, err := s.Invited(context.Background(), a.ID, next); !fault.Is(err, fault.NotFound) {
				t.Fatalf("the offer stands: %v", err)
			}
			k.clock.Add(time.Minute)
		}
	})
}
