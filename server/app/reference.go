package app

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"kenshu/storage/blob"
	"kenshu/storage/cache"
	"kenshu/storage/db"
	"kenshu/storage/mail"
)

// Reference gives the tables of README.md that are derived from the code, by the name of their place there.
func Reference() map[string]string {
	var settings, list strings.Builder
	settings.WriteString("| setting | default | meaning |\n| --- | --- | --- |\n")
	for _, s := range Settings {
		name, value := "`"+s.Env+"`", "(empty)"
		if s.Secret {
			name += "<br>`" + s.Env + "_FILE`"
		}
		if s.Default != "" {
			value = "`" + s.Default + "`"
		}
		fmt.Fprintf(&settings, "| %s | %s | %s |\n", name, value, strings.ReplaceAll(s.Doc, "|", "\\|"))
	}
	list.WriteString("| command | what it does |\n| --- | --- |\n")
	all := commands()
	for _, name := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(&list, "| `kenshu %s` | %s |\n", name, all[name].summary)
	}
	return map[string]string{"settings": settings.String(), "commands": list.String(), "connections": connections()}
}

// connections says how many connections a process keeps, how long it waits and what it does then, from the constants that decide it.
func connections() string {
	var b strings.Builder
	b.WriteString("| connection | at once | waits | at the limit |\n| --- | --- | --- | --- |\n")
	for _, row := range [][4]any{
		{"from browsers and proxies", "as many as the system gives", fmt.Sprintf("%s for a head of at most %d KiB, %s without a request; a body as long as 64 kB/s need", lasting(HeaderTime), HeaderBytes>>10, lasting(IdleTime)),
			"431, or the connection ends; a replica that is told to stop gives running requests " + lasting(EndTime)},
		{"MySQL, MariaDB", fmt.Sprint(db.ConnsMySQL), fmt.Sprintf("%s to connect, %s for a statement; a connection is kept for %s, unused for %s", lasting(db.DialTime), lasting(db.AnswerTime), lasting(db.ConnLife), lasting(db.ConnIdle)),
			fmt.Sprintf("a request waits for a free one; a transaction in another one's way is run again, %d times at most; then 503 database_away", db.Tries)},
		{"SQLite", fmt.Sprintf("%d, of which one writes", db.ConnsSQLite), fmt.Sprintf("%s for another writer", lasting(db.BusyTime)), "as above"},
		{"Redis", "10 a core", fmt.Sprintf("%s for every step, never tried twice", lasting(cache.Patience)), "503; log-ins go on with a third of their budgets, counted in the process"},
		{"object store", fmt.Sprintf("as needed, %d kept", blob.IdleConns), fmt.Sprintf("%s to connect, %s for an answer to begin, %d tries", lasting(blob.DialTime), lasting(blob.AnswerTime), blob.Tries), "503; what the database holds goes on"},
		{"mail server", "one for each message", fmt.Sprintf("%s for every step", lasting(mail.Timeout)), "tried again later, see docs/mail.md; a reminder that comes too late is dropped"},
		{"background work", fmt.Sprintf("%d jobs", db.JobsAtOnce), fmt.Sprintf("%s for one", lasting(db.JobTime)), "broken off and tried again with growing pauses; given up after its last try, which the operator's page shows"},
	} {
		fmt.Fprintf(&b, "| %s | %s | %s | %s |\n", row[0], row[1], row[2], row[3])
	}
	return b.String()
}

// Refer puts the derived tables into text, between the marks <!-- name --> and <!-- /name -->.
func Refer(text string) (string, error) {
	for name, table := range Reference() {
		begin, end := "<!-- "+name+" -->\n", "<!-- /"+name+" -->"
		before, rest, ok := strings.Cut(text, begin)
		_, after, closed := strings.Cut(rest, end)
		if !ok || !closed {
			return "", fmt.Errorf("the text has no place for %s", name)
		}
		text = before + begin + table + end + after
	}
	return text, nil
}

// lasting writes a time without its empty parts.
func lasting(d time.Duration) string {
	return strings.NewReplacer("h0m0s", " h", "m0s", " min", "ms", " ms", "s", " s").Replace(d.String())
}
