package content

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"io"
	"time"

	"kenshu/fault"
	"kenshu/storage/db"
	"kenshu/tenant"
)

// packageLife is how long an opened package can fetch its files: as for a video, pauses included.
const packageLife = 8 * time.Hour

// Packages opens unpacked packages on the content origin. Who may open one is decided before a ticket is made; after that the ticket alone decides, because the
// content origin knows no session.
type Packages struct {
	assets *Assets
	key    []byte
	clock  func() time.Time
}

// NewPackages makes the service. key signs the tickets.
func NewPackages(assets *Assets, key []byte, clock func() time.Time) *Packages {
	return &Packages{assets: assets, key: key, clock: clock}
}

// PackageTicket says who opened which package.
type PackageTicket struct {
	Tenant  int64 // of the person
	Person  db.ID
	Launch  db.ID // where reports belong; zero for a preview, of which nothing is recorded
	Expires time.Time

	owner int64
	sum   db.Hash
}

const ticketSize = 8 + 16 + 16 + 8 + 8 + 32

// Issue makes a ticket for the package behind asset of owner (a tenant number as in CourseVersion.Tenant) and tells what is in it. The caller has checked that the
// person may see it; owner must be tid itself or the association, else it is fault.NotFound.
func (s *Packages) Issue(ctx context.Context, tid tenant.ID, owner int64, asset, person, launch db.ID) (string, Package, error) {
	if err := s.assets.mayRead(ctx, tid, owner); err != nil {
		return "", Package{}, err
	}
	found, err := selectAssets(ctx, s.assets.db, " WHERE tenant_id = ? AND id = ?", owner, asset)
	if err != nil {
		return "", Package{}, err
	}
	if len(found) == 0 || found[0].Kind != AssetPackage || found[0].State != AssetReady {
		return "", Package{}, fault.New(fault.NotFound, "not_found")
	}
	p, err := findPackage(ctx, s.assets.db, owner, found[0].SHA256)
	if err != nil {
		return "", Package{}, err
	}
	return s.sign(PackageTicket{Tenant: tid.Number(), Person: person, Launch: launch, Expires: s.clock().Add(packageLife), owner: owner, sum: p.sha256}), p, nil
}

// Preview makes a ticket for the package that a draft of tid means by asset: where it was replaced, the new one. Nothing it reports is recorded. It returns fault.NotFound
// when there is none or it is not unpacked (yet).
func (s *Packages) Preview(ctx context.Context, tid tenant.ID, asset, person db.ID) (string, Package, error) {
	a, err := s.ofDraft(ctx, tid, asset)
	if err != nil {
		return "", Package{}, err
	}
	return s.Issue(ctx, tid, tid.Number(), a.ID, person, db.ID{})
}

// ofDraft gives the file that a draft means by asset.
func (s *Packages) ofDraft(ctx context.Context, tid tenant.ID, asset db.ID) (Asset, error) {
	a, err := findAsset(ctx, s.assets.db, tid, asset)
	if err != nil || a.SupersededBy.IsZero() {
		return a, err
	}
	return findAsset(ctx, s.assets.db, tid, a.SupersededBy)
}

// Find gives what was found in the package that a draft of tid means by asset: where it was replaced, in the new one. It returns fault.NotFound when there is none or it
// is not unpacked (yet).
func (s *Packages) Find(ctx context.Context, tid tenant.ID, asset db.ID) (Package, error) {
	a, err := s.ofDraft(ctx, tid, asset)
	if err != nil {
		return Package{}, err
	}
	if a.Kind != AssetPackage || a.State != AssetReady {
		return Package{}, fault.New(fault.NotFound, "not_found")
	}
	return findPackage(ctx, s.assets.db, tid.Number(), a.SHA256)
}

func (s *Packages) sign(t PackageTicket) string {
	b := make([]byte, 0, ticketSize+sha256.Size)
	b = binary.BigEndian.AppendUint64(b, uint64(t.Tenant))
	b = append(append(b, t.Person[:]...), t.Launch[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(t.Expires.UnixMilli()))
	b = binary.BigEndian.AppendUint64(b, uint64(t.owner))
	b = append(b, t.sum[:]...)
	return base64.RawURLEncoding.EncodeToString(append(b, s.mac(b)...))
}

func (s *Packages) mac(b []byte) []byte {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte("package ticket\x00"))
	mac.Write(b)
	return mac.Sum(nil)
}

// Read checks a ticket; a forged or expired one is fault.NotFound like a package that never was.
func (s *Packages) Read(token string) (PackageTicket, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(token)
	if err != nil || len(token) != base64.RawURLEncoding.EncodedLen(len(b)) || len(b) != ticketSize+sha256.Size || !hmac.Equal(s.mac(b[:ticketSize]), b[ticketSize:]) {
		return PackageTicket{}, fault.New(fault.NotFound, "not_found")
	}
	var t PackageTicket
	t.Tenant = int64(binary.BigEndian.Uint64(b))
	copy(t.Person[:], b[8:])
	copy(t.Launch[:], b[24:])
	t.Expires = time.UnixMilli(int64(binary.BigEndian.Uint64(b[40:])))
	t.owner = int64(binary.BigEndian.Uint64(b[48:]))
	copy(t.sum[:], b[56:])
	if s.clock().After(t.Expires) {
		return PackageTicket{}, fault.New(fault.NotFound, "not_found")
	}
	return t, nil
}

// PackageFile is one file of a package.
type PackageFile struct {
	MediaType string // ours, by the name's ending
	Size      int64
	ETag      string
	Content   io.ReadSeekCloser
}

// Open gives a file of the ticket's package by its path; letters may differ in case. fault.NotFound for anything else.
func (s *Packages) Open(ctx context.Context, t PackageTicket, name string) (PackageFile, error) {
	if len(name) > 4*maxPackageName {
		return PackageFile{}, fault.New(fault.NotFound, "not_found")
	}
	var folder, org db.ID
	var number int
	f := PackageFile{}
	err := db.One(s.assets.db.QueryRow(ctx, sqlFindPackageFile, t.owner, t.sum, nameKey(name)).Scan(&folder, &number, &f.Size, &f.MediaType))
	if err == nil {
		err = db.One(s.assets.db.QueryRow(ctx, sqlOrganisationPublicID, t.owner).Scan(&org))
	}
	if err != nil {
		return PackageFile{}, err
	}
	key := packageKey(org, folder, number)
	f.ETag = `"` + base64.RawURLEncoding.EncodeToString(s.mac([]byte(key))[:12]) + `"`
	f.Content = &objectSeeker{ctx: ctx, store: s.assets, key: key, size: f.Size}
	return f, nil
}

// objectSeeker reads an object from wherever it was told to, one request a stretch.
type objectSeeker struct {
	ctx   context.Context
	store *Assets
	key   string
	size  int64
	at    int64
	body  io.ReadCloser
}

// Seek implements io.Seeker.
func (o *objectSeeker) Seek(offset int64, whence int) (int64, error) {
	switch whence {
	case io.SeekCurrent:
		offset += o.at
	case io.SeekEnd:
		offset += o.size
	}
	if offset < 0 {
		return 0, fault.New(fault.Invalid, "file_range")
	}
	if offset != o.at {
		_ = o.Close()
		o.at = offset
	}
	return offset, nil
}

// Read implements io.Reader.
func (o *objectSeeker) Read(p []byte) (int, error) {
	if o.at >= o.size {
		return 0, io.EOF
	}
	if o.body == nil {
		body, _, err := o.store.store.Open(o.ctx, o.key, o.at, -1)
		if err != nil {
			return 0, err
		}
		o.body = body
	}
	n, err := o.body.Read(p)
	o.at += int64(n)
	return n, err
}

// Close implements io.Closer.
func (o *objectSeeker) Close() error {
	if o.body == nil {
		return nil
	}
	err := o.body.Close()
	o.body = nil
	return err
}
