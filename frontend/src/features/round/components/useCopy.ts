import { useQuery } from '@tanstack/react-query'
import { type Dispatch, type SetStateAction, useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { copyQuery } from '../api/assignment'
import { catalogueQuery } from '../api/rounds'
import { draftOf } from './audience'
import type { RoundDraft } from './draft'
import { longDate } from './recurrence'

/** Fills a new round with what the last one had, once; says what was taken over. */
export function useCopy(
  id: string | undefined,
  setDraft: Dispatch<SetStateAction<RoundDraft>>,
): string | undefined {
  const { t, i18n } = useTranslation('round')
  const { data } = useQuery({
    ...copyQuery(id ?? ''),
    enabled: id !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const offers = useQuery({ ...catalogueQuery, enabled: id !== undefined }).data
  const filled = useRef(false)
  useEffect(() => {
    if (!id || !data || !offers || filled.current) return
    filled.current = true
    const course = offers.find((one) => one.course === data.course_id)
    const rules = data.rules.map(draftOf)
    setDraft((old) => ({
      ...old,
      ...(course && { course }),
      audience: { rules, futureJoiners: data.rules.some((rule) => rule.future_joiners) },
      title: data.next_title,
      startsOn: data.starts_on,
      deadlineOn: data.deadline_on,
      due: { rule: data.due_rule, days: data.due_days || 14 },
      followOut: data.follow_out,
      copiedFrom: id,
      ...(data.draws_set && { sameQuestions: false }),
      ...(data.recurs && { oneMore: false }),
    }))
  }, [id, data, offers, setDraft])
  if (!data) return undefined
  return [
    t('copy.from', { title: data.title }),
    !data.course_id && t('copy.noCourse'),
    data.recurs &&
      (data.recurs_on
        ? t('copyAgain', { day: longDate(data.recurs_on, i18n.language) })
        : t('copyAgainTurns')),
    data.gone > 0 && t('copy.gone', { count: data.gone }),
  ]
    .filter(Boolean)
    .join(' ')
}
