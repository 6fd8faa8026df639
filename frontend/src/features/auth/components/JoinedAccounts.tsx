import { Button, Group, Modal } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import {
  type Account,
  accountKeys,
  accountsQuery,
  askToJoin,
  joinAccounts,
  joinOfferQuery,
  separateAccount,
  switchAccount,
} from '../api/accounts'
import { FactorStep } from './FactorStep'
import classes from './JoinedAccounts.module.css'

/** Everything of the account before is gone with the page. */
const startAnew = () => window.location.assign('/')

/** One's accounts in other organisations: join them once, change between them ever after. */
export function JoinedAccounts() {
  const { t } = useTranslation('auth')
  const query = useQuery(accountsQuery)
  return (
    <>
      <p>{t('joined.text')}</p>
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      <Offer />
      {query.data && query.data.length > 0 && (
        <ul className={classes.list}>
          {query.data.map((account) => (
            <AccountLine key={account.person} account={account} />
          ))}
        </ul>
      )}
      <Ask />
    </>
  )
}

/** The account that asked a moment ago in this browser. */
function Offer() {
  const { t } = useTranslation('auth')
  const client = useQueryClient()
  const words = useProblem()
  const { data } = useQuery(joinOfferQuery)
  const join = useMutation({
    mutationFn: joinAccounts,
    onSuccess: async () => {
      tell(t('joined.done'))
      await client.invalidateQueries({ queryKey: accountKeys.offer })
      await client.invalidateQueries({ queryKey: accountKeys.list })
    },
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
  })
  if (!data?.organisation) return null
  return (
    <div className={classes.offer} role="status">
      <p>{t('joined.offer', { organisation: data.organisation, name: data.name })}</p>
      <Button loading={join.isPending} onClick={() => join.mutate()}>
        {t('joined.join')}
      </Button>
    </div>
  )
}

function Ask() {
  const { t } = useTranslation('auth')
  const words = useProblem()
  const [opened, setOpened] = useState(false)
  const ask = useMutation({
    mutationFn: askToJoin,
    onSuccess: startAnew,
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
  })
  return (
    <Group>
      <Button variant="default" onClick={() => setOpened(true)}>
        {t('joined.add')}
      </Button>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={t('joined.add')}
        closeButtonProps={{ 'aria-label': t('common:action.close') }}
      >
        <ol className={classes.steps}>
          <li>{t('joined.step1')}</li>
          <li>{t('joined.step2')}</li>
          <li>{t('joined.step3')}</li>
        </ol>
        <Group justify="flex-end">
          <Button variant="default" onClick={() => setOpened(false)}>
            {t('common:action.cancel')}
          </Button>
          <Button loading={ask.isPending} onClick={() => ask.mutate()}>
            {t('joined.start')}
          </Button>
        </Group>
      </Modal>
    </Group>
  )
}

function AccountLine({ account }: { account: Account }) {
  const { t } = useTranslation('auth')
  const client = useQueryClient()
  const words = useProblem()
  const [factors, setFactors] = useState<string[]>([])
  const change = useMutation({
    mutationFn: () => switchAccount(account.person),
    onSuccess: (outcome) => ('session' in outcome ? startAnew() : setFactors(outcome.factors)),
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
  })
  const separate = useMutation({
    mutationFn: () => separateAccount(account.person),
    onSuccess: () => {
      tell(t('joined.separated', { organisation: account.organisation }))
      return client.invalidateQueries({ queryKey: accountKeys.list })
    },
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
  })
  return (
    <li>
      <div>
        <strong>{account.organisation}</strong>
        <span>{account.name}</span>
        {account.current && <span>{t('joined.current')}</span>}
        {!account.current && !account.usable && <span>{t('joined.unusable')}</span>}
      </div>
      <Group gap="xs">
        {!account.current && account.usable && (
          <Button
            size="compact-md"
            loading={change.isPending}
            onClick={() => change.mutate()}
            aria-label={t('joined.changeTo', { organisation: account.organisation })}
          >
            {t('joined.change')}
          </Button>
        )}
        <Button
          size="compact-md"
          variant="default"
          loading={separate.isPending}
          onClick={() => separate.mutate()}
          aria-label={t('joined.separateOf', { organisation: account.organisation })}
        >
          {t('joined.separate')}
        </Button>
      </Group>
      <Modal
        opened={factors.length > 0}
        onClose={() => setFactors([])}
        title={account.organisation}
        closeButtonProps={{ 'aria-label': t('common:action.close') }}
      >
        <FactorStep
          methods={factors}
          onSignedIn={startAnew}
          onOver={(sentence) => {
            setFactors([])
            if (sentence) tell(sentence, { tone: 'bad' })
          }}
        />
      </Modal>
    </li>
  )
}
