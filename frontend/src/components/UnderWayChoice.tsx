import { Radio, Stack } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { components } from '@/lib/api/schema'

/** What a new version means for those who are under way: they carry on, go over with what is done, or begin again. */
export type UnderWay = 'stay' | 'keep' | 'restart'

/** The three ways to choose from; nothing when nobody is under way. */
export function UnderWayChoice(props: {
  concerned: components['schemas']['UnderWayBody'] | undefined
  value: UnderWay
  onChange: (value: UnderWay) => void
}) {
  const { t } = useTranslation('course')
  const { concerned, value, onChange } = props
  if (!concerned || concerned.people === 0) return null
  return (
    <Radio.Group
      label={t('underWay.label')}
      description={t('underWay.note', { count: concerned.people, rounds: concerned.rounds })}
      value={value}
      onChange={(chosen) => onChange(chosen as UnderWay)}
    >
      <Stack gap="sm" mt="sm">
        <Radio value="stay" label={t('underWay.stay')} description={t('underWay.stayNote')} />
        <Radio value="keep" label={t('underWay.keep')} description={t('underWay.keepNote')} />
        <Radio value="restart" label={t('underWay.restart')} description={t('underWay.restartNote')} />
      </Stack>
    </Radio.Group>
  )
}
