import { Alert, Button, Checkbox, Group, Modal, Stack } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { newKey } from '@/lib/api/idempotency-key'
import { formatNumber } from '@/lib/format'
import { useProblem } from '@/lib/problem-text'
import {
  createSlips,
  previewSlips,
  type SlipFormat,
  type SlipPreview,
  type SlipTarget,
  slipKeys,
} from '@/lib/slips'
import { FormatChoice } from './FormatChoice'
import { SlipProgress } from './SlipProgress'

interface SlipDialogProps {
  /** To whom: chosen people, or everybody a filter finds, on every page of the list. */
  target: SlipTarget
  /** Also a new login ID for everybody. */
  newLogin?: boolean
  opened: boolean
  onClose: () => void
  onDone?: () => void
}

/** Hands out one-time passwords: says what it would do, does it, and saves the slips. It can be left at any time. */
export function SlipDialog(props: SlipDialogProps) {
  const { t } = useTranslation('credential')
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      size="lg"
      title={props.newLogin ? t('slip.titleNew') : t('slip.title')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      {props.opened && <Steps {...props} />}
    </Modal>
  )
}

function Steps({ target, newLogin, onClose, onDone }: SlipDialogProps) {
  const { t } = useTranslation('credential')
  const client = useQueryClient()
  const problemText = useProblem()
  const [key] = useState(newKey)
  const [format, setFormat] = useState<SlipFormat>('pdf')
  const [replace, setReplace] = useState(newLogin ?? false)
  const preview = useQuery({
    queryKey: [...slipKeys.all, 'preview', key],
    queryFn: () => previewSlips(target),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const create = useMutation({
    mutationFn: (as_of: string) =>
      createSlips({ ...target, replace_chosen: replace, new_login: newLogin ?? false, as_of }, key),
    onSuccess: onDone,
    onSettled: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: ['people'] }),
        client.invalidateQueries({ queryKey: ['concerns'] }),
        client.invalidateQueries({ queryKey: slipKeys.list }),
      ]),
  })
  if (create.data) return <SlipProgress id={create.data.id} format={format} save onClose={onClose} />
  const found = preview.data
  const problem = preview.error ?? create.error
  return (
    <Stack>
      {found ? (
        <Facts preview={found} newLogin={newLogin ?? false} />
      ) : (
        <p role="status">{t('slip.looking')}</p>
      )}
      <FormatChoice value={format} onChange={setFormat} />
      {found !== undefined && found.chosen > 0 && (
        <Checkbox
          checked={replace}
          onChange={(event) => setReplace(event.currentTarget.checked)}
          label={t('slip.replace', { count: found.chosen, figure: formatNumber(found.chosen) })}
          description={t('slip.replaceHelp')}
        />
      )}
      {problem && (
        <Alert color="red" role="alert">
          {problemText(problem).sentence}
        </Alert>
      )}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          {t('common:action.cancel')}
        </Button>
        <Button
          loading={create.isPending}
          disabled={!found || found.count === 0 || (found.chosen > 0 && !replace)}
          onClick={() => found && create.mutate(found.as_of)}
        >
          {t('slip.action', { count: found?.count ?? 0, figure: formatNumber(found?.count ?? 0) })}
        </Button>
      </Group>
    </Stack>
  )
}

/** What would happen, in figures. */
function Facts({ preview, newLogin }: { preview: SlipPreview; newLogin: boolean }) {
  const { t } = useTranslation('credential')
  const of = (count: number) => ({ count, figure: formatNumber(count) })
  return (
    <ul style={{ margin: 0, paddingInlineStart: '1.25rem' }}>
      <li>
        {t('slip.count', { count: preview.count, figure: formatNumber(preview.count), days: preview.days })}
      </li>
      {newLogin && <li>{t('slip.newLogin')}</li>}
      {preview.active > 0 && <li>{t('slip.active', of(preview.active))}</li>}
      {preview.left > 0 && <li>{t('slip.left', of(preview.left))}</li>}
      {preview.guarded > 0 && <li>{t('slip.guarded', of(preview.guarded))}</li>}
      {preview.own > 0 && <li>{t('slip.own', of(preview.own))}</li>}
      <li>{t('slip.once', { hours: preview.keep_hours })}</li>
    </ul>
  )
}
