package api

import (
	"net/http"

	"kenshu/content"
)

// contentRoutes are the rows about courses being made.
func (a *API) contentRoutes() {
	get, post, put, del := http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete

	// course
	register(a, Route{
		Method: get, Path: "/courses", ID: "list-courses", Permission: "course:read", Tag: "course",
		Summary: "The own courses, newest first",
	}, a.listCourses)
	register(a, Route{
		Method: post, Path: "/courses", ID: "create-course", Permission: "course:write", Tag: "course", Status: http.StatusCreated,
		Summary: "Make an empty course",
	}, a.createCourse)
	register(a, Route{
		Method: get, Path: "/courses/{id}", ID: "get-course", Permission: "course:read", Tag: "course",
		Summary: "One course",
	}, a.getCourse)
	register(a, Route{
		Method: put, Path: "/courses/{id}", ID: "update-course", Permission: "course:write", Tag: "course",
		Summary: "Change title, summary, language or sharing", Description: "409 course_changed when somebody changed it since base_version.",
	}, a.updateCourse)
	register(a, Route{
		Method: put, Path: "/courses/{id}/archived", ID: "archive-course", Permission: "course:write", Tag: "course",
		Summary: "Take a course out of the catalogue or back in", Description: "Rounds under way go on.",
	}, a.archiveCourse)
	register(a, Route{
		Method: get, Path: "/courses/{id}/versions", ID: "list-course-versions", Permission: "course:read", Tag: "course",
		Summary: "What was published, newest first",
	}, a.listVersions)
	register(a, Route{
		Method: get, Path: "/courses/{id}/missing", ID: "list-course-missing", Permission: "course:read", Tag: "course",
		Summary: "What keeps the course from being published",
	}, a.listMissing)
	register(a, Route{
		Method: get, Path: "/courses/{id}/check", ID: "check-course", Permission: "course:read", Tag: "course",
		Summary: "What learners would stumble over, by lesson", Description: "Pictures without words, order of headings, links and furigana that say nothing, tables without heads, videos without captions. Only what has must set keeps the course from being published.",
	}, a.checkCourse)
	register(a, Route{
		Method: get, Path: "/courses/{id}/under-way", ID: "count-under-way", Permission: "course:read", Tag: "course",
		Summary: "How many people publishing would concern",
	}, a.countUnderWay)
	register(a, Route{
		Method: post, Path: "/courses/{id}/publish", ID: "publish-course", Permission: "course:publish", Tag: "course",
		Summary: "Freeze the draft into a new version", Description: "under_way says what it means for those who are under way in open rounds of the organisation itself: they carry on with their version, or a job takes them over, with what they have done or from the beginning. Who has completed the course keeps that. 422 course_incomplete names everything that is missing. 409 course_changed when the draft moved on since base_version. A repeat answers with the same version.",
	}, a.publishCourse)

	// lesson
	register(a, Route{
		Method: get, Path: "/courses/{id}/lessons", ID: "list-lessons", Permission: "course:read", Tag: "lesson",
		Summary: "The lessons of a course in order, without bodies",
	}, a.listLessons)
	register(a, Route{
		Method: post, Path: "/courses/{id}/lessons", ID: "create-lesson", Permission: "course:write", Tag: "lesson", Status: http.StatusCreated,
		Summary: "Add an empty lesson", Description: "At most 300 a course.",
	}, a.createLesson)
	register(a, Route{
		Method: put, Path: "/courses/{id}/lesson-order", ID: "order-lessons", Permission: "course:write", Tag: "lesson", Status: http.StatusNoContent,
		Summary: "Set the order of all lessons", Description: "409 lessons_changed when one was added or deleted since.",
	}, a.orderLessons)
	register(a, Route{
		Method: get, Path: "/lessons/{id}", ID: "get-lesson", Permission: "course:read", Tag: "lesson",
		Summary: "One lesson with its body",
	}, a.getLesson)
	register(a, Route{
		Method: put, Path: "/lessons/{id}", ID: "save-lesson", Permission: "course:write", Tag: "lesson", MaxBody: 3 << 20,
		Summary: "Save title and body", Description: "Never overwrites: 409 lesson_changed when somebody else saved since base_version, with what stands there now in args.current. Every accepted save is kept as a revision. The body may be incomplete and at most 2 MiB.",
	}, a.saveLesson)
	register(a, Route{
		Method: get, Path: "/lessons/{id}/check", ID: "check-lesson", Permission: "course:read", Tag: "lesson",
		Summary: "What learners would stumble over in a lesson as it was saved last",
	}, a.checkLesson)
	register(a, Route{
		Method: del, Path: "/lessons/{id}", ID: "delete-lesson", Permission: "course:write", Tag: "lesson", Status: http.StatusNoContent,
		Summary: "Take a lesson out of the draft", Description: "It can be restored.",
	}, a.deleteLesson)
	register(a, Route{
		Method: post, Path: "/lessons/{id}/restore", ID: "restore-lesson", Permission: "course:write", Tag: "lesson",
		Summary: "Undo the deletion of a lesson",
	}, a.restoreLesson)
	register(a, Route{
		Method: post, Path: "/lessons/{id}/duplicate", ID: "duplicate-lesson", Permission: "course:write", Tag: "lesson", Status: http.StatusCreated,
		Summary: "Put a copy behind a lesson",
	}, a.duplicateLesson)
	register(a, Route{
		Method: get, Path: "/lessons/{id}/revisions", ID: "list-lesson-revisions", Permission: "course:read", Tag: "lesson",
		Summary: "Every saved state, newest first, without bodies",
	}, a.listRevisions)
	register(a, Route{
		Method: get, Path: "/lessons/{id}/revisions/{version}", ID: "get-lesson-revision", Permission: "course:read", Tag: "lesson",
		Summary: "One saved state",
	}, a.getRevision)

	// asset
	register(a, Route{
		Method: get, Path: "/assets", ID: "list-assets", Permission: "course:read", Tag: "asset",
		Summary: "The media library", Description: "Files that were replaced are left out.",
	}, a.listAssets)
	register(a, Route{
		Method: get, Path: "/assets/storage", ID: "get-asset-storage", Permission: "course:read", Tag: "asset",
		Summary: "How much is kept, of what",
	}, a.getAssetStorage)
	register(a, Route{
		Method: get, Path: "/assets/{id}/uses", ID: "list-asset-uses", Permission: "course:read", Tag: "asset",
		Summary: "Where a file is used", Description: "In drafts and in published versions, at most 500 places; what deleting or replacing it would concern.",
	}, a.listAssetUses)
	register(a, Route{
		Method: post, Path: "/assets/{id}/replace", ID: "replace-asset", Permission: "asset:write", Tag: "asset", Status: http.StatusOK,
		Summary: "Put another file in the place of one", Description: "Every draft that refers to the file shows the other one from now on. Published versions keep what they were published with: they are what was learnt. 409 file_replaced when it was replaced before, 422 file_same or file_unusable.",
	}, a.replaceAsset)
	register(a, Route{
		Method: put, Path: "/assets/{id}/poster", ID: "set-asset-poster", Permission: "asset:write", Tag: "asset", Status: http.StatusNoContent, MaxBody: content.MaxPoster + 1, File: true,
		Summary: "Give a video or a PDF its picture", Description: "A PNG or JPEG of at most 8 MB, drawn by the editor's browser. Only its pixels are kept. 409 file_quota when the organisation let go of more than its quota within two days.",
	}, a.setPoster)
	register(a, Route{
		Method: post, Path: "/assets/{id}/retry", ID: "retry-asset", Permission: "asset:write", Tag: "asset",
		Summary: "Look at a file once more", Description: "Where the looking was given up (stuck). 409 job_not_failed otherwise.",
	}, a.retryAsset)
	register(a, Route{
		Method: post, Path: "/assets", ID: "create-asset", Permission: "asset:write", Tag: "asset", Status: http.StatusCreated,
		Summary: "Announce a file and open its upload", Description: "The parts are PUT straight to the object store. 413 file_too_large, 409 file_quota.",
	}, a.createAsset)
	register(a, Route{
		Method: get, Path: "/assets/{id}", ID: "get-asset", Permission: "course:read", Tag: "asset",
		Summary: "One file: its state and what was found in it",
	}, a.getAsset)
	register(a, Route{
		Method: del, Path: "/assets/{id}", ID: "delete-asset", Permission: "asset:write", Tag: "asset", Status: http.StatusNoContent,
		Summary: "Delete a file that nothing refers to", Description: "409 file_in_use otherwise.",
	}, a.deleteAsset)
	register(a, Route{
		Method: post, Path: "/assets/links", ID: "link-assets", Permission: "course:read", Tag: "asset",
		Summary: "Short-lived links to files of the own drafts",
	}, a.linkAssets)
	register(a, Route{
		Method: get, Path: "/uploads/{id}", ID: "get-upload", Permission: "asset:write", Tag: "asset",
		Summary: "How far an upload is, as the store knows it", Description: "410 upload_expired after 7 days.",
	}, a.getUpload)
	register(a, Route{
		Method: post, Path: "/uploads/{id}/parts", ID: "link-upload-parts", Permission: "asset:write", Tag: "asset",
		Summary: "Short-lived links to PUT parts to",
	}, a.linkParts)
	register(a, Route{
		Method: post, Path: "/uploads/{id}/complete", ID: "complete-upload", Permission: "asset:write", Tag: "asset",
		Summary: "Join the parts", Description: "409 upload_incomplete while parts are missing or cut short. The type is found from the bytes: a wrong one gives state refused with its problem. A repeat gives the same answer.",
	}, a.completeUpload)

	// package
	register(a, Route{
		Method: get, Path: "/assets/{id}/package", ID: "get-package", Permission: "course:read", Tag: "package",
		Summary: "What was found in an uploaded package", Description: "404 until the file of kind package is ready.",
	}, a.getPackage)
	register(a, Route{
		Method: post, Path: "/assets/{id}/package/preview", ID: "preview-package", Permission: "course:read", Tag: "package", Status: http.StatusOK,
		Summary: "Open a package as a learner would", Description: "As a draft means it: a package that was replaced opens the new one. Nothing it reports is recorded.",
	}, a.previewPackage)

	// Moodle
	register(a, Route{
		Method: get, Path: "/moodle-imports", ID: "list-moodle-imports", Permission: "course:write", Tag: "course",
		Summary: "Moodle course backups and what became of them, newest first", Description: "A backup is uploaded as a file of kind moodle; from then on it stands here.",
	}, a.listMoodleImports)
	register(a, Route{
		Method: get, Path: "/moodle-imports/{id}", ID: "get-moodle-import", Permission: "course:write", Tag: "course",
		Summary: "What comes of a backup and what does not", Description: "The id is that of the uploaded file. 404 until its upload is complete.",
	}, a.getMoodleImport)
	register(a, Route{
		Method: post, Path: "/moodle-imports/{id}/apply", ID: "apply-moodle-import", Permission: "course:write", Tag: "course", Status: http.StatusAccepted,
		Summary: "Make a draft course of a checked backup", Description: "By a job: there is no course until all of it is there, and one however often this is sent. Ask for the import until its state is applied, or checked again with a problem. 409 import_state, file_quota; 410 moodle_gone.",
	}, a.applyMoodleImport)

	// catalogue
	register(a, Route{
		Method: get, Path: "/catalogue", ID: "list-catalogue", Permission: "catalogue:read", Tag: "catalogue",
		Summary: "Published courses that may be chosen for a round", Description: "The own ones, then those the association shares with all or with this organisation, each in the version that a new round gets.",
	}, a.listCatalogue)
	register(a, Route{
		Method: get, Path: "/catalogue/{id}", ID: "get-catalogue-course", Permission: "catalogue:read", Tag: "catalogue",
		Summary: "One course that may be used", Description: "Its lessons, and what is different in a newer version that was not taken yet.",
	}, a.getOffer)
	register(a, Route{
		Method: get, Path: "/catalogue/{id}/lessons/{lesson}", ID: "get-catalogue-lesson", Permission: "catalogue:read", Tag: "catalogue",
		Summary: "A lesson of a course that may be used, to be looked at", Description: "Without the questions of a test. The lesson may be one of the newer version.",
	}, a.getOfferLesson)
	register(a, Route{
		Method: put, Path: "/catalogue/{id}/version", ID: "take-catalogue-version", Permission: "catalogue:take", Tag: "catalogue",
		Summary: "Use the newest version for new rounds", Description: "Of a course of the association. under_way says what it means for those who are under way in open rounds, as when a course of one's own is published. 409 course_newer when a newer one than the named was published meanwhile.",
	}, a.takeVersion)
	register(a, Route{
		Method: post, Path: "/catalogue/{id}/copies", ID: "copy-catalogue-course", Permission: "course:write", Tag: "catalogue", Status: http.StatusAccepted,
		Summary: "Make a course one's own", Description: "By a job: a draft with its own lessons, files and questions, as a new round would get the course now. There is none until all of it is there; GET /catalogue/{id} tells how far it is.",
	}, a.copyCourse)
	register(a, Route{
		Method: get, Path: "/members", ID: "list-members", Permission: "course:share", Tag: "catalogue",
		Summary: "Organisations that a course can be shared with",
	}, a.listMembers)
}
