import { useTranslation } from 'react-i18next'
import type { QuestionFigures } from '../api/questions'
import classes from './Figures.module.css'
import { ShareBar } from './ShareBar'

/** What was answered, each answer with how many gave it; nothing while too few answered. */
export function GivenAnswers({ found }: { found: QuestionFigures }) {
  const { t } = useTranslation('question')
  const { asked } = found.whole
  if (asked < found.needed) return null
  const said = (given: QuestionFigures['given'][number]) =>
    found.question.kind === 'true_false' && given.choice
      ? t('editor.answer', { context: given.choice })
      : given.text
  return (
    <>
      <h4 className={classes.heading}>{t('figures.given')}</h4>
      <ul className={classes.given}>
        {found.given.map((given) => (
          <li key={given.choice ?? given.text}>
            <span className={classes.said}>
              {given.right && <strong>{t('figures.right')} </strong>}
              {said(given)}
            </span>
            <span className={classes.number}>{t('figures.people', { count: given.count })}</span>
            <ShareBar share={given.count / asked} wrong={!given.right} />
          </li>
        ))}
        {found.open > 0 && (
          <li>
            <span className={classes.said}>{t('figures.open')}</span>
            <span className={classes.number}>{t('figures.people', { count: found.open })}</span>
            <ShareBar share={found.open / asked} wrong />
          </li>
        )}
      </ul>
      {found.question.kind === 'short_text' && <p className={classes.note}>{t('figures.typed')}</p>}
    </>
  )
}
