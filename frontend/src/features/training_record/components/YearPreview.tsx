import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDate, formatNumber } from '@/lib/format'
import type { YearRecord } from '../api/years'
import classes from './RecordPreview.module.css'
import table from './YearTable.module.css'

interface YearPreviewProps {
  record: YearRecord
  /** Managers can open a round from its line; an auditor cannot. */
  linked?: boolean
  title: string
}

/** What stands in the record of a year, in its order. */
export function YearPreview({ record, linked, title }: YearPreviewProps) {
  const { t } = useTranslation('training_record')
  const facts: [string, string][] = [
    [t('fact.organisation'), record.organisation],
    [
      t('fact.year'),
      `${t('year.name', { year: record.year })}　${formatDate(record.first_day)} ${t('to')} ${formatDate(record.last_day)}`,
    ],
    [t('fact.responsible'), (record.responsible ?? []).join(t('separator'))],
    [t('fact.people'), t('year.people', { count: record.people, done: record.people_done })],
    [
      t('fact.result'),
      t('result', {
        assigned: formatNumber(record.figures.assigned),
        completed: formatNumber(record.figures.completed),
        rate: record.rate,
        overdue: formatNumber(record.figures.overdue),
      }),
    ],
  ]
  return (
    <article className={classes.paper} aria-labelledby="paper-heading">
      <h2 id="paper-heading">{title}</h2>
      <dl>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <FiguresTable
        id="rounds-heading"
        title={t('year.rounds')}
        name={t('fact.title')}
        period={t('fact.period')}
        lines={(record.rounds ?? []).map((round) => ({
          key: round.round,
          name: (
            <>
              {linked ? (
                <Link to="/rounds/$roundId/record" params={{ roundId: round.round }}>
                  {round.title}
                </Link>
              ) : (
                round.title
              )}
              {round.course !== round.title && <small>{round.course}</small>}
            </>
          ),
          period: `${formatDate(round.starts_on)} ${t('to')} ${formatDate(round.deadline_on)}`,
          figures: round.figures,
          rate: round.rate,
        }))}
      />
      {(record.departments ?? []).length > 0 && (
        <>
          <FiguresTable
            id="departments-heading"
            title={t('year.departments')}
            name={t('column.department')}
            lines={(record.departments ?? []).map((one) => ({ key: one.name, ...one }))}
          />
          <p className={table.note}>{t('year.concurrent')}</p>
        </>
      )}
    </article>
  )
}

interface FiguresTableProps {
  id: string
  title: string
  /** Head of the first column. */
  name: string
  /** Head of the column of days, where lines have days. */
  period?: string
  lines: {
    key: string
    name: ReactNode
    period?: string
    figures: YearRecord['figures']
    rate: number
  }[]
}

/** How many were asked, how many finished: a line for each round or department. */
function FiguresTable({ id, title, name, period, lines }: FiguresTableProps) {
  const { t } = useTranslation('training_record')
  return (
    <>
      <h3 id={id}>{title}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than a phone scrolls by keyboard */}
      <section className={table.scroll} tabIndex={0} aria-labelledby={id}>
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{name}</th>
              {period && <th scope="col">{period}</th>}
              <th scope="col">{t('year.assigned')}</th>
              <th scope="col">{t('year.completed')}</th>
              <th scope="col">{t('year.overdue')}</th>
              <th scope="col">{t('year.rate')}</th>
            </tr>
          </thead>
          <tbody>
            {lines.map((line) => (
              <tr key={line.key}>
                <th scope="row">{line.name}</th>
                {period && <td data-label={period}>{line.period}</td>}
                <td data-label={t('year.assigned')}>{formatNumber(line.figures.assigned)}</td>
                <td data-label={t('year.completed')}>{formatNumber(line.figures.completed)}</td>
                <td data-label={t('year.overdue')}>{formatNumber(line.figures.overdue)}</td>
                <td data-label={t('year.rate')}>
                  <Rate value={line.rate} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </>
  )
}

/** A rate as figure and bar; the bar only repeats the figure. */
function Rate({ value }: { value: number }) {
  return (
    <span className={table.rate}>
      <span className={table.bar} aria-hidden>
        <span style={{ inlineSize: `${value}%` }} />
      </span>
      {value}%
    </span>
  )
}
