import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { PageSkeleton } from '@/components/Skeletons'
import { useSentence } from '@/lib/problem-text'
import { type Import, importKeys, importQuery } from '../api/imports'
import { Applied } from '../components/Applied'
import { ChooseFile } from '../components/ChooseFile'
import { MapColumns } from '../components/MapColumns'
import { Preview } from '../components/Preview'
import { Steps } from '../components/Steps'
import { ProblemNote, Working } from '../components/Working'

/** Registers many people from a file: choose, say what the columns are, look, apply. The address keeps the step, so that one can leave and come back. */
export function ImportPage() {
  const { t } = useTranslation('person_import')
  const { id } = useSearch({ from: '/shell/people/import' })
  const navigate = useNavigate()
  const client = useQueryClient()
  const back = <Link to="/people">{t('back')}</Link>
  if (id) return <Begun id={id} />
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} back={back} />
      <Steps at={0} />
      <ChooseFile
        onChecked={(checked) => {
          client.setQueryData(importKeys.one(checked.id), checked)
          navigate({ to: '/people/import', search: { id: checked.id } })
        }}
      />
      <p>
        <Link to="/people/imports">{t('history.open')}</Link>
      </p>
    </>
  )
}

const stepOf: Record<Import['state'], number> = {
  waiting: 0,
  reading: 1,
  mapping: 1,
  refused: 0,
  checked: 2,
  applying: 2,
  applied: 3,
  undoing: 3,
  undone: 3,
}

function Begun({ id }: { id: string }) {
  const { t } = useTranslation('person_import')
  const client = useQueryClient()
  const query = useQuery(importQuery(id))
  const state = query.data?.state
  useEffect(() => {
    // What was pressed went away with its step; the keyboard goes to the next one.
    if (state && document.activeElement === document.body) document.getElementById('main')?.focus()
    if (state === 'applied' || state === 'undone') {
      client.invalidateQueries({ queryKey: ['people'] })
      client.invalidateQueries({ queryKey: ['departments'] })
    }
  }, [state, client])
  if (query.isPending) return <PageSkeleton />
  if (query.isLoadingError) return <ErrorState error={query.error} onRetry={() => query.refetch()} page />
  return (
    <>
      <PageHeader
        title={t('heading', { context: query.data.state })}
        description={query.data.file_name}
        back={<Link to="/people/imports">{t('history.title')}</Link>}
      />
      <Steps at={stepOf[query.data.state]} />
      <Step one={query.data} />
    </>
  )
}

function Step({ one }: { one: Import }) {
  const { t } = useTranslation('person_import')
  const sentence = useSentence()
  const note = one.problem && (
    <ProblemNote sentence={sentence(one.problem.key, one.problem.args)} refused={one.state === 'refused'} />
  )
  switch (one.state) {
    case 'mapping':
      return one.form ? <MapColumns one={one} form={one.form} /> : null
    case 'refused':
      return (
        <>
          {note}
          <Button component={Link} to="/people/import" mt="md">
            {t('preview.other')}
          </Button>
        </>
      )
    case 'checked':
      return (
        <>
          {note}
          <Preview checked={one} />
        </>
      )
    case 'applied':
    case 'undone':
      return (
        <>
          {note}
          <Applied applied={one} />
        </>
      )
    default:
      return <Working one={one} />
  }
}
