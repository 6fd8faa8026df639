import { ActionIcon, Alert, Button, NativeSelect } from '@mantine/core'
import { IconArrowLeft, IconArrowRight, IconMaximize } from '@tabler/icons-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { OpenedPackage, PackagePlace, PackageReport } from '@/lib/package-bridge'
import classes from './PackageFrame.module.css'
import { useBridge } from './useBridge'

interface PackageFrameProps {
  title: string
  opened: OpenedPackage
  /** Keeps what the package says; resolves when it is safe on this device. */
  onReport: (report: PackageReport) => Promise<void>
}

// The package may run scripts and see itself as the content origin, where nothing else is; it may not leave its frame, and this page is another origin.
const sandbox = 'allow-scripts allow-same-origin allow-forms allow-modals allow-popups allow-downloads'

/** A package at work: its frame, and where it has several activities the way between them. */
export function PackageFrame({ title, opened, onReport }: PackageFrameProps) {
  const { t } = useTranslation('player')
  const frame = useRef<HTMLIFrameElement>(null)
  const box = useRef<HTMLDivElement>(null)
  const [place, setPlace] = useState<PackagePlace>()
  const [failed, setFailed] = useState(false)
  const bridge = useBridge(frame, opened, {
    onReport,
    onPlace: setPlace,
    onFailed: () => setFailed(true),
  })
  const several = place !== undefined && place.items.filter((one) => !one.group).length > 1
  return (
    <div className={classes.package}>
      {failed && (
        <Alert color="red" title={t('package.failed')}>
          {t('package.failedText')}
        </Alert>
      )}
      <div className={classes.tools}>
        {several && <Contents place={place} onGo={bridge.go} />}
        <ActionIcon
          variant="default"
          size={44}
          className={classes.whole}
          aria-label={t('package.fullscreen')}
          title={t('package.fullscreen')}
          onClick={() => void box.current?.requestFullscreen?.()}
        >
          <IconMaximize size={20} aria-hidden />
        </ActionIcon>
      </div>
      <div ref={box} className={classes.box}>
        <iframe
          ref={frame}
          className={classes.frame}
          title={title}
          src={opened.url}
          sandbox={sandbox}
          allow="autoplay; fullscreen"
          referrerPolicy="no-referrer"
          {...alone}
        />
      </div>
    </div>
  )
}

// Where the browser knows it, the frame gets a storage of its own that ends with this page: packages cannot leave each other anything.
const alone = { credentialless: '' } as object

function Contents({ place, onGo }: { place: PackagePlace; onGo: ReturnType<typeof useBridge>['go'] }) {
  const { t } = useTranslation('player')
  return (
    <nav className={classes.contents} aria-label={t('package.contents')}>
      <Button
        variant="default"
        size="md"
        disabled={!place.previous}
        onClick={() => onGo('previous')}
        leftSection={<IconArrowLeft size={20} aria-hidden />}
      >
        {t('package.previous')}
      </Button>
      <NativeSelect
        className={classes.choice}
        size="md"
        aria-label={t('package.contents')}
        value={place.current}
        onChange={(event) => onGo('choice', event.currentTarget.value)}
      >
        {!place.items.some((one) => one.id === place.current) && (
          <option value={place.current}>{t('package.choose')}</option>
        )}
        {place.items.map((one) => (
          <option key={one.id} value={one.id} disabled={!one.open}>
            {'　'.repeat(one.depth - 1)}
            {one.done ? t('package.itemDone', { title: one.title }) : one.title}
          </option>
        ))}
      </NativeSelect>
      <Button
        variant="default"
        size="md"
        disabled={!place.next}
        onClick={() => onGo('next')}
        rightSection={<IconArrowRight size={20} aria-hidden />}
      >
        {t('package.next')}
      </Button>
    </nav>
  )
}
