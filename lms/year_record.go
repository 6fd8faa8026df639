package lms

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// YearRecord is the auditors' document about all training of one fiscal year: every round whose deadline lies in it, with the digest of the round's own
// record. So the digest of this one proves all of them, and its lines are theirs.
type YearRecord struct {
	Format       int                `json:"format" doc:"version of this structure"`
	AsOf         string             `json:"as_of" doc:"the day whose state it shows"`
	Organisation string             `json:"organisation"`
	Responsible  []string           `json:"responsible" doc:"the managers of that day"`
	Year         int                `json:"year" doc:"the calendar year in which the fiscal year begins"`
	FirstDay     string             `json:"first_day"`
	LastDay      string             `json:"last_day"`
	People       int                `json:"people" doc:"people who had to take part in at least one round"`
	PeopleDone   int                `json:"people_done" doc:"of them, those who completed every round they had to"`
	Figures      Figures            `json:"figures" doc:"over all rounds: somebody in two rounds counts twice"`
	Rate         int                `json:"rate"`
	Rounds       []YearRound        `json:"rounds" doc:"the soonest deadline first"`
	Departments  []RecordDepartment `json:"departments"`
}

// YearRound is one round of the year.
type YearRound struct {
	Round        db.ID      `json:"round" format:"uuid"`
	Title        string     `json:"title"`
	Course       string     `json:"course"`
	StartsOn     string     `json:"starts_on"`
	DeadlineOn   string     `json:"deadline_on"`
	State        RoundState `json:"state"`
	Figures      Figures    `json:"figures"`
	Rate         int        `json:"rate"`
	AverageScore *int       `json:"average_score" doc:"percent, of those who completed and have a score"`
	Digest       string     `json:"digest" doc:"SHA-256 of the round's own record, hexadecimal"`
}

// Year is one fiscal year in the list of them.
type Year struct {
	Year     int
	FirstDay string
	LastDay  string
	Rounds   int
	Issued   int // year records handed out
}

// IssuedYear is a year record that was handed out. It never changes.
type IssuedYear struct {
	ID        db.ID
	Number    int // counts the organisation's year records
	Digest    db.Hash
	Content   YearRecord
	CreatedBy string
	CreatedAt db.Time
}

// The fiscal year of an organisation begins on the first of a month: April unless it chose another.
const (
	settingFiscalYear = "fiscal_year"
	defaultFirstMonth = 4
)

// MaxYearRounds is how many rounds one fiscal year may have in a record.
const MaxYearRounds = 300

type fiscalYear struct {
	FirstMonth int `json:"first_month"`
}

// span gives the first and the last day of a fiscal year.
func (f fiscalYear) span(year int) (first, last string) {
	first = fmt.Sprintf("%04d-%02d-01", year, f.FirstMonth)
	return first, tenant.AddDays(fmt.Sprintf("%04d-%02d-01", year+1, f.FirstMonth), -1)
}

// of gives the fiscal year in which day lies.
func (f fiscalYear) of(day string) int {
	var year, month int
	if _, err := fmt.Sscanf(day, "%4d-%2d", &year, &month); err != nil {
		return 0
	}
	if month < f.FirstMonth {
		return year - 1
	}
	return year
}

func (t *TrainingRecords) fiscal(ctx context.Context, tid tenant.ID) (fiscalYear, error) {
	f := fiscalYear{defaultFirstMonth}
	_, err := t.settings.Find(ctx, tid, settingFiscalYear, &f)
	return f, err
}

// SetFirstMonth sets the month (1 to 12) with which the organisation's fiscal year begins. Records that were issued stay as they are.
func (t *TrainingRecords) SetFirstMonth(ctx context.Context, tid tenant.ID, month int) error {
	var check fault.Check
	check.If(month < 1 || month > 12, "first_month", "not_in_list")
	if err := check.Err(); err != nil {
		return err
	}
	text, err := json.Marshal(fiscalYear{month})
	if err != nil {
		return err
	}
	return t.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Upsert(ctx, sqlSetFiscalYear, "tenant_id, name", "value, updated_at", tid, settingFiscalYear, string(text), db.At(t.clock())); err != nil {
			return err
		}
		return t.audit.Append(ctx, tid, tx, tenant.Change{Action: "training_record.fiscal_year", SubjectKind: "organisation", Detail: map[string]any{"first_month": month}})
	})
}

// Years lists the fiscal years that have rounds, and the one of today, the latest first, with the month in which a year begins.
func (t *TrainingRecords) Years(ctx context.Context, tid tenant.ID) (years []Year, firstMonth int, err error) {
	f, err := t.fiscal(ctx, tid)
	if err != nil {
		return nil, 0, err
	}
	by := map[int]*Year{}
	at := func(year int) *Year {
		if by[year] == nil {
			by[year] = &Year{Year: year}
			by[year].FirstDay, by[year].LastDay = f.span(year)
		}
		return by[year]
	}
	at(f.of(tenant.Today(t.clock)))
	if err := pairs(ctx, t.db, sqlRoundDays, tid, func(day string, n int) { at(f.of(day)).Rounds += n }); err != nil {
		return nil, 0, fmt.Errorf("list years: %w", err)
	}
	if err := pairs(ctx, t.db, sqlYearIssues, tid, func(year, n int) {
		if by[year] != nil {
			by[year].Issued += n
		}
	}); err != nil {
		return nil, 0, fmt.Errorf("list years: %w", err)
	}
	for _, y := range by {
		years = append(years, *y)
	}
	slices.SortFunc(years, func(a, b Year) int { return b.Year - a.Year })
	return years, f.FirstMonth, nil
}

// pairs calls take with every row of a query that gives a key and a number.
func pairs[K any](ctx context.Context, r db.Runner, query string, tid tenant.ID, take func(K, int)) error {
	return db.Each(ctx, r, query, []any{tid}, func(scan func(...any) error) error {
		var key K
		var n int
		if err := scan(&key, &n); err != nil {
			return err
		}
		take(key, n)
		return nil
	})
}

// drawnRound is the record of a round on its way into the year's issue; packed, because a year of a large organisation is 100 MB of them.
type drawnRound struct {
	round  db.ID
	digest db.Hash
	packed []byte
}

// DrawYear draws up the record of a fiscal year as it stands now, without issuing it. It returns fault.Invalid for a year outside 1900 to 2199, and
// fault.Conflict "year_empty" when no round has its deadline in it, or "year_too_large" with more than MaxYearRounds.
func (t *TrainingRecords) DrawYear(ctx context.Context, tid tenant.ID, year int) (YearRecord, error) {
	rec, _, err := t.drawYear(ctx, tid, year, false)
	return rec, err
}

func (t *TrainingRecords) drawYear(ctx context.Context, tid tenant.ID, year int, keep bool) (rec YearRecord, drawn []drawnRound, err error) {
	f, err := t.fiscal(ctx, tid)
	if err != nil {
		return rec, nil, err
	}
	first, last := f.span(year)
	if !tenant.ValidDay(first) || !tenant.ValidDay(last) {
		return rec, nil, fault.New(fault.Invalid, "bad_year")
	}
	for range 3 {
		if rec, drawn, err = t.drawSpan(ctx, tid, year, first, last, keep); !errors.Is(err, errRoundsChanged) {
			break
		}
	}
	return rec, drawn, err
}

func (t *TrainingRecords) drawSpan(ctx context.Context, tid tenant.ID, year int, first, last string, keep bool) (YearRecord, []drawnRound, error) {
	rec := YearRecord{Format: recordFormat, AsOf: tenant.Today(t.clock), Year: year, FirstDay: first, LastDay: last, Rounds: []YearRound{}}
	courses, err := t.yearCourses(ctx, tid, first, last)
	if err != nil {
		return rec, nil, err
	}
	var drawn []drawnRound
	sum := newYearSum()
	err = t.db.Snapshot(ctx, func(run db.Runner) error {
		drawn, sum, rec.Rounds = nil, newYearSum(), []YearRound{}
		if rec.Organisation, rec.Responsible, err = t.heads(ctx, tid, run); err != nil {
			return err
		}
		ids, err := db.Values[db.ID](ctx, run, sqlYearRounds, tid, first, last, MaxYearRounds+1)
		if err != nil {
			return err
		}
		for _, id := range ids {
			one, err := t.drawIn(ctx, tid, run, courses, id, sum.person)
			if err != nil {
				return err
			}
			line, piece, err := yearRound(id, one, keep)
			if err != nil {
				return err
			}
			rec.Rounds, drawn = append(rec.Rounds, line), append(drawn, piece)
			sum.round(one)
		}
		return nil
	})
	if err != nil {
		return rec, nil, fmt.Errorf("draw up year record: %w", err)
	}
	rec.People, rec.PeopleDone = sum.people()
	rec.Figures, rec.Rate, rec.Departments = sum.all, sum.all.Rate(), recordDepartments(sum.departments)
	return rec, drawn, nil
}

// yearCourses reads what was taught in the rounds of a year, before the snapshot takes a connection of its own.
func (t *TrainingRecords) yearCourses(ctx context.Context, tid tenant.ID, first, last string) (map[db.ID]*content.CourseVersion, error) {
	rounds, err := db.List(ctx, t.db, sqlSelectRound+" WHERE r.tenant_id = ? AND r.deadline_on >= ? AND r.deadline_on <= ? ORDER BY r.deadline_on, r.id LIMIT ?",
		[]any{tid, first, last, MaxYearRounds + 1}, scanRound)
	switch {
	case err != nil:
		return nil, fmt.Errorf("rounds of a year: %w", err)
	case len(rounds) == 0:
		return nil, fault.New(fault.Conflict, "year_empty")
	case len(rounds) > MaxYearRounds:
		return nil, fault.New(fault.Conflict, "year_too_large", "max", MaxYearRounds)
	}
	return t.rounds.taughtIn(ctx, tid, rounds)
}

func yearRound(id db.ID, one TrainingRecord, keep bool) (YearRound, drawnRound, error) {
	raw, err := json.Marshal(one)
	if err != nil {
		return YearRound{}, drawnRound{}, err
	}
	piece := drawnRound{round: id, digest: sha256.Sum256(raw)}
	if keep {
		var buf bytes.Buffer
		zip := gzip.NewWriter(&buf)
		if _, err := zip.Write(raw); err != nil {
			return YearRound{}, drawnRound{}, err
		}
		if err := zip.Close(); err != nil {
			return YearRound{}, drawnRound{}, err
		}
		piece.packed = buf.Bytes()
	}
	return YearRound{Round: id, Title: one.Title, Course: one.Course.Title, StartsOn: one.StartsOn, DeadlineOn: one.DeadlineOn, State: one.State, Figures: one.Figures,
		Rate: one.Rate, AverageScore: one.AverageScore, Digest: hex.EncodeToString(piece.digest[:])}, piece, nil
}

// yearSum adds up the rounds of a year.
type yearSum struct {
	all         Figures
	departments map[string]*Figures
	done        map[db.ID]bool // whether a person completed all they had to
}

func newYearSum() *yearSum {
	return &yearSum{departments: map[string]*Figures{}, done: map[db.ID]bool{}}
}

func (s *yearSum) person(e Enrolment) {
	if e.Status == Exempt || e.Status == Withdrawn {
		return
	}
	before, known := s.done[e.Person]
	s.done[e.Person] = e.Status == Completed && (before || !known)
}

func (s *yearSum) round(one TrainingRecord) {
	s.all = s.all.plus(one.Figures)
	for _, d := range one.Departments {
		if s.departments[d.Name] == nil {
			s.departments[d.Name] = &Figures{}
		}
		*s.departments[d.Name] = s.departments[d.Name].plus(d.Figures)
	}
}

func (s *yearSum) people() (all, done int) {
	for _, complete := range s.done {
		if complete {
			done++
		}
	}
	return len(s.done), done
}

// IssueYear hands out the record of a fiscal year as it stands, and with it the record of every round of the year. The same state of the same day is
// one issue, however often it is asked for. When the process dies in between, some rounds have their record issued and the year has not: asking again goes on
// from there. It returns what DrawYear returns.
func (t *TrainingRecords) IssueYear(ctx context.Context, tid tenant.ID, year int) (IssuedYear, error) {
	rec, drawn, err := t.drawYear(ctx, tid, year, true)
	if err != nil {
		return IssuedYear{}, err
	}
	for _, piece := range drawn {
		raw, err := piece.raw()
		if err != nil {
			return IssuedYear{}, err
		}
		if err := t.keepOnce(ctx, func(tx *db.Tx) error { return t.keep(ctx, tid, tx, piece.round, piece.digest, raw) }); err != nil {
			return IssuedYear{}, fmt.Errorf("issue the records of a year: %w", err)
		}
	}
	raw, err := json.Marshal(rec)
	if err != nil {
		return IssuedYear{}, err
	}
	digest := db.Hash(sha256.Sum256(raw))
	if err := t.keepOnce(ctx, func(tx *db.Tx) error { return t.keepYear(ctx, tid, tx, year, digest, raw) }); err != nil {
		return IssuedYear{}, fmt.Errorf("issue year record: %w", err)
	}
	return t.findYear(ctx, tid, " AND y.fiscal_year = ? AND y.digest = ?", year, digest)
}

func (d drawnRound) raw() ([]byte, error) {
	zip, err := gzip.NewReader(bytes.NewReader(d.packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(zip)
}

func (t *TrainingRecords) keepYear(ctx context.Context, tid tenant.ID, tx *db.Tx, year int, digest db.Hash, raw []byte) error {
	var there, last int
	if err := tx.QueryRow(ctx, sqlCountYearDigest, tid, year, digest).Scan(&there); err != nil || there > 0 {
		return err
	}
	if err := tx.QueryRow(ctx, sqlLastYearRecord, tid).Scan(&last); err != nil {
		return err
	}
	id := db.NewID()
	if _, err := tx.Exec(ctx, sqlInsertYearRecord, tid, id, year, last+1, digest, string(raw), tenant.ActorFrom(ctx).Person, db.At(t.clock())); err != nil {
		return err
	}
	return t.audit.Append(ctx, tid, tx, tenant.Change{Action: "training_record.issue_year", SubjectKind: "year_record", Subject: id,
		Detail: map[string]any{"number": last + 1, "year": year, "digest": hex.EncodeToString(digest[:])}})
}

// FindYear gives an issued year record; NotFound when the organisation has none of this ID.
func (t *TrainingRecords) FindYear(ctx context.Context, tid tenant.ID, id db.ID) (IssuedYear, error) {
	return t.findYear(ctx, tid, " AND y.id = ?", id)
}

func (t *TrainingRecords) findYear(ctx context.Context, tid tenant.ID, which string, args ...any) (IssuedYear, error) {
	return scanYear(t.db.QueryRow(ctx, sqlYearRecords+which, append([]any{tid}, args...)...))
}

func scanYear(row db.Row) (IssuedYear, error) {
	var y IssuedYear
	var body db.JSON[YearRecord]
	err := row.Scan(&y.ID, &y.Number, &y.Digest, &y.CreatedBy, &y.CreatedAt, &body)
	y.Content = body.V
	return y, db.One(err)
}

// ListYear gives the newest issues of a fiscal year's record, at most 100, newest first.
func (t *TrainingRecords) ListYear(ctx context.Context, tid tenant.ID, year int) ([]IssuedYear, error) {
	list, err := db.List(ctx, t.db, sqlYearRecords+" AND y.fiscal_year = ? ORDER BY y.number DESC LIMIT 100", []any{tid, year}, scanYear)
	if err != nil {
		return nil, fmt.Errorf("list year records: %w", err)
	}
	return list, nil
}

// eachRecord gives the record of every round of an issued year, one after the other: a large year never stands in memory as a whole.
func (t *TrainingRecords) eachRecord(ctx context.Context, tid tenant.ID, y IssuedYear, each func(int, IssuedRecord) error) error {
	for i, r := range y.Content.Rounds {
		raw, err := hex.DecodeString(r.Digest)
		if err != nil || len(raw) != sha256.Size {
			return fault.New(fault.Conflict, "record_damaged")
		}
		rec, err := t.findIssue(ctx, tid, r.Round, db.Hash(raw))
		if err != nil {
			return fmt.Errorf("record of a round of the year: %w", err)
		}
		if err := each(i, rec); err != nil {
			return err
		}
	}
	return nil
}
