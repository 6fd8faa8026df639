import { Alert, Badge, Button, NativeSelect } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import sheets from '@/components/Sheets.module.css'
import { useProblem } from '@/lib/problem-text'
import { fieldsQuery, type Import, type ImportForm, importKeys, mapColumns } from '../api/imports'
import classes from './Import.module.css'
import {
  columnName,
  initialDraft,
  mappingOf,
  noKind,
  type Problem,
  problemsOf,
  targets,
  wordsOpen,
} from './mapping'

/** The second step: which column is what. It is remembered for the next file with these headings. */
export function MapColumns({ one, form, onDone }: { one: Import; form: ImportForm; onDone?: () => void }) {
  const { t } = useTranslation('person_import')
  const client = useQueryClient()
  const problemText = useProblem()
  const fields = useQuery(fieldsQuery).data?.items ?? []
  const [draft, setDraft] = useState(() => initialDraft(form))
  const problems = problemsOf(draft)
  const open = wordsOpen(form, draft)
  const save = useMutation({
    mutationFn: () => mapColumns(one.id, mappingOf(form, draft)),
    onSuccess: (next) => {
      client.setQueryData(importKeys.one(one.id), next)
      onDone?.()
    },
  })
  const options = [
    { value: '', label: t('map.ignore') },
    ...targets.map((value) => ({ value, label: t('target', { context: value }) })),
    ...fields.map((field) => ({ value: `field:${field.id}`, label: field.name })),
  ]
  const kinds = [
    { value: '', label: t('map.unknownWord') },
    ...(['employee', 'officer', 'part_time', 'contract', 'dispatched', noKind] as const).map((value) => ({
      value,
      label: t('kind', { context: value }),
    })),
  ]
  const words = draft.targets.includes('employment_kind') ? (form.words ?? []) : []
  return (
    <div className={classes.map}>
      <p>{t('map.text', { row: form.heading_row })}</p>
      <ol className={classes.columns}>
        {(form.columns ?? []).map((column, i) => (
          <li key={columnName(i)} className={classes.column}>
            <div>
              <b>{column.heading || t('map.noHeading')}</b>{' '}
              <span className={classes.letter}>{columnName(i)}</span>{' '}
              {!column.sure && column.target !== '' && <Badge variant="light">{t('map.guessed')}</Badge>}
              <div className={classes.samples}>
                {(column.samples ?? []).join(t('preview.separator')) || t('map.empty')}
              </div>
            </div>
            <NativeSelect
              aria-label={t('map.label', { heading: column.heading || columnName(i) })}
              data={options}
              value={draft.targets[i] ?? ''}
              onChange={(event) => {
                const value = event.currentTarget.value
                setDraft((old) => ({
                  ...old,
                  targets: old.targets.map((target, at) => (at === i ? value : target)),
                }))
              }}
            />
          </li>
        ))}
      </ol>
      {words.length > 0 && (
        <fieldset className={classes.words}>
          <legend>{t('map.words')}</legend>
          {(form.words ?? []).some(({ kind }) => kind === '') && <p>{t('map.wordsText')}</p>}
          {words.map((word) => (
            <NativeSelect
              key={word.text}
              label={t('map.word', { word: word.text, count: word.count })}
              data={kinds}
              value={draft.words[word.text] ?? ''}
              onChange={(event) => {
                const value = event.currentTarget.value
                setDraft((old) => ({ ...old, words: { ...old.words, [word.text]: value } }))
              }}
            />
          ))}
        </fieldset>
      )}
      <NativeSelect
        label={t('map.key')}
        description={t('map.keyHelp')}
        data={(['either', 'login_id', 'employee_number'] as const).map((value) => ({
          value,
          label: t('key', { context: value }),
        }))}
        value={draft.key}
        onChange={(event) => {
          const value = event.currentTarget.value
          setDraft((old) => ({
            ...old,
            key: value === 'login_id' || value === 'employee_number' ? value : 'either',
          }))
        }}
      />
      {problems.length > 0 && (
        <Alert color="yellow" role="status">
          {problems.map((problem: Problem) => (
            <p key={problem.key}>
              {t('map.problem', {
                context: problem.key,
                target: t('target', { context: problem.target }),
              })}
            </p>
          ))}
        </Alert>
      )}
      {open.length > 0 && (
        <Alert color="yellow" role="status">
          {t('map.openWords', { count: open.length, words: open.join(t('preview.separator')) })}
        </Alert>
      )}
      {save.isError && (
        <Alert color="red" role="alert">
          {problemText(save.error).fields[0]?.message ?? problemText(save.error).sentence}
        </Alert>
      )}
      <div className={sheets.buttons}>
        <Button
          disabled={problems.length > 0 || open.length > 0}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          {t('map.save')}
        </Button>
        {onDone && (
          <Button variant="default" onClick={onDone}>
            {t('common:action.cancel')}
          </Button>
        )}
      </div>
    </div>
  )
}
