import { useTranslation } from 'react-i18next'
import { formatBytes } from '@/lib/format'
import { useSentence } from '@/lib/problem-text'
import type { MoodleLeft, MoodleLesson, MoodlePlan } from '../api/imports'
import { bySection, countKinds } from '../sections'
import classes from './Moodle.module.css'

/** What comes of a backup, lesson by lesson, and what does not with the reason; done: what came. */
export function Plan({ plan, done }: { plan: MoodlePlan; done: boolean }) {
  const { t } = useTranslation('moodle_import')
  const when = done ? 'done' : 'soon'
  const questions = plan.lessons.reduce((sum, one) => sum + one.questions, 0)
  const left = plan.left.length + plan.more
  const figures = [
    ...countKinds(plan.lessons).map(([kind, count]) => [t('kind', { context: kind }), count] as const),
    [t('figure.questions', { count: questions }), questions] as const,
    [t('figure.files', { count: plan.files, size: formatBytes(plan.bytes) }), plan.files] as const,
    [t('figure.left', { context: when, count: left }), left] as const,
  ]
  return (
    <>
      <ul className={classes.figures}>
        {figures.map(([name, count]) => (
          <li key={name} className={classes.figure}>
            <b>{count}</b>
            {name}
          </li>
        ))}
      </ul>
      {plan.banked > 0 && <p>{t('banked', { count: plan.banked, context: when })}</p>}
      <h2 className={classes.heading}>{t('left.title', { context: when })}</h2>
      {plan.left.length === 0 ? <p>{t('left.none')}</p> : <Left rows={plan.left} more={plan.more} />}
      <p className={classes.kind}>{t('left.never')}</p>
      <h2 className={classes.heading}>{t('lessons.title', { context: when })}</h2>
      <Lessons rows={plan.lessons} />
    </>
  )
}

function Lessons({ rows }: { rows: MoodleLesson[] }) {
  const { t } = useTranslation('moodle_import')
  const sentence = useSentence()
  return bySection(rows).map(({ section, at, items }) => (
    <section key={`${at} ${section}`}>
      {section && <h3 className={classes.section}>{section}</h3>}
      <ol className={classes.rows}>
        {items.map((lesson, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order
          <li key={index} className={classes.row}>
            {lesson.title || t('noTitle')}{' '}
            <span className={classes.kind}>
              {t('kind', { context: lesson.kind })}
              {lesson.questions > 0 && ` · ${t('questions', { count: lesson.questions })}`}
            </span>
            {lesson.notes.map((note) => (
              <p key={note.key} className={classes.note}>
                {sentence(note.key, note.args)}
              </p>
            ))}
          </li>
        ))}
      </ol>
    </section>
  ))
}

function Left({ rows, more }: { rows: MoodleLeft[]; more: number }) {
  const { t } = useTranslation('moodle_import')
  const sentence = useSentence()
  return (
    <ul className={classes.rows}>
      {rows.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list never changes its order
        <li key={index} className={classes.row}>
          {one.name || t('noTitle')}{' '}
          <span className={classes.kind}>
            {t('source', { context: one.kind, defaultValue: one.kind })}
            {one.section && ` · ${one.section}`}
          </span>
          <p className={classes.note}>{sentence(one.reason.key, one.reason.args)}</p>
        </li>
      ))}
      {more > 0 && <li className={classes.row}>{t('left.more', { count: more })}</li>}
    </ul>
  )
}
