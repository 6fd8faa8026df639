import { Button } from '@mantine/core'
import { IconLock, IconPlus } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { TextLink } from '@/components/ButtonLink'
import type { LearnerLesson } from '@/lib/learning'
import { NoteRow } from './NoteRow'
import classes from './Notes.module.css'
import { useNotes } from './useNotes'

interface NotesProps {
  lesson: LearnerLesson
  person: string
}

/** The film or recording on the screen. */
function media(): HTMLMediaElement | null {
  return document.querySelector<HTMLMediaElement>('main video, main audio')
}

/** My own notes beside a lesson: saved as they are typed, at places of a film, for nobody else. */
export function Notes({ lesson, person }: NotesProps) {
  const { t } = useTranslation('player')
  const { notes, write, send, add, refused, failed } = useNotes(lesson, person)
  const plays = lesson.kind === 'video' || lesson.kind === 'audio'
  const jump = (position: number) => {
    const element = media()
    if (!element) return
    element.currentTime = position / 1000
    element.scrollIntoView({ block: 'center' })
    element.focus()
  }
  const written = notes.filter((one) => one.text.trim() !== '').length
  return (
    <details className={classes.notes}>
      <summary>{t('notes.title', { count: written })}</summary>
      <p className={classes.private}>
        <IconLock size={18} stroke={1.75} aria-hidden />
        <span>{t('notes.private')}</span>
      </p>
      {failed && <p role="alert">{t('notes.failed')}</p>}
      {refused && <p role="alert">{t('notes.refused')}</p>}
      <ul className={classes.list}>
        {notes.map((note) => (
          <NoteRow
            key={note.key}
            note={note}
            onWrite={write}
            onSend={send}
            {...(plays && { onJump: jump })}
          />
        ))}
      </ul>
      <div className={classes.actions}>
        <Button
          variant="default"
          size="md"
          leftSection={<IconPlus size={20} aria-hidden />}
          onClick={() => add(plays ? Math.round((media()?.currentTime ?? 0) * 1000) : undefined)}
        >
          {t(plays ? 'notes.addHere' : 'notes.add')}
        </Button>
        <TextLink to="/notes">{t('notes.all')}</TextLink>
      </div>
    </details>
  )
}
