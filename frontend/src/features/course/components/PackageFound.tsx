import { useTranslation } from 'react-i18next'
import { formatBytes } from '@/lib/format'
import type { FoundPackage } from '../api/packages'
import classes from './PackageFound.module.css'

/** What a package holds: its standard and its activities in order. */
export function PackageFound({ found }: { found: FoundPackage }) {
  const { t } = useTranslation('course')
  return (
    <section className={classes.found} aria-label={t('package.found')}>
      <dl className={classes.facts}>
        <dt>{t('package.title')}</dt>
        <dd>{found.title || t('package.untitled')}</dd>
        <dt>{t('package.standard')}</dt>
        <dd>{found.standard === 'scorm_1.2' ? 'SCORM 1.2' : `SCORM ${found.version || '2004'}`}</dd>
        <dt>{t('package.files')}</dt>
        <dd>
          {t('package.fileCount', { count: found.files })}
          {t('common:bracketed', { text: formatBytes(found.size) })}
          {found.skipped > 0 && <> {t('package.skipped', { count: found.skipped })}</>}
        </dd>
      </dl>
      <h3 className={classes.heading}>{t('package.activities')}</h3>
      <ol className={classes.list}>
        {found.activities.map((one) => (
          <li key={one.id} style={{ paddingInlineStart: `${(one.depth - 1) * 1.25}rem` }}>
            <span>{one.title || one.id}</span>
            {!one.group && (
              <span className={classes.kind}>
                {t(one.reports ? 'package.reports' : 'package.opened')}
                {!one.needed && ` ${t('package.notNeeded')}`}
              </span>
            )}
          </li>
        ))}
      </ol>
    </section>
  )
}
