package api

import (
	"context"
	"slices"

	"kenshu/content"
)

// RemarkBody is something that a learner would stumble over.
type RemarkBody struct {
	Key  string `json:"key" enum:"alt_missing,alt_file_name,heading_empty,heading_skip,link_empty,link_vague,ruby_broken,ruby_kanji,table_head,captions,audio_missing,transcript,survey_empty,survey_naming,survey_question,survey_scale,survey_same_choices,survey_asks_name,pledge_empty,pledge_blank" doc:"what it is about; the page has the sentence"`
	Text string `json:"text" doc:"the words it is about, shortened; empty when there are none"`
	Must bool   `json:"must" doc:"it keeps the course from being published"`
}

// LessonRemarksBody are the remarks about one lesson.
type LessonRemarksBody struct {
	Lesson  string       `json:"lesson" format:"uuid"`
	Title   string       `json:"title"`
	Remarks []RemarkBody `json:"remarks" nullable:"false" doc:"what was found, in the order of the page"`
}

func remarkBodies(list []content.Remark) []RemarkBody {
	out := make([]RemarkBody, 0, len(list))
	for _, r := range list {
		out = append(out, RemarkBody{r.Key, r.Text, slices.Contains(content.RemarkMust, r.Key)})
	}
	return out
}

type checkLessonOutput struct {
	Body struct {
		Items []RemarkBody `json:"items" nullable:"false"`
	}
}

func (a *API) checkLesson(ctx context.Context, in *lessonInput) (*checkLessonOutput, error) {
	remarks, err := a.svc.Courses.CheckLesson(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	out := &checkLessonOutput{}
	out.Body.Items = remarkBodies(remarks)
	return out, nil
}

type checkCourseOutput struct {
	Body struct {
		Items []LessonRemarksBody `json:"items" nullable:"false" doc:"the lessons that have any, in their order"`
	}
}

func (a *API) checkCourse(ctx context.Context, in *courseInput) (*checkCourseOutput, error) {
	lessons, err := a.svc.Courses.CheckCourse(ctx, caller(ctx).Tenant, in.ID)
	if err != nil {
		return nil, err
	}
	out := &checkCourseOutput{}
	out.Body.Items = make([]LessonRemarksBody, 0, len(lessons))
	for _, l := range lessons {
		out.Body.Items = append(out.Body.Items, LessonRemarksBody{l.Lesson.String(), l.Title, remarkBodies(l.Remarks)})
	}
	return out, nil
}
