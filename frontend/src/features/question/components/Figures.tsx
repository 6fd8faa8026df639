import { Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { formatNumber } from '@/lib/format'
import { type Answered, figuresQuery, type QuestionFigures } from '../api/questions'
import classes from './Figures.module.css'
import { GivenAnswers } from './GivenAnswers'
import { ShareBar } from './ShareBar'

/** How a question was answered: in all, by round, and what was answered. */
export function Figures({ id }: { id: string }) {
  const { t } = useTranslation('question')
  const [version, setVersion] = useState(0)
  const found = useQuery(figuresQuery(id, version))
  return (
    <div className={classes.figures}>
      <h3 className={classes.heading}>{t('figures.title')}</h3>
      {found.isPending && <RowsSkeleton rows={2} />}
      {found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {found.data && found.data.versions.length > 1 && (
        <Select
          label={t('figures.version')}
          allowDeselect={false}
          value={String(found.data.number)}
          data={found.data.versions.map((one) => ({
            value: String(one.number),
            label: t('figures.versionOf', { number: one.number, count: one.asked }),
          }))}
          onChange={(value) => setVersion(Number(value))}
        />
      )}
      {found.data && <Known found={found.data} />}
    </div>
  )
}

function Known({ found }: { found: QuestionFigures }) {
  const { t } = useTranslation('question')
  if (found.whole.asked === 0) return <p className={classes.note}>{t('figures.none')}</p>
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={classes.scroll} tabIndex={0} aria-label={t('figures.title')}>
        <table className={classes.table}>
          <thead>
            <tr>
              <th scope="col">{t('figures.where')}</th>
              <th scope="col" className={classes.number}>
                {t('figures.asked')}
              </th>
              <th scope="col">{t('figures.facility')}</th>
              <th scope="col">{t('figures.discrimination')}</th>
            </tr>
          </thead>
          <tbody>
            <Row name={t('figures.whole')} answered={found.whole} found={found} />
            {found.rounds.map((round) => (
              <Row key={round.round} name={round.title} answered={round} found={found} />
            ))}
          </tbody>
        </table>
      </section>
      <p className={classes.note}>{t('figures.how')}</p>
      <GivenAnswers found={found} />
    </>
  )
}

interface RowProps {
  name: string
  answered: Answered
  found: QuestionFigures
}

function Row({ name, answered, found }: RowProps) {
  const { t } = useTranslation('question')
  const { facility, discrimination } = answered
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className={classes.number}>{formatNumber(answered.asked)}</td>
      <td>
        {facility === undefined ? (
          <span className={classes.few}>{t('figures.few', { count: found.needed })}</span>
        ) : (
          <ShareBar share={facility} />
        )}
      </td>
      <td>
        {discrimination === undefined ? (
          <span className={classes.few}>
            {answered.asked < found.compared
              ? t('figures.few', { count: found.compared })
              : t('figures.alike')}
          </span>
        ) : (
          <span className="tabular">
            {discrimination.toFixed(2)}
            {discrimination < 0.2 && ` ${t('figures.weak')}`}
          </span>
        )}
      </td>
    </tr>
  )
}
