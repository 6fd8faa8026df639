import { Alert, Button, Group, Modal, Radio, Stack } from '@mantine/core'
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
  const [replace, setReplace] = useState<boolean | undefined>(newLogin)
  const preview = useQuery({
    queryKey: [...slipKeys.all, 'preview', key],
    queryFn: () => previewSlips(target),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const others = (preview.data?.count ?? 0) - (preview.data?.chosen ?? 0)
  // Where everybody has chosen one, there is nobody else to hand one to: that has to be said.
  const replacing = replace ?? false
  const count = replacing ? (preview.data?.count ?? 0) : others
  const create = useMutation({
    mutationFn: (as_of: string) =>
      createSlips(
        {
          ...target,
          replace_chosen: replacing,
          skip_chosen: !replacing,
          new_login: newLogin ?? false,
          as_of,
        },
        key,
      ),
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
        <Facts preview={found} count={count} newLogin={newLogin ?? false} />
      ) : (
        <p role="status">{t('slip.looking')}</p>
      )}
      <FormatChoice value={format} onChange={setFormat} />
      {found !== undefined && found.chosen > 0 && (
        <Radio.Group
          label={t('slip.chosen', { count: found.chosen, figure: formatNumber(found.chosen) })}
          value={replacing ? 'replace' : 'skip'}
          onChange={(value) => setReplace(value === 'replace')}
        >
          <Stack gap="xs" mt="xs">
            <Radio
              value="skip"
              label={t('slip.skip')}
              description={t('slip.others', { count: others, figure: formatNumber(others) })}
            />
            <Radio value="replace" label={t('slip.replace')} description={t('slip.replaceHelp')} />
          </Stack>
        </Radio.Group>
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
          disabled={!found || count === 0}
          onClick={() => found && create.mutate(found.as_of)}
        >
          {t('slip.action', { count, figure: formatNumber(count) })}
        </Button>
      </Group>
    </Stack>
  )
}

interface FactsProps {
  preview: SlipPreview
  /** How many get a slip, as it is chosen now. */
  count: number
  newLogin: boolean
}

/** What would happen, in figures. */
function Facts({ preview, count, newLogin }: FactsProps) {
  const { t } = useTranslation('credential')
  const of = (count: number) => ({ count, figure: formatNumber(count) })
  return (
    <ul style={{ margin: 0, paddingInlineStart: '1.25rem' }}>
      <li>{t('slip.count', { count, figure: formatNumber(count), days: preview.days })}</li>
      {newLogin && <li>{t('slip.newLogin')}</li>}
      {preview.active > 0 && count === preview.count && <li>{t('slip.active', of(preview.active))}</li>}
      {preview.left > 0 && <li>{t('slip.left', of(preview.left))}</li>}
      {preview.guarded > 0 && <li>{t('slip.guarded', of(preview.guarded))}</li>}
      {preview.own > 0 && <li>{t('slip.own', of(preview.own))}</li>}
      <li>{t('slip.once', { hours: preview.keep_hours })}</li>
    </ul>
  )
}
