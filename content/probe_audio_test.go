package content

import (
	"bytes"
	"testing"
)

func TestRecordingsAreMeasuredFromTheirBytes(t *testing.T) {
	for name, mediaType := range map[string]string{
		"sound.mp3": "audio/mpeg", "sound-plain.mp3": "audio/mpeg", "sound-vbr.mp3": "audio/mpeg", "sound.m4a": "audio/mp4", "sound.ogg": "audio/ogg", "sound.opus": "audio/ogg",
	} {
		raw := fixture(t, name)
		found, err := sniff(AssetAudio, raw[:min(len(raw), headSize)])
		if err != nil || found != mediaType {
			t.Errorf("%s: %q, %v", name, found, err)
			continue
		}
		f, err := probeAudio(found, bytes.NewReader(raw), int64(len(raw)))
		if err != nil || f.durationMS < 2_950 || f.durationMS > 3_150 {
			t.Errorf("%s: %d ms, %v", name, f.durationMS, err)
		}
	}
	film := fixture(t, "faststart.mp4")
	if _, err := probeAudio("audio/mp4", bytes.NewReader(film), int64(len(film))); err == nil {
		t.Error("a film is no recording")
	}
	for name, raw := range map[string][]byte{"text": []byte("hello, this is no sound at all"), "html": []byte("<html>"), "one frame head": {0xff, 0xfb, 0x90, 0x64, 0, 0, 0, 0}} {
		if _, err := sniff(AssetAudio, raw); err == nil {
			t.Errorf("%s is taken for a recording", name)
		}
	}
}

func TestAnAudioLessonFromUploadToPublishing(t *testing.T) {
	onEachStore(t, func(t *testing.T, s shelf) {
		ctx, tid, desk := t.Context(), s.w.A.ID, s.studio()
		a := s.upload(AssetAudio, "朝礼.mp3", fixture(t, "sound.mp3"))
		if a.State != AssetReady || a.MediaType != "audio/mpeg" || a.DurationMS < 2_950 {
			t.Fatalf("%+v", a)
		}
		if wrong := s.upload(AssetAudio, "動画.mp3", fixture(t, "twelve-seconds.mp4")); wrong.State != AssetRefused || wrong.Problem != "file_not_audio" {
			t.Errorf("%+v", wrong)
		}
		course := desk.course(tid, SharedNone)
		l := desk.lesson(tid, course.ID, KindAudio, "朝礼")
		body := NewBody(KindAudio)
		body.Audio.Asset = a.ID
		if _, err := desk.SaveLesson(ctx, tid, l.ID, SaveLesson{Title: "朝礼", Body: body, Base: 1, SaveID: "x"}); err != nil {
			t.Fatal(err)
		}
		c, err := desk.Find(ctx, tid, course.ID)
		if err != nil {
			t.Fatal(err)
		}
		made, err := desk.Publish(ctx, tid, course.ID, c.ContentVersion)
		if err != nil || made.DurationMS != a.DurationMS {
			t.Fatalf("%+v, %v", made, err)
		}
		v, err := NewVersions(s.d, s.clock.Now, 0).FindVersion(ctx, tid, tid.Number(), made.ID)
		if err != nil || v.Lessons[0].Body.Audio == nil || v.Lessons[0].Body.Audio.DurationMS != a.DurationMS {
			t.Fatalf("%+v, %v", v, err)
		}
		s.expect("used", s.places(a.ID), "draft 朝礼, v1 朝礼")
		links, err := s.Links(ctx, tid, tid.Number(), a.ID)
		if err != nil || fetch(t, links[a.ID].URL) != string(fixture(t, "sound.mp3")) {
			t.Error(err)
		}
	})
}

func FuzzProbeAudio(f *testing.F) {
	f.Add([]byte("ID3\x04\x00\x00\x00\x00\x00\x00\xff\xfb\x90\x64"))
	f.Add([]byte("OggS\x00\x02\x00\x00\x00\x00\x00\x00\x00\x00\x01vorbis"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, mediaType := range []string{"audio/mpeg", "audio/ogg", "audio/mp4"} {
			if got, err := probeAudio(mediaType, bytes.NewReader(raw), int64(len(raw))); err == nil && (got.durationMS <= 0 || got.durationMS > longestSound) {
				t.Errorf("%s: %+v", mediaType, got)
			}
		}
	})
}
