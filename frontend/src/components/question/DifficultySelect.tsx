import { Select, type SelectProps } from '@mantine/core'
import { useTranslation } from 'react-i18next'

interface DifficultySelectProps extends Omit<SelectProps, 'value' | 'onChange' | 'data' | 'label'> {
  value: number
  /** What 0 means here: not known, or any. */
  none: 'unknown' | 'any'
  onChange: (value: number) => void
}

/** How hard a question is. */
export function DifficultySelect({ value, none, onChange, ...rest }: DifficultySelectProps) {
  const { t } = useTranslation('question')
  return (
    <Select
      {...rest}
      label={t('field.difficulty')}
      allowDeselect={false}
      value={String(value)}
      data={[
        { value: '0', label: t(none === 'any' ? 'difficulty.any' : 'difficulty.unknown') },
        { value: '1', label: t('difficulty.easy') },
        { value: '2', label: t('difficulty.medium') },
        { value: '3', label: t('difficulty.hard') },
      ]}
      onChange={(chosen) => onChange(Number(chosen ?? 0))}
    />
  )
}
