package tenant

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"log/slog"
	"strings"
	"time"
	"unicode/utf8"

	"kenshu/fault"
	"kenshu/storage/cache"
	"kenshu/storage/db"
)

// Limits of API tokens.
const (
	MaxAPITokens       = 20 // in force, of one organisation
	MaxAPITokenDays    = 365
	DefaultTokenDays   = 90
	MaxAPITokenName    = 100
	apiTokenSecretSize = 32
	apiTokenPrefix     = "kenshu_" // by which a leaked one is found
)

// ScopeImport lets a token send files of people, and nothing else.
const ScopeImport = "person:import"

// scopes are what a token's scope lets it do: the role whose rights it has, and the permission that who made it must hold still.
var scopes = map[string]struct {
	role  Role
	needs string
}{ScopeImport: {RoleImportToken, "person:import"}}

// The budgets of requests with tokens: from one address, good or not, and of one token.
var (
	rateTokenSource = cache.Rate{Burst: 120, Per: 10 * time.Minute}
	rateToken       = cache.Rate{Burst: 60, Per: 10 * time.Minute}
)

// APIToken is a secret for a program of the organisation.
type APIToken struct {
	ID           db.ID
	Name         string
	Scope        string
	CreatedBy    string // name
	CreatedAt    db.Time
	ExpiresAt    db.Time
	LastUsedAt   db.Time
	LastUsedFrom string // network, not the whole address
	RevokedAt    db.Time
}

// APITokens keeps tokens for programs. Every use asks the database, so that a revoked one is refused by every replica at once.
type APITokens struct {
	db       *db.DB
	audit    *Audit
	access   *Access
	throttle *throttle
	clock    clockFunc
}

// NewAPITokens makes the service.
func NewAPITokens(d *db.DB, c cache.Cache, audit *Audit, access *Access, clock func() time.Time, log *slog.Logger) (*APITokens, error) {
	t, err := newThrottle(c, clock, log)
	return &APITokens{db: d, audit: audit, access: access, throttle: t, clock: clock}, err
}

// APITokenInput is what a form says about a new token.
type APITokenInput struct {
	Name string
	Days int // in force; 0 is DefaultTokenDays
}

// List gives the tokens, newest first, revoked and expired ones too.
func (s *APITokens) List(ctx context.Context, tid ID) ([]APIToken, error) {
	return db.List(ctx, s.db, sqlAPITokens+" ORDER BY t.created_at DESC, t.id DESC LIMIT 200", []any{tid}, scanAPIToken)
}

func scanAPIToken(row db.Row) (APIToken, error) {
	var t APIToken
	err := row.Scan(&t.ID, &t.Name, &t.Scope, &t.CreatedBy, &t.CreatedAt, &t.ExpiresAt, &t.LastUsedAt, &t.LastUsedFrom, &t.RevokedAt)
	return t, err
}

// Find gives one token, or fault.NotFound.
func (s *APITokens) Find(ctx context.Context, tid ID, id db.ID) (APIToken, error) {
	t, err := scanAPIToken(s.db.QueryRow(ctx, sqlAPITokens+" AND t.id = ?", tid, id))
	return t, db.One(err)
}

// Create makes a token that may send files of people, as long as who makes it may. The secret is given this once and not kept: a repeat with the same id answers
// without it. It returns fault.Invalid, or fault.Conflict "api_tokens_full".
func (s *APITokens) Create(ctx context.Context, tid ID, id db.ID, in APITokenInput) (t APIToken, secret string, err error) {
	in.Name = Tidy(in.Name)
	if in.Days == 0 {
		in.Days = DefaultTokenDays
	}
	var c fault.Check
	c.If(in.Name == "", "name", "required")
	c.If(utf8.RuneCountInString(in.Name) > MaxAPITokenName, "name", "too_long", "max", MaxAPITokenName)
	c.If(in.Days < 1, "days", "too_small", "min", 1)
	c.If(in.Days > MaxAPITokenDays, "days", "too_big", "max", MaxAPITokenDays)
	if err := c.Err(); err != nil {
		return APIToken{}, "", err
	}
	random := make([]byte, apiTokenSecretSize)
	if _, err := rand.Read(random); err != nil {
		return APIToken{}, "", fmt.Errorf("api token: %w", err)
	}
	now := s.clock()
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		var org db.ID
		if err := db.One(tx.QueryRowLocked(ctx, sqlTokenOrganisation, tid).Scan(&org)); err != nil { // two at once are counted one after the other
			return err
		}
		var count int
		if err := tx.QueryRow(ctx, sqlCountAPITokens, tid, db.At(now)).Scan(&count); err != nil {
			return err
		}
		if count >= MaxAPITokens {
			return fault.New(fault.Conflict, "api_tokens_full", "max", MaxAPITokens)
		}
		secret = apiTokenPrefix + strings.Join([]string{base64.RawURLEncoding.EncodeToString(random), encodeID(id), encodeID(org)}, ".")
		expires := db.At(now.Add(time.Duration(in.Days) * 24 * time.Hour))
		if err := tx.InsertMany(ctx, sqlInsertAPIToken, "(?, ?, ?, ?, ?, ?, ?, ?)", [][]any{{tid, id, in.Name, ScopeImport, db.Hash(sha256.Sum256(random)),
			ActorFrom(ctx).Person, db.At(now), expires}}); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: "api_token.create", SubjectKind: "api_token", Subject: id,
			Detail: map[string]any{"name": in.Name, "scope": ScopeImport, "days": in.Days}})
	})
	if db.IsDuplicate(err) {
		secret, err = "", nil
	}
	if err != nil {
		return APIToken{}, "", err
	}
	t, err = s.Find(ctx, tid, id)
	return t, secret, err
}

// Revoke ends a token at once. One that was revoked stays so. It returns fault.NotFound.
func (s *APITokens) Revoke(ctx context.Context, tid ID, id db.ID) error {
	return s.db.Tx(ctx, func(tx *db.Tx) error {
		var revoked db.Time
		var name string
		if err := db.One(tx.QueryRowLocked(ctx, sqlLockAPIToken, tid, id).Scan(&name, &revoked)); err != nil || !revoked.IsZero() {
			return err
		}
		if _, err := tx.Exec(ctx, sqlRevokeAPIToken, db.At(s.clock()), ActorFrom(ctx).Person, tid, id); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: "api_token.revoke", SubjectKind: "api_token", Subject: id, Detail: map[string]any{"name": name}})
	})
}

// Resolve gives the principal behind a token's secret: it belongs to the organisation, acts for who made it and is called as the token. It returns
// fault.Unauthorized when the token is none, expired or revoked, when its organisation does not take part, or when who made it may no longer do what it does;
// and fault.Limited.
func (s *APITokens) Resolve(ctx context.Context, secret, source string) (Principal, error) {
	if err := s.throttle.spend(ctx, sourceKey("token_source", source), rateTokenSource); err != nil {
		return Principal{}, err
	}
	none := fault.New(fault.Unauthorized, "no_token")
	rest, ours := strings.CutPrefix(secret, apiTokenPrefix)
	parts := strings.Split(rest, ".")
	if !ours || len(parts) != 3 || len(secret) > 200 || strings.ContainsAny(secret, "\r\n") {
		return Principal{}, none
	}
	random, errS := base64.RawURLEncoding.Strict().DecodeString(parts[0])
	id, errT := decodeID(parts[1])
	org, errO := decodeID(parts[2])
	if errS != nil || errT != nil || errO != nil {
		return Principal{}, none
	}
	var n int64
	p := Principal{Organisation: org, Since: s.clock()}
	err := db.One(s.db.QueryRow(ctx, sqlTokenTenant, org).Scan(&n, &p.OrganisationName, &p.OrganisationCode, &p.OrganisationKind))
	if fault.Is(err, fault.NotFound) {
		return Principal{}, none
	} else if err != nil {
		return Principal{}, err
	}
	p.Tenant = System(n, "the organisation that an API token names; its hash is compared before anything is done")
	return p, s.admit(ctx, &p, id, sha256.Sum256(random), source)
}

// admit completes the principal of a token, or refuses it.
func (s *APITokens) admit(ctx context.Context, p *Principal, id db.ID, hash db.Hash, source string) error {
	none := fault.New(fault.Unauthorized, "no_token")
	var stored db.Hash
	var scope string
	var expires, used, revoked db.Time
	err := db.One(s.db.QueryRow(ctx, sqlResolveAPIToken, p.Tenant, id).Scan(&p.Name, &scope, &stored, &p.Person, &expires, &used, &revoked))
	if fault.Is(err, fault.NotFound) {
		return none
	} else if err != nil {
		return err
	}
	now := s.clock()
	if subtle.ConstantTimeCompare(stored[:], hash[:]) != 1 || !revoked.IsZero() || !now.Before(expires.Time) {
		return none
	}
	if err := s.throttle.spend(ctx, cache.NewKey("token", id.String()), rateToken); err != nil {
		return err
	}
	var roles []Role
	if err := db.Each(ctx, s.db, sqlTokenMaker, []any{p.Tenant, p.Person}, func(scan func(...any) error) error {
		var r Role
		err := scan(&r)
		roles = append(roles, r)
		return err
	}); err != nil {
		return err
	}
	what := scopes[scope]
	if s.access.Allowing(roles, what.needs) == "" {
		return none
	}
	p.Roles, p.token = []Role{what.role}, id
	if now.Sub(used.Time) > time.Minute {
		_, err = s.db.Exec(ctx, sqlUsedAPIToken, db.At(now), Clip(SourceGroup(source), 64), p.Tenant, id)
	}
	return err
}

// Token is the API token by which the principal came, or the zero id.
func (p Principal) Token() db.ID { return p.token }
