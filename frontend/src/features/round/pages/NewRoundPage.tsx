import { Anchor, Button, Checkbox, Group, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import { PageHeader } from '@/components/PageHeader'
import { useIdempotencyKey } from '@/lib/api/idempotency-key'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { createRound, roundKeys } from '../api/rounds'
import { AudienceFields } from '../components/AudienceFields'
import { audienceOf } from '../components/audience'
import { ConfirmStep } from '../components/ConfirmStep'
import { CourseStep } from '../components/CourseStep'
import { DatesStep } from '../components/DatesStep'
import { firstDraft, missingOf, type RoundDraft, steps } from '../components/draft'
import { planOf } from '../components/recurrence'
import { StepList } from '../components/StepList'
import { useCopy } from '../components/useCopy'
import classes from './NewRoundPage.module.css'

const route = getRouteApi('/shell/rounds/new')

/** Makes a round, one question at a time: which course, who, until when; then everything once more before it starts. */
export function NewRoundPage() {
  const { t } = useTranslation('round')
  const [draft, setDraft] = useState<RoundDraft>(firstDraft)
  const [step, setStep] = useState(0)
  const [missing, setMissing] = useState<string>()
  const { copy } = route.useSearch()
  const copied = useCopy(copy, setDraft)
  const heading = useRef<HTMLHeadingElement>(null)
  const { key } = useIdempotencyKey()
  const client = useQueryClient()
  const navigate = useNavigate()
  const words = useProblem()
  const create = useMutation({
    mutationFn: () =>
      createRound(
        {
          title: draft.title,
          course_id: draft.course?.course ?? '',
          starts_on: draft.startsOn,
          deadline_on: draft.deadlineOn,
          due_rule: draft.due.rule === 'turn' ? 'assigned' : draft.due.rule,
          ...(draft.due.rule !== 'fixed' && { due_days: draft.due.days }),
          follow_out: draft.followOut,
          ...(draft.copiedFrom && { copied_from: draft.copiedFrom }),
          ...(draft.sameQuestions && { same_questions: true }),
          recurrence: planOf(draft.recurrence),
          audience: audienceOf(draft.audience),
        },
        key,
      ),
    onSuccess: async (round) => {
      await client.invalidateQueries({ queryKey: roundKeys.all })
      tell(t('wizard.made', { count: round.figures.assigned }))
      await navigate({ to: '/rounds/$roundId', params: { roundId: round.id } })
    },
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the keyboard follows the step
  useEffect(() => heading.current?.focus(), [step])
  const name = steps[step] ?? 'confirm'
  const change = (next: Partial<RoundDraft>) => {
    setMissing(undefined)
    setDraft((old) => ({ ...old, ...next }))
  }
  const next = () => {
    const what = missingOf(name, draft)
    setMissing(what && t('missing', { context: what }))
    if (what) return
    if (name === 'confirm') create.mutate()
    else setStep(step + 1)
  }
  const problem = create.error ? words(create.error) : undefined
  const errors = problem?.fields.length
    ? problem.fields.map(({ message }) => ({ path: '', message }))
    : problem
      ? [{ path: '', message: problem.sentence }]
      : missing
        ? [{ path: '', message: missing }]
        : []
  return (
    <>
      <PageHeader
        title={t('make')}
        back={
          <Anchor component={Link} to="/rounds">
            {t('list.title')}
          </Anchor>
        }
      />
      <div className={classes.wizard}>
        <StepList current={step} onBack={setStep} />
        <div className={classes.step}>
          <h2 ref={heading} tabIndex={-1}>
            {t('wizard.ask', { context: name })}
          </h2>
          <FormErrorSummary errors={errors} findInput={() => null} />
          {copied && <p className={classes.copied}>{copied}</p>}
          <Stack>
            {name === 'course' && <CourseStep draft={draft} onChange={change} />}
            {name === 'who' && (
              <>
                <AudienceFields draft={draft.audience} onChange={(audience) => change({ audience })} />
                <Checkbox
                  label={t('followOut.label')}
                  description={t('followOut.help')}
                  checked={draft.followOut}
                  onChange={(event) => change({ followOut: event.currentTarget.checked })}
                />
              </>
            )}
            {name === 'dates' && <DatesStep draft={draft} onChange={change} />}
            {name === 'confirm' && <ConfirmStep draft={draft} onChange={change} onEdit={setStep} />}
          </Stack>
          <Group justify="space-between" className={classes.actions}>
            {step > 0 ? (
              <Button variant="default" onClick={() => setStep(step - 1)}>
                {t('wizard.back')}
              </Button>
            ) : (
              <span />
            )}
            {name === 'confirm' ? (
              <Button size="lg" loading={create.isPending} onClick={next}>
                {t('wizard.start')}
              </Button>
            ) : (
              <Button onClick={next}>{t('wizard.next')}</Button>
            )}
          </Group>
        </div>
      </div>
    </>
  )
}
