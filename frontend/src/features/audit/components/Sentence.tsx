import { useTranslation } from 'react-i18next'
import type { AuditEvent } from '../api/events'

function word(value: unknown): string | undefined {
  if (typeof value === 'string' && value !== '') return value
  if (typeof value === 'number') return String(value)
  return undefined
}

/** What happened, as a sentence. The subject is called as it is now, or as it was called then. */
export function useSentenceOf(): (event: AuditEvent) => string {
  const { t } = useTranslation('audit')
  return (event) => {
    const detail = event.detail as Record<string, unknown>
    const subject =
      word(event.subject_name) ??
      word(detail.title) ??
      word(detail.round_title) ??
      word(detail.name) ??
      word(detail.to) ??
      word(detail.number) ??
      t('something')
    return t('does', {
      context: event.action.replaceAll('.', '_'),
      subject,
      defaultValue: t('doesOther', { action: event.action, subject }),
    })
  }
}
