import { Button, Drawer, Group, SegmentedControl, Select } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { itemsOf } from '@/lib/api/pages'
import { formatDateTime } from '@/lib/format'
import { type Body, revisionQuery, revisionsQuery } from '../api/lessons'
import { Comparison } from '../compare/Comparison'
import classes from './HistoryDrawer.module.css'
import { LessonContent } from './LessonContent'

interface Content {
  title: string
  body: Body
}

interface HistoryDrawerProps {
  lesson: string
  version: number
  /** What is on the screen, saved or not. */
  now: Content
  onRestore: (title: string, body: Body) => void
  onClose: () => void
}

/** Everything that was saved of a lesson; any of it can be looked at and brought back (which is a new save). */
export function HistoryDrawer({ lesson, version, now, onRestore, onClose }: HistoryDrawerProps) {
  const { t } = useTranslation('course')
  const [chosen, setChosen] = useState<number>()
  const list = useInfiniteQuery(revisionsQuery(lesson))
  const items = itemsOf(list.data)
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="56rem"
      title={t('history.title')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <p className={classes.text}>{t('history.text')}</p>
      {list.isPending && <RowsSkeleton />}
      {list.isError && <ErrorState error={list.error} onRetry={() => void list.refetch()} />}
      <ol className={classes.list}>
        {items.map((one) => (
          <li key={one.version}>
            <button
              type="button"
              className={classes.entry}
              aria-expanded={chosen === one.version}
              onClick={() => setChosen(chosen === one.version ? undefined : one.version)}
            >
              <span>{formatDateTime(one.saved_at)}</span>
              <span className={classes.who}>
                {one.saved_by || t('history.system')}
                {one.version === version && t('common:bracketed', { text: t('history.now') })}
              </span>
            </button>
            {chosen === one.version && (
              <Old
                lesson={lesson}
                version={one.version}
                current={one.version === version}
                now={now}
                others={items.filter((other) => other.version !== one.version)}
                onRestore={(title, body) => {
                  onRestore(title, body)
                  onClose()
                }}
              />
            )}
          </li>
        ))}
      </ol>
      {list.hasNextPage && (
        <Button variant="default" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          {t('history.more')}
        </Button>
      )}
    </Drawer>
  )
}

interface OldProps {
  lesson: string
  version: number
  current: boolean
  now: Content
  others: { version: number; saved_at: string }[]
  onRestore: (title: string, body: Body) => void
}

function Old({ lesson, version, current, now, others, onRestore }: OldProps) {
  const { t } = useTranslation('course')
  const { data, error } = useQuery(revisionQuery(lesson, version))
  const [mode, setMode] = useState('whole')
  const [other, setOther] = useState(current && others[0] ? String(others[0].version) : 'now')
  const picked = useQuery({ ...revisionQuery(lesson, Number(other)), enabled: other !== 'now' })
  if (error && !data) return <ErrorState error={error} />
  if (!data) return <RowsSkeleton rows={2} />
  const saved = (one: Content, at: string) => ({
    heading: t('compare.saved', { time: formatDateTime(at) }),
    title: one.title,
    body: one.body,
  })
  const own = saved(data, data.saved_at)
  const against =
    other === 'now'
      ? { heading: t('history.now'), ...now }
      : picked.data && saved(picked.data, picked.data.saved_at)
  const older = other !== 'now' && Number(other) < version
  return (
    <div className={classes.old}>
      <SegmentedControl
        aria-label={t('compare.mode')}
        value={mode}
        onChange={setMode}
        data={[
          { value: 'whole', label: t('compare.whole') },
          { value: 'differences', label: t('compare.differences') },
        ]}
        mb="md"
      />
      {mode === 'whole' && <LessonContent title={data.title} body={data.body} />}
      {mode === 'differences' && (
        <Select
          label={t('compare.with')}
          allowDeselect={false}
          value={other}
          onChange={(value) => value && setOther(value)}
          data={[
            { value: 'now', label: t('history.now') },
            ...others.map((one) => ({ value: String(one.version), label: formatDateTime(one.saved_at) })),
          ]}
          mb="md"
        />
      )}
      {mode === 'differences' && against && <Comparison {...inOrder(own, against, older)} />}
      {!current && (
        <Group justify="flex-end" mt="md">
          <Button size="sm" onClick={() => onRestore(data.title, data.body)}>
            {t('history.restore')}
          </Button>
        </Group>
      )}
    </div>
  )
}

/** The older of two versions is the one before. */
function inOrder<Side>(own: Side, other: Side, older: boolean) {
  return older ? { before: other, after: own } : { before: own, after: other }
}
