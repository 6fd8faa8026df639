import { Alert, Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useProblem } from '@/lib/problem-text'
import { signOutEverywhere } from '../api/session'

/** Ends every session of one's own, this one included; afterwards the log-in page is shown. */
export function SignOutEverywhere() {
  const { t } = useTranslation('auth')
  const problemText = useProblem()
  const out = useMutation({
    mutationFn: signOutEverywhere,
    onSuccess: () => window.location.assign('/login'),
  })
  return (
    <>
      {out.isError && (
        <Alert color="red" role="alert" mb="md">
          {problemText(out.error).sentence}
        </Alert>
      )}
      <Button variant="default" loading={out.isPending} onClick={() => out.mutate()}>
        {t('account.signOutEverywhere')}
      </Button>
    </>
  )
}
