import { Alert, Anchor, Button, Group, Progress, Stack } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDateTime, formatNumber } from '@/lib/format'
import { useProblem } from '@/lib/problem-text'
import { endSlips, type SlipFormat, slipKeys, slipQuery, takeSlips } from '@/lib/slips'

interface SlipProgressProps {
  id: string
  format: SlipFormat
  /** Save the slips by itself as soon as they are ready. */
  save?: boolean
  onClose?: () => void
}

/** How far a batch is; when it is ready the slips are saved, and afterwards put out of reach. */
export function SlipProgress({ id, format, save, onClose }: SlipProgressProps) {
  const { t } = useTranslation('credential')
  const client = useQueryClient()
  const problemText = useProblem()
  const batch = useQuery(slipQuery(id)).data
  const refresh = () => client.invalidateQueries({ queryKey: slipKeys.all })
  const take = useMutation({ mutationFn: () => takeSlips(id, format), onSettled: refresh })
  const end = useMutation({ mutationFn: () => endSlips(id), onSuccess: onClose, onSettled: refresh })
  const began = useRef(false)
  const ready = batch?.state === 'ready'
  const { mutate } = take
  useEffect(() => {
    if (save && ready && !began.current) {
      began.current = true
      mutate()
    }
  }, [save, ready, mutate])
  if (!batch) return <p role="status">{t('slip.looking')}</p>
  const figures = { done: formatNumber(batch.issued), total: formatNumber(batch.total) }
  return (
    <Stack>
      <div role="status" aria-live="polite">
        <p>
          {t('batch.text', { context: batch.state, ...figures, until: formatDateTime(batch.keep_until) })}
        </p>
        {batch.state === 'queued' && (
          <Progress
            value={batch.total > 0 ? (100 * batch.issued) / batch.total : 0}
            aria-label={t('batch.progress')}
          />
        )}
      </div>
      {batch.changed > 0 && (
        <Alert color="yellow" title={t('batch.changed', { count: batch.changed })}>
          {t('batch.changedText')}
          <ul>
            {(batch.refused ?? [])
              .filter((one) => one.reason === 'changed')
              .slice(0, 20)
              .map((one) => (
                <li key={one.person.id}>{one.person.name}</li>
              ))}
          </ul>
        </Alert>
      )}
      {(take.isError || end.isError) && (
        <Alert color="red" role="alert">
          {problemText(take.error ?? end.error).sentence}
        </Alert>
      )}
      {batch.state === 'queued' && onClose && (
        <p>
          {t('batch.leave')}{' '}
          <Anchor component={Link} to="/people/slips">
            {t('batch.list')}
          </Anchor>
        </p>
      )}
      <Group justify="flex-end">
        {batch.mine && batch.printable && (
          <Button
            variant={batch.state === 'taken' ? 'default' : 'filled'}
            style={{ order: batch.state === 'taken' ? 0 : 1 }}
            loading={take.isPending}
            onClick={() => take.mutate()}
          >
            {batch.state === 'taken' ? t('batch.again') : t('batch.save')}
          </Button>
        )}
        {batch.mine && batch.printable && (
          <Button
            variant={batch.state === 'taken' ? 'filled' : 'default'}
            loading={end.isPending}
            onClick={() => end.mutate()}
          >
            {batch.state === 'taken' ? t('batch.done') : t('batch.drop')}
          </Button>
        )}
        {onClose && (batch.state === 'queued' || !batch.printable) && (
          <Button variant="default" onClick={onClose}>
            {t('common:action.close')}
          </Button>
        )}
      </Group>
    </Stack>
  )
}
