import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { LanguageSwitch } from '@/components/LanguageSwitch'
import { Wordmark } from '@/components/Wordmark'
import { usePageTitle } from '@/lib/page-title'
import { logOut, sessionQuery } from '@/lib/session'
import { FactorsSection } from '../components/FactorsSection'
import classes from './EnrolPage.module.css'

/** Before anything else for somebody whose role demands a second factor: set one up. */
export function EnrolPage() {
  const { t } = useTranslation('security')
  const queries = useQueryClient()
  usePageTitle(t('enrol.title'))
  const leave = useMutation({
    mutationFn: logOut,
    onSettled: () => window.location.assign('/'),
  })
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <Wordmark />
        <div className={classes.tools}>
          <LanguageSwitch />
          <Button variant="subtle" color="gray" size="compact-md" onClick={() => leave.mutate()}>
            {t('enrol.leave')}
          </Button>
        </div>
      </header>
      <main className={classes.main}>
        <h1>{t('enrol.title')}</h1>
        <p>{t('enrol.text')}</p>
        <FactorsSection onReady={() => queries.invalidateQueries({ queryKey: sessionQuery.queryKey })} />
      </main>
    </div>
  )
}
