import { Alert, Button, Group, Modal, Stack, Text } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { type UnderWay, UnderWayChoice } from '@/components/UnderWayChoice'
import { useProblem, useSentence } from '@/lib/problem-text'
import {
  type Course,
  courseKeys,
  type Missing,
  missingQuery,
  publishCourse,
  underWayQuery,
} from '../api/courses'
import { courseCheckQuery } from '../api/reviews'
import classes from './PublishDialog.module.css'
import { RemarkList } from './Remarks'

/** Publishing: what is still missing with the way there, or the button; then what was made. */
export function PublishDialog({ course, onClose }: { course: Course; onClose: () => void }) {
  const { t } = useTranslation('course')
  const queries = useQueryClient()
  const problemText = useProblem()
  const missing = useQuery(missingQuery(course.id))
  const concerned = useQuery(underWayQuery(course.id))
  const [underWay, setUnderWay] = useState<UnderWay>('stay')
  const publish = useMutation({
    mutationFn: () => publishCourse(course.id, course.content_version, underWay),
    onSettled: () => queries.invalidateQueries({ queryKey: courseKeys.all }),
  })
  const done = publish.data
  const ready = missing.data?.length === 0
  const unapproved = course.approval_needed && course.review !== 'approved'
  return (
    <Modal
      opened
      onClose={onClose}
      size="lg"
      title={t('publish.title')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <Stack>
        {missing.isPending && <RowsSkeleton rows={2} />}
        {missing.isError && <ErrorState error={missing.error} onRetry={() => void missing.refetch()} />}
        {publish.isError && (
          <Alert color="red" role="alert">
            {problemText(publish.error).sentence}
          </Alert>
        )}
        {done ? (
          <Alert color="green" role="status" title={t('publish.done', { number: done.number })}>
            {t(underWay === 'stay' ? 'publish.doneText' : 'underWay.moving')}
          </Alert>
        ) : (
          missing.data &&
          (ready ? (
            <Text>
              {t(course.changed ? (unapproved ? 'review.needed' : 'publish.ready') : 'publish.unchanged')}
            </Text>
          ) : (
            <MissingList course={course.id} items={missing.data} onFollow={onClose} />
          ))
        )}
        {!done && ready && course.changed && <Advice course={course.id} onFollow={onClose} />}
        {!done && ready && course.changed && (
          <UnderWayChoice concerned={concerned.data} value={underWay} onChange={setUnderWay} />
        )}
        {!done && ready && course.changed && course.shared !== 'none' && (
          <Text size="sm" c="dimmed">
            {t('publish.shared')}
          </Text>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:action.close')}
          </Button>
          {!done && ready && course.changed && !unapproved && (
            <Button loading={publish.isPending} onClick={() => publish.mutate()}>
              {t('publish.action')}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  )
}

/** What learners would stumble over; it does not keep the course from being published. */
function Advice({ course, onFollow }: { course: string; onFollow: () => void }) {
  const { t } = useTranslation('course')
  const found = useQuery(courseCheckQuery(course))
  if (!found.data || found.data.length === 0) return null
  return (
    <Alert color="yellow" title={t('check.lessons')}>
      {found.data.map((one) => (
        <div key={one.lesson}>
          <Link
            to="/courses/$courseId"
            params={{ courseId: course }}
            search={{ lesson: one.lesson }}
            onClick={onFollow}
            className={classes.link}
          >
            {one.title || t('lesson.untitled')}
          </Link>
          <RemarkList remarks={one.remarks} />
        </div>
      ))}
    </Alert>
  )
}

function MissingList({
  course,
  items,
  onFollow,
}: {
  course: string
  items: Missing[]
  onFollow: () => void
}) {
  const { t } = useTranslation('course')
  const sentence = useSentence()
  return (
    <div role="alert">
      <Text mb="xs">{t('publish.missing', { count: items.length })}</Text>
      <ul className={classes.list}>
        {items.map((item) => {
          const lesson = typeof item.args?.lesson === 'string' ? item.args.lesson : undefined
          const title = String(item.args?.lesson_title || t('lesson.untitled'))
          const question = /questions\[(\d+)\]/.exec(item.path)?.[1]
          const place =
            question === undefined ? title : t('publish.place', { title, number: Number(question) + 1 })
          return (
            <li key={`${item.path} ${item.key}`}>
              {lesson ? (
                <Link
                  to="/courses/$courseId"
                  params={{ courseId: course }}
                  search={{ lesson }}
                  onClick={onFollow}
                  className={classes.link}
                >
                  {place}
                </Link>
              ) : (
                t('publish.course')
              )}
              <span>{sentence(item.key, item.args)}</span>
            </li>
          )
        })}
      </ul>
    </div>
  )
}
