import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import type { BankQuestion } from '@/components/question/bank'
import classes from './Question.module.css'

/** The lessons being made that may ask the question. */
export function Uses({ uses }: { uses: NonNullable<BankQuestion['uses']> }) {
  const { t } = useTranslation('question')
  return (
    <section>
      <h3 className={classes.heading}>{t('uses.title')}</h3>
      {uses.length === 0 ? (
        <p className={classes.note}>{t('uses.none')}</p>
      ) : (
        <ul className={classes.list}>
          {uses.map((use) => (
            <li key={use.lesson}>
              <Link to="/courses/$courseId" params={{ courseId: use.course }} search={{ lesson: use.lesson }}>
                {t('uses.one', { course: use.course_title, lesson: use.lesson_title })}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
