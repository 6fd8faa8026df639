import { CloseButton } from '@mantine/core'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { type RuleDraft, ruleKey } from './audience'
import classes from './RuleChips.module.css'
import { useRuleText } from './useRuleText'

interface RuleChipsProps {
  label: string
  rules: RuleDraft[]
  onRemove?: (rule: RuleDraft) => void
}

/** Rules as chips in plain words. After one is taken away the keyboard is on the next. */
export function RuleChips({ label, rules, onRemove }: RuleChipsProps) {
  const { t } = useTranslation('round')
  const list = useRef<HTMLUListElement>(null)
  const text = useRuleText()
  const remove = (rule: RuleDraft, index: number) => {
    onRemove?.(rule)
    requestAnimationFrame(() => {
      const buttons = list.current?.querySelectorAll('button') ?? []
      buttons[Math.min(index, buttons.length - 1)]?.focus()
    })
  }
  if (rules.length === 0) return null
  return (
    <ul ref={list} className={classes.list} aria-label={label}>
      {rules.map((rule, index) => (
        <li key={ruleKey(rule)} className={classes.chip} data-excluded={rule.excluded || undefined}>
          <span>{text(rule)}</span>
          {onRemove && (
            <CloseButton
              size="sm"
              aria-label={t('rule.take', { rule: text(rule) })}
              onClick={() => remove(rule, index)}
            />
          )}
        </li>
      ))}
    </ul>
  )
}
