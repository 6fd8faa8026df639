import classes from './ProgressRing.module.css'

interface ProgressRingProps {
  /** 0 to 100. */
  percent: number
  /** What has progressed, for those who do not see the ring. */
  label: string
  size?: number
}

/** How far along, as a ring with the figure in it. */
export function ProgressRing({ percent, label, size = 56 }: ProgressRingProps) {
  const value = Math.min(100, Math.max(0, Math.round(percent)))
  const radius = 20
  const round = 2 * Math.PI * radius
  return (
    <div
      className={classes.ring}
      role="progressbar"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={0}
      aria-valuemax={100}
      style={{ width: size, height: size }}
    >
      <svg viewBox="0 0 48 48" aria-hidden="true" focusable="false">
        <circle cx="24" cy="24" r={radius} className={classes.track} />
        <circle
          cx="24"
          cy="24"
          r={radius}
          className={classes.done}
          strokeDasharray={`${(value / 100) * round} ${round}`}
        />
      </svg>
      <span className={classes.figure} style={{ fontSize: size * 0.25 }}>
        {value}
        <small>%</small>
      </span>
    </div>
  )
}
