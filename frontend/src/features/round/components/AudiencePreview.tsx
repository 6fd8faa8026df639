import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '@/lib/format'
import { previewQuery } from '../api/rounds'
import classes from './AudiencePreview.module.css'
import { type AudienceDraft, audienceOf, isEmpty } from './audience'

/** Whom the choice reaches now: how many, and by name. */
export function AudiencePreview({ draft }: { draft: AudienceDraft }) {
  const { t } = useTranslation('round')
  const [settled] = useDebouncedValue(draft, 200)
  const empty = isEmpty(draft)
  const { data } = useQuery({
    ...previewQuery(audienceOf(settled)),
    enabled: !isEmpty(settled),
    placeholderData: keepPreviousData,
  })
  if (empty) return <p className={classes.none}>{t('preview.none')}</p>
  return (
    <div className={classes.preview} aria-live="polite">
      <p className={classes.count}>
        {t('preview.now')} <strong>{data ? formatNumber(data.total) : '…'}</strong>
        {t('people')}
      </p>
      {data && data.without_email > 0 && (
        <p className={classes.note}>{t('preview.withoutEmail', { count: data.without_email })}</p>
      )}
      {data && data.total > 0 && (
        <details>
          <summary>{t('preview.names')}</summary>
          <ul className={classes.names}>
            {data.people.map((person) => (
              <li key={person.id}>{person.name}</li>
            ))}
          </ul>
          {data.total > data.people.length && (
            <p className={classes.note}>{t('andMore', { count: data.total - data.people.length })}</p>
          )}
        </details>
      )}
    </div>
  )
}
