import { NativeSelect } from '@mantine/core'
import { IconHistory } from '@tabler/icons-react'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { DataTable } from '@/components/table/DataTable'
import { itemsOf } from '@/lib/api/pages'
import { auditPages } from '../api/events'
import classes from '../components/Audit.module.css'
import { useSentenceOf } from '../components/Sentence'
import { useAuditColumns } from '../components/useAuditColumns'
import { resources } from '../resources'

/** The log of the own organisation, newest first, in sentences. */
export function AuditPage() {
  const { t } = useTranslation('audit')
  const navigate = useNavigate()
  const filter = useSearch({ from: '/shell/audit' })
  const { subject } = filter
  const columns = useAuditColumns()
  const sentence = useSentenceOf()
  const query = useInfiniteQuery({ ...auditPages(filter), placeholderData: keepPreviousData })
  if (query.isError && !query.data)
    return <ErrorState error={query.error} onRetry={() => query.refetch()} page />
  const choose = (value: string) => {
    const about = resources.find((one) => one === value)
    navigate({
      to: '/audit',
      search: { ...(subject && { subject }), ...(about && { about }) },
      replace: true,
    })
  }
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} />
      <search className={classes.filters}>
        <NativeSelect
          label={t('about.label')}
          value={filter.about ?? ''}
          onChange={(event) => choose(event.currentTarget.value)}
          data={[
            { value: '', label: t('about.all') },
            ...resources.map((one) => ({ value: one, label: t('kind', { context: one }) })),
          ]}
        />
      </search>
      {subject && (
        <p>
          {t('subject.only')} <Link to="/audit">{t('subject.all')}</Link>
        </p>
      )}
      <DataTable
        label={t('title')}
        columns={columns}
        rows={itemsOf(query.data)}
        rowId={(event) => event.id}
        rowName={sentence}
        pending={query.isPending}
        hasMore={query.hasNextPage}
        loadingMore={query.isFetchingNextPage}
        onMore={query.fetchNextPage}
        empty={<EmptyState title={t('none')} text={t('noneText')} icon={IconHistory} />}
      />
    </>
  )
}
