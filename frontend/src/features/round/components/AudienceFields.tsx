import { Button, Checkbox, Stack } from '@mantine/core'
import { IconUserOff } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './AudienceFields.module.css'
import { AudiencePreview } from './AudiencePreview'
import { type AudienceDraft, hasFuture, type RuleDraft, ruleKey, withRules } from './audience'
import { RuleAdder } from './RuleAdder'
import { RuleChips } from './RuleChips'

interface AudienceFieldsProps {
  draft: AudienceDraft
  onChange: (draft: AudienceDraft) => void
  /** The round that is changed; none while one is being made. */
  round?: string
}

/** Who: rules that take in, rules that keep out, and a live count of whom they reach now. */
export function AudienceFields({ draft, onChange, round }: AudienceFieldsProps) {
  const { t } = useTranslation('round')
  const included = draft.rules.filter((rule) => !rule.excluded)
  const excluded = draft.rules.filter((rule) => rule.excluded)
  const [keeping, setKeeping] = useState(excluded.length > 0)
  const add = (more: RuleDraft[]) => onChange({ ...draft, rules: withRules(draft.rules, more) })
  const remove = (rule: RuleDraft) =>
    onChange({ ...draft, rules: draft.rules.filter((one) => ruleKey(one) !== ruleKey(rule)) })
  return (
    <Stack>
      <fieldset className={classes.part}>
        <legend>{t('audience.label')}</legend>
        <RuleChips label={t('audience.label')} rules={included} onRemove={remove} />
        <RuleAdder excluded={false} onAdd={add} />
      </fieldset>
      {keeping ? (
        <fieldset className={classes.part}>
          <legend>{t('audience.except')}</legend>
          <p className={classes.help}>{t('audience.exceptHelp')}</p>
          <RuleChips label={t('audience.except')} rules={excluded} onRemove={remove} />
          <RuleAdder excluded onAdd={add} />
        </fieldset>
      ) : (
        <Button
          variant="subtle"
          className={classes.keep}
          leftSection={<IconUserOff size={18} aria-hidden />}
          onClick={() => setKeeping(true)}
        >
          {t('audience.exceptAdd')}
        </Button>
      )}
      {hasFuture(draft) && (
        <Checkbox
          label={t('audience.future')}
          description={t('audience.futureHelp')}
          checked={draft.futureJoiners}
          onChange={(event) => onChange({ ...draft, futureJoiners: event.currentTarget.checked })}
        />
      )}
      <AudiencePreview draft={draft} {...(round && { round })} />
    </Stack>
  )
}
