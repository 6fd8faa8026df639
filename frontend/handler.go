package frontend

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"io/fs"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// How long a browser may keep what it got. Names under assets/ contain a digest of their contents; index.html names
// them and so must always be fresh.
const (
	cacheForever = "public, max-age=31536000, immutable"
	cacheHour    = "public, max-age=3600"
	cacheNever   = "no-store"
)

// unbuilt is answered while the page has not been built: a fresh clone, or a build that failed.
const unbuilt = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>Kenshu</title>" +
	"<p>The page is not built yet. Run <code>make build</code> and start again.</p>" +
	"<p lang=\"ja\">画面がまだ作られていません。<code>make build</code> を実行してから、起動し直してください。</p></html>\n"

// types are the media types of what the build makes. They are not asked of the operating system, which may say
// something else on every machine.
var types = map[string]string{
	".css":   "text/css; charset=utf-8",
	".html":  "text/html; charset=utf-8",
	".ico":   "image/x-icon",
	".js":    "text/javascript; charset=utf-8",
	".json":  "application/json",
	".mjs":   "text/javascript; charset=utf-8",
	".png":   "image/png",
	".svg":   "image/svg+xml",
	".ttf":   "font/ttf",
	".txt":   "text/plain; charset=utf-8",
	".wasm":  "application/wasm",
	".webp":  "image/webp",
	".woff2": "font/woff2",
}

// file is one answer, in the encodings that the build made of it.
type file struct {
	mediaType, cache, etag string
	plain, gzip, brotli    []byte // plain is nil where gzip is there
}

// Handler serves the embedded application: files as they were built, compressed as the browser can take them, and
// index.html for every other address, because the page reads the address itself. Paths under /api are never answered
// with the page.
func Handler() http.Handler { return handlerOf(Files()) }

func handlerOf(built fs.FS) http.Handler {
	files := load(built)
	index, ok := files["index.html"]
	if !ok {
		index = &file{mediaType: types[".html"], plain: []byte(unbuilt)}
	}
	index.cache = cacheNever
	index.etag = ""
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "method not allowed", http.StatusMethodNotAllowed)
			return
		}
		name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
		if found, ok := files[name]; ok {
			found.serve(w, r)
			return
		}
		// A missing asset must be a miss: a page in its place would be run as a script by old tabs after an upgrade.
		if name == "api" || strings.HasPrefix(name, "api/") || strings.HasPrefix(name, "assets/") {
			http.NotFound(w, r)
			return
		}
		index.serve(w, r)
	})
}

// load reads everything once; the bytes stay where the binary has them. Of what the build compressed only the twins are
// there (scripts/compress.ts).
func load(built fs.FS) map[string]*file {
	files := map[string]*file{}
	err := fs.WalkDir(built, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name = strings.TrimSuffix(name, ".gz")
		mediaType, ok := types[path.Ext(name)]
		if !ok || strings.HasPrefix(name, ".") {
			return nil // .gitkeep, the build's manifest, and what brotli made
		}
		one := &file{mediaType: mediaType, cache: cacheHour}
		if strings.HasPrefix(name, "assets/") {
			one.cache = cacheForever
		}
		one.plain, _ = fs.ReadFile(built, name)
		one.gzip, _ = fs.ReadFile(built, name+".gz") // absent where compressing gained nothing
		one.brotli, _ = fs.ReadFile(built, name+".br")
		sum := sha256.Sum256(append(slices.Clone(one.plain), one.gzip...))
		one.etag = `"` + hex.EncodeToString(sum[:12]) + `"`
		files[name] = one
		return nil
	})
	if err != nil {
		panic(err) // an embedded file system has no way to fail
	}
	return files
}

// serve answers with the best encoding the browser takes. Compressed bodies are written here, because
// http.ServeContent would leave out their length and honour ranges of them.
func (f *file) serve(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	header.Set("Content-Type", f.mediaType)
	header.Set("Cache-Control", f.cache)
	header.Set("X-Content-Type-Options", "nosniff")
	if f.gzip != nil || f.brotli != nil {
		header.Add("Vary", "Accept-Encoding")
	}
	body, encoding := f.encodingFor(r.Header.Get("Accept-Encoding"))
	if f.etag != "" {
		header.Set("ETag", strings.TrimSuffix(f.etag, `"`)+encoding+`"`)
	}
	if encoding == "" {
		http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(body))
		return
	}
	if etag := header.Get("ETag"); etag != "" && strings.Contains(r.Header.Get("If-None-Match"), etag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	header.Set("Content-Encoding", encoding)
	header.Set("Content-Length", strconv.Itoa(len(body)))
	if r.Method != http.MethodHead {
		_, _ = w.Write(body) // an error means that the browser went away
	}
}

// encodingFor picks brotli over gzip over nothing. The last is for programs: every browser takes gzip, so what only lies compressed is unpacked when asked for.
func (f *file) encodingFor(accept string) ([]byte, string) {
	if f.brotli != nil && accepts(accept, "br") {
		return f.brotli, "br"
	}
	if f.gzip != nil && accepts(accept, "gzip") {
		return f.gzip, "gzip"
	}
	if f.plain == nil {
		return unpack(f.gzip), ""
	}
	return f.plain, ""
}

// unpack undoes what the build compressed.
func unpack(packed []byte) []byte {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic(err) // the build made it
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		panic(err)
	}
	return plain
}

// accepts reads one name in an Accept-Encoding header; "q=0" refuses it.
func accepts(header, name string) bool {
	for part := range strings.SplitSeq(header, ",") {
		coding, params, _ := strings.Cut(part, ";")
		if !strings.EqualFold(strings.TrimSpace(coding), name) {
			continue
		}
		value, found := strings.CutPrefix(strings.ReplaceAll(params, " ", ""), "q=")
		quality, err := strconv.ParseFloat(value, 64)
		return !found || err == nil && quality > 0
	}
	return false
}
