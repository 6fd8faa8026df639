import { ActionIcon, Alert, Button, Checkbox, Group, Select, Stack, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { api, take } from '@/lib/api/client'
import type { components } from '@/lib/api/schema'
import { formatDate, today } from '@/lib/format'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { usePermission } from '@/lib/session'

type Posts = components['schemas']['PostsBody']
type Post = components['schemas']['PostBody']
type PostInput = components['schemas']['PostInput']
/** A post as it is typed; the key stays while rows come and go. */
type Row = PostInput & { key: string }

/**
 * A person's departments of all times: what was, what is, what is to come; to be changed by whoever may. It needs the words of
 * the feature department: `texts('department')` at the route.
 */
export function PostsSection({ personId, className }: { personId: string; className?: string }) {
  const { t } = useTranslation('department')
  const [editing, setEditing] = useState(false)
  const mayWrite = usePermission('person:write')
  const query = useQuery({
    queryKey: ['people', 'posts', personId],
    queryFn: ({ signal }) =>
      take(
        api.GET('/api/v1/people/{person_id}/posts', { params: { path: { person_id: personId } }, signal }),
      ),
  })
  return (
    <section className={className} aria-labelledby="posts-heading">
      <h2 id="posts-heading">{t('posts.title')}</h2>
      {query.isPending && <RowsSkeleton rows={2} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data &&
        (editing ? (
          <PostsForm personId={personId} posts={query.data} onDone={() => setEditing(false)} />
        ) : (
          <>
            {(query.data.items ?? []).length === 0 && <p>{t('posts.none')}</p>}
            <ul style={{ margin: '0 0 1rem', paddingInlineStart: '1.25rem' }}>
              {(query.data.items ?? []).map((post) => (
                <PostLine key={post.department_id + post.starts_on} post={post} />
              ))}
            </ul>
            {mayWrite && (
              <div>
                <Button variant="default" onClick={() => setEditing(true)}>
                  {t('posts.edit')}
                </Button>
              </div>
            )}
          </>
        ))}
    </section>
  )
}

function PostLine({ post }: { post: Post }) {
  const { t } = useTranslation('department')
  const time = post.starts_on > today() ? 'future' : post.ends_on && post.ends_on < today() ? 'past' : 'now'
  return (
    <li>
      <strong>{post.then}</strong> {post.main && t('posts.main')}{' '}
      {t('posts.time', {
        context: time,
        from: formatDate(post.starts_on),
        to: post.ends_on ? formatDate(post.ends_on) : '',
      })}
      {post.path !== '' && post.path !== post.then && ` ${t('posts.now', { path: post.path })}`}
    </li>
  )
}

function PostsForm({ personId, posts, onDone }: { personId: string; posts: Posts; onDone: () => void }) {
  const { t } = useTranslation('department')
  const client = useQueryClient()
  const problemText = useProblem()
  const [rows, setRows] = useState<Row[]>(
    (posts.items ?? []).map(({ department_id, starts_on, ends_on, main }) => ({
      key: crypto.randomUUID(),
      department_id,
      starts_on,
      ends_on,
      main,
    })),
  )
  const departments = useQuery({
    queryKey: ['departments', 'tree', '', true],
    queryFn: async ({ signal }) =>
      (await take(api.GET('/api/v1/departments', { params: { query: { closed: true } }, signal }))).items ??
      [],
  })
  const save = useMutation({
    mutationFn: () =>
      take(
        api.PUT('/api/v1/people/{person_id}/posts', {
          params: { path: { person_id: personId } },
          body: { posts: rows.map(({ key: _, ...post }) => post), version: posts.version },
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['people'] })
      await client.invalidateQueries({ queryKey: ['departments'] })
      tell(t('posts.saved'))
      onDone()
    },
  })
  const wrong = save.error ? problemText(save.error) : undefined
  const errorAt = (path: string) => wrong?.fields.find((one) => one.path === path)?.message
  const set = (index: number, part: Partial<PostInput>) =>
    setRows(rows.map((one, i) => (i === index ? { ...one, ...part } : one)))
  return (
    <Stack>
      {wrong && (
        <Alert color="red" role="alert">
          {wrong.sentence}
        </Alert>
      )}
      {rows.map((row, index) => (
        <Group
          key={row.key}
          align="start"
          gap="sm"
          component="fieldset"
          style={{ border: 0, padding: 0, margin: 0 }}
        >
          <Select
            label={t('posts.department')}
            searchable
            limit={200}
            nothingFoundMessage={t('step.nothing')}
            data={(departments.data ?? []).map((one) => ({ value: one.id, label: one.path }))}
            value={row.department_id || null}
            onChange={(id) => set(index, { department_id: id ?? '' })}
            error={errorAt(`posts.${index}.department`)}
            style={{ flex: '1 1 14rem' }}
          />
          <TextInput
            type="date"
            label={t('posts.from')}
            value={row.starts_on}
            onChange={(event) => set(index, { starts_on: event.currentTarget.value })}
            error={errorAt(`posts.${index}.starts_on`)}
          />
          <TextInput
            type="date"
            label={t('posts.to')}
            value={row.ends_on ?? ''}
            onChange={(event) => set(index, { ends_on: event.currentTarget.value || undefined })}
            error={errorAt(`posts.${index}.ends_on`)}
          />
          <Checkbox
            label={t('posts.main')}
            checked={row.main ?? false}
            onChange={(event) => set(index, { main: event.currentTarget.checked })}
            error={errorAt(`posts.${index}.main`)}
            mt={34}
          />
          <ActionIcon
            variant="default"
            size="lg"
            mt={28}
            aria-label={t('posts.drop', { number: index + 1 })}
            onClick={() => setRows(rows.filter((_, i) => i !== index))}
          >
            <IconTrash size={18} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="default"
        leftSection={<IconPlus size={18} aria-hidden />}
        style={{ alignSelf: 'start' }}
        onClick={() =>
          setRows([...rows, { key: crypto.randomUUID(), department_id: '', starts_on: today() }])
        }
      >
        {t('posts.add')}
      </Button>
      <p style={{ margin: 0 }}>{t('posts.help')}</p>
      <Group>
        <Button
          loading={save.isPending}
          disabled={rows.some((one) => !one.department_id || !one.starts_on)}
          onClick={() => save.mutate()}
        >
          {t('posts.save')}
        </Button>
        <Button variant="default" onClick={onDone}>
          {t('common:action.cancel')}
        </Button>
      </Group>
    </Stack>
  )
}
