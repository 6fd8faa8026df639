package tenant

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"fmt"
	"maps"
	"slices"

	"kenshu/storage/db"
)

// Rules of the deletion journal: why something was deleted.
const (
	RuleAnonymised   = "person_anonymised"    // what said who a person was
	RuleWithdrawn    = "person_withdrawn"     // the same, and their certificates were revoked
	RuleMistake      = "person_mistake"       // a person who was entered by mistake and had done nothing
	RuleWithEvidence = "person_with_evidence" // a person with everything they did, on the manager's explicit word
)

// What a line of the deletion journal is about.
const (
	deletionOfPerson   = "person"
	deletionOfIdentity = "person_identity" // who it was
)

// TargetHash is what the deletion journal holds instead of an id: after a restore, whoever is there and whose hash stands in the journal has to go again.
func (s *PeopleActs) TargetHash(id db.ID) db.Hash {
	mac := hmac.New(sha256.New, s.key)
	mac.Write(id[:])
	return db.Hash(mac.Sum(nil))
}

func (s *PeopleActs) journal(ctx context.Context, tid ID, tx *db.Tx, kind, rule string, people []actPerson, counts map[string]int) error {
	rows := make([][]any, 0, len(people))
	for i, p := range people {
		of := map[string]int{}
		if i == 0 { // the figures are of all of them together; they stand once
			of = counts
		}
		rows = append(rows, []any{tid, db.NewID(), kind, s.TargetHash(p.id), rule, db.JSON[map[string]int]{V: of}, s.people.now()})
	}
	return tx.InsertMany(ctx, sqlInsertDeletion, rowInsertDeletion, rows)
}

// pseudonym is a name that says nothing, in the person's language.
func pseudonym(locale string) (string, error) {
	random := make([]byte, 5)
	if _, err := rand.Read(random); err != nil {
		return "", fmt.Errorf("pseudonym: %w", err)
	}
	word := "匿名 "
	if locale == "en" {
		word = "Anonymous "
	}
	return word + base32.StdEncoding.EncodeToString(random), nil
}

// anonymise takes everything that says who people are and everything they could log in with. What they did, and where they belonged when, stays.
func (s *PeopleActs) anonymise(ctx context.Context, tid ID, tx *db.Tx, in ActInput, list []actPerson) error {
	ids := idsOfActs(list)
	if err := s.people.sessions.EndPeople(ctx, tid, tx, ids); err != nil {
		return err
	}
	counts, err := s.drop(ctx, tid, tx, ids, func(t ownedTable) bool { return t.identity })
	if err != nil {
		return err
	}
	if counts["mail_message"], err = forEach(ctx, tid, tx, ids, sqlBlankMails, "person_id", nil, nil); err != nil {
		return err
	}
	for _, side := range []string{"to_person", "from_person"} { // what one said to the other names people and their reasons
		if _, err := forEach(ctx, tid, tx, ids, sqlHushHandovers, side, nil, nil); err != nil {
			return err
		}
	}
	if _, err := forEach(ctx, tid, tx, ids, sqlDropWaiting, "person_id", nil, func(c *db.Cond) { c.And("state = 'queued'") }); err != nil {
		return err
	}
	if err := forgetActor(ctx, tid, tx, ids); err != nil {
		return err
	}
	if err := s.pseudonyms(ctx, tid, tx, list); err != nil {
		return err
	}
	if in.Withdraw {
		for _, r := range s.records {
			if err := r.WithdrawRecords(ctx, tid, tx, ids); err != nil {
				return err
			}
		}
	}
	changes := make([]Change, 0, len(list))
	for _, p := range list {
		changes = append(changes, Change{Action: "person.anonymise", SubjectKind: "person", Subject: p.id, Detail: map[string]any{"certificates_withdrawn": in.Withdraw}})
	}
	if err := s.people.audit.AppendMany(ctx, tid, tx, changes); err != nil {
		return err
	}
	rule := RuleAnonymised
	if in.Withdraw {
		rule = RuleWithdrawn
	}
	return s.journal(ctx, tid, tx, deletionOfIdentity, rule, list, counts)
}

func (s *PeopleActs) pseudonyms(ctx context.Context, tid ID, tx *db.Tx, list []actPerson) error {
	now, rows := s.people.now(), make([][]any, 0, len(list))
	for _, p := range list {
		name, err := pseudonym(p.locale)
		if err != nil {
			return err
		}
		in := PersonInput{LoginID: "anonymous-" + p.id.String(), Name: name}
		rows = append(rows, []any{tid, p.id, in.LoginID, Fold(in.LoginID), name, "", in.sortName(), in.sortName(), "", "", string(KindEmployee), string(PersonAnonymised),
			db.Text(""), p.leftOn, db.Text(""), p.locale, db.ID{}, now, now, p.version + 1})
	}
	return tx.UpsertMany(ctx, sqlAnonymisePeople, rowAnonymisePeople, "tenant_id, id", columnsAnonymisePeople, rows)
}

// delete removes people with everything about them. Lines of the audit log stay. Without a rule the one is noted that fits what they had done.
func (s *PeopleActs) delete(ctx context.Context, tid ID, tx *db.Tx, list []actPerson, rule string) error {
	ids := idsOfActs(list)
	evidence := 0
	counts := map[string]int{}
	for _, r := range s.records {
		for part := range slices.Chunk(ids, actChunk) {
			had, err := r.CountRecords(ctx, tid, tx, part)
			if err != nil {
				return err
			}
			evidence += had.Started + had.Attempts + had.Certificates
			gone, err := r.DeleteRecords(ctx, tid, tx, part)
			if err != nil {
				return err
			}
			for table, n := range gone {
				counts[table] += n
			}
		}
	}
	switch {
	case rule != "":
	case evidence > 0:
		rule = RuleWithEvidence
	default:
		rule = RuleMistake
	}
	return s.erase(ctx, tid, tx, list, erasing{rule: rule, counts: counts})
}

// erasing says why people are erased, what other rooms removed about them before, and what is kept.
type erasing struct {
	rule   string
	counts map[string]int
	detail map[string]any  // stands in the log beside the rule
	keep   map[string]bool // tables that are left alone
}

// erase removes what this room holds about people, with its lines in the log and in the deletion journal.
func (s *PeopleActs) erase(ctx context.Context, tid ID, tx *db.Tx, list []actPerson, e erasing) error {
	ids := idsOfActs(list)
	if err := s.people.sessions.EndPeople(ctx, tid, tx, ids); err != nil {
		return err
	}
	gone, err := s.drop(ctx, tid, tx, ids, func(t ownedTable) bool { return !e.keep[t.name] })
	if err != nil {
		return err
	}
	maps.Copy(e.counts, gone)
	if err := forgetActor(ctx, tid, tx, ids); err != nil {
		return err
	}
	changes := make([]Change, 0, len(list))
	for _, p := range list {
		detail := map[string]any{"rule": e.rule}
		maps.Copy(detail, e.detail)
		changes = append(changes, Change{Action: "person.delete", SubjectKind: "person", Subject: p.id, Detail: detail})
	}
	if err := s.people.audit.AppendMany(ctx, tid, tx, changes); err != nil {
		return err
	}
	return s.journal(ctx, tid, tx, deletionOfPerson, e.rule, list, e.counts)
}

// drop empties the tables that which names, of rows about people.
func (s *PeopleActs) drop(ctx context.Context, tid ID, tx *db.Tx, ids []db.ID, which func(ownedTable) bool) (map[string]int, error) {
	counts := map[string]int{}
	for _, t := range personTables {
		if !which(t) {
			continue
		}
		n, err := forEach(ctx, tid, tx, ids, t.delete, t.column, nil, nil)
		if err != nil {
			return nil, fmt.Errorf("empty %s: %w", t.name, err)
		}
		if n > 0 {
			counts[t.name] = n
		}
	}
	return counts, nil
}
