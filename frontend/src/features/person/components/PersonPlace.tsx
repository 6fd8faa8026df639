import { Button, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { today } from '@/lib/format'
import { tell } from '@/lib/messages'
import { usePermission, useSession } from '@/lib/session'
import { type Person, type PersonState, setPersonState } from '../api/people'
import { ActDialog } from './ActDialog'
import classes from './Person.module.css'
import { StateBadge } from './StateBadge'

/** Whether the person takes part: suspend, leave, come back. Each says what follows. */
export function PersonPlace({ person }: { person: Person }) {
  const { t } = useTranslation('person')
  const session = useSession()
  const [asked, setAsked] = useState<PersonState>()
  const [leftOn, setLeftOn] = useState(today())
  const isManager = person.roles?.includes('manager') ?? false
  const may = usePermission('person:write') && !isManager && person.id !== session.person.id
  const words: Record<PersonState, { action: string; text: string }> = {
    active: { action: t('place.return'), text: t('place.returnText', { name: person.name }) },
    suspended: { action: t('place.suspend'), text: t('place.suspendText', { name: person.name }) },
    left: { action: t('place.leave'), text: t('place.leaveText', { name: person.name }) },
  }
  return (
    <section className={classes.section}>
      <h2>{t('detail.place')}</h2>
      <p>
        <StateBadge person={person} /> {person.left_on && <DateText value={person.left_on} />}
      </p>
      {isManager && <p>{t('place.manager')}</p>}
      {may && (
        <div className={classes.buttons}>
          {person.state !== 'active' && (
            <Button variant="default" onClick={() => setAsked('active')}>
              {words.active.action}
            </Button>
          )}
          {person.state === 'active' && (
            <Button variant="default" onClick={() => setAsked('suspended')}>
              {words.suspended.action}
            </Button>
          )}
          {person.state !== 'left' && (
            <Button variant="default" onClick={() => setAsked('left')}>
              {words.left.action}
            </Button>
          )}
        </div>
      )}
      {(['active', 'suspended', 'left'] as const).map((state) => (
        <ActDialog
          key={state}
          opened={asked === state}
          onClose={() => setAsked(undefined)}
          action={words[state].action}
          act={() => setPersonState(person, state, state === 'left' ? leftOn : undefined)}
          onDone={() => tell(t('place.done'))}
        >
          <p>{words[state].text}</p>
          {state === 'left' && (
            <TextInput
              type="date"
              label={t('place.leftOn')}
              max={today()}
              value={leftOn}
              onChange={(event) => setLeftOn(event.currentTarget.value)}
            />
          )}
        </ActDialog>
      ))}
    </section>
  )
}
