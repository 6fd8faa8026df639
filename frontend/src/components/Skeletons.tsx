import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './Skeletons.module.css'

/** A whole page on its way. */
export function PageSkeleton() {
  return (
    <Waiting>
      <Skeleton height={32} width="min(18rem, 60%)" />
      <Skeleton height={18} width="min(30rem, 85%)" />
      <Skeleton height={180} />
    </Waiting>
  )
}

/** A list or table on its way. */
export function RowsSkeleton({ rows = 8 }: { rows?: number }) {
  return (
    <Waiting>
      {Array.from({ length: rows }, (_, index) => index).map((index) => (
        <Skeleton key={index} height={44} />
      ))}
    </Waiting>
  )
}

/** Cards on their way. */
export function CardsSkeleton({ cards = 3 }: { cards?: number }) {
  return (
    <Waiting grid>
      {Array.from({ length: cards }, (_, index) => index).map((index) => (
        <Skeleton key={index} height={140} />
      ))}
    </Waiting>
  )
}

function Waiting({ children, grid }: { children: React.ReactNode; grid?: boolean }) {
  const { t } = useTranslation('common')
  return (
    <div className={grid ? classes.grid : classes.stack} role="status" aria-label={t('loading')}>
      {children}
    </div>
  )
}
