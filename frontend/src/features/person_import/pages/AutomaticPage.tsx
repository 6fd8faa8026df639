import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { PageHeader } from '@/components/PageHeader'
import sheets from '@/components/Sheets.module.css'
import classes from '../components/Import.module.css'
import { Rules } from '../components/Rules'
import { Tokens } from '../components/Tokens'

/** Files that the personnel system sends by itself: the secret it needs, how it sends, and what happens to them. */
export function AutomaticPage() {
  const { t } = useTranslation('person_import')
  const address = `${window.location.origin}/api/v1/people/import-drop/staff.csv`
  return (
    <>
      <PageHeader
        title={t('auto.title')}
        description={t('auto.text')}
        back={<Link to="/people/imports">{t('history.title')}</Link>}
      />
      <div className={sheets.steps}>
        <Tokens />
        <section className={sheets.section}>
          <h2>{t('auto.send')}</h2>
          <p>{t('auto.sendText')}</p>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a line longer than a phone scrolls by keyboard */}
          <pre className={classes.code} tabIndex={0}>
            {`curl -fsS -T staff.csv \\\n  -H "Authorization: Bearer $KENSHU_TOKEN" \\\n  ${address}`}
          </pre>
          <p>{t('auto.once')}</p>
        </section>
        <Rules />
      </div>
    </>
  )
}
