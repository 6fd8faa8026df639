package main

import (
	"bytes"
	"context"
	"net/url"

	"kenshu/content"
	"kenshu/rig/moodle"
	"kenshu/storage/db"
)

// moodle goes over the import of a Moodle course backup; its job runs with the others.
func (w *walk) moodle(ctx context.Context, do doer) error {
	b := moodle.New(4, "移す講座")
	b.Section("第1章", "<p>はじめに</p>")
	b.Page("読み物", "<p>本文</p>")
	b.Resource("録音", moodle.File{Name: "note.pdf", Body: []byte("%PDF-1.4\n1 0 obj<</Type/Page>>endobj\n%%EOF")})
	pool := b.Category("移す問題", 0)
	_, answers := b.Answers([]string{"1.0", "0.0"}, "はい", "いいえ")
	one := b.Question("multichoice", "移す問い", answers+`<multichoice id="1"><single>1</single></multichoice>`)
	b.Quiz("テスト", 8, moodle.Slot{Question: one}, moodle.Slot{Category: pool, Count: 1})
	for range 2 { // the first draws questions
		raw := b.Tar()
		id := db.NewID()
		file := content.NewFile{Kind: content.AssetMoodle, FileName: "course.mbz", Size: int64(len(raw))}
		a, err := w.Services.Assets.Store(ctx, w.estate.main, id, file, bytes.NewReader(raw))
		if err == nil {
			err = w.Services.Assets.Probe(ctx, w.estate.main, a.ID, func(int64, int64) {})
		}
		if err != nil {
			return err
		}
		w.ids["moodle-imports"] = id.String()
		do("editor", "POST", "/moodle-imports/"+id.String()+"/apply", `{"title":"移した講座","language":"ja"}`)
		b = moodle.New(3, "移す講座")
		b.Page("読み物", "<p>本文</p>")
	}
	do("editor", "GET", "/moodle-imports?limit=1", "")
	if next, is := w.member("next").(string); is {
		do("editor", "GET", "/moodle-imports?limit=1&after="+url.QueryEscape(next), "")
	}
	do("editor", "GET", "/moodle-imports?course="+w.ids["courses"], "")
	do("editor", "GET", "/moodle-imports/"+w.ids["moodle-imports"], "")
	return nil
}
