package app_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pingcap/tidb/pkg/parser"
	_ "github.com/pingcap/tidb/pkg/parser/test_driver" // literals of the parser

	"kenshu/rig/kit"
)

// acrossTenants lists the constants whose statement reads or writes more than one organisation on purpose, and why.
var acrossTenants = map[string]string{
	"sqlFirstSealed":      "the key of a database that has noted none is told by whose seals it bears",
	"sqlCountOneTime":     "the operator is told what another master key makes void, in figures of the whole installation",
	"sqlCountTOTP":        "the operator is told what another master key makes void, in figures of the whole installation",
	"sqlSharedWith":       "the association reads with which organisations it shares its own course",
	"sqlSharedRequirable": "an organisation's course may demand one that the association shares with all",
	"sqlUnkeptDeletions":  "the job of the deletion journal writes all organisations' new lines, which hold no personal data, to the object store",
	"sqlKeptDeletions":    "the job that mends the deletion journal writes one page's lines again, of all organisations, which hold no personal data",
	"sqlLeavesDue":        "the job of leavings entered in advance finds whose last day is over, then lets them leave as their organisation",
	"sqlRoundTenants":     "the job of the days finds the organisations with open rounds, then works as each of them",
	"sqlMinimumTime":      "every request asks when the association last changed what it demands of all",
	"sqlSecurityMinimum":  "every organisation reads what the association lets none go under",
	"sqlUniteIdentities":  "the accounts of one human being, who has just proved to be both",
	"sqlCountIdentity":    "the accounts of one human being, counted for whoever joins one more",
	"sqlIdentityRoles":    "the roles of one human being in each of their accounts, for that person alone",
	"sqlIdentityMembers":  "the accounts of one human being, for that person alone",
	"sqlTenantsPending":   "the sealer job asks which organisations have events to chain, then works as each of them",
	"sqlSweptTenants":     "the sweep of unused files goes over the register, then works as each organisation",
	"sqlExpiredUploads":   "the clean-up job finds uploads nobody goes on with, then ends each as its organisation",
	"sqlUncheckedAll":     "the login check job asks which organisations have people to look at, then works as each of them",
	"sqlRecurring":        "the job of what comes again finds what is due, then works as each organisation",
	"sqlOpenRounds":       "the reminder job finds the open rounds, then works as each round's organisation",
	"sqlForgetDevices":    "the clean-up job forgets log-ins of long ago, whoever's they were",
	"sqlOrganisationByID": "a passkey names the organisation that it belongs to",
	"sqlImportsKept":      "the import's tick finds what was kept long enough, then works as each organisation",
	"sqlImportTenants":    "the clean-up of import files goes over the register, then works as each organisation",
	"sqlSilentRules":      "the import's tick finds the organisations to which no file came, then works as each of them",
}

// notOfATenant lists conditions that begin without the tenant because the table belongs to none, and why.
var notOfATenant = map[string]string{
	"kind = 'organisation'": "the register, which only the association reads (Organisations.mustBeAssociation)",
	"r.role = 'manager'":    "the managers of one page of the register, by the numbers of its organisations",
	"state = 'active'":      "the head counts of one page of the register, by the numbers of its organisations",
}

var (
	statement   = regexp.MustCompile(`^(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH|REPLACE|INSERT OR|INSERT IGNORE)\b`)
	tableRef    = regexp.MustCompile(`\b(FROM|JOIN|UPDATE|INTO) ([a-z_]+)(?: (?:AS )?([a-z][a-z0-9_]*))?`)
	bareTenant  = regexp.MustCompile(`(^|[^.\w])tenant_id *(=|IN\b)`)
	inner       = regexp.MustCompile(`\([^()]*\)`)
	boundTenant = regexp.MustCompile(`\btenant_id *= *\?`)

	givenTenant  = regexp.MustCompile(`\b([a-z_][a-z0-9_]*)\.tenant_id = \?`)
	equalTenants = regexp.MustCompile(`\b([a-z_][a-z0-9_]*)\.tenant_id = ([a-z_][a-z0-9_]*)\.tenant_id`)
)

// foreign is what only one of the engines understands, or understands differently.
var foreign = map[string]*regexp.Regexp{
	"REPLACE INTO":                   regexp.MustCompile(`\bREPLACE INTO\b`),
	"INSERT OR, INSERT IGNORE":       regexp.MustCompile(`\bINSERT (OR|IGNORE)\b`),
	"ON CONFLICT, ON DUPLICATE":      regexp.MustCompile(`\bON (CONFLICT|DUPLICATE)\b`),
	"||":                             regexp.MustCompile(`\|\|`),
	"a double-quoted or quoted name": regexp.MustCompile("\"|`"),
	"NOW()":                          regexp.MustCompile(`\b(NOW|CURDATE|UNIX_TIMESTAMP|DATETIME|STRFTIME)\(|\bCURRENT_TIMESTAMP\b`),
	"RETURNING":                      regexp.MustCompile(`\bRETURNING\b`),
	"UPDATE … JOIN":                  regexp.MustCompile(`^UPDATE [a-z_]+( [a-z]+)? (INNER |LEFT )?JOIN\b`),
	"LIMIT in UPDATE or DELETE":      regexp.MustCompile(`^(UPDATE|DELETE)\b.*\bLIMIT\b[^)]*$`),
	"a lock written out":             regexp.MustCompile(`\bFOR (UPDATE|SHARE)\b`),
}

func isSQL(s string) bool { return statement.MatchString(s) }

// House rule 3.3: every statement that names a table of an organisation says which organisation, for each of its tables.
func TestEveryStatementNamesItsTenant(t *testing.T) {
	used, checked := map[string]bool{}, 0
	for _, one := range readSources(t).texts() {
		if !isSQL(one.sql) || slices.Contains(dialectSeam, one.at.Filename) {
			continue
		}
		checked++
		if i := slices.IndexFunc(one.consts, func(c string) bool { return acrossTenants[c] != "" }); i >= 0 {
			used[one.consts[i]] = true
			continue
		}
		for _, problem := range tenantProblems(one) {
			t.Errorf("%s: %s\n\t%s", one.at, problem, strings.NewReplacer(hole, "…", where, " WHERE …").Replace(one.sql))
		}
	}
	for name := range acrossTenants {
		if !used[name] {
			t.Errorf("%s is allowed to cross tenants and is not used", name)
		}
	}
	if checked < 30 {
		t.Errorf("only %d statements found: the suite does not read the source", checked)
	}
}

type ref struct{ table, alias string }

func refs(sql string) []ref { return tables(sql, kit.TenantTables) }

func tables(sql string, of []string) (out []ref) {
	for _, m := range tableRef.FindAllStringSubmatch(sql, -1) {
		r := ref{m[2], m[3]}
		if slices.Contains([]string{"on", "set", "where"}, r.alias) {
			r.alias = ""
		}
		if slices.Contains(of, r.table) {
			out = append(out, r)
		}
	}
	return out
}

// outermost is a statement without what stands in brackets.
func outermost(sql string) string {
	for {
		without := inner.ReplaceAllString(sql, "")
		if without == sql {
			return sql
		}
		sql = without
	}
}

func tenantProblems(one text) (problems []string) {
	owned := refs(one.sql)
	if len(owned) == 0 {
		return nil
	}
	sql := one.sql
	if strings.HasPrefix(sql, "INSERT INTO "+owned[0].table) {
		if !regexp.MustCompile(`^INSERT INTO [a-z_]+ ?\( ?tenant_id\b`).MatchString(sql) {
			problems = append(problems, "the first column is not tenant_id")
		}
		owned = owned[1:]
		if len(owned) == 0 {
			return problems
		}
	}
	if !strings.Contains(sql, " WHERE ") && !strings.ContainsAny(sql, hole+where) && one.arg != "" {
		return append(problems, "no WHERE, and it goes to "+one.arg+" as it is")
	}
	sql = completed(sql, owned)
	if !boundTenant.MatchString(sql) {
		problems = append(problems, "tenant_id = ? is missing")
	}
	return append(problems, unbound(strings.TrimPrefix(sql, "INSERT INTO "), tables(strings.TrimPrefix(sql, "INSERT INTO "), slices.Concat(kit.TenantTables, rooted)))...)
}

// rooted are tables that can be found without their organisation, but not beside rows of one.
var rooted = []string{"organisation", "public_code"}

// completed is a statement with the condition that its caller adds: the tenant of its first table, which TestEveryConditionBeginsWithTheTenant holds.
func completed(sql string, owned []ref) string {
	waits := !strings.Contains(sql, " WHERE ")
	if !waits && !strings.Contains(sql, where) {
		return sql
	}
	first := owned[0].alias
	if outer := refs(outermost(sql)); len(outer) > 0 {
		first = outer[0].alias
	}
	if first != "" {
		first += "."
	}
	sql = strings.NewReplacer(where, " WHERE "+first+"tenant_id = ? ").Replace(sql)
	if waits && !strings.Contains(sql, " WHERE ") {
		sql += " WHERE " + first + "tenant_id = ?"
	}
	return sql
}

// unbound finds the tables that no chain of equal tenants leads from to a tenant that is given.
func unbound(sql string, all []ref) (problems []string) {
	given := map[string]bool{}
	for _, m := range givenTenant.FindAllStringSubmatch(sql, -1) {
		given[m[1]] = true
	}
	named := bareTenant.FindAllString(sql, -1)
	if len(all) > 0 && all[0].alias == "" && len(named) > 0 {
		given[all[0].table] = true // and its tenant is counted below
	}
	pairs := equalTenants.FindAllStringSubmatch(sql, -1)
	for grown := true; grown; {
		grown = false
		for _, m := range pairs {
			if given[m[1]] != given[m[2]] {
				given[m[1]], given[m[2]], grown = true, true, true
			}
		}
	}
	bare := 0
	for _, r := range all {
		switch {
		case r.alias == "" && (!given[r.table] || r.table == all[0].table):
			bare++
		case r.alias != "" && !given[r.alias]:
			problems = append(problems, r.table+" "+r.alias+" is not bound to the tenant")
		}
	}
	if len(named) < bare {
		problems = append(problems, "a table is not bound to the tenant")
	}
	return problems
}

// Lists are completed by db.Where: its first condition is the tenant's.
func TestEveryConditionBeginsWithTheTenant(t *testing.T) {
	used, checked := map[string]bool{}, 0
	for _, one := range readSources(t).texts() {
		if one.arg != "db.Where" || slices.Contains(dialectSeam, one.at.Filename) {
			continue
		}
		checked++
		if notOfATenant[one.sql] != "" {
			used[one.sql] = true
			continue
		}
		if !boundTenant.MatchString(one.sql) || strings.Contains(inner.ReplaceAllString(one.sql, ""), " OR ") {
			t.Errorf("%s: the first condition is %q", one.at, one.sql)
		}
	}
	for sql := range notOfATenant {
		if !used[sql] {
			t.Errorf("the condition %q is allowed without tenant and is not used", sql)
		}
	}
	if checked == 0 {
		t.Error("no condition found: the suite does not read the source")
	}
}

// One text for both engines: nothing that only one of them has.
func TestStatementsSpeakBothDialects(t *testing.T) {
	for _, one := range readSources(t).texts() {
		condition := one.arg == "db.Where" || strings.HasSuffix(one.arg, ".And")
		if !isSQL(one.sql) && !condition || slices.Contains(dialectSeam, one.at.Filename) {
			continue
		}
		for name, pattern := range foreign {
			if pattern.MatchString(one.sql) {
				t.Errorf("%s: %s is not for both engines: %s", one.at, name, one.sql)
			}
		}
	}
}

// There is no MySQL here to run against: its grammar is held by the parser of a database that speaks it.
func TestStatementsAreMySQL(t *testing.T) {
	p, parsed := parser.New(), 0
	for _, one := range readSources(t).texts() {
		if !isSQL(one.sql) || strings.Contains(one.sql, hole) || slices.Contains(dialectSeam, one.at.Filename) {
			continue
		}
		sql := strings.ReplaceAll(one.sql, where, " WHERE 1 = ?")
		if strings.HasSuffix(sql, " VALUES") || strings.HasSuffix(sql, " IN") {
			sql += " (?)" // added where it is used
		}
		parsed++
		if _, _, err := p.Parse(sql, "utf8mb4", "utf8mb4_bin"); err != nil {
			t.Errorf("%s: %v\n\t%s", one.at, err, sql)
		}
	}
	if parsed < 30 {
		t.Errorf("only %d statements parsed: the suite does not read the source", parsed)
	}
}

// The rules above find what they are for.
func TestSQLRulesBite(t *testing.T) {
	for sql, bad := range map[string]bool{
		"SELECT name FROM person WHERE tenant_id = ? AND id = ?":                                                                  false,
		"SELECT name FROM person WHERE id = ?":                                                                                    true,
		"SELECT p.name FROM person p WHERE p.tenant_id = ?":                                                                       false,
		"SELECT p.name FROM person p JOIN credential c ON c.person_id = p.id WHERE p.tenant_id = ?":                               true,
		"SELECT p.name FROM person p JOIN credential c ON c.tenant_id = p.tenant_id AND c.person_id = p.id WHERE p.tenant_id = ?": false,
		"SELECT id FROM person WHERE tenant_id = ? AND id IN (SELECT person_id FROM enrolment WHERE round_id = ?)":                true,
		"SELECT code FROM organisation WHERE id = ?":                                                                              false,
		"INSERT INTO person (id, tenant_id) VALUES":                                                                               true,
		"INSERT INTO person (tenant_id, id) VALUES":                                                                               false,
		"UPDATE person SET name = ? WHERE id = ?":                                                                                 true,
		"DELETE FROM person":                                true,
		"SELECT id FROM person" + where:                     false,
		"SELECT id FROM person WHERE tenant_id = tenant_id": true,
	} {
		if got := len(tenantProblems(text{sql: sql, arg: "Query"})) > 0; got != bad {
			t.Errorf("%q: found bad %v, want %v", sql, got, bad)
		}
	}
	for sql, want := range map[string]string{
		"UPDATE person p JOIN credential c ON 1 = 1 SET a = 1": "UPDATE … JOIN",
		"DELETE FROM job WHERE id = ? LIMIT 1":                 "LIMIT in UPDATE or DELETE",
		"SELECT a || b FROM job":                               "||",
		"SELECT NOW()":                                         "NOW()",
	} {
		if !foreign[want].MatchString(sql) {
			t.Errorf("%q passes", sql)
		}
	}
}
