package api

import (
	"context"
	"io"
	"time"

	"kenshu/content"
	"kenshu/storage/db"
)

// MediaFileBody is a file in the media library.
type MediaFileBody struct {
	AssetBody
	UploadedBy  string     `json:"uploaded_by" doc:"name of who uploaded it; empty: made by the system"`
	CreatedAt   time.Time  `json:"created_at"`
	Drafts      int        `json:"drafts" doc:"lessons of drafts that refer to it"`
	Versions    int        `json:"versions" doc:"lessons of published versions that refer to it"`
	Thumb       string     `json:"thumb,omitempty" doc:"short-lived address of a small picture of it"`
	UnusedSince *time.Time `json:"unused_since,omitempty" doc:"when the daily sweep found nothing that refers to it; absent while it is used, and on its first day"`
}

type listAssetsInput struct {
	PageInput
	Q    string            `query:"q" maxLength:"100" doc:"part of the name"`
	Kind content.AssetKind `query:"kind" enum:"image,video,audio,captions,pdf,package,moodle," doc:"empty: every kind"`
	Use  string            `query:"use" enum:"used,unused," doc:"empty: all files"`
	Sort string            `query:"sort" enum:"newest,largest," doc:"empty: newest first"`
}

type listAssetsOutput struct {
	Body struct {
		Items []MediaFileBody `json:"items" nullable:"false"`
		Next  string          `json:"next,omitempty"`
	}
}

func (a *API) listAssets(ctx context.Context, in *listAssetsInput) (*listAssetsOutput, error) {
	files, next, err := a.svc.Assets.List(ctx, caller(ctx).Tenant, content.MediaQuery{Q: in.Q, Kind: in.Kind, Use: in.Use, Sort: in.Sort, Page: db.Page{After: in.After, Limit: in.Limit}})
	if err != nil {
		return nil, err
	}
	ids := make([]db.ID, 0, len(files))
	for _, f := range files {
		ids = append(ids, f.ID)
	}
	thumbs, err := a.svc.Assets.Thumbs(ctx, caller(ctx).Tenant, ids...)
	if err != nil {
		return nil, err
	}
	out := &listAssetsOutput{}
	out.Body.Items, out.Body.Next = make([]MediaFileBody, 0, len(files)), next
	for _, f := range files {
		out.Body.Items = append(out.Body.Items, MediaFileBody{
			AssetBody: assetBody(f.Asset), UploadedBy: f.UploadedBy, CreatedAt: f.CreatedAt.Time, Drafts: f.Drafts, Versions: f.Versions, Thumb: thumbs[f.ID], UnusedSince: moment(f.UnusedSince),
		})
	}
	return out, nil
}

// AssetUseBody is one place where a file is used.
type AssetUseBody struct {
	CourseID    string  `json:"course_id" format:"uuid" doc:"the course"`
	CourseTitle string  `json:"course_title"`
	LessonID    *string `json:"lesson_id,omitempty" format:"uuid" doc:"the lesson of the draft; it may be deleted where a version is meant. Missing: it is the picture of the course"`
	LessonTitle string  `json:"lesson_title" doc:"of the lesson"`
	Version     int     `json:"version" doc:"number of the published version; 0 is the draft"`
	Earlier     bool    `json:"earlier" doc:"it shows the file as it was before it was replaced"`
}

type assetUsesOutput struct {
	Body struct {
		Items []AssetUseBody `json:"items" nullable:"false" doc:"drafts first"`
	}
}

func (a *API) listAssetUses(ctx context.Context, in *assetInput) (*assetUsesOutput, error) {
	uses, err := a.svc.Assets.Uses(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	out := &assetUsesOutput{}
	out.Body.Items = make([]AssetUseBody, 0, len(uses))
	for _, u := range uses {
		out.Body.Items = append(out.Body.Items, AssetUseBody{u.Course.String(), u.CourseTitle, optionalID(u.Lesson), u.LessonTitle, u.Version, u.Earlier})
	}
	return out, nil
}

// KindStorageBody is how much the files of one kind are.
type KindStorageBody struct {
	Kind  content.AssetKind `json:"kind" enum:"image,video,audio,captions,pdf,package,moodle"`
	Files int               `json:"files" doc:"how many"`
	Size  int64             `json:"size" doc:"bytes of all of them; identical files are counted each"`
}

type assetStorageOutput struct {
	Body struct {
		Kept      int64             `json:"kept" doc:"bytes; identical files are counted once"`
		Quota     int64             `json:"quota" doc:"bytes the organisation may keep"`
		Unused    int64             `json:"unused" doc:"bytes of files that nothing refers to"`
		GraceDays int               `json:"grace_days" doc:"days after which those are removed"`
		Kinds     []KindStorageBody `json:"kinds" nullable:"false" doc:"by kind of file"`
	}
}

func (a *API) getAssetStorage(ctx context.Context, _ *struct{}) (*assetStorageOutput, error) {
	found, err := a.svc.Assets.Storage(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	out := &assetStorageOutput{}
	out.Body.Kept, out.Body.Quota, out.Body.Unused, out.Body.GraceDays = found.Kept, found.Quota, found.Unused, found.Grace
	out.Body.Kinds = make([]KindStorageBody, 0, len(found.Kinds))
	for _, k := range found.Kinds {
		out.Body.Kinds = append(out.Body.Kinds, KindStorageBody(k))
	}
	return out, nil
}

type posterInput struct {
	ID db.ID `path:"id" format:"uuid"`
	fileBody
}

// setPoster takes a picture that the editor's browser has drawn.
func (a *API) setPoster(ctx context.Context, in *posterInput) (*struct{}, error) {
	file, closer, err := in.open("poster")
	if err != nil {
		return nil, err
	}
	defer closer.Close()
	data, err := io.ReadAll(file.Body)
	if err != nil {
		return nil, err
	}
	return nil, a.svc.Assets.SetPoster(ctx, caller(ctx).Tenant, in.ID, data)
}

type replaceAssetInput struct {
	ID   db.ID `path:"id" format:"uuid"`
	Body struct {
		Asset db.ID `json:"asset" format:"uuid" doc:"the file that takes its place: uploaded before, ready, and of the same kind"`
	}
}

// ChangedCourseBody is a course whose draft shows another file than before.
type ChangedCourseBody struct {
	ID        string `json:"id" format:"uuid"`
	Title     string `json:"title"`
	Published bool   `json:"published" doc:"learners see the file before until the course is published again"`
}

type replaceAssetOutput struct {
	Body struct {
		Courses []ChangedCourseBody `json:"courses" nullable:"false" doc:"whose drafts have changed"`
	}
}

func (a *API) replaceAsset(ctx context.Context, in *replaceAssetInput) (*replaceAssetOutput, error) {
	changed, err := a.svc.Assets.Replace(ctx, caller(ctx).Tenant, in.ID, in.Body.Asset)
	if err != nil {
		return nil, err
	}
	out := &replaceAssetOutput{}
	out.Body.Courses = make([]ChangedCourseBody, 0, len(changed))
	for _, c := range changed {
		out.Body.Courses = append(out.Body.Courses, ChangedCourseBody{c.ID.String(), c.Title, c.Published})
	}
	return out, nil
}
