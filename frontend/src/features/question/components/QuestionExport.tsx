import { useTranslation } from 'react-i18next'
import { ExportMenu } from '@/components/ExportMenu'
import type { QuestionFilter } from '@/components/question/bank'
import { exportQuestions, formats } from '../api/imports'

/** Takes the questions that the list shows along. */
export function QuestionExport({ filter }: { filter: QuestionFilter }) {
  const { t, i18n } = useTranslation('question')
  return (
    <ExportMenu
      label={t('export.action')}
      formats={formats}
      name={(format) => t('format', { context: format })}
      save={(format) => exportQuestions(filter, format, i18n.language === 'en' ? 'en' : 'ja')}
    />
  )
}
