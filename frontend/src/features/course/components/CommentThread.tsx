import { Button, Group, Textarea } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useDraft } from '@/lib/draft'
import { formatDateTime } from '@/lib/format'
import { useSession } from '@/lib/session'
import type { Thread } from '../api/reviews'
import type { CommentActs } from './Comments'
import classes from './Comments.module.css'

/** One thread: what it is about, what was said, and the answer that is being written. */
export function CommentThread({ lesson, thread, act }: { lesson: string; thread: Thread; act: CommentActs }) {
  const { t } = useTranslation('course')
  const { person } = useSession()
  const first = thread.comments[0]?.id ?? ''
  const { value: text, key, set, clear } = useDraft(`comment.${person.id}.${lesson}.${first}`, () => '')
  const done = Boolean(thread.resolved_at)
  const answer = async () => {
    if (await act.add({ text, thread: first }, key)) clear()
  }
  return (
    <section className={classes.thread} aria-label={thread.quote || t('comment.whole')}>
      {thread.quote && <q className={classes.quote}>{thread.quote}</q>}
      {thread.comments.map((comment) => (
        <div key={comment.id} className={classes.comment}>
          <p className={classes.who}>
            {comment.name || t('comment.somebody')}
            <time dateTime={comment.created_at}>{formatDateTime(comment.created_at)}</time>
          </p>
          <p className={classes.said}>{comment.deleted ? t('comment.deleted') : comment.text}</p>
          {comment.own && (
            <Button size="compact-sm" variant="subtle" color="gray" onClick={() => act.remove(comment.id)}>
              {t('comment.delete')}
            </Button>
          )}
        </div>
      ))}
      {done && (
        <p className={classes.text}>
          {t('comment.doneBy', {
            name: thread.resolved_by || t('comment.somebody'),
            time: formatDateTime(thread.resolved_at ?? ''),
          })}
        </p>
      )}
      <Textarea
        aria-label={t('comment.answer')}
        placeholder={t('comment.answer')}
        autosize
        minRows={1}
        maxRows={8}
        maxLength={2000}
        value={text}
        onChange={(event) => set(event.currentTarget.value)}
      />
      <Group justify="flex-end" gap="xs">
        <Button size="sm" variant="default" disabled={act.pending} onClick={() => act.resolve(first, !done)}>
          {t(done ? 'comment.reopen' : 'comment.resolve')}
        </Button>
        <Button size="sm" disabled={text.trim() === ''} loading={act.pending} onClick={() => void answer()}>
          {t('comment.answer')}
        </Button>
      </Group>
    </section>
  )
}
