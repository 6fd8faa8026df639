import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import type { Column } from '@/components/table/types'
import type { AuditEvent } from '../api/events'
import { Actor } from './Actor'
import classes from './Audit.module.css'
import { useSentenceOf } from './Sentence'

/** When, what, who, from where. */
export function useAuditColumns(): Column<AuditEvent>[] {
  const { t } = useTranslation('audit')
  const sentence = useSentenceOf()
  return useMemo(
    () => [
      {
        id: 'when',
        header: t('column.when'),
        width: '10.5rem',
        cell: (event) => <DateText value={event.happened_at} time />,
      },
      {
        id: 'what',
        header: t('column.what'),
        card: 'title',
        cell: (event) => (
          <>
            {sentence(event)}
            {reasonOf(event) !== '' && (
              <span className={classes.reason}>{t('reason', { reason: reasonOf(event) })}</span>
            )}
          </>
        ),
      },
      { id: 'who', header: t('column.who'), width: '12rem', cell: (event) => <Actor event={event} /> },
      {
        id: 'source',
        header: t('column.source'),
        width: '10rem',
        cell: (event) => event.source || t('inside'),
      },
    ],
    [t, sentence],
  )
}

/** Why, where a reason was asked for: of the act, or of each person it was done to. */
function reasonOf(event: AuditEvent): string {
  const detail = event.detail as Record<string, unknown>
  if (event.reason !== '') return event.reason
  return typeof detail.reason === 'string' ? detail.reason : ''
}
