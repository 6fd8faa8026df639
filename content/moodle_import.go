package content

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// The states of an import from Moodle.
const (
	MoodleChecking = "checking" // the backup is being read
	MoodleChecked  = "checked"  // the plan stands; nothing was made yet
	MoodleRefused  = "refused"  // Problem says why
	MoodleApplying = "applying"
	MoodleApplied  = "applied" // the course is there
)

// MoodleImport is a backup of a Moodle course and what became of it. Its id is that of the uploaded file.
type MoodleImport struct {
	ID        db.ID
	FileName  string
	Size      int64
	State     string
	Problem   string // why it was refused, or why making the course went wrong: a key of the page's dictionary
	Title     string // of the course
	Language  string // of its lessons; empty: the backup does not say
	Course    db.ID  // once it is there
	CreatedBy string
	CreatedAt db.Time
	AppliedAt db.Time
	Gone      bool // the file was removed before a course was made of it: it has to be uploaded again
	Done      int64
	Total     int64 // of Done, while it is being read or applied
	Stuck     bool  // reading it was given up; Assets.Retry begins again

	actor tenant.StoredActor
	job   db.ID
}

// MoodleImports makes draft courses of Moodle course backups.
type MoodleImports struct {
	db        *db.DB
	assets    *Assets
	questions *Questions
	audit     *tenant.Audit
	clock     func() time.Time
}

// NewMoodleImports makes the service.
func NewMoodleImports(d *db.DB, assets *Assets, questions *Questions, audit *tenant.Audit, clock func() time.Time) *MoodleImports {
	return &MoodleImports{db: d, assets: assets, questions: questions, audit: audit, clock: clock}
}

// progressStep is how many bytes lie between two reports of how far a backup was read.
const progressStep = 16 << 20

// walkStored goes over an uploaded backup; report tells how much of it was read.
func (s *Assets) walkStored(ctx context.Context, a Asset, report func(done int64)) func(backupVisit) error {
	return func(visit backupVisit) error {
		open := func() (io.ReadCloser, error) {
			r, _, err := s.store.Open(ctx, a.key, 0, -1)
			if err != nil {
				return nil, err
			}
			return &progressReader{ReadCloser: r, report: report}, nil
		}
		return walkBackup(open, &chunkReader{ctx: ctx, store: s, key: a.key, size: a.Size}, a.Size, visit)
	}
}

type progressReader struct {
	io.ReadCloser
	report    func(done int64)
	done, due int64
}

// Read implements io.Reader.
func (p *progressReader) Read(b []byte) (int, error) {
	n, err := p.ReadCloser.Read(b)
	if p.done += int64(n); p.done >= p.due {
		p.due += progressStep
		p.report(p.done)
	}
	return n, err
}

// checkBackup reads an uploaded backup and writes down what would come of it. It ends ready or refused and may be repeated after any failure.
func (s *Assets) checkBackup(ctx context.Context, tid tenant.ID, a Asset, report func(done, total int64)) error {
	b, err := readBackup(s.walkStored(ctx, a, func(done int64) { report(done, a.Size) }))
	var wrong *problem
	if errors.As(err, &wrong) {
		return s.refuse(ctx, tid, a, wrong.key)
	}
	if err != nil {
		return fmt.Errorf("check backup: %w", err)
	}
	plan := makeMoodleCourse(b, a.ID, nil, nil).plan
	if len(plan.Lessons) == 0 {
		return s.refuse(ctx, tid, a, "moodle_nothing")
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, sqlMoodleChecked, db.JSON[MoodlePlan]{V: plan}, plan.Title, plan.Language, tid, a.ID); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, sqlAssetReady, a.MediaType, a.Size, db.Hash{}, 0, 0, 0, 0, db.At(s.clock()), tid, a.ID)
		return err
	})
	if err != nil {
		return fmt.Errorf("check backup: %w", err)
	}
	return nil
}

// List gives the imports, the newest first, and the cursor of the next page; course narrows them to the one that made it.
func (s *MoodleImports) List(ctx context.Context, tid tenant.ID, course db.ID, page db.Page) ([]MoodleImport, string, error) {
	cond := db.Where("m.tenant_id = ?", tid)
	if !course.IsZero() {
		cond.And("m.course_id = ?", course)
	}
	after, err := db.ReadCursor(page.After, 2)
	if err != nil {
		return nil, "", err
	}
	if after != nil {
		at, err := strconv.ParseInt(after[0], 10, 64)
		id, err2 := db.ParseID(after[1])
		if err := errors.Join(err, err2); err != nil {
			return nil, "", fault.Wrap(err, fault.Invalid, "cursor")
		}
		cond.And("m.created_at < ? OR (m.created_at = ? AND m.id < ?)", at, at, id)
	}
	limit := page.Clamp()
	list, err := s.read(ctx, cond, " ORDER BY m.created_at DESC, m.id DESC LIMIT ?", limit+1)
	if err != nil || len(list) <= limit {
		return list, "", err
	}
	last := list[limit-1]
	return list[:limit], db.Cursor(strconv.FormatInt(last.CreatedAt.UnixMicro(), 10), last.ID.String()), nil
}

func (s *MoodleImports) read(ctx context.Context, cond *db.Cond, end string, more ...any) ([]MoodleImport, error) {
	list := []MoodleImport{}
	err := db.Each(ctx, s.db, sqlSelectMoodleImport+cond.SQL()+end, cond.Args(more...), func(scan func(...any) error) error {
		var m MoodleImport
		var actor db.JSON[tenant.StoredActor]
		var gone bool
		err := scan(&m.ID, &m.FileName, &m.Size, &m.State, &m.Problem, &m.Title, &m.Language, &actor, &m.job, &m.Course, &m.CreatedBy, &m.CreatedAt, &m.AppliedAt, &gone)
		m.actor, m.Gone = actor.V, gone && m.State == MoodleChecked
		if gone && m.State == MoodleChecking { // removed before anybody came to read it: nobody will
			m.State, m.Problem = MoodleRefused, "moodle_gone"
		}
		list = append(list, m)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read imports from Moodle: %w", err)
	}
	return list, nil
}

// Find gives an import with its plan, and how far its job is; fault.NotFound when tid has no such.
func (s *MoodleImports) Find(ctx context.Context, tid tenant.ID, id db.ID) (MoodleImport, MoodlePlan, error) {
	m, err := s.find(ctx, tid, id)
	if err != nil {
		return MoodleImport{}, MoodlePlan{}, err
	}
	var plan db.JSON[MoodlePlan]
	if err := db.One(s.db.QueryRow(ctx, sqlMoodlePlan, tid, id).Scan(&plan)); err != nil {
		return MoodleImport{}, MoodlePlan{}, err
	}
	job := map[string]db.ID{MoodleChecking: m.ID, MoodleApplying: m.job}[m.State] // reading the file is the job of the upload
	if job.IsZero() {
		return m, plan.V, nil
	}
	run, err := s.db.FindJob(ctx, job)
	if fault.Is(err, fault.NotFound) {
		return m, plan.V, nil
	}
	m.Done, m.Total, m.Stuck = run.Done, run.Total, run.State == "failed"
	return m, plan.V, err
}

func (s *MoodleImports) find(ctx context.Context, tid tenant.ID, id db.ID) (MoodleImport, error) {
	list, err := s.read(ctx, db.Where("m.tenant_id = ?", tid).And("m.id = ?", id), "")
	if err == nil && len(list) == 0 {
		err = fault.New(fault.NotFound, "not_found")
	}
	if err != nil {
		return MoodleImport{}, err
	}
	return list[0], nil
}

// KindMoodleImport is the job that makes a draft course of a checked backup.
const KindMoodleImport = "moodle.import"

// Apply has a job make a draft course of a checked backup, called title, its lessons in language. Asked again while it does, or afterwards, it answers the same
// import. It returns fault.Invalid for a wrong title or language, fault.NotFound, fault.Gone "moodle_gone" when the file was removed since, fault.Conflict
// "import_state" when the backup is not checked, or refused, and "file_quota" when its files do not fit.
func (s *MoodleImports) Apply(ctx context.Context, tid tenant.ID, id db.ID, title, language string) (MoodleImport, error) {
	title = tenant.Tidy(title)
	var c fault.Check
	c.If(title == "", "title", "required")
	c.If(tooLong(title, MaxTitle), "title", "too_long", "max", MaxTitle)
	c.If(!slices.Contains(Languages, language), "language", "not_in_list")
	if err := c.Err(); err != nil {
		return MoodleImport{}, err
	}
	m, plan, err := s.Find(ctx, tid, id)
	switch {
	case err == nil && m.State == MoodleApplying && m.Stuck: // its worker died too often
		if err := s.db.RetryJob(ctx, s.clock(), m.job); err != nil && !fault.Is(err, fault.Conflict) {
			return MoodleImport{}, err
		}
		return s.find(ctx, tid, id)
	case err != nil || m.State == MoodleApplying || m.State == MoodleApplied:
		return m, err
	case m.State != MoodleChecked:
		return MoodleImport{}, fault.New(fault.Conflict, "import_state")
	case m.Gone:
		return MoodleImport{}, fault.New(fault.Gone, "moodle_gone")
	}
	kept, err := s.assets.kept(ctx, s.db, tid)
	if err != nil {
		return MoodleImport{}, err
	}
	if kept+plan.Bytes > s.assets.limits.Quota {
		return MoodleImport{}, fault.New(fault.Conflict, "file_quota", "max", s.assets.limits.Quota)
	}
	payload, err := json.Marshal(map[string]db.ID{"import": id})
	if err != nil {
		return MoodleImport{}, err
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error {
		actor, err := tenant.StoreActor(ctx, tid, tx)
		if err != nil {
			return err
		}
		job := db.NewID()
		r, err := tx.Exec(ctx, sqlBeginMoodle, title, language, db.JSON[tenant.StoredActor]{V: actor}, job, tid, id)
		if err != nil {
			return err
		}
		if n, err := r.RowsAffected(); err != nil || n == 0 {
			return err // somebody else was quicker: there is one course all the same
		}
		return tx.Enqueue(ctx, s.clock(), db.Job{ID: job, Kind: KindMoodleImport, Tenant: tid.Number(), Payload: payload, Max: 6})
	})
	if err != nil {
		return MoodleImport{}, fmt.Errorf("import from Moodle: %w", err)
	}
	return s.find(ctx, tid, id)
}

// ApplyJob is the handler of KindMoodleImport. Files are stored under ids of their own import, and the course is written in one transaction: until that commits there
// is no course, and a run after one that died finds what was stored.
func (s *MoodleImports) ApplyJob(ctx context.Context, job db.Job, report func(done, total int64)) error {
	var payload struct {
		Import db.ID `json:"import"`
	}
	if err := json.Unmarshal(job.Payload, &payload); err != nil {
		return fault.Wrap(err, fault.Invalid, "invalid")
	}
	tid := tenant.System(job.Tenant, "import from Moodle")
	m, err := s.find(ctx, tid, payload.Import)
	if err != nil || m.State != MoodleApplying || m.job != job.ID {
		return err
	}
	ctx = tenant.WithActor(ctx, m.actor.Actor(tid))
	err = s.apply(ctx, tid, m, report)
	var wrong *problem
	if errors.As(err, &wrong) {
		err = fault.New(fault.Invalid, wrong.key)
	}
	return job.Settle(err, func(why *fault.Error) error { // it stands where it stood
		_, err := s.db.Exec(context.WithoutCancel(ctx), sqlStopMoodle, why.Key, tid, m.ID)
		return err
	})
}

func (s *MoodleImports) apply(ctx context.Context, tid tenant.ID, m MoodleImport, report func(done, total int64)) error {
	a, err := findAsset(ctx, s.db, tid, m.ID)
	if fault.Is(err, fault.NotFound) {
		return fault.New(fault.Gone, "moodle_gone")
	}
	if err != nil {
		return err
	}
	b, err := readBackup(s.assets.walkStored(ctx, a, func(done int64) { report(done/4, a.Size) }))
	if err != nil {
		return err
	}
	refused, asked := map[db.ID]string{}, map[db.ID]bool(nil)
	for {
		made := makeMoodleCourse(b, m.ID, refused, asked)
		known := len(refused)
		if err := s.storeFiles(ctx, tid, a, made.needs, refused, func(done int64) { report(a.Size/4+done*3/4, a.Size) }); err != nil {
			return err
		}
		if len(refused) > known {
			asked = made.needed
			continue // without those files the course is another
		}
		if len(made.bodies) == 0 {
			return fault.New(fault.Conflict, "moodle_nothing")
		}
		return s.db.Tx(ctx, func(tx *db.Tx) error { return s.write(ctx, tx, tid, m, made, refused) })
	}
}

// storeFiles keeps the files that are not there yet and has them looked at; those that cannot be used are added to refused.
func (s *MoodleImports) storeFiles(ctx context.Context, tid tenant.ID, backup Asset, needs []moodleNeed, refused map[db.ID]string, report func(done int64)) error {
	missing := map[string]moodleNeed{}
	for _, need := range needs {
		a, err := findAsset(ctx, s.db, tid, need.id)
		switch {
		case fault.Is(err, fault.NotFound), err == nil && (a.State == AssetUploading || a.State == AssetProcessing):
			missing[need.hash] = need
		case err != nil:
			return err
		case a.State == AssetRefused:
			refused[need.id] = a.Problem
		}
	}
	if len(missing) == 0 {
		return nil
	}
	left, failed := len(missing), error(nil) // what the store says is no fault of the backup
	err := s.assets.walkStored(ctx, backup, report)(func(name string, _ int64, r io.Reader) error {
		hash := name[max(len(name)-40, 0):]
		need, wanted := missing[hash]
		if !wanted || name != "files/"+hash[:2]+"/"+hash {
			return nil
		}
		failed = s.storeFile(ctx, tid, need, r, refused)
		if left--; left == 0 || failed != nil {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		return failed
	}
	return err
}

var errEnough = errors.New("content: nothing more is asked of the backup")

func (s *MoodleImports) storeFile(ctx context.Context, tid tenant.ID, need moodleNeed, r io.Reader, refused map[db.ID]string) error {
	a, err := s.assets.Store(ctx, tid, need.id, need.file, r)
	if err != nil {
		return fmt.Errorf("store file of a backup: %w", err)
	}
	if a.State == AssetProcessing { // its job would come to it as well; whoever is first ends it
		failure := s.assets.Probe(ctx, tid, a.ID, func(int64, int64) {})
		if a, err = findAsset(ctx, s.db, tid, a.ID); err != nil {
			return err
		}
		if a.State == AssetProcessing {
			return errors.Join(errors.New("a file of a backup is still being looked at"), failure)
		}
	}
	if a.State == AssetRefused {
		refused[a.ID] = a.Problem
	}
	return nil
}

// maxEndedFiles is how many refused files go with the import at once: each costs a look through all lessons. More go with the sweep.
const maxEndedFiles = 100

// write makes the course with everything that belongs to it, ends the import and removes the backup with the files of it that were refused: the plan says which, and why.
func (s *MoodleImports) write(ctx context.Context, tx *db.Tx, tid tenant.ID, m MoodleImport, made *moodleCourseMade, refused map[db.ID]string) error {
	if err := tenant.StillMay(ctx, tid, tx.Locking(), m.actor); err != nil {
		return err
	}
	var org db.ID
	if err := tx.QueryRowLocked(ctx, sqlOrganisationPublicID, tid).Scan(&org); err != nil { // removing files and using them take turns
		return err
	}
	ids := make([]db.ID, 0, len(made.needs))
	for _, need := range made.needs {
		ids = append(ids, need.id)
	}
	if err := filesThere(ctx, tx, tid, ids); err != nil {
		return err
	}
	course, now := db.IDFrom("moodle.course", m.ID.String()), db.At(s.clock())
	r, err := tx.Exec(ctx, sqlEndMoodle, db.JSON[MoodlePlan]{V: made.plan}, course, now, tid, m.ID)
	if err != nil {
		return err
	}
	if n, err := r.RowsAffected(); err != nil || n == 0 {
		return err // another run has made it
	}
	if _, err := tx.Exec(ctx, sqlInsertCourse, tid, course, m.Title, made.plan.Summary, m.Language, SharedNone, false, false, db.JSON[[]Requirement]{V: []Requirement{}}, "", 0, db.ID{}, author(ctx), now, now); err != nil {
		return err
	}
	lessons := make([]newLesson, 0, len(made.bodies))
	for n, body := range made.bodies {
		lessons = append(lessons, newLesson{db.IDFrom("moodle.lesson", m.ID.String(), strconv.Itoa(n)), made.plan.Lessons[n].Title, body})
	}
	if err := insertLessons(ctx, tx, tid, course, lessons, now); err != nil {
		return err
	}
	if err := s.bank(ctx, tx, tid, made.banked); err != nil {
		return err
	}
	ended := slices.SortedFunc(maps.Keys(refused), func(a, b db.ID) int { return bytes.Compare(a[:], b[:]) })
	for _, file := range append(ended[:min(len(ended), maxEndedFiles)], m.ID) {
		if err := s.assets.remove(ctx, tx, tid, file, true); err != nil && (file == m.ID || !fault.Is(err, fault.NotFound)) {
			return err
		}
	}
	return s.audit.Append(ctx, tid, tx, tenant.Change{
		Action: "course.import", SubjectKind: "course", Subject: course,
		Detail: map[string]any{"title": m.Title, "file": m.FileName, "lessons": len(made.bodies), "left": len(made.plan.Left) + made.plan.More, "questions": made.plan.Banked},
	})
}

// bank puts questions into the bank; those that stand in the same category already stay alone.
func (s *MoodleImports) bank(ctx context.Context, tx *db.Tx, tid tenant.ID, list []QuestionInput) error {
	if len(list) == 0 {
		return nil
	}
	files := make([]FileQuestion, 0, len(list))
	for _, in := range list {
		files = append(files, FileQuestion{Input: in})
	}
	_, known, err := s.questions.known(ctx, tx, tid, files)
	if err != nil {
		return err
	}
	there := map[db.ID]string{}
	ids := make([]any, 0, len(known))
	for _, id := range known {
		ids = append(ids, id)
	}
	for part := range slices.Chunk(ids, 400) {
		found, err := s.questions.read(ctx, tx, tid, db.Where("q.tenant_id = ?", tid).In("q.id", part), "")
		if err != nil {
			return err
		}
		for _, q := range found {
			there[q.ID] = q.Category
		}
	}
	var fresh []newQuestion
	var touched []drawFacts
	for _, in := range list {
		if category, is := there[known[sameness(in)]]; is && category == in.Category {
			continue
		}
		id := db.NewID()
		fresh, touched = append(fresh, newQuestion{id, in}), append(touched, in.facts(id))
	}
	if len(fresh) == 0 {
		return nil
	}
	if err := s.questions.insert(ctx, tx, tid, fresh); err != nil {
		return err
	}
	return s.questions.touchCourses(ctx, tx, tid, touched)
}
