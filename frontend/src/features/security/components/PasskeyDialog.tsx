import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { wasDeclined, wasThere } from '@/lib/passkey'
import { useProblem } from '@/lib/problem-text'
import { addPasskey } from '../api/factors'
import { PasskeyNameDialog } from './PasskeyNameDialog'

/** Names a passkey, then lets the browser make it. */
export function PasskeyDialog({
  onDone,
  onClose,
}: {
  onDone: (codes: string[]) => void
  onClose: () => void
}) {
  const { t } = useTranslation('security')
  const problemText = useProblem()
  const add = useMutation({ mutationFn: (name: string) => addPasskey(name), onSuccess: onDone })
  const wrong = add.isError && !wasDeclined(add.error) ? problemText(add.error) : null
  return (
    <PasskeyNameDialog
      title={t('passkey.title')}
      text={t('passkey.text')}
      action={t('passkey.action')}
      busy={add.isPending}
      wrong={
        wrong
          ? wasThere(add.error)
            ? t('passkey.there')
            : (wrong.fields[0]?.message ?? wrong.sentence)
          : undefined
      }
      onName={(name) => add.mutate(name)}
      onClose={onClose}
    />
  )
}
