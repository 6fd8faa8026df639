import { Button } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { RichText } from '@/components/RichText'
import type { LearnerLesson } from '@/lib/learning'
import { FileNote } from './FileNote'
import classes from './PageLesson.module.css'
import { useLinksKeptFresh, useRenewal } from './useRenewal'
import { useTracker } from './useTracker'

interface PageLessonProps {
  lesson: LearnerLesson
  page: NonNullable<LearnerLesson['page']>
  person: string
}

/** Rich text to read; reaching its end finishes it. */
export function PageLesson({ lesson, page, person }: PageLessonProps) {
  const { t } = useTranslation('player')
  const tracker = useTracker(person, lesson)
  const text = useRef<HTMLDivElement>(null)
  const [done, setDone] = useState(lesson.progress.state === 'done')
  const [start] = useState(lesson.progress.position)
  const file = useRenewal(lesson, person)
  useLinksKeptFresh(lesson, person)
  usePlace(text, start, (place) => tracker.moveTo(place))

  const finish = () => {
    setDone(true)
    tracker.finish()
  }
  return (
    <article className={classes.page} lang={lesson.enrolment.language}>
      <FileNote state={file.state} onAgain={file.again} />
      <RichText
        ref={text}
        html={page.html}
        files={lesson.files}
        round={file.round}
        onBroken={file.fail}
        onFine={file.fine}
      />
      <div className={classes.end}>
        {done ? (
          <p className={classes.read}>
            <IconCheck size={20} aria-hidden />
            {t('page.done')}
          </p>
        ) : (
          <Button size="lg" onClick={finish} leftSection={<IconCheck size={20} aria-hidden />}>
            {t('page.finish')}
          </Button>
        )}
      </div>
    </article>
  )
}

/** Returns to where reading stopped, in thousandths of the text, and reports where it is now. */
function usePlace(
  target: React.RefObject<HTMLDivElement | null>,
  start: number,
  report: (place: number) => void,
) {
  const told = useRef(report)
  told.current = report
  useEffect(() => {
    const box = target.current
    if (!box) return
    if (start > 0 && start < 1000)
      scrollTo({ top: box.offsetTop + (box.offsetHeight * start) / 1000 - innerHeight / 3 })
    const onScroll = () => {
      const { top, height } = box.getBoundingClientRect()
      told.current(Math.min(1000, Math.max(0, ((innerHeight / 3 - top) / Math.max(height, 1)) * 1000)))
    }
    addEventListener('scroll', onScroll, { passive: true })
    return () => removeEventListener('scroll', onScroll)
  }, [target, start])
}
