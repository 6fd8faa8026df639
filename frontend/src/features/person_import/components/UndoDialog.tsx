import { Alert, Button, Group, Modal, Stack } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { PageSkeleton } from '@/components/Skeletons'
import { formatNumber } from '@/lib/format'
import { useProblem } from '@/lib/problem-text'
import { importKeys, undoImport, undoQuery } from '../api/imports'
import classes from './Import.module.css'
import { UndoCounts } from './UndoCounts'

/** Shows what taking an import back would do, and whom it would leave alone, before it is done. */
export function UndoDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation('person_import')
  const client = useQueryClient()
  const problemText = useProblem()
  const query = useQuery(undoQuery(id))
  const undo = useMutation({
    mutationFn: () => undoImport(id),
    onSuccess: (next) => {
      client.setQueryData(importKeys.one(id), next)
      onClose()
    },
  })
  const count = query.data?.count
  const going = count ? count.remove + count.restore + count.return : 0
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('undo.title')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      {query.isPending && <PageSkeleton />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {count && (
        <Stack>
          <UndoCounts count={count} />
          {query.data && query.data.slips > 0 && (
            <Alert color="yellow">
              {t('undo.slips', { count: query.data.slips, formatted: formatNumber(query.data.slips) })}
            </Alert>
          )}
          <p style={{ margin: 0 }}>{t('undo.departments')}</p>
          {(query.data?.kept ?? []).length > 0 && (
            <>
              <b>{t('undo.kept')}</b>
              <ul className={classes.kept}>
                {(query.data?.kept ?? []).map((row) => (
                  <li key={row.row}>
                    {row.name}: {t('undoWhy', { context: row.undo })}
                  </li>
                ))}
              </ul>
            </>
          )}
          {undo.isError && (
            <Alert color="red" role="alert">
              {problemText(undo.error).sentence}
            </Alert>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button color="red" disabled={going === 0} loading={undo.isPending} onClick={() => undo.mutate()}>
              {t('undo.action')}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}
