import { useTranslation } from 'react-i18next'
import { formatBytes, formatNumber } from '@/lib/format'
import type { StorageUse } from '../api/storage'
import classes from './Operation.module.css'

/** The kinds of files as parts of one bar; the list below says the same in words. */
export function StorageKinds({ kinds }: { kinds: StorageUse['kinds'] }) {
  const { t } = useTranslation('operation')
  const name = (kind: string) => t('storage.kind', { context: kind, defaultValue: kind })
  return (
    <>
      <div className={classes.bar} aria-hidden>
        {kinds.map(
          (one, at) =>
            one.bytes > 0 && (
              <span
                key={one.kind}
                data-at={Math.min(at, 6)}
                style={{ flexGrow: one.bytes }}
                title={name(one.kind)}
              />
            ),
        )}
      </div>
      <ul className={classes.legend} aria-label={t('storage.kinds')}>
        {kinds.map((one, at) => (
          <li key={one.kind}>
            <span className={classes.swatch} data-at={Math.min(at, 6)} aria-hidden />
            {t('storage.kindText', {
              kind: name(one.kind),
              bytes: formatBytes(one.bytes),
              files: formatNumber(one.files),
            })}
          </li>
        ))}
      </ul>
    </>
  )
}
