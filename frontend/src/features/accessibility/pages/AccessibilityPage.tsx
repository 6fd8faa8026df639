import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { OpenPage } from '@/components/OpenPage'
import { formatDate, formatNumber } from '@/lib/format'
import { type Criterion, criteria } from '../criteria'
import result from '../result.json'
import classes from './AccessibilityPage.module.css'

const failed: string[] = result.failed

function outcomeOf({ id, ways, absent }: Criterion): 'absent' | 'failed' | 'open' | 'met' {
  if (absent) return 'absent'
  if (failed.includes(id)) return 'failed'
  return ways.length === 0 ? 'open' : 'met'
}

/** The result that JIS X 8341-3:2016 (JB.3.1) asks to publish, from what `make access` found; open to everybody. */
export function AccessibilityPage() {
  const { t } = useTranslation('accessibility')
  const open = criteria.filter((one) => outcomeOf(one) === 'open').length
  const whole = criteria.every((one) => ['met', 'absent'].includes(outcomeOf(one)))
  const { looks } = result
  return (
    <OpenPage title={t('title')} width={48}>
      <div className={classes.body}>
        <p>{t('intro')}</p>
        <section>
          <h2>{t('result')}</h2>
          <dl className={classes.facts}>
            <Fact term={t('declared')}>{formatDate(result.tested)}</Fact>
            <Fact term={t('standard')}>{t('standardName')}</Fact>
            <Fact term={t('level')}>
              <strong>{t('levelOf', { context: whole ? 'whole' : 'part' })}</strong>
              {open > 0 && <p>{t('levelOpen', { count: open })}</p>}
              <p>{t('levelNote')}</p>
            </Fact>
            <Fact term={t('scope')}>{t('scopeText')}</Fact>
            <Fact term={t('technologies')}>{t('technologiesList')}</Fact>
            <Fact term={t('choice')}>{t('choiceText', { count: result.pages.length })}</Fact>
            <Fact term={t('period')}>{formatDate(result.tested)}</Fact>
            <Fact term={t('ways')}>
              <p>
                {t('waysText', {
                  pages: formatNumber(looks.axe),
                  stops: formatNumber(looks.stops),
                  zoomed: formatNumber(looks.zoom),
                })}
              </p>
              <p>{t('waysJob')}</p>
            </Fact>
          </dl>
        </section>
        <section>
          <h2 id="criteria">{t('criteria')}</h2>
          <div className={classes.scroll}>
            <table aria-labelledby="criteria" className={classes.table}>
              <thead>
                <tr>
                  <th scope="col">{t('criterion')}</th>
                  <th scope="col">{t('levelShort')}</th>
                  <th scope="col">{t('outcome')}</th>
                </tr>
              </thead>
              <tbody>
                {criteria.map((one) => (
                  <Row key={one.id} criterion={one} />
                ))}
              </tbody>
            </table>
          </div>
          <p className={classes.note}>{t('outcomeNote')}</p>
        </section>
        <section>
          <h2>{t('more')}</h2>
          <p>{t('moreText')}</p>
        </section>
        <section>
          <h2>{t('lessons')}</h2>
          <p>{t('lessonsText')}</p>
        </section>
        <section>
          <h2>{t('contact')}</h2>
          <p>{t('contactText')}</p>
        </section>
        <details>
          <summary>{t('pages', { count: result.pages.length })}</summary>
          <ul className={classes.pages}>
            {result.pages.map((path) => (
              <li key={path}>
                <code>{path}</code>
              </li>
            ))}
          </ul>
        </details>
      </div>
    </OpenPage>
  )
}

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function Row({ criterion }: { criterion: Criterion }) {
  const { t } = useTranslation('accessibility')
  const { id, level, ways, absent } = criterion
  const outcome = outcomeOf(criterion)
  return (
    <tr>
      <th scope="row">
        {id} {t('name', { context: id.replaceAll('.', '_') })}
        <span className={classes.ways}>
          {absent ? t('noneHere') : ways.map((way) => t('way', { context: way })).join(t('and'))}
        </span>
      </th>
      <td>{level}</td>
      <td className={classes.outcome} data-outcome={outcome}>
        {t('outcomeOf', { context: outcome })}
      </td>
    </tr>
  )
}
