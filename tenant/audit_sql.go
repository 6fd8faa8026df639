package tenant

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"kenshu/storage/db"
)

const sealBatch = 500

const auditColumns = `e.id, e.happened_at, e.actor_kind, e.actor_id, e.actor_name, e.actor_role, e.action, e.subject_kind, e.subject_id,
 e.before_digest, e.after_digest, e.detail, e.reason, e.source, e.request_id`

const (
	sqlPersonNames = `SELECT id, name FROM person`
	sqlInsertAudit = `INSERT INTO audit_event (tenant_id, id, happened_at, actor_kind, actor_id, actor_name, actor_role, action, subject_kind, subject_id,
 before_digest, after_digest, detail, reason, source, request_id) VALUES`
	sqlSelectAudit   = `SELECT ` + auditColumns + ` FROM audit_event e`
	sqlInsertPending = `INSERT INTO audit_pending (tenant_id, event_id) VALUES`
	sqlDeletePending = `DELETE FROM audit_pending`
	sqlUnsealed      = `SELECT ` + auditColumns + ` FROM audit_pending w JOIN audit_event e ON e.tenant_id = w.tenant_id AND e.id = w.event_id
 WHERE w.tenant_id = ? AND e.happened_at <= ? ORDER BY w.event_id LIMIT 500`
	sqlTenantsPending = `SELECT DISTINCT tenant_id FROM audit_pending` // all tenants: the sealer job
	sqlCountUnsealed  = `SELECT COUNT(*) FROM audit_event e LEFT JOIN audit_seal s ON s.tenant_id = e.tenant_id AND s.event_id = e.id
 WHERE e.tenant_id = ? AND s.seq IS NULL`
	sqlLastSeal    = `SELECT COALESCE(MAX(seq), 0) FROM audit_seal WHERE tenant_id = ?`
	sqlFirstSealed = `SELECT COALESCE(MIN(tenant_id), 0) FROM audit_seal`
	sqlSealHash    = `SELECT hash FROM audit_seal WHERE tenant_id = ? AND seq = ?`
	sqlSealHead    = `SELECT seq, hash FROM audit_seal WHERE tenant_id = ? ORDER BY seq DESC LIMIT 1`
	sqlInsertSeal  = `INSERT INTO audit_seal (tenant_id, seq, event_id, hash, sealed_at) VALUES`
	sqlSealed      = `SELECT s.seq, s.hash, ` + auditColumns + ` FROM audit_seal s JOIN audit_event e ON e.tenant_id = s.tenant_id AND e.id = s.event_id
 WHERE s.tenant_id = ? AND s.seq > ? ORDER BY s.seq LIMIT 500`
)

func auditFields(e *AuditEvent) []any {
	return []any{&e.ID, &e.HappenedAt, &e.ActorKind, &e.ActorID, &e.ActorName, &e.ActorRole, &e.Action, &e.SubjectKind, &e.SubjectID,
		&e.Before, &e.After, &e.detail, &e.Reason, &e.Source, &e.RequestID}
}

func (a *Audit) read(ctx context.Context, r db.Runner, query string, args ...any) ([]AuditEvent, error) {
	return db.List(ctx, r, query, args, func(row db.Row) (e AuditEvent, err error) {
		if err = row.Scan(auditFields(&e)...); err != nil {
			return e, err
		}
		if err = json.Unmarshal(e.detail, &e.Detail); err != nil {
			return e, fmt.Errorf("audit detail: %w", err)
		}
		return e, nil
	})
}

// SealedByThis tells whether the newest link of the first chain was made with this key; true where there is none to tell by.
func (a *Audit) SealedByThis(ctx context.Context) (bool, error) {
	var n int64
	if err := db.One(a.db.QueryRow(ctx, sqlFirstSealed).Scan(&n)); err != nil || n == 0 {
		return err == nil, err
	}
	tid := System(n, "comparison of the master key")
	var last int64
	if err := db.One(a.db.QueryRow(ctx, sqlLastSeal, tid).Scan(&last)); err != nil {
		return false, err
	}
	check, prev := AuditCheck{Sealed: last - 1}, db.Hash{}
	if last > 1 {
		if err := db.One(a.db.QueryRow(ctx, sqlSealHash, tid, last-1).Scan(&prev)); err != nil {
			return false, err
		}
	}
	rows, err := a.db.Query(ctx, sqlSealed, tid, last-1)
	if err != nil {
		return false, err
	}
	_, err = a.walk(tid, rows, &check, &prev)
	return check.Broken == 0, err
}

// walk follows the links in rows and stops at the first that does not hold.
func (a *Audit) walk(tid ID, rows *sql.Rows, check *AuditCheck, prev *db.Hash) (int, error) {
	defer rows.Close()
	n := 0
	for rows.Next() {
		var e AuditEvent
		var seq int64
		var hash db.Hash
		if err := rows.Scan(append([]any{&seq, &hash}, auditFields(&e)...)...); err != nil {
			return n, err
		}
		n++
		if seq != check.Sealed+1 || !sameLink(a.link(tid, seq, *prev, e), hash) {
			check.Broken = check.Sealed + 1
			return n, nil
		}
		check.Sealed, *prev = seq, hash
	}
	return n, rows.Err()
}

// nameSubjects adds what people among the subjects are called now.
func (a *Audit) nameSubjects(ctx context.Context, tid ID, events []AuditEvent) error {
	var ids []any
	for _, e := range events {
		if e.SubjectKind == "person" && !e.SubjectID.IsZero() {
			ids = append(ids, e.SubjectID)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	cond := db.Where("tenant_id = ?", tid).In("id", ids)
	names := map[db.ID]string{}
	err := db.Each(ctx, a.db, sqlPersonNames+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
		var id db.ID
		var name string
		err := scan(&id, &name)
		names[id] = name
		return err
	})
	if err != nil {
		return fmt.Errorf("names of an audit page: %w", err)
	}
	for i := range events {
		events[i].SubjectName = names[events[i].SubjectID]
	}
	return nil
}
