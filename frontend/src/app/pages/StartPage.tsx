import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { PageHeader } from '@/components/PageHeader'
import { useSession } from '@/lib/session'
import { visibleNavigation } from '../navigation'
import classes from './StartPage.module.css'

/** The first page of people who have no training of their own here: everything they may do, as a list of doors. */
export function StartPage() {
  const { t } = useTranslation('common')
  const { person, permissions } = useSession()
  const entries = visibleNavigation(permissions)
    .flatMap((group) => group.entries)
    .filter((entry) => entry.to !== '/')
  return (
    <>
      <PageHeader title={t('start.title', { name: person.name })} description={t('start.text')} />
      <ul className={classes.doors}>
        {entries.map(({ to, label, icon: Icon }) => (
          <li key={to}>
            <Link to={to} className={classes.door}>
              <Icon size={24} stroke={1.5} aria-hidden />
              {t(label)}
            </Link>
          </li>
        ))}
      </ul>
    </>
  )
}
