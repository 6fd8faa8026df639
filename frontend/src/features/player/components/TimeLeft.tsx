import { IconClock } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Quiz.module.css'

/** What is left of the time limit, second by second; screen readers hear it when a minute is left. At the end `onOver` is called once. */
export function TimeLeft({ seconds, onOver }: { seconds: number; onOver: () => void }) {
  const { t } = useTranslation('player')
  const [end] = useState(() => Date.now() + seconds * 1000)
  const [left, setLeft] = useState(seconds)
  useEffect(() => {
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000))), 500)
    return () => clearInterval(timer)
  }, [end])
  const over = left === 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, whatever function the page has by then
  useEffect(() => {
    if (over) onOver()
  }, [over])
  const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')}`
  return (
    <p className={classes.time} data-short={left <= 60 || undefined}>
      <IconClock size={18} aria-hidden />
      {t('quiz.timeLeft', { clock })}
      <span role="status" className={classes.heard}>
        {left <= 60 && t(over ? 'quiz.timeOver' : 'quiz.lastMinute')}
      </span>
    </p>
  )
}
