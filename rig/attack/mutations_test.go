package attack

// mutation is one protection taken out of the source: old becomes new in file, and run, a test of pkg, must fail.
type mutation struct {
	name           string
	file, old, new string
	pkg, run       string
	quick          bool // cheap enough for every test run
	hangs          bool // known to keep its test from ending, which is how it is noticed
}

// mutations are the protections of which the loss would hurt, each with the test that is there for it. The predicates of SQL that name an organisation are not
// among them: TestEveryTenantPredicateIsMissed takes out every one of those.
var mutations = []mutation{
	{
		name: "cells are not guarded against formulas", quick: true,
		file: "storage/sheet/guard.go", old: `	if guarded(text) {
		return "'" + text`, new: `	if false && guarded(text) {
		return "'" + text`,
		pkg: "storage/sheet", run: "TestNoTextBecomesAFormula",
	},
	{
		name: "full-width signs begin no formula", quick: true,
		file: "storage/sheet/guard.go", old: `\n＝＋－＠"`, new: `\n"`,
		pkg: "storage/sheet", run: "TestNoTextBecomesAFormula",
	},
	{
		name: "signed links to files are believed", quick: true,
		file: "storage/blob/dir_link.go", old: `if !hmac.Equal(`, new: `if false && !hmac.Equal(`,
		pkg: "storage/blob", run: "TestDir.*",
	},
	{
		name: "signed links to files never end",
		file: "storage/blob/dir_link.go", old: `if now.UnixMilli() >= c.Expires {`, new: `if now.UnixMilli() >= c.Expires+1<<50 {`,
		pkg: "storage/blob", run: "TestDirLinks.*",
	},
	{
		name: "a link for one purpose opens another",
		file: "storage/blob/dir_link.go", old: `[]byte(s.mac(purpose, text))`, new: `[]byte(s.mac(purpose[:0], text))`,
		pkg: "storage/blob", run: "TestDir.*",
	},
	{
		name: "a session lives on after the person's sessions were ended",
		file: "tenant/session.go", old: `number(values[1]) > st.PersonEpoch`, new: `number(values[1]) < 0`,
		pkg: "tenant", run: "TestSuspendedPerson|TestEndPeople",
	},
	{
		name: "a session lives on in a suspended organisation",
		file: "tenant/session.go", old: `number(values[2]) > st.OrgEpoch`, new: `number(values[2]) < 0`,
		pkg: "tenant", run: "TestSuspension",
	},
	{
		name: "a session never ends by itself",
		file: "tenant/session.go", old: `now.Sub(st.Created) > s.limits.Absolute,`, new: ``,
		pkg: "tenant", run: "TestSessionLimitsDoNotRestOnTheCache",
	},
	{
		name: "a session that nobody uses goes on",
		file: "tenant/session.go", old: `, now.Sub(st.Touched) > s.limits.Idle:`, new: `:`,
		pkg: "tenant", run: "TestSessionLimitsDoNotRestOnTheCache",
	},
	{
		name: "an ended session stays in the cache",
		file: "tenant/session.go", old: `if err := s.cache.Delete(ctx, p.key); err != nil {
		return err
	}
	_, err := s.db.Exec(ctx, sqlEndDevice`, new: `_, err := s.db.Exec(ctx, sqlEndDevice`,
		pkg: "tenant", run: "TestLogOutDuringRequest",
	},
	{
		name: "a code of the authenticator app counts twice",
		file: "tenant/second_factor_sql.go", old: ` AND person_id = ? AND last_step < ?`, new: ` AND person_id = ? AND last_step < ? + 100`,
		pkg: "tenant", run: "TestCodesCountOnce",
	},
	{
		name: "a recovery code counts twice",
		file: "tenant/second_factor_sql.go", old: ` AND number = ? AND hash = ? AND used_at IS NULL`, new: ` AND number = ? AND hash = ?`,
		pkg: "tenant", run: "TestRecoveryCodeAtOnce",
	},
	{
		name: "one-time passwords never expire",
		file: "tenant/login.go", old: `&& !row.credential.expires.After(c.clock())`, new: `&& row.credential.expires.IsZero()`,
		pkg: "tenant", run: "TestOneTimeExpires",
	},
	{
		name: "an unknown account is answered without the work of checking",
		file: "tenant/login.go", old: `if err := c.hasher.waste(ctx, in.Password); err != nil {
			return Login{}, err
		}
		pass.failed`, new: `pass.failed`,
		pkg: "tenant", run: "TestUnknownAccountCostsTheSame",
	},
	{
		name: "unknown accounts have no budget",
		file: "tenant/throttle.go", old: `	return p, t.spend(ctx, key, rate)
}`, new: `	_, _ = rate, key
	return p, nil
}`,
		pkg: "tenant", run: "TestUnknownAccountIsThrottledAlike",
	},
	{
		name: "wrong tries of one source are not counted",
		file: "tenant/throttle.go", old: `if sourceBlocked {`, new: `if false && sourceBlocked {`,
		pkg: "tenant", run: "TestSourceAndSpray",
	},
	{
		name: "spraying is not noticed",
		file: "tenant/throttle.go", old: `	if sprayed {`, new: `	if false && sprayed {`,
		pkg: "tenant", run: "TestSourceAndSpray",
	},
	{
		name: "strangers use up the budget of a known device",
		file: "tenant/throttle.go", old: `	if a.known {
		return p, t.spend`, new: `	if false && a.known {
		return p, t.spend`,
		pkg: "tenant", run: "TestVictimIsNotLockedOut",
	},
	{
		name: "without a cache nothing is limited",
		file: "tenant/throttle.go", old: `	rate.Burst = max(1, rate.Burst/3)
`, new: `	return cache.Decision{Allowed: true}, t.local
`,
		pkg: "tenant", run: "TestCacheAwayIsStricterNeverOpen",
	},
	{
		name: "the right secret is not asked of a program",
		file: "tenant/api_token.go", old: `if subtle.ConstantTimeCompare(stored[:], hash[:]) != 1 ||`, new: `if subtle.ConstantTimeCompare(stored[:], hash[:]) > 1 ||`,
		pkg: "tenant", run: "TestAPITokens",
	},
	{
		name: "a revoked token goes on",
		file: "tenant/api_token.go", old: `!revoked.IsZero() ||`, new: ``,
		pkg: "tenant", run: "TestAPITokens",
	},
	{
		name: "a token outlives its day",
		file: "tenant/api_token.go", old: ` || !now.Before(expires.Time) {`, new: ` || now.IsZero() {`,
		pkg: "tenant", run: "TestAPITokens",
	},
	{
		name: "a token outlives the right of who made it",
		file: "tenant/api_token.go", old: `if s.access.Allowing(roles, what.needs) == "" {`, new: `if s.access.Allowing(roles, what.needs) == "no" {`,
		pkg: "tenant", run: "TestAPITokens",
	},
	{
		name: "the second of two who change a person wins unseen",
		file: "tenant/person_write.go", old: `	if now != version {`, new: `	if false && now != version {`,
		pkg: "tenant", run: "TestUpdateKeepsHistoryAndRefusesAStaleVersion",
	},
	{
		name: "the second of two who change an organisation wins unseen",
		file: "tenant/organisation_sql.go", old: `version = version + 1 WHERE tenant_id = ? AND version = ?`, new: `version = version + 1 WHERE tenant_id = ? AND version >= ? - 100`,
		pkg: "tenant", run: "TestSuspension|TestRegisterList",
	},
	{
		name: "the manager can be suspended without a handover",
		file: "tenant/person_place.go", old: `case before.Has(RoleManager):`, new: `case before.Has(RoleManager) && before.Name == "":`,
		pkg: "tenant", run: "TestStatesOfAPerson|TestActsRefuse",
	},
	{
		name: "a deputy hands out the manager's password",
		file: "tenant/handover.go", old: `	if slices.Contains(people, manager) {`, new: `	if false && slices.Contains(people, manager) {`,
		pkg: "tenant", run: "TestDeputyIsHandedNoManagersPassword",
	},
	{
		name: "a new password without the old one",
		file: "tenant/credential.go", old: `		return at("current_password", []fault.Field{{Key: "password_wrong"}})`, new: `		_ = at("current_password", []fault.Field{{Key: "password_wrong"}})`,
		pkg: "tenant", run: "TestChangePasswordNeedsCurrent",
	},
	{
		name: "an auditor's link outlives its day",
		file: "lms/record_link.go", old: `l.RevokedAt.IsZero() && l.ExpiresAt.After(now)`, new: `l.RevokedAt.IsZero() && !now.IsZero()`,
		pkg: "lms", run: "TestRecordLink",
	},
	{
		name: "a revoked link of an auditor opens",
		file: "lms/record_link.go", old: `l.RevokedAt.IsZero() && l.ExpiresAt.After(now)`, new: `l.ExpiresAt.After(now)`,
		pkg: "lms", run: "TestRecordLink",
	},
	{
		name: "a link into a suspended organisation opens",
		file: "lms/record_link.go", old: `!o.Link.Live(s.clock()) || state != "active"`, new: `!o.Link.Live(s.clock())`,
		pkg: "lms", run: "TestRecordLink",
	},
	{
		name: "attempts are not counted",
		file: "lms/attempt.go", old: `return Attempt{}, fault.New(fault.Conflict, "attempts_used_up"`, new: `_, _ = Attempt{}, fault.New(fault.Conflict, "attempts_used_up"`,
		pkg: "lms", run: "TestAttemptsUsedUp",
	},
	{
		name: "the second of two saved views wins unseen",
		file: "lms/saved_view_sql.go", old: ` WHERE tenant_id = ? AND id = ? AND version = ?`, new: ` WHERE tenant_id = ? AND id = ? AND version >= ? - 100`,
		pkg: "lms", run: "TestSavedViewsAreTheirOwners",
	},
	{
		name: "a forged ticket opens a package",
		file: "content/package_link.go", old: `|| !hmac.Equal(s.mac(b[:ticketSize]), b[ticketSize:]) {`, new: `{`,
		pkg: "content", run: "TestPackage|FuzzReadTicket",
	},
	{
		name: "a ticket for a package never ends",
		file: "content/package_link.go", old: `if s.clock().After(t.Expires) {`, new: `if s.clock().IsZero() {`,
		pkg: "content", run: "TestPackage|FuzzReadTicket",
	},
	{
		name: "links in packages are followed",
		file: "content/package_zip.go", old: `mode&fs.ModeType != 0 && mode&fs.ModeType != fs.ModeDir:`, new: `mode&fs.ModeType == 1:`,
		pkg: "content", run: "TestHostilePackages",
	},
	{
		name: "names in packages lead outside", hangs: true,
		file: "content/package_zip.go", old: `	if err := checkName(name); err != nil {
		return packageEntry{}, false, err
	}
	mode`, new: `	mode`,
		pkg: "content", run: "TestHostilePackages",
	},
	{
		name: "packages that unpack to a thousand times their size",
		file: "content/package_zip.go", old: `p.unpacked > bombFloor &&`, new: `p.unpacked > bombFloor<<30 &&`,
		pkg: "content", run: "TestHostilePackages|TestLyingPackages",
	},
	{
		name: "links of pages may run",
		file: "content/richtext.go", old: `p.AllowURLSchemes("mailto")`, new: `p.AllowURLSchemes("mailto", "javascript")`,
		pkg: "content", run: "TestCleanHTMLRefusesWhatRuns",
	},
	{
		name: "elements of pages have names",
		file: "content/richtext.go", old: `	p.AllowAttrs("alt").OnElements("img")`, new: `	p.AllowAttrs("alt", "id", "name").OnElements("img")`,
		pkg: "content", run: "TestCleanHTMLRefusesWhatRuns",
	},
	{
		name: "uploads beyond the organisation's space",
		file: "content/upload.go", old: `		return fault.New(fault.Conflict, "file_quota", "max", s.limits.Quota)`, new: `		_ = fault.New(fault.Conflict, "file_quota", "max", s.limits.Quota)`,
		pkg: "content", run: "TestQuotaOfManyAtOnce",
	},
	{
		name: "a route without permission",
		file: "server/api/route.go", old: `	if role == "" {
		return p, "", fault.New(fault.Forbidden, "not_allowed")`, new: `	if role == "nobody" {
		return p, "", fault.New(fault.Forbidden, "not_allowed")`,
		pkg: "server/app", run: "TestRoutesAreShutByDefault",
	},
	{
		name: "a grave operation without a fresh proof",
		file: "server/api/route.go", old: `if r.StepUp && !a.svc.Sessions.Fresh(p) {`, new: `if false && r.StepUp && !a.svc.Sessions.Fresh(p) {`,
		pkg: "server/app", run: "TestStaleSessionsAreAskedAgain",
	},
	{
		name: "a handed-out password opens everything",
		file: "server/api/route.go", old: `if p.MustChange && r.Early < EarlyPassword {`, new: `if false && p.MustChange && r.Early < EarlyPassword {`,
		pkg: "server/app", run: "TestEveryPrincipalOnEveryRoute",
	},
	{
		name: "a demanded factor is not demanded",
		file: "server/api/route.go", old: `if p.MustEnrol && r.Early < EarlyFactor {`, new: `if false && p.MustEnrol && r.Early < EarlyFactor {`,
		pkg: "server/app", run: "TestWhatComesFirst|TestEarly.*|TestAssociationNeedsAFactor",
	},
	{
		name: "a program's token opens every route",
		file: "server/api/route.go", old: `given && r.Token {`, new: `given {`,
		pkg: "server/app", run: "TestTokensOpenTheirRoutesOnly",
	},
	{
		name: "learners may read the people",
		file: "tenant/policy.csv", old: "p, role:staff, session:own\n", new: "p, role:staff, session:own\np, role:staff, person:read\n",
		pkg: "tenant", run: "TestWhatRolesNeverMay",
	},
	{
		name: "any host name is ours",
		file: "server/api/guard.go", old: `if !strings.EqualFold(r.Host, a.cfg.PublicURL.Host) {`, new: `if r.Host == "" {`,
		pkg: "server/app", run: "TestHeadersOfOthersAreNotBelieved",
	},
	{
		name: "other sites may read",
		file: "server/api/guard.go", old: `r.Header.Get("Sec-Fetch-Site") == "cross-site"`, new: `r.Header.Get("Sec-Fetch-Site") == "never"`,
		pkg: "server/app", run: "TestCrossSiteRequestsAreRefused",
	},
	{
		name: "other sites may write",
		file: "server/api/guard.go", old: `protected := crossSite.Handler(next)`, new: `_, protected := crossSite, next`,
		pkg: "server/app", run: "TestCrossSiteRequestsAreRefused",
	},
	{
		name: "anybody's word for the address is believed",
		file: "server/api/guard.go", old: `i >= 0 && a.isProxy(host); i--`, new: `i >= 0; i--`,
		pkg: "server/api", run: "TestSourceOfARequest",
	},
	{
		name: "answers are guessed to be pages",
		file: "server/api/guard.go", old: `	h.Set("X-Content-Type-Options", "nosniff")
`, new: ``,
		pkg: "server/app", run: "TestEveryAnswerCarriesItsHeaders",
	},
	{
		name: "answers are kept by caches",
		file: "server/api/guard.go", old: `		h.Set("Cache-Control", "no-store")
`, new: ``,
		pkg: "server/app", run: "TestEveryAnswerCarriesItsHeaders",
	},
	{
		name: "scripts read the session",
		file: "server/api/session.go", old: `HttpOnly: true`, new: `HttpOnly: false`,
		pkg: "server/app", run: "TestLogInTakesThePlaceOfASession",
	},
	{
		name: "two members of one name",
		file: "server/api/strict.go", old: `				if seen[folded] {`, new: `				if false && seen[folded] {`,
		pkg: "server/api", run: "TestUnambiguous",
	},
}
