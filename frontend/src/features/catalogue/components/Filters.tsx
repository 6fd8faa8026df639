import { NativeSelect } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { SearchField } from '@/components/SearchField'
import { type CatalogueFilter, readCatalogueFilter } from '../api/filter'
import classes from './Catalogue.module.css'

interface FiltersProps {
  filter: CatalogueFilter
  onChange: (filter: CatalogueFilter) => void
}

/** What the list shows; it stands in the address. */
export function Filters({ filter, onChange }: FiltersProps) {
  const { t } = useTranslation('catalogue')
  const set = (patch: Record<string, string>) => onChange(readCatalogueFilter({ ...filter, ...patch }))
  return (
    <search className={classes.filters}>
      <SearchField
        className={classes.search}
        label={t('filter.q')}
        value={filter.q}
        onSearch={(q) => set({ q })}
      />
      <NativeSelect
        label={t('filter.owner')}
        value={filter.owner ?? ''}
        onChange={(event) => set({ owner: event.currentTarget.value })}
        data={[
          { value: '', label: t('filter.all') },
          { value: 'own', label: t('owner_own') },
          { value: 'association', label: t('owner_association') },
        ]}
      />
      <NativeSelect
        label={t('filter.language')}
        value={filter.language ?? ''}
        onChange={(event) => set({ language: event.currentTarget.value })}
        data={[
          { value: '', label: t('filter.all') },
          { value: 'ja', label: t('common:language.ja') },
          { value: 'en', label: t('common:language.en') },
        ]}
      />
    </search>
  )
}
