import { Alert, Button, Checkbox, Group, Modal, Radio, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { asProblem } from '@/lib/api/problem'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { type IssueInput, issueMany, personKeys } from '../api/people'

interface IssueDialogProps {
  /** To whom: chosen people, or everybody a filter finds. */
  target: Pick<IssueInput, 'people' | 'filter'>
  count: number
  opened: boolean
  onClose: () => void
  onDone?: () => void
}

/** Hands out one-time passwords and saves the slips. Says what stops working before it does it. */
export function IssueDialog({ target, count, opened, onClose, onDone }: IssueDialogProps) {
  const { t } = useTranslation('person')
  const client = useQueryClient()
  const problemText = useProblem()
  const [format, setFormat] = useState<NonNullable<IssueInput['format']>>('pdf')
  const [replace, setReplace] = useState(false)
  const issue = useMutation({
    mutationFn: () => issueMany({ ...target, format, replace_chosen: replace }),
    onSuccess: () => {
      tell(t('issue.done', { count }))
      onDone?.()
      close()
    },
    onSettled: () => client.invalidateQueries({ queryKey: personKeys.all }),
  })
  const close = () => {
    issue.reset()
    setReplace(false)
    onClose()
  }
  const problem = issue.isError ? asProblem(issue.error) : undefined
  const chosen = problem?.key === 'credential_chosen'
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t('issue.title')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <Stack>
        <p style={{ margin: 0 }}>{t('issue.text', { count })}</p>
        <Radio.Group
          label={t('issue.format')}
          value={format}
          onChange={(value) =>
            setFormat(value === 'xlsx' ? 'xlsx' : value === 'pdf_single' ? 'pdf_single' : 'pdf')
          }
        >
          <Stack gap="xs" mt="xs">
            <Radio value="pdf" label={t('issue.pdf')} />
            <Radio value="pdf_single" label={t('issue.single')} />
            <Radio value="xlsx" label={t('issue.xlsx')} />
          </Stack>
        </Radio.Group>
        {problem && (
          <Alert color={chosen ? 'yellow' : 'red'} role="alert">
            {problemText(issue.error).sentence}
          </Alert>
        )}
        {(chosen || replace) && (
          <Checkbox
            checked={replace}
            onChange={(event) => setReplace(event.currentTarget.checked)}
            label={t('issue.replace')}
            description={t('issue.replaceHelp')}
          />
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t('common:action.cancel')}
          </Button>
          <Button loading={issue.isPending} disabled={chosen && !replace} onClick={() => issue.mutate()}>
            {t('issue.action', { count })}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
