import { Alert, Anchor, Button, Stack, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { PageSkeleton } from '@/components/Skeletons'
import { StatusBadge } from '@/components/StatusBadge'
import { newKey } from '@/lib/api/idempotency-key'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { usePermission } from '@/lib/session'
import {
  addNote,
  type Incident,
  incidentKeys,
  incidentQuery,
  setIncidentState,
  updateIncident,
} from '../api/incidents'
import classes from '../components/Incident.module.css'
import { IncidentForm } from '../components/IncidentForm'

/** One incident: what is known, whom it concerns, what was done, how it ended. */
export function IncidentPage() {
  const { t } = useTranslation('incident')
  const { incidentId } = useParams({ from: '/shell/incidents/$incidentId' })
  const client = useQueryClient()
  const may = usePermission('incident:write')
  const query = useQuery(incidentQuery(incidentId))
  if (query.isPending) return <PageSkeleton />
  if (query.isLoadingError) return <ErrorState error={query.error} onRetry={() => query.refetch()} page />
  const incident = query.data
  const put = (next: Incident) => {
    client.setQueryData(incidentKeys.one(incident.id), next)
    return client.invalidateQueries({ queryKey: ['incidents', 'list'] })
  }
  const people = incident.people ?? []
  const open = incident.state === 'open'
  return (
    <>
      <PageHeader
        title={t('numbered', { number: incident.number, title: incident.title })}
        description={
          <>
            <StatusBadge tone={open ? 'late' : 'good'}>{t('state', { context: incident.state })}</StatusBadge>{' '}
            {t('noticed')} <DateText value={incident.noticed_at} time />
          </>
        }
        back={<Link to="/incidents">{t('list.title')}</Link>}
      />
      <div className={classes.sections}>
        {people.length > 0 && (
          <section className={classes.section}>
            <h2>{t('people')}</h2>
            <ul style={{ margin: 0 }}>
              {people.map((one) => (
                <li key={one.id}>
                  <Anchor component={Link} to={`/people/${one.id}`}>
                    {one.name}
                  </Anchor>
                </li>
              ))}
            </ul>
          </section>
        )}
        <section className={classes.section}>
          <h2>{t('facts')}</h2>
          {may && open ? (
            <IncidentForm
              key={incident.version}
              incident={incident}
              action={t('save')}
              onSave={async (input) => {
                await put(await updateIncident(incident.id, incident.version, input))
                tell(t('saved'))
              }}
            />
          ) : (
            (['overview', 'data_items', 'cause', 'measures'] as const).map((name) => (
              <div key={name}>
                <strong>{t('about', { context: name })}</strong>
                <p className={classes.text}>{incident[name] || t('nothing')}</p>
              </div>
            ))
          )}
        </section>
        <Notes incident={incident} may={may} onChange={put} />
        <End incident={incident} may={may} onChange={put} />
      </div>
    </>
  )
}

interface PartProps {
  incident: Incident
  may: boolean
  onChange: (next: Incident) => Promise<void>
}

function Notes({ incident, may, onChange }: PartProps) {
  const { t } = useTranslation('incident')
  const problemText = useProblem()
  const [body, setBody] = useState('')
  const add = useMutation({
    mutationFn: (key: string) => addNote(incident.id, body, key),
    onSuccess: (next) => {
      setBody('')
      return onChange(next)
    },
  })
  const notes = incident.notes ?? []
  return (
    <section className={classes.section}>
      <h2>{t('notes')}</h2>
      <ol className={classes.notes}>
        {notes.map((note) => (
          <li key={note.id}>
            <p>{note.body}</p>
            <small>
              <DateText value={note.created_at} time /> {note.author}
            </small>
          </li>
        ))}
      </ol>
      {notes.length === 0 && <p style={{ margin: 0 }}>{t('noNotes')}</p>}
      {may && (
        <Stack>
          <Textarea
            label={t('note')}
            description={t('noteHelp')}
            autosize
            minRows={2}
            maxLength={4000}
            value={body}
            onChange={(event) => setBody(event.currentTarget.value)}
          />
          {add.isError && (
            <Alert color="red" role="alert">
              {problemText(add.error).sentence}
            </Alert>
          )}
          <div>
            <Button
              variant="default"
              loading={add.isPending}
              disabled={body.trim() === ''}
              onClick={() => add.mutate(newKey())}
            >
              {t('addNote')}
            </Button>
          </div>
        </Stack>
      )}
    </section>
  )
}

function End({ incident, may, onChange }: PartProps) {
  const { t } = useTranslation('incident')
  const problemText = useProblem()
  const [conclusion, setConclusion] = useState(incident.conclusion)
  const open = incident.state === 'open'
  const set = useMutation({
    mutationFn: () => setIncidentState(incident, open ? 'closed' : 'open', conclusion),
    onSuccess: onChange,
  })
  return (
    <section className={classes.section}>
      <h2>{t('end')}</h2>
      {!open && <p className={classes.text}>{incident.conclusion}</p>}
      {open && may && (
        <Textarea
          label={t('conclusion')}
          description={t('conclusionHelp')}
          autosize
          minRows={2}
          maxLength={4000}
          value={conclusion}
          onChange={(event) => setConclusion(event.currentTarget.value)}
        />
      )}
      {set.isError && (
        <Alert color="red" role="alert">
          {problemText(set.error).sentence}
        </Alert>
      )}
      {may && (
        <div>
          <Button
            variant="default"
            loading={set.isPending}
            disabled={open && conclusion.trim() === ''}
            onClick={() => set.mutate()}
          >
            {open ? t('close') : t('reopen')}
          </Button>
        </div>
      )}
    </section>
  )
}
