import { Button, Textarea } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDuration } from '@/lib/format'
import type { Draft } from '../api/notes'
import classes from './Notes.module.css'

/** How long the hand rests before a text is sent. */
const rest = 800

interface NoteRowProps {
  note: Draft
  onWrite: (draft: Draft) => void
  onSend: (draft: Draft) => Promise<void>
  /** Goes to the note's place. */
  onJump?: (position: number) => void
}

/** One note to write in. It is on this device with every letter, and sent when the hand rests or the field is left. */
export function NoteRow({ note, onWrite, onSend, onJump }: NoteRowProps) {
  const { t } = useTranslation('player')
  const unsent = useRef<Draft | undefined>(undefined)
  const sent = useRef(note.seq)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const gone = useRef('')
  const flush = () => {
    clearTimeout(timer.current)
    if (!unsent.current) return
    sent.current = unsent.current.seq
    void onSend(unsent.current)
    unsent.current = undefined
  }
  const leave = useRef(flush)
  leave.current = flush
  useEffect(() => {
    const away = () => leave.current()
    addEventListener('pagehide', away)
    document.addEventListener('visibilitychange', away)
    return () => {
      removeEventListener('pagehide', away)
      document.removeEventListener('visibilitychange', away)
      away()
    }
  }, [])
  const write = (text: string) => {
    const draft = { ...note, base: sent.current, seq: Math.max(Date.now(), sent.current + 1), text }
    unsent.current = draft
    onWrite(draft)
    clearTimeout(timer.current)
    timer.current = setTimeout(flush, rest)
  }
  const remove = () => {
    gone.current = note.text
    write('')
    flush()
  }
  const place = note.position === undefined ? '' : formatDuration(note.position / 1000)
  if (gone.current && note.text === '')
    return (
      <li className={classes.gone} role="status">
        {t('notes.deleted')}
        <Button
          variant="subtle"
          size="sm"
          onClick={() => {
            write(gone.current)
            flush()
            gone.current = ''
          }}
        >
          {t('notes.undo')}
        </Button>
      </li>
    )
  return (
    <li className={classes.row}>
      {place && note.position !== undefined && onJump && (
        <Button
          variant="subtle"
          size="sm"
          className={classes.jump}
          aria-label={t('notes.jump', { time: place })}
          onClick={() => onJump(note.position ?? 0)}
        >
          {place}
        </Button>
      )}
      <Textarea
        aria-label={place ? t('notes.fieldAt', { time: place }) : t('notes.field')}
        autosize
        minRows={2}
        maxRows={12}
        maxLength={2000}
        autoFocus={note.seq === 0}
        value={note.text}
        onChange={(event) => write(event.currentTarget.value)}
        onBlur={flush}
        className={classes.field}
      />
      {note.text.trim() !== '' && (
        <Button variant="subtle" color="gray" size="sm" onClick={remove}>
          {t('notes.delete')}
        </Button>
      )}
    </li>
  )
}
