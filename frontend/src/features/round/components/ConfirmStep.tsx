import { Button, Checkbox } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { AudiencePreview } from './AudiencePreview'
import classes from './ConfirmStep.module.css'
import type { RoundDraft } from './draft'
import { RemindersPreview } from './RemindersPreview'
import { useRuleText } from './useRuleText'

/** How many rules are spelt out. */
const shown = 20

interface ConfirmStepProps {
  draft: RoundDraft
  onChange: (next: Partial<RoundDraft>) => void
  onEdit: (step: number) => void
}

/** Everything once more, with the way back to each answer. */
export function ConfirmStep({ draft, onChange, onEdit }: ConfirmStepProps) {
  const { t } = useTranslation('round')
  const text = useRuleText()
  const { audience, due } = draft
  const rules = audience.rules.map(text)
  const who = [
    ...rules.slice(0, shown),
    ...(rules.length > shown ? [t('andMore', { count: rules.length - shown })] : []),
  ].join(t('separator'))
  const { kind, every, months } = draft.recurrence
  const again =
    kind === 'calendar'
      ? t('recurrence_every', { context: String(every) })
      : t(kind === 'once' ? 'wizardAgain.once' : 'wizardAgain.completion', { count: months })
  const lines = [
    { label: t('wizard.short_course'), value: draft.course?.title, step: 0 },
    { label: t('wizard.short_who'), value: who, step: 1 },
    {
      label: t('wizard.short_dates'),
      value: (
        <>
          <DateText value={draft.startsOn} /> {t('to')} <DateText value={draft.deadlineOn} />
        </>
      ),
      step: 2,
    },
    {
      label: t('due.label'),
      value: due.rule === 'fixed' ? t('due_fixed') : t('dueWords', { context: due.rule, days: due.days }),
      step: 2,
    },
    ...(draft.followOut ? [{ label: t('followOut.short'), value: t('followOut.on'), step: 1 }] : []),
    { label: t('field.title'), value: draft.title, step: 2 },
    { label: t('wizardAgain.short'), value: again, step: 2 },
  ]
  return (
    <>
      <dl className={classes.facts}>
        {lines.map(({ label, value, step }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
            <dd>
              <Button
                variant="subtle"
                size="sm"
                onClick={() => onEdit(step)}
                aria-label={t('wizard.editOf', { what: label })}
              >
                {t('wizard.edit')}
              </Button>
            </dd>
          </div>
        ))}
      </dl>
      <AudiencePreview
        draft={audience}
        dates={{
          starts_on: draft.startsOn,
          deadline_on: draft.deadlineOn,
          due_rule: due.rule,
          due_days: due.rule === 'fixed' ? 0 : due.days,
        }}
      />
      <RemindersPreview draft={draft} />
      {draft.oneMore !== undefined && (
        <Checkbox
          label={t('oneMore.label')}
          description={t('oneMore.help')}
          checked={draft.oneMore}
          onChange={(event) => onChange({ oneMore: event.currentTarget.checked })}
        />
      )}
      <p className={classes.note}>{t('wizard.what')}</p>
    </>
  )
}
