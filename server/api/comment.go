package api

import (
	"context"
	"time"

	"kenshu/content"
	"kenshu/storage/db"
)

// ThreadBody is a comment about a lesson of a draft with its answers.
type ThreadBody struct {
	Quote      string        `json:"quote" doc:"words of the lesson that it is about; empty: the lesson as a whole"`
	ResolvedBy string        `json:"resolved_by" doc:"name of who called it settled; empty while it is open"`
	ResolvedAt *time.Time    `json:"resolved_at,omitempty" doc:"missing: open"`
	Comments   []CommentBody `json:"comments" nullable:"false" doc:"oldest first"`
}

// CommentBody is what an editor said.
type CommentBody struct {
	ID        string    `json:"id" format:"uuid"`
	Text      string    `json:"text" doc:"empty when it was deleted"`
	Name      string    `json:"name" doc:"who said it"`
	Own       bool      `json:"own" doc:"the caller said it and may delete it"`
	Deleted   bool      `json:"deleted" doc:"its words were taken back; that it was said stays"`
	CreatedAt time.Time `json:"created_at"`
}

type threadsOutput struct {
	Body struct {
		Items []ThreadBody `json:"items" nullable:"false" doc:"oldest first"`
	}
}

func (a *API) threads(ctx context.Context, lesson db.ID) (*threadsOutput, error) {
	list, err := a.svc.Courses.Threads(ctx, caller(ctx).Tenant, lesson)
	if err != nil {
		return nil, err
	}
	out := &threadsOutput{}
	out.Body.Items = make([]ThreadBody, 0, len(list))
	for _, t := range list {
		body := ThreadBody{Quote: t.Quote, ResolvedBy: t.ResolvedBy, ResolvedAt: optionalTime(t.ResolvedAt), Comments: make([]CommentBody, 0, len(t.Comments))}
		for _, c := range t.Comments {
			body.Comments = append(body.Comments, CommentBody{c.ID.String(), c.Text, c.Name, c.Author == caller(ctx).Person && !c.Deleted, c.Deleted, c.CreatedAt.Time})
		}
		out.Body.Items = append(out.Body.Items, body)
	}
	return out, nil
}

func (a *API) listComments(ctx context.Context, in *lessonInput) (*threadsOutput, error) {
	return a.threads(ctx, in.ID)
}

type addCommentInput struct {
	ID db.ID `path:"id" format:"uuid"`
	Repeatable
	Body struct {
		Thread db.ID  `json:"thread,omitzero" required:"false" format:"uuid" doc:"a comment of the thread that is answered; without it a new thread"`
		Quote  string `json:"quote,omitempty" maxLength:"1000" doc:"words of the lesson that it is about, kept to 200 characters"`
		Text   string `json:"text" maxLength:"2000" doc:"what is said"`
	}
}

func (a *API) addComment(ctx context.Context, in *addCommentInput) (*threadsOutput, error) {
	comment := content.CommentInput{Thread: in.Body.Thread, Quote: in.Body.Quote, Text: in.Body.Text}
	if err := a.svc.Courses.AddComment(ctx, caller(ctx).Tenant, in.ID, in.newID(ctx, "comment"), comment); err != nil {
		return nil, err
	}
	return a.threads(ctx, in.ID)
}

type resolveThreadInput struct {
	ID   db.ID `path:"id" format:"uuid"`
	Body struct {
		Resolved bool `json:"resolved" doc:"whether it is settled"`
	}
}

func (a *API) resolveThread(ctx context.Context, in *resolveThreadInput) (*struct{}, error) {
	return nil, a.svc.Courses.ResolveThread(ctx, caller(ctx).Tenant, in.ID, in.Body.Resolved)
}

type commentInput struct {
	ID db.ID `path:"id" format:"uuid"`
}

func (a *API) deleteComment(ctx context.Context, in *commentInput) (*struct{}, error) {
	return nil, a.svc.Courses.DeleteComment(ctx, caller(ctx).Tenant, in.ID)
}
