import { useTranslation } from 'react-i18next'
import type { QuestionKind } from './questions'

/** What a kind of question is called. */
export function useKindName(): (kind: QuestionKind) => string {
  const { t } = useTranslation('question')
  return (kind) => t('kind', { context: kind })
}
