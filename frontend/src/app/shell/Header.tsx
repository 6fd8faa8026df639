import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { LanguageSwitch } from '@/components/LanguageSwitch'
import { Wordmark } from '@/components/Wordmark'
import { useSession } from '@/lib/session'
import type { NavigationGroup } from '../menu'
import { LogoutButton } from './LogoutButton'
import { MenuButton } from './MenuButton'
import classes from './Shell.module.css'

/** Where I am logged in, as whom, in which language, and the way out: on every page. */
export function Header({ groups }: { groups: NavigationGroup[] }) {
  const { t } = useTranslation('common')
  const { person, organisation, mode } = useSession()
  return (
    <header className={classes.header}>
      <MenuButton groups={groups} />
      <Link to="/" className={classes.brand} aria-label={t('brand.home')}>
        <Wordmark />
      </Link>
      {mode === 'demo' && <span className={classes.demo}>{t('brand.demo')}</span>}
      <p className={classes.who}>
        <span className={classes.organisation}>{organisation.name}</span>
        <span className={classes.person}>{person.name}</span>
      </p>
      <div className={classes.tools}>
        <LanguageSwitch />
        <LogoutButton />
      </div>
    </header>
  )
}
