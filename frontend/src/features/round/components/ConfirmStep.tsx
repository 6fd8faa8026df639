import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { departmentsQuery } from '../api/rounds'
import { AudiencePreview } from './AudiencePreview'
import classes from './ConfirmStep.module.css'
import type { RoundDraft } from './draft'
import { RemindersPreview } from './RemindersPreview'

/** Everything once more, with the way back to each answer. */
export function ConfirmStep({ draft, onEdit }: { draft: RoundDraft; onEdit: (step: number) => void }) {
  const { t } = useTranslation('round')
  const departments = useQuery(departmentsQuery).data ?? []
  const { audience } = draft
  const who =
    audience.kind === 'everyone'
      ? t('audience.everyone')
      : [
          ...departments.filter(({ id }) => audience.departments.includes(id)).map(({ name }) => name),
          ...audience.persons.map(({ name }) => name),
        ].join(t('separator'))
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
    { label: t('field.title'), value: draft.title, step: 2 },
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
      <AudiencePreview draft={audience} />
      <RemindersPreview draft={draft} />
      <p className={classes.note}>{t('wizard.what')}</p>
    </>
  )
}
