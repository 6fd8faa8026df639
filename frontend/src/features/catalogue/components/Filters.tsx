import { NativeSelect, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type CatalogueFilter, readCatalogueFilter } from '../api/filter'
import classes from './Catalogue.module.css'

interface FiltersProps {
  filter: CatalogueFilter
  onChange: (filter: CatalogueFilter) => void
}

/** What the list shows; it stands in the address. */
export function Filters({ filter, onChange }: FiltersProps) {
  const { t } = useTranslation('catalogue')
  const [text, setText] = useState(filter.q ?? '')
  const set = (patch: Record<string, string>) => onChange(readCatalogueFilter({ ...filter, ...patch }))
  const search = useDebouncedCallback((q: string) => set({ q }), 250)
  return (
    <search className={classes.filters}>
      <TextInput
        className={classes.search}
        type="search"
        label={t('filter.q')}
        maxLength={100}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          search(event.currentTarget.value)
        }}
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
