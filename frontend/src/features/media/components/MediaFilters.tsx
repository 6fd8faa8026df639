import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { SearchField } from '@/components/SearchField'
import { type MediaFilter, mediaKinds, readMediaFilter } from '../api/filter'
import classes from './Media.module.css'

interface MediaFiltersProps {
  filter: MediaFilter
  onChange: (filter: MediaFilter) => void
}

/** What the list shows; it stands in the address. */
export function MediaFilters({ filter, onChange }: MediaFiltersProps) {
  const { t } = useTranslation('media')
  const set = (patch: Record<string, string>) => onChange(readMediaFilter({ ...filter, ...patch }))
  return (
    <search className={classes.filters}>
      <SearchField
        className={classes.search}
        label={t('filter.q')}
        value={filter.q}
        onSearch={(q) => set({ q })}
      />
      <NativeSelect
        label={t('filter.kind')}
        value={filter.kind ?? ''}
        onChange={(event) => set({ kind: event.currentTarget.value })}
        data={[
          { value: '', label: t('filter.all') },
          ...mediaKinds.map((kind) => ({ value: kind, label: t('kind', { context: kind }) })),
        ]}
      />
      <NativeSelect
        label={t('filter.use')}
        value={filter.use ?? ''}
        onChange={(event) => set({ use: event.currentTarget.value })}
        data={[
          { value: '', label: t('filter.all') },
          { value: 'used', label: t('filter.used') },
          { value: 'unused', label: t('filter.unused') },
        ]}
      />
      <NativeSelect
        label={t('filter.sort')}
        value={filter.sort ?? ''}
        onChange={(event) => set({ sort: event.currentTarget.value })}
        data={[
          { value: '', label: t('filter.newest') },
          { value: 'largest', label: t('filter.largest') },
        ]}
      />
    </search>
  )
}
