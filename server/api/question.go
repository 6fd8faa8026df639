package api

import (
	"context"
	"time"

	"kenshu/content"
	"kenshu/storage/db"
)

// QuestionBody is a question of the bank.
type QuestionBody struct {
	ID        string    `json:"id" format:"uuid"`
	State     string    `json:"state" enum:"active,retired" doc:"a retired question is drawn no more; what was asked stays as it was"`
	Number    int       `json:"number" doc:"of the version that is asked now, from 1"`
	Version   int64     `json:"version" doc:"send it back as base_version when changing the question"`
	UpdatedAt time.Time `json:"updated_at"`
	UpdatedBy string    `json:"updated_by" doc:"name of who changed it last"`
	QuestionFields
	Uses []QuestionUseBody `json:"uses,omitempty" nullable:"false" doc:"lessons being made that may ask it; only of one question"`
}

// QuestionFields is what an editor sets of a question.
type QuestionFields struct {
	Category   string           `json:"category" maxLength:"300" doc:"path, its parts separated by /"`
	Tags       []string         `json:"tags" nullable:"false" maxItems:"10" doc:"words to find and draw it by"`
	Difficulty int              `json:"difficulty" minimum:"0" maximum:"3" doc:"1 easy, 2 medium, 3 hard, 0 unknown"`
	Question   content.Question `json:"question" doc:"what is asked and what is right; its id is that of the version and not read"`
}

func (f QuestionFields) input() content.QuestionInput {
	return content.QuestionInput{Category: f.Category, Tags: f.Tags, Difficulty: f.Difficulty, Question: f.Question}
}

// QuestionUseBody is a lesson of a draft that may ask a question.
type QuestionUseBody struct {
	Course      string `json:"course" format:"uuid"`
	CourseTitle string `json:"course_title"`
	Lesson      string `json:"lesson" format:"uuid"`
	LessonTitle string `json:"lesson_title" doc:"of the lesson"`
}

// QuestionVersionBody is what a question asked at one time.
type QuestionVersionBody struct {
	Number    int              `json:"number"`
	Question  content.Question `json:"question"`
	CreatedBy string           `json:"created_by"`
	CreatedAt time.Time        `json:"created_at"`
}

// FacetBody is a category or a tag.
type FacetBody struct {
	Name  string `json:"name"`
	Count int    `json:"count" doc:"questions that have it"`
}

func questionBody(q content.BankQuestion) QuestionBody {
	return QuestionBody{
		ID: q.ID.String(), State: q.State, Number: q.Number, Version: q.Version, UpdatedAt: q.UpdatedAt.Time, UpdatedBy: q.UpdatedBy,
		QuestionFields: QuestionFields{Category: q.Category, Tags: q.Tags, Difficulty: q.Difficulty, Question: q.Question},
	}
}

type questionOutput struct{ Body QuestionBody }

func questionAnswer(q content.BankQuestion, err error) (*questionOutput, error) {
	if err != nil {
		return nil, err
	}
	return &questionOutput{questionBody(q)}, nil
}

// QuestionQuery chooses questions of the bank.
type QuestionQuery struct {
	Q          string   `query:"q" maxLength:"200" doc:"words that all must be found in the question, its choices or its explanation"`
	Category   string   `query:"category" maxLength:"300" doc:"with those below it"`
	Tags       []string `query:"tag" maxItems:"10" doc:"all of them"`
	Difficulty int      `query:"difficulty" minimum:"0" maximum:"3" doc:"0 is any"`
	Kind       string   `query:"kind" enum:"single,multiple,true_false,ordering,matching,short_text,number," doc:"empty is any"`
	State      string   `query:"state" enum:"active,retired," doc:"empty is active"`
	IDs        []string `query:"id" maxItems:"200" doc:"these, whatever else is asked for"`
}

func (q QuestionQuery) filter() (content.QuestionFilter, error) {
	f := content.QuestionFilter{Q: q.Q, Category: q.Category, Tags: q.Tags, Difficulty: q.Difficulty, Kind: q.Kind, State: q.State}
	if len(q.IDs) == 0 {
		return f, nil
	}
	ids, err := pathIDs(q.IDs...)
	f.IDs = ids
	return f, err
}

type listQuestionsInput struct {
	QuestionQuery
	After string `query:"after" maxLength:"200"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type listQuestionsOutput struct {
	Body struct {
		Items []QuestionBody `json:"items" nullable:"false"`
		Next  string         `json:"next,omitempty"`
		Total int            `json:"total"`
	}
}

func (a *API) listQuestions(ctx context.Context, in *listQuestionsInput) (*listQuestionsOutput, error) {
	filter, err := in.filter()
	if err != nil {
		return nil, err
	}
	list, next, total, err := a.svc.Questions.List(ctx, caller(ctx).Tenant, filter, db.Page{After: in.After, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	out := &listQuestionsOutput{}
	out.Body.Items, out.Body.Next, out.Body.Total = make([]QuestionBody, 0, len(list)), next, total
	for _, q := range list {
		out.Body.Items = append(out.Body.Items, questionBody(q))
	}
	return out, nil
}

type createQuestionInput struct {
	Repeatable
	Body QuestionFields
}

func (a *API) createQuestion(ctx context.Context, in *createQuestionInput) (*questionOutput, error) {
	return questionAnswer(a.svc.Questions.Create(ctx, caller(ctx).Tenant, in.newID(ctx, "question"), in.Body.input()))
}

type questionInput struct {
	ID db.ID `path:"id" format:"uuid"`
}

func (a *API) getQuestion(ctx context.Context, in *questionInput) (*questionOutput, error) {
	q, uses, err := a.svc.Questions.Find(ctx, caller(ctx).Tenant, in.ID)
	out, err := questionAnswer(q, err)
	if err != nil {
		return nil, err
	}
	for _, u := range uses {
		out.Body.Uses = append(out.Body.Uses, QuestionUseBody{u.Course.String(), u.CourseTitle, u.Lesson.String(), u.LessonTitle})
	}
	return out, nil
}

type updateQuestionInput struct {
	ID   db.ID `path:"id" format:"uuid"`
	Body struct {
		QuestionFields
		BaseVersion int64 `json:"base_version" minimum:"1" doc:"version of the question that was being edited"`
	}
}

func (a *API) updateQuestion(ctx context.Context, in *updateQuestionInput) (*questionOutput, error) {
	return questionAnswer(a.svc.Questions.Update(ctx, caller(ctx).Tenant, in.ID, in.Body.BaseVersion, in.Body.input()))
}

type copyQuestionInput struct {
	ID db.ID `path:"id" format:"uuid"`
	Repeatable
}

func (a *API) copyQuestion(ctx context.Context, in *copyQuestionInput) (*questionOutput, error) {
	return questionAnswer(a.svc.Questions.Copy(ctx, caller(ctx).Tenant, in.ID, in.newID(ctx, "question copy")))
}

type retireQuestionsInput struct {
	Body struct {
		IDs     []db.ID `json:"ids" nullable:"false" minItems:"1" maxItems:"200"`
		Retired bool    `json:"retired" doc:"false: back into what is drawn"`
	}
}

func (a *API) retireQuestions(ctx context.Context, in *retireQuestionsInput) (*struct{}, error) {
	return nil, a.svc.Questions.Retire(ctx, caller(ctx).Tenant, in.Body.IDs, in.Body.Retired)
}

type questionVersionsOutput struct {
	Body struct {
		Items []QuestionVersionBody `json:"items" nullable:"false"`
	}
}

func (a *API) listQuestionVersions(ctx context.Context, in *questionInput) (*questionVersionsOutput, error) {
	list, err := a.svc.Questions.Versions(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	out := &questionVersionsOutput{}
	out.Body.Items = make([]QuestionVersionBody, 0, len(list))
	for _, v := range list {
		out.Body.Items = append(out.Body.Items, QuestionVersionBody{v.Number, v.Question, v.CreatedBy, v.CreatedAt.Time})
	}
	return out, nil
}

type questionFacetsOutput struct {
	Body struct {
		Categories []FacetBody `json:"categories" nullable:"false" doc:"of active questions, in the order of their paths"`
		Tags       []FacetBody `json:"tags" nullable:"false" doc:"of all questions"`
	}
}

func (a *API) listQuestionFacets(ctx context.Context, _ *struct{}) (*questionFacetsOutput, error) {
	categories, tags, err := a.svc.Questions.Facets(ctx, caller(ctx).Tenant)
	if err != nil {
		return nil, err
	}
	out := &questionFacetsOutput{}
	out.Body.Categories, out.Body.Tags = facetBodies(categories), facetBodies(tags)
	return out, nil
}

func facetBodies(list []content.Facet) []FacetBody {
	out := make([]FacetBody, 0, len(list))
	for _, f := range list {
		out = append(out, FacetBody(f))
	}
	return out
}
