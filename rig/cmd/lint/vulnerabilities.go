package main

import (
	"archive/tar"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"kenshu/rig/servers"
)

// Copies of the vulnerability databases beside the project, for machines that cannot ask the public ones; without them those are asked.
const (
	goDatabase   = "../shared/vulndb/go-vulndb.tgz"
	pageDatabase = "../shared/vulndb/jsrepository-v5.json"
)

func goVulnerabilities(ctx context.Context) error {
	tool, err := servers.GoTool(ctx, govulncheck)
	if err != nil {
		return err
	}
	var args []string
	if _, err := os.Stat(goDatabase); err == nil {
		dir, err := os.MkdirTemp("", "kenshu-vulndb-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		if err := unpack(goDatabase, dir); err != nil {
			return fmt.Errorf("%s: %w", goDatabase, err)
		}
		// The archive holds one folder with the database.
		index, err := filepath.Glob(filepath.Join(dir, "*", "index"))
		if err != nil || len(index) != 1 {
			return fmt.Errorf("%s holds %d databases", goDatabase, len(index))
		}
		args = append(args, "-db", "file://"+filepath.Dir(index[0]))
	}
	return show(ctx, ".", tool, append(args, "./...")...)
}

// pageVulnerabilities looks at the packages that end in the page and at the built page itself.
func pageVulnerabilities(ctx context.Context) error {
	args := []string{"--no-install", "retire", "--path", ".", "--severity", "low", "--exitwith", "13", "--ignore", "node_modules/.vite,node_modules/.cache"}
	if full, err := filepath.Abs(pageDatabase); err == nil {
		if _, err := os.Stat(full); err == nil {
			args = append(args, "--jsrepo", full)
		}
	}
	return show(ctx, "frontend", "npx", args...)
}

func unpack(archive, dir string) error {
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		return err
	}
	root, err := os.OpenRoot(dir) // an archive cannot write outside
	if err != nil {
		return err
	}
	defer root.Close()
	for r := tar.NewReader(z); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := extract(root, h, r); err != nil {
			return err
		}
	}
}

func extract(root *os.Root, h *tar.Header, r io.Reader) error {
	if h.Typeflag == tar.TypeDir {
		return root.MkdirAll(filepath.Clean(h.Name), 0o700)
	}
	if h.Typeflag != tar.TypeReg {
		return nil
	}
	if err := root.MkdirAll(filepath.Dir(h.Name), 0o700); err != nil {
		return err
	}
	out, err := root.Create(h.Name)
	if err != nil {
		return err
	}
	defer out.Close()
	_, err = io.Copy(out, r)
	return err
}
