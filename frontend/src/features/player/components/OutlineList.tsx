import {
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleHalf2,
  IconFileText,
  IconHeadphones,
  IconListCheck,
  IconLock,
  IconMessageQuestion,
  IconPackage,
  IconPdf,
  IconSignature,
  IconVideo,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { lockedBy, type Outline } from '@/lib/learning'
import classes from './Player.module.css'

const kinds = {
  page: IconFileText,
  video: IconVideo,
  audio: IconHeadphones,
  pdf: IconPdf,
  quiz: IconListCheck,
  package: IconPackage,
  survey: IconMessageQuestion,
  pledge: IconSignature,
}
const states = { not_started: IconCircleDashed, started: IconCircleHalf2, done: IconCircleCheckFilled }

interface OutlineListProps {
  outline: Outline
  /** The lesson on the screen. */
  current?: string
  onChoose?: () => void
}

/** The lessons of a course with what is done. */
export function OutlineList({ outline, current, onChoose }: OutlineListProps) {
  const { t } = useTranslation('player')
  return (
    <ol className={classes.outline}>
      {outline.lessons.map((lesson) => {
        const Kind = kinds[lesson.kind]
        const first = outline.waits_for[0]?.title ?? lockedBy(outline, lesson.id)?.title
        const locked = first !== undefined && lesson.state === 'not_started'
        const State = locked ? IconLock : states[lesson.state]
        if (locked)
          return (
            <li key={lesson.id} className={classes.outlineLink}>
              <State size={22} stroke={1.75} aria-hidden className={classes.state} />
              <span className={classes.outlineWords}>
                <span>{lesson.title}</span>
                <span className={classes.outlineFacts}>
                  <Kind size={16} stroke={1.5} aria-hidden />
                  {t('kind', { context: lesson.kind })} · {t('locked', { title: first })}
                </span>
              </span>
            </li>
          )
        return (
          <li key={lesson.id}>
            <Link
              to="/learn/$enrolment/$lesson"
              params={{ enrolment: outline.id, lesson: lesson.id }}
              className={classes.outlineLink}
              aria-current={lesson.id === current ? 'page' : undefined}
              onClick={onChoose}
            >
              <State
                size={22}
                stroke={1.75}
                aria-hidden
                className={classes.state}
                data-state={lesson.state}
              />
              <span className={classes.outlineWords}>
                <span>{lesson.title}</span>
                <span className={classes.outlineFacts}>
                  <Kind size={16} stroke={1.5} aria-hidden />
                  {t('kind', { context: lesson.kind })} · {t('minutes', { count: lesson.minutes })} ·{' '}
                  {t('state', { context: lesson.state })}
                </span>
              </span>
            </Link>
          </li>
        )
      })}
    </ol>
  )
}
