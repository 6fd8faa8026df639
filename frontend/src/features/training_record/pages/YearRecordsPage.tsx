import { Group, Select } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '@/components/ButtonLink'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { PageSkeleton, RowsSkeleton } from '@/components/Skeletons'
import { asProblem } from '@/lib/api/problem'
import { formatDate } from '@/lib/format'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import {
  issueYear,
  saveYear,
  setFirstMonth,
  yearIssuedQuery,
  yearKeys,
  yearPreviewQuery,
  yearsQuery,
} from '../api/years'
import { EarlierIssues } from '../components/EarlierIssues'
import { IssueButtons } from '../components/IssueButtons'
import { RecordLinks } from '../components/RecordLinks'
import { YearPreview } from '../components/YearPreview'
import classes from './TrainingRecordPage.module.css'

const route = getRouteApi('/shell/records')

/** The auditors' document of a whole fiscal year: choose the year, see what it says, issue it, share it. */
export function YearRecordsPage() {
  const { t, i18n } = useTranslation('training_record')
  const search = route.useSearch()
  const query = useQuery(yearsQuery)
  if (query.isPending) return <PageSkeleton />
  if (query.isLoadingError) return <ErrorState page error={query.error} onRetry={() => query.refetch()} />
  const years = query.data.items
  const newest = years.find(({ rounds }) => rounds > 0) ?? years[0]
  const year = years.find((one) => one.year === search.year) ?? newest
  return (
    <div className={classes.page}>
      <PageHeader
        title={t('year.title')}
        description={t('year.text')}
        action={
          year &&
          year.rounds > 0 && (
            <IssueButtons
              issue={() => issueYear(year.year)}
              save={(id, format) => saveYear(id, format, i18n.language)}
              changes={yearKeys.all}
            />
          )
        }
      />
      <Choice
        years={years.map((one) => one.year)}
        year={year?.year ?? 0}
        firstMonth={query.data.first_month}
      />
      {year && year.rounds > 0 && <Issues year={year.year} />}
      <RecordLinks />
      {year && <Preview year={year.year} empty={year.rounds === 0} />}
    </div>
  )
}

/** 4月, April. */
function monthName(index: number, language: string): string {
  return new Intl.DateTimeFormat(language, { month: 'long', timeZone: 'UTC' }).format(
    Date.UTC(2026, index, 1),
  )
}

function Choice({ years, year, firstMonth }: { years: number[]; year: number; firstMonth: number }) {
  const { t, i18n } = useTranslation('training_record')
  const navigate = useNavigate()
  const client = useQueryClient()
  const words = useProblem()
  const month = useMutation({
    mutationFn: setFirstMonth,
    onSuccess: () => client.invalidateQueries({ queryKey: yearKeys.all }),
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
  })
  return (
    <Group className="no-print" align="flex-end">
      <Select
        label={t('fact.year')}
        data={years.map((one) => ({ value: String(one), label: t('year.name', { year: one }) }))}
        value={String(year)}
        allowDeselect={false}
        onChange={(value) => void navigate({ to: '/records', search: { year: Number(value) } })}
      />
      <Select
        label={t('year.firstMonth')}
        data={Array.from({ length: 12 }, (_, index) => ({
          value: String(index + 1),
          label: monthName(index, i18n.language),
        }))}
        value={String(firstMonth)}
        disabled={month.isPending}
        allowDeselect={false}
        onChange={(value) => month.mutate(Number(value))}
      />
    </Group>
  )
}

function Issues({ year }: { year: number }) {
  const { t, i18n } = useTranslation('training_record')
  const query = useQuery(yearIssuedQuery(year))
  return (
    <EarlierIssues
      kind="year"
      query={query}
      save={(id, format) => saveYear(id, format, i18n.language)}
      note={(issue) => <span>{t('year.rateOf', { rate: issue.rate })}</span>}
    />
  )
}

function Preview({ year, empty }: { year: number; empty: boolean }) {
  const { t } = useTranslation('training_record')
  const query = useQuery({ ...yearPreviewQuery(year), enabled: !empty })
  if (empty || (query.isError && asProblem(query.error).key === 'year_empty')) {
    return (
      <EmptyState
        title={t('year.emptyTitle', { year })}
        text={t('year.emptyText')}
        action={<ButtonLink to="/rounds">{t('year.emptyAction')}</ButtonLink>}
      />
    )
  }
  if (query.isPending) return <RowsSkeleton rows={8} />
  if (query.isLoadingError) return <ErrorState error={query.error} onRetry={() => query.refetch()} />
  return (
    <YearPreview linked record={query.data} title={t('preview', { day: formatDate(query.data.as_of) })} />
  )
}
