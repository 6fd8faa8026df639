import { Chip, Group, Pill, Select, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '@/lib/format'
import { usePermission } from '@/lib/session'
import { fates, type MailFilter } from '../api/filter'
import { mailSummaryQuery, roundNamesQuery } from '../api/mail'
import classes from '../pages/MailPage.module.css'

interface MailFiltersProps {
  filter: MailFilter
  onChange: (filter: MailFilter) => void
}

/** Narrows the outbox: by fate, round and day; a person comes from their own page. */
export function MailFilters({ filter, onChange }: MailFiltersProps) {
  const { t } = useTranslation('mail')
  const summary = useQuery(mailSummaryQuery(filter)).data
  const seesRounds = usePermission('round:read')
  const rounds = useQuery({ ...roundNamesQuery, enabled: seesRounds }).data ?? []
  const state = filter.state ?? ''
  return (
    <div className={`${classes.filters} no-print`}>
      <Group align="flex-end" gap="sm">
        {seesRounds && rounds.length > 0 && (
          <Select
            label={t('filter.round')}
            placeholder={t('filter.all')}
            className={classes.round}
            clearable
            searchable
            clearButtonProps={{ 'aria-label': t('filter.allRounds') }}
            data={rounds.map(({ id, title }) => ({ value: id, label: title }))}
            value={filter.round ?? null}
            onChange={(round) => onChange({ ...filter, round: round ?? '' })}
          />
        )}
        {(['from', 'to'] as const).map((end) => (
          <TextInput
            key={end}
            type="date"
            label={t('filter', { context: end })}
            value={filter[end] ?? ''}
            onChange={(event) => onChange({ ...filter, [end]: event.currentTarget.value })}
          />
        ))}
        {filter.person && (
          <Pill
            size="lg"
            withRemoveButton
            removeButtonProps={{ 'aria-label': t('filter.everybody'), tabIndex: 0, 'aria-hidden': false }}
            onRemove={() => onChange({ ...filter, person: '' })}
          >
            {t('filter.person')}
          </Pill>
        )}
      </Group>
      <Chip.Group
        value={state}
        onChange={(next) =>
          onChange({ ...filter, state: (next || undefined) as NonNullable<MailFilter['state']> })
        }
      >
        <Group gap={6} role="group" aria-label={t('fate.title')}>
          {(['', 'failed', ...fates] as const).map((one) => (
            <Chip key={one} value={one} size="sm" variant="outline">
              {t('fate', { context: one || 'all' })}
              {one && summary
                ? ` ${formatNumber(
                    one === 'failed' ? summary.counts.refused + summary.counts.given_up : summary.counts[one],
                  )}`
                : ''}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
    </div>
  )
}
