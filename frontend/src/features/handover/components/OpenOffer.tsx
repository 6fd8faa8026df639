import { Button, Group } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { formatDateTime } from '@/lib/format'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { cancelHandover, type Handover, handoverKeys } from '../api/handovers'
import classes from './Handover.module.css'

/** An offer that waits for its answer: to whom, until when, and the way back. */
export function OpenOffer({ handover, may }: { handover: Handover; may: boolean }) {
  const { t } = useTranslation('handover')
  const client = useQueryClient()
  const words = useProblem()
  const cancel = useMutation({
    mutationFn: () => cancelHandover(handover.id),
    onSuccess: () => tell(t('open.cancelled')),
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
    onSettled: () => client.invalidateQueries({ queryKey: handoverKeys.all }),
  })
  return (
    <section className={classes.card} aria-labelledby="open-heading">
      <h2 id="open-heading">{t('open.title', { name: handover.to.name })}</h2>
      <p>{t('open.text', { until: formatDateTime(handover.expires_at), name: handover.to.name })}</p>
      {handover.offered_by === 'association' && <p>{t('open.association')}</p>}
      {handover.note && <blockquote>{handover.note}</blockquote>}
      <p>{t(handover.keep_as_deputy ? 'keepYes' : 'keepNo', { name: handover.from.name })}</p>
      {may && (
        <Group>
          <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {t('open.cancel')}
          </Button>
        </Group>
      )}
    </section>
  )
}
