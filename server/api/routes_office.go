package api

import (
	"net/http"
)

// officeRoutes are the rows about what is recorded and what is sent.
func (a *API) officeRoutes() {
	get, post, put, del := http.MethodGet, http.MethodPost, http.MethodPut, http.MethodDelete

	// audit
	register(a, Route{
		Method: get, Path: "/audit", ID: "list-audit", Permission: "audit:read", Tag: "audit",
		Summary: "The own organisation's log, newest first", Description: "Append-only and hash-chained; `kenshu audit verify` checks the chain.",
	}, a.listAudit)

	// mail
	register(a, Route{
		Method: get, Path: "/mail", ID: "list-mail", Permission: "mail:read", Tag: "mail",
		Summary: "Messages of the outbox with their fate, newest first",
	}, a.listMail)
	register(a, Route{
		Method: get, Path: "/mail/health", ID: "get-mail-health", Permission: "mail:read", Tag: "mail",
		Summary: "Whether the organisation's messages go out",
	}, a.getMailHealth)
	register(a, Route{
		Method: get, Path: "/mail/deliveries", ID: "get-deliveries", Permission: "job:read", Tag: "mail",
		Summary: "How delivery stands in the whole installation", Description: "Counts of the job table; nothing about who writes to whom.",
	}, a.getDeliveries)
	register(a, Route{
		Method: get, Path: "/operation", ID: "get-operation", Permission: "job:read", Tag: "operation",
		Summary: "How the installation stands: its parts, its background work, its mail", Description: "Nothing about people.",
	}, a.getOperation)
	register(a, Route{
		Method: get, Path: "/operation/storage", ID: "get-storage-use", Permission: "job:read", Tag: "operation",
		Summary: "How much the installation keeps: files by kind, the database, the organisations with the most", Description: "Counted by a job every six hours. Nothing about people.",
	}, a.getStorageUse)
	register(a, Route{
		Method: get, Path: "/operation/jobs", ID: "list-jobs", Permission: "job:read", Tag: "operation",
		Summary: "Background work in one state, newest first",
	}, a.listJobs)
	register(a, Route{
		Method: post, Path: "/operation/jobs/{id}/retry", ID: "retry-job", Permission: "job:write", Tag: "operation",
		Summary: "Try a job that was given up once more", Description: "409 job_not_failed when it was not.",
	}, a.retryJob)
	register(a, Route{
		Method: post, Path: "/mail/resend", ID: "resend-many", Permission: "mail:write", Tag: "mail", MaxBody: 64 << 10,
		Summary:     "Send a selection, or all that a filter shows, once more",
		Description: "To the address each person has now; who has none, and what is on its way, is left alone. At most 10,000. With preview nothing happens. 409 mail_no_server.",
	}, a.resendMany)
	register(a, Route{
		Method: post, Path: "/mail/test", ID: "test-mail", Permission: "mail:write", Tag: "mail",
		Summary: "Send a message to one's own address, to see whether mail arrives", Description: "409 mail_no_server or mail_no_address.",
	}, a.testMail)
	register(a, Route{
		Method: post, Path: "/mail/{id}/resend", ID: "resend-mail", Permission: "mail:write", Tag: "mail",
		Summary: "Send a message once more, to the address the person has now", Description: "A reminder is written anew for the day. 409 with mail_queued, mail_no_address or mail_no_server when that is not possible.",
	}, a.resendMail)

	// reminder
	register(a, Route{
		Method: get, Path: "/reminders/setting", ID: "get-reminder-setting", Permission: "reminder:read", Tag: "reminder",
		Summary: "When the organisation reminds people, and what its managers get",
	}, a.getReminderSetting)
	register(a, Route{
		Method: put, Path: "/reminders/setting", ID: "set-reminder-setting", Permission: "reminder:write", Tag: "reminder", MaxBody: 16 << 10,
		Summary: "Choose when to remind people", Description: "It holds from the next mail on.",
	}, a.setReminderSetting)
	register(a, Route{
		Method: get, Path: "/reminders/templates", ID: "list-reminder-templates", Permission: "reminder:read", Tag: "reminder",
		Summary: "The words of each kind of reminder in each language",
	}, a.listReminderTemplates)
	register(a, Route{
		Method: put, Path: "/reminders/templates/{kind}/{language}", ID: "set-reminder-template", Permission: "reminder:write", Tag: "reminder", MaxBody: 64 << 10, Status: http.StatusNoContent,
		Summary: "Write own words", Description: "Plain text. 422 placeholder_unknown, placeholder_broken or line_break (in the subject).",
	}, a.setReminderTemplate)
	register(a, Route{
		Method: del, Path: "/reminders/templates/{kind}/{language}", ID: "reset-reminder-template", Permission: "reminder:write", Tag: "reminder", Status: http.StatusNoContent,
		Summary: "Take the product's words again",
	}, a.resetReminderTemplate)
	register(a, Route{
		Method: post, Path: "/reminders/templates/preview", ID: "preview-reminder-template", Permission: "reminder:read", Tag: "reminder", MaxBody: 64 << 10,
		Summary: "Show words as somebody would get them", Description: "Nothing is kept.",
	}, a.previewReminderTemplate)
	register(a, Route{
		Method: get, Path: "/reminders/forecast", ID: "get-reminder-forecast", Permission: "reminder:read", Tag: "reminder",
		Summary: "What will go out in the next days, by day and round", Description: "By the same rule that sends, from who is enrolled now.",
	}, a.getForecast)
	register(a, Route{
		Method: post, Path: "/reminders/days", ID: "preview-reminder-days", Permission: "reminder:read", Tag: "reminder", MaxBody: 16 << 10,
		Summary: "On which days a round with these days would remind",
	}, a.previewReminderDays)
	register(a, Route{
		Method: get, Path: "/reminders/digest", ID: "get-digest", Permission: "reminder:read", Tag: "reminder",
		Summary: "What the managers' digest says today",
	}, a.getDigest)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/reminders", ID: "get-round-reminders", Permission: "reminder:read", Tag: "reminder",
		Summary: "How a round reminds, whom it reaches, and what became of its messages",
	}, a.getRoundReminders)
	register(a, Route{
		Method: put, Path: "/rounds/{id}/reminders", ID: "set-round-reminders", Permission: "reminder:write", Tag: "reminder", MaxBody: 16 << 10,
		Summary: "Give a round days of its own",
	}, a.setRoundReminders)
	register(a, Route{
		Method: del, Path: "/rounds/{id}/reminders", ID: "reset-round-reminders", Permission: "reminder:write", Tag: "reminder", Status: http.StatusOK,
		Summary: "Let a round follow the organisation's days again",
	}, a.resetRoundReminders)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/reminders/people", ID: "list-forecast-people", Permission: "reminder:read", Tag: "reminder",
		Summary: "Whom a round mails on a day, by name",
	}, a.listForecastPeople)
	register(a, Route{
		Method: get, Path: "/rounds/{id}/notices", ID: "print-notices", StepUp: true, Permission: "person:export", Tag: "reminder", Gives: gives(mediaPDF),
		Summary:     "Printed notices for people without a mail address, by department",
		Description: "PDF without log-in IDs and passwords. At most 5,000; more by department. Recorded in the audit log. 409 notices_empty when there is nobody to print one for.",
	}, a.printNotices)
}
