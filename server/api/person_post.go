package api

import (
	"context"

	"kenshu/tenant"
)

// PostBody is a person's place in a department for a time.
type PostBody struct {
	DepartmentID string `json:"department_id" format:"uuid"`
	Name         string `json:"name" doc:"what the department is called now"`
	Path         string `json:"path" doc:"with what it belongs to now; empty when it is closed"`
	Then         string `json:"then" doc:"by path, what it was called on the last day of the post, or today while it lasts"`
	StartsOn     string `json:"starts_on"`
	EndsOn       string `json:"ends_on,omitempty" doc:"the last day; absent: open"`
	Main         bool   `json:"main" doc:"the main post; at most one at a time"`
}

// PostInput is a post to set.
type PostInput struct {
	DepartmentID string `json:"department_id" format:"uuid"`
	StartsOn     string `json:"starts_on" maxLength:"10" doc:"YYYY-MM-DD, may be in the future"`
	EndsOn       string `json:"ends_on,omitempty" maxLength:"10" doc:"YYYY-MM-DD, the last day; empty: open"`
	Main         bool   `json:"main,omitempty"`
}

// PostsBody is all posts of a person.
type PostsBody struct {
	Items   []PostBody `json:"items" doc:"the newest first"`
	Version int64      `json:"version" doc:"of the person; send it back with a change"`
}

func (a *API) postsBody(ctx context.Context, text string) (*struct{ Body PostsBody }, error) {
	id, err := readID(text)
	if err != nil {
		return nil, err
	}
	p, err := a.svc.People.Find(ctx, caller(ctx).Tenant, id)
	if err != nil {
		return nil, err
	}
	posts, err := a.svc.People.Posts(ctx, caller(ctx).Tenant, id)
	if err != nil {
		return nil, err
	}
	body := PostsBody{Items: make([]PostBody, 0, len(posts)), Version: p.Version}
	for _, one := range posts {
		body.Items = append(body.Items, PostBody{one.Department.String(), one.Name, one.Path, one.Then, one.StartsOn, string(one.EndsOn), one.Main})
	}
	return &struct{ Body PostsBody }{body}, nil
}

func (a *API) listPosts(ctx context.Context, in *PersonPath) (*struct{ Body PostsBody }, error) {
	return a.postsBody(ctx, in.ID)
}

func (a *API) setPosts(ctx context.Context, in *struct {
	PersonPath
	Body struct {
		Posts   []PostInput `json:"posts" maxItems:"500"`
		Version int64       `json:"version" minimum:"1"`
	}
}) (*struct{ Body PostsBody }, error) {
	id, err := readID(in.ID)
	if err != nil {
		return nil, err
	}
	posts := make([]tenant.PostInput, 0, len(in.Body.Posts))
	for _, p := range in.Body.Posts {
		department, err := readID(p.DepartmentID)
		if err != nil {
			return nil, err
		}
		posts = append(posts, tenant.PostInput{Department: department, StartsOn: p.StartsOn, EndsOn: p.EndsOn, Main: p.Main})
	}
	if _, err := a.svc.People.SetPosts(ctx, caller(ctx).Tenant, id, in.Body.Version, posts); err != nil {
		return nil, err
	}
	return a.postsBody(ctx, in.ID)
}
