import { MultiSelect, Radio, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { type CourseFields, membersQuery } from '../api/courses'

const ways = ['none', 'chosen', 'all'] as const

interface SharingProps {
  shared: CourseFields['shared']
  onShared: (shared: CourseFields['shared']) => void
  /** What the form gives the field of the chosen members. */
  members: { value?: string[]; onChange?: (value: string[]) => void }
}

/** With whom the association shares a course. */
export function Sharing({ shared, onShared, members }: SharingProps) {
  const { t } = useTranslation('course')
  const query = useQuery({ ...membersQuery, enabled: shared === 'chosen' })
  return (
    <>
      <Radio.Group
        label={t('form.shared')}
        description={t('form.sharedHelp')}
        value={shared}
        onChange={(value) => onShared(ways.find((one) => one === value) ?? 'none')}
      >
        <Stack gap="xs" mt="xs">
          {ways.map((one) => (
            <Radio key={one} value={one} label={t('form.shared', { context: one })} />
          ))}
        </Stack>
      </Radio.Group>
      {shared === 'chosen' && (
        <MultiSelect
          label={t('form.organisations')}
          searchable
          maxValues={1000}
          limit={50}
          nothingFoundMessage={t('form.organisationsNone')}
          data={(query.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
          {...members}
        />
      )}
    </>
  )
}
