import { Alert, Button, Group, Progress, Select, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '@/components/ButtonLink'
import { retryAsset } from '@/lib/assets'
import { percentOf } from '@/lib/percent'
import { useProblem, useSentence } from '@/lib/problem-text'
import { applyImport, type MoodleImport, type MoodlePlan, moodleKeys } from '../api/imports'
import { Plan } from './Plan'

interface FoundProps {
  found: MoodleImport
  plan: MoodlePlan
}

/** A backup, wherever it stands: being read, refused, checked, being applied, applied. */
export function Found({ found, plan }: FoundProps) {
  const { t } = useTranslation('moodle_import')
  const sentence = useSentence()
  if (found.state === 'refused')
    return (
      <Alert color="red" title={t('state_refused')}>
        {sentence(found.problem ?? 'unknown')}
      </Alert>
    )
  if (found.state === 'checking')
    return found.stuck ? <Stuck id={found.id} /> : <Working found={found} text={t('checking')} />
  return (
    <Stack>
      {found.state === 'applying' && <Working found={found} text={t('applying')} />}
      {found.state === 'applied' && found.course && (
        <Alert color="green" title={t('applied', { title: found.title })}>
          <p>{t('appliedText')}</p>
          <ButtonLink to="/courses/$courseId" params={{ courseId: found.course }}>
            {t('open')}
          </ButtonLink>
        </Alert>
      )}
      {found.state === 'checked' && found.gone && <Alert color="yellow">{sentence('moodle_gone')}</Alert>}
      {found.state === 'checked' && found.problem && (
        <Alert color="red" title={t('failed')}>
          {sentence(found.problem)}
        </Alert>
      )}
      {found.state === 'checked' && !found.gone && <Make found={found} />}
      <div>
        <Plan plan={plan} done={found.state === 'applied'} />
      </div>
    </Stack>
  )
}

function Working({ found, text }: { found: MoodleImport; text: string }) {
  const { t } = useTranslation('moodle_import')
  const percent = percentOf(found.done, found.total)
  return (
    <div>
      <Text role="status" fw={600}>
        {text}
      </Text>
      <Progress value={percent} size="lg" my="xs" animated aria-label={text} />
      <Text size="sm">{t('leave')}</Text>
    </div>
  )
}

function Stuck({ id }: { id: string }) {
  const { t } = useTranslation('moodle_import')
  const client = useQueryClient()
  const retry = useMutation({
    mutationFn: () => retryAsset(id),
    onSettled: () => client.invalidateQueries({ queryKey: moodleKeys.all }),
  })
  return (
    <Alert color="yellow" title={t('stuck')}>
      <Button size="sm" loading={retry.isPending} onClick={() => retry.mutate()}>
        {t('retry')}
      </Button>
    </Alert>
  )
}

/** The name of the course, the language of its lessons, and the button that makes it. */
function Make({ found }: { found: MoodleImport }) {
  const { t, i18n } = useTranslation('moodle_import')
  const client = useQueryClient()
  const problem = useProblem()
  const [title, setTitle] = useState(found.title)
  const [language, setLanguage] = useState<'ja' | 'en'>(
    found.language || (i18n.language === 'en' ? 'en' : 'ja'),
  )
  const make = useMutation({
    mutationFn: () => applyImport(found.id, title, language),
    onSettled: () => client.invalidateQueries({ queryKey: moodleKeys.all }),
  })
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        make.mutate()
      }}
    >
      <Stack gap="sm">
        <Text fw={600} role="status">
          {t('checked', { file: found.file_name })}
        </Text>
        <Group align="end">
          <TextInput
            label={t('title')}
            value={title}
            maxLength={200}
            required
            style={{ flex: '1 1 16rem' }}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
          <Select
            label={t('language')}
            value={language}
            allowDeselect={false}
            data={[
              { value: 'ja', label: t('common:language.ja') },
              { value: 'en', label: t('common:language.en') },
            ]}
            onChange={(value) => setLanguage(value === 'en' ? 'en' : 'ja')}
          />
        </Group>
        {make.isError && (
          <Text role="alert" c="var(--kenshu-red-text)" fw={600}>
            {problem(make.error).sentence}
          </Text>
        )}
        <Group>
          <Button type="submit" loading={make.isPending} disabled={title.trim() === ''}>
            {t('make')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
