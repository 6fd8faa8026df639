import { Button, TextInput } from '@mantine/core'
import { IconDownload, IconNote } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { TextLink } from '@/components/ButtonLink'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { RowsSkeleton } from '@/components/Skeletons'
import { formatDuration } from '@/lib/format'
import { asText, type Note, ownNotes } from '../api/notes'
import classes from '../components/Notes.module.css'

const time = (ms: number) => formatDuration(ms / 1000)

/** All my notes, course by course, to search and to keep. */
export function NotesPage() {
  const { t } = useTranslation('player')
  const list = useQuery(ownNotes())
  return (
    <>
      <PageHeader
        title={t('notes.page')}
        description={t('notes.private')}
        back={<TextLink to="/learn">{t('home')}</TextLink>}
      />
      {list.isPending && <RowsSkeleton rows={3} />}
      {list.isError && !list.data && <ErrorState error={list.error} onRetry={() => list.refetch()} />}
      {list.data?.length === 0 && (
        <EmptyState icon={IconNote} title={t('notes.empty')} text={t('notes.emptyText')} />
      )}
      {list.data && list.data.length > 0 && <All notes={list.data} />}
    </>
  )
}

function All({ notes }: { notes: Note[] }) {
  const { t } = useTranslation('player')
  const [query, setQuery] = useState('')
  const fold = (text: string) => text.normalize('NFKC').toLowerCase().trim()
  const wanted = fold(query)
  const found = notes.filter((one) =>
    fold(`${one.course_title}\n${one.lesson_title}\n${one.text}`).includes(wanted),
  )
  const courses = grouped(found, (one) => one.enrolment)
  return (
    <div className={classes.page}>
      <div className={classes.tools}>
        <TextInput
          type="search"
          label={t('notes.search')}
          value={query}
          maxLength={100}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
        <Button
          variant="default"
          leftSection={<IconDownload size={20} aria-hidden />}
          onClick={() => save(asText(found, time), t('notes.file'))}
          disabled={found.length === 0}
        >
          {t('notes.download')}
        </Button>
      </div>
      <p role="status">{wanted && t('notes.found', { count: found.length })}</p>
      {[...courses].map(([enrolment, mine]) => (
        <section key={enrolment} aria-label={mine[0]?.course_title}>
          <h2>{mine[0]?.course_title}</h2>
          {[...grouped(mine, (one) => one.lesson_title)].map(([title, list]) => (
            <div key={title}>
              <h3 className={classes.lesson}>
                <Title note={list[0]} />
              </h3>
              <ul className={classes.list}>
                {list.map((one) => (
                  <li key={one.id} className={classes.text}>
                    {one.position !== undefined && <strong>{time(one.position)} </strong>}
                    {one.text}
                  </li>
                ))}
              </ul>
            </div>
          ))}
        </section>
      ))}
    </div>
  )
}

/** Notes by what they have in common, in their order. */
function grouped(notes: Note[], by: (note: Note) => string): Map<string, Note[]> {
  const out = new Map<string, Note[]>()
  for (const one of notes) out.set(by(one), [...(out.get(by(one)) ?? []), one])
  return out
}

/** The lesson, as long as the course has it. */
function Title({ note }: { note: Note | undefined }) {
  if (!note?.lesson) return note?.lesson_title
  return (
    <TextLink
      to="/learn/$enrolment/$lesson"
      params={{ enrolment: note.enrolment, lesson: note.lesson }}
      preload={false}
    >
      {note.lesson_title}
    </TextLink>
  )
}

/** Hands a text to the browser to be saved; the mark in front lets old editors read Japanese. */
function save(text: string, name: string) {
  const url = URL.createObjectURL(new Blob(['\uFEFF', text], { type: 'text/plain;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  URL.revokeObjectURL(url)
}
