import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { ErrorState } from '@/components/ErrorState'
import { RowsSkeleton } from '@/components/Skeletons'
import { StatusBadge } from '@/components/StatusBadge'
import { tell } from '@/lib/messages'
import { useProblem } from '@/lib/problem-text'
import { type Device, devicesQuery, endDevice, endOtherDevices, factorKeys } from '../api/factors'
import classes from './Security.module.css'

/** Where the account is logged in, and how to end that. */
export function DevicesSection() {
  const { t } = useTranslation('security')
  const query = useQuery(devicesQuery)
  const client = useQueryClient()
  const problemText = useProblem()
  const end = useMutation({
    mutationFn: (id: string | 'others') => (id === 'others' ? endOtherDevices() : endDevice(id)),
    onSuccess: () => tell(t('devices.ended')),
    onError: (error) => tell(problemText(error).sentence, { tone: 'bad' }),
    onSettled: () => client.invalidateQueries({ queryKey: factorKeys.devices }),
  })
  const items = query.data?.items ?? []
  const others = items.some((one) => !one.current)
  return (
    <section className={classes.section} aria-labelledby="devices-heading">
      <h2 id="devices-heading">{t('devices.title')}</h2>
      <p>
        {t('devices.text')}
        {query.data && query.data.limit > 0 && ` ${t('devices.limit', { count: query.data.limit })}`}
      </p>
      {query.isPending && <RowsSkeleton rows={2} />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      <ul className={classes.devices}>
        {items.map((one) => (
          <li key={one.id} className={classes.row}>
            <DeviceWords device={one} />
            {!one.current && (
              <Button
                variant="default"
                aria-label={t('devices.endOne', { device: one.device || t('devices.unknown') })}
                loading={end.isPending && end.variables === one.id}
                onClick={() => end.mutate(one.id)}
              >
                {t('devices.end')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {others && (
        <div>
          <Button
            variant="default"
            loading={end.isPending && end.variables === 'others'}
            onClick={() => end.mutate('others')}
          >
            {t('devices.endOthers')}
          </Button>
        </div>
      )}
    </section>
  )
}

function DeviceWords({ device }: { device: Device }) {
  const { t } = useTranslation('security')
  return (
    <div>
      <strong>{device.device || t('devices.unknown')}</strong>{' '}
      {device.current && <StatusBadge tone="active">{t('devices.current')}</StatusBadge>}
      <p className={classes.small}>
        {t('devices.since')} <DateText value={device.since} time />
        {' / '}
        {t('devices.used')} <DateText value={device.last_used} time />
        {device.source && ` / ${device.source}`}
      </p>
    </div>
  )
}
