import { Alert, Button, NumberInput, Switch } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { type Policies, type Policy, policyQuery } from '../api/policy'
import classes from './Security.module.css'

interface PolicyFormProps {
  title: string
  text: string
  value: Policy
  /** What cannot be gone under. */
  minimum?: Policy
  readOnly: boolean
  save: (policy: Policy) => Promise<Policies>
}

const figures = ['sessions_per_account', 'one_time_days', 'unused_months'] as const
const bounds = { sessions_per_account: [0, 50], one_time_days: [1, 90], unused_months: [1, 24] } as const
const switches = ['manager_factor', 'password_files'] as const

/** The rules for accounts; each says what it does and what the association demands. */
export function PolicyForm({ title, text, value, minimum, readOnly, save }: PolicyFormProps) {
  const { t } = useTranslation('security')
  const client = useQueryClient()
  const problemText = useProblem()
  const [policy, setPolicy] = useState(value)
  const store = useMutation({
    mutationFn: () => save(policy),
    onSuccess: (next) => {
      client.setQueryData(policyQuery.queryKey, next)
      tell(t('policy.saved'))
    },
  })
  const wrong = store.isError ? problemText(store.error) : null
  const errorAt = (path: string) => wrong?.fields.find((one) => one.path === path)?.message
  const demanded = (name: keyof Policy) => {
    if (!minimum) return undefined
    if (name === 'manager_factor') return minimum.manager_factor ? t('policy.demanded') : undefined
    if (name === 'password_files') return minimum.password_files ? undefined : t('policy.forbidden')
    if (minimum[name] === 0 || minimum[name] === bounds[name][1]) return undefined
    return t('policy.atMost', { count: Number(minimum[name]) })
  }
  const help = (name: keyof Policy) =>
    [t('policy.help', { context: name }), demanded(name)].filter(Boolean).join(' ')
  const submit = (event: SyntheticEvent) => {
    event.preventDefault()
    if (!store.isPending) store.mutate()
  }
  return (
    <form className={classes.section} onSubmit={submit} noValidate>
      <h2>{title}</h2>
      <p>{text}</p>
      {wrong && wrong.fields.length === 0 && (
        <Alert color="red" role="alert">
          {wrong.sentence}
        </Alert>
      )}
      <div className={classes.form}>
        {switches.map((name) => (
          <Switch
            key={name}
            label={t('policy.field', { context: name })}
            description={help(name)}
            checked={policy[name]}
            error={errorAt(name)}
            disabled={readOnly}
            onChange={(event) => setPolicy({ ...policy, [name]: event.currentTarget.checked })}
          />
        ))}
        {figures.map((name) => (
          <NumberInput
            key={name}
            label={t('policy.field', { context: name })}
            description={help(name)}
            value={policy[name]}
            error={errorAt(name)}
            min={bounds[name][0]}
            max={bounds[name][1]}
            allowDecimal={false}
            readOnly={readOnly}
            hideControls
            onChange={(next) => setPolicy({ ...policy, [name]: Number(next) })}
          />
        ))}
        {!readOnly && (
          <div>
            <Button type="submit" loading={store.isPending}>
              {t('policy.save')}
            </Button>
          </div>
        )}
      </div>
    </form>
  )
}
