import { Button, Group } from '@mantine/core'
import { IconFileSpreadsheet, IconFileTypePdf } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useRouterState } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { OpenPage } from '@/components/OpenPage'
import { RowsSkeleton } from '@/components/Skeletons'
import { asProblem } from '@/lib/api/problem'
import { formatDateTime } from '@/lib/format'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { type SharedRecord, saveShared, sharedQuery } from '../api/links'
import { RecordPreview } from '../components/RecordPreview'
import { YearPreview } from '../components/YearPreview'
import classes from './SharedRecordPage.module.css'

/** What an auditor sees who was sent a link: one record, its digest, and the files. No log-in. */
export function SharedRecordPage() {
  const { t } = useTranslation('training_record')
  const token = useRouterState({ select: (state) => state.location.hash })
  const query = useQuery(sharedQuery(token))
  const problem = useProblem()
  const gone = token === '' || (query.isError && [404, 410].includes(asProblem(query.error).status))
  return (
    <OpenPage title={t('title')} width={64}>
      {token !== '' && query.isPending && <RowsSkeleton rows={8} />}
      {gone && (
        <div role="alert">
          <h2>{t('shared.goneTitle')}</h2>
          <p>{t('shared.goneText')}</p>
        </div>
      )}
      {query.isError && !gone && <p role="alert">{problem(query.error).sentence}</p>}
      {query.data && <Shared record={query.data} token={token} />}
    </OpenPage>
  )
}

function Shared({ record, token }: { record: SharedRecord; token: string }) {
  const { t } = useTranslation('training_record')
  return (
    <>
      <p className={classes.facts}>
        {t('shared.for', { recipient: record.recipient, until: formatDateTime(record.expires_at) })}
      </p>
      <Files token={token} />
      <p className={classes.digest}>
        {t('shared.issue', { number: record.number, at: formatDateTime(record.issued_at) })}
        <br />
        {t('shared.digest')} <code>{record.digest}</code>
      </p>
      {record.year && <YearPreview record={record.year} title={t('shared.content')} />}
      {record.round && <RecordPreview record={record.round} title={t('shared.content')} />}
    </>
  )
}

function Files({ token }: { token: string }) {
  const { t, i18n } = useTranslation('training_record')
  const words = useProblem()
  const save = useMutation({
    mutationFn: (format: 'pdf' | 'xlsx') => saveShared(token, format, i18n.language),
    onError: (error) => tell(words(error).sentence, { tone: 'bad' }),
  })
  return (
    <Group className="no-print">
      <Button
        leftSection={<IconFileTypePdf size={20} aria-hidden />}
        loading={save.isPending && save.variables === 'pdf'}
        onClick={() => save.mutate('pdf')}
      >
        {t('shared.pdf')}
      </Button>
      <Button
        variant="default"
        leftSection={<IconFileSpreadsheet size={20} aria-hidden />}
        loading={save.isPending && save.variables === 'xlsx'}
        onClick={() => save.mutate('xlsx')}
      >
        {t('shared.xlsx')}
      </Button>
    </Group>
  )
}
