import { Alert, Button, Group, Select, Stack, Switch } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type SyntheticEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { FormErrorSummary } from '@/components/FormErrorSummary'
import { tell } from '@/lib/messages'
import { type FieldError, useProblem } from '@/lib/problem-text'
import { reminderKeys, type Setting, setSetting } from '../api/reminders'
import { PlanFields } from './PlanFields'
import classes from './Reminder.module.css'

const everies = ['never', 'daily', 'weekly'] as const

/** When the organisation reminds people, and what its managers get. */
export function SettingForm({ setting, mayWrite }: { setting: Setting; mayWrite: boolean }) {
  const { t } = useTranslation('reminder')
  const client = useQueryClient()
  const problemText = useProblem()
  const [draft, setDraft] = useState(setting)
  const [errors, setErrors] = useState<FieldError[]>([])
  const save = useMutation({
    mutationFn: setSetting,
    onSuccess: () => {
      setErrors([])
      tell(t('saved'))
      return client.invalidateQueries({ queryKey: reminderKeys.all })
    },
    onError: (error) => {
      const { fields, sentence } = problemText(error)
      setErrors(fields.length > 0 ? fields : [{ path: '', message: sentence }])
    },
  })
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault()
    save.mutate(draft)
  }
  const digest = (next: Partial<Setting['digest']>) =>
    setDraft({ ...draft, digest: { ...draft.digest, ...next } })
  return (
    <form onSubmit={submit} className={classes.panel}>
      <fieldset disabled={!mayWrite} style={{ border: 0, margin: 0, padding: 0, minWidth: 0 }}>
        <Stack gap="xl">
          <FormErrorSummary errors={errors} findInput={() => null} />
          <section aria-labelledby="plan-heading">
            <h2 id="plan-heading" className={classes.heading}>
              {t('setting.learners')}
            </h2>
            <Stack>
              <PlanFields plan={draft.plan} onChange={(plan) => setDraft({ ...draft, plan })} />
              <Switch
                label={t('setting.both')}
                description={t('setting.bothHelp')}
                checked={draft.both_languages}
                onChange={(event) => setDraft({ ...draft, both_languages: event.currentTarget.checked })}
              />
            </Stack>
          </section>
          <section aria-labelledby="digest-heading">
            <h2 id="digest-heading" className={classes.heading}>
              {t('setting.managers')}
            </h2>
            <Stack>
              <Group align="flex-end">
                <Select
                  label={t('digest.every')}
                  allowDeselect={false}
                  data={everies.map((value) => ({ value, label: t('digest.every', { context: value }) }))}
                  value={draft.digest.every}
                  onChange={(every) => digest({ every: every as (typeof everies)[number] })}
                />
                {draft.digest.every === 'weekly' && (
                  <Select
                    label={t('digest.weekday')}
                    allowDeselect={false}
                    data={[1, 2, 3, 4, 5, 6, 7].map((day) => ({
                      value: String(day),
                      label: t('digest.weekday', { context: String(day) }),
                    }))}
                    value={String(draft.digest.weekday)}
                    onChange={(day) => digest({ weekday: Number(day) })}
                  />
                )}
              </Group>
              <p className={classes.help}>{t('digest.help')}</p>
              <Switch
                label={t('digest.names')}
                description={t('digest.namesHelp')}
                checked={draft.digest.names}
                onChange={(event) => digest({ names: event.currentTarget.checked })}
              />
              <Switch
                label={t('setting.copy')}
                description={t('setting.copyHelp')}
                checked={draft.copy_overdue}
                onChange={(event) => setDraft({ ...draft, copy_overdue: event.currentTarget.checked })}
              />
              {(draft.digest.names || draft.copy_overdue) && (
                <Alert color="yellow" title={t('setting.outside')}>
                  {t('setting.outsideText')}
                </Alert>
              )}
            </Stack>
          </section>
          {mayWrite && (
            <Group>
              <Button type="submit" loading={save.isPending}>
                {t('save')}
              </Button>
            </Group>
          )}
        </Stack>
      </fieldset>
    </form>
  )
}
