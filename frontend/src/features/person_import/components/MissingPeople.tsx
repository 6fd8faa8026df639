import { Alert, Button, NativeSelect, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import sheets from '@/components/Sheets.module.css'
import { formatNumber, today } from '@/lib/format'
import { useProblem } from '@/lib/problem-text'
import { type Import, importKeys, setMissing, type Then } from '../api/imports'
import classes from './Import.module.css'

const choices: Then[] = ['keep', 'suspend', 'leave']

/** What happens to the people whom the file does not name. Nothing, unless somebody says so. */
export function MissingPeople({ one }: { one: Import }) {
  const { t } = useTranslation('person_import')
  const client = useQueryClient()
  const problemText = useProblem()
  const [then, setThen] = useState<Then>(one.then)
  const [day, setDay] = useState(one.left_on || today())
  const save = useMutation({
    mutationFn: () => setMissing(one.id, then, day),
    onSuccess: (next) => client.setQueryData(importKeys.one(one.id), next),
  })
  if (one.missing === 0) return null
  const same = then === one.then && (then !== 'leave' || day === one.left_on)
  return (
    <section className={sheets.section}>
      <h2>{t('missing.title', { formatted: formatNumber(one.missing) })}</h2>
      <div className={classes.inline}>
        <NativeSelect
          label={t('missing.label')}
          data={choices.map((value) => ({ value, label: t('then', { context: value }) }))}
          value={then}
          onChange={(event) => {
            const value = choices.find((choice) => choice === event.currentTarget.value)
            if (value) setThen(value)
          }}
        />
        {then === 'leave' && (
          <TextInput
            type="date"
            label={t('missing.day')}
            max={today()}
            value={day}
            onChange={(event) => setDay(event.currentTarget.value)}
          />
        )}
        {!same && (
          <Button variant="default" loading={save.isPending} onClick={() => save.mutate()}>
            {t('missing.check')}
          </Button>
        )}
      </div>
      <p>{t('missing.never')}</p>
      {save.isError && (
        <Alert color="red" role="alert">
          {problemText(save.error).sentence}
        </Alert>
      )}
    </section>
  )
}
