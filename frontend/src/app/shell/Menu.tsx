import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { NavigationGroup } from '../menu'
import classes from './Shell.module.css'

/** The menu, grouped. Headings appear only when there is more than one group of work. */
export function Menu({ groups, onPick }: { groups: NavigationGroup[]; onPick?: () => void }) {
  const { t } = useTranslation('common')
  const headed = groups.filter((group) => group.name !== 'self').length > 1
  return (
    <nav aria-label={t('nav.label')} className={classes.nav}>
      {groups.map((group) => (
        <div key={group.name} className={classes.group}>
          {headed && <h2 className={classes.groupName}>{t('nav.group', { context: group.name })}</h2>}
          <ul>
            {group.entries.map(({ to, label, icon: Icon }) => (
              <li key={to}>
                <Link
                  to={to}
                  activeOptions={{ exact: to === '/learn' }}
                  className={classes.link}
                  activeProps={{ 'aria-current': 'page' }}
                  {...(onPick && { onClick: onPick })}
                >
                  <Icon size={20} stroke={1.75} aria-hidden />
                  {t(label)}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  )
}
