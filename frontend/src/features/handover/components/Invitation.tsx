import { Alert, Button, Group, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDateTime } from '@/lib/format'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { sessionQuery, useSession } from '@/lib/session'
import { acceptHandover, declineHandover, type Handover, handoverKeys } from '../api/handovers'
import classes from './Handover.module.css'

/** The question to the successor: what it means, yes or no. */
export function Invitation({ handover }: { handover: Handover }) {
  const { t } = useTranslation('handover')
  const { organisation } = useSession()
  const client = useQueryClient()
  const navigate = useNavigate()
  const words = useProblem()
  const [declining, setDeclining] = useState(false)
  const [answerText, setAnswerText] = useState('')
  const answer = useMutation({
    mutationFn: (yes: boolean) =>
      yes ? acceptHandover(handover.id) : declineHandover(handover.id, answerText),
    onSuccess: async (_, yes) => {
      await client.invalidateQueries({ queryKey: sessionQuery.queryKey })
      await client.invalidateQueries({ queryKey: handoverKeys.all })
      tell(t(yes ? 'invitation.accepted' : 'invitation.declined'))
      await navigate({ to: '/' })
    },
  })
  const duties = ['people', 'training', 'record', 'incident'] as const
  return (
    <section className={classes.card} aria-labelledby="invitation-heading">
      <h2 id="invitation-heading">{t('invitation.title', { organisation: organisation.name })}</h2>
      <p>
        {handover.offered_by === 'association'
          ? t('invitation.byAssociation', { from: handover.from.name })
          : t('invitation.by', { from: handover.from.name })}
      </p>
      {handover.note && <blockquote>{handover.note}</blockquote>}
      <p>{t('invitation.duties')}</p>
      <ul>
        {duties.map((duty) => (
          <li key={duty}>{t('duty', { context: duty })}</li>
        ))}
      </ul>
      <p>{t(handover.keep_as_deputy ? 'keepYes' : 'keepNo', { name: handover.from.name })}</p>
      <p>{t('invitation.until', { until: formatDateTime(handover.expires_at) })}</p>
      {answer.isError && (
        <Alert color="red" role="alert">
          {words(answer.error).sentence}
        </Alert>
      )}
      {declining && (
        <Textarea
          label={t('invitation.answer')}
          description={t('invitation.answerHelp')}
          autosize
          minRows={2}
          maxLength={500}
          data-autofocus
          value={answerText}
          onChange={(event) => setAnswerText(event.currentTarget.value)}
        />
      )}
      <Group>
        <Button
          size="md"
          loading={answer.isPending && answer.variables}
          disabled={answer.isPending}
          onClick={() => answer.mutate(true)}
        >
          {t('invitation.accept')}
        </Button>
        <Button
          size="md"
          variant="default"
          loading={answer.isPending && !answer.variables}
          disabled={answer.isPending}
          onClick={() => (declining ? answer.mutate(false) : setDeclining(true))}
        >
          {t(declining ? 'invitation.answerAction' : 'invitation.decline')}
        </Button>
      </Group>
    </section>
  )
}
