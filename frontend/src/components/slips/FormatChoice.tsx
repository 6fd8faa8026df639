import { Radio, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { SlipFormat } from '@/lib/slips'

const formats: SlipFormat[] = ['pdf', 'pdf_single', 'xlsx']

/** How slips are saved. */
export function FormatChoice({
  value,
  onChange,
}: {
  value: SlipFormat
  onChange: (format: SlipFormat) => void
}) {
  const { t } = useTranslation('credential')
  return (
    <Radio.Group
      label={t('slip.format')}
      value={value}
      onChange={(chosen) => onChange(formats.find((one) => one === chosen) ?? 'pdf')}
    >
      <Stack gap="xs" mt="xs">
        {formats.map((one) => (
          <Radio key={one} value={one} label={t('slip.formatName', { context: one })} />
        ))}
      </Stack>
    </Radio.Group>
  )
}
