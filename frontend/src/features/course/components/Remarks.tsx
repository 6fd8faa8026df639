import { IconCircleCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { lessonCheckQuery, type Remark } from '../api/reviews'
import classes from './Remarks.module.css'

/** What learners would stumble over in the lesson, told while it is written: after each save. */
export function Remarks({ lesson, version }: { lesson: string; version: number }) {
  const { t } = useTranslation('course')
  const found = useQuery(lessonCheckQuery(lesson, version))
  if (!found.data) return null
  if (found.data.length === 0)
    return (
      <p className={classes.good}>
        <IconCircleCheck size={18} aria-hidden /> {t('check.none')}
      </p>
    )
  return (
    <details className={classes.remarks}>
      <summary>{t('check.found', { count: found.data.length })}</summary>
      <RemarkList remarks={found.data} />
    </details>
  )
}

/** Remarks, each in a sentence that says what to do. */
export function RemarkList({ remarks }: { remarks: Remark[] }) {
  const { t } = useTranslation('course')
  return (
    <ul className={classes.list}>
      {remarks.map((remark, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two remarks may say the same of two places
        <li key={`${place} ${remark.key}`}>
          {remark.must && <strong>{t('check.must')} </strong>}
          {t('check.key', { context: remark.key })}
          {remark.text && <q className={classes.words}>{remark.text}</q>}
        </li>
      ))}
    </ul>
  )
}
