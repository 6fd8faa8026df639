import { Button, Menu } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { usePermission } from '@/lib/session'
import { courseKeys } from '../api/courses'
import {
  addLesson,
  type LessonEntry,
  type LessonKind,
  lessonKinds,
  lessonsQuery,
  orderLessons,
} from '../api/lessons'
import { kindIcons } from './kind-icons'
import classes from './Outline.module.css'
import { OutlineRow } from './OutlineRow'

interface OutlineProps {
  course: string
  lessons: LessonEntry[]
  open: string | undefined
}

/** The lessons in order: open, add, move by dragging or by buttons. */
export function Outline({ course, lessons, open }: OutlineProps) {
  const { t } = useTranslation('course')
  const mayWrite = usePermission('course:write')
  const [dragged, setDragged] = useState<string>()
  const move = useMove(course, lessons)
  return (
    <section aria-label={t('outline.title')}>
      <h2 className={classes.title}>
        {t('outline.title')}{' '}
        <span className={classes.count}>{t('outline.count', { count: lessons.length })}</span>
      </h2>
      <ol className={classes.list}>
        {lessons.map((lesson, index) => (
          <OutlineRow
            key={lesson.id}
            course={course}
            lesson={lesson}
            number={index + 1}
            open={lesson.id === open}
            dragging={lesson.id === dragged}
            first={index === 0}
            last={index === lessons.length - 1}
            mayWrite={mayWrite}
            onMove={(by) => move(lesson.id, index + by)}
            onDrag={setDragged}
            onDrop={() => {
              if (dragged) move(dragged, index)
              setDragged(undefined)
            }}
          />
        ))}
      </ol>
      {mayWrite && <AddLesson course={course} {...(open && { after: open })} />}
    </section>
  )
}

/** Moves a lesson to a place at once on the page, and takes it back when the server refuses. */
function useMove(course: string, lessons: LessonEntry[]) {
  const { t } = useTranslation('course')
  const queries = useQueryClient()
  const problemText = useProblem()
  const key = lessonsQuery(course).queryKey
  const order = useMutation({
    mutationFn: (next: LessonEntry[]) =>
      orderLessons(
        course,
        next.map((lesson) => lesson.id),
      ),
    onMutate: (next) => queries.setQueryData(key, next),
    onError: (error) => {
      tell(problemText(error).sentence, { tone: 'bad' })
      return queries.invalidateQueries({ queryKey: key })
    },
    onSuccess: () => queries.invalidateQueries({ queryKey: courseKeys.one(course), exact: true }),
  })
  return (id: string, to: number) => {
    const from = lessons.findIndex((lesson) => lesson.id === id)
    const lesson = lessons[from]
    if (!lesson || to < 0 || to >= lessons.length || from === to) return
    order.mutate(lessons.toSpliced(from, 1).toSpliced(to, 0, lesson))
    tell(t('outline.moved', { title: lesson.title || t('lesson.untitled'), place: to + 1 }))
  }
}

function AddLesson({ course, after }: { course: string; after?: string }) {
  const { t } = useTranslation('course')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const problemText = useProblem()
  const add = useMutation({
    mutationFn: (kind: LessonKind) => addLesson(course, kind, t('kind', { context: kind }), after),
    onSuccess: async (lesson) => {
      await queries.invalidateQueries({ queryKey: courseKeys.one(course) })
      await navigate({
        to: '/courses/$courseId',
        params: { courseId: course },
        search: { lesson: lesson.id },
      })
    },
    onError: (error) => tell(problemText(error).sentence, { tone: 'bad' }),
  })
  return (
    <Menu position="bottom-start" width="target">
      <Menu.Target>
        <Button
          fullWidth
          variant="default"
          leftSection={<IconPlus size={20} aria-hidden />}
          loading={add.isPending}
        >
          {t('outline.add')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {lessonKinds.map((kind) => {
          const Icon = kindIcons[kind]
          return (
            <Menu.Item
              key={kind}
              leftSection={<Icon size={20} aria-hidden />}
              onClick={() => add.mutate(kind)}
            >
              {t('kind', { context: kind })}
            </Menu.Item>
          )
        })}
      </Menu.Dropdown>
    </Menu>
  )
}
