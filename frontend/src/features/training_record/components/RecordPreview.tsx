import { useTranslation } from 'react-i18next'
import { formatDate, formatNumber } from '@/lib/format'
import type { TrainingRecord } from '../api/records'
import { PeopleTable } from './PeopleTable'
import classes from './RecordPreview.module.css'

/** What will stand in the document, in its order. */
export function RecordPreview({ record, title }: { record: TrainingRecord; title?: string }) {
  const { t } = useTranslation('training_record')
  const { course, figures } = record
  const kinds = [...new Set((course.lessons ?? []).map(({ kind }) => kind))]
  const facts: [string, string][] = [
    [t('fact.organisation'), record.organisation],
    [t('fact.title'), record.title],
    [t('fact.period'), `${formatDate(record.starts_on)} ${t('to')} ${formatDate(record.deadline_on)}`],
    [
      t('fact.held'),
      record.first_on
        ? `${formatDate(record.first_on)} ${t('to')} ${formatDate(record.last_on)}`
        : t('nobody'),
    ],
    [t('fact.course'), t('courseVersion', { title: course.title, number: course.number })],
    [
      t('fact.method'),
      t('method', { kinds: kinds.map((kind) => t('kind', { context: kind })).join(t('separator')) }),
    ],
    [t('fact.responsible'), (record.responsible ?? []).join(t('separator'))],
    [
      t('fact.result'),
      t('result', {
        assigned: formatNumber(figures.assigned),
        completed: formatNumber(figures.completed),
        rate: record.rate,
        overdue: formatNumber(figures.overdue),
      }),
    ],
  ]
  return (
    <article className={classes.paper} aria-labelledby="paper-heading">
      <h2 id="paper-heading">{title ?? t('preview', { day: formatDate(record.as_of) })}</h2>
      <dl>
        {facts.map(([label, value]) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <h3>{t('contents')}</h3>
      <Lessons course={course} />
      {record.others?.map((other) => (
        <div key={other.number}>
          <h4>{t('otherVersion', { number: other.number, day: formatDate(other.published_on) })}</h4>
          <Lessons course={other} />
        </div>
      ))}
      <PeopleTable part="attendees" people={record.attendees ?? []} />
      <PeopleTable part="absentees" people={record.absentees ?? []} />
      <PeopleTable part="excused" people={record.excused ?? []} />
    </article>
  )
}

function Lessons({ course }: { course: TrainingRecord['course'] }) {
  const { t } = useTranslation('training_record')
  return (
    <ol>
      {(course.lessons ?? []).map((lesson, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lessons of a version never change
        <li key={index}>
          {lesson.title} <small>{t('kind', { context: lesson.kind })}</small>
        </li>
      ))}
    </ol>
  )
}
