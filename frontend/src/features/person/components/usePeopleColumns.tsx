import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import type { Column } from '@/components/table/types'
import { formatDate } from '@/lib/format'
import { type Person, type PersonField, personFieldsQuery } from '../api/people'
import { AccountBadge } from './AccountBadge'
import classes from './Person.module.css'
import { StateBadge } from './StateBadge'

/** A value as people read it. */
export function shownValue(field: PersonField, value: string | undefined): string {
  return value && field.kind === 'date' ? formatDate(value) : (value ?? '')
}

/** The columns of the people list; own fields are those whose ids stand in shown. */
export function usePeopleColumns(shown: readonly string[]): Column<Person>[] {
  const { t } = useTranslation('person')
  const fields = useQuery(personFieldsQuery).data ?? []
  return [
    {
      id: 'name',
      header: t('field.name'),
      card: 'title',
      sortable: true,
      width: '11rem',
      cell: (person) => (
        <span className={classes.name}>
          {person.name}
          {person.name_kana && <small>{person.name_kana}</small>}
          {person.state !== 'active' && <StateBadge person={person} />}
          {person.leaves_on && <small>{t('list.leaves', { day: person.leaves_on })}</small>}
        </span>
      ),
    },
    {
      id: 'employee_number',
      header: t('field.employee_number'),
      width: '6.5rem',
      cell: (person) => person.employee_number,
    },
    {
      id: 'departments',
      header: t('field.departments'),
      width: '10rem',
      cell: (person) => (person.departments ?? []).map((one) => one.name).join(t('list.separator')),
    },
    {
      id: 'kind',
      header: t('field.employment_kind'),
      width: '6rem',
      cell: (person) => t('kind', { context: person.employment_kind }),
    },
    ...fields
      .filter((field) => shown.includes(field.id))
      .map((field) => ({
        id: field.id,
        header: field.name,
        width: '10rem',
        cell: (person: Person) => shownValue(field, person.fields[field.id]),
      })),
    {
      id: 'login_id',
      header: t('field.login_id'),
      width: '9rem',
      sortable: true,
      cell: (person) => person.login_id,
    },
    {
      id: 'account',
      header: t('field.account'),
      width: '9.5rem',
      cell: (person) => <AccountBadge person={person} />,
    },
    {
      id: 'last_login',
      header: t('field.last_login'),
      width: '10rem',
      cell: (person) =>
        person.last_login_at ? <DateText value={person.last_login_at} time /> : t('list.never'),
    },
  ]
}
