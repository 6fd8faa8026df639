package content

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// The states of a question of the bank. A retired one is drawn no more; what was asked stays as it was.
const (
	QuestionActive  = "active"
	QuestionRetired = "retired"
)

// Limits of the bank.
const (
	MaxTags          = 10  // of one question
	maxTag           = 50  // characters
	maxCategory      = 200 // characters of the whole path
	maxCategoryDepth = 5
)

// BankQuestion is a question of an organisation's bank as it is asked from now on.
type BankQuestion struct {
	ID         db.ID
	Category   string // a path: 情報セキュリティ/パスワード
	Tags       []string
	Difficulty int // 1 easy, 2 medium, 3 hard, 0 unknown
	State      string
	Question   Question // its ID is the version's
	Number     int      // of the version
	Version    int64    // compare-and-set of changes
	CreatedAt  db.Time
	UpdatedAt  db.Time
	UpdatedBy  string

	Answered Answered // in exports only
}

// Answered is how a version of a question was answered so far.
type Answered struct {
	Asked          int      // first attempts that asked it
	Right          int      // 0 while Facility is unknown
	Facility       *float64 // share of right answers, 0 to 1; nil: too few answers
	Discrimination *float64 // -1 to 1, how well being right here goes with being right elsewhere; nil: too few answers, or all alike
}

// AnsweredOf tells how versions of questions were answered, by the ids of the versions; lms.QuestionFigures does.
type AnsweredOf func(ctx context.Context, tid tenant.ID, r db.Runner, versions []db.ID) (map[db.ID]Answered, error)

// QuestionInput is what an editor sets of a question.
type QuestionInput struct {
	Category   string
	Tags       []string
	Difficulty int
	Question   Question
}

// QuestionVersion is what a question asked at one time.
type QuestionVersion struct {
	Number    int
	Question  Question
	CreatedBy string
	CreatedAt db.Time
}

// QuestionUse is a lesson of a draft that may ask a question.
type QuestionUse struct {
	Course, Lesson           db.ID
	CourseTitle, LessonTitle string
}

// QuestionFilter chooses questions; zero fields choose all.
type QuestionFilter struct {
	Q          string // words that all must be found
	Category   string // with those below it
	Tags       []string
	Difficulty int
	Kind       string
	State      string // empty: active
	IDs        []db.ID
}

// Facet is a category or tag with how many questions have it.
type Facet struct {
	Name  string
	Count int
}

// Questions is the question bank of each organisation.
type Questions struct {
	db     *db.DB
	audit  *tenant.Audit
	clock  func() time.Time
	checks tenant.Turns // whose file is being read
}

// NewQuestions makes the service.
func NewQuestions(d *db.DB, audit *tenant.Audit, clock func() time.Time) *Questions {
	return &Questions{db: d, audit: audit, clock: clock}
}

// tidyCategory brings a path into its stored form.
func tidyCategory(s string) string {
	var parts []string
	for part := range strings.SplitSeq(strings.ReplaceAll(s, "／", "/"), "/") {
		if part = tenant.Tidy(part); part != "" {
			parts = append(parts, part)
		}
	}
	return strings.Join(parts, "/")
}

// check brings the input into its stored form and records what is wrong with it. Only what can be asked goes into the bank.
func (in *QuestionInput) check(c *fault.Check, path string) {
	in.Category = tidyCategory(in.Category)
	c.If(utf8.RuneCountInString(in.Category) > maxCategory, path+"category", "too_long", "max", maxCategory)
	c.If(strings.Count(in.Category, "/") >= maxCategoryDepth, path+"category", "category_deep", "max", maxCategoryDepth)
	c.If(in.Difficulty < 0 || in.Difficulty > 3, path+"difficulty", "not_in_list")
	in.Tags = tidyTags(in.Tags)
	c.If(len(in.Tags) > MaxTags, path+"tags", "too_many", "max", MaxTags)
	for i, tag := range in.Tags {
		c.If(utf8.RuneCountInString(tag) > maxTag, fmt.Sprintf("%stags[%d]", path, i), "too_long", "max", maxTag)
	}
	q := &in.Question
	q.ID, q.Bank = db.ID{}, db.ID{}
	q.tidy()
	var draft fault.Check
	q.checkDraft(&draft, path+"question")
	for _, f := range draft.Fields() {
		c.AddField(f)
	}
	if len(draft.Fields()) == 0 {
		q.validate(c, path+"question")
	}
}

// tidyTags trims tags and drops repeats. Commas separate tags, so that a list of them can stand in one cell.
func tidyTags(tags []string) []string {
	out, seen := []string{}, map[string]bool{}
	for _, tag := range strings.FieldsFunc(strings.Join(tags, ","), func(r rune) bool { return strings.ContainsRune(",、，", r) }) {
		tag = tenant.Tidy(tag)
		if key := tenant.Fold(tag); key != "" && !seen[key] {
			seen[key] = true
			out = append(out, tag)
		}
	}
	return out
}

// stored gives the body as question_version holds it, its digest, and what a search looks through.
func (in QuestionInput) stored() (body string, digest db.Hash, search string, err error) {
	in.Question.ID, in.Question.Bank = db.ID{}, db.ID{}
	raw, err := json.Marshal(in.Question)
	if err != nil {
		return "", digest, "", err
	}
	words := []string{in.Question.Text}
	for _, list := range [][]Choice{in.Question.Choices, in.Question.Targets} {
		for _, c := range list {
			words = append(words, c.Text)
		}
	}
	words = append(append(words, in.Question.Accepted...), in.Question.Explanation)
	return string(raw), sameness(in), tenant.Fold(strings.Join(words, " ")), nil
}

// sameness is the digest by which a question is known again: of what it says, not of how its choices are called.
func sameness(in QuestionInput) db.Hash {
	q := in.Question
	what := struct {
		Kind, Text, Number, Tolerance, Explanation string
		Choices, Targets                           []string
		Correct                                    [][2]string
		Accepted                                   []string
	}{Kind: q.Kind, Text: q.Text, Number: q.Number, Tolerance: q.Tolerance, Explanation: q.Explanation, Accepted: q.Accepted}
	for _, c := range q.Choices {
		what.Choices = append(what.Choices, c.Text)
	}
	for _, c := range q.Targets {
		what.Targets = append(what.Targets, c.Text)
	}
	right := map[string]bool{}
	for _, one := range q.Correct {
		right[one] = true
	}
	switch q.Kind {
	case QuestionSingle, QuestionMultiple, QuestionTrueFalse: // in the order of the choices, however they were marked
		for _, c := range q.Choices {
			if right[c.ID] {
				what.Correct = append(what.Correct, [2]string{c.ID[:boolLen(q.Kind, c.ID)], c.Text})
			}
		}
	default:
		for _, one := range q.Correct {
			choice, target, _ := strings.Cut(one, "=")
			what.Correct = append(what.Correct, [2]string{TextOfChoice(q.Choices, choice), TextOfChoice(q.Targets, target)})
		}
	}
	raw, err := json.Marshal(what)
	if err != nil {
		return db.Hash{}
	}
	return sha256.Sum256(raw)
}

// TextOfChoice gives what the choice with an id says; nothing for an id that is not in the list.
func TextOfChoice(list []Choice, id string) string {
	for _, c := range list {
		if c.ID == id {
			return c.Text
		}
	}
	return ""
}

// boolLen keeps the id of true and false, which says everything, and of nothing else.
func boolLen(kind, id string) int {
	if kind == QuestionTrueFalse {
		return len(id)
	}
	return 0
}

// List gives questions, the newest first, the cursor of the next page, and how many there are in all.
func (s *Questions) List(ctx context.Context, tid tenant.ID, filter QuestionFilter, page db.Page) ([]BankQuestion, string, int, error) {
	cond := filter.cond(tid)
	total := 0
	if err := db.One(s.db.QueryRow(ctx, sqlCountQuestions+cond.SQL(), cond.Args()...).Scan(&total)); err != nil {
		return nil, "", 0, fmt.Errorf("count questions: %w", err)
	}
	after, err := db.ReadCursor(page.After, 1)
	if err != nil {
		return nil, "", 0, err
	}
	if after != nil {
		id, err := db.ParseID(after[0])
		if err != nil {
			return nil, "", 0, fault.Wrap(err, fault.Invalid, "cursor")
		}
		cond.And("q.id < ?", id)
	}
	limit := page.Clamp()
	list, err := s.read(ctx, s.db, tid, cond, " ORDER BY q.id DESC LIMIT ?", limit+1)
	if err != nil {
		return nil, "", 0, fmt.Errorf("list questions: %w", err)
	}
	if len(list) <= limit {
		return list, "", total, nil
	}
	return list[:limit], db.Cursor(list[limit-1].ID.String()), total, nil
}

func (f QuestionFilter) cond(tid tenant.ID) *db.Cond {
	cond := db.Where("q.tenant_id = ?", tid)
	if f.IDs != nil {
		ids := make([]any, 0, len(f.IDs))
		for _, id := range f.IDs {
			ids = append(ids, id)
		}
		return cond.In("q.id", ids)
	}
	state := f.State
	if state == "" {
		state = QuestionActive
	}
	cond.And("q.state = ?", state)
	matching(cond, tid, tidyCategory(f.Category), tidyTags(f.Tags), f.Difficulty)
	if f.Kind != "" {
		cond.And("q.kind = ?", f.Kind)
	}
	for _, word := range strings.Fields(tenant.Fold(f.Q)) {
		cond.And("q.search_text LIKE ? ESCAPE '!'", "%"+db.Like(word)+"%")
	}
	return cond
}

// read gives questions with their tags: two queries, however many they are.
func (s *Questions) read(ctx context.Context, r db.Runner, tid tenant.ID, cond *db.Cond, end string, more ...any) ([]BankQuestion, error) {
	list, err := db.List(ctx, r, sqlBankQuestions+cond.SQL()+end, cond.Args(more...), scanBankQuestion)
	if err != nil || len(list) == 0 {
		return list, err
	}
	at := make(map[db.ID]*BankQuestion, len(list))
	ids := make([]any, len(list))
	for i := range list {
		at[list[i].ID], ids[i] = &list[i], list[i].ID
	}
	tagged := db.Where("tenant_id = ?", tid).In("question_id", ids)
	err = db.Each(ctx, r, sqlTagsOf+tagged.SQL()+" ORDER BY question_id, tag_key", tagged.Args(), func(scan func(...any) error) error {
		var id db.ID
		var tag string
		if err := scan(&id, &tag); err != nil {
			return err
		}
		at[id].Tags = append(at[id].Tags, tag)
		return nil
	})
	return list, err
}

func scanBankQuestion(row db.Row) (BankQuestion, error) {
	q := BankQuestion{Tags: []string{}}
	var version db.ID
	var body db.JSON[Question]
	err := row.Scan(&q.ID, &q.Category, &q.Difficulty, &q.State, &version, &q.Number, &q.Version, &q.CreatedAt, &q.UpdatedAt, &q.UpdatedBy, &body)
	q.Question = body.V
	q.Question.tidy()
	q.Question.ID = version
	return q, err
}

// Find gives one question and where drafts may ask it; fault.NotFound when tid has no such.
func (s *Questions) Find(ctx context.Context, tid tenant.ID, id db.ID) (BankQuestion, []QuestionUse, error) {
	q, err := s.find(ctx, s.db, tid, id)
	if err != nil {
		return BankQuestion{}, nil, err
	}
	lessons, err := drawingLessons(ctx, s.db, tid)
	if err != nil {
		return BankQuestion{}, nil, fmt.Errorf("find question: %w", err)
	}
	uses := []QuestionUse{}
	for _, l := range lessons {
		if l.uses([]drawFacts{q.facts()}) {
			uses = append(uses, QuestionUse{Course: l.course, Lesson: l.lesson, CourseTitle: l.courseTitle, LessonTitle: l.title})
		}
	}
	return q, uses, nil
}

func (s *Questions) find(ctx context.Context, r db.Runner, tid tenant.ID, id db.ID) (BankQuestion, error) {
	list, err := s.read(ctx, r, tid, db.Where("q.tenant_id = ?", tid).And("q.id = ?", id), "")
	if err != nil {
		return BankQuestion{}, err
	}
	if len(list) == 0 {
		return BankQuestion{}, fault.New(fault.NotFound, "not_found")
	}
	return list[0], nil
}

func (q BankQuestion) facts() drawFacts {
	return drawFacts{id: q.ID, category: q.Category, tags: q.Tags, difficulty: q.Difficulty}
}

// Facets gives the categories of active questions and all tags, each with its number of questions.
func (s *Questions) Facets(ctx context.Context, tid tenant.ID) (categories, tags []Facet, err error) {
	for query, to := range map[string]*[]Facet{sqlCategories: &categories, sqlAllTags: &tags} {
		if *to, err = s.facets(ctx, tid, query); err != nil {
			return nil, nil, fmt.Errorf("facets: %w", err)
		}
	}
	return categories, tags, nil
}

func (s *Questions) facets(ctx context.Context, tid tenant.ID, query string) ([]Facet, error) {
	return db.List(ctx, s.db, query, []any{tid}, func(row db.Row) (Facet, error) {
		var f Facet
		err := row.Scan(&f.Name, &f.Count)
		return f, err
	})
}

// Versions gives everything a question ever asked, newest first; fault.NotFound when tid has no such question.
func (s *Questions) Versions(ctx context.Context, tid tenant.ID, id db.ID) ([]QuestionVersion, error) {
	list, err := db.List(ctx, s.db, sqlListVersion, []any{tid, id}, func(row db.Row) (QuestionVersion, error) {
		var v QuestionVersion
		var version db.ID
		var body db.JSON[Question]
		err := row.Scan(&version, &v.Number, &body, &v.CreatedBy, &v.CreatedAt)
		v.Question = body.V
		v.Question.tidy()
		v.Question.ID = version
		return v, err
	})
	if err != nil {
		return nil, fmt.Errorf("list versions of question: %w", err)
	}
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "not_found")
	}
	return list, nil
}
