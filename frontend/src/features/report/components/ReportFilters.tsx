import { Chip, Group, MultiSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { SearchField } from '@/components/SearchField'
import { filterable, type StatusFilter } from '@/lib/enrolment-filter'
import { type EmploymentKind, employmentKinds, type ReportSearch } from '@/lib/report-search'
import type { Choice } from '../api/report'
import { DaySpan } from './DaySpan'
import classes from './ReportFilters.module.css'

interface ReportFiltersProps {
  search: ReportSearch
  rounds: Choice[]
  departments: Choice[]
  onChange: (change: { [Key in keyof ReportSearch]: ReportSearch[Key] | undefined }) => void
}

const options = (choices: Choice[]) => choices.map(({ id, name }) => ({ value: id, label: name }))

/** Narrows the report; what is chosen stands in the address. */
export function ReportFilters({ search, rounds, departments, onChange }: ReportFiltersProps) {
  const { t } = useTranslation('report')
  const further =
    search.kind || search.due_from || search.due_to || search.completed_from || search.completed_to
  return (
    <div className="no-print">
      <div className={classes.filters}>
        <SearchField
          label={t('filter.search')}
          placeholder={t('filter.searchHelp')}
          value={search.q}
          onSearch={(q) => onChange({ q })}
        />
        <MultiSelect
          label={t('column', { context: 'round' })}
          placeholder={search.round ? '' : t('filter.allRounds')}
          searchable
          hidePickedOptions
          maxValues={100}
          nothingFoundMessage={t('filter.none')}
          data={options(rounds)}
          value={search.round ?? []}
          onChange={(round) => onChange({ round })}
        />
        {departments.length > 0 && (
          <MultiSelect
            label={t('filter.departments')}
            placeholder={search.department ? '' : t('filter.allDepartments')}
            searchable
            hidePickedOptions
            maxValues={50}
            nothingFoundMessage={t('filter.none')}
            data={options(departments)}
            value={search.department ?? []}
            onChange={(department) => onChange({ department })}
          />
        )}
        <Chip.Group
          multiple
          value={search.status ?? []}
          onChange={(status) => onChange({ status: status as StatusFilter[] })}
        >
          <Group
            gap={6}
            role="group"
            aria-label={t('column', { context: 'status' })}
            className={classes.wide}
          >
            {filterable.map((status) => (
              <Chip key={status} value={status} size="sm" variant="outline">
                {t('status', { context: status })}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </div>
      <details className={classes.more} open={further ? true : undefined}>
        <summary>{t('filter.further')}</summary>
        <div className={classes.filters}>
          <MultiSelect
            label={t('column', { context: 'employment_kind' })}
            placeholder={search.kind ? '' : t('filter.allKinds')}
            hidePickedOptions
            data={employmentKinds.map((kind) => ({ value: kind, label: t('kind', { context: kind }) }))}
            value={search.kind ?? []}
            onChange={(kind) => onChange({ kind: kind as EmploymentKind[] })}
          />
          <DaySpan
            label={t('column', { context: 'due_on' })}
            from={search.due_from}
            to={search.due_to}
            onChange={(due_from, due_to) => onChange({ due_from, due_to })}
          />
          <DaySpan
            label={t('column', { context: 'completed_on' })}
            from={search.completed_from}
            to={search.completed_to}
            onChange={(completed_from, completed_to) => onChange({ completed_from, completed_to })}
          />
        </div>
      </details>
    </div>
  )
}
