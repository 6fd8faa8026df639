package api

import (
	"context"
	"time"

	"kenshu/content"
	"kenshu/fault"
	"kenshu/storage/db"
)

// StorageUseBody is how much the installation keeps.
type StorageUseBody struct {
	CountedAt *time.Time         `json:"counted_at,omitempty" doc:"absent before the first count; then everything is empty"`
	Files     int                `json:"files" doc:"objects in the store"`
	Bytes     int64              `json:"bytes" doc:"of those, together"`
	Database  int64              `json:"database" doc:"bytes of the database; MySQL and MariaDB estimate them"`
	Kinds     []StoredKindBody   `json:"kinds" nullable:"false" doc:"largest first"`
	Quota     int64              `json:"quota" doc:"bytes each organisation may keep"`
	Largest   []StorageOwnerBody `json:"largest" nullable:"false" doc:"the organisations that keep the most, at most 20"`
	Days      []StorageDayBody   `json:"days" nullable:"false" doc:"of the last eight weeks, in order; a day without a count is left out"`
}

// StoredKindBody counts objects of a kind.
type StoredKindBody struct {
	Kind  string `json:"kind" enum:"image,video,audio,captions,pdf,package,moodle,picture,upload,list,deletion" doc:"upload: announced and still on its way; list: files of people and passwords; deletion: the deletion journal"`
	Files int    `json:"files" doc:"how many objects"`
	Bytes int64  `json:"bytes" doc:"of those, together"`
}

// StorageOwnerBody is an organisation and what it keeps.
type StorageOwnerBody struct {
	ID    db.ID  `json:"id" format:"uuid"`
	Code  string `json:"code"`
	Name  string `json:"name"`
	Bytes int64  `json:"bytes" doc:"what counts against the quota"`
}

// StorageDayBody is what the installation kept on a day.
type StorageDayBody struct {
	Day      string `json:"day" format:"date"`
	Bytes    int64  `json:"bytes" doc:"of all files"`
	Database int64  `json:"database" doc:"bytes of the database"`
}

type storageUseOutput struct{ Body StorageUseBody }

func (a *API) getStorageUse(ctx context.Context, _ *struct{}) (*storageUseOutput, error) {
	s, err := a.svc.StorageUse.Figures(ctx)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	return &storageUseOutput{storageUseBody(s)}, nil
}

func storageUseBody(s content.StorageFigures) StorageUseBody {
	b := StorageUseBody{
		CountedAt: timeOrNil(s.CountedAt), Files: s.Files, Bytes: s.Bytes, Database: s.Database, Quota: s.Quota,
		Kinds: []StoredKindBody{}, Largest: []StorageOwnerBody{}, Days: []StorageDayBody{},
	}
	for _, k := range s.Kinds {
		b.Kinds = append(b.Kinds, StoredKindBody(k))
	}
	for _, o := range s.Largest {
		b.Largest = append(b.Largest, StorageOwnerBody{ID: o.ID, Code: o.Code, Name: o.Name, Bytes: o.Bytes})
	}
	for _, d := range s.Days {
		b.Days = append(b.Days, StorageDayBody{Day: d.Day, Bytes: d.Bytes, Database: d.Database})
	}
	return b
}
