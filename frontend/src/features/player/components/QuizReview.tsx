import { IconCheck, IconX } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Attempt } from '@/lib/learning'
import classes from './Quiz.module.css'

type Question = Attempt['questions'][number]

/** Every question with what was answered and what is right. */
export function QuizReview({ attempt }: { attempt: Attempt }) {
  const { t } = useTranslation('player')
  return (
    <section aria-labelledby="review">
      <h2 id="review" className={classes.heading}>
        {t('quiz.review')}
      </h2>
      <ol className={classes.review}>
        {attempt.questions.map((question) => (
          <li key={question.id}>
            <p className={classes.verdict} data-right={question.right || undefined}>
              {question.right ? <IconCheck size={20} aria-hidden /> : <IconX size={20} aria-hidden />}
              {t(question.right ? 'quiz.right' : 'quiz.wrong')}
            </p>
            <p className={classes.text}>{question.text}</p>
            {['single', 'multiple', 'true_false'].includes(question.kind) ? (
              <Choices question={question} />
            ) : (
              <Answers question={question} />
            )}
            {question.explanation && <p className={classes.explanation}>{question.explanation}</p>}
          </li>
        ))}
      </ol>
    </section>
  )
}

function Choices({ question }: { question: Question }) {
  const { t } = useTranslation('player')
  return (
    <ul className={classes.reviewChoices}>
      {question.choices.map((choice) => {
        const right = question.correct?.includes(choice.id)
        const mine = question.answer.includes(choice.id)
        return (
          <li key={choice.id} data-right={right || undefined}>
            {choice.text || t('quiz.choice', { context: choice.id })}
            {right && <strong>{t('common:bracketed', { text: t('quiz.rightAnswer') })}</strong>}
            {mine && <span>{t('common:bracketed', { text: t('quiz.myAnswer') })}</span>}
          </li>
        )
      })}
    </ul>
  )
}

/** An order, pairs or typed answers, side by side with what is right. */
function Answers({ question }: { question: Question }) {
  const { t } = useTranslation('player')
  const off = Number(question.tolerance ?? 0) !== 0 && t('quiz.tolerance', { off: question.tolerance })
  return (
    <dl className={classes.answers}>
      <div>
        <dt>{t('quiz.rightAnswer')}</dt>
        <dd>
          <Said question={question} answer={question.correct ?? []} />
          {off && <span> {off}</span>}
        </dd>
      </div>
      {!question.right && (
        <div>
          <dt>{t('quiz.myAnswer')}</dt>
          <dd>
            {question.answer.length > 0 ? (
              <Said question={question} answer={question.answer} />
            ) : (
              t('quiz.noAnswer')
            )}
          </dd>
        </div>
      )}
    </dl>
  )
}

function Said({ question, answer }: { question: Question; answer: string[] }) {
  const text = (list: Question['choices'] | undefined, id: string) =>
    list?.find((one) => one.id === id)?.text ?? ''
  if (question.kind === 'ordering')
    return (
      <ol>
        {answer.map((id) => (
          <li key={id}>{text(question.choices, id)}</li>
        ))}
      </ol>
    )
  if (question.kind === 'matching')
    return (
      <ul>
        {answer.map((pair) => {
          const [choice = '', target = ''] = pair.split('=', 2)
          return (
            <li key={pair}>
              {text(question.choices, choice)} → {text(question.targets, target)}
            </li>
          )
        })}
      </ul>
    )
  return answer.join(' / ')
}
