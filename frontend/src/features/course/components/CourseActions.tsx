import { Button, Group, Menu } from '@mantine/core'
import {
  IconArchive,
  IconArchiveOff,
  IconDots,
  IconHistory,
  IconSettings,
  IconUserCheck,
} from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { usePermission } from '@/lib/session'
import { archiveCourse, type Course, courseKeys, courseQuery } from '../api/courses'
import { AskReviewDialog } from './AskReviewDialog'
import { CourseForm } from './CourseForm'
import { PublishDialog } from './PublishDialog'
import { VersionsDialog } from './VersionsDialog'

/** What can be done with a course: publish it, change its words, put it away. */
export function CourseActions({ course }: { course: Course }) {
  const { t } = useTranslation('course')
  const mayWrite = usePermission('course:write')
  const mayPublish = usePermission('course:publish')
  const [open, setOpen] = useState<'publish' | 'form' | 'review' | 'versions'>()
  const setArchived = useArchive(course)
  const away = course.state === 'archived'
  return (
    <Group gap="xs">
      {mayWrite && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" leftSection={<IconDots size={20} aria-hidden />}>
              {t('actions.more')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            {course.changed && course.review !== 'asked' && !away && (
              <Menu.Item
                leftSection={<IconUserCheck size={18} aria-hidden />}
                onClick={() => setOpen('review')}
              >
                {t('review.ask')}
              </Menu.Item>
            )}
            <Menu.Item
              leftSection={<IconHistory size={18} aria-hidden />}
              onClick={() => setOpen('versions')}
            >
              {t('published.action')}
            </Menu.Item>
            <Menu.Item leftSection={<IconSettings size={18} aria-hidden />} onClick={() => setOpen('form')}>
              {t('actions.settings')}
            </Menu.Item>
            <Menu.Item
              leftSection={
                away ? <IconArchiveOff size={18} aria-hidden /> : <IconArchive size={18} aria-hidden />
              }
              onClick={() => setArchived(!away)}
            >
              {t(away ? 'actions.unarchive' : 'actions.archive')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {mayPublish && !away && <Button onClick={() => setOpen('publish')}>{t('actions.publish')}</Button>}
      {open === 'form' && (
        <CourseForm course={course} onClose={() => setOpen(undefined)} onDone={() => setOpen(undefined)} />
      )}
      {open === 'review' && <AskReviewDialog course={course} onClose={() => setOpen(undefined)} />}
      {open === 'versions' && <VersionsDialog course={course.id} onClose={() => setOpen(undefined)} />}
      {open === 'publish' && <PublishDialog course={course} onClose={() => setOpen(undefined)} />}
    </Group>
  )
}

function useArchive(course: Course) {
  const { t } = useTranslation('course')
  const queries = useQueryClient()
  const problemText = useProblem()
  const archive = useMutation({
    mutationFn: (archived: boolean) => archiveCourse(course.id, archived),
    onSuccess: async (saved, archived) => {
      queries.setQueryData(courseQuery(course.id).queryKey, saved)
      await queries.invalidateQueries({ queryKey: courseKeys.lists() })
      tell(t(archived ? 'actions.archived' : 'actions.unarchived'), {
        undo: { label: t('outline.undo'), run: () => archive.mutate(!archived) },
      })
    },
    onError: (error) => tell(problemText(error).sentence, { tone: 'bad' }),
  })
  return archive.mutate
}
