import {
  IconActivity,
  IconAlertTriangle,
  IconBellRinging,
  IconBooks,
  IconBuilding,
  IconBuildings,
  IconCalendarEvent,
  IconChartBar,
  IconFileCertificate,
  IconForms,
  IconHistory,
  IconListCheck,
  IconMail,
  IconRosette,
  IconSchool,
  IconShieldLock,
  IconTable,
  IconUserShare,
  IconUsers,
} from '@tabler/icons-react'
import type { NavigationGroup } from './menu'

/**
 * The menu of those who manage, edit or run something, in the order it is shown; only they fetch it. Features add their entries here and their pages in
 * routes.tsx and office-pages.ts.
 */
export const navigation: NavigationGroup[] = [
  {
    name: 'manage',
    entries: [
      { to: '/dashboard', label: 'nav.dashboard', icon: IconChartBar, permission: 'report:read' },
      { to: '/rounds', label: 'nav.rounds', icon: IconCalendarEvent, permission: 'round:read' },
      { to: '/catalogue', label: 'nav.catalogue', icon: IconBooks, permission: 'catalogue:read' },
      { to: '/records', label: 'nav.records', icon: IconFileCertificate, permission: 'record:read' },
      { to: '/report', label: 'nav.report', icon: IconTable, permission: 'report:read' },
      { to: '/people', label: 'nav.people', icon: IconUsers, permission: 'person:read' },
      { to: '/departments', label: 'nav.departments', icon: IconBuilding, permission: 'department:read' },
      { to: '/incidents', label: 'nav.incidents', icon: IconAlertTriangle, permission: 'incident:read' },
      { to: '/mail', label: 'nav.mail', icon: IconMail, permission: 'mail:read' },
      { to: '/settings/fields', label: 'nav.fields', icon: IconForms, permission: 'person_field:write' },
      {
        to: '/settings/reminders',
        label: 'nav.reminders',
        icon: IconBellRinging,
        permission: 'reminder:read',
      },
      {
        to: '/settings/certificates',
        label: 'nav.certificateDesign',
        icon: IconRosette,
        permission: 'certificate_design:read',
      },
      { to: '/audit', label: 'nav.audit', icon: IconHistory, permission: 'audit:read' },
      { to: '/handover', label: 'nav.handover', icon: IconUserShare, permission: 'handover:read' },
      {
        to: '/settings/security',
        label: 'nav.security',
        icon: IconShieldLock,
        permission: 'security:read',
      },
    ],
  },
  {
    name: 'edit',
    entries: [
      { to: '/courses', label: 'nav.courses', icon: IconSchool, permission: 'course:read' },
      { to: '/questions', label: 'nav.questions', icon: IconListCheck, permission: 'question:read' },
    ],
  },
  {
    name: 'operate',
    entries: [
      {
        to: '/organisations',
        label: 'nav.organisations',
        icon: IconBuildings,
        permission: 'organisation:read',
      },
      { to: '/operation', label: 'nav.operation', icon: IconActivity, permission: 'job:read' },
    ],
  },
]
