import { Alert, Button, Group, Stack, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { PageSkeleton } from '@/components/Skeletons'
import { useIdempotencyKey } from '@/lib/api/idempotency-key'
import { formatDate, today } from '@/lib/format'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { usePermission } from '@/lib/session'
import {
  activatePlan,
  cancelPlan,
  createPlan,
  type Department,
  deletePlan,
  departmentKeys,
  departmentsQuery,
  type Plan,
  type PlanInput,
  plansQuery,
  previewQuery,
  savePlan,
} from '../api/departments'
import { EffectsView } from '../components/EffectsView'
import { PlanState } from '../components/PlanList'
import { StepList } from '../components/StepList'

/** One reorganisation entered in advance: a new one, or one that is kept. */
export function PlanPage() {
  const { planId } = useParams({ strict: false })
  const plans = useQuery(plansQuery)
  const departments = useQuery(departmentsQuery('', true))
  const { t } = useTranslation('department')
  if (plans.isPending || departments.isPending) return <PageSkeleton />
  if (plans.isLoadingError) return <ErrorState page error={plans.error} onRetry={() => plans.refetch()} />
  if (departments.isLoadingError)
    return <ErrorState page error={departments.error} onRetry={() => departments.refetch()} />
  const plan = plans.data.find((one) => one.id === planId)
  if (planId && !plan)
    return <PageHeader title={t('common:unknown.title')} description={t('common:unknown.text')} />
  return <PlanForm key={plan?.id ?? 'new'} plan={plan} departments={departments.data} />
}

function PlanForm({ plan, departments }: { plan?: Plan; departments: Department[] }) {
  const { t } = useTranslation('department')
  const client = useQueryClient()
  const navigate = useNavigate()
  const problemText = useProblem()
  const { key } = useIdempotencyKey()
  const mayWrite = usePermission('department:write')
  const [input, setInput] = useState<PlanInput>({
    title: plan?.title ?? '',
    effective_on: plan?.effective_on ?? '',
    steps: plan?.steps ?? [],
  })
  const editable = mayWrite && plan?.state !== 'active' && plan?.state !== 'applied'
  const steps = input.steps ?? []
  const [asked] = useDebouncedValue(input, 400)
  const ready = (asked.steps ?? []).length > 0 && asked.effective_on >= today()
  const check = useQuery({
    ...previewQuery(asked.steps ?? [], asked.effective_on, plan?.id),
    enabled: ready && plan?.state !== 'applied',
  })
  const act = useMutation({
    mutationFn: async (what: 'save' | 'activate' | 'cancel' | 'delete') => {
      if (what === 'cancel' && plan) return cancelPlan(plan)
      if (what === 'delete' && plan) return deletePlan(plan)
      const kept = plan ? await savePlan(plan, input) : await createPlan(input, key)
      return what === 'activate' ? activatePlan(kept) : kept
    },
    onSettled: () => client.invalidateQueries({ queryKey: departmentKeys.all }),
    onSuccess: async (kept, what) => {
      tell(t('plan.done', { context: what }))
      if (what === 'delete') await navigate({ to: '/departments' })
      else if (!plan && kept)
        await navigate({ to: '/departments/plans/$planId', params: { planId: kept.id } })
    },
  })
  const wrong = act.error ? problemText(act.error) : undefined
  const fieldError = (path: string) => wrong?.fields.find((one) => one.path === path)?.message
  return (
    <>
      <PageHeader
        back={<Link to="/departments">{t('title')}</Link>}
        title={plan?.title ?? t('plan.make')}
        description={plan ? <PlanState plan={plan} /> : t('plan.text')}
      />
      <Stack gap="lg" maw="48rem">
        {plan?.state === 'failed' && (
          <Alert color="red" title={t('plan.failed', { day: formatDate(plan.effective_on) })}>
            {t('plan.mend')}
            <EffectsView
              steps
              effects={{
                problems: plan.problems,
                departments: [],
                people: [],
                rounds: [],
                rules: [],
                people_total: 0,
                departless: 0,
                missing: 0,
              }}
            />
          </Alert>
        )}
        <TextInput
          label={t('plan.title')}
          description={t('plan.titleHelp')}
          value={input.title}
          disabled={!editable}
          error={fieldError('title')}
          onChange={(event) => setInput({ ...input, title: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label={t('plan.day')}
          description={t('plan.dayHelp')}
          value={input.effective_on}
          min={today()}
          disabled={!editable}
          error={fieldError('effective_on')}
          onChange={(event) => setInput({ ...input, effective_on: event.currentTarget.value })}
        />
        <section aria-labelledby="steps-heading">
          <h2 id="steps-heading">{t('plan.stepsHeading')}</h2>
          <StepList
            steps={steps}
            departments={departments}
            day={input.effective_on || today()}
            onChange={editable ? (list) => setInput({ ...input, steps: list }) : undefined}
          />
        </section>
        {ready && check.data && (
          <section aria-labelledby="check-heading">
            <h2 id="check-heading">{t('plan.check')}</h2>
            <EffectsView effects={check.data} steps />
          </section>
        )}
        {wrong && (
          <Alert color="red" role="alert" title={wrong.sentence}>
            {wrong.fields.map((one) => (
              <div key={one.path + one.message}>{one.message}</div>
            ))}
          </Alert>
        )}
        {mayWrite && editable && (!ready || input.title.trim() === '') && (
          <p style={{ margin: 0 }}>{t('plan.needs')}</p>
        )}
        {mayWrite && (
          <Group>
            {editable && (
              <>
                <Button
                  loading={act.isPending}
                  disabled={!ready || input.title.trim() === '' || (check.data?.problems ?? []).length > 0}
                  onClick={() => act.mutate('activate')}
                >
                  {t('plan.activate')}
                </Button>
                <Button
                  variant="default"
                  loading={act.isPending}
                  disabled={input.title.trim() === '' || input.effective_on === ''}
                  onClick={() => act.mutate('save')}
                >
                  {t('plan.save')}
                </Button>
              </>
            )}
            {plan?.state === 'active' && (
              <Button variant="default" loading={act.isPending} onClick={() => act.mutate('cancel')}>
                {t('plan.cancel')}
              </Button>
            )}
            {plan && editable && (
              <Button
                variant="outline"
                color="red"
                loading={act.isPending}
                onClick={() => act.mutate('delete')}
              >
                {t('plan.delete')}
              </Button>
            )}
          </Group>
        )}
      </Stack>
    </>
  )
}
