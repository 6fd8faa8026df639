package api

import (
	"context"
	"encoding/hex"
	"time"

	"kenshu/content"
	"kenshu/storage/db"
)

// AssetBody is an uploaded file.
type AssetBody struct {
	ID         string            `json:"id" format:"uuid"`
	Kind       content.AssetKind `json:"kind" enum:"image,video,audio,captions,pdf,package,moodle"`
	FileName   string            `json:"file_name"`
	MediaType  string            `json:"media_type" doc:"found from the bytes; empty until they are there"`
	Size       int64             `json:"size"`
	SHA256     string            `json:"sha256,omitempty"`
	State      string            `json:"state" enum:"uploading,processing,ready,refused"`
	Problem    string            `json:"problem,omitempty" doc:"why it was refused: error.<problem> in the page's locales"`
	DurationMS int64             `json:"duration_ms"`
	Width      int               `json:"width"`
	Height     int               `json:"height"`
	Pages      int               `json:"pages"`
	Done       int64             `json:"done" doc:"bytes looked at while processing"`
	Stuck      bool              `json:"stuck,omitempty" doc:"looking at it was given up after several tries; it can be begun again"`
}

func assetBody(a content.Asset) AssetBody {
	b := AssetBody{
		ID: a.ID.String(), Kind: a.Kind, FileName: a.FileName, MediaType: a.MediaType, Size: a.Size, State: a.State, Problem: a.Problem,
		DurationMS: a.DurationMS, Width: a.Width, Height: a.Height, Pages: a.Pages, Done: a.Done, Stuck: a.Stuck,
	}
	if a.SHA256 != (db.Hash{}) {
		b.SHA256 = hex.EncodeToString(a.SHA256[:])
	}
	return b
}

// UploadBody is a file on its way.
type UploadBody struct {
	ID        string         `json:"id" format:"uuid"`
	Asset     AssetBody      `json:"asset"`
	PartSize  int64          `json:"part_size" doc:"bytes of every part but the last"`
	PartCount int            `json:"part_count"`
	State     string         `json:"state" enum:"open,done"`
	Received  []ReceivedPart `json:"received" nullable:"false" doc:"parts the store holds whole"`
	ExpiresAt time.Time      `json:"expires_at" doc:"an upload that is not finished by then is dropped"`
}

// ReceivedPart is a part that has arrived.
type ReceivedPart struct {
	Number int   `json:"number"`
	Size   int64 `json:"size"`
}

type uploadOutput struct{ Body UploadBody }

func uploadAnswer(u content.Upload, err error) (*uploadOutput, error) {
	if err != nil {
		return nil, err
	}
	b := UploadBody{
		ID: u.ID.String(), Asset: assetBody(u.Asset), PartSize: u.PartSize, PartCount: u.Parts(), State: u.State, ExpiresAt: u.ExpiresAt.Time,
		Received: make([]ReceivedPart, 0, len(u.Received)),
	}
	for _, p := range u.Received {
		b.Received = append(b.Received, ReceivedPart{p.Number, p.Size})
	}
	return &uploadOutput{b}, nil
}

type createAssetInput struct {
	Repeatable
	Body struct {
		Kind     content.AssetKind `json:"kind" enum:"image,video,audio,captions,pdf,package,moodle"`
		FileName string            `json:"file_name" minLength:"1" maxLength:"255"`
		Size     int64             `json:"size" minimum:"1" doc:"bytes; at most 5 GiB (video), 500 MiB (audio), 4 GiB (moodle: a course backup), 2 GiB (package), 300 MiB (PDF), 25 MiB (picture), 2 MiB (captions)"`
	}
}

func (a *API) createAsset(ctx context.Context, in *createAssetInput) (*uploadOutput, error) {
	return uploadAnswer(a.svc.Assets.Begin(ctx, caller(ctx).Tenant, in.newID(ctx, "asset"), content.NewFile{Kind: in.Body.Kind, FileName: in.Body.FileName, Size: in.Body.Size}))
}

type assetInput struct {
	ID db.ID `path:"id" format:"uuid"`
}

type assetOutput struct{ Body AssetBody }

func assetAnswer(a content.Asset, err error) (*assetOutput, error) {
	if err != nil {
		return nil, err
	}
	return &assetOutput{assetBody(a)}, nil
}

func (a *API) getAsset(ctx context.Context, in *assetInput) (*assetOutput, error) {
	return assetAnswer(a.svc.Assets.FindDraft(ctx, caller(ctx).Tenant, in.ID))
}

func (a *API) retryAsset(ctx context.Context, in *assetInput) (*assetOutput, error) {
	return assetAnswer(a.svc.Assets.Retry(ctx, caller(ctx).Tenant, in.ID))
}

func (a *API) deleteAsset(ctx context.Context, in *assetInput) (*struct{}, error) {
	return nil, a.svc.Assets.Delete(ctx, caller(ctx).Tenant, in.ID)
}

// LinkBody is where a browser fetches a file.
type LinkBody struct {
	URL       string     `json:"url" format:"uri"`
	MediaType string     `json:"media_type"`
	FileName  string     `json:"file_name"`
	Width     int        `json:"width"`
	Height    int        `json:"height"`
	Expires   time.Time  `json:"expires"`
	Sizes     []FileSize `json:"sizes" nullable:"false" doc:"the same picture smaller, narrowest first"`
	Poster    string     `json:"poster,omitempty" doc:"picture of a video or PDF"`
}

func fileLink(l content.Link) LinkBody {
	return LinkBody{l.URL, l.MediaType, l.FileName, l.Width, l.Height, l.Expires, fileSizes(l.Sizes), l.Poster}
}

// FileSize is a picture of another width.
type FileSize struct {
	URL   string `json:"url" format:"uri"`
	Width int    `json:"width"`
}

func fileSizes(sizes []content.LinkSize) []FileSize {
	out := make([]FileSize, 0, len(sizes))
	for _, one := range sizes {
		out = append(out, FileSize(one))
	}
	return out
}

func linkBodies(links map[db.ID]content.Link) map[string]LinkBody {
	out := make(map[string]LinkBody, len(links))
	for id, l := range links {
		out[id.String()] = fileLink(l)
	}
	return out
}

type assetLinksInput struct {
	Body struct {
		Assets []db.ID `json:"assets" nullable:"false" maxItems:"300"`
	}
}

type assetLinksOutput struct {
	Body struct {
		Links map[string]LinkBody `json:"links" nullable:"false" doc:"by file id; a file that is not ready or not the organisation's has none"`
	}
}

func (a *API) linkAssets(ctx context.Context, in *assetLinksInput) (*assetLinksOutput, error) {
	tid := caller(ctx).Tenant
	links, err := a.svc.Assets.DraftLinks(ctx, tid, in.Body.Assets...)
	if err != nil {
		return nil, err
	}
	out := &assetLinksOutput{}
	out.Body.Links = linkBodies(links)
	return out, nil
}

type uploadInput struct {
	ID db.ID `path:"id" format:"uuid"`
}

func (a *API) getUpload(ctx context.Context, in *uploadInput) (*uploadOutput, error) {
	return uploadAnswer(a.svc.Assets.FindUpload(ctx, caller(ctx).Tenant, in.ID))
}

type uploadPartsInput struct {
	ID   db.ID `path:"id" format:"uuid"`
	Body struct {
		Numbers []int `json:"numbers" nullable:"false" minItems:"1" maxItems:"100"`
	}
}

// PartBody is where one part is PUT.
type PartBody struct {
	Number int    `json:"number"`
	Size   int64  `json:"size" doc:"exactly so many bytes"`
	URL    string `json:"url" format:"uri"`
}

type uploadPartsOutput struct {
	Body struct {
		Items []PartBody `json:"items" nullable:"false"`
	}
}

func (a *API) linkParts(ctx context.Context, in *uploadPartsInput) (*uploadPartsOutput, error) {
	links, err := a.svc.Assets.PartLinks(ctx, caller(ctx).Tenant, in.ID, in.Body.Numbers)
	if err != nil {
		return nil, err
	}
	out := &uploadPartsOutput{}
	out.Body.Items = make([]PartBody, 0, len(links))
	for _, l := range links {
		out.Body.Items = append(out.Body.Items, PartBody{l.Number, l.Size, l.URL})
	}
	return out, nil
}

func (a *API) completeUpload(ctx context.Context, in *uploadInput) (*assetOutput, error) {
	return assetAnswer(a.svc.Assets.Complete(ctx, caller(ctx).Tenant, in.ID))
}
