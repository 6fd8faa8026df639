package content

import (
	"slices"
	"strings"

	"kenshu/storage/db"
	"kenshu/tenant"
)

// moodleItem is an activity at its place.
type moodleItem struct {
	kind, title, folder string
	part                *moodlePart // nil: of a kind that is not taken over, or not in the backup
}

// sections goes over the course in its order: sections by number, activities as their section lists them, then those that no section lists.
func (m *moodleCourseMade) sections() {
	items, order := map[string]moodleItem{}, []string{}
	for _, a := range m.backup.info.Activities {
		folder := strings.TrimPrefix(a.Directory, "activities/")
		if _, twice := items[a.ModuleID]; !twice {
			order = append(order, a.ModuleID)
		}
		items[a.ModuleID] = moodleItem{a.Module, given(a.Title), folder, m.backup.activities[folder]}
	}
	titles := map[string]string{}
	for _, s := range m.backup.info.Sections {
		titles[s.ID] = given(s.Title)
	}
	below := map[string]moodleSection{} // sections that hang in others, by their subsection
	for _, s := range m.backup.sections {
		if s.Component == "mod_subsection" {
			below[s.Item] = s
		}
	}
	done, entered := map[string]bool{}, map[string]bool{}
	var walk func(s moodleSection, depth int)
	walk = func(s moodleSection, depth int) {
		if entered[s.ID] {
			return
		}
		entered[s.ID] = true
		var list []moodleItem
		var hang []moodleSection
		for _, id := range strings.Split(given(s.Sequence), ",") {
			id = strings.TrimSpace(id)
			item, there := items[id]
			if !there || done[id] {
				continue
			}
			done[id] = true
			if item.kind == "subsection" && item.part != nil && depth < 5 {
				if inner, there := below[item.part.activity.Body.ID]; there {
					hang = append(hang, inner)
					continue
				}
			}
			list = append(list, item)
		}
		m.oneSection(s, titles[s.ID], list)
		for _, inner := range hang {
			walk(inner, depth+1)
		}
	}
	for _, s := range m.backup.sections {
		if s.Component != "mod_subsection" {
			walk(s, 0)
		}
	}
	for _, s := range m.backup.sections {
		walk(s, 0)
	}
	var rest []moodleItem
	for _, id := range order {
		if !done[id] {
			rest = append(rest, items[id])
		}
	}
	m.oneSection(moodleSection{}, "", rest)
}

// oneSection makes the lessons of a section. Its name, its summary and the labels it begins with are a page before them, so that the heading is not lost.
func (m *moodleCourseMade) oneSection(s moodleSection, listed string, items []moodleItem) {
	m.section, m.hidden = tenant.Clip(tenant.Tidy(given(s.Name)), MaxTitle), s.Visible == "0"
	if m.section == "" && strings.Trim(listed, "0123456789") != "" { // Moodle lists sections without a name by their number
		m.section = tenant.Clip(tenant.Tidy(listed), MaxTitle)
	}
	notes := map[string]bool{}
	lead, linked := "", []moodleFile(nil)
	if !m.hidden {
		lead, linked = m.text(s.Summary, s.Format, filePlace(m.backup.course.Context, "course", "section", s.ID), notes)
	}
	for len(items) > 0 && items[0].kind == "label" && m.taken(items[0]) {
		more, files := m.intro(items[0], notes)
		lead, linked = joined(lead, more), append(linked, files...)
		items = items[1:]
	}
	at := len(m.bodies)
	title := m.section
	if title == "" {
		title = firstWords(lead)
	}
	if hasContent(lead) || len(linked) > 0 {
		m.page(title, "section", lead, linked, notes)
		at = -1
	}
	m.items(items)
	if at >= 0 && m.section != "" && len(m.bodies) > at && len(m.backup.sections) > 1 && len(m.bodies) < MaxLessons {
		m.heading(at)
	}
}

// heading puts a page before the lessons of a section that has a name and nothing else to say: what is in it.
func (m *moodleCourseMade) heading(at int) {
	var list strings.Builder
	for _, l := range m.plan.Lessons[at:] {
		list.WriteString("<li>" + htmlOf(l.Title) + "</li>")
	}
	body := pageOf("<h2>" + htmlOf(m.section) + "</h2><ol>" + list.String() + "</ol>")
	m.plan.Lessons = slices.Insert(m.plan.Lessons, at, MoodleLesson{Title: m.section, Kind: KindPage, Section: m.section})
	m.bodies = slices.Insert(m.bodies, at, body)
}

// taken tells whether an activity is taken over; when not, it is listed with the reason.
func (m *moodleCourseMade) taken(i moodleItem) bool {
	key := ""
	switch {
	case !slices.Contains(moodleTaken, i.kind) || i.kind == "subsection":
		key = "moodle_kind"
	case i.part == nil || !i.part.read:
		key = "moodle_activity_missing"
	case i.part.broken:
		key = "moodle_activity_damaged"
	case i.part.hidden || m.hidden:
		key = "moodle_hidden"
	}
	if key != "" {
		m.leave(i.name(), i.kind, key, nil)
	}
	return key == ""
}

func (i moodleItem) name() string {
	if i.part != nil && given(i.part.activity.Body.Name) != "" {
		return i.part.activity.Body.Name
	}
	return i.title
}

// intro is the description of an activity as a page; of a label all it says.
func (m *moodleCourseMade) intro(i moodleItem, notes map[string]bool) (string, []moodleFile) {
	a := &i.part.activity
	return m.text(a.Body.Intro, a.Body.IntroFormat, filePlace(a.Context, "mod_"+i.kind, "intro", "0"), notes)
}

// joined puts pages together as long as a lesson could hold them; one that is longer is refused by its length in any case.
func joined(page, more string) string {
	if len(page) > MaxBody {
		return page
	}
	return page + more
}

func (m *moodleCourseMade) items(items []moodleItem) {
	for n := 0; n < len(items); n++ {
		i := items[n]
		if !m.taken(i) {
			continue
		}
		a, notes := &i.part.activity, map[string]bool{}
		switch i.kind {
		case "label": // what stands together is read together
			page, linked := m.intro(i, notes)
			for n+1 < len(items) && items[n+1].kind == "label" {
				n++
				if m.taken(items[n]) {
					more, files := m.intro(items[n], notes)
					page, linked = joined(page, more), append(linked, files...)
				}
			}
			title := firstWords(page)
			if title == "" {
				title = i.name()
			}
			m.page(title, i.kind, page, linked, notes)
		case "page":
			page, linked := m.text(a.Body.Content, a.Body.ContentFormat, filePlace(a.Context, "mod_page", "content", "0"), notes)
			m.page(i.name(), i.kind, page, linked, notes)
		case "book":
			m.book(i)
		case "resource", "folder":
			m.held(i)
		case "url":
			m.address(i, notes)
		case "scorm":
			m.packed(i, notes)
		case "quiz":
			m.quiz(i, notes)
		}
	}
}

// book makes a lesson of every chapter.
func (m *moodleCourseMade) book(i moodleItem) {
	chapters := i.part.activity.Body.Chapters
	slices.SortStableFunc(chapters, func(x, y moodleChapter) int { return whole(x.Number) - whole(y.Number) })
	if len(chapters) == 0 {
		m.leave(i.name(), i.kind, "moodle_empty", nil)
	}
	for _, c := range chapters {
		if c.Hidden == "1" {
			m.leave(c.Title, i.kind, "moodle_hidden", nil)
			continue
		}
		notes := map[string]bool{}
		page, linked := m.text(c.Content, c.Format, filePlace(i.part.activity.Context, "mod_book", "chapter", c.ID), notes)
		m.page(c.Title, i.kind, page, linked, notes)
	}
}

// held makes lessons of the files of a resource (its main file) or folder (all).
func (m *moodleCourseMade) held(i moodleItem) {
	files := slices.Clone(m.folders[filePlace(i.part.activity.Context, "mod_"+i.kind, "content", "0")])
	if len(files) == 0 {
		m.leave(i.name(), i.kind, "moodle_file_missing", nil)
		return
	}
	if i.kind == "resource" {
		slices.SortStableFunc(files, func(x, y moodleFile) int { return whole(y.Order) - whole(x.Order) }) // 1 marks the main one
		m.fileLesson(i.name(), i.kind, files[0])
		for _, f := range files[1:] {
			m.fileLesson(i.name()+" - "+f.Name, "file", f)
		}
		return
	}
	slices.SortStableFunc(files, func(x, y moodleFile) int { return strings.Compare(x.Path+x.Name, y.Path+y.Name) })
	for _, f := range files {
		m.fileLesson(i.name()+" - "+f.Name, i.kind, f)
	}
}

// address makes a page of a link.
func (m *moodleCourseMade) address(i moodleItem, notes map[string]bool) {
	to := strings.TrimSpace(given(i.part.activity.Body.Address))
	if !webAddress(to) {
		m.leave(i.name(), i.kind, "moodle_address", nil)
		return
	}
	page, linked := m.intro(i, notes)
	m.page(i.name(), i.kind, page+`<p><a href="`+htmlOf(to)+`">`+htmlOf(i.name())+"</a></p>", linked, notes)
}

// packed makes a package lesson of a SCORM activity.
func (m *moodleCourseMade) packed(i moodleItem, notes map[string]bool) {
	files := m.folders[filePlace(i.part.activity.Context, "mod_scorm", "package", "0")]
	if len(files) == 0 {
		m.leave(i.name(), i.kind, "moodle_file_missing", nil)
		return
	}
	if m.full(i.name(), i.kind) {
		return
	}
	id, _, why := m.file(files[0], AssetPackage)
	if m.refused[id] != "" {
		m.lost++
	}
	if why.Key != "" {
		m.leave(i.name(), i.kind, why.Key, why.Args)
		return
	}
	body := NewBody(KindPackage)
	body.Package.Asset = id
	m.add(i.name(), i.kind, body, notes)
}

// quiz makes a quiz with its questions; those that it draws from a category go into the bank.
func (m *moodleCourseMade) quiz(i moodleItem, notes map[string]bool) {
	in := &i.part.activity.Body
	body := NewBody(KindQuiz)
	q := body.Quiz
	q.Shuffle, q.ShuffleChoices = in.Shuffle == "1" || slices.Contains(in.Shuffles, "1"), in.ShuffleParts == "1"
	q.MaxAttempts = min(max(whole(in.Attempts), 0), 100)
	if seconds := whole(in.TimeLimit); seconds > 0 {
		q.TimeLimit = min((seconds-1)/60+1, MaxTimeLimit)
	}
	if pass := i.part.grades.percent(); pass > 0 {
		q.PassPercent = pass
	} else {
		notes["moodle_no_pass"] = true
	}
	if strings.TrimSpace(plainOf(given(in.Intro))) != "" {
		notes["moodle_intro"] = true
	}
	asked := map[string]bool{}
	var draws []moodleDrawn
	counts := map[moodleDrawn]int{}
	for _, slot := range slots(in.Slots, in.Order) {
		if d, drawn := slot.drawn(&m.backup.bank); drawn {
			if counts[d]++; counts[d] == 1 {
				draws = append(draws, d)
			}
			continue
		}
		id := slot.ownQuestion(&m.backup.bank)
		found := m.backup.bank.questions[id]
		if found == nil {
			m.leave(i.name(), "question", "moodle_question_missing", nil)
			continue
		}
		if asked[id] {
			continue
		}
		asked[id] = true
		m.ask(q, id, found, notes)
	}
	for _, d := range draws {
		m.draw(q, i.name(), d, counts[d], notes)
	}
	if q.Asked() == 0 {
		m.leave(i.name(), i.kind, "moodle_quiz_empty", nil)
		return
	}
	m.add(i.name(), i.kind, body, notes)
}

// slots brings the places of a quiz into their order.
func slots(list []moodleSlot, order string) []moodleSlot {
	list = slices.Clone(list)
	place := map[string]int{}
	for n, id := range strings.Split(order, ",") {
		place[strings.TrimSpace(id)] = n + 1
	}
	at := func(s moodleSlot) int {
		if s.Slot != "" {
			return whole(s.Slot)
		}
		return place[s.Older]
	}
	slices.SortStableFunc(list, func(x, y moodleSlot) int { return at(x) - at(y) })
	return list
}

func (m *moodleCourseMade) ask(q *QuizBody, id string, found *moodleAsked, notes map[string]bool) {
	switch {
	case len(found.Faults) > 0:
		m.leave(found.Input.Question.Text, "question", found.Faults[0].Key, found.Faults[0].Args)
		return
	case q.Asked() >= MaxQuestions:
		m.leave(found.Input.Question.Text, "question", "moodle_questions_many", map[string]any{"max": MaxQuestions})
		return
	}
	question := found.Input.Question
	question.ID = db.IDFrom("moodle.question", m.imp.String(), id)
	q.Questions = append(q.Questions, question)
	for _, n := range found.Notes {
		notes[n.Key] = true
	}
}

// draw has the quiz draw questions of a category, which go into the bank.
func (m *moodleCourseMade) draw(q *QuizBody, name string, d moodleDrawn, count int, notes map[string]bool) {
	var ids []string
	if len(q.Draws) < MaxDraws && q.Asked() < MaxQuestions {
		ids = m.backup.bank.drawable(d)
	}
	most := min(len(ids), MaxQuestions-q.Asked())
	if most < 1 || len(ids) > MaxPool {
		m.leave(name, "question", "moodle_draw", map[string]any{"count": count})
		return
	}
	if count > most {
		count = most
		notes["moodle_draw_fewer"] = true
	}
	root := tenant.Clip(tenant.Tidy(strings.NewReplacer("/", " ", "／", " ").Replace(m.plan.Title)), 50)
	draw := Draw{Category: m.backup.bank.path(root, d.category), Count: count}
	for _, id := range ids {
		if m.inBank[id] {
			continue
		}
		m.inBank[id] = true
		in := m.backup.bank.questions[id].Input
		in.Category = draw.Category
		if below := m.backup.bank.path(root, m.backup.bank.questions[id].category); strings.HasPrefix(below, draw.Category+"/") {
			in.Category = below
		}
		m.banked = append(m.banked, in)
	}
	m.plan.Banked = len(m.banked)
	q.Draws = append(q.Draws, draw)
	notes["moodle_draw_bank"] = true
}
