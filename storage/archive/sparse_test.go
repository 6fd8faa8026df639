package archive

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// hole is how many bytes a member of these tests claims to have; its file has none of them.
const hole = 256 << 20

// header is the head of a tar member as GNU tar writes it, which Go's writer does not: with every kind of member, and with what fields puts behind the fields of the old format.
func header(name string, kind byte, size int64, magic string, fields func(block []byte)) []byte {
	block := make([]byte, 512)
	copy(block, name)
	copy(block[100:], "0000600\x000000000\x000000000\x00")
	copy(block[124:], fmt.Sprintf("%011o\x00", size))
	copy(block[136:], "00000000000\x00        ") // the sum is reckoned with blanks in its place
	block[156] = kind
	copy(block[257:], magic)
	if fields != nil {
		fields(block)
	}
	sum := 0
	for _, b := range block {
		sum += int(b)
	}
	copy(block[148:], fmt.Sprintf("%06o\x00 ", sum))
	return block
}

const (
	ustar = "ustar\x0000"
	gnu   = "ustar  \x00"
)

// filled is text with zeros up to the end of its last block.
func filled(text string) []byte { return append([]byte(text), make([]byte, -len(text)&511)...) }

// file is an ordinary member.
func file(name, text string) []byte {
	return append(header(name, tar.TypeReg, int64(len(text)), ustar, nil), filled(text)...)
}

// described is a member with PAX records before it: pairs of a key and a value.
func described(name, text string, records ...string) []byte {
	var all strings.Builder
	for i := 0; i < len(records); i += 2 {
		line := fmt.Sprintf(" %s=%s\n", records[i], records[i+1])
		n := len(line) + 2 // all are from 10 to 99 bytes long
		fmt.Fprintf(&all, "%d%s", n, line)
	}
	pax := all.String()
	head := append(header("PaxHeaders/"+name, tar.TypeXHeader, int64(len(pax)), ustar, nil), filled(pax)...)
	return append(head, file(name, text)...)
}

// A member with holes, of whatever form of tar, is refused before a byte of it is read: few bytes of a file would be any number of zeros.
func TestMembersWithHolesAreRefused(t *testing.T) {
	path, _, err := newRoom(t).write()
	if err != nil {
		t.Fatal(err)
	}
	whole, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer whole.Close()
	r := tar.NewReader(whole)
	if h, err := r.Next(); err != nil || h.Name != headName {
		t.Fatal(h, err)
	}
	head, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	size := fmt.Sprint(int64(hole))
	for form, of := range map[string]func(name string) []byte{
		"old GNU": func(name string) []byte {
			return header(name, tar.TypeGNUSparse, 0, gnu, func(block []byte) {
				copy(block[386:], fmt.Sprintf("%011o\x00%011o\x00", int64(hole), 0)) // one piece of no bytes, at the end
				copy(block[483:], fmt.Sprintf("%011o\x00", int64(hole)))
			})
		},
		"PAX 0.0": func(name string) []byte {
			return described(name, "", "GNU.sparse.size", size, "GNU.sparse.numblocks", "1", "GNU.sparse.offset", size, "GNU.sparse.numbytes", "0")
		},
		"PAX 0.1": func(name string) []byte {
			return described(name, "", "GNU.sparse.size", size, "GNU.sparse.numblocks", "1", "GNU.sparse.map", size+",0", "GNU.sparse.name", name)
		},
		"PAX 1.0": func(name string) []byte {
			return described(name, string(filled("1\n"+size+"\n0\n")), "GNU.sparse.major", "1", "GNU.sparse.minor", "0", "GNU.sparse.name", name, "GNU.sparse.realsize", size)
		},
	} {
		t.Run(form, func(t *testing.T) {
			if h, err := tar.NewReader(bytes.NewReader(of("objects/a"))).Next(); err != nil || h.Name != "objects/a" || h.Size != hole {
				t.Fatalf("what was made is no member with a hole: %+v, %v", h, err)
			}
			write := func(members ...[]byte) string {
				path := filepath.Join(t.TempDir(), "holes.tar")
				if err := os.WriteFile(path, append(bytes.Join(members, nil), make([]byte, 1024)...), 0o600); err != nil {
					t.Fatal(err)
				}
				return path
			}
			refused := func(err error) {
				t.Helper()
				if !errors.Is(err, ErrAltered) || !strings.Contains(err.Error(), "has holes") && !strings.Contains(err.Error(), "is no file") {
					t.Errorf("answered %v", err)
				}
			}
			_, err := Open(write(of(headName)))
			refused(err)
			for _, name := range []string{"objects/a", manifestName, "secret"} {
				a, err := Open(write(file(headName, string(head)), of(name)))
				if err == nil {
					_, err = a.Verify(t.Context(), nil)
				}
				refused(err)
			}
		})
	}
}
