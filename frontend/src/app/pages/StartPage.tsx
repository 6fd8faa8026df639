import { Link } from '@tanstack/react-router'
import { lazy, Suspense } from 'react'
import { useTranslation } from 'react-i18next'
import { PageHeader } from '@/components/PageHeader'
import { PageSkeleton } from '@/components/Skeletons'
import { usePermission, useSession } from '@/lib/session'
import { visibleNavigation } from '../navigation'
import classes from './StartPage.module.css'

const LearnerHomePage = lazy(() =>
  import('@/features/home/pages/LearnerHomePage').then((one) => ({ default: one.LearnerHomePage })),
)

/** The first page: what to learn now, for people who learn; and everything else a person may do, as a list of doors. */
export function StartPage() {
  const { t } = useTranslation('common')
  const { person } = useSession()
  if (usePermission('learning:own'))
    return (
      <Suspense fallback={<PageSkeleton />}>
        <LearnerHomePage>
          <Doors />
        </LearnerHomePage>
      </Suspense>
    )
  return (
    <>
      <PageHeader title={t('start.title', { name: person.name })} description={t('start.text')} />
      <Doors />
    </>
  )
}

function Doors() {
  const { t } = useTranslation('common')
  const { permissions } = useSession()
  const learns = permissions.includes('learning:own')
  const entries = visibleNavigation(permissions)
    .filter((group) => !learns || !['learn', 'self'].includes(group.name))
    .flatMap((group) => group.entries)
    .filter((entry) => entry.to !== '/')
  if (entries.length === 0) return null
  return (
    <nav aria-label={t('start.doors')}>
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
    </nav>
  )
}
