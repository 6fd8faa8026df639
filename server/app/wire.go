package app

import (
	"context"
	"strings"
	"time"

	"kenshu/content"
	"kenshu/lms"
	"kenshu/server/api"
	"kenshu/storage/db"
	"kenshu/storage/mail"
	"kenshu/tenant"
	"kenshu/tenant/compliance"
)

// services are all of them: those that handlers call, and those that only jobs do.
type services struct {
	api.Services
}

// services makes every service. A new one is added here and in api.Services. The demonstration has them made with a clock of its own.
func (a *App) services(clock func() time.Time) (*services, error) {
	access, err := tenant.NewAccess()
	if err != nil {
		return nil, err
	}
	audit := tenant.NewAudit(a.DB, a.key(auditPurpose), clock)
	sessions := tenant.NewSessions(a.DB, a.Cache, clock, a.sessionLimits())
	credentials, err := tenant.NewCredentials(a.DB, a.Cache, audit, sessions, a.key("credentials"), clock, a.Log)
	if err != nil {
		return nil, err
	}
	versions := content.NewVersions(a.DB, clock, 0)
	sender, err := mail.Open(a.Config.SMTP)
	if err != nil {
		return nil, err
	}
	outbox := tenant.NewOutbox(a.DB, audit, sender, clock)
	sessions.Notify(outbox)
	factors, err := tenant.NewFactors(credentials, a.Cache, a.key("second factors"), a.Config.PublicURL)
	if err != nil {
		return nil, err
	}
	rounds := lms.NewRounds(a.DB, audit, versions, clock)
	reminders := lms.NewReminder(a.DB, audit, outbox, clock, a.Config.PublicURL)
	certificates := lms.NewCertificates(a.DB, audit, clock, a.Config.PublicURL)
	assets := content.NewAssets(a.DB, a.Blob, audit, clock, content.AssetLimits{Quota: a.Config.storage()})
	questions := content.NewQuestions(a.DB, audit, clock)
	people := tenant.NewPeople(a.DB, audit, sessions, credentials, clock, rounds)
	organisations := tenant.NewOrganisations(a.DB, audit, sessions, credentials, people, clock)
	slips := tenant.NewSlipBatches(a.DB, people, credentials, audit, clock)
	tokens, err := tenant.NewAPITokens(a.DB, a.Cache, audit, access, clock, a.Log)
	if err != nil {
		return nil, err
	}

	acts := tenant.NewPeopleActs(people, a.key(journalPurpose), lms.NewPersonRecords(a.DB, audit, clock))

	s := &services{Services: api.Services{
		DB:     a.DB,
		Cache:  a.Cache,
		Access: access,
		Audit:  audit,

		Sessions:      sessions,
		Credentials:   credentials,
		Factors:       factors,
		Security:      tenant.NewSecurity(a.DB, audit, sessions, clock),
		People:        people,
		PersonFields:  tenant.NewPersonFields(a.DB, audit, clock, rounds),
		Dossiers:      lms.NewDossiers(a.DB, audit, clock),
		PeopleActs:    acts,
		Departments:   tenant.NewDepartments(a.DB, audit, people, outbox, clock, rounds),
		Imports:       tenant.NewImports(a.DB, a.Blob, acts, outbox, a.Cache, strings.TrimSuffix(a.Config.PublicURL, "/"), rounds),
		APITokens:     tokens,
		Organisations: organisations,
		Handovers:     tenant.NewHandovers(a.DB, audit, sessions, people, organisations, outbox, clock, strings.TrimSuffix(a.Config.PublicURL, "/")),
		Identities:    tenant.NewIdentities(a.DB, a.Cache, audit, credentials, clock),
		Outbox:        outbox,

		Courses:       content.NewCourses(a.DB, audit, clock),
		Versions:      versions,
		Catalogues:    content.NewCatalogues(a.DB, audit, versions, clock),
		Questions:     questions,
		Assets:        assets,
		Packages:      content.NewPackages(assets, a.key("package tickets"), clock),
		MoodleImports: content.NewMoodleImports(a.DB, assets, questions, audit, clock),
		CourseCopies:  content.NewCourseCopies(a.DB, assets, versions, questions, audit, clock),

		Rounds:       rounds,
		Learning:     lms.NewLearning(a.DB, versions, certificates, clock, lms.DefaultLearningLimits),
		Certificates: certificates,
		Reminders:    reminders,
		Reports:      lms.NewReports(a.DB, audit, rounds, clock),
		SavedViews:   lms.NewSavedViews(a.DB, audit, clock),
		Surveys:      lms.NewSurveys(a.DB, audit, rounds, clock),

		Slips: slips,
	}}
	s.Concerns = tenant.NewConcerns(a.DB, people, clock)
	s.PasswordFiles = tenant.NewPasswordFiles(a.DB, a.Blob, people, credentials, audit, clock)
	return s, a.proofs(&s.Services, clock)
}

// proofs adds the services that print and sign what was learnt, and those that watch over the whole.
func (a *App) proofs(s *api.Services, clock func() time.Time) (err error) {
	s.Deletions = tenant.NewDeletions(s.PeopleActs, a.Blob)
	s.Settings = tenant.NewSettings(a.DB, clock)
	s.Incidents = compliance.NewIncidents(a.DB, s.Audit, s.Slips, clock)
	s.StorageUse = content.NewStorageUse(s.Assets)
	s.Operations = tenant.NewOperations(a.DB, s.Audit, s.Outbox, clock, a.parts())
	s.TrainingRecords = lms.NewTrainingRecords(a.DB, s.Audit, s.Rounds, clock)
	s.QuestionFigures = lms.NewQuestionFigures(a.DB, s.Questions, lms.DefaultFigureLimits)
	s.RecordLinks = lms.NewRecordLinks(a.DB, s.Audit, s.TrainingRecords, a.key("record links"), clock)
	s.CertificateDesigns = lms.NewCertificateDesigns(a.DB, s.Audit, clock, a.Config.PublicURL)
	s.Badges, err = lms.NewBadges(a.DB, a.key("badge signing"), clock, a.Config.PublicURL)
	return err
}

// sessionLimits are the product's, with what the installation says: how long a proof counts, and that in production who works for the association has a
// second factor. Demonstration and development let people try without one.
func (a *App) sessionLimits() tenant.SessionLimits {
	limits := tenant.DefaultSessionLimits
	limits.Proof = a.Config.proof()
	limits.AssociationFactor = a.Config.Mode == ModeProduction
	return limits
}

// wire makes the services, the job handlers and the HTTP face.
func (a *App) wire() error {
	s, err := a.services(a.Clock)
	if err != nil {
		return err
	}
	a.Services = s.Services
	a.marks = tenant.NewStoreMarks(a.DB, a.Blob, a.Clock)
	a.Worker = &db.Worker{
		DB: a.DB, Owner: db.NewID().String(), May: a.ownKey, Clock: a.Clock, Log: a.Log,
		Long: []string{content.KindProbe, content.KindMoodleImport, content.KindCourseCopy, content.KindQuestionImport, lms.KindMove, lms.KindMoveRest, tenant.KindPersonImport, tenant.KindPasswordFile, tenant.KindSlipIssue},
		Handlers: map[string]db.Handler{
			content.KindProbe:       s.Assets.ProbeJob,
			content.KindSweep:       s.Assets.SweepJob,
			content.KindSweepUnused: a.ownStore(s.Assets.SweepUnusedJob), content.KindSweepStray: a.ownStore(s.Assets.SweepStrayJob), content.KindRemoveObjects: a.ownStore(s.Assets.RemoveObjectsJob),
			tenant.KindSessionEpoch: s.Sessions.Mirror,
			tenant.KindPersonImport: s.Imports.Work, tenant.KindPersonImportTick: s.Imports.Tick, tenant.KindPersonImportStray: a.ownStore(s.Imports.SweepStrayJob),
			tenant.KindMailDeliver:   s.Outbox.Deliver,
			lms.KindRemind:           s.Reminders.Plan,
			lms.KindRemindRound:      s.Reminders.RemindRound,
			lms.KindExemptEnd:        s.Rounds.ExemptEnd,
			lms.KindDigest:           s.Reminders.SendDigest,
			tenant.KindDepartments:   s.Departments.PlanDays,
			tenant.KindDepartmentDay: s.Departments.DayJob,
			tenant.KindSessionForget: s.Sessions.Forget,
			"audit.seal":             func(ctx context.Context, _ db.Job, _ func(int64, int64)) error { return s.Audit.SealAll(ctx) },
			tenant.KindPersonLeave:   s.PeopleActs.LeaveDue,
			tenant.KindKeepDeletions: a.keepDeletions,
			lms.KindRoundDays:        s.Reports.PlanDays,
			lms.KindRoundDay:         s.Reports.WriteDay,
			"job.forget": func(ctx context.Context, _ db.Job, _ func(int64, int64)) error {
				return a.DB.ForgetJobs(ctx, a.Clock())
			},
		},
		Schedules: []db.Schedule{
			{Kind: content.KindSweep, Every: time.Hour},
			{Kind: tenant.KindKeepDeletions, Every: 10 * time.Second},
			{Kind: tenant.KindReplayDeletions, Every: time.Hour},
			{Kind: tenant.KindCheckDeletions, Every: 6 * time.Hour},
			{Kind: tenant.KindMarkStore, Every: tenant.ScheduleMarkStore},
			{Kind: content.KindSweepUnused, Every: 24 * time.Hour},
			{Kind: content.KindSweepStray, Every: 7 * 24 * time.Hour},
			{Kind: content.KindCountStorage, Every: content.ScheduleCountStorage},
			{Kind: tenant.KindDepartments, Every: 10 * time.Minute},
			{Kind: "audit.seal", Every: 10 * time.Second},
			{Kind: "job.forget", Every: time.Hour},
			{Kind: tenant.KindPersonLeave, Every: tenant.SchedulePersonLeave},
			{Kind: tenant.KindSessionForget, Every: 24 * time.Hour},
			{Kind: tenant.KindPersonImportTick, Every: tenant.ImportTick},
			{Kind: tenant.KindPersonImportStray, Every: 24 * time.Hour},
			{Kind: lms.KindRemind, Every: 10 * time.Minute},
			{Kind: lms.KindRoundDays, Every: time.Hour},
			{Kind: lms.KindRecur, Every: time.Hour},
			{Kind: tenant.KindLoginCheck, Every: 5 * time.Minute},
		},
	}
	for kind, handler := range map[string]db.Handler{
		tenant.KindSlipIssue: s.Slips.IssueJob, tenant.KindSlipEnd: s.Slips.EndJob, tenant.KindPasswordFile: s.PasswordFiles.ApplyJob,
		tenant.KindPasswordFileEnd: s.PasswordFiles.EndJob, content.KindQuestionImport: s.Questions.ApplyJob, content.KindMoodleImport: s.MoodleImports.ApplyJob, content.KindCourseCopy: s.CourseCopies.CopyJob, tenant.KindLoginCheck: s.Concerns.CheckJob,
		lms.KindMove: s.Learning.MoveJob, lms.KindMoveRest: s.Learning.MoveRestJob, lms.KindRecur: s.Rounds.PlanRecurrences, lms.KindRecurOne: s.Rounds.RecurOne,
		tenant.KindReplayDeletions: a.ownStore(a.replayDeletions), tenant.KindCheckDeletions: a.ownStore(a.checkJournal), tenant.KindMarkStore: a.keepMark, content.KindCountStorage: s.StorageUse.CountJob,
	} {
		a.Worker.Handlers[kind] = handler
	}
	a.API, err = a.face(a.Services)
	return err
}
