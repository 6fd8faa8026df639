import { Button, Menu } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import type { ReportSearch } from '@/lib/report-search'
import { type ExportFormat, exportReport } from '../api/report'

const formats: ExportFormat[] = ['xlsx', 'csv', 'csv_shift_jis', 'pdf']

/** Downloads exactly what is on the screen. */
export function ExportMenu({ search, columns }: { search: ReportSearch; columns: string[] }) {
  const { t, i18n } = useTranslation('report')
  const words = useProblem()
  const save = useMutation({
    mutationFn: (format: ExportFormat) => exportReport(search, columns, format, i18n.language),
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
  })
  return (
    <Menu position="bottom-end" shadow="md">
      <Menu.Target>
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={16} aria-hidden />}
          loading={save.isPending}
        >
          {t('export.action')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {formats.map((format) => (
          <Menu.Item key={format} onClick={() => save.mutate(format)}>
            {t('export.format', { context: format })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
