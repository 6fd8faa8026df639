package tenant

import (
	"context"
	"crypto/sha256"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"

	"kenshu/fault"
	"kenshu/storage/cache"
	"kenshu/storage/db"
)

// keepDevices is how long log-ins are remembered, to tell a device that is new.
const keepDevices = 180 * 24 * time.Hour

// KindSessionForget is the job that forgets log-ins of long ago.
const KindSessionForget = "session.forget"

// Device is a session that is alive, as people recognise it.
type Device struct {
	ID       db.ID
	Person   db.ID
	Device   string // browser and system, as "Chrome / Windows"; "" when the browser did not say
	Source   string // network of the client address: 203.0.113.x
	Since    time.Time
	LastUsed time.Time // a minute late at most
}

const (
	sqlLockCredential = `SELECT changed_at FROM credential WHERE tenant_id = ? AND person_id = ?`
	sqlInsertDevice   = `INSERT INTO session_device (tenant_id, id, person_id, token_hash, device, source, started_at) VALUES (?, ?, ?, ?, ?, ?, ?)`
	sqlSelectDevices  = `SELECT d.id, d.person_id, d.token_hash, d.device, d.source, d.started_at FROM session_device d`
	sqlEndDevice      = `UPDATE session_device SET ended_at = ? WHERE tenant_id = ? AND id = ? AND ended_at IS NULL`
	sqlEndDevices     = `UPDATE session_device SET ended_at = ?` // who is signed out everywhere is logged in nowhere: no concern of several devices is left
	sqlEndOfDevice    = `SELECT ended_at FROM session_device WHERE tenant_id = ? AND id = ?`
	sqlMoveDevice     = `UPDATE session_device SET token_hash = ? WHERE tenant_id = ? AND id = ?`
	sqlKnownDevice    = `SELECT COUNT(*), COALESCE(SUM(CASE WHEN device = ? THEN 1 ELSE 0 END), 0) FROM session_device WHERE tenant_id = ? AND person_id = ?`
	sqlForgetDevices  = `DELETE FROM session_device WHERE started_at < ?` // all tenants: what is old enough everywhere
)

// deviceRow is a log-in that was not ended by hand; whether its session is alive, the cache tells.
type deviceRow struct {
	Device
	hash []byte
}

func (r deviceRow) key() cache.Key { return cache.NewKey("session", string(r.hash)) }

// Devices gives the sessions of people that are alive, of each person the latest used first. Several of one person at once are concurrent use.
func (s *Sessions) Devices(ctx context.Context, tid ID, people []db.ID) (map[db.ID][]Device, error) {
	out := map[db.ID][]Device{}
	for part := range slices.Chunk(people, 500) {
		rows, err := s.deviceRows(ctx, tid, s.db, part)
		if err != nil {
			return nil, err
		}
		living, _, err := s.living(ctx, rows)
		if err != nil {
			return nil, err
		}
		for _, r := range living {
			out[r.Person] = append(out[r.Person], r.Device)
		}
	}
	for _, list := range out {
		slices.SortFunc(list, func(a, b Device) int { return b.LastUsed.Compare(a.LastUsed) })
	}
	return out, nil
}

func (s *Sessions) deviceRows(ctx context.Context, tid ID, r db.Runner, people []db.ID) ([]deviceRow, error) {
	if len(people) == 0 {
		return nil, nil
	}
	var list []deviceRow
	cond := db.Where("d.tenant_id = ?", tid).In("d.person_id", db.Args(people)).And("d.ended_at IS NULL").And("d.started_at > ?", db.At(s.clock().Add(-s.limits.Absolute)))
	err := db.Each(ctx, r, sqlSelectDevices+cond.SQL(), cond.Args(), func(scan func(...any) error) error {
		var d deviceRow
		var since db.Time
		err := scan(&d.ID, &d.Person, &d.hash, &d.Device.Device, &d.Source, &since)
		d.Since = since.Time
		list = append(list, d)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read devices: %w", err)
	}
	return list, nil
}

// living parts log-ins into those whose session the cache still answers for, and the others. It does not look at an ended organisation.
func (s *Sessions) living(ctx context.Context, rows []deviceRow) (alive, dead []deviceRow, err error) {
	if len(rows) == 0 {
		return nil, nil, nil
	}
	keys := make([]cache.Key, 0, 2*len(rows))
	for _, r := range rows {
		keys = append(keys, r.key(), personEpochKey(r.Person))
	}
	values, err := s.cache.MGet(ctx, keys...)
	if err != nil {
		return nil, nil, fmt.Errorf("read sessions: %w", err)
	}
	now := s.clock()
	for i, r := range rows {
		st, ok := s.read.of(r.key(), values[2*i])
		if !ok || number(values[2*i+1]) > st.PersonEpoch || now.Sub(st.Touched) > s.limits.Idle {
			dead = append(dead, r)
			continue
		}
		r.LastUsed = st.Touched
		alive = append(alive, r)
	}
	return alive, dead, nil
}

// enter writes a log-in down, one after the other for each account, and gives the sessions that must end for it: those least lately used beyond
// what the policy allows. Whoever calls it ends them before the new session is handed out.
func (s *Sessions) enter(ctx context.Context, tid ID, tx *db.Tx, st storedSession, hash []byte) ([]cache.Key, error) {
	var changed db.Time
	if err := db.One(tx.QueryRowLocked(ctx, sqlLockCredential, tid, st.Person).Scan(&changed)); err != nil {
		return nil, err
	}
	policy, err := ReadSecurityPolicy(ctx, tid, tx)
	if err != nil {
		return nil, err
	}
	over, err := s.tooMany(ctx, tid, tx, st.Person, policy.SessionsPerAccount)
	if err != nil {
		return nil, err
	}
	keys := make([]cache.Key, 0, len(over))
	for _, r := range over {
		if _, err := tx.Exec(ctx, sqlEndDevice, db.At(st.Created), tid, r.ID); err != nil {
			return nil, err
		}
		keys = append(keys, r.key())
	}
	who := ActorFrom(ctx)
	_, err = tx.Exec(ctx, sqlInsertDevice, tid, st.Device, st.Person, hash, deviceWords(who.Agent), networkOf(who.Source), db.At(st.Created))
	return keys, err
}

// tooMany gives the log-ins that leave no room for one more.
func (s *Sessions) tooMany(ctx context.Context, tid ID, tx *db.Tx, person db.ID, limit int) ([]deviceRow, error) {
	if limit == 0 {
		return nil, nil
	}
	rows, err := s.deviceRows(ctx, tid, tx, []db.ID{person})
	if err != nil || len(rows) < limit {
		return nil, err
	}
	alive, dead, err := s.living(ctx, rows)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(alive, func(a, b deviceRow) int { return a.LastUsed.Compare(b.LastUsed) })
	return append(dead, alive[:max(0, len(alive)+1-limit)]...), nil
}

// EndDevice ends one of a person's own sessions. It returns fault.NotFound for a session that is not theirs or is over.
func (c *Credentials) EndDevice(ctx context.Context, tid ID, person, id db.ID) error {
	return c.sessions.endDevices(ctx, tid, c.audit, person, func(r deviceRow) bool { return r.ID == id }, true)
}

// EndOthers ends every session of the principal's person but the one that asks.
func (c *Credentials) EndOthers(ctx context.Context, tid ID, p Principal) error {
	return c.sessions.endDevices(ctx, tid, c.audit, p.Person, func(r deviceRow) bool { return r.ID != p.Session }, false)
}

func (s *Sessions) endDevices(ctx context.Context, tid ID, audit *Audit, person db.ID, which func(deviceRow) bool, must bool) error {
	var keys []cache.Key
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		keys = nil
		rows, err := s.deviceRows(ctx, tid, tx, []db.ID{person})
		if err != nil {
			return err
		}
		for _, r := range rows {
			if !which(r) {
				continue
			}
			if _, err := tx.Exec(ctx, sqlEndDevice, db.At(s.clock()), tid, r.ID); err != nil {
				return err
			}
			keys = append(keys, r.key())
		}
		switch {
		case len(keys) == 0 && must:
			return fault.New(fault.NotFound, "not_found")
		case len(keys) == 0:
			return nil
		}
		return audit.Append(ctx, tid, tx, Change{Action: "session.end_other", SubjectKind: "person", Subject: person, Detail: map[string]any{"count": len(keys)}})
	})
	if err != nil || len(keys) == 0 {
		return err
	}
	return s.cache.Delete(ctx, keys...)
}

// Forget is the handler of KindSessionForget.
func (s *Sessions) Forget(ctx context.Context, _ db.Job, _ func(int64, int64)) error {
	_, err := s.db.Exec(ctx, sqlForgetDevices, db.At(s.clock().Add(-keepDevices)))
	return err
}

func tokenHash(token string) []byte {
	sum := sha256.Sum256([]byte(token))
	return sum[:]
}

// networkOf is a client address without its last part: enough to recognise, not enough to find a household.
func networkOf(source string) string {
	addr, err := netip.ParseAddr(source)
	if err != nil {
		return ""
	}
	addr = addr.Unmap().WithZone("")
	if addr.Is4() {
		b := addr.As4()
		return fmt.Sprintf("%d.%d.%d.x", b[0], b[1], b[2])
	}
	p, err := addr.Prefix(48)
	if err != nil {
		return ""
	}
	return p.String()
}

// What user agents call themselves, the particular before the general.
var (
	browsers = [][2]string{{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"Firefox/", "Firefox"}, {"FxiOS", "Firefox"}, {"CriOS", "Chrome"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}}
	systems  = [][2]string{{"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Android", "Android"}, {"CrOS", "ChromeOS"}, {"Windows", "Windows"}, {"Mac OS X", "Mac"}, {"Linux", "Linux"}}
)

// deviceWords names a device from its user agent: browser and system, each when it is a known one. Nothing else of it is kept.
func deviceWords(agent string) string {
	var words []string
	for _, table := range [][][2]string{browsers, systems} {
		for _, row := range table {
			if strings.Contains(agent, row[0]) {
				words = append(words, row[1])
				break
			}
		}
	}
	return strings.Join(words, " / ")
}
