import { Button, Stack, Text } from '@mantine/core'
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { RowsSkeleton } from '@/components/Skeletons'
import { UploadField } from '@/components/upload/UploadField'
import { itemsOf } from '@/lib/api/pages'
import { importQuery, importsQuery, type MoodleImport, moodleKeys } from '../api/imports'
import { Found } from '../components/Found'
import classes from '../components/Moodle.module.css'

const route = getRouteApi('/shell/courses/import')

/** Brings a course in from Moodle: choose the backup, see what comes and what does not, make a draft of it. */
export function MoodleImportPage() {
  const { t } = useTranslation('moodle_import')
  const { file } = route.useSearch()
  return file ? (
    <One id={file} />
  ) : (
    <>
      <PageHeader
        title={t('page.title')}
        description={t('page.text')}
        back={<Link to="/courses">{t('back')}</Link>}
      />
      <Choose />
    </>
  )
}

function One({ id }: { id: string }) {
  const { t } = useTranslation('moodle_import')
  const found = useQuery(importQuery(id))
  if (found.isLoadingError)
    return <ErrorState page error={found.error} onRetry={() => void found.refetch()} />
  const description = found.data && [
    found.data.import.file_name,
    found.data.plan.release && `Moodle ${found.data.plan.release}`,
  ]
  return (
    <>
      <PageHeader
        title={t('page.title')}
        description={description?.filter(Boolean).join('　')}
        back={
          <Link to="/courses/import" search={{}}>
            {t('page.all')}
          </Link>
        }
      />
      {found.data ? <Found found={found.data.import} plan={found.data.plan} /> : <RowsSkeleton />}
    </>
  )
}

function Choose() {
  const { t } = useTranslation('moodle_import')
  const navigate = useNavigate()
  const client = useQueryClient()
  const imports = useInfiniteQuery(importsQuery())
  const items = itemsOf(imports.data)
  return (
    <Stack>
      <UploadField
        kind="moodle"
        label={t('choose')}
        slot="moodle course"
        onDone={(asset) => {
          void client.invalidateQueries({ queryKey: moodleKeys.lists() })
          void navigate({ to: '/courses/import', search: { file: asset.id } })
        }}
      />
      <Text size="sm">{t('how')}</Text>
      {imports.isError && <ErrorState error={imports.error} onRetry={() => void imports.refetch()} />}
      {items.length > 0 && (
        <section>
          <h2 className={classes.heading}>{t('before')}</h2>
          <ul className={classes.imports}>
            {items.map((one) => (
              <Row key={one.id} found={one} />
            ))}
          </ul>
        </section>
      )}
      {imports.hasNextPage && (
        <div>
          <Button
            variant="default"
            loading={imports.isFetchingNextPage}
            onClick={() => void imports.fetchNextPage()}
          >
            {t('more')}
          </Button>
        </div>
      )}
    </Stack>
  )
}

function Row({ found }: { found: MoodleImport }) {
  const { t } = useTranslation('moodle_import')
  return (
    <li className={classes.import}>
      <Link to="/courses/import" search={{ file: found.id }}>
        {found.title || found.file_name}
      </Link>
      <span className={classes.kind}>
        {t('state', { context: found.gone ? 'gone' : found.state })}
        {' · '}
        <DateText value={found.created_at} />
        {found.created_by && ` · ${found.created_by}`}
      </span>
    </li>
  )
}
