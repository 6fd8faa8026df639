import { useTranslation } from 'react-i18next'
import type { QuestionResult } from '../api/surveys'
import classes from './Survey.module.css'

/** What was answered to one question: bars with their counts, or people's own words. */
export function QuestionBars({ result, number }: { result: QuestionResult; number: number }) {
  const { t } = useTranslation('survey')
  const { question, answered } = result
  return (
    <>
      <h3 className={classes.question}>{t('question', { number, text: question.text })}</h3>
      <p className={classes.facts}>
        {t('of', { count: answered })}
        {result.mean !== undefined && <> · {t('mean', { mean: result.mean.toFixed(2) })}</>}
      </p>
      {question.kind === 'text' ? <Words result={result} /> : <Bars result={result} />}
    </>
  )
}

function Bars({ result }: { result: QuestionResult }) {
  const { t } = useTranslation('survey')
  const { question, counts, answered } = result
  const label = (index: number) => {
    if (question.kind !== 'scale') return question.choices[index]?.text ?? ''
    const end = index === 0 ? question.low : index === counts.length - 1 ? question.high : ''
    return end ? `${index + 1} ${end}` : String(index + 1)
  }
  return (
    <table className={classes.bars} aria-label={t('table', { text: question.text })}>
      <tbody>
        {counts.map((count, index) => {
          const percent = answered > 0 ? Math.round((count * 100) / answered) : 0
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: choices and steps have a fixed order
            <tr key={index}>
              <th scope="row">{label(index)}</th>
              <td>
                <span className={classes.bar} style={{ width: `${percent}%` }} aria-hidden />
                <span className={classes.count}>{t('count', { count, percent })}</span>
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function Words({ result }: { result: QuestionResult }) {
  const { t } = useTranslation('survey')
  return (
    <>
      <ul className={classes.words}>
        {result.texts.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: equal texts may come from several people
          <li key={index}>
            {one.text}
            {one.name && <span className={classes.name}>{one.name}</span>}
          </li>
        ))}
      </ul>
      {result.more > 0 && <p className={classes.facts}>{t('more', { count: result.more })}</p>}
    </>
  )
}
