import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type Probe, probeQuery } from '../api/assignment'
import { AffectedPeople } from './AffectedPeople'
import { AffectedWords } from './AffectedWords'
import classes from './AudiencePreview.module.css'
import { type AudienceDraft, audienceOf, isEmpty } from './audience'

interface AudiencePreviewProps {
  draft: AudienceDraft
  round?: string
  dates?: Probe['dates']
}

/** Whom the choice reaches now: how many, by which rule, and by name. */
export function AudiencePreview({ draft, round, dates }: AudiencePreviewProps) {
  const { t } = useTranslation('round')
  const [settled] = useDebouncedValue(draft, 200)
  const nothing = round ? draft.rules.length === 0 : isEmpty(draft)
  const probe: Probe = {
    ...(round && { round }),
    ...(dates && { dates }),
    change: { add: audienceOf(settled) },
  }
  const { data, isError } = useQuery({
    ...probeQuery(probe),
    enabled: round ? settled.rules.length > 0 : !isEmpty(settled),
    placeholderData: keepPreviousData,
  })
  if (nothing) return <p className={classes.none}>{t('preview.none')}</p>
  return (
    <div className={classes.preview}>
      <div aria-live="polite">
        {isError ? (
          <p className={classes.count}>{t('preview.failed')}</p>
        ) : (
          <AffectedWords affected={data} inRound={Boolean(round)} />
        )}
      </div>
      {data && !isError && <AffectedPeople probe={probe} affected={data} />}
    </div>
  )
}
