import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PageHeader } from '@/components/PageHeader'
import { useIdempotencyKey } from '@/lib/api/idempotency-key'
import { createPerson, type Person, personKeys, type Slip } from '../api/people'
import classes from '../components/Person.module.css'
import { PersonForm } from '../components/PersonForm'
import { SlipPanel } from '../components/SlipPanel'

/** Registers one person and shows the one-time password. */
export function NewPersonPage() {
  const { t } = useTranslation('person')
  const client = useQueryClient()
  const { key, renew } = useIdempotencyKey()
  const [done, setDone] = useState<{ person: Person; slip: Slip }>()
  const back = <Link to="/people">{t('detail.back')}</Link>
  if (done) {
    return (
      <>
        <PageHeader
          title={t('new.done', { name: done.person.name })}
          description={t('new.doneText')}
          back={back}
        />
        <div className={classes.sections}>
          <SlipPanel person={done.person} slip={done.slip} />
          <div className={classes.buttons}>
            <Button onClick={() => setDone(undefined)}>{t('new.another')}</Button>
            <Button variant="default" component={Link} to="/people">
              {t('detail.back')}
            </Button>
          </div>
        </div>
      </>
    )
  }
  return (
    <>
      <PageHeader title={t('new.title')} description={t('new.text')} back={back} />
      <div className={classes.sections}>
        <PersonForm
          action={t('new.action')}
          cancel={
            <Button variant="default" component={Link} to="/people">
              {t('common:action.cancel')}
            </Button>
          }
          onSave={async (input) => {
            setDone(await createPerson(input, key))
            renew()
            await client.invalidateQueries({ queryKey: personKeys.all })
          }}
        />
      </div>
    </>
  )
}
