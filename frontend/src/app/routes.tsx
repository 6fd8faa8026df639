import {
  type AsyncRouteComponent,
  createRootRoute,
  createRoute,
  lazyRouteComponent,
} from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { type Resource, resources } from '@/features/audit/resources'
import { readCatalogueFilter } from '@/features/catalogue/api/filter'
import { readMailFilter } from '@/features/mail/api/filter'
import { readMediaFilter } from '@/features/media/api/filter'
import { readFilter } from '@/features/person/api/search'
import { type ConcernKind, concernKinds } from '@/lib/concern-kinds'
import { readEnrolmentFilter, readRoundCopy } from '@/lib/enrolment-filter'
import { readReportSearch } from '@/lib/report-search'
import { lessonAhead } from './ahead'
import type { OfficePage } from './office-pages'
import { StartPage } from './pages/StartPage'
import { BareLayout } from './shell/BareLayout'
import { RootLayout } from './shell/RootLayout'
import { ShellLayout } from './shell/ShellLayout'
import { UnknownAddress } from './shell/UnknownPage'
import { loadTexts } from './texts'

declare module '@tanstack/react-router' {
  interface StaticDataRouteOption {
    /** The page exists only for people who hold this permission; for others it is an unknown page. */
    permission?: string
  }
}

/** A page of those who manage, edit or run something: where its code is stands in a file that learners never fetch. */
const office = (name: OfficePage): AsyncRouteComponent<unknown> =>
  lazyRouteComponent<{ default: () => ReactNode }>(async () => ({
    default: await (await import('./office-pages')).officePages[name](),
  }))

/** The words of the features that a page uses, fetched while its code is. */
const texts = (...features: string[]) => ({ loader: () => loadTexts(...features) })

const root = createRootRoute({
  component: RootLayout,
  notFoundComponent: UnknownAddress,
})

/** Three frames: with the menu, without it (player, print; log-in needed), and open to everybody (log-in, verification). */
const shell = createRoute({ getParentRoute: () => root, id: 'shell', component: ShellLayout })
const bare = createRoute({ getParentRoute: () => root, id: 'bare', component: BareLayout })
const open = createRoute({ getParentRoute: () => root, id: 'open' })

const home = createRoute({
  getParentRoute: () => shell,
  path: '/',
  component: StartPage,
})

const learning = createRoute({
  getParentRoute: () => shell,
  path: '/learn',
  staticData: { permission: 'learning:own' },
  component: lazyRouteComponent(() => import('@/features/home/pages/LearnerHomePage'), 'LearnerHomePage'),
  ...texts('home'),
})

const course = createRoute({
  getParentRoute: () => shell,
  path: '/learn/$enrolment',
  staticData: { permission: 'learning:own' },
  component: lazyRouteComponent(() => import('@/features/player/pages/CoursePage'), 'CoursePage'),
  ...texts('player'),
})

const player = createRoute({
  getParentRoute: () => bare,
  path: '/learn/$enrolment/$lesson',
  staticData: { permission: 'learning:own' },
  component: lazyRouteComponent(() => import('@/features/player/pages/PlayerPage'), 'PlayerPage'),
  loader: ({ params, preload }) => {
    if (!preload) lessonAhead(params.enrolment, params.lesson)
    return loadTexts('player')
  },
})

const notes = createRoute({
  getParentRoute: () => shell,
  path: '/notes',
  staticData: { permission: 'learning:own' },
  component: lazyRouteComponent(() => import('@/features/player/pages/NotesPage'), 'NotesPage'),
  ...texts('player'),
})

const certificates = createRoute({
  getParentRoute: () => shell,
  path: '/certificates',
  staticData: { permission: 'learning:own' },
  component: lazyRouteComponent(
    () => import('@/features/certificate/pages/CertificatesPage'),
    'CertificatesPage',
  ),
  ...texts('certificate'),
})

const verify = (path: '/verify' | '/verify/$code') =>
  createRoute({
    getParentRoute: () => open,
    path,
    component: lazyRouteComponent(() => import('@/features/verify/pages/VerifyPage'), 'VerifyPage'),
    ...texts('verify'),
  })

const accessibility = createRoute({
  getParentRoute: () => open,
  path: '/accessibility',
  component: lazyRouteComponent(
    () => import('@/features/accessibility/pages/AccessibilityPage'),
    'AccessibilityPage',
  ),
  ...texts('accessibility'),
})

const login = createRoute({
  getParentRoute: () => open,
  path: '/login',
  validateSearch: (search): { code?: string } =>
    typeof search.code === 'string' ? { code: search.code.slice(0, 32) } : {},
  component: lazyRouteComponent(() => import('./pages/LoginRoute'), 'LoginRoute'),
  ...texts('auth'),
})

const account = createRoute({
  getParentRoute: () => shell,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/AccountRoute'), 'AccountRoute'),
  ...texts('auth', 'security'),
})

const security = createRoute({
  getParentRoute: () => shell,
  path: '/settings/security',
  staticData: { permission: 'security:read' },
  component: office('SecurityPage'),
  ...texts('security'),
})

const organisations = createRoute({
  getParentRoute: () => shell,
  path: '/organisations',
  validateSearch: (search): { q?: string; state?: 'active' | 'suspended' } => ({
    ...(typeof search.q === 'string' && search.q !== '' && { q: search.q.slice(0, 100) }),
    ...((search.state === 'active' || search.state === 'suspended') && { state: search.state }),
  }),
  staticData: { permission: 'organisation:read' },
  component: office('OrganisationsPage'),
  ...texts('organisation'),
})

const newOrganisation = createRoute({
  getParentRoute: () => shell,
  path: '/organisations/new',
  staticData: { permission: 'organisation:credential' },
  component: office('NewOrganisationPage'),
  ...texts('organisation'),
})

const organisation = createRoute({
  getParentRoute: () => shell,
  path: '/organisations/$organisationId',
  staticData: { permission: 'organisation:read' },
  component: office('OrganisationPage'),
  ...texts('organisation'),
})

const certificateDesign = createRoute({
  getParentRoute: () => shell,
  path: '/settings/certificates',
  staticData: { permission: 'certificate_design:read' },
  component: office('DesignPage'),
  ...texts('certificate_design'),
})

const audit = createRoute({
  getParentRoute: () => shell,
  path: '/audit',
  validateSearch: (search): { about?: Resource; subject?: string } => {
    const about = resources.find((one) => one === search.about)
    const subject = typeof search.subject === 'string' && /^[0-9a-f-]{36}$/.test(search.subject)
    return { ...(about && { about }), ...(subject && { subject: String(search.subject) }) }
  },
  staticData: { permission: 'audit:read' },
  component: office('AuditPage'),
  ...texts('audit'),
})

const operation = createRoute({
  getParentRoute: () => shell,
  path: '/operation',
  staticData: { permission: 'job:read' },
  component: office('OperationPage'),
  ...texts('operation'),
})

const dashboard = createRoute({
  getParentRoute: () => shell,
  path: '/dashboard',
  staticData: { permission: 'report:read' },
  component: office('DashboardPage'),
  ...texts('dashboard', 'department', 'round'),
})

const report = createRoute({
  getParentRoute: () => shell,
  path: '/report',
  staticData: { permission: 'report:read' },
  validateSearch: readReportSearch,
  component: office('ReportPage'),
  ...texts('report'),
})

const rounds = createRoute({
  getParentRoute: () => shell,
  path: '/rounds',
  staticData: { permission: 'round:read' },
  component: office('RoundsPage'),
  ...texts('round'),
})

const newRound = createRoute({
  getParentRoute: () => shell,
  path: '/rounds/new',
  staticData: { permission: 'round:write' },
  validateSearch: readRoundCopy,
  component: office('NewRoundPage'),
  ...texts('round'),
})

const round = createRoute({
  getParentRoute: () => shell,
  path: '/rounds/$roundId',
  staticData: { permission: 'round:read' },
  validateSearch: readEnrolmentFilter,
  component: office('RoundPage'),
  ...texts('round'),
})

const handover = createRoute({
  getParentRoute: () => shell,
  path: '/handover',
  component: office('HandoverPage'),
  ...texts('handover'),
})

const yearRecords = createRoute({
  getParentRoute: () => shell,
  path: '/records',
  validateSearch: (search): { year?: number } =>
    Number.isInteger(search.year) ? { year: Number(search.year) } : {},
  staticData: { permission: 'record:read' },
  component: office('YearRecordsPage'),
  ...texts('training_record'),
})

const sharedRecord = createRoute({
  getParentRoute: () => open,
  path: '/shared-record',
  component: office('SharedRecordPage'),
  ...texts('training_record'),
})

const trainingRecord = createRoute({
  getParentRoute: () => shell,
  path: '/rounds/$roundId/record',
  staticData: { permission: 'record:read' },
  component: office('TrainingRecordPage'),
  ...texts('training_record'),
})

const surveys = createRoute({
  getParentRoute: () => shell,
  path: '/rounds/$roundId/surveys',
  staticData: { permission: 'report:read' },
  component: office('SurveysPage'),
  ...texts('survey'),
})

const mail = createRoute({
  getParentRoute: () => shell,
  path: '/mail',
  validateSearch: readMailFilter,
  staticData: { permission: 'mail:read' },
  component: office('MailPage'),
  ...texts('mail'),
})

const roundReminders = createRoute({
  getParentRoute: () => shell,
  path: '/rounds/$roundId/reminders',
  staticData: { permission: 'reminder:read' },
  component: office('RoundRemindersPage'),
  ...texts('reminder'),
})

const reminderSettings = createRoute({
  getParentRoute: () => shell,
  path: '/settings/reminders',
  validateSearch: (search): { tab?: 'days' | 'words' | 'forecast' } =>
    search.tab === 'words' || search.tab === 'forecast' ? { tab: search.tab } : {},
  staticData: { permission: 'reminder:read' },
  component: office('ReminderSettingsPage'),
  ...texts('reminder'),
})

const personFields = createRoute({
  getParentRoute: () => shell,
  path: '/settings/fields',
  staticData: { permission: 'person_field:write' },
  component: office('PersonFieldsPage'),
  ...texts('person_field'),
})

const people = createRoute({
  getParentRoute: () => shell,
  path: '/people',
  validateSearch: readFilter,
  staticData: { permission: 'person:read' },
  component: office('PeoplePage'),
  ...texts('person', 'credential'),
})

const newPerson = createRoute({
  getParentRoute: () => shell,
  path: '/people/new',
  staticData: { permission: 'person:write' },
  component: office('NewPersonPage'),
  ...texts('person'),
})

const importPeople = createRoute({
  getParentRoute: () => shell,
  path: '/people/import',
  validateSearch: (search): { id?: string } =>
    typeof search.id === 'string' && /^[0-9a-f-]{36}$/.test(search.id) ? { id: search.id } : {},
  staticData: { permission: 'person:import' },
  component: office('ImportPage'),
  ...texts('person_import'),
})

const concern = createRoute({
  getParentRoute: () => shell,
  path: '/people/concern',
  validateSearch: (search): { kind?: ConcernKind } => {
    const kind = concernKinds.find((one) => one === search.kind)
    return kind ? { kind } : {}
  },
  staticData: { permission: 'person:read' },
  component: office('ConcernPage'),
  ...texts('credential'),
})

const slips = createRoute({
  getParentRoute: () => shell,
  path: '/people/slips',
  staticData: { permission: 'person:credential' },
  component: office('SlipsPage'),
  ...texts('credential'),
})

const passwordFile = createRoute({
  getParentRoute: () => shell,
  path: '/people/passwords',
  validateSearch: (search): { id?: string } =>
    typeof search.id === 'string' && /^[0-9a-f-]{36}$/.test(search.id) ? { id: search.id } : {},
  staticData: { permission: 'person:credential' },
  component: office('PasswordFilePage'),
  ...texts('credential'),
})

const incidents = createRoute({
  getParentRoute: () => shell,
  path: '/incidents',
  staticData: { permission: 'incident:read' },
  component: office('IncidentsPage'),
  ...texts('incident'),
})

const incident = createRoute({
  getParentRoute: () => shell,
  path: '/incidents/$incidentId',
  staticData: { permission: 'incident:read' },
  component: office('IncidentPage'),
  ...texts('incident'),
})

const imports = createRoute({
  getParentRoute: () => shell,
  path: '/people/imports',
  staticData: { permission: 'person:import' },
  component: office('ImportsPage'),
  ...texts('person_import'),
})

const automaticImport = createRoute({
  getParentRoute: () => shell,
  path: '/people/imports/automatic',
  staticData: { permission: 'api_token:read' },
  component: office('AutomaticPage'),
  ...texts('person_import'),
})

const person = createRoute({
  getParentRoute: () => shell,
  path: '/people/$personId',
  staticData: { permission: 'person:read' },
  component: office('PersonPage'),
  ...texts('person', 'credential', 'department'),
})

const editPerson = createRoute({
  getParentRoute: () => shell,
  path: '/people/$personId/edit',
  staticData: { permission: 'person:write' },
  component: office('EditPersonPage'),
  ...texts('person'),
})

const departments = createRoute({
  getParentRoute: () => shell,
  path: '/departments',
  staticData: { permission: 'department:read' },
  component: office('DepartmentsPage'),
  ...texts('department'),
})

const departmentPlan = (path: '/departments/plans/new' | '/departments/plans/$planId') =>
  createRoute({
    getParentRoute: () => shell,
    path,
    staticData: { permission: 'department:read' },
    component: office('PlanPage'),
    ...texts('department'),
  })

const courses = createRoute({
  getParentRoute: () => shell,
  path: '/courses',
  component: office('CoursesPage'),
  staticData: { permission: 'course:read' },
  ...texts('course'),
})

const catalogue = createRoute({
  getParentRoute: () => shell,
  path: '/catalogue',
  validateSearch: readCatalogueFilter,
  component: office('CataloguePage'),
  staticData: { permission: 'catalogue:read' },
  ...texts('catalogue'),
})

const offer = createRoute({
  getParentRoute: () => shell,
  path: '/catalogue/$courseId',
  component: office('OfferPage'),
  staticData: { permission: 'catalogue:read' },
  ...texts('catalogue', 'course'),
})

const media = createRoute({
  getParentRoute: () => shell,
  path: '/media',
  validateSearch: readMediaFilter,
  component: lazyRouteComponent(() => import('@/features/media/pages/MediaPage'), 'MediaPage'),
  staticData: { permission: 'course:read' },
  ...texts('media'),
})

const courseDesk = createRoute({
  getParentRoute: () => shell,
  path: '/courses/$courseId',
  validateSearch: (search): { lesson?: string } =>
    typeof search.lesson === 'string' ? { lesson: search.lesson } : {},
  component: office('CourseDesk'),
  staticData: { permission: 'course:read' },
  ...texts('course', 'question', 'media'),
})

const moodleImport = createRoute({
  getParentRoute: () => shell,
  path: '/courses/import',
  validateSearch: (search): { file?: string } =>
    typeof search.file === 'string' ? { file: search.file } : {},
  component: office('MoodleImportPage'),
  staticData: { permission: 'course:write' },
  ...texts('moodle_import', 'media'),
})

const questions = createRoute({
  getParentRoute: () => shell,
  path: '/questions',
  component: office('QuestionsPage'),
  staticData: { permission: 'question:read' },
  ...texts('question'),
})

const questionImport = createRoute({
  getParentRoute: () => shell,
  path: '/questions/import',
  validateSearch: (search): { file?: string } =>
    typeof search.file === 'string' ? { file: search.file } : {},
  component: office('QuestionImportPage'),
  staticData: { permission: 'question:write' },
  ...texts('question'),
})

/** Every page of the product. One line per page; the code and words of a page are fetched when it is opened. */
export const routeTree = root.addChildren([
  shell.addChildren([
    home,
    learning,
    account,
    security,
    dashboard,
    report,
    rounds,
    newRound,
    round,
    trainingRecord,
    surveys,
    yearRecords,
    handover,
    mail,
    roundReminders,
    reminderSettings,
    organisations,
    newOrganisation,
    organisation,
    audit,
    operation,
    course,
    notes,
    certificates,
    certificateDesign,
    people,
    personFields,
    newPerson,
    importPeople,
    concern,
    slips,
    passwordFile,
    incidents,
    incident,
    imports,
    automaticImport,
    person,
    editPerson,
    departments,
    departmentPlan('/departments/plans/new'),
    departmentPlan('/departments/plans/$planId'),
    courses,
    catalogue,
    offer,
    questions,
    questionImport,
    courseDesk,
    moodleImport,
    media,
  ]),
  bare.addChildren([player]),
  open.addChildren([login, accessibility, sharedRecord, verify('/verify'), verify('/verify/$code')]),
])
