import { Button, Drawer, Group, Stack, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { useDraft } from '@/lib/draft'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { useSession } from '@/lib/session'
import { courseKeys } from '../api/courses'
import { addComment, deleteComment, resolveThread, type Thread, threadsQuery } from '../api/reviews'
import classes from './Comments.module.css'
import { CommentThread } from './CommentThread'

interface CommentsProps {
  course: string
  lesson: string
  /** What was selected when the comments were opened. */
  quote: string
  onClose: () => void
}

/** What editors say to each other about a lesson; learners never see it. */
export function Comments({ course, lesson, quote, onClose }: CommentsProps) {
  const { t } = useTranslation('course')
  const found = useQuery(threadsQuery(lesson))
  const [resolved, setResolved] = useState(false)
  const act = useActs(course, lesson)
  const open = found.data?.filter((thread) => !thread.resolved_at) ?? []
  const done = found.data?.filter((thread) => thread.resolved_at) ?? []
  const shown = (list: Thread[]) =>
    list.map((thread) => (
      <CommentThread key={thread.comments[0]?.id} lesson={lesson} thread={thread} act={act} />
    ))
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="30rem"
      title={t('comment.title')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <Stack>
        <p className={classes.text}>{t('comment.text')}</p>
        <NewThread
          lesson={lesson}
          quote={quote}
          onSend={(text, key) => act.add({ text, ...(quote && { quote }) }, key)}
        />
        {found.isPending && <RowsSkeleton rows={3} />}
        {found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
        {found.data && open.length === 0 && <p className={classes.text}>{t('comment.none')}</p>}
        {shown(open)}
        {done.length > 0 && (
          <Button variant="subtle" aria-expanded={resolved} onClick={() => setResolved(!resolved)}>
            {t(resolved ? 'comment.hide' : 'comment.resolved', { count: done.length })}
          </Button>
        )}
        {resolved && shown(done)}
      </Stack>
    </Drawer>
  )
}

/** What can be done with comments; the counts in the outline follow. */
function useActs(course: string, lesson: string) {
  const queries = useQueryClient()
  const problem = useProblem()
  const refused = (error: unknown) => tell(problem(error).sentence, { tone: 'bad' })
  const follow = () =>
    Promise.all([
      queries.invalidateQueries({ queryKey: threadsQuery(lesson).queryKey }),
      queries.invalidateQueries({ queryKey: courseKeys.lessons(course) }),
    ])
  const change = useMutation({
    mutationFn: (run: () => Promise<unknown>) => run(),
    onSuccess: follow,
    onError: refused,
  })
  return {
    pending: change.isPending,
    add: (comment: Parameters<typeof addComment>[1], key: string) =>
      change
        .mutateAsync(() => addComment(lesson, comment, key))
        .then(
          () => true,
          () => false,
        ),
    resolve: (comment: string, resolved: boolean) => change.mutate(() => resolveThread(comment, resolved)),
    remove: (comment: string) => change.mutate(() => deleteComment(comment)),
  }
}

export type CommentActs = ReturnType<typeof useActs>

function NewThread({
  lesson,
  quote,
  onSend,
}: {
  lesson: string
  quote: string
  onSend: (text: string, key: string) => Promise<boolean>
}) {
  const { t } = useTranslation('course')
  const { person } = useSession()
  const { value: text, key, set, clear } = useDraft(`comment.${person.id}.${lesson}`, () => '')
  const send = async () => {
    if (await onSend(text, key)) clear()
  }
  return (
    <Stack gap="xs">
      {quote && <q className={classes.quote}>{quote}</q>}
      <Textarea
        label={t(quote ? 'comment.aboutQuote' : 'comment.about')}
        description={quote ? undefined : t('comment.help')}
        autosize
        minRows={2}
        maxRows={10}
        maxLength={2000}
        value={text}
        onChange={(event) => set(event.currentTarget.value)}
      />
      <Group justify="flex-end">
        <Button disabled={text.trim() === ''} onClick={() => void send()}>
          {t('comment.send')}
        </Button>
      </Group>
    </Stack>
  )
}
