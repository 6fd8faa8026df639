import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import type { Body } from '../api/lessons'
import classes from './Comparison.module.css'
import { compare, pairs, words } from './diff'
import { linesOf } from './lines'

interface Side {
  heading: string
  title: string
  body: Body
}

/** Two versions of a lesson beside each other, what was taken out and put in marked; on a phone one below the other, line by line. */
export function Comparison({ before, after }: { before: Side; after: Side }) {
  const { t } = useTranslation('course')
  const lines = useMemo(() => {
    const say = {
      heading: (level: number) => `${'#'.repeat(level - 1)} `,
      item: '• ',
      picture: (alt: string) => t('compare.picture', { alt }),
      embed: (media: string, title: string) =>
        t('compare.embed', { media: t('embed.media', { context: media }), title }),
      box: (kind: string) => t('compare.box', { name: t('common:box', { context: kind }) }),
      link: (text: string, href: string) => `${text} <${href}>`,
      fact: (name: string, value: string) => (name === 'title' ? value : `${name}: ${value}`),
    }
    return pairs(linesOf(before.title, before.body, say), linesOf(after.title, after.body, say))
  }, [before, after, t])
  const changed = lines.filter((line) => line.before !== line.after).length
  return (
    <div>
      <p role="status" className={classes.count}>
        {changed === 0 ? t('compare.same') : t('compare.changed', { count: changed })}
      </p>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{before.heading}</th>
            <th scope="col">{after.heading}</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line, place) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a comparison never change places
            <tr key={place} data-changed={line.before !== line.after || undefined}>
              <td>
                <Line line={line.before} other={line.after} kind="old" />
              </td>
              <td>
                <Line line={line.after} other={line.before} kind="new" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** One side of a line, with what the other side has not. */
function Line({
  line,
  other,
  kind,
}: {
  line: string | undefined
  other: string | undefined
  kind: 'old' | 'new'
}) {
  if (line === undefined) return null
  if (line === other) return line
  const Mark = kind === 'old' ? 'del' : 'ins'
  if (other === undefined) return <Mark>{line}</Mark>
  const [before, after] = kind === 'old' ? [line, other] : [other, line]
  return compare(words(before), words(after), (word) => word)
    .filter((run) => run.kind === 'same' || run.kind === kind)
    .map((run, place) => {
      const text = run.items.join('')
      // biome-ignore lint/suspicious/noArrayIndexKey: the runs of a line never change places
      return run.kind === 'same' ? text : <Mark key={place}>{text}</Mark>
    })
}
