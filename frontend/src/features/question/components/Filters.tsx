import { MultiSelect, Select, TextInput } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { categoryPaths, facetsQuery, type QuestionFilter } from '@/components/question/bank'
import { DifficultySelect } from '@/components/question/DifficultySelect'
import { type QuestionKind, questionKinds } from '@/components/question/questions'
import { useKindName } from '@/components/question/useKindName'
import classes from './Question.module.css'

interface FiltersProps {
  filter: QuestionFilter
  onChange: (filter: QuestionFilter) => void
}

/** Which questions are shown. */
export function Filters({ filter, onChange }: FiltersProps) {
  const { t } = useTranslation('question')
  const kindName = useKindName()
  const facets = useQuery(facetsQuery)
  const set = (patch: QuestionFilter) => onChange({ ...filter, ...patch })
  return (
    <div className={classes.filters}>
      <TextInput
        label={t('filter.search')}
        leftSection={<IconSearch size={18} aria-hidden />}
        maxLength={200}
        value={filter.q ?? ''}
        onChange={(event) => set({ q: event.currentTarget.value })}
      />
      <Select
        label={t('field.category')}
        placeholder={t('filter.all')}
        searchable
        clearable
        clearButtonProps={{ 'aria-label': t('filter.clear') }}
        value={filter.category || null}
        data={categoryPaths(facets.data?.categories)}
        onChange={(category) => set({ category: category ?? '' })}
      />
      <MultiSelect
        label={t('field.tags')}
        placeholder={filter.tag?.length ? '' : t('filter.all')}
        searchable
        value={filter.tag ?? []}
        data={facets.data?.tags.map((one) => one.name) ?? []}
        onChange={(tag) => set({ tag })}
      />
      <Select
        label={t('field.kind')}
        placeholder={t('filter.all')}
        clearable
        clearButtonProps={{ 'aria-label': t('filter.clear') }}
        value={filter.kind ?? null}
        data={questionKinds.map((kind) => ({ value: kind, label: kindName(kind) }))}
        onChange={(kind) => {
          const { kind: _, ...rest } = filter
          onChange(kind ? { ...rest, kind: kind as QuestionKind } : rest)
        }}
      />
      <DifficultySelect
        none="any"
        value={filter.difficulty ?? 0}
        onChange={(difficulty) => set({ difficulty })}
      />
      <Select
        label={t('filter.state')}
        allowDeselect={false}
        value={filter.state ?? 'active'}
        data={[
          { value: 'active', label: t('filter.active') },
          { value: 'retired', label: t('filter.retired') },
        ]}
        onChange={(state) => set({ state: state === 'retired' ? 'retired' : 'active' })}
      />
    </div>
  )
}
