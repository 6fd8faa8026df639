import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { ColorSchemeSwitch } from '@/components/ColorSchemeSwitch'
import { LanguageSwitch } from '@/components/LanguageSwitch'
import { PageHeader } from '@/components/PageHeader'
import { tell } from '@/lib/messages'
import { useSession } from '@/lib/session'
import { JoinedAccounts } from '../components/JoinedAccounts'
import { NewPasswordForm } from '../components/NewPasswordForm'
import { PasswordRules } from '../components/PasswordRules'
import { SignOutEverywhere } from '../components/SignOutEverywhere'
import classes from './AccountPage.module.css'

/** One's own account: who I am here, how the page looks, a new password; children are what the page adds about factors and sessions. */
export function AccountPage({ children }: { children?: ReactNode }) {
  const { t } = useTranslation('auth')
  const { person, organisation } = useSession()
  return (
    <>
      <PageHeader title={t('account.title')} description={t('account.text')} />
      <div className={classes.sections}>
        <section className={classes.section}>
          <h2>{t('account.who')}</h2>
          <dl className={classes.facts}>
            <dt>{t('account.name')}</dt>
            <dd>{person.name}</dd>
            <dt>{t('account.organisation')}</dt>
            <dd>{organisation.name}</dd>
            <dt>{t('account.code')}</dt>
            <dd>{organisation.code}</dd>
          </dl>
        </section>
        <section className={classes.section}>
          <h2>{t('account.look')}</h2>
          <div className={classes.switches}>
            <LanguageSwitch />
            <ColorSchemeSwitch />
          </div>
        </section>
        <section className={classes.section}>
          <h2>{t('account.password')}</h2>
          <PasswordRules />
          <NewPasswordForm
            askCurrent
            action={t('account.change')}
            onDone={() => tell(t('account.changed'))}
          />
        </section>
        {children}
        <section className={classes.section}>
          <h2>{t('joined.title')}</h2>
          <JoinedAccounts />
        </section>
        <section className={classes.section}>
          <h2>{t('account.devices')}</h2>
          <p>{t('account.devicesText')}</p>
          <SignOutEverywhere />
        </section>
      </div>
    </>
  )
}
