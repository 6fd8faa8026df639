import { Alert, Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { PageSkeleton } from '@/components/Skeletons'
import { asProblem } from '@/lib/api/problem'
import { tell } from '@/lib/messages'
import { type PersonInput, personKeys, personQuery, updatePerson } from '../api/people'
import classes from '../components/Person.module.css'
import { PersonForm } from '../components/PersonForm'

/** Changes one person. What somebody else changed meanwhile is never overwritten unseen. */
export function EditPersonPage() {
  const { t } = useTranslation('person')
  const { personId } = useParams({ from: '/shell/people/$personId/edit' })
  const navigate = useNavigate()
  const client = useQueryClient()
  // Read once: a form does not change under the hand.
  const query = useQuery({ ...personQuery(personId), staleTime: Number.POSITIVE_INFINITY })
  const [stale, setStale] = useState(false)
  if (query.isPending) return <PageSkeleton />
  if (query.isLoadingError) return <ErrorState error={query.error} onRetry={() => query.refetch()} page />
  const person = query.data
  const save = async (input: PersonInput) => {
    try {
      await updatePerson(person.id, person.version, input)
    } catch (error) {
      setStale(asProblem(error).key === 'changed_meanwhile')
      throw error
    }
    await client.invalidateQueries({ queryKey: personKeys.all })
    tell(t('edit.done'))
    await navigate({ to: '/people/$personId', params: { personId } })
  }
  return (
    <>
      <PageHeader
        title={t('edit.title', { name: person.name })}
        back={
          <Link to="/people/$personId" params={{ personId }}>
            {person.name}
          </Link>
        }
      />
      <div className={classes.sections}>
        {stale && (
          <Alert color="yellow">
            <p>{t('edit.stale')}</p>
            <Button
              variant="default"
              onClick={async () => {
                await query.refetch()
                setStale(false)
              }}
            >
              {t('edit.reload')}
            </Button>
          </Alert>
        )}
        <PersonForm
          key={person.version}
          person={person}
          action={t('edit.action')}
          onSave={save}
          cancel={
            <Button variant="default" component={Link} to={`/people/${personId}`}>
              {t('common:action.cancel')}
            </Button>
          }
        />
      </div>
    </>
  )
}
