import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { EnrolmentFilter } from '@/lib/enrolment-filter'
import { exportAddress, type Round } from '../api/rounds'

/** Downloads exactly what the filter shows. */
export function ExportMenu({ round, filter }: { round: Round; filter: EnrolmentFilter }) {
  const { t, i18n } = useTranslation('round')
  return (['xlsx', 'csv'] as const).map((format) => (
    <Button
      key={format}
      component="a"
      href={exportAddress(round.id, filter, format, i18n.language)}
      download
      variant="default"
      size="xs"
      leftSection={<IconDownload size={16} aria-hidden />}
    >
      {t('export', { context: format })}
    </Button>
  ))
}
