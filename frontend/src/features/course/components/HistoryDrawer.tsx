import { Button, Drawer, Group } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { itemsOf } from '@/lib/api/pages'
import { formatDateTime } from '@/lib/format'
import { type Body, revisionQuery, revisionsQuery } from '../api/lessons'
import classes from './HistoryDrawer.module.css'
import { LessonContent } from './LessonContent'

interface HistoryDrawerProps {
  lesson: string
  version: number
  onRestore: (title: string, body: Body) => void
  onClose: () => void
}

/** Everything that was saved of a lesson; any of it can be looked at and brought back (which is a new save). */
export function HistoryDrawer({ lesson, version, onRestore, onClose }: HistoryDrawerProps) {
  const { t } = useTranslation('course')
  const [chosen, setChosen] = useState<number>()
  const list = useInfiniteQuery(revisionsQuery(lesson))
  const items = itemsOf(list.data)
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size="36rem"
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
                {one.version === version && `（${t('history.now')}）`}
              </span>
            </button>
            {chosen === one.version && (
              <Old
                lesson={lesson}
                version={one.version}
                current={one.version === version}
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
  onRestore: (title: string, body: Body) => void
}

function Old({ lesson, version, current, onRestore }: OldProps) {
  const { t } = useTranslation('course')
  const { data, error } = useQuery(revisionQuery(lesson, version))
  if (error) return <ErrorState error={error} />
  if (!data) return <RowsSkeleton rows={2} />
  return (
    <div className={classes.old}>
      <LessonContent title={data.title} body={data.body} />
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
