import { Select, Stack } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Language, peopleQuery, type Words } from '../api/reminders'
import classes from './Reminder.module.css'

interface TemplatePreviewProps {
  words: Words | undefined
  /** Why there is no preview. */
  problem: string | undefined
  language: Language
  person: string
  onPerson: (id: string) => void
}

/** The mail as a chosen person would get it; always as plain text. */
export function TemplatePreview({ words, problem, language, person, onPerson }: TemplatePreviewProps) {
  const { t } = useTranslation('reminder')
  const [typed, setTyped] = useState('')
  const [q] = useDebouncedValue(typed.trim(), 200)
  const people = useQuery(peopleQuery(q)).data ?? []
  return (
    <section aria-labelledby="preview-heading">
      <Stack>
        <h2 id="preview-heading" className={classes.heading}>
          {t('preview.title')}
        </h2>
        <Select
          label={t('preview.person')}
          description={t('preview.personHelp')}
          placeholder={t('preview.example')}
          searchable
          clearable
          clearButtonProps={{ 'aria-label': t('preview.clear') }}
          onSearchChange={setTyped}
          filter={({ options }) => options}
          data={people.map(({ id, name, login_id }) => ({ value: id, label: `${name} (${login_id})` }))}
          value={person || null}
          onChange={(id) => onPerson(id ?? '')}
        />
        <article className={classes.letter} lang={language} aria-live="polite">
          {problem ? (
            <p className={classes.subject}>{problem}</p>
          ) : (
            <>
              <p className={classes.subject}>{words?.subject}</p>
              <pre className={classes.body}>{words?.body}</pre>
            </>
          )}
        </article>
      </Stack>
    </section>
  )
}
