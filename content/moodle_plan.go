package content

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// maxMoodleLeft is how many of the things that do not come are listed one by one.
const maxMoodleLeft = 500

// MoodlePlan is what comes of a backup and what does not. While it is only checked it says what would come; afterwards what came.
type MoodlePlan struct {
	Title    string         `json:"title"`
	Summary  string         `json:"summary"`
	Language string         `json:"language"`
	Release  string         `json:"release"` // of Moodle
	Lessons  []MoodleLesson `json:"lessons"`
	Left     []MoodleLeft   `json:"left"`
	More     int            `json:"more"` // things left out beyond those listed
	Files    int            `json:"files"`
	Bytes    int64          `json:"bytes"`  // of the files
	Banked   int            `json:"banked"` // questions that go into the bank, because a quiz draws from them
}

// MoodleLesson is a lesson that comes.
type MoodleLesson struct {
	Title     string        `json:"title"`
	Kind      LessonKind    `json:"kind"`
	Section   string        `json:"section"`
	Questions int           `json:"questions,omitempty"` // of a quiz, in one attempt
	Notes     []fault.Field `json:"notes,omitempty"`     // what of it is left out or must be looked at
}

// MoodleLeft is something that does not come.
type MoodleLeft struct {
	Name    string      `json:"name"`
	Kind    string      `json:"kind"` // of activity as Moodle names it, or file, question
	Section string      `json:"section"`
	Reason  fault.Field `json:"reason"`
}

// moodleNeed is a file whose bytes the lessons need.
type moodleNeed struct {
	id   db.ID
	hash string
	file NewFile
}

// moodleCourseMade is a course in the making.
type moodleCourseMade struct {
	plan    MoodlePlan
	bodies  []Body // of plan.Lessons
	needs   []moodleNeed
	banked  []QuestionInput
	backup  *moodleBackup
	imp     db.ID
	refused map[db.ID]string // files that were looked at and cannot be used: why
	asked   map[db.ID]bool   // files that were asked for when none was refused yet; nil: that is now

	files   map[string]moodleFile // by where they lie
	folders map[string][]moodleFile
	needed  map[db.ID]bool
	inBank  map[string]bool // ids of questions
	section string
	hidden  bool
	made    int // bytes of bodies
	lost    int // lessons that fell away with their file: nothing moves up into their places
}

// makeMoodleCourse builds the course of a backup. imp names the import: the same import always makes the same ids, so that what was stored before a run died is found
// again. refused are files that turned out to be unusable, asked those that the course without refusals needs: it never comes to need others, however many of them are
// broken, so that the backup need not be gone over for them again and again. Both are nil at first.
func makeMoodleCourse(b *moodleBackup, imp db.ID, refused map[db.ID]string, asked map[db.ID]bool) *moodleCourseMade {
	m := &moodleCourseMade{
		backup: b, imp: imp, refused: refused, asked: asked, files: map[string]moodleFile{}, folders: map[string][]moodleFile{}, needed: map[db.ID]bool{}, inBank: map[string]bool{},
	}
	m.plan.Lessons, m.plan.Left = []MoodleLesson{}, []MoodleLeft{}
	for _, f := range b.files {
		place := filePlace(f.Context, f.Component, f.Area, f.Item)
		m.files[place+f.Path+f.Name] = f
		m.folders[place] = append(m.folders[place], f)
	}
	name := b.course.Name
	if given(name) == "" {
		name = b.info.Name
	}
	m.plan.Title, m.plan.Release = tenant.Clip(tenant.Tidy(given(name)), MaxTitle), tenant.Clip(tenant.Tidy(b.info.Release), 60)
	m.plan.Summary = tenant.Clip(plainOf(given(b.course.Summary)), maxSummary)
	if lang, _, _ := strings.Cut(given(b.course.Lang), "_"); slices.Contains(Languages, lang) {
		m.plan.Language = lang
	}
	m.sections()
	return m
}

func filePlace(context, component, area, item string) string {
	return context + "\x00" + component + "\x00" + area + "\x00" + item + "\x00"
}

// leave lists something that does not come.
func (m *moodleCourseMade) leave(name, kind, key string, args map[string]any) {
	if len(m.plan.Left) >= maxMoodleLeft {
		m.plan.More++
		return
	}
	m.plan.Left = append(m.plan.Left, MoodleLeft{Name: tenant.Clip(tenant.Tidy(name), 200), Kind: safeType(kind), Section: m.section, Reason: fault.Field{Key: key, Args: args}})
}

// full leaves a lesson out, before its files are asked for, when the course has as many as it may have.
func (m *moodleCourseMade) full(title, kind string) bool {
	if len(m.bodies)+m.lost < MaxLessons {
		return false
	}
	m.leave(title, kind, "moodle_lessons_many", map[string]any{"max": MaxLessons})
	return true
}

// add takes a lesson into the course, when it fits.
func (m *moodleCourseMade) add(title, kind string, body Body, notes map[string]bool) {
	title = tenant.Clip(tenant.Tidy(title), MaxTitle)
	body.tidy()
	var check fault.Check
	body.checkDraft(&check)
	raw, err := body.JSON()
	switch {
	case m.full(title, kind):
		return
	case err != nil, m.made+len(raw) > MaxCourse:
		m.leave(title, kind, "moodle_lesson_large", nil)
		return
	case len(check.Fields()) > 0:
		m.leave(title, kind, check.Fields()[0].Key, check.Fields()[0].Args)
		return
	}
	lesson := MoodleLesson{Title: title, Kind: body.Kind(), Section: m.section, Notes: []fault.Field{}}
	if body.Quiz != nil {
		lesson.Questions = body.Quiz.Asked()
	}
	keys := make([]string, 0, len(notes))
	for key := range notes {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		lesson.Notes = append(lesson.Notes, fault.Field{Key: key})
	}
	m.made += len(raw)
	m.plan.Lessons, m.bodies = append(m.plan.Lessons, lesson), append(m.bodies, body)
}

// file gives the file of ours for a file of the backup that a lesson wants as one of kinds; else why there is none.
func (m *moodleCourseMade) file(f moodleFile, kinds ...AssetKind) (id db.ID, kind AssetKind, why fault.Field) {
	content, there := m.backup.contents[f.Hash]
	switch {
	case !there:
		return id, "", fault.Field{Key: "moodle_file_missing"}
	case content.wrong:
		return id, "", fault.Field{Key: "moodle_file_damaged"}
	case content.size < 1:
		return id, "", fault.Field{Key: "file_empty"}
	case !slices.Contains(kinds, content.kind):
		return id, "", fault.Field{Key: "moodle_file_type"}
	case content.size > maxSize[content.kind]:
		return id, "", fault.Field{Key: "moodle_file_large"}
	}
	id = db.IDFrom("moodle.file", m.imp.String(), string(content.kind), f.Hash)
	if key := m.refused[id]; key != "" {
		return id, "", fault.Field{Key: key}
	}
	if m.asked != nil && !m.asked[id] {
		return id, "", fault.Field{Key: "moodle_lessons_many", Args: map[string]any{"max": MaxLessons}}
	}
	if !m.needed[id] {
		m.needed[id] = true
		m.needs = append(m.needs, moodleNeed{id, f.Hash, NewFile{Kind: content.kind, FileName: tenant.Clip(f.Name, 255), Size: content.size}})
		m.plan.Files++
		m.plan.Bytes += content.size
	}
	return id, content.kind, fault.Field{}
}

// text turns rich text into a page. It gives the files that the text plays or links to, which become lessons of their own.
func (m *moodleCourseMade) text(s, format, place string, notes map[string]bool) (page string, linked []moodleFile) {
	seen := map[string]bool{}
	r := moodleRichText{
		notes: notes,
		picture: func(name string) (db.ID, bool) {
			f, there := m.files[place+name]
			if !there {
				return db.ID{}, false
			}
			id, _, why := m.file(f, AssetImage)
			if why.Key != "" {
				m.leave(f.Name, "file", why.Key, nil)
			}
			return id, why.Key == ""
		},
		linked: func(name string) {
			if f, there := m.files[place+name]; there && !seen[name] {
				seen[name] = true
				linked = append(linked, f)
			} else if !there {
				notes["moodle_picture_missing"] = true
			}
		},
	}
	return r.convert(s, format), linked
}

// recording, PDF, package or picture: the lesson of one file.
func (m *moodleCourseMade) fileLesson(title, kind string, f moodleFile) {
	if m.full(title, kind) {
		return
	}
	id, found, why := m.file(f, AssetVideo, AssetAudio, AssetPDF, AssetImage)
	if m.refused[id] != "" {
		m.lost++
	}
	if why.Key != "" {
		m.leave(title, kind, why.Key, why.Args)
		return
	}
	var body Body
	switch found {
	case AssetVideo:
		body = NewBody(KindVideo)
		body.Video.Asset = id
	case AssetAudio:
		body = NewBody(KindAudio)
		body.Audio.Asset = id
	case AssetPDF:
		body = NewBody(KindPDF)
		body.PDF.Asset = id
	default:
		body = pageOf(fmt.Sprintf(`<img data-asset="%s" alt="%s">`, id, htmlOf(tenant.Clip(tenant.Tidy(title), MaxTitle))))
	}
	m.add(title, kind, body, nil)
}

func pageOf(s string) Body { return Body{Page: &PageBody{HTML: CleanHTML(s)}} }

// page adds a page with what it links to behind it; one that says nothing is told of.
func (m *moodleCourseMade) page(title, kind, page string, linked []moodleFile, notes map[string]bool) {
	switch {
	case hasContent(page):
		m.add(title, kind, pageOf(page), notes)
	case len(linked) == 0:
		m.leave(title, kind, "moodle_empty", nil)
	}
	for _, f := range linked {
		m.fileLesson(title+" - "+f.Name, "file", f)
	}
}

// percent reads how much of the points is needed to pass; 0 when the quiz has no such.
func (g moodleGrades) percent() int {
	for _, item := range g.Items {
		most, err := strconv.ParseFloat(strings.TrimSpace(item.Most), 64)
		pass, err2 := strconv.ParseFloat(strings.TrimSpace(item.Pass), 64)
		if err == nil && err2 == nil && most > 0 && pass > 0 && pass <= most {
			return max(1, int(math.Ceil(pass/most*100-1e-9)))
		}
	}
	return 0
}
