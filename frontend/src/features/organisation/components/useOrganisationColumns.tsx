import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Column } from '@/components/table/types'
import type { Organisation } from '../api/organisations'
import { ManagerState } from './ManagerState'
import { OrganisationState } from './OrganisationState'

/** What the register shows of each organisation. */
export function useOrganisationColumns(): Column<Organisation>[] {
  const { t } = useTranslation('organisation')
  return useMemo(
    () => [
      {
        id: 'name',
        header: t('field.name'),
        card: 'title',
        cell: (one) => one.name,
      },
      { id: 'code', header: t('field.code'), width: '9rem', cell: (one) => <code>{one.code}</code> },
      { id: 'manager', header: t('field.manager'), width: '12rem', cell: (one) => one.manager.name },
      {
        id: 'last',
        header: t('field.lastLogin'),
        width: '11rem',
        cell: (one) => <ManagerState manager={one.manager} />,
      },
      {
        id: 'people',
        header: t('field.people'),
        width: '7rem',
        align: 'end',
        cell: (one) => t('count', { count: one.people }),
      },
      {
        id: 'state',
        header: t('field.state'),
        width: '8rem',
        cell: (one) => <OrganisationState state={one.state} />,
      },
    ],
    [t],
  )
}
