import { Alert, Button, Radio, Stack } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import sheets from '@/components/Sheets.module.css'
import { formatNumber } from '@/lib/format'
import { useProblem } from '@/lib/problem-text'
import { type Import, importKeys, meanDepartments } from '../api/imports'
import classes from './Import.module.css'

type Choice = 'same' | 'other'

/** Names of departments that are nearly those of departments that are there: somebody says which are meant. */
export function SimilarDepartments({ one }: { one: Import }) {
  const { t } = useTranslation('person_import')
  const client = useQueryClient()
  const problemText = useProblem()
  const [chosen, setChosen] = useState<Record<string, Choice>>({})
  const save = useMutation({
    mutationFn: () =>
      meanDepartments(
        one.id,
        Object.entries(chosen).map(([text, choice]) => ({ text, choice })),
      ),
    onSuccess: (next) => client.setQueryData(importKeys.one(one.id), next),
  })
  if (one.similar.length === 0) return null
  const said = (text: string, before: string) => chosen[text] ?? before
  const answered = one.similar.every(({ choice }) => choice !== '')
  const open = one.similar.filter(({ text, choice }) => said(text, choice) === '').length
  return (
    <section className={sheets.section} aria-labelledby="similar-heading">
      <h2 id="similar-heading">
        {answered
          ? t('similar.answeredTitle', { count: one.similar.length })
          : t('similar.title', { count: one.similar.length })}
      </h2>
      <p>{answered ? t('similar.answeredText') : t('similar.text')}</p>
      <ul className={classes.similar}>
        {one.similar.map(({ text, path, rows, choice }) => (
          <li key={text}>
            <Radio.Group
              label={t('similar.name', { name: text, rows: formatNumber(rows) })}
              value={said(text, choice)}
              onChange={(value) => setChosen({ ...chosen, [text]: value === 'same' ? 'same' : 'other' })}
            >
              <Stack gap="xs" mt="xs">
                <Radio value="same" label={t('similar.same', { name: path })} />
                <Radio value="other" label={t('similar.other', { name: text })} />
              </Stack>
            </Radio.Group>
          </li>
        ))}
      </ul>
      {save.isError && (
        <Alert color="red" role="alert">
          {problemText(save.error).sentence}
        </Alert>
      )}
      {Object.keys(chosen).length > 0 && (
        <div className={sheets.buttons}>
          <Button disabled={open > 0} loading={save.isPending} onClick={() => save.mutate()}>
            {t('similar.save')}
          </Button>
          {open > 0 && <p>{t('similar.open', { count: open })}</p>}
        </div>
      )}
    </section>
  )
}
