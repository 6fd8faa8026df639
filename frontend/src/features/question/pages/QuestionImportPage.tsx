import { Button, Group, Stack } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { FileDrop } from '@/components/FileDrop'
import { PageHeader } from '@/components/PageHeader'
import { RowsSkeleton } from '@/components/Skeletons'
import { newKey } from '@/lib/api/idempotency-key'
import { formatBytes } from '@/lib/format'
import { useProblem, useSentence } from '@/lib/problem-text'
import { checkFile, importQuery, maxBytes, saveTemplate } from '../api/imports'
import { ImportPreview } from '../components/ImportPreview'
import classes from '../components/Question.module.css'

const route = getRouteApi('/shell/questions/import')

/** Brings questions in from a file: choose it, see what it would do, put it in. */
export function QuestionImportPage() {
  const { t, i18n } = useTranslation('question')
  const navigate = useNavigate()
  const sentence = useSentence()
  const problem = useProblem()
  const { file: id } = route.useSearch()
  const found = useQuery({ ...importQuery(id ?? ''), enabled: id !== undefined })
  const show = (file?: string) => navigate({ to: '/questions/import', search: file ? { file } : {} })
  const check = useMutation({
    mutationFn: (file: File) => checkFile(file, newKey()),
    onSuccess: (made) => show(made.id),
  })
  const choose = (file: File | undefined) => file && check.mutate(file)
  return (
    <>
      <PageHeader title={t('import.title')} description={t('import.text')} />
      {!id && (
        <Stack>
          <FileDrop
            label={t('import.choose')}
            help={t('import.help', { size: formatBytes(maxBytes) })}
            accept=".xlsx,.csv,.tsv,.txt,.gift,.xml"
            disabled={check.isPending}
            {...(check.isError && { error: problem(check.error).sentence })}
            onFiles={(files) => choose(files[0])}
          />
          {check.isPending && (
            <p role="status" className={classes.note}>
              {t('import.checking')}
            </p>
          )}
          <Group>
            <Button variant="subtle" onClick={() => void saveTemplate(i18n.language === 'en' ? 'en' : 'ja')}>
              {t('import.template')}
            </Button>
          </Group>
        </Stack>
      )}
      {id && found.isPending && <RowsSkeleton />}
      {id && found.isError && <ErrorState error={found.error} onRetry={() => void found.refetch()} />}
      {found.data?.problem && (
        <p role="alert" className={classes.alert}>
          {sentence(found.data.problem)}
        </p>
      )}
      {found.data && <ImportPreview found={found.data} onOther={() => void show()} />}
    </>
  )
}
