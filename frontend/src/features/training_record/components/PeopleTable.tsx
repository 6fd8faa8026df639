import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { formatDate } from '@/lib/format'
import type { RecordPerson } from '../api/records'
import classes from './PeopleTable.module.css'

type Part = 'attendees' | 'absentees' | 'excused'

const few = 10

/** Completed, unfinished or excused people as they will stand in the document; long lists open on demand, and on paper. */
export function PeopleTable({ part, people }: { part: Part; people: RecordPerson[] }) {
  const { t } = useTranslation('training_record')
  const [open, setOpen] = useState(false)
  const note = useNote(part)
  return (
    <div>
      <h3 id={`${part}-heading`}>{t('part', { context: part, count: people.length })}</h3>
      {people.length === 0 ? (
        <p className={classes.none}>{t('none')}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a table wider than a phone scrolls by keyboard
        <section className={classes.scroll} tabIndex={0} aria-labelledby={`${part}-heading`}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t('column.name')}</th>
                <th scope="col">{t('column.department')}</th>
                <th scope="col">{t('column.status')}</th>
                <th scope="col">{t('note', { context: part })}</th>
              </tr>
            </thead>
            <tbody>
              {people.map((person, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a record never change their order
                <tr key={index} className={open || index < few ? undefined : classes.folded}>
                  <td data-label={t('column.name')}>{person.name}</td>
                  <td data-label={t('column.department')}>
                    {(person.departments ?? []).join(t('separator'))}
                  </td>
                  <td data-label={t('column.status')}>
                    {person.overdue
                      ? t('status.late', { status: t('status', { context: person.status }) })
                      : t('status', { context: person.status })}
                    {person.version && t('tookVersion', { number: person.version })}
                    {person.self_reported && t('selfReported')}
                  </td>
                  <td data-label={t('note', { context: part })}>
                    {note(person)}
                    {person.pledges?.map((one) => (
                      <div key={`${one.title} ${one.digest}`}>
                        {t('pledge', { title: one.title, day: formatDate(one.signed_on), name: one.name })}
                      </div>
                    ))}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
      {people.length > few && !open && (
        <Button variant="subtle" size="sm" className="no-print" onClick={() => setOpen(true)}>
          {t('showAll', { count: people.length })}
        </Button>
      )}
    </div>
  )
}

const own = ['left', 'rule_removed']

/** The last column: the result, the follow-up, or the reason. */
function useNote(part: Part): (person: RecordPerson) => string {
  const { t } = useTranslation('training_record')
  return (person) => {
    if (part === 'attendees') {
      const score = person.score === null ? '' : t('score', { score: person.score })
      return `${formatDate(person.completed_on)} ${score}`.trim()
    }
    if (part === 'excused')
      return own.includes(person.reason) ? t('reason', { context: person.reason }) : person.reason
    const follow =
      person.reminders > 0
        ? t('reminded', { count: person.reminders, day: formatDate(person.reminded_on) })
        : t('notReminded')
    return `${t('due', { day: formatDate(person.due_on) })}${t('separator')}${follow}`
  }
}
