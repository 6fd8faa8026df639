package content

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"path"
	"slices"

	"kenshu/fault"
	"kenshu/storage/blob"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// lookAtImage measures a picture, takes everything but its pixels away, and makes its smaller sizes.
func (s *Assets) lookAtImage(ctx context.Context, tid tenant.ID, whole []byte) (facts, error) {
	f, err := probeImage(whole)
	if err != nil {
		return facts{}, err
	}
	clean, turn, err := cleanImage(f.mediaType, whole)
	if err != nil {
		return facts{}, err
	}
	if turn >= 5 {
		f.width, f.height = f.height, f.width
	}
	f.rewritten = clean
	f.pictures, err = s.draw(ctx, tid, 0, func() ([]made, error) { return smaller(f.mediaType, clean, turn) })
	return f, err
}

// draw waits for its turn: one picture at a time is in memory, however many arrive, and no organisation keeps the others waiting. Of tid at most most wait (0: no limit).
func (s *Assets) draw(ctx context.Context, tid tenant.ID, most int, pictures func() ([]made, error)) ([]made, error) {
	done, err := s.drawing.Take(ctx, tid, most)
	if err != nil {
		return nil, err
	}
	defer done()
	return pictures()
}

// pictureKey is where a picture made of a file lies: beside it, under the key it was uploaded to.
func pictureKey(a Asset, name string) string { return a.key + "-" + name }

func (s *Assets) putPictures(ctx context.Context, a Asset, pictures []made) error {
	for _, p := range pictures {
		if _, err := s.store.Put(ctx, pictureKey(a, p.name), bytes.NewReader(p.data), int64(len(p.data)), p.mediaType); err != nil {
			return fmt.Errorf("keep picture: %w", err)
		}
	}
	return nil
}

func recordPictures(ctx context.Context, tx *db.Tx, tid tenant.ID, a Asset, pictures []made) error {
	rows := make([][]any, 0, len(pictures))
	for _, p := range pictures {
		rows = append(rows, []any{tid, a.ID, p.name, p.mediaType, p.width, p.height, len(p.data), pictureKey(a, p.name)})
	}
	return tx.UpsertMany(ctx, sqlInsertPicture, rowInsertPicture, "tenant_id, asset_id, name", "media_type, width, height, size, object_key", rows)
}

func pictureKeys(ctx context.Context, tx *db.Tx, tid tenant.ID, asset db.ID) (removal, error) {
	var gone removal
	err := db.Each(ctx, tx, sqlPictureKeys, []any{tid, asset}, func(scan func(...any) error) error {
		var key string
		var size int64
		err := scan(&key, &size)
		gone.Keys, gone.size = append(gone.Keys, key), gone.size+size
		return err
	})
	return gone, err
}

// pictureRow is one row of asset_picture.
type pictureRow struct {
	asset     db.ID
	name      string
	mediaType string
	width     int
	key       string
}

// addPictures signs the pictures made of files beside the files themselves.
func (s *Assets) addPictures(ctx context.Context, owner int64, assets []Asset, links map[db.ID]Link) error {
	byID, pictured := map[db.ID]Asset{}, []any{}
	for _, a := range assets {
		if byID[a.ID] = a; a.Kind == AssetImage || a.Kind == AssetVideo || a.Kind == AssetPDF {
			pictured = append(pictured, a.ID)
		}
	}
	if len(pictured) == 0 {
		return nil
	}
	pictures, err := s.pictures(ctx, owner, pictured)
	if err != nil {
		return err
	}
	for _, p := range pictures {
		url, err := s.store.ReadURL(ctx, p.key, blob.ReadOptions{ContentType: p.mediaType, Inline: true, Expires: linkLife})
		if err != nil {
			return fmt.Errorf("link to picture: %w", err)
		}
		link := links[p.asset]
		switch {
		case p.name == posterName:
			link.Poster = url
		case byID[p.asset].Kind == AssetImage && byID[p.asset].MediaType != "image/gif": // a small one would not move
			link.Sizes = append(link.Sizes, LinkSize{url, p.width})
		}
		if p.name == thumbName {
			link.Thumb = url
		}
		links[p.asset] = link
	}
	for id, link := range links {
		slices.SortFunc(link.Sizes, func(a, b LinkSize) int { return a.Width - b.Width })
		links[id] = link
	}
	return nil
}

func (s *Assets) pictures(ctx context.Context, owner int64, assets []any) ([]pictureRow, error) {
	some := db.Also("asset_id", assets)
	out, err := db.List(ctx, s.db, sqlPictures+some.More(), append([]any{owner}, some.Args()...), func(row db.Row) (pictureRow, error) {
		var p pictureRow
		err := row.Scan(&p.asset, &p.name, &p.mediaType, &p.width, &p.key)
		return p, err
	})
	if err != nil {
		return nil, fmt.Errorf("read pictures: %w", err)
	}
	return out, nil
}

// maxPostersAsked is how many posters of one organisation may wait to be drawn.
const maxPostersAsked = 20

// MaxPoster is how large a poster may be that an editor's browser has drawn, in bytes.
const MaxPoster = 8 << 20

// SetPoster keeps a picture of a video or a PDF, drawn in the editor's browser, which has what it takes to play the one and to draw the other. Only its
// pixels are kept: it is decoded and written anew, at most 1280 pixels wide. fault.Invalid when it is no PNG or JPEG, or the file is of another kind,
// fault.Limited when too many of the organisation's wait, fault.Conflict "file_quota" when more than the quota was let go of within two days.
func (s *Assets) SetPoster(ctx context.Context, tid tenant.ID, id db.ID, data []byte) error {
	a, err := findAsset(ctx, s.db, tid, id)
	if err != nil {
		return err
	}
	if a.Kind != AssetVideo && a.Kind != AssetPDF || a.State != AssetReady {
		return fault.New(fault.Invalid, "file_unusable")
	}
	letGo, err := s.letGo(ctx, s.db, tid)
	if err != nil {
		return fmt.Errorf("set poster: %w", err)
	}
	if letGo > 0 {
		return fault.New(fault.Conflict, "file_quota", "max", s.limits.Quota)
	}
	pictures, err := s.draw(ctx, tid, maxPostersAsked, func() ([]made, error) { return posters(data) })
	var wrong *problem
	if errors.As(err, &wrong) {
		return fault.New(fault.Invalid, wrong.key)
	}
	if err != nil {
		return fmt.Errorf("set poster: %w", err)
	}
	a.key = path.Dir(a.key) + "/" + db.NewID().String() // its own bytes may be shared, its poster is not
	if err := s.putPictures(ctx, a, pictures); err != nil {
		return fmt.Errorf("set poster: %w", err)
	}
	err = s.db.Tx(ctx, func(tx *db.Tx) error { return s.recordPoster(ctx, tx, tid, a, pictures) })
	if err != nil {
		return fmt.Errorf("set poster: %w", err)
	}
	return nil
}

// recordPoster puts the new poster in the place of the one before, whose bytes go; those of the new one go when the file was removed meanwhile.
func (s *Assets) recordPoster(ctx context.Context, tx *db.Tx, tid tenant.ID, a Asset, pictures []made) error {
	found, err := selectAssets(ctx, tx.Locking(), " WHERE tenant_id = ? AND id = ?", tid, a.ID)
	if err != nil {
		return err
	}
	gone := removal{}
	if len(found) == 0 {
		for _, p := range pictures {
			gone.Keys = append(gone.Keys, pictureKey(a, p.name))
		}
		return s.discard(ctx, tx, tid, gone)
	}
	if gone, err = pictureKeys(ctx, tx, tid, a.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, sqlDeletePictures, tid, a.ID); err != nil {
		return err
	}
	if err := recordPictures(ctx, tx, tid, a, pictures); err != nil {
		return err
	}
	if err := s.release(ctx, tx, tid, gone); err != nil {
		return err
	}
	return s.audit.Append(ctx, tid, tx, tenant.Change{Action: "asset.poster", SubjectKind: "asset", Subject: a.ID, Detail: map[string]any{"kind": string(a.Kind)}})
}

// posterWidth is how wide a poster is at most: as wide as players are.
const posterWidth = 1280

// posters decodes a picture and makes a poster of it, and a small one for lists.
func posters(data []byte) ([]made, error) {
	mediaType, err := sniffImage(data)
	if err != nil {
		return nil, err
	}
	f, err := probeImage(data)
	if err != nil {
		return nil, err
	}
	if mediaType != "image/png" && mediaType != "image/jpeg" {
		return nil, refused("file_not_image")
	}
	clean, _, err := cleanImage(mediaType, data)
	if err != nil {
		return nil, err
	}
	if drawCost(mediaType, clean) > maxDrawBytes {
		return nil, refused("file_not_image")
	}
	src, _, err := image.Decode(bytes.NewReader(clean))
	if err != nil {
		return nil, refused("image_damaged")
	}
	var out []made
	for name, width := range map[string]int{posterName: posterWidth, thumbName: widths[len(widths)-1]} {
		readable, ok := src.(image.RGBA64Image)
		if !ok {
			return nil, refused("file_not_image")
		}
		width = min(width, f.width)
		small, opaque := shrink(readable, 1, width, max(1, (f.height*width+f.width/2)/f.width))
		p, err := encode(small, opaque, name)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, nil
}

// Thumbs signs the smallest pictures of tid's files, for lists; files without one are left out.
func (s *Assets) Thumbs(ctx context.Context, tid tenant.ID, ids ...db.ID) (map[db.ID]string, error) {
	out := map[db.ID]string{}
	if len(ids) == 0 {
		return out, nil
	}
	found, err := s.pictures(ctx, tid.Number(), db.Args(ids))
	if err != nil {
		return nil, err
	}
	for _, p := range found {
		if p.name != thumbName {
			continue
		}
		if out[p.asset], err = s.store.ReadURL(ctx, p.key, blob.ReadOptions{ContentType: p.mediaType, Inline: true, Expires: linkLife}); err != nil {
			return nil, fmt.Errorf("link to picture: %w", err)
		}
	}
	return out, nil
}
