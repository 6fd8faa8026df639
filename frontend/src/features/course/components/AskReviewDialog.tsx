import { Alert, Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useIdempotencyKey } from '@/lib/api/idempotency-key'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { type Course, courseKeys, courseQuery } from '../api/courses'
import { askReview } from '../api/reviews'

/** Asks the other editors to look at the draft before it is published. */
export function AskReviewDialog({ course, onClose }: { course: Course; onClose: () => void }) {
  const { t } = useTranslation('course')
  const queries = useQueryClient()
  const problem = useProblem()
  const { key } = useIdempotencyKey()
  const [note, setNote] = useState('')
  const ask = useMutation({
    mutationFn: () => askReview(course, note, key),
    onSuccess: async (saved) => {
      queries.setQueryData(courseQuery(course.id).queryKey, saved)
      await queries.invalidateQueries({ queryKey: courseKeys.all })
      tell(t('review.said', { context: 'asked' }))
      onClose()
    },
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('review.ask')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <Stack>
        <Text>{t('review.askText')}</Text>
        {ask.isError && (
          <Alert color="red" role="alert">
            {problem(ask.error).sentence}
          </Alert>
        )}
        <Textarea
          data-autofocus
          label={t('review.note')}
          description={t('review.noteHelp')}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={1000}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button loading={ask.isPending} onClick={() => ask.mutate()}>
            {t('review.askAction')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
