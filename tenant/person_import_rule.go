package tenant

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
)

// ImportRules are what an organisation decided about files that programs send.
type ImportRules struct {
	Hour     int           `json:"hour"`      // at which a file that is laid down is read, in the association's zone; -1: at once
	Missing  MissingPeople `json:"missing"`   // what happens to people whom the file does not name
	Limit    int           `json:"limit"`     // percent of the people who may go that way without anybody looking; beyond it nothing is done
	WarnDays int           `json:"warn_days"` // after so many days without a file the manager is told; 0: never
}

// DefaultImportRules are those of an organisation that decided nothing: read at once, leave alone whom the file does not name.
var DefaultImportRules = ImportRules{Hour: -1, Missing: MissingKeep, Limit: 10, WarnDays: 3}

// Validate names what is wrong.
func (r ImportRules) Validate() error {
	var c fault.Check
	c.If(r.Hour < -1, "hour", "too_small", "min", -1)
	c.If(r.Hour > 23, "hour", "too_big", "max", 23)
	c.If(!slices.Contains([]MissingPeople{MissingKeep, MissingSuspend, MissingLeave}, r.Missing), "missing", "not_in_list")
	c.If(r.Limit < 1, "limit", "too_small", "min", 1)
	c.If(r.Limit > 50, "limit", "too_big", "max", 50)
	c.If(r.WarnDays < 0, "warn_days", "too_small", "min", 0)
	c.If(r.WarnDays > 60, "warn_days", "too_big", "max", 60)
	return c.Err()
}

// Rules gives what the organisation decided, and when the last file came from a program.
func (s *Imports) Rules(ctx context.Context, tid ID) (ImportRules, db.Time, error) {
	rules := db.JSON[ImportRules]{V: DefaultImportRules}
	var last db.Time
	err := db.One(s.db.QueryRow(ctx, sqlFindRule, tid).Scan(&rules, &last))
	if fault.Is(err, fault.NotFound) {
		err = nil
	}
	return rules.V, last, err
}

// SetRules decides anew. It returns fault.Invalid.
func (s *Imports) SetRules(ctx context.Context, tid ID, rules ImportRules) (ImportRules, error) {
	if err := rules.Validate(); err != nil {
		return ImportRules{}, err
	}
	err := s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.lockRules(ctx, tid, tx); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, sqlSetRule, db.JSON[ImportRules]{V: rules}, db.At(s.clock()), tid); err != nil {
			return err
		}
		return s.audit.Append(ctx, tid, tx, Change{Action: "person_import.rules", SubjectKind: "organisation", After: rules,
			Detail: map[string]any{"hour": rules.Hour, "missing": rules.Missing, "limit": rules.Limit, "warn_days": rules.WarnDays}})
	})
	return rules, err
}

// lockRules keeps the organisation's rules locked until the end of the transaction.
func (s *Imports) lockRules(ctx context.Context, tid ID, tx *db.Tx) error {
	return tx.Upsert(ctx, sqlLockRule, "tenant_id", "", tid, db.JSON[ImportRules]{V: DefaultImportRules}, db.At(s.clock()))
}

// ReceiveUnattended takes a file from a program: it is checked and, within the rules, put into effect without anybody looking. The same file on the same day, or
// the same key, is one effect. drop waits for the organisation's hour. It returns fault.TooLarge.
func (s *Imports) ReceiveUnattended(ctx context.Context, tid ID, key string, file ImportFile, drop bool) (Import, error) {
	rules, _, err := s.Rules(ctx, tid)
	if err != nil {
		return Import{}, err
	}
	today := Today(s.clock)
	if key == "" {
		key = fmt.Sprintf("%s %x", today, file.SHA)
	}
	origin, at := OriginCall, s.clock()
	if drop {
		origin, at = OriginDrop, rules.next(at)
	}
	options := ImportOptions{Missing: rules.Missing, Automatic: true, Limit: rules.Limit}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := s.lockRules(ctx, tid, tx); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlFileCame, db.At(s.clock()), tid)
		return err
	})
	if err != nil {
		return Import{}, err
	}
	return s.Receive(ctx, tid, db.IDFrom("unattended import", fmt.Sprint(tid.n), key), file, origin, options, at)
}

// next is when a file that is laid down now is read.
func (r ImportRules) next(now time.Time) time.Time {
	if r.Hour < 0 {
		return now
	}
	at := DayStart(Day(now)).Add(time.Duration(r.Hour) * time.Hour)
	if !at.After(now) {
		at = at.Add(24 * time.Hour)
	}
	return at
}

// Silent tells for how many days no file came from a program, when that is longer than the rules allow; 0 when all is well.
func (r ImportRules) Silent(last db.Time, now time.Time) int {
	if r.WarnDays == 0 || last.IsZero() {
		return 0
	}
	if days := int(now.Sub(last.Time).Hours() / 24); days >= r.WarnDays {
		return days
	}
	return 0
}

// warnSilence tells managers, once a silence, that no file came.
func (s *Imports) warnSilence(ctx context.Context) error {
	type silent struct {
		tenant int64
		rules  ImportRules
		warned string
		last   db.Time
	}
	var list []silent
	now := s.clock()
	err := db.Each(ctx, s.db, sqlSilentRules, []any{db.At(now.Add(-24 * time.Hour))}, func(scan func(...any) error) error {
		var one silent
		var rules db.JSON[ImportRules]
		err := scan(&one.tenant, &rules, &one.warned, &one.last)
		one.rules = rules.V
		list = append(list, one)
		return err
	})
	for _, one := range list {
		days := one.rules.Silent(one.last, now)
		if days == 0 || one.warned != "" {
			continue
		}
		tid := System(one.tenant, "warning that no file of people came")
		err = errors.Join(err, s.db.Tx(ctx, func(tx *db.Tx) error {
			today := Day(now)
			if _, err := tx.Exec(ctx, sqlWarned, today, tid, today); err != nil {
				return err
			}
			return s.write(ctx, tid, tx, "import.silent "+today, func(language string) (string, string) {
				if language == "en" {
					return "No list of people has arrived", fmt.Sprintf("No file has come from your personnel system for %d days. Please check the program that sends it.\n", days)
				}
				return "名簿のファイルが届いていません", fmt.Sprintf("人事システムからのファイルが%d日間届いていません。送る側のプログラムを確認してください。\n", days)
			})
		}))
	}
	return err
}

// wrongInMail is how many wrong rows a mail names; the page has a file of all of them.
const wrongInMail = 20

// departmentsInMail is how many new departments a mail names.
const departmentsInMail = 50

// reportTo tells the managers what became of an unattended import: the figures, why it went no further, and the first rows to mend with their columns and reasons.
func (s *Imports) reportTo(ctx context.Context, tid ID, tx *db.Tx, imp Import) error {
	if imp.Origin == OriginPage || imp.Origin == "" {
		return nil
	}
	var wrong []keptRow
	if imp.Summary.Wrong > 0 {
		var err error
		if wrong, err = s.rows(ctx, tid, tx, imp.ID, RowWrong, 0, wrongInMail); err != nil {
			return err
		}
	}
	dedupe := fmt.Sprintf("import %s %s %d", imp.ID, imp.State, imp.Options.Tries)
	return s.write(ctx, tid, tx, dedupe, func(language string) (string, string) {
		return imp.letter(language, wrong, s.publicURL+"/people/import?id="+imp.ID.String())
	})
}

// letter puts the report into words.
func (i Import) letter(language string, wrong []keptRow, address string) (subject, body string) {
	m, english := i.Summary, language == "en"
	say := func(ja, en string, args ...any) string {
		if english {
			return fmt.Sprintf(en, args...)
		}
		return fmt.Sprintf(ja, args...)
	}
	subject = say("名簿を読み込みました", "The list of people was imported")
	lines := []string{say("ファイル: %s", "File: %s", i.FileName),
		say("新しい人 %d、変わった人 %d、変わらない人 %d、直す行 %d、ファイルにない人 %d", "Added %d, changed %d, unchanged %d, wrong rows %d, not in the file %d", m.Added, m.Changed, m.Unchanged, m.Wrong, m.Missing)}
	if i.Problem != nil {
		subject = say("名簿を読み込めませんでした", "The list of people was not imported")
		lines = append(lines, say("何も変えていません。", "Nothing was changed. ")+i.Problem.sentence(language))
	}
	if m.Asked() > 0 {
		lines = append(lines, "", say("よく似た部署の名前:", "Names that are nearly those of departments:"))
	}
	for _, one := range m.Similar {
		if one.Choice == "" {
			lines = append(lines, say("ファイルの「%s」（%d行）は、登録済みの「%s」ですか。", "Is %q of the file (%d rows) the department %q?", one.Text, one.Rows, one.Path))
		}
	}
	if i.State == ImportApplied && len(m.NewDepartments) > 0 {
		lines = append(lines, "", say("新しく作った部署（%d）:", "Departments that were made (%d):", len(m.NewDepartments)))
		lines = append(lines, m.NewDepartments[:min(len(m.NewDepartments), departmentsInMail)]...)
		if more := len(m.NewDepartments) - departmentsInMail; more > 0 {
			lines = append(lines, say("ほかに%dあります。下の画面ですべて確認できます。", "And %d more, all on the page below.", more))
		}
	}
	if len(wrong) > 0 {
		lines = append(lines, "", say("直す行:", "Rows to mend:"))
	}
	for _, r := range wrong {
		for _, f := range r.Faults {
			lines = append(lines, say("%d行目 %s: %s", "Row %d, %s: %s", r.Number, m.column(f.Path, language), importSentence(f, language)))
		}
	}
	if more := m.Wrong - len(wrong); more > 0 {
		lines = append(lines, say("ほかに%d行あります。すべての行のファイルは、下の画面からダウンロードできます。", "And %d more. The page below has a file of all of them.", more))
	}
	return subject, strings.Join(append(lines, "", address), "\n") + "\n"
}

// write puts a message to the managers into the outbox, each in their language.
func (s *Imports) write(ctx context.Context, tid ID, tx *db.Tx, dedupe string, words func(language string) (subject, body string)) error {
	var letters []Letter
	err := db.Each(ctx, tx, sqlImportReaders, []any{tid}, func(scan func(...any) error) error {
		var l Letter
		var language string
		err := scan(&l.Person, &l.Address, &l.Name, &language)
		l.Kind, l.Dedupe = "person.import", dedupe+" "+l.Person.String()
		l.Subject, l.Body = words(language)
		letters = append(letters, l)
		return err
	})
	if err != nil || len(letters) == 0 {
		return err
	}
	return s.outbox.Enqueue(ctx, tid, tx, letters)
}
