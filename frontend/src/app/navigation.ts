import {
  IconAlertTriangle,
  IconBellRinging,
  IconBook2,
  IconBuilding,
  IconBuildings,
  IconCalendarEvent,
  IconCertificate,
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
  IconUserCircle,
  IconUserShare,
  IconUsers,
} from '@tabler/icons-react'
import type { LinkProps } from '@tanstack/react-router'
import type { ComponentType } from 'react'

/** One entry of the menu. It is shown only to people who hold `permission`; without one it is for everybody. */
export interface NavigationEntry {
  to: LinkProps['to']
  /** Key in the namespace `common`, under `nav`. */
  label: `nav.${string}`
  icon: ComponentType<{ size?: number | string; stroke?: number; 'aria-hidden'?: boolean }>
  permission?: string
}

/** Entries that belong together, under a heading `nav.group.<name>`. */
export interface NavigationGroup {
  name: 'learn' | 'manage' | 'edit' | 'operate' | 'self'
  entries: NavigationEntry[]
}

/** The menu, in the order it is shown. Features add their entries here and their pages in routes.tsx. */
export const navigation: NavigationGroup[] = [
  {
    name: 'learn',
    entries: [
      { to: '/learn', label: 'nav.learning', icon: IconBook2, permission: 'learning:own' },
      { to: '/certificates', label: 'nav.certificates', icon: IconCertificate, permission: 'learning:own' },
    ],
  },
  {
    name: 'manage',
    entries: [
      { to: '/dashboard', label: 'nav.dashboard', icon: IconChartBar, permission: 'report:read' },
      { to: '/rounds', label: 'nav.rounds', icon: IconCalendarEvent, permission: 'round:read' },
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
    ],
  },
  { name: 'self', entries: [{ to: '/account', label: 'nav.account', icon: IconUserCircle }] },
]

/** What a person with these permissions sees: no empty groups, nothing they may not do. */
export function visibleNavigation(permissions: readonly string[], groups = navigation): NavigationGroup[] {
  return groups
    .map((group) => ({
      ...group,
      entries: group.entries.filter((entry) => !entry.permission || permissions.includes(entry.permission)),
    }))
    .filter((group) => group.entries.length > 0)
}
