import { Button } from '@mantine/core'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DateText } from '@/components/DateText'
import { usePermission, useSession } from '@/lib/session'
import type { Person, PersonAct } from '../api/people'
import { PeopleActDialog } from './PeopleActDialog'
import classes from './Person.module.css'
import { StateBadge } from './StateBadge'

/** What can be done about somebody's place, by their state. */
function actsFor(person: Person, mayErase: boolean): PersonAct[] {
  const erase: PersonAct[] = mayErase ? ['delete'] : []
  switch (person.state) {
    case 'active':
      return ['suspend', person.leaves_on ? 'stay' : 'leave', ...erase]
    case 'suspended':
      return ['return', person.leaves_on ? 'stay' : 'leave', ...erase]
    case 'left':
      return ['return', ...(mayErase ? (['anonymise'] as const) : []), ...erase]
    default:
      return erase
  }
}

/** Whether the person takes part: suspend, leave, come back, anonymise, delete. Each says what follows, in figures. */
export function PersonPlace({ person }: { person: Person }) {
  const { t } = useTranslation('person')
  const session = useSession()
  const navigate = useNavigate()
  const [asked, setAsked] = useState<PersonAct>()
  const isManager = person.roles?.includes('manager') ?? false
  const mayErase = usePermission('person:erase')
  const may = usePermission('person:write') && !isManager && person.id !== session.person.id
  return (
    <section className={classes.section}>
      <h2>{t('detail.place')}</h2>
      <p>
        <StateBadge person={person} /> {person.left_on && <DateText value={person.left_on} />}
      </p>
      {person.leaves_on && <p>{t('list.leaves', { day: person.leaves_on })}</p>}
      {isManager && <p>{t('place.manager')}</p>}
      {may && (
        <div className={classes.buttons}>
          {actsFor(person, mayErase).map((act) => (
            <Button
              key={act}
              variant={act === 'delete' || act === 'anonymise' ? 'subtle' : 'default'}
              {...((act === 'delete' || act === 'anonymise') && { color: 'red' })}
              onClick={() => setAsked(act)}
            >
              {t('act.title', { context: act })}
            </Button>
          ))}
        </div>
      )}
      {asked && (
        <PeopleActDialog
          act={asked}
          target={{ people: [person.id] }}
          name={person.name}
          onClose={() => setAsked(undefined)}
          onDone={(act) => act === 'delete' && navigate({ to: '/people' })}
        />
      )}
    </section>
  )
}
