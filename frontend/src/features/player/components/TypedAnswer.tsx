import { useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { readsAsNumber } from '../api/number'
import classes from './Quiz.module.css'
import type { AnswerProps } from './QuizQuestion'

/** Typing is saved when the hand rests, and at once when the field or the question is left. */
const rest = 500

/** A word or a number to type. */
export function TypedAnswer({ question, chosen, onChoose }: AnswerProps) {
  const { t } = useTranslation('player')
  const id = useId()
  const stored = chosen[0] ?? ''
  const [text, setText] = useState(stored)
  const typed = useRef<string | undefined>(undefined)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const save = useRef(onChoose)
  save.current = onChoose
  const flush = () => {
    clearTimeout(timer.current)
    if (typed.current === undefined) return
    save.current(typed.current.trim() === '' ? [] : [typed.current])
    typed.current = undefined
  }
  const leave = useRef(flush)
  leave.current = flush
  useEffect(() => {
    if (typed.current === undefined) setText(stored) // answered on another device meanwhile
  }, [stored])
  useEffect(() => {
    const away = () => leave.current()
    addEventListener('pagehide', away)
    document.addEventListener('visibilitychange', away)
    return () => {
      removeEventListener('pagehide', away)
      document.removeEventListener('visibilitychange', away)
      away()
    }
  }, [])
  const number = question.kind === 'number'
  const bad = number && text.trim() !== '' && !readsAsNumber(text)
  return (
    <>
      <p className={classes.how}>{t(number ? 'quiz.numberHow' : 'quiz.textHow')}</p>
      <input
        className={classes.typed}
        aria-label={t('quiz.textAnswer')}
        aria-describedby={`${id}help`}
        aria-invalid={bad || undefined}
        inputMode={number ? 'decimal' : 'text'}
        autoComplete="off"
        maxLength={500}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value)
          typed.current = event.currentTarget.value
          clearTimeout(timer.current)
          timer.current = setTimeout(flush, rest)
        }}
        onBlur={flush}
      />
      <p id={`${id}help`} className={bad ? classes.bad : classes.how}>
        {t(bad ? 'quiz.numberBad' : number ? 'quiz.numberHelp' : 'quiz.textHelp')}
      </p>
    </>
  )
}
