package content

import (
	"context"
	"encoding/hex"
	"fmt"
	"iter"
	"slices"
	"strings"

	"kenshu/storage/archive"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// NamedObjects yields the objects that the files of every organisation consist of, as r sees them, ordered by key: files that are ready, pictures made of them and the files of packages; what they name
// stays for releaseAfter when it is let go of. What is still looked at may be rewritten or refused any moment, and what is imported goes at once. One organisation's is in memory at a time.
func NamedObjects(ctx context.Context, r db.Runner) iter.Seq2[archive.Named, error] {
	return func(yield func(archive.Named, error) bool) {
		type owner struct {
			tid  tenant.ID
			org  db.ID
			code string
		}
		var owners []owner
		err := db.Each(ctx, r, sqlFolders, nil, func(scan func(...any) error) error {
			var o owner
			var n int64
			err := scan(&n, &o.org, &o.code)
			o.tid = tenant.System(n, "comparison of files with rows")
			owners = append(owners, o)
			return err
		})
		for _, o := range owners {
			var named []archive.Named
			if err == nil {
				named, err = namedOf(ctx, o.tid, r, o.org, o.code)
			}
			if err != nil {
				break
			}
			for _, n := range named {
				if !yield(n, nil) {
					return
				}
			}
		}
		if err != nil {
			yield(archive.Named{}, fmt.Errorf("objects of files: %w", err))
		}
	}
}

// namedOf gives what the files of one organisation consist of.
func namedOf(ctx context.Context, tid tenant.ID, r db.Runner, org db.ID, code string) ([]archive.Named, error) {
	var named []archive.Named
	files := false
	err := db.Each(ctx, r, sqlNamedAssets, []any{tid}, func(scan func(...any) error) error {
		var n archive.Named
		var sum db.Hash
		var kind AssetKind
		var state string
		err := scan(&n.Key, &n.Size, &sum, &kind, &state)
		if sum != (db.Hash{}) {
			n.SHA256 = hex.EncodeToString(sum[:])
		}
		if n.What = code + " " + string(kind); state == AssetReady && kind != AssetPackage && kind != AssetMoodle { // the zip of a package is gone, a course backup goes when it was read
			named = append(named, n)
		}
		files = true
		return err
	})
	if err != nil || !files {
		return named, err
	}
	err = db.Each(ctx, r, sqlNamedPictures, []any{tid}, func(scan func(...any) error) error {
		n := archive.Named{What: code + " picture of a file"}
		err := scan(&n.Key, &n.Size)
		named = append(named, n)
		return err
	})
	if err != nil {
		return nil, err
	}
	err = db.Each(ctx, r, sqlNamedPackageFiles, []any{tid}, func(scan func(...any) error) error {
		n := archive.Named{What: code + " file of a package"}
		var folder db.ID
		var number int
		err := scan(&folder, &number, &n.Size)
		n.Key = packageKey(org, folder, number)
		named = append(named, n)
		return err
	})
	slices.SortFunc(named, func(a, b archive.Named) int { return strings.Compare(a.Key, b.Key) })
	return named, err
}
