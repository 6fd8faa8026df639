package tenant_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/rig/kit"
	"kenshu/storage/db"
	"kenshu/storage/mail"
	"kenshu/tenant"
)

func (o *office) handovers(t testing.TB) *tenant.Handovers {
	t.Helper()
	organisations := tenant.NewOrganisations(o.db, o.audit, o.sessions, o.credentials, o.people, o.clock.Now)
	outbox := tenant.NewOutbox(o.db, o.audit, mail.Kept{}, o.clock.Now)
	return tenant.NewHandovers(o.db, o.audit, o.sessions, o.people, organisations, outbox, o.clock.Now, "http://localhost:8080")
}

// managers lists who holds the role in organisation A.
func (o *office) managers(t testing.TB) []db.ID {
	t.Helper()
	rows, err := o.db.Query(t.Context(), "SELECT person_id FROM person_role WHERE tenant_id = ? AND role = 'manager'", o.world.A.ID)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var ids []db.ID
	for rows.Next() {
		var id db.ID
		if err := rows.Scan(&id); err != nil {
			t.Fatal(err)
		}
		ids = append(ids, id)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return ids
}

func TestHandover(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		a, s := o.world.A, o.handovers(t)
		next := a.Staff[0]
		oldToken, _, err := o.sessions.Start(t.Context(), a.ID, a.Manager)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := d.Exec(t.Context(), "UPDATE person SET email = 'next@example.jp' WHERE tenant_id = ? AND id = ?", a.ID, next); err != nil {
			t.Fatal(err)
		}
		ask := tenant.HandoverOffer{ID: db.NewID(), To: next, KeepAsDeputy: true, Note: "異動のため"}
		h, err := s.Offer(o.manager(t), a.ID, ask)
		if err != nil || h.State != tenant.HandoverOffered || h.To.ID != next || h.From.ID != a.Manager {
			t.Fatalf("%+v, %v", h, err)
		}
		if again, err := s.Offer(o.manager(t), a.ID, ask); err != nil || again.ID != h.ID {
			t.Errorf("the same offer again: %v, %v", again, err)
		}
		if _, err := s.Offer(o.manager(t), a.ID, tenant.HandoverOffer{ID: db.NewID(), To: a.Staff[1]}); keyOf(err) != "handover_open" {
			t.Errorf("a second offer: %v", err)
		}
		if got := o.managers(t); len(got) != 1 || got[0] != a.Manager {
			t.Errorf("an offer alone changed the manager: %v", got)
		}
		if invited, err := s.Invited(t.Context(), a.ID, next); err != nil || invited.ID != h.ID {
			t.Errorf("%+v, %v", invited, err)
		}
		if _, err := s.Invited(t.Context(), a.ID, a.Staff[1]); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody else is invited: %v", err)
		}
		if _, _, err := s.Accept(as(t, a, a.Staff[1], tenant.RoleStaff), a.ID, a.Staff[1], h.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody else accepted: %v", err)
		}
		if _, _, err := s.Accept(as(t, o.world.B, o.world.B.Staff[0], tenant.RoleStaff), o.world.B.ID, next, h.ID); !fault.Is(err, fault.NotFound) && keyOf(err) != "not_found" {
			t.Errorf("accepted from another organisation: %v", err)
		}
		token, p, err := s.Accept(as(t, a, next, tenant.RoleStaff), a.ID, next, h.ID)
		if err != nil || !p.Has(tenant.RoleManager) || token == "" {
			t.Fatalf("%+v, %v", p, err)
		}
		if _, p, err := s.Accept(as(t, a, next, tenant.RoleManager), a.ID, next, h.ID); err != nil || !p.Has(tenant.RoleManager) {
			t.Errorf("accepted twice: %v", err)
		}
		if got := o.managers(t); len(got) != 1 || got[0] != next {
			t.Errorf("managers after the acceptance: %v", got)
		}
		if _, err := o.sessions.Resolve(t.Context(), oldToken); !fault.Is(err, fault.Unauthorized) {
			t.Errorf("the predecessor's session lives on: %v", err)
		}
		over := errors.New("over")
		var why *fault.Error
		if err := s.WhyEnded(t.Context(), oldToken, over); !errors.As(err, &why) || why.Key != "handed_over" || why.Args["deputy"] != true || why.Args["name"] == "" {
			t.Errorf("why the predecessor's session ended: %v", err)
		}
		if err := s.WhyEnded(t.Context(), oldToken+"x", over); !errors.Is(err, over) {
			t.Errorf("told to who has no such token: %v", err)
		}
		if _, err := s.HandedOver(t.Context(), o.world.B.ID, a.Manager, time.Time{}); !fault.Is(err, fault.NotFound) {
			t.Errorf("told to another organisation: %v", err)
		}
		before, err := o.people.Find(t.Context(), a.ID, a.Manager)
		if err != nil || before.Has(tenant.RoleManager) || !before.Has(tenant.RoleDeputyManager) {
			t.Errorf("the predecessor: %v, %v", before.Roles, err)
		}
		if err := s.Cancel(as(t, a, next, tenant.RoleManager), a.ID, h.ID); keyOf(err) != "handover_decided" {
			t.Errorf("cancelled after the acceptance: %v", err)
		}
		events, _, err := o.audit.List(t.Context(), a.ID, tenant.AuditQuery{Action: "handover."})
		if err != nil || len(events) != 2 {
			t.Errorf("%d events, %v", len(events), err)
		}
	})
}

// The manager is told that an offer came to nothing, with what the other said, until they put that away or a month is over.
func TestHandoverNews(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		a, s := o.world.A, o.handovers(t)
		news := func(id db.ID) tenant.Handover {
			t.Helper()
			list, err := s.List(t.Context(), a.ID)
			if err != nil || len(list) == 0 || list[0].ID != id {
				t.Fatalf("%+v, %v", list, err)
			}
			return list[0]
		}
		ask := func() db.ID {
			t.Helper()
			o.clock.Add(time.Minute)
			h, err := s.Offer(o.manager(t), a.ID, tenant.HandoverOffer{ID: db.NewID(), To: a.Staff[0]})
			if err != nil || h.News {
				t.Fatalf("%+v, %v", h, err)
			}
			return h.ID
		}
		staff := as(t, a, a.Staff[0], tenant.RoleStaff)
		id := ask()
		if err := s.Dismiss(o.manager(t), a.ID, id); keyOf(err) != "handover_decided" {
			t.Errorf("dismissed while it is open: %v", err)
		}
		if err := s.Decline(staff, a.ID, a.Staff[0], id, strings.Repeat("長", tenant.MaxReason+1)); !fault.Is(err, fault.Invalid) {
			t.Errorf("a long answer: %v", err)
		}
		if err := s.Decline(staff, a.ID, a.Staff[0], id, " 異動の予定があるため "); err != nil {
			t.Fatal(err)
		}
		if h := news(id); !h.News || h.Answer != "異動の予定があるため" || h.State != tenant.HandoverDeclined {
			t.Errorf("declined: %+v", h)
		}
		if err := s.Dismiss(as(t, o.world.B, o.world.B.Manager, tenant.RoleManager), o.world.B.ID, id); !fault.Is(err, fault.NotFound) {
			t.Errorf("dismissed from another organisation: %v", err)
		}
		for range 2 {
			if err := s.Dismiss(o.manager(t), a.ID, id); err != nil {
				t.Fatal(err)
			}
		}
		if h := news(id); h.News || h.DismissedAt.IsZero() {
			t.Errorf("dismissed: %+v", h)
		}
		id = ask()
		o.clock.Add((tenant.HandoverDays*24 + 1) * time.Hour)
		if h := news(id); !h.News || h.State != tenant.HandoverExpired {
			t.Errorf("nobody answered: %+v", h)
		}
		o.clock.Add(31 * 24 * time.Hour)
		if h := news(id); h.News {
			t.Errorf("after a month: %+v", h)
		}
	})
}

func keyOf(err error) string {
	var f *fault.Error
	if !errors.As(err, &f) {
		return ""
	}
	return f.Key
}

func TestHandoverRefusals(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		a, s := o.world.A, o.handovers(t)
		for name, one := range map[string]struct {
			to   db.ID
			want string
		}{"oneself": {a.Manager, "handover_self"}, "nobody": {db.NewID(), "not_found"}, "another organisation's": {o.world.B.Staff[0], "not_found"}} {
			if _, err := s.Offer(o.manager(t), a.ID, tenant.HandoverOffer{ID: db.NewID(), To: one.to}); keyOf(err) != one.want {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := s.Offer(as(t, a, a.Staff[0], tenant.RoleDeputyManager), a.ID, tenant.HandoverOffer{ID: db.NewID(), To: a.Staff[1]}); !fault.Is(err, fault.Forbidden) {
			t.Errorf("a deputy hands over: %v", err)
		}
		h, err := s.Offer(o.manager(t), a.ID, tenant.HandoverOffer{ID: db.NewID(), To: a.Staff[0]})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Decline(as(t, a, a.Staff[1], tenant.RoleStaff), a.ID, a.Staff[1], h.ID, ""); !fault.Is(err, fault.NotFound) {
			t.Errorf("somebody else declined: %v", err)
		}
		for range 2 {
			if err := s.Decline(as(t, a, a.Staff[0], tenant.RoleStaff), a.ID, a.Staff[0], h.ID, ""); err != nil {
				t.Fatal(err)
			}
		}
		if h, err = s.Offer(o.manager(t), a.ID, tenant.HandoverOffer{ID: db.NewID(), To: a.Staff[1]}); err != nil {
			t.Fatalf("after a no the next one is asked: %v", err)
		}
		o.clock.Add(tenant.HandoverDays*24*time.Hour + time.Second)
		if _, _, err := s.Accept(as(t, a, a.Staff[1], tenant.RoleStaff), a.ID, a.Staff[1], h.ID); !fault.Is(err, fault.Gone) {
			t.Errorf("accepted too late: %v", err)
		}
		if h, err = s.Offer(o.manager(t), a.ID, tenant.HandoverOffer{ID: db.NewID(), To: a.Staff[2]}); err != nil {
			t.Fatalf("after an expired offer: %v", err)
		}
		if _, err := d.Exec(t.Context(), "UPDATE person SET state = 'suspended' WHERE tenant_id = ? AND id = ?", a.ID, a.Staff[2]); err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Accept(as(t, a, a.Staff[2], tenant.RoleStaff), a.ID, a.Staff[2], h.ID); keyOf(err) != "handover_inactive" {
			t.Errorf("a suspended person became the manager: %v", err)
		}
		if list, err := s.List(t.Context(), a.ID); err != nil || len(list) != 3 || list[1].State != tenant.HandoverExpired || list[2].State != tenant.HandoverDeclined {
			t.Errorf("%+v, %v", list, err)
		}
	})
}

// The association asks a successor when the manager cannot; the manager stays until then, and both logs tell.
func TestHandoverByAssociation(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		a, s, assoc := o.world.A, o.handovers(t), o.world.Association
		ctx := as(t, assoc, assoc.Manager, tenant.RoleOfficer)
		next, err := o.people.Find(t.Context(), a.ID, a.Staff[0])
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.OfferForAssociation(ctx, assoc.ID, a.Public, next.LoginID, tenant.HandoverOffer{ID: db.NewID()}); !fault.Is(err, fault.Invalid) {
			t.Errorf("without a reason: %v", err)
		}
		if _, err := s.OfferForAssociation(ctx, assoc.ID, a.Public, "nobody-here", tenant.HandoverOffer{ID: db.NewID(), Note: "退職"}); !fault.Is(err, fault.Invalid) {
			t.Errorf("to nobody: %v", err)
		}
		if _, err := s.OfferForAssociation(as(t, o.world.B, o.world.B.Manager, tenant.RoleManager), o.world.B.ID, a.Public, next.LoginID, tenant.HandoverOffer{ID: db.NewID(), Note: "退職"}); err == nil {
			t.Error("an organisation acts as the association")
		}
		h, err := s.OfferForAssociation(ctx, assoc.ID, a.Public, next.LoginID, tenant.HandoverOffer{ID: db.NewID(), Note: "前任者が退職したため"})
		if err != nil || h.OfferedBy != "association" || h.From.ID != a.Manager {
			t.Fatalf("%+v, %v", h, err)
		}
		if _, _, err := s.Accept(as(t, a, next.ID, tenant.RoleStaff), a.ID, next.ID, h.ID); err != nil {
			t.Fatal(err)
		}
		if got := o.managers(t); len(got) != 1 || got[0] != next.ID {
			t.Errorf("managers: %v", got)
		}
		if events, _, err := o.audit.List(t.Context(), assoc.ID, tenant.AuditQuery{Action: "organisation.handover"}); err != nil || len(events) != 1 {
			t.Errorf("the association's log: %d, %v", len(events), err)
		}
	})
}

// Whatever happens at once, there is one manager at every moment.
func TestHandoverRaces(t *testing.T) {
	kit.EachDB(t, func(t *testing.T, d *db.DB) {
		o := newOffice(t, d)
		a, s := o.world.A, o.handovers(t)
		for round := range 12 {
			manager := o.managers(t)[0]
			next := a.Staff[round%3]
			if next == manager {
				next = a.Manager
			}
			h, err := s.Offer(as(t, a, manager, tenant.RoleManager), a.ID, tenant.HandoverOffer{ID: db.NewID(), To: next})
			if err != nil {
				t.Fatal(err)
			}
			var wg sync.WaitGroup
			var accepted, cancelled error
			wg.Go(func() { _, _, accepted = s.Accept(as(t, a, next, tenant.RoleStaff), a.ID, next, h.ID) })
			wg.Go(func() { cancelled = s.Cancel(as(t, a, manager, tenant.RoleManager), a.ID, h.ID) })
			wg.Go(func() {
				_, _ = s.Offer(as(t, a, manager, tenant.RoleManager), a.ID, tenant.HandoverOffer{ID: db.NewID(), To: a.Editor}) // refused or not: never a second manager
			})
			wg.Wait()
			got := o.managers(t)
			if len(got) != 1 {
				t.Fatalf("%d managers", len(got))
			}
			if (accepted == nil) != (got[0] == next) || (accepted == nil) == (cancelled == nil) {
				t.Fatalf("accept: %v, cancel: %v, the manager changed: %v", accepted, cancelled, got[0] == next)
			}
			for _, left := range must(s.List(t.Context(), a.ID)) {
				if left.Open(o.clock.Now()) {
					if err := s.Cancel(as(t, a, got[0], tenant.RoleManager), a.ID, left.ID); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(fmt.Sprint(err))
	}
	return v
}
