/**
 * The pages of those who manage, edit or run something, each in a file of its own that is fetched when it is opened. This list is fetched with the first of
 * them: what a learner loads names none.
 */
export const officePages = {
  AuditPage: async () => (await import('@/features/audit/pages/AuditPage')).AuditPage,
  AutomaticPage: async () => (await import('@/features/person_import/pages/AutomaticPage')).AutomaticPage,
  CataloguePage: async () => (await import('@/features/catalogue/pages/CataloguePage')).CataloguePage,
  ConcernPage: async () => (await import('@/features/credential/pages/ConcernPage')).ConcernPage,
  CourseDesk: async () => (await import('@/features/course/pages/CoursePage')).CoursePage,
  CoursesPage: async () => (await import('@/features/course/pages/CoursesPage')).CoursesPage,
  DashboardPage: async () => (await import('@/features/dashboard/pages/DashboardPage')).DashboardPage,
  DepartmentsPage: async () => (await import('@/features/department/pages/DepartmentsPage')).DepartmentsPage,
  DesignPage: async () => (await import('@/features/certificate_design/pages/DesignPage')).DesignPage,
  EditPersonPage: async () => (await import('@/features/person/pages/EditPersonPage')).EditPersonPage,
  HandoverPage: async () => (await import('@/features/handover/pages/HandoverPage')).HandoverPage,
  ImportPage: async () => (await import('@/features/person_import/pages/ImportPage')).ImportPage,
  ImportsPage: async () => (await import('@/features/person_import/pages/ImportsPage')).ImportsPage,
  IncidentPage: async () => (await import('@/features/incident/pages/IncidentPage')).IncidentPage,
  IncidentsPage: async () => (await import('@/features/incident/pages/IncidentsPage')).IncidentsPage,
  MailPage: async () => (await import('@/features/mail/pages/MailPage')).MailPage,
  MoodleImportPage: async () =>
    (await import('@/features/moodle_import/pages/MoodleImportPage')).MoodleImportPage,
  NewOrganisationPage: async () =>
    (await import('@/features/organisation/pages/NewOrganisationPage')).NewOrganisationPage,
  NewPersonPage: async () => (await import('@/features/person/pages/NewPersonPage')).NewPersonPage,
  NewRoundPage: async () => (await import('@/features/round/pages/NewRoundPage')).NewRoundPage,
  OfferPage: async () => (await import('@/features/catalogue/pages/OfferPage')).OfferPage,
  OrganisationPage: async () =>
    (await import('@/features/organisation/pages/OrganisationPage')).OrganisationPage,
  OrganisationsPage: async () =>
    (await import('@/features/organisation/pages/OrganisationsPage')).OrganisationsPage,
  PasswordFilePage: async () =>
    (await import('@/features/credential/pages/PasswordFilePage')).PasswordFilePage,
  PeoplePage: async () => (await import('@/features/person/pages/PeoplePage')).PeoplePage,
  PersonFieldsPage: async () =>
    (await import('@/features/person_field/pages/PersonFieldsPage')).PersonFieldsPage,
  PersonPage: async () => (await import('@/features/person/pages/PersonPage')).PersonPage,
  PlanPage: async () => (await import('@/features/department/pages/PlanPage')).PlanPage,
  QuestionImportPage: async () =>
    (await import('@/features/question/pages/QuestionImportPage')).QuestionImportPage,
  OperationPage: async () => (await import('@/features/operation/pages/OperationPage')).OperationPage,
  QuestionsPage: async () => (await import('@/features/question/pages/QuestionsPage')).QuestionsPage,
  ReminderSettingsPage: async () =>
    (await import('@/features/reminder/pages/ReminderSettingsPage')).ReminderSettingsPage,
  ReportPage: async () => (await import('@/features/report/pages/ReportPage')).ReportPage,
  RoundPage: async () => (await import('@/features/round/pages/RoundPage')).RoundPage,
  RoundRemindersPage: async () =>
    (await import('@/features/reminder/pages/RoundRemindersPage')).RoundRemindersPage,
  RoundsPage: async () => (await import('@/features/round/pages/RoundsPage')).RoundsPage,
  SecurityPage: async () => (await import('@/features/security/pages/SecurityPage')).SecurityPage,
  SharedRecordPage: async () =>
    (await import('@/features/training_record/pages/SharedRecordPage')).SharedRecordPage,
  SlipsPage: async () => (await import('@/features/credential/pages/SlipsPage')).SlipsPage,
  SurveysPage: async () => (await import('@/features/survey/pages/SurveysPage')).SurveysPage,
  TrainingRecordPage: async () =>
    (await import('@/features/training_record/pages/TrainingRecordPage')).TrainingRecordPage,
  YearRecordsPage: async () =>
    (await import('@/features/training_record/pages/YearRecordsPage')).YearRecordsPage,
}

export type OfficePage = keyof typeof officePages
