import { Alert, Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDateTime } from '@/lib/format'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { usePermission } from '@/lib/session'
import { type Course, courseKeys, courseQuery } from '../api/courses'
import { decideReview, reviewsQuery, withdrawReview } from '../api/reviews'
import classes from './ReviewPanel.module.css'

/** Where a course stands on its way to publishing, who said what, and what I can do about it; nothing when nobody was asked. */
export function ReviewPanel({ course }: { course: Course }) {
  const { t } = useTranslation('course')
  const reviews = useQuery({ ...reviewsQuery(course.id), enabled: course.review !== '' })
  const last = reviews.data?.[0]
  if (course.review === '' || course.review === 'withdrawn' || !last) return null
  const who = { name: last.asked_by || t('comment.somebody'), time: formatDateTime(last.asked_at) }
  const tones = { asked: 'blue', approved: 'green', outdated: 'yellow', returned: 'orange' }
  return (
    <Alert
      mb="md"
      color={tones[course.review]}
      title={t('review.state', { context: course.review })}
      role="status"
    >
      <p className={classes.line}>{t('review.askedBy', who)}</p>
      {last.note && <q className={classes.words}>{last.note}</q>}
      {last.decided_at && (
        <p className={classes.line}>
          {t('review.decidedBy', {
            name: last.decided_by || t('comment.somebody'),
            time: formatDateTime(last.decided_at),
          })}
        </p>
      )}
      {last.answer && <q className={classes.words}>{last.answer}</q>}
      {course.review === 'asked' && <Decide course={course} own={last.own} />}
    </Alert>
  )
}

/** Approve or send back, by anybody but who asked; who asked may take it back. */
function Decide({ course, own }: { course: Course; own: boolean }) {
  const { t } = useTranslation('course')
  const queries = useQueryClient()
  const problem = useProblem()
  const mayDecide = usePermission('course:publish') && !own
  const [returning, setReturning] = useState(false)
  const [answer, setAnswer] = useState('')
  const act = useMutation({
    mutationFn: (run: () => Promise<Course>) => run(),
    onSuccess: async (saved) => {
      setReturning(false)
      queries.setQueryData(courseQuery(course.id).queryKey, saved)
      await queries.invalidateQueries({ queryKey: courseKeys.all })
      tell(t('review.said', { context: saved.review }))
    },
    onError: (error) => tell(problem(error).sentence, { tone: 'bad' }),
  })
  if (!mayDecide && !own) return null
  return (
    <Group gap="xs" mt="sm">
      {mayDecide && (
        <Button
          size="sm"
          loading={act.isPending}
          onClick={() => act.mutate(() => decideReview(course, true, ''))}
        >
          {t('review.approve')}
        </Button>
      )}
      {mayDecide && (
        <Button size="sm" variant="default" onClick={() => setReturning(true)}>
          {t('review.return')}
        </Button>
      )}
      {own && <span>{t('review.waiting')}</span>}
      {own && (
        <Button size="sm" variant="subtle" onClick={() => act.mutate(() => withdrawReview(course))}>
          {t('review.withdraw')}
        </Button>
      )}
      {returning && (
        <Modal
          opened
          onClose={() => setReturning(false)}
          title={t('review.returnTitle')}
          closeButtonProps={{ 'aria-label': t('common:action.close') }}
        >
          <Stack>
            <Textarea
              data-autofocus
              label={t('review.answer')}
              description={t('review.answerHelp')}
              required
              autosize
              minRows={3}
              maxRows={10}
              maxLength={1000}
              value={answer}
              onChange={(event) => setAnswer(event.currentTarget.value)}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setReturning(false)}>
                {t('common:action.cancel')}
              </Button>
              <Button
                disabled={answer.trim() === ''}
                loading={act.isPending}
                onClick={() => act.mutate(() => decideReview(course, false, answer))}
              >
                {t('review.return')}
              </Button>
            </Group>
          </Stack>
        </Modal>
      )}
    </Group>
  )
}
