import { Alert, Progress } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import sheets from '@/components/Sheets.module.css'
import { formatNumber } from '@/lib/format'
import type { Import } from '../api/imports'

/** A job is at work: how far it is. It goes on without this page. */
export function Working({ one }: { one: Import }) {
  const { t } = useTranslation('person_import')
  return (
    <section className={sheets.section} aria-busy={one.state !== 'waiting'}>
      <h2>{t('working', { context: one.state })}</h2>
      {one.state !== 'waiting' && (
        <Progress
          value={one.total > 0 ? (100 * one.done) / one.total : 100}
          animated
          aria-label={t('working', { context: one.state })}
        />
      )}
      <p role="status">
        {one.total > 0
          ? t('workingOf', { rows: formatNumber(one.done), total: formatNumber(one.total) })
          : one.done > 0 && t('workingRows', { rows: formatNumber(one.done) })}{' '}
        {t('workingLeave')}
      </p>
      <p>
        <Link to="/people/imports">{t('history.open')}</Link>
      </p>
    </section>
  )
}

/** Why an import went no further. */
export function ProblemNote({ sentence, refused }: { sentence: string; refused: boolean }) {
  return (
    <Alert color={refused ? 'red' : 'yellow'} role="alert">
      {sentence}
    </Alert>
  )
}
