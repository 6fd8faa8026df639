import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { usePermission } from '@/lib/session'
import type { PersonAccountInfo } from '../api/people'

/** Where an account came from, in words; from a file of people to what became of it. */
export function AccountSource({ source }: { source: PersonAccountInfo['source'] }) {
  const { t } = useTranslation('person')
  const mayImport = usePermission('person:import')
  const words = t('source.kind', { context: source.kind, file: source.file_name ?? '' })
  const when = source.by
    ? t('source.whenBy', { day: source.at, by: source.by })
    : t('source.when', { day: source.at })
  return (
    <>
      {words}
      {when}{' '}
      {source.import_id && mayImport && (
        <Link to="/people/import" search={{ id: source.import_id }}>
          {t('source.open')}
        </Link>
      )}
    </>
  )
}
