import { Alert, Button } from '@mantine/core'
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import sheets from '@/components/Sheets.module.css'
import { StatusBadge, type Tone } from '@/components/StatusBadge'
import { DataTable } from '@/components/table/DataTable'
import type { Column } from '@/components/table/types'
import { itemsOf } from '@/lib/api/pages'
import { formatNumber } from '@/lib/format'
import { useSentence } from '@/lib/problem-text'
import { usePermission } from '@/lib/session'
import { type Import, importPages, rulesQuery } from '../api/imports'
import classes from '../components/Import.module.css'

const tones: Record<Import['state'], Tone> = {
  waiting: 'idle',
  reading: 'active',
  mapping: 'paused',
  checked: 'paused',
  refused: 'bad',
  applying: 'active',
  applied: 'good',
  undoing: 'active',
  undone: 'out',
}

/** What the list says of a file: one with wrong rows waits for nobody's consent. */
function standing(row: Import): { tone: Tone; context: string } {
  if (row.state === 'checked' && row.wrong > 0) return { tone: 'bad', context: 'wrong' }
  return { tone: tones[row.state], context: row.state }
}

/** Every file of people and what became of it, those that programs sent included. */
export function ImportsPage() {
  const { t } = useTranslation('person_import')
  const navigate = useNavigate()
  const query = useInfiniteQuery(importPages)
  const silent = useQuery(rulesQuery).data?.silent_days ?? 0
  const mayDecide = usePermission('api_token:read')
  const columns = useImportColumns()
  return (
    <>
      <PageHeader
        title={t('history.title')}
        description={t('history.text')}
        back={<Link to="/people">{t('back')}</Link>}
      />
      <div className={classes.notes}>
        {silent > 0 && <Alert color="yellow">{t('history.silent', { count: silent })}</Alert>}
        <div className={sheets.buttons}>
          <Button component={Link} to="/people/import">
            {t('title')}
          </Button>
          {mayDecide && (
            <Button variant="default" component={Link} to="/people/imports/automatic">
              {t('auto.title')}
            </Button>
          )}
        </div>
      </div>
      {query.isError ? (
        <ErrorState error={query.error} onRetry={() => query.refetch()} />
      ) : (
        <DataTable<Import>
          label={t('history.title')}
          columns={columns}
          rows={itemsOf(query.data)}
          rowId={(row) => row.id}
          rowName={(row) => row.file_name}
          pending={query.isPending}
          hasMore={query.hasNextPage}
          loadingMore={query.isFetchingNextPage}
          onMore={query.fetchNextPage}
          onOpen={(row) => navigate({ to: '/people/import', search: { id: row.id } })}
          empty={<EmptyState title={t('history.none')} text={t('history.noneText')} />}
        />
      )}
    </>
  )
}

function useImportColumns(): Column<Import>[] {
  const { t } = useTranslation('person_import')
  const sentence = useSentence()
  return useMemo<Column<Import>[]>(
    () => [
      {
        id: 'file',
        header: t('history.file'),
        card: 'title',
        cell: (row) => row.file_name || t('history.noName'),
      },
      {
        id: 'state',
        header: t('history.state'),
        width: '11rem',
        cell: (row) => {
          const { tone, context } = standing(row)
          return <StatusBadge tone={tone}>{t('state', { context })}</StatusBadge>
        },
      },
      {
        id: 'counts',
        header: t('history.counts'),
        cell: (row) =>
          row.problem ? (
            sentence(row.problem.key, row.problem.args)
          ) : (
            <>
              {t('history.figures', {
                added: formatNumber(row.added),
                changed: formatNumber(row.changed),
                wrong: formatNumber(row.wrong),
              })}
              {row.state === 'applied' && (row.new_departments ?? []).length > 0 && (
                <div>
                  {t('history.departments', {
                    names: (row.new_departments ?? []).slice(0, 20).join(t('preview.separator')),
                    count: row.new_departments?.length ?? 0,
                    figure: formatNumber(row.new_departments?.length ?? 0),
                  })}
                </div>
              )}
            </>
          ),
      },
      { id: 'who', header: t('history.who'), width: '12rem', cell: (row) => row.actor },
      {
        id: 'when',
        header: t('history.when'),
        width: '10rem',
        cell: (row) => <DateText value={row.created_at} time />,
      },
    ],
    [t, sentence],
  )
}
