import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { PageSkeleton } from '@/components/Skeletons'
import { importKeys, importQuery } from '../api/imports'
import { Applied } from '../components/Applied'
import { ChooseFile } from '../components/ChooseFile'
import { Preview } from '../components/Preview'

/** Registers many people from a file: choose, look, apply. The address keeps the step, so that one can leave and come back. */
export function ImportPage() {
  const { t } = useTranslation('person_import')
  const { id } = useSearch({ from: '/shell/people/import' })
  const navigate = useNavigate()
  const client = useQueryClient()
  const back = <Link to="/people">{t('back')}</Link>
  if (id) return <Checked id={id} />
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} back={back} />
      <ChooseFile
        onChecked={(checked) => {
          client.setQueryData(importKeys.one(checked.id), checked)
          navigate({ to: '/people/import', search: { id: checked.id } })
        }}
      />
    </>
  )
}

function Checked({ id }: { id: string }) {
  const { t } = useTranslation('person_import')
  const query = useQuery(importQuery(id))
  const step = query.data?.state
  useEffect(() => {
    // What was pressed went away with its step; the keyboard goes to the next one.
    if (step && document.activeElement === document.body) document.getElementById('main')?.focus()
  }, [step])
  if (query.isPending) return <PageSkeleton />
  if (query.isError) return <ErrorState error={query.error} onRetry={() => query.refetch()} page />
  const applied = query.data.state === 'applied'
  return (
    <>
      <PageHeader
        title={applied ? t('applied.heading') : t('preview.title')}
        description={applied ? query.data.file_name : t('preview.text', { file: query.data.file_name })}
        back={<Link to="/people">{t('back')}</Link>}
      />
      {applied ? <Applied applied={query.data} /> : <Preview checked={query.data} />}
    </>
  )
}
