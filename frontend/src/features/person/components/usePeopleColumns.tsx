import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import type { Column } from '@/components/table/types'
import type { Person } from '../api/people'
import { AccountBadge } from './AccountBadge'
import classes from './Person.module.css'
import { StateBadge } from './StateBadge'

/** The columns of the people list. */
export function usePeopleColumns(): Column<Person>[] {
  const { t } = useTranslation('person')
  return [
    {
      id: 'name',
      header: t('field.name'),
      card: 'title',
      sortable: true,
      width: '13rem',
      cell: (person) => (
        <span className={classes.name}>
          {person.name}
          {person.name_kana && <small>{person.name_kana}</small>}
          {person.state !== 'active' && <StateBadge person={person} />}
        </span>
      ),
    },
    {
      id: 'employee_number',
      header: t('field.employee_number'),
      width: '7.5rem',
      cell: (person) => person.employee_number,
    },
    {
      id: 'departments',
      header: t('field.departments'),
      cell: (person) => (person.departments ?? []).map((one) => one.name).join(t('list.separator')),
    },
    {
      id: 'login_id',
      header: t('field.login_id'),
      width: '10rem',
      sortable: true,
      cell: (person) => person.login_id,
    },
    {
      id: 'account',
      header: t('field.account'),
      width: '11.5rem',
      cell: (person) => <AccountBadge person={person} />,
    },
    {
      id: 'last_login',
      header: t('field.last_login'),
      width: '10.5rem',
      cell: (person) =>
        person.last_login_at ? <DateText value={person.last_login_at} time /> : t('list.never'),
    },
  ]
}
