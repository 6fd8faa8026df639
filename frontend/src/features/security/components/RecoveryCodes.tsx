import { Alert, Button, Checkbox, Group } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { IconCopy, IconPrinter } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Security.module.css'

/** Ten codes, shown this once: to print or copy, and to say that they are kept. */
export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const { t } = useTranslation('security')
  const clipboard = useClipboard({ timeout: 2000 })
  const [kept, setKept] = useState(false)
  const [missing, setMissing] = useState(false)
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  return (
    <section className={classes.codes} aria-labelledby="recovery-heading">
      <h3 id="recovery-heading" ref={heading} tabIndex={-1}>
        {t('recovery.title')}
      </h3>
      <Alert color="yellow">{t('recovery.once')}</Alert>
      <ol>
        {codes.map((code) => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ol>
      <Group className="no-print">
        <Button
          variant="default"
          leftSection={<IconPrinter size={18} aria-hidden />}
          onClick={() => window.print()}
        >
          {t('recovery.print')}
        </Button>
        <Button
          variant="default"
          leftSection={<IconCopy size={18} aria-hidden />}
          onClick={() => clipboard.copy(codes.join('\n'))}
        >
          {clipboard.copied ? t('recovery.copied') : t('recovery.copy')}
        </Button>
      </Group>
      <Checkbox
        className="no-print"
        label={t('recovery.kept')}
        checked={kept}
        error={missing && !kept ? t('recovery.keepFirst') : undefined}
        onChange={(event) => setKept(event.currentTarget.checked)}
      />
      <Button className="no-print" onClick={() => (kept ? onKept() : setMissing(true))}>
        {t('recovery.done')}
      </Button>
    </section>
  )
}
