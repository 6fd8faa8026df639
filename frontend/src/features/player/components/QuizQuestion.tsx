import type { Ref } from 'react'
import type { Attempt } from '@/lib/learning'
import { ChoiceAnswer } from './ChoiceAnswer'
import { MatchAnswer } from './MatchAnswer'
import { OrderAnswer } from './OrderAnswer'
import classes from './Quiz.module.css'
import { TypedAnswer } from './TypedAnswer'

export interface AnswerProps {
  question: Attempt['questions'][number]
  chosen: string[]
  onChoose: (chosen: string[]) => void
}

interface QuizQuestionProps extends AnswerProps {
  title: string
  ref: Ref<HTMLHeadingElement>
}

/** One question, with big targets to answer it. */
export function QuizQuestion({ title, ref, ...answer }: QuizQuestionProps) {
  const { question } = answer
  return (
    <section className={classes.question}>
      <h2 ref={ref} tabIndex={-1} className={classes.number}>
        {title}
      </h2>
      <fieldset className={classes.choices}>
        <legend className={classes.text}>{question.text}</legend>
        {question.kind === 'ordering' ? (
          <OrderAnswer {...answer} />
        ) : question.kind === 'matching' ? (
          <MatchAnswer {...answer} />
        ) : question.kind === 'short_text' || question.kind === 'number' ? (
          <TypedAnswer {...answer} />
        ) : (
          <ChoiceAnswer {...answer} />
        )}
      </fieldset>
    </section>
  )
}
