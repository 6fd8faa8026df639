package app_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// predicate is a place where a statement says of which organisation a table's rows are.
var predicate = regexp.MustCompile(`\b(?:[a-z][a-z0-9_]*\.)?tenant_id = (?:\?|[a-z][a-z0-9_]*\.tenant_id)`)

// Each predicate of each statement is taken out, one at a time: the rules of this file must miss every one of them. So a predicate that
// somebody forgets is noticed by the same rules.
func TestEveryTenantPredicateIsMissed(t *testing.T) {
	mutants := 0
	for _, one := range readSources(t).texts() {
		condition := one.arg == "db.Where"
		if !isSQL(one.sql) && !condition || slices.Contains(dialectSeam, one.at.Filename) ||
			slices.ContainsFunc(one.consts, func(c string) bool { return acrossTenants[c] != "" }) || condition && notOfATenant[one.sql] != "" {
			continue
		}
		if !condition && len(refs(one.sql)) == 0 {
			continue
		}
		for _, at := range predicate.FindAllStringIndex(one.sql, -1) {
			mutant := one
			mutant.sql = one.sql[:at[0]] + "1 = 1" + one.sql[at[1]:]
			mutants++
			missed := len(tenantProblems(mutant)) > 0
			if condition {
				missed = !boundTenant.MatchString(mutant.sql)
			}
			if !missed {
				t.Errorf("%s: nobody misses %q in %s", one.at, one.sql[at[0]:at[1]], strings.NewReplacer(hole, "…", where, " WHERE …").Replace(one.sql))
			}
		}
	}
	if mutants < 500 {
		t.Errorf("only %d predicates were taken out: the suite does not read the source", mutants)
	}
	t.Logf("%d predicates taken out one at a time", mutants)
}
