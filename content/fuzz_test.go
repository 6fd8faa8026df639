package content

import (
	"bytes"
	"errors"
	"io"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"kenshu/storage/db"
)

// refusedOnly fails unless err is none or a refusal that a person can be told: hostile bytes are never an error of ours.
func refusedOnly(t *testing.T, err error) {
	t.Helper()
	var f *problem
	if err != nil && !errors.As(err, &f) {
		t.Errorf("not a refusal: %v", err)
	}
}

// Whatever a manifest says, what it opens is a file inside the package, and no activity counts twice.
func FuzzReadManifest(f *testing.F) {
	f.Add([]byte(manifest12))
	f.Add([]byte(manifest2004))
	f.Add([]byte(strings.Replace(manifest12, "Index.html", "javascript:alert(1)//x.html", 1)))
	f.Add([]byte(strings.Replace(manifest12, "Index.html", `..\..\x.html`, 1)))
	f.Add([]byte(strings.Replace(manifest12, `<?xml version="1.0"?>`, `<!DOCTYPE m [<!ENTITY a "b">]>`, 1)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		m, err := ReadManifest(raw, func(name string) bool { return checkName(name) == nil })
		refusedOnly(t, err)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		var walk func(a Activity)
		walk = func(a Activity) {
			if a.Launch != "" {
				u, err := url.Parse(a.Launch)
				if err != nil || u.IsAbs() || u.Host != "" || strings.HasPrefix(u.Path, "/") || strings.HasPrefix(u.Path, "..") {
					t.Errorf("%q leads outside: %v", a.Launch, err)
				}
			}
			if a.ID != "" && seen[a.ID] {
				t.Errorf("activity %q is there twice", a.ID)
			}
			seen[a.ID] = true
			for _, c := range a.Children {
				walk(c)
			}
		}
		for _, c := range m.Root.Children {
			walk(c)
		}
	})
}

// Whatever a zip says, what is kept has a name below one folder that no other file has, and gives exactly the bytes it promised or an error.
func FuzzOpenPackage(f *testing.F) {
	whole := func(entries ...entry) []byte { return zipOf(f, entries...) }
	manifest := entry{name: "imsmanifest.xml", body: manifest12}
	f.Add(whole(manifest, entry{name: "Index.html", body: "<p>a"}, entry{name: "pages/case.html", body: "<p>b"}))
	f.Add(whole(entry{name: "folder/imsmanifest.xml", body: manifest12}, entry{name: "folder/Index.html", body: "x"}))
	f.Add(whole(manifest, entry{name: `..\evil.html`, body: "x"}))
	f.Add(whole(manifest, entry{name: "\x83\x65\x83\x58\x83\x67.html", body: "x", raw: true}))
	f.Add(whole(manifest, entry{name: "link", body: "/etc/passwd", mode: os.ModeSymlink | 0o777}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := openPackage(bytes.NewReader(raw), int64(len(raw)))
		refusedOnly(t, err)
		if err != nil {
			return
		}
		seen := map[string]bool{}
		for _, e := range p.entries {
			if strings.Contains("/"+e.name+"/", "/../") || strings.HasPrefix(e.name, "/") || seen[e.key] {
				t.Errorf("%q is kept", e.name)
			}
			seen[e.key] = true
			n, err := io.Copy(io.Discard, e.open(bytes.NewReader(raw)))
			if uint64(n) > e.file.UncompressedSize64 || err == nil && uint64(n) != e.file.UncompressedSize64 {
				t.Errorf("%q promised %d bytes and gave %d, %v", e.name, e.file.UncompressedSize64, n, err)
			}
		}
	})
}

// Captions that are taken are WebVTT, and reading them again changes nothing.
func FuzzReadCaptions(f *testing.F) {
	f.Add([]byte("WEBVTT\n\n00:01.000 --> 00:02.000\nこんにちは"))
	f.Add([]byte("1\r\n00:00:01,000 --> 00:00:02,500\r\nx\r\n\r\n2\r\n0:00:03,000 --> 0:00:04,000\r\ny\r\n"))
	f.Add([]byte("\xef\xbb\xbf1\n00:00:01,000 --> 00:00:02,000 X1:1\n\x00"))
	f.Add([]byte("\x82\xb1\n00:00:01,000 --> 00:00:02,000\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		vtt, err := readCaptions(raw)
		refusedOnly(t, err)
		if err != nil {
			return
		}
		again, err := readCaptions(vtt)
		if err != nil || !bytes.Equal(again, vtt) || !isVTT(string(vtt)) {
			t.Errorf("%q becomes %q, %v", vtt, again, err)
		}
	})
}

// No text but one that we signed, to the letter, is a ticket.
func FuzzReadTicket(f *testing.F) {
	now := time.UnixMilli(1_775_000_000_000)
	s := NewPackages(nil, []byte("a key of the tests, 32 bytes long"), func() time.Time { return now })
	ours := s.sign(PackageTicket{Tenant: 7, Person: db.ID{1}, Launch: db.ID{2}, Expires: now.Add(time.Hour), owner: 7})
	f.Add(ours)
	f.Add(ours[:len(ours)-1])
	f.Add(ours + "=")
	f.Add(ours[:7] + "\n" + ours[7:]) // which encoding/base64 passes over
	f.Add("")
	f.Fuzz(func(t *testing.T, token string) {
		ticket, err := s.Read(token)
		if (err == nil) != (token == ours) {
			t.Errorf("%q: %+v %v", token, ticket, err)
		}
	})
}
