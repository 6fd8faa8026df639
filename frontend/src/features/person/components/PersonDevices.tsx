import { Button } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { StatusBadge } from '@/components/StatusBadge'
import { tell } from '@/lib/messages'
import { endDevice, type Person, type PersonDevice } from '../api/people'
import { ActDialog } from './ActDialog'
import classes from './Devices.module.css'

interface PersonDevicesProps {
  person: Person
  devices: PersonDevice[]
  mayEnd: boolean
}

/** Where somebody is logged in; the manager can end one session and leave the others. */
export function PersonDevices({ person, devices, mayEnd }: PersonDevicesProps) {
  const { t } = useTranslation('person')
  const [asked, setAsked] = useState<PersonDevice>()
  const nameOf = (one: PersonDevice | undefined) => one?.device || t('devices.unknown')
  return (
    <>
      <h3 className={classes.title}>{t('devices.title')}</h3>
      {devices.length === 0 && <p>{t('devices.none')}</p>}
      <ul className={classes.devices}>
        {devices.map((one) => (
          <li key={one.id} className={classes.device}>
            <div>
              <strong>{nameOf(one)}</strong>{' '}
              {one.current && <StatusBadge tone="active">{t('devices.current')}</StatusBadge>}
              <p className={classes.small} id={`device-${one.id}`}>
                {t('devices.since')} <DateText value={one.since} time />
                {' / '}
                {t('devices.used')} <DateText value={one.last_used} time />
                {one.source && ` / ${one.source}`}
              </p>
            </div>
            {mayEnd && !one.current && (
              <Button
                variant="default"
                aria-label={t('devices.endOne', { device: nameOf(one) })}
                aria-describedby={`device-${one.id}`}
                onClick={() => setAsked(one)}
              >
                {t('devices.end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <ActDialog
        opened={asked !== undefined}
        onClose={() => setAsked(undefined)}
        action={t('devices.end')}
        act={async () => asked && endDevice(person.id, asked.id)}
        onDone={() => tell(t('devices.ended'))}
      >
        <p>{t('devices.text', { name: person.name, device: nameOf(asked) })}</p>
      </ActDialog>
    </>
  )
}
