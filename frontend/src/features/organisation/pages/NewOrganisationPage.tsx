import { Button } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PageHeader } from '@/components/PageHeader'
import type { Issued } from '../api/organisations'
import { IssuedPanel } from '../components/IssuedPanel'
import classes from '../components/Organisation.module.css'
import { OrganisationForm } from '../components/OrganisationForm'

/** Enters a member in the register; afterwards shows the manager's log-in, once. */
export function NewOrganisationPage() {
  const { t } = useTranslation('organisation')
  const [issued, setIssued] = useState<Issued>()
  return (
    <>
      <PageHeader
        title={t('new.title')}
        description={issued ? undefined : t('new.text')}
        back={<Link to="/organisations">{t('list.title')}</Link>}
      />
      {issued ? (
        <>
          <IssuedPanel issued={issued} />
          <div className={classes.section}>
            <Link to="/organisations/$organisationId" params={{ organisationId: issued.organisation.id }}>
              {t('new.open', { name: issued.organisation.name })}
            </Link>
          </div>
        </>
      ) : (
        <OrganisationForm
          onDone={setIssued}
          cancel={
            <Button variant="default" component={Link} to="/organisations">
              {t('common:action.cancel')}
            </Button>
          }
        />
      )}
    </>
  )
}
