package tenant

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/storage/sheet"
)

// ImportForm is what is known of a file's columns: the mapping screen shows it.
type ImportForm struct {
	HeadingRow int            `json:"heading_row"` // as Excel shows it
	Columns    []ImportColumn `json:"columns"`
	Words      []ImportWord   `json:"words"` // of the column of employment kinds
	Key        ImportKey      `json:"key"`
	Remembered bool           `json:"remembered"` // an earlier choice of the organisation for these headings
	Sure       bool           `json:"sure"`       // nobody needs to be asked

	Departments map[string]db.ID `json:"departments,omitempty"` // see ImportMapping
}

// ImportColumn is a column of a file.
type ImportColumn struct {
	Heading string   `json:"heading"`
	Target  string   `json:"target"` // field; "" is left out
	Sure    bool     `json:"sure"`   // known by its heading or by memory
	Samples []string `json:"samples,omitempty"`
	Filled  int      `json:"filled"` // rows looked at that say something
}

// ImportWord is a word that a column of employment kinds holds, with what it means ("" when that is not known).
type ImportWord struct {
	Text  string         `json:"text"`
	Kind  EmploymentKind `json:"kind"`
	Count int            `json:"count"`
}

// ImportMapping is how columns and words are read. Columns stand in the order of the file.
type ImportMapping struct {
	Columns []MappedColumn            `json:"columns"`
	Words   map[string]EmploymentKind `json:"words,omitempty"` // folded
	Key     ImportKey                 `json:"key"`

	// Departments are folded texts that look like a department's name and are another: which one is meant, or the zero id for a new one.
	Departments map[string]db.ID `json:"departments,omitempty"`
}

// MappedColumn says what a column is.
type MappedColumn struct {
	Heading string `json:"heading"`
	Target  string `json:"target"`
}

// ImportKey says by what a row finds its person.
type ImportKey string

// The keys. KeyEither looks for the login ID first and then for the employee number.
const (
	KeyEither         ImportKey = "either"
	KeyLoginID        ImportKey = "login_id"
	KeyEmployeeNumber ImportKey = "employee_number"
)

// Parts of a name that some lists keep in columns of their own, and the prefix of targets that are own fields.
const (
	targetFamily     = "name_family"
	targetGiven      = "name_given"
	targetKanaFamily = "kana_family"
	targetKanaGiven  = "kana_given"
	targetField      = "field:"
)

// ImportTargets are the fields that a column can be, own fields apart, in the order of a form.
var ImportTargets = []string{"login_id", "name", targetFamily, targetGiven, "name_kana", targetKanaFamily, targetKanaGiven, "employee_number", "email", "departments",
	"employment_kind", "joined_on"}

// partHeadings are what lists call the parts of a name, folded.
var partHeadings = map[string]string{
	"姓": targetFamily, "氏": targetFamily, "苗字": targetFamily, "名字": targetFamily, "last name": targetFamily, "family name": targetFamily, "surname": targetFamily,
	"名": targetGiven, "first name": targetGiven, "given name": targetGiven,
	"セイ": targetKanaFamily, "姓カナ": targetKanaFamily, "姓(カナ)": targetKanaFamily, "姓かな": targetKanaFamily, "せい": targetKanaFamily,
	"メイ": targetKanaGiven, "名カナ": targetKanaGiven, "名(カナ)": targetKanaGiven, "名かな": targetKanaGiven, "めい": targetKanaGiven,
}

const (
	headingRows  = 10   // how far down the headings may stand; lists often have a title above
	looked       = 2000 // rows looked at for a guess
	sampleCount  = 3
	maxWords     = 50
	importCells  = 256 // columns
	sampleLength = 60
)

// importLimits bound what is read of a file of people. Columns beyond need not be empty for a clear refusal.
var importLimits = sheet.Limits{Bytes: MaxImportBytes, Unpacked: 512 << 20, Rows: 1 << 20, Columns: importCells, Cell: 2000, Line: 40_000, Text: 256 << 20}

var errEnough = errors.New("enough was read")

// head is the beginning of a file.
type head struct {
	rows []sheet.Row
	info sheet.Info
}

// readHead reads the first rows of a file.
func readHead(file io.ReaderAt, size int64) (head, error) {
	var h head
	info, err := sheet.Read(file, size, importLimits, func(row sheet.Row) error {
		h.rows = append(h.rows, row)
		if len(h.rows) >= looked {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	h.info = info
	return h, err
}

// form works out which row holds the headings and what each column is: as it was chosen for this import, as the organisation chose before for these headings,
// or as far as it can be told.
func (s *Imports) form(ctx context.Context, tid ID, h head, chosen *ImportMapping, fields []PersonField) (ImportForm, error) {
	top := h.rows[:min(headingRows, len(h.rows))]
	if chosen != nil {
		for i, row := range top {
			if signature(row.Cells) == signature(chosen.headings()) {
				return chosen.form(h, i, false), nil
			}
		}
		return ImportForm{}, fault.New(fault.Conflict, "import_mapping_other")
	}
	for i, row := range top {
		saved, err := s.Remembered(ctx, tid, row.Cells)
		if err != nil {
			return ImportForm{}, err
		}
		if saved != nil && saved.usable(fields) {
			return saved.form(h, i, true), nil
		}
	}
	best, most := -1, 0
	for i, row := range top {
		known := 0
		for _, cell := range row.Cells {
			if target, _ := targetOf(cell, fields); target != "" {
				known++
			}
		}
		if known > most {
			best, most = i, known
		}
	}
	if best < 0 { // nothing is known: the first row that looks like headings
		best = max(0, slices.IndexFunc(top, func(row sheet.Row) bool { return len(filled(row.Cells)) >= 2 }))
	}
	return guessForm(h, best, fields), nil
}

func filled(cells []string) (some []string) {
	for _, c := range cells {
		if Tidy(c) != "" {
			some = append(some, c)
		}
	}
	return some
}

// signature tells headings apart, in their order.
func signature(headings []string) db.Hash {
	folded := make([]string, 0, len(headings))
	for _, h := range headings {
		folded = append(folded, Fold(h))
	}
	for len(folded) > 0 && folded[len(folded)-1] == "" {
		folded = folded[:len(folded)-1]
	}
	b, err := json.Marshal(folded)
	if err != nil {
		return db.Hash{}
	}
	return sha256.Sum256(b)
}

func (m ImportMapping) headings() []string {
	list := make([]string, 0, len(m.Columns))
	for _, c := range m.Columns {
		list = append(list, c.Heading)
	}
	return list
}

// usable tells whether every own field of the mapping is still there.
func (m ImportMapping) usable(fields []PersonField) bool {
	return !slices.ContainsFunc(m.Columns, func(c MappedColumn) bool {
		id, own := strings.CutPrefix(c.Target, targetField)
		return own && !slices.ContainsFunc(fields, func(f PersonField) bool { return f.ID.String() == id })
	})
}

// form is the mapping as the form of a file whose headings stand in row at of its beginning.
func (m ImportMapping) form(h head, at int, remembered bool) ImportForm {
	f := ImportForm{HeadingRow: h.rows[at].Number, Key: m.Key, Remembered: remembered, Sure: true, Columns: columnsOf(h, at), Departments: m.Departments}
	for i := range f.Columns {
		if i < len(m.Columns) {
			f.Columns[i].Target, f.Columns[i].Sure = m.Columns[i].Target, true
		}
	}
	f.Words = wordsOf(h, at, f.Columns, m.Words)
	return f
}

// guessForm guesses by headings first and then by what the columns hold.
func guessForm(h head, at int, fields []PersonField) ImportForm {
	f := ImportForm{HeadingRow: h.rows[at].Number, Key: KeyEither, Sure: true, Columns: columnsOf(h, at)}
	taken := map[string]bool{}
	for i := range f.Columns {
		c := &f.Columns[i]
		target, known := targetOf(c.Heading, fields)
		if taken[target] && target != "departments" {
			target, known = "", false
		}
		c.Target, c.Sure = target, known || Tidy(c.Heading) == "" && c.Filled == 0
		taken[target] = taken[target] || target != ""
	}
	for i := range f.Columns {
		c := &f.Columns[i]
		if c.Sure {
			continue
		}
		if target := guessColumn(h, at, i); target != "" && !taken[target] && !(target == "name" && taken[targetFamily]) {
			c.Target, taken[target] = target, true
		}
		f.Sure = false
	}
	f.Sure = f.Sure && (taken["name"] || taken[targetFamily])
	f.Words = wordsOf(h, at, f.Columns, nil)
	return f
}

// targetOf tells what a heading means; known is true also for headings that are left out on purpose.
func targetOf(heading string, fields []PersonField) (target string, known bool) {
	if c := columnOf(heading); c != nil {
		return c.field, true
	}
	key := strings.Trim(Fold(heading), "*※ ")
	if part := partHeadings[key]; part != "" {
		return part, true
	}
	for _, f := range fields {
		if Fold(f.Name) == key {
			return targetField + f.ID.String(), true
		}
	}
	return "", key == Fold("状態") || key == "state"
}

// columnsOf lists the columns of a file with samples of what they hold.
func columnsOf(h head, at int) []ImportColumn {
	width := len(h.rows[at].Cells)
	for _, row := range h.rows[at+1:] {
		width = max(width, len(row.Cells))
	}
	columns := make([]ImportColumn, width)
	for i := range columns {
		c := &columns[i]
		c.Heading = Clip(Tidy(h.rows[at].Cell(i)), 100)
		for _, row := range h.rows[at+1:] {
			text := Clip(Tidy(row.Cell(i)), sampleLength)
			if text == "" {
				continue
			}
			if c.Filled++; len(c.Samples) < sampleCount && !slices.Contains(c.Samples, text) {
				c.Samples = append(c.Samples, text)
			}
		}
	}
	return columns
}

// wordsOf lists the words of the column of employment kinds.
func wordsOf(h head, at int, columns []ImportColumn, chosen map[string]EmploymentKind) []ImportWord {
	words := []ImportWord{}
	column := slices.IndexFunc(columns, func(c ImportColumn) bool { return c.Target == "employment_kind" })
	if column < 0 {
		return words
	}
	for _, row := range h.rows[at+1:] {
		text := Clip(Tidy(row.Cell(column)), sampleLength)
		if text == "" {
			continue
		}
		if i := slices.IndexFunc(words, func(w ImportWord) bool { return Fold(w.Text) == Fold(text) }); i >= 0 {
			words[i].Count++
		} else if len(words) < maxWords {
			words = append(words, ImportWord{Text: text, Kind: readWord(text, chosen), Count: 1})
		}
	}
	return words
}

// asksWords tells whether there is a word for a kind of employment that neither the product nor the organisation knows.
func (f ImportForm) asksWords() bool {
	return slices.ContainsFunc(f.Words, func(w ImportWord) bool { return w.Kind == "" })
}

// readWord reads a word for an employment kind, as chosen or as known; "" when neither knows it.
func readWord(text string, chosen map[string]EmploymentKind) EmploymentKind {
	if kind, ok := chosen[Fold(text)]; ok {
		return kind
	}
	kind, _ := readKind(text)
	return kind
}

// guessColumn tells what a column is by what nearly all of its cells look like.
func guessColumn(h head, at, column int) string {
	counts, total := map[string]int{}, 0
	for _, row := range h.rows[at+1:] {
		text := Tidy(row.Cell(column))
		if text == "" {
			continue
		}
		total++
		counts[looksLike(text)]++
	}
	for target, n := range counts {
		if target != "" && n*10 >= total*8 {
			return target
		}
	}
	return ""
}

func looksLike(text string) string {
	if validEmail(text) {
		return "email"
	}
	if _, ok := readKind(text); ok {
		return "employment_kind"
	}
	if _, ok := readDate(text); ok && !serialDate.MatchString(text) {
		return "joined_on"
	}
	kana, han := 0, 0
	for _, r := range SearchKey(text) {
		switch {
		case r >= 'ァ' && r <= 'ヿ', r == ' ':
			kana++
		case r >= 0x3400 && r <= 0x9fff, r == '々':
			han++
		default:
			return ""
		}
	}
	switch {
	case han == 0 && kana > 2:
		return "name_kana"
	case han > 0 && strings.Contains(SearchKey(text), " "):
		return "name"
	}
	return ""
}

// validate refuses a mapping without a name, with one field twice, or with a target or word that is none.
func (m ImportMapping) validate(fields []PersonField) error {
	var c fault.Check
	taken := map[string]int{}
	for i, column := range m.Columns {
		known := column.Target == "" || slices.Contains(ImportTargets, column.Target)
		if id, own := strings.CutPrefix(column.Target, targetField); own {
			known = slices.ContainsFunc(fields, func(f PersonField) bool { return f.ID.String() == id })
		}
		c.If(!known, "columns", "not_in_list")
		if taken[column.Target]++; column.Target != "" && column.Target != "departments" && taken[column.Target] == 2 {
			c.Add("columns", "import_column_twice", "column", Clip(m.Columns[i].Heading, 50))
		}
	}
	c.If(taken["name"] == 0 && taken[targetFamily] == 0, "columns", "import_no_name")
	c.If(taken["name"] > 0 && taken[targetFamily] > 0, "columns", "import_name_parts")
	c.If(m.Key == KeyEmployeeNumber && taken["employee_number"] == 0, "key", "import_no_key")
	c.If(m.Key == KeyLoginID && taken["login_id"] == 0, "key", "import_no_key")
	c.If(!slices.Contains([]ImportKey{KeyEither, KeyLoginID, KeyEmployeeNumber}, m.Key), "key", "not_in_list")
	c.If(len(m.Columns) > importCells || len(m.Words) > 1000, "columns", "too_many", "max", importCells)
	for _, kind := range slices.Collect(maps.Values(m.Words)) {
		c.If(!slices.Contains(EmploymentKinds, kind), "words", "not_in_list")
	}
	return c.Err()
}

// mapping is the form as it will be read.
func (f ImportForm) mapping() ImportMapping {
	m := ImportMapping{Key: f.Key, Words: map[string]EmploymentKind{}, Departments: f.Departments}
	for _, c := range f.Columns {
		m.Columns = append(m.Columns, MappedColumn{c.Heading, c.Target})
	}
	for _, w := range f.Words {
		if w.Kind != "" {
			m.Words[Fold(w.Text)] = w.Kind
		}
	}
	return m
}

// Remembered gives how the organisation reads files with these headings, or nil.
func (s *Imports) Remembered(ctx context.Context, tid ID, headings []string) (*ImportMapping, error) {
	var m db.JSON[ImportMapping]
	err := db.One(s.db.QueryRow(ctx, sqlFindMapping, tid, signature(headings)).Scan(&m))
	if fault.Is(err, fault.NotFound) {
		return nil, nil //nolint:nilnil // none is remembered
	}
	return &m.V, err
}

// Map says what the columns of a file are, keeps that for later files with the same headings, and has the file read again. It returns fault.NotFound,
// fault.Invalid, or fault.Conflict "import_state" when the file is past that.
func (s *Imports) Map(ctx context.Context, tid ID, id db.ID, m ImportMapping) (Import, error) {
	imp, err := s.Find(ctx, tid, id)
	if err != nil {
		return Import{}, err
	}
	fields, err := ReadPersonFields(ctx, tid, s.db)
	if err != nil {
		return Import{}, err
	}
	if m.Key == "" {
		m.Key = KeyEither
	}
	words := make(map[string]EmploymentKind, len(m.Words))
	for text, kind := range m.Words {
		words[Fold(text)] = kind
	}
	m.Words = words
	if err := m.validate(fields); err != nil {
		return Import{}, err
	}
	if m.Departments == nil && imp.Summary.Form != nil { // what was said about departments stays said
		m.Departments = imp.Summary.Form.Departments
	}
	if imp.Summary.Form == nil || signature(m.headings()) != signature(imp.Summary.Form.headings()) {
		return Import{}, fault.New(fault.Conflict, "import_mapping_other")
	}
	imp.Options.Mapping = &m
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		if err := tx.Upsert(ctx, sqlInsertMapping, "tenant_id, signature", "mapping, updated_by, updated_at",
			tid, signature(m.headings()), db.JSON[ImportMapping]{V: m}, ActorFrom(ctx).Person, db.At(s.clock())); err != nil {
			return err
		}
		return s.begin(ctx, tid, tx, imp, ImportReading, ImportUnmapped, ImportChecked)
	})
	if err != nil {
		return Import{}, err
	}
	return s.Find(ctx, tid, id)
}

func (f ImportForm) headings() []string {
	list := make([]string, 0, len(f.Columns))
	for _, c := range f.Columns {
		list = append(list, c.Heading)
	}
	return list
}
