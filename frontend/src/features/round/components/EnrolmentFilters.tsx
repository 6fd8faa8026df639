import { Chip, Group, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { SearchField } from '@/components/SearchField'
import { type EnrolmentFilter, filterable, type StatusFilter } from '@/lib/enrolment-filter'
import { departmentsQuery } from '../api/rounds'
import classes from './EnrolmentFilters.module.css'

const route = getRouteApi('/shell/rounds/$roundId')

/** Narrows the list; what is chosen stands in the address. */
export function EnrolmentFilters() {
  const { t } = useTranslation('round')
  const filter = route.useSearch()
  const navigate = route.useNavigate()
  const departments = useQuery(departmentsQuery).data ?? []
  const change = (next: EnrolmentFilter) =>
    navigate({ search: clean({ ...filter, ...next }), replace: true, resetScroll: false })
  return (
    <div className={`${classes.filters} no-print`}>
      <SearchField
        aria-label={t('filter.search')}
        placeholder={t('filter.search')}
        value={filter.q}
        onSearch={(q) => change({ q })}
      />
      {departments.length > 0 && (
        <Select
          aria-label={t('column.department')}
          placeholder={t('filter.department')}
          clearable
          searchable
          clearButtonProps={{ 'aria-label': t('filter.allDepartments') }}
          data={departments.map(({ id, name }) => ({ value: id, label: name }))}
          value={filter.department ?? null}
          onChange={(department) => change({ department: department ?? '' })}
        />
      )}
      <Chip.Group
        multiple
        value={filter.status ?? []}
        onChange={(status) => change({ status: status as StatusFilter[] })}
      >
        <Group gap={6} role="group" aria-label={t('column.status')} className={classes.chips}>
          {filterable.map((status) => (
            <Chip key={status} value={status} size="sm" variant="outline">
              {t('status', { context: status })}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Chip
        size="sm"
        variant="outline"
        checked={filter.no_address ?? false}
        onChange={(no_address) => change({ no_address })}
      >
        {t('no_address')}
      </Chip>
    </div>
  )
}

/** Leaves out what is not set, so that the address stays short. */
function clean({ status, department, q, no_address }: EnrolmentFilter): EnrolmentFilter {
  return {
    ...(status?.length && { status }),
    ...(department && { department }),
    ...(q && { q }),
    ...(no_address && { no_address }),
  }
}
