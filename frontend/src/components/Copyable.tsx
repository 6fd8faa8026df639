import { UnstyledButton } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import classes from './Copyable.module.css'

/** A code or number that people carry elsewhere: shown in fixed width, copied by a press. */
export function Copyable({ value, label }: { value: string; label?: string }) {
  const { t } = useTranslation('common')
  const clipboard = useClipboard({ timeout: 2000 })
  const Icon = clipboard.copied ? IconCheck : IconCopy
  return (
    <span className={classes.frame}>
      <UnstyledButton
        className={classes.copyable}
        onClick={() => clipboard.copy(value)}
        aria-label={t('copy.label', { what: label ? `${label} ${value}` : value })}
      >
        <code>{value}</code>
        <Icon size={16} stroke={1.75} aria-hidden />
      </UnstyledButton>
      <span className={classes.said} role="status">
        {clipboard.copied ? t('copy.done') : ''}
      </span>
    </span>
  )
}
