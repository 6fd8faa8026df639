import { Button } from '@mantine/core'
import { IconPrinter } from '@tabler/icons-react'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '@/components/ButtonLink'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { StatusBadge } from '@/components/StatusBadge'
import { itemsOf } from '@/lib/api/pages'
import { toneOf } from '@/lib/enrolment-status'
import { formatDate, formatNumber } from '@/lib/format'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { usePermission } from '@/lib/session'
import { type DossierEntry, dossierPages, printLedger } from '../api/dossier'
import type { Person } from '../api/people'
import classes from './Dossier.module.css'
import place from './Person.module.css'
import { ReissueCertificate } from './ReissueCertificate'
import { RevokeCertificate } from './RevokeCertificate'

/** Everything a person was given to learn and what became of it; from here to their mails and the log. */
export function PersonDossier({ person }: { person: Person }) {
  const { t } = useTranslation('person')
  const problemText = useProblem()
  const mayPrint = usePermission('person:export')
  const mayMail = usePermission('mail:read')
  const mayAudit = usePermission('audit:read')
  const query = useInfiniteQuery(dossierPages(person.id))
  const print = useMutation({
    mutationFn: () => printLedger(person.id),
    onError: (error) => tell(problemText(error).sentence, { tone: 'bad' }),
  })
  const entries = itemsOf(query.data)
  return (
    <section className={place.section}>
      <h2>{t('dossier.title')}</h2>
      {query.isPending && <RowsSkeleton />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data && entries.length === 0 && <p>{t('dossier.none')}</p>}
      <ol className={classes.courses}>
        {entries.map((entry) => (
          <Course key={entry.enrolment} entry={entry} />
        ))}
      </ol>
      <div className={place.buttons}>
        {query.hasNextPage && (
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => query.fetchNextPage()}>
            {t('dossier.more')}
          </Button>
        )}
        {mayPrint && (
          <Button
            variant="default"
            loading={print.isPending}
            leftSection={<IconPrinter size={18} aria-hidden />}
            onClick={() => print.mutate()}
          >
            {t('dossier.print')}
          </Button>
        )}
        {mayMail && (
          <ButtonLink variant="subtle" to="/mail" search={{ person: person.id }}>
            {t('dossier.mails')}
          </ButtonLink>
        )}
        {mayAudit && (
          <ButtonLink variant="subtle" to="/audit" search={{ subject: person.id }}>
            {t('dossier.log')}
          </ButtonLink>
        )}
      </div>
    </section>
  )
}

function Course({ entry }: { entry: DossierEntry }) {
  const { t } = useTranslation('person')
  const mayWrite = usePermission('round:write')
  const mayRead = usePermission('record:read')
  const attempts = entry.attempts.map((one) =>
    one.score === undefined
      ? t('dossier.attemptOpen', { number: one.number })
      : t('dossier.attempt', {
          number: one.number,
          score: one.score,
          result: t('dossier.passed', { context: one.passed ? 'yes' : 'no' }),
        }),
  )
  const notes = [
    t('dossier.lessons', { done: entry.lessons_done, total: entry.lessons_total }),
    entry.spent_seconds > 0 &&
      t('dossier.spent', { minutes: formatNumber(Math.ceil(entry.spent_seconds / 60)) }),
    entry.completed_at && t('dossier.completed', { day: entry.completed_at }),
    entry.self_reported && t('dossier.selfReported'),
    ...attempts,
    ...entry.pledges.map((one) =>
      t('dossier.pledge', { title: one.title, name: one.name, day: formatDate(one.signed_at) }),
    ),
    entry.certificate &&
      t(entry.revoked_at ? 'dossier.revoked' : 'dossier.certificate', { number: entry.certificate }),
    ...entry.replaced.map((one) =>
      one.by
        ? t('dossier.replacedBy', { number: one.number, day: one.at, reason: one.reason, by: one.by })
        : t('dossier.replaced', { number: one.number, day: one.at, reason: one.reason }),
    ),
  ].filter(Boolean)
  return (
    <li className={classes.course}>
      <div className={classes.head}>
        <Link to="/rounds/$roundId" params={{ roundId: entry.round_id }}>
          {entry.round_title}
        </Link>
        <StatusBadge tone={entry.overdue ? 'late' : toneOf(entry.status)}>
          {entry.overdue ? t('dossier.overdue') : t('dossier.status', { context: entry.status })}
        </StatusBadge>
      </div>
      {entry.lessons_total > 0 && (
        <div className={classes.track} aria-hidden>
          <span
            className={classes.bar}
            style={{ width: `${((100 * entry.lessons_done) / entry.lessons_total).toFixed(2)}%` }}
          />
        </div>
      )}
      <p className={classes.notes}>
        {formatDate(entry.starts_on)}〜{formatDate(entry.due_on)} · {notes.join(' · ')}
      </p>
      {entry.certificate && (
        <div className={classes.actions}>
          {mayRead && !entry.revoked_at && (
            <Button
              component="a"
              href={`/api/v1/enrolments/${entry.enrolment}/certificate/pdf`}
              download
              variant="subtle"
              color="gray"
              size="compact-sm"
            >
              {t('dossier.certificatePdf')}
            </Button>
          )}
          {mayWrite && <ReissueCertificate entry={entry} />}
          {mayWrite && !entry.revoked_at && <RevokeCertificate entry={entry} />}
        </div>
      )}
    </li>
  )
}
