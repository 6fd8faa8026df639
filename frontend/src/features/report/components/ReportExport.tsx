import { useTranslation } from 'react-i18next'
import { ExportMenu } from '@/components/ExportMenu'
import type { ReportSearch } from '@/lib/report-search'
import { type ExportFormat, exportReport } from '../api/report'

const formats: ExportFormat[] = ['xlsx', 'csv', 'csv_shift_jis', 'pdf']

/** Downloads exactly what is on the screen. */
export function ReportExport({ search, columns }: { search: ReportSearch; columns: string[] }) {
  const { t, i18n } = useTranslation('report')
  return (
    <ExportMenu
      label={t('export.action')}
      formats={formats}
      name={(format) => t('export.format', { context: format })}
      save={(format) => exportReport(search, columns, format, i18n.language)}
    />
  )
}
