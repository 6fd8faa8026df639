import { useTranslation } from 'react-i18next'
import { daysLeft } from './days-left'

/** How much time is left until a day, as a sentence: “3 days left”, “due today”, “2 days overdue”. */
export function useDaysLeft(): (due: string) => string {
  const { t } = useTranslation('common')
  return (due) => {
    const { context, count } = daysLeft(due)
    return t('due', { context, count })
  }
}
