import { Button, Group, SegmentedControl, Select, Stack, Textarea, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { StatusBadge } from '@/components/StatusBadge'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import {
  type Kind,
  kinds,
  type Language,
  languages,
  previewQuery,
  reminderKeys,
  resetTemplate,
  setTemplate,
  type Template,
} from '../api/reminders'
import { insertAt } from './plan'
import classes from './Reminder.module.css'
import { TemplatePreview } from './TemplatePreview'

interface TemplateEditorProps {
  templates: Template[]
  placeholders: string[]
  mayWrite: boolean
}

/** The words of each kind of reminder: chosen on top, written on the left, shown with a real person on the right. */
export function TemplateEditor(props: TemplateEditorProps) {
  const { t } = useTranslation('reminder')
  const [kind, setKind] = useState<Kind>('before')
  const [language, setLanguage] = useState<Language>('ja')
  const template = props.templates.find((one) => one.kind === kind && one.language === language)
  return (
    <Stack>
      <Group align="flex-end">
        <Select
          label={t('words.kind')}
          allowDeselect={false}
          data={kinds.map((value) => ({ value, label: t('kind', { context: value }) }))}
          value={kind}
          onChange={(value) => setKind(value as Kind)}
        />
        <SegmentedControl
          aria-label={t('words.language')}
          data={languages.map((value) => ({ value, label: t('language', { context: value }) }))}
          value={language}
          onChange={(value) => setLanguage(value as Language)}
        />
      </Group>
      {template && (
        <Editor
          key={`${kind} ${language} ${template.own} ${template.subject} ${template.body}`}
          template={template}
          {...props}
        />
      )}
    </Stack>
  )
}

function Editor({ template, placeholders, mayWrite }: TemplateEditorProps & { template: Template }) {
  const { t } = useTranslation('reminder')
  const { kind, language } = template
  const client = useQueryClient()
  const problemText = useProblem()
  const [words, setWords] = useState({ subject: template.subject, body: template.body })
  const [person, setPerson] = useState('')
  const last = useRef<HTMLInputElement | HTMLTextAreaElement | null>(null)
  const [settled] = useDebouncedValue(words, 300)
  const preview = useQuery({
    ...previewQuery(kind, language, settled, person),
    placeholderData: (before) => before,
  })
  const wrong = preview.error ? problemText(preview.error) : undefined
  const errorOf = (path: string) => wrong?.fields.find((field) => field.path.endsWith(path))?.message
  const refresh = () => client.invalidateQueries({ queryKey: reminderKeys.templates })
  const failed = (error: unknown) => {
    const text = problemText(error)
    tell(text.fields[0]?.message ?? text.sentence, { tone: 'bad' })
  }
  const save = useMutation({
    mutationFn: () => setTemplate(kind, language, words),
    onSuccess: () => {
      tell(t('words.saved'))
      return refresh()
    },
    onError: failed,
  })
  const reset = useMutation({
    mutationFn: () => resetTemplate(kind, language),
    onSuccess: () => {
      const before = { subject: template.subject, body: template.body }
      const undo = () => void setTemplate(kind, language, before).then(refresh, failed)
      tell(t('words.wasReset'), { undo: { label: t('words.undo'), run: undo } })
      return refresh()
    },
    onError: failed,
  })
  const insert = (name: string) => {
    const node = last.current
    const field = node?.name === 'subject' ? 'subject' : 'body'
    const text = words[field]
    const [next, cursor] = insertAt(
      text,
      name,
      node?.selectionStart ?? text.length,
      node?.selectionEnd ?? text.length,
    )
    setWords({ ...words, [field]: next })
    requestAnimationFrame(() => {
      node?.focus()
      node?.setSelectionRange(cursor, cursor)
    })
  }
  const remember = (event: { currentTarget: HTMLInputElement | HTMLTextAreaElement }) => {
    last.current = event.currentTarget
  }
  return (
    <div className={classes.editor}>
      <Stack>
        <div>
          <StatusBadge tone={template.own ? 'active' : 'idle'}>
            {template.own ? t('words.own') : t('words.standard')}
          </StatusBadge>
        </div>
        <TextInput
          name="subject"
          label={t('words.subject')}
          maxLength={150}
          readOnly={!mayWrite}
          value={words.subject}
          error={errorOf('subject')}
          onFocus={remember}
          onChange={(event) => setWords({ ...words, subject: event.currentTarget.value })}
        />
        <Textarea
          name="body"
          label={t('words.body')}
          description={t('words.bodyHelp')}
          autosize
          minRows={10}
          maxRows={22}
          maxLength={4000}
          readOnly={!mayWrite}
          value={words.body}
          error={errorOf('body')}
          onFocus={remember}
          onChange={(event) => setWords({ ...words, body: event.currentTarget.value })}
        />
        {mayWrite && (
          <>
            <Group gap={6} role="group" aria-label={t('words.insert')}>
              {placeholders.map((name) => (
                <Button
                  key={name}
                  size="compact-sm"
                  variant="default"
                  onClick={() => insert(name)}
                  aria-label={t('words.insertOne', { what: t('placeholder', { context: name }) })}
                >
                  {t('placeholder', { context: name })}
                </Button>
              ))}
            </Group>
            <Group>
              <Button loading={save.isPending} onClick={() => save.mutate()}>
                {t('save')}
              </Button>
              {template.own && (
                <Button variant="default" loading={reset.isPending} onClick={() => reset.mutate()}>
                  {t('words.reset')}
                </Button>
              )}
            </Group>
          </>
        )}
      </Stack>
      <TemplatePreview
        words={wrong ? undefined : preview.data}
        problem={wrong && (wrong.fields[0]?.message ?? wrong.sentence)}
        language={language}
        person={person}
        onPerson={setPerson}
      />
    </div>
  )
}
