package content

import (
	"archive/tar"
	"archive/zip"
	"bufio"
	"compress/flate"
	"compress/gzip"
	"errors"
	"io"
	"maps"
	"strings"
)

// Limits of a Moodle backup. What its directory claims is never believed: bytes are counted as they come.
const (
	maxBackup         = 4 << 30 // bytes of the file itself
	maxBackupUnpacked = 16 << 30
	maxBackupEntries  = 200_000
	maxBackupFile     = 5 << 30 // bytes of one file in it
)

// backupVisit is called for every file of a backup, in the order in which they lie there. What it does not read is passed over.
type backupVisit func(name string, size int64, r io.Reader) error

// walkBackup goes over a backup: a gzip-compressed tar, as Moodle writes it, or a zip, as older ones are. open begins the file anew, at reads it at any place.
// It refuses what is no plain collection of files: paths that lead outside, links, devices, claims that are not kept, more than the limits.
func walkBackup(open func() (io.ReadCloser, error), at io.ReaderAt, size int64, visit backupVisit) error {
	var head [4]byte
	if _, err := at.ReadAt(head[:], 0); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch {
	case strings.HasPrefix(string(head[:]), "PK\x03\x04"):
		return backupProblem(walkZip(at, size, visit))
	case head[0] == 0x1f && head[1] == 0x8b:
		body, err := open()
		if err != nil {
			return err
		}
		defer body.Close()
		source := &countedSource{r: body}
		err = walkTar(source, size, visit)
		if err != nil && source.err != nil && (!errors.Is(source.err, io.EOF) || source.n < size) {
			return &storeError{source.err}
		}
		return backupProblem(err)
	}
	return refused("moodle_not_backup")
}

// countedSource remembers how much was read and how it ended.
type countedSource struct {
	r   io.Reader
	n   int64
	err error
}

// Read implements io.Reader.
func (s *countedSource) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.n += int64(n)
	if err != nil {
		s.err = err
	}
	return n, err
}

// backupProblem turns what reading an archive met into the sentence for it.
func backupProblem(err error) error {
	var wrong *problem
	var corrupt flate.CorruptInputError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &wrong):
		if key, known := packageProblems[wrong.key]; known {
			return refused(key)
		}
		return err
	case errors.As(err, &corrupt), errors.Is(err, errLying), errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.Is(err, tar.ErrHeader),
		errors.Is(err, tar.ErrFieldTooLong), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, zip.ErrFormat):
		return refused("moodle_damaged")
	}
	return err
}

// packageProblems says of a backup what the checks of packages say of those.
var packageProblems = map[string]string{
	"package_not_zip": "moodle_damaged", "package_damaged": "moodle_damaged", "package_encrypted": "moodle_damaged", "package_method": "moodle_damaged",
	"package_link": "moodle_link", "package_name": "moodle_name", "package_bomb": "moodle_bomb", "package_many_files": "moodle_many_files", "package_unpacked_large": "moodle_large",
}

// unpackedReader counts what comes out of the compression and breaks off at the limits.
type unpackedReader struct {
	r    io.Reader
	size int64 // of the compressed file
	n    int64
}

// Read implements io.Reader.
func (u *unpackedReader) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	u.n += int64(n)
	if u.n > bombFloor && u.n/maxPackageRatio > u.size {
		return 0, refused("moodle_bomb")
	}
	if u.n > maxBackupUnpacked {
		return 0, refused("moodle_large")
	}
	return n, err
}

func walkTar(source io.Reader, size int64, visit backupVisit) error {
	z, err := gzip.NewReader(bufio.NewReaderSize(source, 256<<10))
	if err != nil {
		return err
	}
	t := tar.NewReader(&unpackedReader{r: z, size: size})
	for entries := 1; ; entries++ {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if entries > maxBackupEntries {
			return refused("moodle_many_files")
		}
		for key := range maps.Keys(h.PAXRecords) {
			if strings.HasPrefix(key, "GNU.sparse.") { // holes that count as bytes
				return refused("moodle_damaged")
			}
		}
		switch h.Typeflag {
		case tar.TypeReg:
		case tar.TypeDir, tar.TypeXGlobalHeader:
			continue
		default:
			return refused("moodle_link")
		}
		name := strings.TrimPrefix(h.Name, "./")
		if err := checkName(name); err != nil {
			return err
		}
		if h.Size > maxBackupFile {
			return refused("moodle_large")
		}
		if err := visit(name, h.Size, t); err != nil {
			return err
		}
	}
}

func walkZip(at io.ReaderAt, size int64, visit backupVisit) error {
	budget := &budgetReader{at: at, left: maxDirectoryRead}
	z, err := zip.NewReader(budget, size)
	if errors.Is(err, errBudget) {
		return refused("moodle_many_files")
	}
	if err != nil {
		return err
	}
	budget.left = -1
	p := &packageZip{at: budget}
	var entries []packageEntry
	for _, f := range z.File {
		e, keep, err := p.check(f)
		if err != nil {
			return err
		}
		if keep {
			entries = append(entries, e)
		}
	}
	if p.unpacked > bombFloor && p.unpacked/maxPackageRatio > size {
		return refused("moodle_bomb")
	}
	offsets, err := overlaps(z.File)
	if err != nil {
		return err
	}
	for _, e := range entries {
		e.offset = offsets[e.file]
		if err := visit(e.name, int64(e.file.UncompressedSize64), e.open(budget)); err != nil {
			return err
		}
	}
	return nil
}
