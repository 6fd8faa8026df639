package app

import (
	"context"
	"time"

	"kenshu/content"
	"kenshu/lms"
	"kenshu/server/api"
	"kenshu/storage/db"
	"kenshu/storage/mail"
	"kenshu/tenant"
)

// wire makes every service, the job handlers and the HTTP face. A new service is added here and in api.Services.
func (a *App) wire() error {
	access, err := tenant.NewAccess()
	if err != nil {
		return err
	}
	audit := tenant.NewAudit(a.DB, a.key("audit seal"), a.Clock)
	sessions := tenant.NewSessions(a.DB, a.Cache, a.Clock, tenant.DefaultSessionLimits)
	credentials, err := tenant.NewCredentials(a.DB, a.Cache, audit, sessions, a.key("credentials"), a.Clock, a.Log)
	if err != nil {
		return err
	}

	versions := content.NewVersions(a.DB, a.Clock, 0)
	sender, err := mail.Open(a.Config.SMTP)
	if err != nil {
		return err
	}
	outbox := tenant.NewOutbox(a.DB, audit, sender, a.Clock)
	rounds := lms.NewRounds(a.DB, audit, versions, a.Clock)
	records := lms.NewTrainingRecords(a.DB, audit, rounds, a.Clock)
	reminder := lms.NewReminder(a.DB, outbox, a.Clock, lms.DefaultReminders, a.Config.PublicURL)
	certificates := lms.NewCertificates(a.DB, audit, a.Clock, a.Config.PublicURL)
	assets := content.NewAssets(a.DB, a.Blob, audit, a.Clock, content.AssetLimits{Quota: a.Config.storage()})
	people := tenant.NewPeople(a.DB, audit, sessions, credentials, a.Clock, rounds)

	a.Services = api.Services{
		Courses: content.NewCourses(a.DB, audit, a.Clock), Versions: versions, Assets: assets,
		Learning: lms.NewLearning(a.DB, versions, certificates, a.Clock, lms.DefaultLearningLimits), Certificates: certificates,
		DB: a.DB, Cache: a.Cache, Access: access, Audit: audit, Sessions: sessions, Credentials: credentials,
		People: people, Departments: tenant.NewDepartments(a.DB, audit, a.Clock), Imports: tenant.NewImports(a.DB, a.Blob, people, audit, a.Clock),
		Outbox: outbox, Rounds: rounds, TrainingRecords: records,
	}
	a.Worker = &db.Worker{
		DB: a.DB, Owner: db.NewID().String(), Clock: a.Clock, Log: a.Log,
		Handlers: map[string]db.Handler{
			content.KindProbe:       assets.ProbeJob,
			content.KindSweep:       assets.SweepJob,
			tenant.KindSessionEpoch: sessions.Mirror,
			tenant.KindMailDeliver:  outbox.Deliver,
			lms.KindRemind:          reminder.Plan,
			lms.KindRemindRound:     reminder.RemindRound,
			"audit.seal":            func(ctx context.Context, _ db.Job, _ func(int64, int64)) error { return audit.SealAll(ctx) },
			"job.forget": func(ctx context.Context, _ db.Job, _ func(int64, int64)) error {
				return a.DB.ForgetJobs(ctx, a.Clock())
			},
		},
		Schedules: []db.Schedule{
			{Kind: content.KindSweep, Every: time.Hour},
			{Kind: "audit.seal", Every: 10 * time.Second},
			{Kind: "job.forget", Every: 24 * time.Hour},
			{Kind: lms.KindRemind, Every: 10 * time.Minute},
		},
	}
	a.API, err = a.face(a.Services)
	return err
}
