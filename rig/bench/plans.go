package main

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"kenshu/rig/kit"
	"kenshu/storage/db"
)

// collector gathers every statement that runs under its context, one of each text.
type collector struct {
	mu    sync.Mutex
	known map[string]db.Statement
}

// listOfMarks makes lists of different length one text.
var listOfMarks = regexp.MustCompile(`\?(, \?)+`)

func (c *collector) trace(ctx context.Context) context.Context {
	return db.WithTrace(ctx, func(s db.Statement) {
		c.mu.Lock()
		defer c.mu.Unlock()
		key := listOfMarks.ReplaceAllString(s.Query, "?…")
		if before, ok := c.known[key]; !ok || len(before.Args) < len(s.Args) {
			c.known[key] = s
		}
	})
}

// plan is what an engine means to do for one statement.
type plan struct {
	engine db.Engine
	query  string
	steps  []string
	faults []string
	took   time.Duration // of a query; 0 for statements that write
}

// slow is what a single query of the product may take on the large database at most. It is far above what is usual, so that a busy
// machine does not raise a false alarm.
const slow = 2 * time.Second

// explainAll asks the engine for the plan of everything collected and judges it.
func (c *collector) explainAll(ctx context.Context, d *db.DB) ([]plan, error) {
	judge, err := newJudge(ctx, d)
	if err != nil {
		return nil, err
	}
	var out []plan
	for _, key := range slices.Sorted(maps.Keys(c.known)) {
		s := c.known[key]
		word, _, _ := strings.Cut(s.Query, " ")
		if word != "SELECT" && word != "UPDATE" && word != "DELETE" {
			continue
		}
		p := plan{engine: d.Engine(), query: key}
		if err := judge.explain(ctx, s, &p); err != nil {
			return nil, fmt.Errorf("%s: %w", s.Query, err)
		}
		if word == "SELECT" {
			if p.took, err = timed(func() error { return drain(ctx, d.Raw(), strings.TrimSuffix(s.Query, " FOR UPDATE"), s.Args) }); err != nil {
				return nil, fmt.Errorf("%s: %w", s.Query, err)
			}
			if p.took > slow {
				p.faults = append(p.faults, fmt.Sprintf("took %v", p.took.Round(time.Millisecond)))
			}
		}
		out = append(out, p)
	}
	return out, nil
}

// readWhole are tables that are read as a whole on purpose, and why that stays cheap.
var readWhole = map[string]string{
	"schema_migration": "one row for each statement of a migration",
	"storage_day":      "one row a day, at most 400",
	"master_key":       "one row: read at the start",
	"store_mark":       "a row every ten minutes, for 30 days: counted and forgotten when a new one is given",
	"deletion_page":    "one row for each page of the deletion journal: all are compared with what lies in the store, at a start and every hour",
}

// judge knows of every index which table it belongs to and what its first column is.
type judge struct {
	d      *db.DB
	first  map[string]string // table.index → column (MySQL)
	owner  map[string]string // index → table (SQLite)
	global map[string]bool   // tables that are nobody's
}

func newJudge(ctx context.Context, d *db.DB) (*judge, error) {
	j := &judge{d: d, first: map[string]string{}, owner: map[string]string{}, global: map[string]bool{}}
	for t := range kit.GlobalTables {
		j.global[t] = true
	}
	query := `SELECT name, tbl_name, '' FROM sqlite_master WHERE type = 'index'`
	if d.Engine() == db.MySQL {
		query = `SELECT index_name, table_name, column_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND seq_in_index = 1`
	}
	rows, err := d.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var index, table, column string
		if err := rows.Scan(&index, &table, &column); err != nil {
			return nil, err
		}
		j.owner[index], j.first[table+"."+index] = table, column
	}
	return j, rows.Err()
}

func (j *judge) explain(ctx context.Context, s db.Statement, p *plan) error {
	prefix, read := "EXPLAIN ", j.mysql
	if j.d.Engine() == db.SQLite {
		prefix, read = "EXPLAIN QUERY PLAN ", j.sqlite
	}
	rows, err := j.d.Raw().QueryContext(ctx, prefix+s.Query, s.Args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	aliases := aliasesOf(s.Query)
	for rows.Next() {
		values, targets := make([]sql.NullString, len(columns)), make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			return err
		}
		row := map[string]string{}
		for i, c := range columns {
			row[c] = values[i].String
		}
		step, fault := read(row, aliases)
		if fault == "" && j.d.Engine() == db.SQLite && forTheOrder(s.Query, step) {
			fault = "reads a whole organisation for some people"
		}
		p.steps = append(p.steps, step)
		if fault != "" {
			p.faults = append(p.faults, fault+": "+step)
		}
	}
	return rows.Err()
}

var named = regexp.MustCompile(`(?:FROM|JOIN|UPDATE) ([a-z_]+)(?: ([a-z]+)\b)?`)

// aliasesOf maps what a statement calls its tables to their names.
func aliasesOf(query string) map[string]string {
	out := map[string]string{}
	for _, m := range named.FindAllStringSubmatch(query, -1) {
		out[m[1]] = m[1]
		if m[2] != "" {
			out[m[2]] = m[1]
		}
	}
	return out
}

var search = regexp.MustCompile(`^SEARCH (\S+) USING (?:COVERING )?INDEX (\S+) \((\w+)`)

// ofTenant tells that a column names an organisation: the one whose row it is, or the one it is about.
func ofTenant(column string) bool {
	return column == "tenant_id" || strings.HasSuffix(column, "_tenant_id")
}

// sqlite judges one line of EXPLAIN QUERY PLAN.
func (j *judge) sqlite(row map[string]string, aliases map[string]string) (step, fault string) {
	step = row["detail"]
	fields := strings.Fields(step)
	switch {
	case len(fields) > 1 && fields[0] == "SCAN" && readWhole[aliases[fields[1]]] != "":
		return step, ""
	case strings.Contains(step, "AUTOMATIC") && len(fields) > 1 && aliases[fields[1]] == "":
		return step, "" // a derived table has no index until the engine makes one
	case strings.Contains(step, "AUTOMATIC"):
		return step, "an index is missing"
	case strings.HasPrefix(step, "SCAN") && len(fields) > 1 && aliases[fields[1]] != "":
		return step, "reads a whole table"
	}
	if m := search.FindStringSubmatch(step); m != nil && !ofTenant(m[3]) && !j.global[j.owner[m[2]]] && kit.IndexesAcrossTenants[m[2]] == "" {
		return step, "the index does not begin with the tenant"
	}
	return step, ""
}

var wholeTenant = regexp.MustCompile(`^SEARCH (\S+) USING (?:COVERING )?INDEX \S+ \(tenant_id=\?\)`)

// forTheOrder tells that SQLite goes through everything of an organisation in the order that is wanted, instead of taking what belongs to the people it is
// asked for and sorting that. A plus before the column of ORDER BY keeps it from that.
func forTheOrder(query, step string) bool {
	m := wholeTenant.FindStringSubmatch(step)
	if m == nil || !strings.HasPrefix(query, "SELECT") {
		return false
	}
	asked, err := regexp.MatchString(`\b`+regexp.QuoteMeta(m[1])+`\.(person_id|enrolment_id) (= \?|IN \(\?[^)]*\))(\)| AND| ORDER| GROUP|$)`, query)
	return err == nil && asked
}

// few tells that the tenant's index could be used and was not, because the whole table is hardly a page.
func (j *judge) few(table string, row map[string]string) bool {
	rows, err := strconv.Atoi(row["rows"])
	return err == nil && rows <= 100 && slices.ContainsFunc(strings.Split(row["possible_keys"], ","), func(key string) bool {
		return j.first[table+"."+key] == "tenant_id"
	})
}

// mysql judges one line of EXPLAIN.
func (j *judge) mysql(row map[string]string, aliases map[string]string) (step, fault string) {
	table := aliases[row["table"]]
	step = fmt.Sprintf("%s %s %s rows %s %s", row["table"], row["type"], row["key"], row["rows"], row["Extra"])
	switch {
	case table == "", readWhole[table] != "":
		return step, "" // a derived table, or nothing to read at all
	case (row["type"] == "ALL" || row["type"] == "index") && j.few(table, row):
		return step, ""
	case row["type"] == "ALL", row["type"] == "index":
		return step, "reads a whole table"
	case row["key"] != "" && kit.IndexesAcrossTenants[row["key"]] == "" && !j.global[table] && !ofTenant(j.first[table+"."+row["key"]]):
		return step, "the index does not begin with the tenant"
	}
	return step, ""
}

// planned are what a pass over the product found on one engine.
type planned struct {
	engine     db.Engine
	statements int
	unvisited  []string
	lines      int      // of the log
	spoken     []string // lines that hold what must not be logged
	bad        []plan
	slowest    plan
}

// measurePlans walks over the product on a large database and looks at every plan.
func measurePlans(ctx context.Context, m *managed) (planned, error) {
	engine := m.DB.Engine()
	out := planned{engine: engine}
	c := &collector{known: map[string]db.Statement{}}
	w := &walk{managed: m, collector: c, ids: map[string]string{}, tokens: map[string]string{}, waiting: map[string]string{}, visited: map[string]bool{}, secrets: map[string]bool{}}
	m.said.level.Set(slog.LevelDebug)
	defer m.said.level.Set(slog.LevelError + 100)
	if err := w.everything(ctx); err != nil {
		return out, err
	}
	plans, err := c.explainAll(ctx, m.DB)
	if err != nil {
		return out, err
	}
	out.statements, out.unvisited, out.spoken, out.lines = len(plans), w.unvisited(), w.spoken(), bytes.Count(m.said.text.Bytes(), []byte("\n"))
	for _, p := range plans {
		if len(p.faults) > 0 && !isExcused(p.query) {
			out.bad = append(out.bad, p)
		}
		if p.took > out.slowest.took {
			out.slowest = p
		}
	}
	fmt.Printf("%s: %d statements, %d with a bad plan; slowest %v %.120s\n  not visited: %s\n", engine, out.statements, len(out.bad),
		out.slowest.took.Round(time.Millisecond), out.slowest.query, strings.Join(out.unvisited, " "))
	for _, p := range out.bad {
		fmt.Printf("  %s\n    %s\n    plan: %s\n", p.query, strings.Join(p.faults, "\n    "), strings.Join(p.steps, " / "))
	}
	return out, errors.Join(w.problems...)
}
