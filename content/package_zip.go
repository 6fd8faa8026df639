package content

import (
	"archive/zip"
	"bufio"
	"cmp"
	"compress/flate"
	"context"
	"errors"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/unicode/norm"
)

// Limits of a package. What a zip claims is checked before anything is unpacked, and what it really holds while it is.
const (
	maxPackageFiles    = 20_000
	maxPackageFile     = 2 << 30   // bytes of one file, unpacked
	maxPackageUnpacked = 4 << 30   // bytes of all, unpacked
	maxPackageRatio    = 200       // times the zip's size, for packages above bombFloor
	bombFloor          = 200 << 20 // bytes unpacked below which the ratio does not matter
	maxPackageName     = 500       // characters of a path
	maxPackageDepth    = 32
	maxDirectoryRead   = 8 << 20 // bytes of the zip's own directory: what opening it may cost in memory
)

// packageTypes are the kinds of file that lessons open, by their ending; others are left out. The type is ours, never the package's.
var packageTypes = map[string]string{
	".html": "text/html", ".htm": "text/html", ".xhtml": "application/xhtml+xml", ".css": "text/css", ".js": "text/javascript", ".mjs": "text/javascript",
	".json": "application/json", ".map": "application/json", ".xml": "application/xml", ".xsd": "application/xml", ".dtd": "text/plain", ".xsl": "application/xml", ".txt": "text/plain", ".csv": "text/csv", ".md": "text/plain",
	".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".gif": "image/gif", ".webp": "image/webp", ".svg": "image/svg+xml", ".ico": "image/x-icon",
	".bmp": "image/bmp", ".avif": "image/avif", ".cur": "image/x-icon",
	".mp4": "video/mp4", ".m4v": "video/mp4", ".webm": "video/webm", ".ogv": "video/ogg", ".mov": "video/quicktime",
	".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".wav": "audio/wav", ".ogg": "audio/ogg", ".oga": "audio/ogg", ".aac": "audio/aac", ".vtt": "text/vtt", ".srt": "text/plain",
	".woff": "font/woff", ".woff2": "font/woff2", ".ttf": "font/ttf", ".otf": "font/otf", ".eot": "application/vnd.ms-fontobject", ".wasm": "application/wasm",
	".pdf": "application/pdf", ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}

// packageEntry is a file of the zip that will be kept.
type packageEntry struct {
	file      *zip.File
	name      string // as written, with slashes, in NFC
	key       string // nameKey(name)
	mediaType string
	number    int
	offset    int64 // of its bytes in the zip
}

// nameKey is what a file is looked up by: packages made on Windows call for files with other letters than they have.
func nameKey(name string) string { return cases.Fold().String(norm.NFC.String(name)) }

// packageZip is an opened zip whose directory has been checked.
type packageZip struct {
	entries  []packageEntry
	manifest []byte
	at       io.ReaderAt
	unpacked int64
	skipped  int
}

// openPackage reads the directory of the zip that at gives and refuses everything that is not a plain collection of files below one folder: paths that lead
// outside, links, devices, encryption, two names that are one on some system, names that systems reserve, files inside files, claims above the limits.
func openPackage(at io.ReaderAt, size int64) (*packageZip, error) {
	budget := &budgetReader{at: at, left: maxDirectoryRead}
	z, err := zip.NewReader(budget, size)
	switch {
	case errors.Is(err, errBudget):
		return nil, refused("package_many_files")
	case ofStore(err):
		return nil, err
	case err != nil:
		return nil, refused("package_not_zip")
	}
	budget.left = -1 // the directory is read; files have limits of their own
	if len(z.File) > maxPackageFiles {
		return nil, refused("package_many_files")
	}
	p := &packageZip{at: budget}
	for _, f := range z.File {
		e, keep, err := p.check(f)
		if err != nil {
			return nil, err
		}
		if keep {
			p.entries = append(p.entries, e)
		}
	}
	if p.unpacked > bombFloor && p.unpacked/maxPackageRatio > size {
		return nil, refused("package_bomb")
	}
	offsets, err := overlaps(z.File)
	if err != nil {
		return nil, err
	}
	for i := range p.entries {
		p.entries[i].offset = offsets[p.entries[i].file]
	}
	if err := p.root(); err != nil {
		return nil, err
	}
	return p, p.tree()
}

// check looks at what the directory says of one entry.
func (p *packageZip) check(f *zip.File) (packageEntry, bool, error) {
	name, err := entryName(f)
	if err != nil {
		return packageEntry{}, false, err
	}
	folder := strings.HasSuffix(name, "/")
	name = strings.TrimSuffix(name, "/")
	if err := checkName(name); err != nil {
		return packageEntry{}, false, err
	}
	mode := f.Mode()
	switch {
	case mode&fs.ModeType != 0 && mode&fs.ModeType != fs.ModeDir:
		return packageEntry{}, false, refused("package_link")
	case f.Flags&1 != 0:
		return packageEntry{}, false, refused("package_encrypted")
	case f.Method != zip.Store && f.Method != zip.Deflate:
		return packageEntry{}, false, refused("package_method")
	}
	if f.UncompressedSize64 > maxPackageFile || p.unpacked+int64(f.UncompressedSize64) > maxPackageUnpacked {
		return packageEntry{}, false, refused("package_unpacked_large")
	}
	p.unpacked += int64(f.UncompressedSize64)
	if folder || mode.IsDir() {
		if f.UncompressedSize64 > 0 {
			return packageEntry{}, false, refused("package_name")
		}
		return packageEntry{}, false, nil
	}
	if litter(name) {
		return packageEntry{}, false, nil
	}
	return packageEntry{file: f, name: name, key: nameKey(name), mediaType: packageTypes[strings.ToLower(path.Ext(name))]}, true, nil
}

// litter are files that operating systems leave in zips.
func litter(name string) bool {
	base := path.Base(name)
	return strings.HasPrefix(name, "__MACOSX/") || base == ".DS_Store" || strings.EqualFold(base, "Thumbs.db") || strings.EqualFold(base, "desktop.ini")
}

// entryName decodes a name: UTF-8 where it is that, else Shift_JIS, as Japanese Windows writes it. Backslashes, which old programs write, divide folders.
func entryName(f *zip.File) (string, error) {
	name := f.Name
	if !utf8.ValidString(name) {
		decoded, err := japanese.ShiftJIS.NewDecoder().String(name)
		if err != nil || strings.ContainsRune(decoded, utf8.RuneError) {
			return "", refused("package_name")
		}
		name = decoded
	} else {
		name = strings.ReplaceAll(name, `\`, "/")
	}
	return norm.NFC.String(name), nil
}

// reservedNames cannot be file names on Windows.
var reservedNames = []string{"con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9"}

func checkName(name string) error {
	if name == "" || utf8.RuneCountInString(name) > maxPackageName || utf8.RuneCountInString(nameKey(name)) > maxPackageName {
		return refused("package_name")
	}
	segments := strings.Split(name, "/")
	if len(segments) > maxPackageDepth {
		return refused("package_name")
	}
	for _, s := range segments {
		stem, _, _ := strings.Cut(strings.ToLower(s), ".")
		bad := s == "" || s == "." || s == ".." || len(s) > 255 || strings.HasSuffix(s, ".") || strings.HasSuffix(s, " ") || strings.ContainsAny(s, `\:*?"<>|`) || slices.Contains(reservedNames, strings.TrimSpace(stem))
		bad = bad || strings.ContainsFunc(s, func(r rune) bool {
			return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r) || r == utf8.RuneError
		})
		if bad {
			return refused("package_name")
		}
	}
	return nil
}

// overlaps finds where the bytes of each file begin, and refuses a zip whose files share bytes: that is how a small zip unpacks to petabytes.
func overlaps(files []*zip.File) (map[*zip.File]int64, error) {
	type span struct{ from, to int64 }
	spans, offsets := make([]span, 0, len(files)), make(map[*zip.File]int64, len(files))
	for _, f := range files {
		from, err := f.DataOffset()
		if ofStore(err) {
			return nil, err
		}
		if err != nil || f.CompressedSize64 > 1<<40 {
			return nil, refused("package_damaged")
		}
		offsets[f] = from
		spans = append(spans, span{from, from + int64(f.CompressedSize64)})
	}
	slices.SortFunc(spans, func(a, b span) int { return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to)) })
	for i := 1; i < len(spans); i++ {
		if spans[i].from < spans[i-1].to {
			return nil, refused("package_bomb")
		}
	}
	return offsets, nil
}

// root finds the manifest. A package whose maker zipped the folder instead of its contents is taken as it was meant.
func (p *packageZip) root() error {
	at := slices.IndexFunc(p.entries, func(e packageEntry) bool { return e.key == ManifestName })
	if at < 0 {
		top, _, below := "", "", false
		for i, e := range p.entries {
			first, _, deeper := strings.Cut(e.name, "/")
			if !deeper || (i > 0 && first != top) {
				return p.noManifest()
			}
			top, below = first, true
		}
		if !below {
			return p.noManifest()
		}
		for i := range p.entries {
			p.entries[i].name = strings.TrimPrefix(p.entries[i].name, top+"/")
			p.entries[i].key = nameKey(p.entries[i].name)
		}
		if at = slices.IndexFunc(p.entries, func(e packageEntry) bool { return e.key == ManifestName }); at < 0 {
			return p.noManifest()
		}
	}
	f := p.entries[at].file
	if f.UncompressedSize64 > maxManifest {
		return refused("package_manifest_large")
	}
	raw, err := io.ReadAll(p.entries[at].open(p.at))
	if errors.Is(err, errLying) {
		return refused("package_damaged")
	}
	p.manifest = raw
	return err
}

// noManifest tells what the zip is instead, when that can be seen.
func (p *packageZip) noManifest() error {
	for _, e := range p.entries {
		switch path.Base(e.key) {
		case "tincan.xml", "cmi5.xml", "h5p.json", "moodle_backup.xml":
			return refused("package_other_standard")
		case ManifestName:
			return refused("package_manifest_deep")
		}
	}
	return refused("package_no_manifest")
}

// tree refuses two names that are one on some system, and a file that is also a folder; it numbers what is kept.
func (p *packageZip) tree() error {
	files, folders := map[string]bool{}, map[string]bool{}
	for _, e := range p.entries {
		if files[e.key] {
			return refused("package_duplicate")
		}
		files[e.key] = true
		for dir := path.Dir(e.key); dir != "."; dir = path.Dir(dir) {
			folders[dir] = true
		}
	}
	for name := range folders {
		if files[name] {
			return refused("package_duplicate")
		}
	}
	kept := p.entries[:0]
	for _, e := range p.entries {
		if e.mediaType == "" {
			p.skipped++
			continue
		}
		e.number = len(kept) + 1
		kept = append(kept, e)
	}
	p.entries = kept
	return nil
}

// has tells whether the package holds a file.
func (p *packageZip) has() func(string) bool {
	keys := make(map[string]bool, len(p.entries))
	for _, e := range p.entries {
		keys[e.key] = true
	}
	return func(name string) bool { return keys[nameKey(name)] }
}

// open reads a file so that it gives exactly the bytes the directory promised, checked against its sum; anything else is an error by the time the last byte has been
// read.
func (e packageEntry) open(at io.ReaderAt) io.Reader {
	size := int64(e.file.CompressedSize64)
	var r io.Reader = bufio.NewReaderSize(io.NewSectionReader(at, e.offset, size), 32<<10)
	if e.file.Method == zip.Deflate {
		r = flate.NewReader(r)
	}
	return &entryReader{r: r, left: int64(e.file.UncompressedSize64), sum: crc32.NewIEEE(), want: e.file.CRC32}
}

type entryReader struct {
	r    io.Reader
	left int64
	sum  hash.Hash32
	want uint32
	err  error
}

var errLying = errors.New("content: an entry of the zip is not what its directory says")

// Read implements io.Reader.
func (r *entryReader) Read(b []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	if r.left == 0 {
		return 0, r.end()
	}
	if int64(len(b)) > r.left {
		b = b[:r.left]
	}
	n, err := r.r.Read(b)
	_, _ = r.sum.Write(b[:n]) // a hash never fails
	r.left -= int64(n)
	switch {
	case r.left == 0 && n > 0: // who knows the size may not ask again
		if err = r.end(); errors.Is(err, io.EOF) {
			err = nil
		}
	case errors.Is(err, io.EOF):
		err = errLying
	}
	var broken flate.CorruptInputError
	if errors.As(err, &broken) || errors.Is(err, io.ErrUnexpectedEOF) {
		err = errLying
	}
	if err != nil {
		r.err = err
	}
	return n, err
}

// end looks beyond the last promised byte: there must be nothing, and the sum must be right.
func (r *entryReader) end() error {
	var one [1]byte
	n, err := r.r.Read(one[:])
	for n == 0 && err == nil {
		n, err = r.r.Read(one[:])
	}
	if n > 0 || errors.Is(err, io.EOF) && r.sum.Sum32() != r.want {
		err = errLying
	}
	r.err = err
	return err
}

var errBudget = errors.New("content: more was read than a directory may cost")

// budgetReader breaks off when more is read than is allowed; a negative budget is none.
type budgetReader struct {
	at   io.ReaderAt
	left int64
}

// ReadAt implements io.ReaderAt.
func (b *budgetReader) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 { // where a directory says that it begins
		return 0, zip.ErrFormat
	}
	if b.left >= 0 {
		if b.left -= int64(len(p)); b.left < 0 {
			b.left = 0
			return 0, errBudget
		}
	}
	return b.at.ReadAt(p, off)
}

// storeError is what the store answered while a file was read: it says nothing about the file.
type storeError struct{ err error }

func (e *storeError) Error() string { return "content: the store broke off: " + e.err.Error() }

// Unwrap gives what the store said, but for the end of a connection, which looks like the end of a file that was cut short.
func (e *storeError) Unwrap() error {
	if errors.Is(e.err, io.EOF) || errors.Is(e.err, io.ErrUnexpectedEOF) {
		return nil
	}
	return e.err
}

func ofStore(err error) bool {
	var e *storeError
	return errors.As(err, &e)
}

// objectChunk is how much of a stored object is fetched at once.
const objectChunk = 1 << 20

// chunkReader reads an object at any place, remembering the chunk read last. It is for one goroutine.
type chunkReader struct {
	ctx   context.Context
	store *Assets
	key   string
	size  int64
	from  int64
	chunk []byte
}

// ReadAt implements io.ReaderAt.
func (c *chunkReader) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	for n < len(p) {
		at := off + int64(n)
		if at >= c.size {
			return n, io.EOF
		}
		if at < c.from || at >= c.from+int64(len(c.chunk)) {
			c.from = at - at%objectChunk
			var err error
			if c.chunk, err = c.store.read(c.ctx, c.key, c.from, min(objectChunk, c.size-c.from)); err != nil {
				c.chunk = nil
				return n, &storeError{err}
			}
			if at >= c.from+int64(len(c.chunk)) {
				return n, &storeError{io.ErrUnexpectedEOF}
			}
		}
		n += copy(p[n:], c.chunk[at-c.from:])
	}
	return n, nil
}
