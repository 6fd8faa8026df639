import { Alert, List } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { useSentence } from '@/lib/problem-text'
import type { Consequences, PersonAct } from '../api/people'

/** The figures an act is shown with, in the order people ask; one that is 0 is not said. */
const figures: Record<PersonAct, (keyof Consequences)[]> = {
  suspend: ['log_ins', 'open', 'mails'],
  return: ['log_ins', 'posts', 'open'],
  leave: ['log_ins', 'posts', 'roles', 'open', 'completed', 'certificates'],
  stay: [],
  anonymise: ['values', 'completed', 'certificates', 'documents', 'kept'],
  delete: ['enrolments', 'completed', 'attempts', 'certificates', 'values', 'documents', 'kept'],
}

/** What an act will do, in words and figures, before it does; or why it cannot be. */
export function ConsequenceList({ act, of }: { act: PersonAct; of: Consequences }) {
  const { t } = useTranslation('person')
  const sentence = useSentence()
  const refused = of.refused ?? []
  if (refused.length > 0) {
    return (
      <Alert color="red" role="alert" title={t('act.refused')}>
        <List>
          {refused.map((one) => (
            <List.Item key={one.key}>
              {sentence(one.key, { count: one.count })}{' '}
              {t('act.who', { names: (one.names ?? []).join(t('list.separator')) })}
            </List.Item>
          ))}
        </List>
      </Alert>
    )
  }
  return (
    <>
      <p>{t('act.text', { context: of.later ? 'later' : act, count: of.people })}</p>
      <List spacing="xs">
        {of.already > 0 && <List.Item>{t('act.already', { count: of.already })}</List.Item>}
        {figures[act].map((name) => {
          const count = of[name]
          if (typeof count !== 'number' || count === 0) return null
          return <List.Item key={name}>{t('act.figure', { context: `${act}_${name}`, count })}</List.Item>
        })}
        {act === 'suspend' && <List.Item>{t('act.due', { context: 'suspend' })}</List.Item>}
        {act === 'return' && <List.Item>{t('act.due', { context: 'return' })}</List.Item>}
      </List>
    </>
  )
}
