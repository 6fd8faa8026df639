import { Alert, Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Copyable } from '@/components/Copyable'
import { useProblem } from '@/lib/problem-text'
import { type AppSetup, confirmApp } from '../api/factors'
import classes from './Security.module.css'

interface AppWizardProps {
  setup: AppSetup
  onDone: (codes: string[]) => void
  onClose: () => void
}

/** Three steps on one page: get an app, show it the picture, type what it shows. */
export function AppWizard({ setup, onDone, onClose }: AppWizardProps) {
  const { t } = useTranslation('security')
  const problemText = useProblem()
  const [code, setCode] = useState('')
  const [missing, setMissing] = useState(false)
  const confirm = useMutation({ mutationFn: () => confirmApp(code), onSuccess: onDone })
  const wrong = confirm.isError ? problemText(confirm.error) : null
  const field = wrong?.fields.find((one) => one.path === 'code')
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    setMissing(code.trim() === '')
    if (code.trim() !== '' && !confirm.isPending) confirm.mutate()
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('app.title')}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      <form onSubmit={submit} noValidate>
        <Stack>
          <ol className={classes.steps}>
            <li>{t('app.get')}</li>
            <li>
              {t('app.scan')}
              <img className={classes.qr} src={setup.qr} alt={t('app.qr')} width={200} height={200} />
              <details>
                <summary>{t('app.byHand')}</summary>
                <p>{t('app.byHandText')}</p>
                <Copyable value={setup.secret} label={t('app.secret')} />
                <p>
                  <a href={setup.uri}>{t('app.open')}</a>
                </p>
              </details>
            </li>
            <li>{t('app.type')}</li>
          </ol>
          {wrong && !field && (
            <Alert color="red" role="alert">
              {wrong.sentence}
            </Alert>
          )}
          <TextInput
            label={t('app.code')}
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={40}
            value={code}
            error={missing ? t('app.missing') : field?.message}
            onChange={(event) => {
              setCode(event.currentTarget.value)
              setMissing(false)
            }}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t('common:action.cancel')}
            </Button>
            <Button type="submit" loading={confirm.isPending}>
              {t('app.action')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  )
}
