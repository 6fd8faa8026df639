import { useTranslation } from 'react-i18next'
import { formatDate } from '@/lib/format'
import type { RuleDraft } from './audience'

/** Says in plain words whom a rule reaches. */
export function useRuleText(): (rule: RuleDraft) => string {
  const { t } = useTranslation('round')
  const who = (rule: RuleDraft) => {
    const { name, value = '' } = rule
    if (rule.kind === 'everyone') return t('rule.everyone')
    if (rule.kind !== 'attribute' && name === '') return t('rule.gone')
    if (rule.kind === 'department') return rule.withBelow ? t('rule.below', { name }) : name
    if (rule.kind === 'person') return name
    if (rule.attribute === 'employment_kind')
      return t('rule.employment', { value: t('employment', { context: value }) })
    if (rule.attribute === 'role') return t('rule.role', { value: t('role', { context: value }) })
    if (rule.attribute === 'joined_from') return t('rule.joined', { value: formatDate(value) })
    return t('rule.field', { name: name || t('rule.gone'), value })
  }
  return (rule) => (rule.excluded ? t('rule.except', { who: who(rule) }) : who(rule))
}
