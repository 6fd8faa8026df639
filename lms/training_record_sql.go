package lms

import (
	"context"
	"slices"
	"strings"

	"kenshu/storage/db"
	"kenshu/tenant"
)

const (
	sqlRecordOrganisation = `SELECT o.name FROM organisation o WHERE o.tenant_id = ?`
	sqlRecordManagers     = `SELECT p.name FROM person_role pr JOIN person p ON p.tenant_id = pr.tenant_id AND p.id = pr.person_id
 WHERE pr.tenant_id = ? AND pr.role = 'manager' AND p.state = 'active' ORDER BY p.name, p.id`
	sqlRecordMails = `SELECT m.dedupe, m.created_at FROM mail_message m`

	sqlCountDigest  = `SELECT COUNT(*) FROM training_record WHERE tenant_id = ? AND round_id = ? AND digest = ?`
	sqlLastRecord   = `SELECT COALESCE(MAX(number), 0) FROM training_record WHERE tenant_id = ?`
	sqlInsertRecord = `INSERT INTO training_record (tenant_id, id, round_id, number, digest, content, created_by, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`
	sqlFindRecord   = `SELECT t.id, t.round_id, t.number, t.digest, COALESCE(p.name, ''), t.created_at, t.content FROM training_record t
 LEFT JOIN person p ON p.tenant_id = t.tenant_id AND p.id = t.created_by WHERE t.tenant_id = ?`
	sqlListRecords = `SELECT t.id, t.round_id, t.number, t.digest, COALESCE(p.name, ''), t.created_at FROM training_record t
 LEFT JOIN person p ON p.tenant_id = t.tenant_id AND p.id = t.created_by WHERE t.tenant_id = ? AND t.round_id = ? ORDER BY t.number DESC`
	sqlRawRecord = `SELECT t.digest, t.content FROM training_record t WHERE t.tenant_id = ? AND t.id = ?`
)

// mails counts the messages written to those of list who have not finished, by enrolment: the dedupe of a reminder begins with the enrolment's ID.
func (t *TrainingRecords) mails(ctx context.Context, tid tenant.ID, run db.Runner, list []Enrolment) (map[db.ID]mailed, error) {
	found := map[db.ID]mailed{}
	people := []db.ID{}
	for _, e := range list {
		if e.Status.Open() {
			found[e.ID] = mailed{}
			people = append(people, e.Person)
		}
	}
	for part := range slices.Chunk(people, chunk) {
		cond := db.Where("m.tenant_id = ? AND m.kind IN ('round.assigned', 'round.due') AND m.state NOT IN ('no_address', 'dropped')", tid).In("m.person_id", db.Args(part))
		err := db.Each(ctx, run, sqlRecordMails+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
			var dedupe string
			var at db.Time
			if err := scan(&dedupe, &at); err != nil {
				return err
			}
			head, _, _ := strings.Cut(dedupe, " ")
			id, err := db.ParseID(head)
			m, ours := found[id]
			if err != nil || !ours {
				return nil // of another round
			}
			found[id] = mailed{m.n + 1, max(m.last, tenant.Day(at.Time))}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return found, nil
}

func recordDepartments(by map[string]*Figures) []RecordDepartment {
	list := make([]RecordDepartment, 0, len(by))
	for name, f := range by {
		list = append(list, RecordDepartment{name, *f, f.Rate()})
	}
	slices.SortFunc(list, func(a, b RecordDepartment) int { return strings.Compare(a.Name, b.Name) })
	return list
}
