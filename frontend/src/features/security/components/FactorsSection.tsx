import { Alert, Button, Group } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { StatusBadge } from '@/components/StatusBadge'
import { tell } from '@/lib/messages'
import { knowsPasskeys } from '@/lib/passkey'
import { useProblem } from '@/lib/problem-text'
import {
  type AppSetup,
  beginApp,
  type Factors,
  factorKeys,
  factorsQuery,
  type Passkey,
  removeApp,
  removePasskey,
  renewRecovery,
} from '../api/factors'
import { AppWizard } from './AppWizard'
import { PasskeyDialog } from './PasskeyDialog'
import { RecoveryCodes } from './RecoveryCodes'
import { RemoveDialog } from './RemoveDialog'
import { RenamePasskey } from './RenamePasskey'
import classes from './Security.module.css'

/** What a person shows beside the password: app, passkeys, recovery codes. */
export function FactorsSection({ onReady }: { onReady?: () => void }) {
  const { t } = useTranslation('security')
  const query = useQuery(factorsQuery)
  const client = useQueryClient()
  const [codes, setCodes] = useState<string[]>([])
  const done = (made: string[]) => {
    setCodes(made)
    client.invalidateQueries({ queryKey: factorKeys.all })
    client.invalidateQueries({ queryKey: factorKeys.devices })
    if (made.length === 0) onReady?.()
  }
  return (
    <section className={classes.section} aria-labelledby="factors-heading">
      <h2 id="factors-heading">{t('factors.title')}</h2>
      <p>{t('factors.text')}</p>
      {query.isPending && <RowsSkeleton rows={2} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {codes.length > 0 ? (
        <RecoveryCodes
          codes={codes}
          onKept={() => {
            setCodes([])
            onReady?.()
          }}
        />
      ) : (
        query.data && <Kinds factors={query.data} onDone={done} />
      )}
    </section>
  )
}

function Kinds({ factors, onDone }: { factors: Factors; onDone: (codes: string[]) => void }) {
  const { t } = useTranslation('security')
  const client = useQueryClient()
  const problemText = useProblem()
  const [setup, setSetup] = useState<AppSetup>()
  const [adding, setAdding] = useState(false)
  const [renaming, setRenaming] = useState<Passkey>()
  const [removing, setRemoving] = useState<{ name: string; act: () => Promise<string[]> }>()
  const failed = (error: unknown) => tell(problemText(error).sentence, { tone: 'bad' })
  const begin = useMutation({ mutationFn: beginApp, onSuccess: setSetup, onError: failed })
  const renew = useMutation({ mutationFn: renewRecovery, onSuccess: onDone, onError: failed })
  const passkeys = factors.passkeys ?? []
  const any = factors.app !== undefined || passkeys.length > 0
  return (
    <>
      {factors.required && !any && <Alert color="yellow">{t('factors.required')}</Alert>}
      <h3>{t('app.heading')}</h3>
      {factors.app ? (
        <div className={classes.row}>
          <div>
            <StatusBadge tone="good">{t('factors.on')}</StatusBadge>
            <p className={classes.small}>
              {t('factors.since')} <DateText value={factors.app.created_at} />
              {factors.app.used_at && (
                <>
                  {' / '}
                  {t('factors.used')} <DateText value={factors.app.used_at} time />
                </>
              )}
            </p>
          </div>
          <Button variant="default" onClick={() => setRemoving({ name: t('app.heading'), act: removeApp })}>
            {t('app.remove')}
          </Button>
        </div>
      ) : (
        <>
          <p>{t('app.text')}</p>
          <div>
            <Button loading={begin.isPending} onClick={() => begin.mutate()}>
              {t('app.begin')}
            </Button>
          </div>
        </>
      )}
      <h3>{t('passkey.heading')}</h3>
      {passkeys.length === 0 && <p>{t('passkey.none')}</p>}
      {passkeys.map((key) => (
        <div key={key.id} className={classes.row}>
          <div>
            <strong>{key.name}</strong>
            {key.cloned_at && <StatusBadge tone="bad">{t('passkey.cloned')}</StatusBadge>}
            <p className={classes.small}>
              {t('factors.since')} <DateText value={key.created_at} />
              {key.used_at && (
                <>
                  {' / '}
                  {t('factors.used')} <DateText value={key.used_at} time />
                </>
              )}
            </p>
          </div>
          <Group gap="xs">
            <Button
              variant="default"
              aria-label={t('passkey.renameOne', { name: key.name })}
              onClick={() => setRenaming(key)}
            >
              {t('passkey.rename')}
            </Button>
            <Button
              variant="default"
              aria-label={t('passkey.removeOne', { name: key.name })}
              onClick={() => setRemoving({ name: key.name, act: () => removePasskey(key.id) })}
            >
              {t('passkey.remove')}
            </Button>
          </Group>
        </div>
      ))}
      {knowsPasskeys() && (
        <div>
          <Button variant="default" onClick={() => setAdding(true)}>
            {t('passkey.add')}
          </Button>
        </div>
      )}
      {any && (
        <>
          <h3>{t('recovery.heading')}</h3>
          <div className={classes.row}>
            <p>{t('recovery.left', { count: factors.recovery_left })}</p>
            <Button variant="default" loading={renew.isPending} onClick={() => renew.mutate()}>
              {t('recovery.renew')}
            </Button>
          </div>
        </>
      )}
      {setup && (
        <AppWizard
          setup={setup}
          onClose={() => setSetup(undefined)}
          onDone={(codes) => {
            setSetup(undefined)
            onDone(codes)
          }}
        />
      )}
      {adding && (
        <PasskeyDialog
          onClose={() => setAdding(false)}
          onDone={(codes) => {
            setAdding(false)
            onDone(codes)
          }}
        />
      )}
      {renaming && (
        <RenamePasskey
          passkey={renaming}
          onClose={() => setRenaming(undefined)}
          onDone={() => {
            setRenaming(undefined)
            client.invalidateQueries({ queryKey: factorKeys.all })
          }}
        />
      )}
      {removing && (
        <RemoveDialog
          name={removing.name}
          act={removing.act}
          onClose={() => setRemoving(undefined)}
          onDone={(codes) => {
            setRemoving(undefined)
            tell(t('factors.removed'))
            onDone(codes)
          }}
        />
      )}
    </>
  )
}
