import { Link } from '@tanstack/react-router'
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
      <h3 id="rounds-heading">{t('year.rounds')}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than a phone scrolls by keyboard */}
      <section className={table.scroll} tabIndex={0} aria-labelledby="rounds-heading">
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{t('fact.title')}</th>
              <th scope="col">{t('fact.period')}</th>
              <th scope="col">{t('year.assigned')}</th>
              <th scope="col">{t('year.completed')}</th>
              <th scope="col">{t('year.overdue')}</th>
              <th scope="col">{t('year.rate')}</th>
            </tr>
          </thead>
          <tbody>
            {(record.rounds ?? []).map((round) => (
              <tr key={round.round}>
                <th scope="row">
                  {linked ? (
                    <Link to="/rounds/$roundId/record" params={{ roundId: round.round }}>
                      {round.title}
                    </Link>
                  ) : (
                    round.title
                  )}
                  {round.course !== round.title && <small>{round.course}</small>}
                </th>
                <td>
                  {formatDate(round.starts_on)} {t('to')} {formatDate(round.deadline_on)}
                </td>
                <td>{formatNumber(round.figures.assigned)}</td>
                <td>{formatNumber(round.figures.completed)}</td>
                <td>{formatNumber(round.figures.overdue)}</td>
                <td>
                  <Rate value={round.rate} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {(record.departments ?? []).length > 0 && <Departments record={record} />}
    </article>
  )
}

function Departments({ record }: { record: YearRecord }) {
  const { t } = useTranslation('training_record')
  return (
    <>
      <h3 id="departments-heading">{t('year.departments')}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than a phone scrolls by keyboard */}
      <section className={table.scroll} tabIndex={0} aria-labelledby="departments-heading">
        <table className={table.table}>
          <thead>
            <tr>
              <th scope="col">{t('column.department')}</th>
              <th scope="col">{t('year.assigned')}</th>
              <th scope="col">{t('year.completed')}</th>
              <th scope="col">{t('year.overdue')}</th>
              <th scope="col">{t('year.rate')}</th>
            </tr>
          </thead>
          <tbody>
            {(record.departments ?? []).map((department) => (
              <tr key={department.name}>
                <th scope="row">{department.name}</th>
                <td>{formatNumber(department.figures.assigned)}</td>
                <td>{formatNumber(department.figures.completed)}</td>
                <td>{formatNumber(department.figures.overdue)}</td>
                <td>
                  <Rate value={department.rate} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <p className={table.note}>{t('year.concurrent')}</p>
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
