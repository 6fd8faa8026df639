import { useTranslation } from 'react-i18next'
import classes from '@/components/Cards.module.css'
import { formatList } from '@/lib/list'
import type { Offer } from '../api/catalogue'

/** Whose the course is, how long it takes, in which language and which version. */
export function Facts({ offer }: { offer: Offer }) {
  const { t } = useTranslation('catalogue')
  const minutes = offer.minutes || Math.ceil(offer.duration_ms / 60_000)
  return (
    <>
      <dl className={classes.facts}>
        <div>
          <dt>{t('fact.owner')}</dt>
          <dd>{t('owner', { context: offer.owner })}</dd>
        </div>
        {minutes > 0 && (
          <div>
            <dt>{t(offer.minutes ? 'fact.minutes' : 'fact.videos')}</dt>
            <dd>{t('minutes', { count: minutes })}</dd>
          </div>
        )}
        <div>
          <dt>{t('fact.lessons')}</dt>
          <dd>{offer.lesson_count}</dd>
        </div>
        <div>
          <dt>{t('fact.language')}</dt>
          <dd>{t(offer.language === 'en' ? 'common:language.en' : 'common:language.ja')}</dd>
        </div>
        <div>
          <dt>{t('fact.version')}</dt>
          <dd>{t('version', { number: offer.number })}</dd>
        </div>
      </dl>
      {offer.audience && (
        <p className={classes.note}>
          {t('fact.audience')}: {offer.audience}
        </p>
      )}
      {offer.requires.length > 0 && (
        <p className={classes.note}>
          {t('requires', { titles: formatList(offer.requires.map((one) => t('quoted', { one }))) })}
        </p>
      )}
    </>
  )
}
