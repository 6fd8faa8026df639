import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OfferLesson } from '../api/catalogue'
import classes from './Catalogue.module.css'
import { LessonLook } from './LessonLook'

interface LessonsProps {
  course: string
  title: string
  lessons: OfferLesson[]
}

/** The lessons of a course, each with the way to look into it. */
export function Lessons({ course, title, lessons }: LessonsProps) {
  const { t } = useTranslation('catalogue')
  const [open, setOpen] = useState<OfferLesson>()
  return (
    <section className={classes.lessons}>
      <h2>{title}</h2>
      <ol>
        {lessons.map((lesson) => (
          <li key={lesson.id} className={classes.lesson}>
            <Button
              variant="subtle"
              size="compact-md"
              onClick={() => setOpen(lesson)}
              aria-haspopup="dialog"
              styles={{ label: { whiteSpace: 'normal', textAlign: 'start' }, root: { height: 'auto' } }}
            >
              {lesson.title}
            </Button>
            <span className={classes.kind}>{t('kind', { context: lesson.kind })}</span>
          </li>
        ))}
      </ol>
      {open && <LessonLook course={course} lesson={open} onClose={() => setOpen(undefined)} />}
    </section>
  )
}
