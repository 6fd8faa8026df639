import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { logOut, type Session, sessionQuery } from '@/lib/session'
import { AuthFrame } from '../components/AuthFrame'
import { NewPasswordForm } from '../components/NewPasswordForm'
import { PasswordRules } from '../components/PasswordRules'

/** The first time, before anything else: an own password instead of the one that was handed out. */
export function FirstPasswordPage({ session }: { session: Session }) {
  const { t } = useTranslation('auth')
  const queries = useQueryClient()
  const leave = useMutation({
    mutationFn: logOut,
    onSettled: () => window.location.assign('/'),
  })
  return (
    <AuthFrame
      title={t('first.title')}
      intro={
        <>
          <p>{t('first.text', { name: session.person.name })}</p>
          <PasswordRules />
        </>
      }
      tools={
        <Button variant="subtle" color="gray" size="compact-md" onClick={() => leave.mutate()}>
          {t('first.leave')}
        </Button>
      }
    >
      <NewPasswordForm
        action={t('first.action')}
        onDone={() => queries.invalidateQueries({ queryKey: sessionQuery.queryKey })}
      />
    </AuthFrame>
  )
}
