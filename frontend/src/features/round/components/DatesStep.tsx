import { Checkbox, Group, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { DueFields } from './DueFields'
import type { RoundDraft } from './draft'
import { RecurrenceFields } from './RecurrenceFields'
import { RecurrencePreview } from './RecurrencePreview'

interface DatesStepProps {
  draft: RoundDraft
  onChange: (next: Partial<RoundDraft>) => void
}

/** From when until when, and under which name it is found again. */
export function DatesStep({ draft, onChange }: DatesStepProps) {
  const { t } = useTranslation('round')
  return (
    <>
      <Group grow align="flex-start">
        <TextInput
          type="date"
          label={t('field.starts')}
          description={t('field.startsHelp')}
          value={draft.startsOn}
          onChange={(event) => onChange({ startsOn: event.currentTarget.value })}
        />
        <TextInput
          type="date"
          label={t('field.deadline')}
          description={t('field.deadlineHelp')}
          min={draft.startsOn}
          value={draft.deadlineOn}
          onChange={(event) => onChange({ deadlineOn: event.currentTarget.value })}
        />
      </Group>
      <DueFields due={draft.due} onChange={(due) => onChange({ due })} />
      <TextInput
        label={t('field.title')}
        description={t('field.titleHelp')}
        maxLength={200}
        value={draft.title}
        onChange={(event) => onChange({ title: event.currentTarget.value })}
      />
      {draft.sameQuestions !== undefined && (
        <Checkbox
          label={t('copyQuestions.label')}
          description={t('copyQuestions.help')}
          checked={!draft.sameQuestions}
          onChange={(event) => onChange({ sameQuestions: !event.currentTarget.checked })}
        />
      )}
      {draft.oneMore === undefined ? (
        <>
          <RecurrenceFields draft={draft.recurrence} onChange={(recurrence) => onChange({ recurrence })} />
          <RecurrencePreview
            probe={{
              first: { title: draft.title, starts_on: draft.startsOn, deadline_on: draft.deadlineOn },
            }}
            draft={draft.recurrence}
          />
        </>
      ) : (
        <p>{t('copyOnce')}</p>
      )}
    </>
  )
}
