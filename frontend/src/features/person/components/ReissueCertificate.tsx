import { Alert, Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { useIdempotencyKey } from '@/lib/api/idempotency-key'
import { formatDate } from '@/lib/format'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { type DossierEntry, type ReissuePreview, reissueCertificate, reissuePreview } from '../api/dossier'
import classes from './Dossier.module.css'

/** Issues a certificate again, after showing what will stand on the new one. */
export function ReissueCertificate({ entry }: { entry: DossierEntry }) {
  const { t } = useTranslation(['person', 'common'])
  const [open, setOpen] = useState(false)
  return (
    <>
      <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setOpen(true)}>
        {t('dossier.reissue.title')}
      </Button>
      <Modal
        opened={open}
        onClose={() => setOpen(false)}
        title={t('dossier.reissue.title')}
        closeButtonProps={{ 'aria-label': t('common:action.close') }}
      >
        <Form entry={entry} onClose={() => setOpen(false)} />
      </Modal>
    </>
  )
}

function Form({ entry, onClose }: { entry: DossierEntry; onClose: () => void }) {
  const { t } = useTranslation(['person', 'common'])
  const client = useQueryClient()
  const problemText = useProblem()
  const { key } = useIdempotencyKey()
  const [reason, setReason] = useState('')
  const preview = useQuery(reissuePreview(entry.enrolment))
  const reissue = useMutation({
    mutationFn: (certificate: string) => reissueCertificate(entry.enrolment, { certificate, reason }, key),
    onSuccess: ({ number }) => {
      onClose()
      tell(t('dossier.reissue.done', { number }))
      return client.invalidateQueries({ queryKey: ['people', 'dossier'] })
    },
    onError: () => preview.refetch(), // another may stand meanwhile
  })
  const wrong = reissue.isError ? problemText(reissue.error) : null
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (!reissue.isPending && preview.data) reissue.mutate(preview.data.certificate)
  }
  if (preview.isError && !preview.data) {
    return <ErrorState error={preview.error} onRetry={() => preview.refetch()} />
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {preview.data ? <Preview of={preview.data} /> : <RowsSkeleton rows={4} />}
        <Textarea
          label={t('dossier.reissue.reason')}
          description={t('dossier.reissue.reasonHelp')}
          autosize
          minRows={2}
          maxLength={500}
          required
          value={reason}
          error={wrong?.fields[0]?.message}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        {wrong && wrong.fields.length === 0 && (
          <Alert color="red" role="alert">
            {wrong.sentence}
          </Alert>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" disabled={!preview.data} loading={reissue.isPending}>
            {t('dossier.reissue.action')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

/** What the new certificate will say differently, and what stays as it was. */
function Preview({ of }: { of: ReissuePreview }) {
  const { t } = useTranslation('person')
  const { now, next } = of
  const changes = [
    now.name !== next.name && { label: t('dossier.reissue.name'), now: now.name, next: next.name },
    now.organisation !== next.organisation && {
      label: t('dossier.reissue.organisation'),
      now: now.organisation,
      next: next.organisation,
    },
    now.issuer !== next.issuer && { label: t('dossier.reissue.issuer'), now: now.issuer, next: next.issuer },
    now.design !== next.design && {
      label: t('dossier.reissue.design'),
      now: t('dossier.reissue.designThen'),
      next: t('dossier.reissue.designNow'),
    },
  ].filter((one) => one !== false)
  return (
    <>
      <p className={classes.text}>{t('dossier.reissue.text', { number: of.number })}</p>
      <section className={classes.preview}>
        <h3>{t('dossier.reissue.changes')}</h3>
        {changes.length === 0 ? (
          <p>{t('dossier.reissue.nothing')}</p>
        ) : (
          <dl>
            {changes.map((one) => (
              <div key={one.label}>
                <dt>{one.label}</dt>
                <dd>{t('dossier.reissue.change', { now: one.now, next: one.next })}</dd>
              </div>
            ))}
          </dl>
        )}
        <h3>{t('dossier.reissue.stays')}</h3>
        <dl>
          {changes.every((one) => one.now !== now.name) && (
            <div>
              <dt>{t('dossier.reissue.name')}</dt>
              <dd>{now.name}</dd>
            </div>
          )}
          <div>
            <dt>{t('dossier.reissue.course')}</dt>
            <dd>{t('dossier.reissue.version', { title: of.course_title, number: of.course_version })}</dd>
          </div>
          <div>
            <dt>{t('dossier.reissue.completedOn')}</dt>
            <dd>{formatDate(of.completed_on)}</dd>
          </div>
          {of.score_percent !== undefined && (
            <div>
              <dt>{t('dossier.reissue.score')}</dt>
              <dd>{t('dossier.reissue.points', { score: of.score_percent })}</dd>
            </div>
          )}
        </dl>
      </section>
    </>
  )
}
