import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { useProblem } from '@/lib/problem-text'
import { type Passkey, renamePasskey } from '../api/factors'
import { PasskeyNameDialog } from './PasskeyNameDialog'

/** Calls a passkey by another name, so that the person still knows which device it is. */
export function RenamePasskey({
  passkey,
  onDone,
  onClose,
}: {
  passkey: Passkey
  onDone: () => void
  onClose: () => void
}) {
  const { t } = useTranslation('security')
  const problemText = useProblem()
  const rename = useMutation({
    mutationFn: (name: string) => renamePasskey(passkey.id, name),
    onSuccess: onDone,
  })
  const wrong = rename.isError ? problemText(rename.error) : null
  return (
    <PasskeyNameDialog
      title={t('passkey.renameTitle')}
      action={t('passkey.renameAction')}
      name={passkey.name}
      busy={rename.isPending}
      wrong={wrong?.fields[0]?.message ?? wrong?.sentence}
      onName={(name) => rename.mutate(name)}
      onClose={onClose}
    />
  )
}
