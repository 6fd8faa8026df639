import { Alert, Button, Group, Modal, Progress, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { newKey } from '@/lib/api/idempotency-key'
import { percentOf } from '@/lib/percent'
import { useProblem, useSentence } from '@/lib/problem-text'
import { usePermission } from '@/lib/session'
import { type CourseCopy, catalogueKeys, copyCourse, type OfferDetail } from '../api/catalogue'
import classes from './Catalogue.module.css'

/** A course as one's own: what became of the last copy, and the button that makes one. */
export function CopyCourse({ offer }: { offer: OfferDetail }) {
  const { t } = useTranslation('catalogue')
  const mayWrite = usePermission('course:write')
  const [open, dialog] = useDisclosure()
  if (!mayWrite) return null
  return (
    <section className={classes.copy}>
      {offer.copy && <State copy={offer.copy} />}
      {offer.copy?.state !== 'copying' && (
        <Button variant="default" onClick={dialog.open}>
          {t('copy.begin')}
        </Button>
      )}
      <Modal opened={open} onClose={dialog.close} title={t('copy.begin')}>
        <CopyForm offer={offer} onClose={dialog.close} />
      </Modal>
    </section>
  )
}

function State({ copy }: { copy: CourseCopy }) {
  const { t } = useTranslation('catalogue')
  const sentence = useSentence()
  if (copy.state === 'copying')
    return (
      <div>
        <p role="status">{t('copy.copying', { title: copy.title })}</p>
        <Progress
          value={percentOf(copy.done, copy.total)}
          size="lg"
          my="xs"
          animated
          aria-label={t('copy.copying', { title: copy.title })}
        />
        <p>{t('copy.leave')}</p>
      </div>
    )
  if (copy.state === 'stopped')
    return (
      <Alert color="red" mb="sm" title={t('copy.stopped', { title: copy.title })}>
        {sentence(copy.problem ?? 'unknown')}
      </Alert>
    )
  return (
    <p role="status">
      {t('copy.done')}{' '}
      {copy.course && (
        <Link to="/courses/$courseId" params={{ courseId: copy.course }}>
          {copy.title}
        </Link>
      )}{' '}
      (<DateText value={copy.created_at} />)
    </p>
  )
}

function CopyForm({ offer, onClose }: { offer: OfferDetail; onClose: () => void }) {
  const { t } = useTranslation('catalogue')
  const queries = useQueryClient()
  const problem = useProblem()
  const [title, setTitle] = useState(offer.title)
  const [key] = useState(newKey)
  const copying = useMutation({
    mutationFn: () => copyCourse(offer.course, title, key),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: catalogueKeys.one(offer.course) })
      onClose()
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    copying.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <p>{t('copy.text', { context: offer.owner })}</p>
        <TextInput
          label={t('copy.title')}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
          maxLength={200}
          required
          data-autofocus
        />
        {copying.isError && <Alert color="red">{problem(copying.error).sentence}</Alert>}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {t('copy.cancel')}
          </Button>
          <Button type="submit" loading={copying.isPending}>
            {t('copy.make')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
