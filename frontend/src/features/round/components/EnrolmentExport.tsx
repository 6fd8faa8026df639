import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { EnrolmentFilter } from '@/lib/enrolment-filter'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { exportEnrolments, type Round } from '../api/rounds'

/** Downloads exactly what the filter shows. */
export function EnrolmentExport({ round, filter }: { round: Round; filter: EnrolmentFilter }) {
  const { t, i18n } = useTranslation('round')
  const words = useProblem()
  const save = useMutation({
    mutationFn: (format: 'xlsx' | 'csv') => exportEnrolments(round.id, filter, format, i18n.language),
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
  })
  return (['xlsx', 'csv'] as const).map((format) => (
    <Button
      key={format}
      variant="default"
      size="xs"
      leftSection={<IconDownload size={16} aria-hidden />}
      loading={save.isPending && save.variables === format}
      onClick={() => save.mutate(format)}
    >
      {t('export', { context: format })}
    </Button>
  ))
}
