import { Checkbox, MultiSelect, Radio, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { departmentsQuery } from '../api/rounds'
import { AudiencePreview } from './AudiencePreview'
import type { AudienceDraft } from './audience'
import { PersonPicker } from './PersonPicker'

interface AudienceFieldsProps {
  draft: AudienceDraft
  onChange: (draft: AudienceDraft) => void
}

/** Who: everyone, or departments and single persons together; with a live count of whom it reaches now. */
export function AudienceFields({ draft, onChange }: AudienceFieldsProps) {
  const { t } = useTranslation('round')
  const departments = useQuery(departmentsQuery).data ?? []
  const change = (next: Partial<AudienceDraft>) => onChange({ ...draft, ...next })
  return (
    <Stack>
      <Radio.Group
        label={t('audience.label')}
        value={draft.kind}
        onChange={(kind) => change({ kind: kind as AudienceDraft['kind'] })}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="everyone" label={t('audience.everyone')} description={t('audience.everyoneHelp')} />
          <Radio value="some" label={t('audience.some')} description={t('audience.someHelp')} />
        </Stack>
      </Radio.Group>
      {draft.kind === 'some' && (
        <>
          <MultiSelect
            label={t('audience.departments')}
            description={departments.length === 0 ? t('audience.noDepartments') : undefined}
            disabled={departments.length === 0}
            searchable
            clearable
            clearButtonProps={{ 'aria-label': t('audience.clear') }}
            data={departments.map(({ id, name }) => ({ value: id, label: name }))}
            value={draft.departments}
            onChange={(value) => change({ departments: value })}
          />
          <PersonPicker chosen={draft.persons} onChange={(persons) => change({ persons })} />
        </>
      )}
      {(draft.kind === 'everyone' || draft.departments.length > 0) && (
        <Checkbox
          label={t('audience.future')}
          description={t('audience.futureHelp')}
          checked={draft.futureJoiners}
          onChange={(event) => change({ futureJoiners: event.currentTarget.checked })}
        />
      )}
      <AudiencePreview draft={draft} />
    </Stack>
  )
}
