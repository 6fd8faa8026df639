import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { today } from '@/lib/format'
import { type ExtendTarget, extend, extendAll, extendAllQuery, extendQuery } from '../api/assignment'

/** What an extension does: how many it moves, how many stay, and the moves by person or, for everybody, by day. */
export interface ExtendEffect {
  moving: number
  staying: number
  lines: { key: string; label: string; from: string; to: string }[]
}

/** Tells what an extension to a day would do to its target, and does it. */
export function useExtension(round: string, target: ExtendTarget, day: string) {
  const { t } = useTranslation('round')
  const all = 'filter' in target ? target : undefined
  const ids = 'people' in target ? target.people.map((one) => one.id) : []
  const known = day >= today()
  const some = useQuery({ ...extendQuery(round, ids, day), enabled: known && !all })
  const every = useQuery({ ...extendAllQuery(round, all?.filter ?? {}, day), enabled: known && !!all })
  const shown = all ? (every.data?.shown ?? all.shown) : ids.length
  const moving = some.data?.filter((one) => one.from !== one.to) ?? []
  const effect: ExtendEffect | undefined = every.data
    ? {
        moving: every.data.moved,
        staying: every.data.shown - every.data.moved,
        lines: every.data.shifts.map(({ from, to, people }) => ({
          key: from + to,
          label: t('extend.people', { count: people }),
          from,
          to,
        })),
      }
    : some.data && {
        moving: moving.length,
        staying: some.data.length - moving.length,
        lines: moving.map(({ id, name, from, to }) => ({ key: id, label: name, from, to })),
      }
  /** Gives how many were moved, and which, when they were chosen one by one. */
  const save = async (reason: string): Promise<{ count: number; ids: string[] }> => {
    if (all) {
      const done = await extendAll(round, all.filter, { due_on: day, reason, shown })
      return { count: done.moved, ids: [] }
    }
    const moved = await extend(round, ids, day, reason)
    return { count: moved.length, ids: moved.map((one) => one.id) }
  }
  return { shown, effect, problem: some.error ?? every.error, save }
}
