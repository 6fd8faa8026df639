import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '@/components/ButtonLink'
import { formatDate } from '@/lib/format'
import { isOpen, ownEnrolments } from '@/lib/learning'
import classes from './OwnTraining.module.css'

/** A manager learns too: what is open of their own, and the way there. Nothing when nothing is open. */
export function OwnTraining() {
  const { t } = useTranslation('dashboard')
  const { data } = useQuery(ownEnrolments)
  const open = (data ?? []).filter(isOpen)
  const [next] = open
  if (!next) return null
  return (
    <section className={classes.own} aria-labelledby="own-heading">
      <div>
        <h2 id="own-heading">{t('own.title')}</h2>
        <p>
          {t('own.todo', { count: open.length })}
          <span>{t('own.next', { title: next.course_title, day: formatDate(next.due_on) })}</span>
        </p>
      </div>
      <ButtonLink to="/learn" variant="light" className="no-print">
        {t('own.action')}
      </ButtonLink>
    </section>
  )
}
