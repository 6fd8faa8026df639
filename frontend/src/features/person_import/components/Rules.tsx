import { Alert, Button, NativeSelect, NumberInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import sheets from '@/components/Sheets.module.css'
import { PageSkeleton } from '@/components/Skeletons'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { type ImportRules, rulesQuery, setRules } from '../api/imports'

/** What happens to files that programs send. */
export function Rules() {
  const query = useQuery(rulesQuery)
  if (query.isPending) return <PageSkeleton />
  if (query.isLoadingError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  const { hour, missing, limit, warn_days } = query.data
  return <RulesForm first={{ hour, missing, limit, warn_days }} />
}

function RulesForm({ first }: { first: ImportRules }) {
  const { t } = useTranslation('person_import')
  const client = useQueryClient()
  const problemText = useProblem()
  const [rules, setDraft] = useState(first)
  const save = useMutation({
    mutationFn: () => setRules(rules),
    onSuccess: (next) => {
      client.setQueryData(rulesQuery.queryKey, next)
      tell(t('rules.saved'), { tone: 'good' })
    },
  })
  const hours = Array.from({ length: 24 }, (_, hour) => ({
    value: String(hour),
    label: `${String(hour).padStart(2, '0')}:00`,
  }))
  const thens: ImportRules['missing'][] = ['keep', 'suspend', 'leave']
  return (
    <section className={sheets.section}>
      <h2>{t('rules.title')}</h2>
      <NativeSelect
        label={t('rules.hour')}
        data={[{ value: '-1', label: t('rules.atOnce') }, ...hours]}
        value={String(rules.hour)}
        onChange={(event) => setDraft({ ...rules, hour: Number(event.currentTarget.value) })}
      />
      <NativeSelect
        label={t('missing.label')}
        data={thens.map((value) => ({ value, label: t('then', { context: value }) }))}
        value={rules.missing}
        onChange={(event) => {
          const missing = thens.find((one) => one === event.currentTarget.value)
          if (missing) setDraft({ ...rules, missing })
        }}
      />
      {rules.missing !== 'keep' && (
        <NumberInput
          label={t('rules.limit')}
          description={t('rules.limitHelp')}
          min={1}
          max={50}
          suffix=" %"
          value={rules.limit}
          onChange={(value) => setDraft({ ...rules, limit: Number(value) || 1 })}
        />
      )}
      <NumberInput
        label={t('rules.warn')}
        description={t('rules.warnHelp')}
        min={0}
        max={60}
        value={rules.warn_days}
        onChange={(value) => setDraft({ ...rules, warn_days: Number(value) || 0 })}
      />
      <p>{t('rules.wrong')}</p>
      {save.isError && (
        <Alert color="red" role="alert">
          {problemText(save.error).sentence}
        </Alert>
      )}
      <div className={sheets.buttons}>
        <Button loading={save.isPending} onClick={() => save.mutate()}>
          {t('rules.save')}
        </Button>
      </div>
    </section>
  )
}
