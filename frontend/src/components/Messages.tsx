import { IconAlertTriangle, IconCircleCheck, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { dismiss, type Message, useMessages } from '@/lib/messages'
import classes from './Messages.module.css'

/** Where short messages appear (`tell`). Always in the document, so that screen readers hear what is added. */
export function Messages() {
  const messages = useMessages()
  return (
    <div className={classes.messages} role="status" aria-live="polite">
      {messages.map((message) => (
        <MessageLine key={message.id} message={message} />
      ))}
    </div>
  )
}

function MessageLine({ message }: { message: Message }) {
  const { t } = useTranslation('common')
  const { id, text, tone, undo } = message
  const Icon = tone === 'good' ? IconCircleCheck : IconAlertTriangle
  return (
    <div className={classes.message} data-tone={tone}>
      <Icon size={20} stroke={1.75} aria-hidden />
      <p>{text}</p>
      {undo && (
        <button
          type="button"
          onClick={() => {
            dismiss(id)
            undo.run()
          }}
        >
          {undo.label}
        </button>
      )}
      <button type="button" onClick={() => dismiss(id)} aria-label={t('action.close')}>
        <IconX size={18} stroke={1.75} aria-hidden />
      </button>
    </div>
  )
}
