import { Checkbox, Radio, Select, Stack, TextInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Department, Step } from '../api/departments'
import { under } from '../tree'
import { StepPeople } from './StepPeople'

interface StepFieldsProps {
  step: Step
  onChange: (step: Step) => void
  /** Departments to choose from, those that earlier steps make included. */
  departments: Department[]
  /** Which department is changed is to be chosen, too. */
  choose?: boolean
  error?: string
}

/** What one change of the tree needs to know. */
export function StepFields({ step, onChange, departments, choose, error }: StepFieldsProps) {
  const { t } = useTranslation('department')
  const open = departments.filter((one) => !one.closed_on)
  const below = under(departments, step.department_id)
  const options = (list: Department[]) => list.map((one) => ({ value: one.id, label: one.path }))
  const others = open.filter((one) => !below.has(one.id))
  const kind = step.kind
  const common = { searchable: true, limit: 200, nothingFoundMessage: t('step.nothing') }
  return (
    <Stack>
      {choose && kind !== 'create' && (
        <Select
          label={t('step.department')}
          data={options(kind === 'reopen' ? departments.filter((one) => one.closed_on) : open)}
          value={step.department_id || null}
          onChange={(id) => onChange({ ...step, department_id: id ?? '' })}
          {...common}
        />
      )}
      {(kind === 'create' || kind === 'rename') && (
        <TextInput
          data-autofocus
          label={t('field.name')}
          description={t('field.help')}
          autoComplete="off"
          value={step.name ?? ''}
          onChange={(event) => onChange({ ...step, name: event.currentTarget.value })}
          error={error}
        />
      )}
      {(kind === 'create' || kind === 'move') && (
        <Select
          label={t('step.parent')}
          description={t('step.parentHelp')}
          placeholder={t('step.top')}
          clearable
          clearButtonProps={{ 'aria-label': t('step.top') }}
          data={options(kind === 'create' ? open : others)}
          value={step.parent_id || null}
          onChange={(id) => onChange({ ...step, parent_id: id ?? undefined })}
          error={kind === 'move' ? error : undefined}
          {...common}
        />
      )}
      {(kind === 'merge' || kind === 'move_people') && (
        <Select
          label={kind === 'merge' ? t('step.mergeInto') : t('step.peopleInto')}
          data={options(kind === 'merge' ? others : open.filter((one) => one.id !== step.department_id))}
          value={step.into_id || null}
          onChange={(id) => onChange({ ...step, into_id: id ?? undefined })}
          error={error}
          {...common}
        />
      )}
      {kind === 'move_people' && step.department_id && <StepPeople step={step} onChange={onChange} />}
      {kind === 'close' && (
        <>
          <Radio.Group
            label={t('step.closePeople')}
            value={step.into_id === undefined ? 'stay' : 'go'}
            onChange={(value) => onChange({ ...step, into_id: value === 'go' ? '' : undefined })}
          >
            <Stack gap="xs" mt="xs">
              <Radio value="go" label={t('step.closeGo')} />
              <Radio value="stay" label={t('step.closeStay')} />
            </Stack>
          </Radio.Group>
          {step.into_id !== undefined && (
            <Select
              label={t('step.peopleInto')}
              data={options(step.below ? others : open.filter((one) => one.id !== step.department_id))}
              value={step.into_id || null}
              onChange={(id) => onChange({ ...step, into_id: id ?? '' })}
              error={error}
              {...common}
            />
          )}
          {below.size > 1 && (
            <Checkbox
              label={t('step.closeBelow')}
              description={t('step.closeBelowHelp')}
              checked={step.below ?? false}
              onChange={(event) => onChange({ ...step, below: event.currentTarget.checked })}
            />
          )}
        </>
      )}
    </Stack>
  )
}

/** Tells whether a step says everything it has to. */
export function isComplete(step: Step): boolean {
  if (!step.department_id) return false
  if (step.kind === 'create' || step.kind === 'rename') return (step.name ?? '').trim() !== ''
  if (step.kind === 'move_people') return Boolean(step.into_id) && step.people?.length !== 0
  if (step.kind === 'merge') return Boolean(step.into_id)
  return step.kind !== 'close' || step.into_id !== ''
}
