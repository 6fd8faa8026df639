package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// lane is where somebody stands on the day: who does what next is taken from the front of a lane and comes back at the end of one.
type lane int

const (
	watching lane = iota // learners in a course
	ready                // who have finished its lessons and come to the quiz
	quizzing             // with an open attempt
	done                 // who have just handed in
	managing
	editing
	lanes
)

// actor is somebody with a session.
type actor struct {
	Lane  lane
	Token string

	Enrolment, Attempt string // of a learner
	Round, Person      string // of a manager: what they look at
	Course, Lesson     string // of an editor: the draft
	Version            int64

	at       int // the actor's place in the crowd: which recorded request is theirs
	turn     int
	answered int
}

// crowd is everybody with a session in one installation, and the course they take.
type crowd struct {
	Address   string // of the product
	Actors    []*actor
	Lessons   []string
	Questions []string
}

// act is one request as a browser sends it.
type act struct {
	method, path string
	body         []byte
}

// operation is one of the things that people do on the day.
type operation struct {
	name  string
	share int // of a thousand requests
	from  []lane
	to    lane
	alone int  // how often it is asked in a turn that has nothing else
	fixed bool // a repeat leaves everything as it is, or replaces it: the bare handler can play it back
	ask   func(c *crowd, a *actor) act
	took  func(a *actor, answer []byte) error // nil: the status tells enough
}

func read(path string) func(*crowd, *actor) act {
	return func(_ *crowd, a *actor) act {
		return act{http.MethodGet, strings.NewReplacer("{enrolment}", a.Enrolment, "{round}", a.Round, "{person}", a.Person, "{course}", a.Course, "{lesson}", a.Lesson).Replace(path), nil}
	}
}

func openLesson(n int) func(*crowd, *actor) act {
	return func(c *crowd, a *actor) act {
		return act{http.MethodGet, "/me/enrolments/" + a.Enrolment + "/lessons/" + c.Lessons[n], nil}
	}
}

var (
	learning = []lane{watching, done}
	atWork   = []lane{managing}
	atDesk   = []lane{editing}
)

// dayMix is the last day before a deadline: learners 900, managers 90, editors 10 of a thousand requests.
var dayMix = []operation{
	{"asking who one is", 50, learning, watching, 1500, true, read("/session"), nil},
	{"learner's first page", 150, []lane{done, watching}, watching, 800, true, read("/me/enrolments"), nil},
	{"one course", 120, learning, watching, 800, true, read("/me/enrolments/{enrolment}"), nil},
	{"opening a page", 100, learning, watching, 800, true, openLesson(lessonPage), nil},
	{"opening a video", 90, learning, watching, 800, true, openLesson(lessonVideo), nil},
	{"saving progress", 244, learning, watching, 800, true, saveVideo(false), saved},
	{"finishing a lesson", 12, learning, ready, 80, false, saveVideo(true), saved},
	{"beginning a quiz", 12, []lane{ready}, quizzing, 80, false, beginQuiz, begun},
	{"answering a question", 110, []lane{quizzing}, quizzing, 800, true, answerQuestion, nil},
	{"handing in a quiz", 12, []lane{quizzing}, done, 80, false, handIn, handedIn},

	{"progress board", 20, atWork, managing, 80, true, read("/dashboard"), nil},
	{"rates over time", 5, atWork, managing, 80, true, read("/dashboard/trends"), nil},
	{"report, first page", 20, atWork, managing, 120, true, read("/report?limit=100"), nil},
	{"report, count", 10, atWork, managing, 120, true, read("/report/count"), nil},
	{"people list", 20, atWork, managing, 200, true, read("/people"), nil},
	{"a person's dossier", 6, atWork, managing, 200, true, read("/people/{person}/dossier"), nil},
	{"rounds", 4, atWork, managing, 120, true, read("/rounds"), nil},
	{"report of a round as CSV", 5, atWork, managing, 40, false, read("/report/export?format=csv&round={round}"), nil},

	{"opening a course's draft", 2, atDesk, editing, 200, true, read("/courses/{course}"), nil},
	{"opening a lesson's draft", 3, atDesk, editing, 200, true, read("/lessons/{lesson}"), nil},
	{"saving a lesson's draft", 3, atDesk, editing, 100, false, saveDraft, kept},
	{"question bank", 2, atDesk, editing, 100, true, read("/questions"), nil},
}

// saveVideo is what the player sends every 15 seconds, and at the end.
func saveVideo(end bool) func(*crowd, *actor) act {
	return func(c *crowd, a *actor) act {
		a.turn++
		at, from := time.Now().UnixMilli(), int64(a.turn%30)*15_000
		return act{http.MethodPost, "/me/progress", fmt.Appendf(nil,
			`{"now":%d,"items":[{"item_id":"%d","enrolment":"%s","lesson":"%s","position":%d,"furthest":%d,"seen":[[%d,%d]],"spent":[[%d,%d]],"done":%t,"at":%d}]}`,
			at, a.turn, a.Enrolment, c.Lessons[lessonVideo], from+15_000, from+15_000, from, from+15_000, at-15_000, at, end, at)}
	}
}

// finishOthers is how a learner comes to the day: with every lesson but the video and the quiz done.
func finishOthers(c *crowd, a *actor) act {
	at := time.Now().UnixMilli()
	items := make([]string, 0, 3)
	for i, n := range []int{lessonPage, lessonPDF, lessonSecondPage} {
		items = append(items, fmt.Sprintf(`{"item_id":"b%d","enrolment":"%s","lesson":"%s","position":60,"furthest":60,"seen":[[1,61]],"spent":[[%d,%d]],"done":true,"at":%d}`,
			i, a.Enrolment, c.Lessons[n], at-15_000, at, at))
	}
	return act{http.MethodPost, "/me/progress", fmt.Appendf(nil, `{"now":%d,"items":[%s]}`, at, strings.Join(items, ","))}
}

func saved(_ *actor, answer []byte) error {
	if !bytes.Contains(answer, []byte(`"result":"saved"`)) {
		return fmt.Errorf("not saved: %.300s", answer)
	}
	return nil
}

func beginQuiz(c *crowd, a *actor) act {
	return act{http.MethodPost, "/me/enrolments/" + a.Enrolment + "/lessons/" + c.Lessons[lessonQuiz] + "/attempts", nil}
}

func begun(a *actor, answer []byte) error {
	var got struct{ ID, State string }
	if err := json.Unmarshal(answer, &got); err != nil {
		return err
	}
	if got.State != "open" {
		return fmt.Errorf("the attempt is %s", got.State)
	}
	a.Attempt, a.answered = got.ID, 0
	return nil
}

// choice is what somebody answers: every fifth of them does not know.
func (a *actor) choice() string {
	if a.at%5 == 0 {
		return "b"
	}
	return "a"
}

// answerQuestion counts by the clock, as the player does: so a recorded request and the product's own never hold each other up.
func answerQuestion(c *crowd, a *actor) act {
	q := c.Questions[a.answered%len(c.Questions)]
	a.answered++
	return act{http.MethodPut, "/me/attempts/" + a.Attempt + "/answers/" + q, fmt.Appendf(nil, `{"answer":["%s"],"client_seq":%d}`, a.choice(), time.Now().UnixMicro())}
}

// handIn sends what was not answered one by one.
func handIn(c *crowd, a *actor) act {
	at := time.Now().UnixMilli()
	answers := make([]string, 0, len(c.Questions))
	for n := a.answered; n < len(c.Questions); n++ {
		answers = append(answers, fmt.Sprintf(`{"question":"%s","answer":["%s"],"client_seq":%d,"at":%d}`, c.Questions[n], a.choice(), at*1000, at))
	}
	return act{http.MethodPost, "/me/attempts/" + a.Attempt + "/submit", fmt.Appendf(nil, `{"now":%d,"answers":[%s]}`, at, strings.Join(answers, ","))}
}

func handedIn(a *actor, answer []byte) error {
	if !bytes.Contains(answer, []byte(`"state":"submitted"`)) {
		return fmt.Errorf("not handed in: %.300s", answer)
	}
	a.Attempt = ""
	return nil
}

const draftText = "<p>%d</p><p>利用者さんの情報は、仕事に必要な人だけが見ます。迷ったら、一人で決めずに相談します。</p>"

func saveDraft(_ *crowd, a *actor) act {
	a.turn++
	return act{http.MethodPut, "/lessons/" + a.Lesson, fmt.Appendf(nil, `{"base_version":%d,"client_save_id":"%d-%d","title":"下書き","body":{"page":{"html":"`+draftText+`"}}}`,
		a.Version, a.at, a.turn, a.turn)}
}

func kept(a *actor, answer []byte) error {
	var got struct{ Version int64 }
	if err := json.Unmarshal(answer, &got); err != nil {
		return err
	}
	if got.Version <= a.Version {
		return errors.New("the draft was not saved")
	}
	a.Version = got.Version
	return nil
}
