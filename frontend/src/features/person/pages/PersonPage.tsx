import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { PostsSection } from '@/components/department/PostsSection'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { PageSkeleton } from '@/components/Skeletons'
import { usePermission, useSession } from '@/lib/session'
import { type Person, personFieldsQuery, personQuery } from '../api/people'
import classes from '../components/Person.module.css'
import { PersonAccount } from '../components/PersonAccount'
import { PersonDossier } from '../components/PersonDossier'
import { PersonPlace } from '../components/PersonPlace'
import { shownValue } from '../components/usePeopleColumns'

/** One person: what is kept about them, how they log in, whether they take part. */
export function PersonPage() {
  const { t } = useTranslation('person')
  const { personId } = useParams({ from: '/shell/people/$personId' })
  const query = useQuery(personQuery(personId))
  const session = useSession()
  const mayWrite = usePermission('person:write')
  const mayRead = usePermission('record:read')
  if (query.isPending) return <PageSkeleton />
  if (query.isLoadingError) return <ErrorState error={query.error} onRetry={() => query.refetch()} page />
  const person = query.data
  const guarded =
    person.state === 'anonymised' ||
    (person.roles?.includes('manager') && !session.roles?.includes('manager'))
  return (
    <>
      <PageHeader
        title={person.name}
        description={person.name_kana}
        back={<Link to="/people">{t('detail.back')}</Link>}
        action={
          mayWrite &&
          !guarded && (
            <Button component={Link} to={`/people/${person.id}/edit`}>
              {t('detail.edit')}
            </Button>
          )
        }
      />
      <div className={classes.sections}>
        <Facts person={person} />
        <PostsSection personId={person.id} {...(classes.section && { className: classes.section })} />
        {mayRead && <PersonDossier person={person} />}
        <PersonAccount key={person.id} person={person} />
        <PersonPlace person={person} />
      </div>
    </>
  )
}

function Facts({ person }: { person: Person }) {
  const { t } = useTranslation('person')
  const none = t('detail.none')
  const fields = useQuery(personFieldsQuery).data ?? []
  const roles = (person.roles ?? []).filter((role) => role !== 'staff')
  return (
    <section className={classes.section}>
      <h2>{t('detail.facts')}</h2>
      <dl className={classes.facts}>
        <dt>{t('field.employee_number')}</dt>
        <dd>{person.employee_number || none}</dd>
        <dt>{t('field.email')}</dt>
        <dd>{person.email || none}</dd>
        <dt>{t('field.departments')}</dt>
        <dd>{(person.departments ?? []).map((one) => one.name).join(t('list.separator')) || none}</dd>
        <dt>{t('field.employment_kind')}</dt>
        <dd>{t('kind', { context: person.employment_kind })}</dd>
        <dt>{t('field.joined_on')}</dt>
        <dd>{person.joined_on ? <DateText value={person.joined_on} /> : none}</dd>
        <dt>{t('field.roles')}</dt>
        <dd>{roles.map((role) => t('roleName', { context: role })).join(t('list.separator')) || none}</dd>
        {fields.map((field) => (
          <Fragment key={field.id}>
            <dt>{field.name}</dt>
            <dd>{shownValue(field, person.fields[field.id]) || none}</dd>
          </Fragment>
        ))}
      </dl>
    </section>
  )
}
