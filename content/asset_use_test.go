package content

import (
	"bytes"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"kenshu/fault"
	"kenshu/storage/blob"
	"kenshu/storage/db"
)

func (s shelf) studio() studio {
	return studio{NewCourses(s.d, s.audit, s.clock.Now), s.t, s.d, s.w, s.clock}
}

// vtt makes captions of their own bytes.
func vtt(word string) []byte {
	return []byte("WEBVTT\n\n00:01.000 --> 00:02.000\n" + word + "\n")
}

func film(captions ...db.ID) Body {
	b := NewBody(KindVideo)
	for _, id := range captions {
		b.Video.Captions = append(b.Video.Captions, Caption{"ja", "日本語", id})
	}
	return b
}

func (s studio) save(l Lesson, body Body) Lesson {
	s.t.Helper()
	saved, err := s.SaveLesson(s.t.Context(), s.w.A.ID, l.ID, SaveLesson{Title: "動画", Body: body, Base: l.Version, SaveID: db.NewID().String()})
	if err != nil {
		s.t.Fatal(err)
	}
	return saved
}

// places tells where a file is used, as "draft <lesson>" and "v<number> <lesson>", with "earlier" where it was replaced since.
func (s shelf) places(id db.ID) string {
	s.t.Helper()
	uses, err := s.Uses(s.t.Context(), s.w.A.ID, id)
	if err != nil {
		s.t.Fatal(err)
	}
	var out []string
	for _, u := range uses {
		text := "draft"
		if u.Version > 0 {
			text = fmt.Sprintf("v%d", u.Version)
		}
		if u.Earlier {
			text += " earlier"
		}
		out = append(out, text+" "+u.LessonTitle)
	}
	return strings.Join(out, ", ")
}

func (s shelf) expect(what string, got any, want any) {
	s.t.Helper()
	if got != want {
		s.t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestWhereAFileIsUsed(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		ctx, tid, desk := t.Context(), s.w.A.ID, s.studio()
		one, two := s.upload(AssetCaptions, "一.vtt", vtt("一")), s.upload(AssetCaptions, "二.vtt", vtt("二"))
		course := desk.course(tid, SharedNone)
		l := desk.save(desk.lesson(tid, course.ID, KindVideo, "動画"), film(one.ID))
		s.expect("saved", s.places(one.ID), "draft 動画")
		if _, err := desk.DuplicateLesson(ctx, tid, l.ID, db.NewID(), "写し"); err != nil {
			t.Fatal(err)
		}
		s.expect("duplicated", s.places(one.ID), "draft 動画, draft 写し")
		l = desk.save(l, film(two.ID, two.ID))
		s.expect("another file saved", s.places(one.ID)+" | "+s.places(two.ID), "draft 写し | draft 動画")
		if err := desk.DeleteLesson(ctx, tid, l.ID); err != nil {
			t.Fatal(err)
		}
		s.expect("lesson deleted", s.places(two.ID), "")
		if _, err := desk.RestoreLesson(ctx, tid, l.ID); err != nil {
			t.Fatal(err)
		}
		s.expect("lesson restored", s.places(two.ID), "draft 動画")
		files, _, err := s.List(ctx, tid, MediaQuery{Q: "二", Use: UseUsed, Sort: SortLargest})
		if err != nil || len(files) != 1 || files[0].ID != two.ID || files[0].Drafts != 1 || files[0].Versions != 0 {
			t.Errorf("%+v, %v", files, err)
		}
		if files, _, err = s.List(ctx, tid, MediaQuery{Use: UseUnused}); err != nil || len(files) != 0 {
			t.Errorf("unused: %+v, %v", files, err)
		}
		// A lesson that names no file of the organisation, or one of another, holds nothing.
		foreign := film(db.NewID())
		desk.save(l, foreign)
		s.expect("an id of nothing", s.places(two.ID), "")
	})
}

func TestFilesArePagedInBothOrders(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		for i := range 5 {
			s.upload(AssetCaptions, fmt.Sprintf("%d.vtt", i), vtt(strings.Repeat("あ", i)))
			s.clock.Add(time.Second)
		}
		for sort, want := range map[string]string{SortNewest: "43210", SortLargest: "43210"} {
			var got strings.Builder
			q := MediaQuery{Sort: sort}
			q.Page.Limit = 2
			for range 3 {
				files, next, err := s.List(t.Context(), s.w.A.ID, q)
				if err != nil {
					t.Fatal(err)
				}
				for _, f := range files {
					got.WriteString(f.FileName[:1])
				}
				q.Page.After = next
			}
			s.expect(sort, got.String(), want)
			s.expect(sort+" ends", q.Page.After, "")
		}
	})
}

// What was published goes on showing the bytes it was published with; drafts show the new ones under the id they name.
func TestReplacingAFile(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		ctx, tid, desk := t.Context(), s.w.A.ID, s.studio()
		video := s.upload(AssetVideo, "動画.mp4", fixture(t, "twelve-seconds.mp4"))
		old, next := s.upload(AssetCaptions, "字幕.vtt", vtt("古い")), s.upload(AssetCaptions, "字幕 2.vtt", vtt("新しい"))
		course := desk.course(tid, SharedNone)
		body := film(old.ID)
		body.Video.Asset = video.ID
		desk.save(desk.lesson(tid, course.ID, KindVideo, "動画"), body)
		publish := func() *CourseVersion {
			t.Helper()
			c, err := desk.Find(ctx, tid, course.ID)
			if err != nil {
				t.Fatal(err)
			}
			made, err := desk.Publish(ctx, tid, course.ID, c.ContentVersion)
			if err != nil {
				t.Fatal(err)
			}
			v, err := NewVersions(s.d, s.clock.Now, 0).FindVersion(ctx, tid, tid.Number(), made.ID)
			if err != nil {
				t.Fatal(err)
			}
			return v
		}
		shown := func(v *CourseVersion) string {
			t.Helper()
			id := v.Lessons[0].Body.Video.Captions[0].Asset
			links, err := s.Links(ctx, tid, tid.Number(), id)
			if err != nil {
				t.Fatal(err)
			}
			return fetch(t, links[id].URL)
		}
		first := publish()

		for name, err := range map[string]error{
			"another kind": second(s.Replace(ctx, tid, old.ID, video.ID)), "itself": second(s.Replace(ctx, tid, old.ID, old.ID)), "nothing": second(s.Replace(ctx, tid, old.ID, db.NewID())),
		} {
			if !fault.Is(err, fault.Invalid) {
				t.Errorf("replaced by %s: %v", name, err)
			}
		}
		if _, err := s.Replace(ctx, s.w.B.ID, old.ID, next.ID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another organisation's file: %v", err)
		}
		changed, err := s.Replace(ctx, tid, old.ID, next.ID)
		if err != nil || len(changed) != 1 || changed[0].ID != course.ID || !changed[0].Published {
			t.Fatalf("%+v, %v", changed, err)
		}
		if _, err := s.Replace(ctx, tid, old.ID, next.ID); err != nil {
			t.Errorf("a repeat: %v", err)
		}
		links, err := s.DraftLinks(ctx, tid, old.ID)
		if err != nil || !strings.Contains(fetch(t, links[old.ID].URL), "新しい") {
			t.Errorf("the draft shows %+v, %v", links, err)
		}
		if !strings.Contains(shown(first), "古い") {
			t.Error("what was published has changed")
		}
		s.expect("the new file", s.places(next.ID), "draft 動画, v1 earlier 動画")
		if err := s.Delete(ctx, tid, next.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("deleting what a draft shows: %v", err)
		}
		now := publish()
		if now.Number != 2 || !strings.Contains(shown(now), "新しい") || !strings.Contains(shown(first), "古い") {
			t.Error("the new version shows the old captions, or the old one the new")
		}
		// Replaced once more, the name in the draft leads to the last one.
		last := s.upload(AssetCaptions, "字幕 3.vtt", vtt("最後"))
		if _, err := s.Replace(ctx, tid, next.ID, last.ID); err != nil {
			t.Fatal(err)
		}
		if links, err = s.DraftLinks(ctx, tid, old.ID); err != nil || !strings.Contains(fetch(t, links[old.ID].URL), "最後") {
			t.Errorf("the draft shows %+v, %v", links, err)
		}
		s.expect("the last file", s.places(last.ID), "draft 動画, v2 earlier 動画, v1 earlier 動画")
	})
}

func TestIdenticalBytesAreKeptOnce(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		ctx, tid := t.Context(), s.w.A.ID
		video := fixture(t, "faststart.mp4")
		first, again := s.upload(AssetVideo, "a.mp4", video), s.upload(AssetVideo, "b.mp4", video)
		other, err := s.Store(ctx, s.w.B.ID, db.NewID(), NewFile{AssetVideo, "c.mp4", int64(len(video))}, bytes.NewReader(video))
		if err != nil || first.State != AssetReady || again.State != AssetReady || other.State != AssetReady {
			t.Fatal(first.State, again.State, other.State, err)
		}
		s.expect("objects of three files of two organisations", len(s.objects()), 2)
		found, err := s.Storage(ctx, tid)
		if err != nil || found.Kept != int64(len(video)) || found.Unused != 2*int64(len(video)) || len(found.Kinds) != 1 || found.Kinds[0].Files != 2 {
			t.Errorf("%+v, %v", found, err)
		}
		if err := s.Delete(ctx, tid, first.ID); err != nil {
			t.Fatal(err)
		}
		links, err := s.Links(ctx, tid, tid.Number(), again.ID)
		if err != nil || fetch(t, links[again.ID].URL) != string(video) {
			t.Errorf("what is left is not the film: %v", err)
		}
		if err := s.Delete(ctx, tid, again.ID); err != nil || len(s.kept()) != 1 {
			t.Errorf("both deleted: %v, %v", err, s.objects())
		}
	})
}

// The same bytes arrive while the last file that has them is removed, again and again: what is there afterwards can be read.
func TestIdenticalBytesWhileTheyAreRemoved(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		ctx, tid := t.Context(), s.w.A.ID
		for range 8 {
			old := s.upload(AssetCaptions, "a.vtt", vtt("同じ"))
			var next Asset
			var wait sync.WaitGroup
			var removeErr, storeErr error
			wait.Go(func() { removeErr = s.Delete(ctx, tid, old.ID) })
			wait.Go(func() {
				next, storeErr = s.Store(ctx, tid, db.NewID(), NewFile{AssetCaptions, "b.vtt", int64(len(vtt("同じ")))}, bytes.NewReader(vtt("同じ")))
			})
			wait.Wait()
			if removeErr != nil || storeErr != nil {
				t.Fatal(removeErr, storeErr)
			}
			links, err := s.Links(ctx, tid, tid.Number(), next.ID)
			if err != nil || !strings.Contains(fetch(t, links[next.ID].URL), "同じ") {
				t.Fatalf("%v, %v", links, err)
			}
			if err := s.Delete(ctx, tid, next.ID); err != nil || len(s.kept()) != 0 {
				t.Fatalf("%v, %v", err, s.objects())
			}
		}
	})
}

func TestUnusedFilesAreSweptAfterTheirGrace(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		ctx, tid, desk := t.Context(), s.w.A.ID, s.studio()
		used, unused, late := s.upload(AssetCaptions, "使う.vtt", vtt("使う")), s.upload(AssetCaptions, "使わない.vtt", vtt("使わない")), s.upload(AssetCaptions, "後で.vtt", vtt("後で"))
		pack := s.uploadPackage(tid, zipOf(t, good()...))
		l := desk.save(desk.lesson(tid, desk.course(tid, SharedNone).ID, KindVideo, "動画"), film(used.ID))
		sweep := func() {
			t.Helper()
			if err := s.SweepUnusedJob(ctx, db.Job{}, func(int64, int64) {}); err != nil {
				t.Fatal(err)
			}
		}
		there := func() int {
			t.Helper()
			files, _, err := s.List(ctx, tid, MediaQuery{})
			if err != nil {
				t.Fatal(err)
			}
			return len(files)
		}
		sweep()
		s.expect("on the first day", there(), 4)
		s.clock.Add(29 * 24 * time.Hour)
		l = desk.save(l, film(used.ID, late.ID)) // begins to be used before its time is over
		sweep()
		s.expect("a day before", there(), 4)
		s.clock.Add(48 * time.Hour)
		sweep()
		s.expect("afterwards", there(), 2)
		s.expect("objects while a backup may need them", len(s.objects()), 6)
		s.expect("objects", len(s.kept()), 2)
		for _, id := range []db.ID{unused.ID, pack.ID} {
			if _, err := s.Find(ctx, tid, id); !fault.Is(err, fault.NotFound) {
				t.Errorf("a swept file: %v", err)
			}
		}
		// A file that a saved state names and nothing else goes too, with a grace period of its own.
		l = desk.save(l, film(used.ID))
		sweep()
		s.clock.Add(31 * 24 * time.Hour)
		sweep()
		s.expect("what only the history names", there(), 1)
		if back, err := desk.FindRevision(ctx, tid, l.ID, 3); err != nil || len(back.Body.Video.Captions) != 2 {
			t.Errorf("the saved state itself: %+v, %v", back, err)
		}
	})
}

// A file of before there were folded names is found by its name as people type it.
func TestOldNamesAreFound(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		ctx, tid := t.Context(), s.w.A.ID
		want := s.upload(AssetCaptions, "ＡＢＣ研修　ﾋﾞﾃﾞｵ.vtt", vtt("字幕"))
		other := s.upload(AssetCaptions, "ＤＥＦ.vtt", vtt("ほかの字幕"))
		for id, key := range map[db.ID]string{want.ID: "ａｂｃ研修　ﾋﾞﾃﾞｵ.vtt", other.ID: ""} { // as the upgrade wrote it; as a replica of before wrote it
			if _, err := s.d.Exec(ctx, "UPDATE asset SET name_key = ? WHERE tenant_id = ? AND id = ?", key, tid, id); err != nil {
				t.Fatal(err)
			}
		}
		find := func(q string) (names string) {
			t.Helper()
			files, _, err := s.List(ctx, tid, MediaQuery{Q: q})
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range files {
				names += f.FileName
			}
			return names
		}
		s.expect("before the sweep", find("abc")+find("def"), "")
		if err := s.SweepUnusedJob(ctx, db.Job{}, func(int64, int64) {}); err != nil {
			t.Fatal(err)
		}
		for _, q := range []string{"abc", "ＡＢＣ", "abc研修 ビデオ"} {
			s.expect(q, find(q), want.FileName)
		}
		s.expect("def", find("def"), other.FileName)
	})
}

// A file that nobody looks at any more says so wherever it is shown, can be looked at again even when its job is forgotten, leaves no job behind when it is removed, and
// is swept like any other that nothing uses.
func TestFilesNobodyLooksAt(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		ctx, tid := t.Context(), s.w.A.ID
		stuck := func(how string) Asset {
			t.Helper()
			a := s.upload(AssetCaptions, how+".vtt", vtt(how))
			for _, query := range []string{"UPDATE asset SET state = 'processing' WHERE id = ?", how} {
				if _, err := s.d.Exec(ctx, query, a.ID); err != nil {
					t.Fatal(err)
				}
			}
			return a
		}
		given, forgotten := stuck("UPDATE job SET state = 'failed' WHERE id = ?"), stuck("DELETE FROM job WHERE id = ?")
		working := stuck("UPDATE job SET run_at = run_at + 86400000000 WHERE id = ?")
		backup := s.upload(AssetCaptions, "x.vtt", vtt("x")) // stands for a backup whose file was removed before it was read
		if _, err := s.d.Exec(ctx, "INSERT INTO moodle_import (tenant_id, id, file_name, size, state, created_by, created_at) VALUES (?, ?, 'x.mbz', 1, 'checking', ?, 1)", tid, backup.ID, backup.ID); err != nil {
			t.Fatal(err)
		}
		imports := NewMoodleImports(s.d, s.Assets, nil, s.audit, s.clock.Now)
		if m, _, err := imports.Find(ctx, tid, backup.ID); err != nil || m.State != MoodleChecking {
			t.Errorf("a backup that waits: %+v %v", m, err)
		}
		if err := s.Delete(ctx, tid, backup.ID); err != nil {
			t.Fatal(err)
		}
		if m, _, err := imports.Find(ctx, tid, backup.ID); err != nil || m.State != MoodleRefused || m.Problem != "moodle_gone" {
			t.Errorf("a backup whose file is gone: %+v %v", m, err)
		}
		listed, _, err := s.List(ctx, tid, MediaQuery{})
		if err != nil || len(listed) != 3 {
			t.Fatalf("%+v %v", listed, err)
		}
		for _, f := range listed {
			one, err := s.Find(ctx, tid, f.ID)
			if want := f.ID != working.ID; err != nil || f.Stuck != want || one.Stuck != want {
				t.Errorf("%s: in the list %v, alone %v, %v", f.FileName, f.Stuck, one.Stuck, err)
			}
		}
		if _, err := s.Retry(ctx, tid, working.ID); !fault.Is(err, fault.Conflict) {
			t.Errorf("one that is being looked at is looked at again: %v", err)
		}
		worker := s.worker()
		for _, a := range []Asset{given, forgotten} {
			if again, err := s.Retry(ctx, tid, a.ID); err != nil || again.Stuck || again.State != AssetProcessing {
				t.Fatalf("again: %+v %v", again, err)
			}
			if _, err := worker.RunDue(ctx); err != nil {
				t.Fatal(err)
			}
			if again, err := s.Find(ctx, tid, a.ID); err != nil || again.State != AssetReady {
				t.Errorf("looked at again: %+v %v", again, err)
			}
		}
		// Removed with a job that was given up, and swept after its time.
		jobs := func(id db.ID) int {
			t.Helper()
			found, err := s.d.JobStates(ctx, []db.ID{id})
			if err != nil {
				t.Fatal(err)
			}
			return len(found)
		}
		lost, unused := stuck("UPDATE job SET state = 'failed', last_error = 'a' WHERE id = ?"), stuck("UPDATE job SET state = 'failed', last_error = 'b' WHERE id = ?")
		if err := s.Delete(ctx, tid, lost.ID); err != nil || jobs(lost.ID) != 0 {
			t.Errorf("its job stays: %v", err)
		}
		for range 2 {
			if err := s.SweepUnused(ctx, tid); err != nil {
				t.Fatal(err)
			}
			s.clock.Add(31 * 24 * time.Hour)
		}
		if _, err := s.Find(ctx, tid, unused.ID); !fault.Is(err, fault.NotFound) || jobs(unused.ID) != 0 {
			t.Errorf("after its time: %v", err)
		}
		if err := s.ProbeJob(ctx, db.Job{Tenant: tid.Number(), Payload: fmt.Appendf(nil, `{"asset":%q}`, unused.ID)}, func(int64, int64) {}); err != nil {
			t.Errorf("a job about a file that is gone: %v", err)
		}
	})
}

// A lesson is saved with a file at the very moment the sweep takes it: either the file stays, or the lesson is saved without holding it.
func TestSweepAgainstALessonBeingSaved(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		ctx, tid, desk := t.Context(), s.w.A.ID, s.studio()
		l := desk.lesson(tid, desk.course(tid, SharedNone).ID, KindVideo, "動画")
		for i := range 6 {
			file := s.upload(AssetCaptions, "a.vtt", vtt(fmt.Sprint(i)))
			if err := s.SweepUnused(ctx, tid); err != nil {
				t.Fatal(err)
			}
			s.clock.Add(31 * 24 * time.Hour)
			var sweepErr, saveErr error
			var wait sync.WaitGroup
			wait.Go(func() { sweepErr = s.SweepUnused(ctx, tid) })
			wait.Go(func() {
				l, saveErr = desk.SaveLesson(ctx, tid, l.ID, SaveLesson{Title: "動画", Body: film(file.ID), Base: l.Version, SaveID: fmt.Sprint(i)})
			})
			wait.Wait()
			if sweepErr != nil || saveErr != nil {
				t.Fatal(sweepErr, saveErr)
			}
			_, findErr := s.Find(ctx, tid, file.ID)
			links, err := s.Links(ctx, tid, tid.Number(), file.ID)
			switch {
			case err != nil:
				t.Fatal(err)
			case findErr == nil && !strings.Contains(fetch(t, links[file.ID].URL), fmt.Sprint(i)):
				t.Error("the row of the file is there and its bytes are not")
			case findErr == nil:
				s.expect("held", s.places(file.ID), "draft 動画")
			case !fault.Is(findErr, fault.NotFound):
				t.Fatal(findErr)
			}
		}
	})
}

// A process that dies between the transaction and the removal of the bytes leaves the rest to a job.
func TestRemovalIsTakenUpByTheJob(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		ctx, tid := t.Context(), s.w.A.ID
		a := s.upload(AssetCaptions, "a.vtt", vtt("x"))
		var gone removal
		err := s.d.Tx(ctx, func(tx *db.Tx) error { // as remove does, with the rest of it lost
			if _, err := tx.Exec(ctx, sqlDeleteUploads, tid, a.ID); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, sqlDeleteAsset, tid, a.ID)
			gone.Keys = []string{a.key}
			return err
		})
		if err != nil || len(s.objects()) != 1 {
			t.Fatal(err, s.objects())
		}
		for range 2 { // and again
			if err := s.RemoveObjectsJob(ctx, db.Job{Payload: []byte(`{"keys":["` + gone.Keys[0] + `"]}`)}, nil); err != nil || len(s.objects()) != 0 {
				t.Fatal(err, s.objects())
			}
		}
		b := s.upload(AssetCaptions, "b.vtt", vtt("y"))
		if err := s.Delete(ctx, tid, b.ID); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := s.d.QueryRow(ctx, `SELECT COUNT(*) FROM job WHERE kind = ? AND tenant_id = ?`, KindRemoveObjects, tid).Scan(&n); err != nil || n != 2 || len(s.objects()) != 1 || len(s.kept()) != 0 {
			t.Errorf("%d jobs stand by, %v", n, err)
		}
	})
}

// The cover of a course is a picture of its organisation; it cannot be removed while a draft or a version shows it, and what replaces it is in the next version.
func TestCovers(t *testing.T) {
	eachStore(t, func(t *testing.T, d *db.DB, store *blob.Store) {
		s := newCopier(t, d, store)
		ctx, tid := t.Context(), s.w.A.ID
		fields := func(cover db.ID) CourseFields {
			return CourseFields{Title: "講座", Language: "ja", Shared: SharedNone, Cover: cover}
		}
		first, second := s.store(tid, AssetImage, "a.png", smallPNG(t)), s.store(tid, AssetImage, "b.png", bigPNG(t))
		foreign, film := s.store(s.w.B.ID, AssetImage, "c.png", smallPNG(t)), s.store(tid, AssetCaptions, "d.vtt", vtt("字幕"))
		for name, cover := range map[string]db.ID{"another organisation's": foreign.ID, "no picture": film.ID, "no file": db.NewID()} {
			if _, err := s.Create(ctx, tid, db.NewID(), fields(cover)); !fault.Is(err, fault.Invalid) {
				t.Errorf("%s: %v", name, err)
			}
		}
		c, err := s.Create(ctx, tid, db.NewID(), fields(first.ID))
		if err != nil || c.Cover != first.ID {
			t.Fatal(c, err)
		}
		l, err := s.AddLesson(ctx, tid, c.ID, db.NewID(), KindPage, "本文", db.ID{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.SaveLesson(ctx, tid, l.ID, SaveLesson{Base: l.Version, SaveID: db.NewID().String(), Title: l.Title, Body: page("<p>本文</p>")}); err != nil {
			t.Fatal(err)
		}
		if err := s.assets.Delete(ctx, tid, first.ID); keyOf(err) != "file_in_use" {
			t.Errorf("removed the cover of a draft: %v", err)
		}
		uses, err := s.assets.Uses(ctx, tid, first.ID)
		if err != nil || len(uses) != 1 || uses[0].Course != c.ID || !uses[0].Lesson.IsZero() {
			t.Errorf("uses %+v %v", uses, err)
		}
		changed, err := s.assets.Replace(ctx, tid, first.ID, second.ID)
		if err != nil || len(changed) != 1 || changed[0].ID != c.ID {
			t.Errorf("replaced: %+v %v", changed, err)
		}
		if err := s.assets.Delete(ctx, tid, second.ID); keyOf(err) != "file_in_use" {
			t.Errorf("removed what the cover was replaced by: %v", err)
		}
		if c, err = s.Find(ctx, tid, c.ID); err != nil {
			t.Fatal(err)
		}
		v, err := s.Publish(ctx, tid, c.ID, c.ContentVersion)
		if err != nil {
			t.Fatal(err)
		}
		if found, err := s.versions.FindVersion(ctx, tid, tid.Number(), v.ID); err != nil || found.Cover != second.ID {
			t.Errorf("the version shows %v %v", found, err)
		}
		// Without the cover the draft lets go; the version keeps its own.
		if c, err = s.Find(ctx, tid, c.ID); err != nil {
			t.Fatal(err)
		}
		if c, err = s.Update(ctx, tid, c.ID, c.Version, fields(db.ID{})); err != nil || !c.Cover.IsZero() {
			t.Fatal(c, err)
		}
		if err := s.assets.Delete(ctx, tid, first.ID); err != nil {
			t.Errorf("what nothing shows any more: %v", err)
		}
		if err := s.assets.Delete(ctx, tid, second.ID); keyOf(err) != "file_in_use" {
			t.Errorf("removed the cover of a version: %v", err)
		}
		if offers, err := s.versions.Catalogue(ctx, tid, OfferFilter{}); err != nil || len(offers) != 1 || offers[0].Cover != second.ID {
			t.Errorf("the catalogue shows %+v %v", offers, err)
		}
	})
}
