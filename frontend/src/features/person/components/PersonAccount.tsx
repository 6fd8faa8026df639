import { Button, Stack, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { ErrorState } from '@/components/ErrorState'
import { SuspectDialog } from '@/components/slips/SuspectDialog'
import { tell } from '@/lib/messages'
import { usePermission, useSession } from '@/lib/session'
import { accountQuery, issueOne, type Person, resetFactors, type Slip, signOut } from '../api/people'
import { AccountBadge } from './AccountBadge'
import { AccountSource } from './AccountSource'
import { ActDialog } from './ActDialog'
import classes from './Person.module.css'
import { PersonDevices } from './PersonDevices'
import { SlipPanel } from './SlipPanel'

/** How the person logs in, and what the manager can do about it. */
export function PersonAccount({ person }: { person: Person }) {
  const { t } = useTranslation('person')
  const session = useSession()
  const [asked, setAsked] = useState<'issue' | 'out' | 'suspect' | 'factor'>()
  const [reason, setReason] = useState('')
  const [slip, setSlip] = useState<Slip>()
  const chosen = person.credential === 'chosen'
  const guarded = person.roles?.includes('manager') && !session.roles?.includes('manager')
  const account = useQuery(accountQuery(person.id))
  const factors = account.data?.factors ?? []
  const mayHelp = usePermission('person:credential') && !guarded
  const may =
    mayHelp && person.state !== 'left' && person.state !== 'anonymised' && person.id !== session.person.id
  return (
    <>
      <section className={classes.section}>
        <h2>{t('detail.account')}</h2>
        <dl className={classes.facts}>
          <dt>{t('field.login_id')}</dt>
          <dd>{person.login_id}</dd>
          <dt>{t('field.account')}</dt>
          <dd>
            <AccountBadge person={person} />
          </dd>
          {person.credential === 'one_time' && person.expires_at && (
            <>
              <dt>{t('slip.until')}</dt>
              <dd>
                <DateText value={person.expires_at} time />
              </dd>
            </>
          )}
          <dt>{t('field.last_login')}</dt>
          <dd>{person.last_login_at ? <DateText value={person.last_login_at} time /> : t('list.never')}</dd>
          <dt>{t('factor.label')}</dt>
          <dd>
            {account.data &&
              (factors.length > 0
                ? factors.map((kind) => t('factor.kind', { context: kind })).join(t('list.separator'))
                : t('factor.none'))}
          </dd>
          <dt>{t('source.label')}</dt>
          <dd>{account.data && <AccountSource source={account.data.source} />}</dd>
        </dl>
        {account.isError && <ErrorState error={account.error} onRetry={() => account.refetch()} />}
        {account.data && <PersonDevices person={person} devices={account.data.devices} mayEnd={mayHelp} />}
        {may && (
          <div className={classes.buttons}>
            <Button variant="default" onClick={() => setAsked('issue')}>
              {person.credential === 'none' ? t('detail.issue') : t('detail.reissue')}
            </Button>
            {person.last_login_at && (
              <Button variant="default" onClick={() => setAsked('out')}>
                {t('signOut.action')}
              </Button>
            )}
            {!person.roles?.includes('manager') && factors.length > 0 && (
              <Button variant="default" onClick={() => setAsked('factor')}>
                {t('factor.action')}
              </Button>
            )}
            {person.credential !== 'none' && person.credential !== 'void' && (
              <Button variant="default" color="red" onClick={() => setAsked('suspect')}>
                {t('detail.suspect')}
              </Button>
            )}
          </div>
        )}
      </section>
      {slip && <SlipPanel person={person} slip={slip} />}
      <ActDialog
        opened={asked === 'issue'}
        onClose={() => setAsked(undefined)}
        action={person.credential === 'none' ? t('detail.issue') : t('detail.reissue')}
        act={async () => setSlip(await issueOne(person.id, chosen, person.credential_at))}
      >
        <p>
          {person.credential === 'none'
            ? t('detail.issueText')
            : t(chosen ? 'detail.reissueChosen' : 'detail.reissueText', { name: person.name })}
        </p>
      </ActDialog>
      <ActDialog
        opened={asked === 'factor'}
        onClose={() => {
          setAsked(undefined)
          setReason('')
        }}
        action={t('factor.action')}
        color="red"
        act={async () => setSlip(await resetFactors(person.id, reason))}
      >
        <Stack>
          <p>{t('factor.text', { name: person.name })}</p>
          <Textarea
            data-autofocus
            required
            autosize
            minRows={2}
            maxLength={500}
            label={t('factor.reason')}
            description={t('factor.reasonHelp')}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        </Stack>
      </ActDialog>
      <SuspectDialog
        opened={asked === 'suspect'}
        people={[person.id]}
        onClose={() => setAsked(undefined)}
        onIssue={() => setAsked('issue')}
      />
      <ActDialog
        opened={asked === 'out'}
        onClose={() => setAsked(undefined)}
        action={t('signOut.action')}
        act={() => signOut([person.id])}
        onDone={() => tell(t('signOut.done', { count: 1 }))}
      >
        <p>{t('signOut.text', { count: 1 })}</p>
      </ActDialog>
    </>
  )
}
