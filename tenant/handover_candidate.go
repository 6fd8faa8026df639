package tenant

import (
	"context"
	"fmt"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
)

// handedOutFor is how long a manager is told, before they hand over, that a deputy handed a password out to the successor.
const handedOutFor = 30 * 24 * time.Hour

// HandoverCandidate is what the manager should know of somebody before asking them to become the manager.
type HandoverCandidate struct {
	Person    Named
	Problem   string  // why they cannot be asked, as Offer would say; "" when they can
	HandedOut db.Time // when a deputy last handed a password out to them, in the last 30 days: whoever used it may be somebody else
	By        string  // that deputy
}

// Candidate looks at somebody before they are asked to become the manager; nothing changes. It returns fault.NotFound.
func (s *Handovers) Candidate(ctx context.Context, tid ID, person db.ID) (HandoverCandidate, error) {
	out := HandoverCandidate{Person: Named{ID: person}}
	err := s.db.Snapshot(ctx, func(r db.Runner) error {
		var state PersonState
		var kind string
		var manages bool
		if err := db.One(r.QueryRow(ctx, sqlCandidate, tid, person).Scan(&out.Person.Name, &state, &kind, &manages)); err != nil {
			return err
		}
		switch {
		case manages:
			out.Problem = "handover_self"
		case state != PersonActive:
			out.Problem = "handover_inactive"
		case kind != credentialChosen:
			out.Problem = "handover_password"
		}
		err := db.One(r.QueryRow(ctx, sqlHandedOut, tid, person, db.At(s.clock().Add(-handedOutFor))).Scan(&out.By, &out.HandedOut))
		if fault.Is(err, fault.NotFound) {
			return nil
		}
		return err
	})
	if err != nil {
		return HandoverCandidate{}, fmt.Errorf("look at a successor: %w", err)
	}
	return out, nil
}
