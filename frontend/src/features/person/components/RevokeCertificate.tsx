import { Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { type DossierEntry, revokeCertificate } from '../api/dossier'

/** Takes a certificate back, after saying what that means. */
export function RevokeCertificate({ entry }: { entry: DossierEntry }) {
  const { t } = useTranslation(['person', 'common'])
  const client = useQueryClient()
  const problemText = useProblem()
  const [open, setOpen] = useState(false)
  const [reason, setReason] = useState('')
  const number = entry.certificate ?? ''
  const revoke = useMutation({
    mutationFn: () => revokeCertificate(entry.enrolment, reason),
    onSuccess: () => {
      setOpen(false)
      tell(t('dossier.revoke.done', { number }))
      return client.invalidateQueries({ queryKey: ['people', 'dossier'] })
    },
  })
  const wrong = revoke.isError ? problemText(revoke.error) : null
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (!revoke.isPending) revoke.mutate()
  }
  return (
    <>
      <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setOpen(true)}>
        {t('dossier.revoke.title')}
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={t('dossier.revoke.title')}
        closeButtonProps={{ 'aria-label': t('common:action.close') }}
      >
        <form onSubmit={submit} noValidate>
          <Stack>
            <p style={{ margin: 0 }}>{t('dossier.revoke.text', { number, course: entry.round_title })}</p>
            <Textarea
              label={t('dossier.revoke.reason')}
              description={t('dossier.revoke.reasonHelp')}
              autosize
              minRows={2}
              maxLength={500}
              required
              value={reason}
              error={wrong && (wrong.fields[0]?.message ?? wrong.sentence)}
              onChange={(event) => setReason(event.currentTarget.value)}
            />
            <Group justify="flex-end">
              <Button variant="default" onClick={() => setOpen(false)}>
                {t('common:action.cancel')}
              </Button>
              <Button type="submit" color="red" loading={revoke.isPending}>
                {t('dossier.revoke.action')}
              </Button>
            </Group>
          </Stack>
        </form>
      </Modal>
    </>
  )
}
