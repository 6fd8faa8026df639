import classes from './Figures.module.css'

/** A share of a whole as a bar with its figure. */
export function ShareBar({ share, wrong = false }: { share: number; wrong?: boolean }) {
  const percent = Math.round(share * 100)
  return (
    <span className={classes.share}>
      <span className={classes.bar} aria-hidden>
        <span data-wrong={wrong || undefined} style={{ inlineSize: `${percent}%` }} />
      </span>
      <span className="tabular">{percent}%</span>
    </span>
  )
}
