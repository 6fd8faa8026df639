import { ActionIcon, Menu } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconCopy, IconDots, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { courseKeys } from '../api/courses'
import { deleteLesson, duplicateLesson, type LessonEntry, restoreLesson } from '../api/lessons'
import { kindIcons } from './kind-icons'
import classes from './Outline.module.css'

interface OutlineRowProps {
  course: string
  lesson: LessonEntry
  number: number
  open: boolean
  dragging: boolean
  first: boolean
  last: boolean
  mayWrite: boolean
  onMove: (by: number) => void
  onDrag: (lesson: string | undefined) => void
  onDrop: () => void
}

/** One lesson in the outline. Dragging is one way to move it; the menu is the other. */
export function OutlineRow(props: OutlineRowProps) {
  const { course, lesson, number, open, dragging, mayWrite, onDrag, onDrop } = props
  const { t } = useTranslation('course')
  const Icon = kindIcons[lesson.kind]
  return (
    <li
      className={classes.row}
      data-open={open || undefined}
      data-dragging={dragging || undefined}
      draggable={mayWrite}
      onDragStart={(event) => {
        event.dataTransfer.effectAllowed = 'move'
        onDrag(lesson.id)
      }}
      onDragEnd={() => onDrag(undefined)}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault()
        onDrop()
      }}
    >
      <Link
        to="/courses/$courseId"
        params={{ courseId: course }}
        search={{ lesson: lesson.id }}
        className={classes.link}
        {...(open && { 'aria-current': 'true' as const })}
      >
        <span className={classes.number}>{number}</span>
        <Icon size={20} stroke={1.5} aria-hidden className={classes.icon} />
        <span className={classes.words}>
          {lesson.title || t('lesson.untitled')}
          <span className={classes.kind}>
            {t('kind', { context: lesson.kind })}
            {lesson.threads > 0 && ` · ${t('outline.threads', { count: lesson.threads })}`}
          </span>
        </span>
      </Link>
      {mayWrite && <RowMenu {...props} />}
    </li>
  )
}

function RowMenu({ course, lesson, open, first, last, onMove }: OutlineRowProps) {
  const { t } = useTranslation('course')
  const queries = useQueryClient()
  const navigate = useNavigate()
  const problemText = useProblem()
  const title = lesson.title || t('lesson.untitled')
  const onError = (error: unknown) => tell(problemText(error).sentence, { tone: 'bad' })
  const refresh = () => queries.invalidateQueries({ queryKey: courseKeys.one(course) })
  const restore = useMutation({ mutationFn: () => restoreLesson(lesson.id), onSuccess: refresh, onError })
  const remove = useMutation({
    mutationFn: () => deleteLesson(lesson.id),
    onSuccess: async () => {
      tell(t('outline.deleted', { title }), {
        undo: { label: t('outline.undo'), run: () => restore.mutate() },
      })
      if (open) await navigate({ to: '/courses/$courseId', params: { courseId: course } })
      await refresh()
    },
    onError,
  })
  const copy = useMutation({
    mutationFn: () => duplicateLesson(lesson.id, t('outline.copyOf', { title }).slice(0, 200)),
    onSuccess: async (made) => {
      await refresh()
      await navigate({ to: '/courses/$courseId', params: { courseId: course }, search: { lesson: made.id } })
    },
    onError,
  })
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('outline.actions', { title })}>
          <IconDots size={20} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconArrowUp size={18} aria-hidden />}
          disabled={first}
          onClick={() => onMove(-1)}
        >
          {t('outline.up')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconArrowDown size={18} aria-hidden />}
          disabled={last}
          onClick={() => onMove(1)}
        >
          {t('outline.down')}
        </Menu.Item>
        <Menu.Item leftSection={<IconCopy size={18} aria-hidden />} onClick={() => copy.mutate()}>
          {t('outline.duplicate')}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconTrash size={18} aria-hidden />}
          c="var(--kenshu-red-text)"
          onClick={() => remove.mutate()}
        >
          {t('outline.delete')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
