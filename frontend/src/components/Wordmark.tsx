import { useTranslation } from 'react-i18next'
import classes from './Wordmark.module.css'

/** An open book with a tick: learnt, and shown to be learnt. The name stands beside it as text. */
export function Wordmark({ size = 32 }: { size?: number }) {
  const { t } = useTranslation('common')
  return (
    <span className={classes.wordmark}>
      <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
        <rect width="32" height="32" rx="7" className={classes.tile} />
        <path
          d="M7 9.500c3.500-1 6.500-.6 9 1.300 2.500-1.900 5.500-2.300 9-1.300v13c-3.500-1-6.500-.6-9 1.300-2.500-1.900-5.500-2.300-9-1.300z"
          fill="none"
          stroke="#fff"
          strokeWidth="2"
          strokeLinejoin="round"
        />
        <path
          d="m11.800 16.600 3 3 5.600-6.200"
          fill="none"
          stroke="#fff"
          strokeWidth="2.200"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </svg>
      <span data-wordmark-text className={classes.text}>
        <span className={classes.name}>{t('brand.name')}</span>
        <span className={classes.latin}>{t('brand.latin')}</span>
      </span>
    </span>
  )
}
