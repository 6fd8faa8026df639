import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { ErrorState } from '@/components/ErrorState'
import { type UnderWay, UnderWayChoice } from '@/components/UnderWayChoice'
import { usePermission } from '@/lib/session'
import { catalogueKeys, type OfferDetail, takeVersion } from '../api/catalogue'
import classes from './Catalogue.module.css'
import { Lessons } from './Lessons'

/** What a newer version does differently, and the button that takes it. */
export function NewerVersion({ offer }: { offer: OfferDetail }) {
  const { t } = useTranslation('catalogue')
  const queries = useQueryClient()
  const mayTake = usePermission('catalogue:take')
  const [underWay, setUnderWay] = useState<UnderWay>('stay')
  const taking = useMutation({
    mutationFn: (version: string) => takeVersion(offer.course, version, underWay),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: catalogueKeys.all }),
        queries.invalidateQueries({ queryKey: ['round', 'catalogue'] }),
      ]),
  })
  const newer = offer.newer
  if (!newer)
    return (
      taking.isSuccess && (
        <div role="status">
          <p>{t('newer.taken', { number: offer.number })}</p>
          {underWay !== 'stay' && <p>{t('course:underWay.moving')}</p>}
        </div>
      )
    )
  return (
    <section className={classes.newer}>
      <h2>{t('newer.title', { number: newer.number })}</h2>
      <p>
        {t('newer.text', { number: offer.number })} (<DateText value={newer.at} />)
      </p>
      {offer.changes.length === 0 ? (
        <p>{t('newer.same')}</p>
      ) : (
        <ul>
          {offer.changes.map((change) => (
            <li key={`${change.change} ${change.kind} ${change.title}`}>
              {t('change', { context: change.change, title: change.title })} (
              {t('kind', { context: change.kind })})
            </li>
          ))}
        </ul>
      )}
      <Lessons
        course={offer.course}
        title={t('newer.lessons', { number: newer.number })}
        lessons={offer.newer_lessons}
      />
      {mayTake && (
        <div className={classes.take}>
          <UnderWayChoice concerned={offer.under_way} value={underWay} onChange={setUnderWay} />
          <Button mt="md" loading={taking.isPending} onClick={() => taking.mutate(newer.id)}>
            {t('newer.take')}
          </Button>
        </div>
      )}
      {taking.isError && <ErrorState error={taking.error} onRetry={() => taking.mutate(newer.id)} />}
    </section>
  )
}
