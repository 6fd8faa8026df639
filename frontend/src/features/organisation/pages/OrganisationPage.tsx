import { Button, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Copyable } from '@/components/Copyable'
import { DateText } from '@/components/DateText'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { RowsSkeleton } from '@/components/Skeletons'
import { tell } from '@/lib/messages'
import { usePermission } from '@/lib/session'
import {
  appointManager,
  type Issued,
  type Organisation,
  type OrganisationChange,
  organisationKeys,
  organisationQuery,
  reissueManager,
  resetManagerFactors,
  updateOrganisation,
} from '../api/organisations'
import { IssuedPanel } from '../components/IssuedPanel'
import { ManagerState } from '../components/ManagerState'
import classes from '../components/Organisation.module.css'
import { OrganisationState } from '../components/OrganisationState'
import { ReasonDialog } from '../components/ReasonDialog'
import { RenameDialog } from '../components/RenameDialog'

const route = getRouteApi('/shell/organisations/$organisationId')

/** One member: how it stands, its manager, and what the association can do about both. */
export function OrganisationPage() {
  const { t } = useTranslation('organisation')
  const { organisationId } = route.useParams()
  const query = useQuery(organisationQuery(organisationId))
  if (query.isLoadingError) return <ErrorState error={query.error} onRetry={() => query.refetch()} page />
  const back = <Link to="/organisations">{t('list.title')}</Link>
  return (
    <>
      <PageHeader title={query.data?.name ?? t('list.title')} back={back} />
      {query.data ? <Details organisation={query.data} /> : <RowsSkeleton />}
    </>
  )
}

function Details({ organisation }: { organisation: Organisation }) {
  const { t } = useTranslation('organisation')
  const [issued, setIssued] = useState<Issued>()
  return (
    <>
      {issued && <IssuedPanel issued={issued} />}
      <section className={classes.section}>
        <h2>{t('detail.organisation')}</h2>
        <dl className={classes.facts}>
          <dt>{t('field.state')}</dt>
          <dd>
            <OrganisationState state={organisation.state} />
          </dd>
          <dt>{t('field.code')}</dt>
          <dd>
            <Copyable value={organisation.code} label={t('field.code')} />
          </dd>
          <dt>{t('field.plan')}</dt>
          <dd>{t('plan', { context: organisation.plan })}</dd>
          <dt>{t('field.people')}</dt>
          <dd>{t('count', { count: organisation.people })}</dd>
          <dt>{t('field.since')}</dt>
          <dd>
            <DateText value={organisation.created_at} />
          </dd>
        </dl>
        <Actions organisation={organisation} />
      </section>
      <section className={classes.section}>
        <h2>{t('field.manager')}</h2>
        <dl className={classes.facts}>
          <dt>{t('field.managerName')}</dt>
          <dd>{organisation.manager.name || t('manager.none')}</dd>
          <dt>{t('field.loginId')}</dt>
          <dd>{organisation.manager.login_id}</dd>
          <dt>{t('field.email')}</dt>
          <dd>{organisation.manager.email || t('detail.noEmail')}</dd>
          <dt>{t('field.lastLogin')}</dt>
          <dd>
            <ManagerState manager={organisation.manager} />
          </dd>
        </dl>
        <Reissue organisation={organisation} onIssued={setIssued} />
      </section>
    </>
  )
}

/** Change, suspend, resume. */
function Actions({ organisation }: { organisation: Organisation }) {
  const { t } = useTranslation('organisation')
  const queries = useQueryClient()
  const [asked, setAsked] = useState<'change' | 'state'>()
  const suspending = organisation.state === 'active'
  const close = () => setAsked(undefined)
  const update = async (change: Omit<OrganisationChange, 'version'>) => {
    const next = await updateOrganisation(organisation.id, { ...change, version: organisation.version })
    queries.setQueryData(organisationKeys.one(organisation.id), next)
    void queries.invalidateQueries({ queryKey: organisationKeys.all })
  }
  if (!usePermission('organisation:write')) return null
  return (
    <div className={classes.buttons}>
      <Button variant="default" onClick={() => setAsked('change')}>
        {t('change.action')}
      </Button>
      <Button variant="default" onClick={() => setAsked('state')}>
        {suspending ? t('suspend.action') : t('resume.action')}
      </Button>
      {asked === 'change' && (
        <RenameDialog
          organisation={organisation}
          opened
          onClose={close}
          onSave={async (change) => {
            await update(change)
            tell(t('change.done'))
          }}
        />
      )}
      <ReasonDialog
        opened={asked === 'state'}
        onClose={close}
        grave={suspending}
        action={suspending ? t('suspend.action') : t('resume.action')}
        onConfirm={async (reason) => {
          await update({ state: suspending ? 'suspended' : 'active', reason })
          tell(suspending ? t('suspend.done') : t('resume.done'))
        }}
      >
        <p>
          {suspending
            ? t('suspend.preview', { name: organisation.name, count: organisation.people })
            : t('resume.preview', { name: organisation.name, count: organisation.people })}
        </p>
        {suspending && <p>{t('suspend.kept')}</p>}
      </ReasonDialog>
    </div>
  )
}

interface ReissueProps {
  organisation: Organisation
  onIssued: (issued: Issued) => void
}

function Reissue({ organisation, onIssued }: ReissueProps) {
  const { t } = useTranslation('organisation')
  const queries = useQueryClient()
  const [asked, setAsked] = useState<'credential' | 'factor'>()
  const may = usePermission('organisation:credential')
  if (!may || organisation.manager.credential === '') return null
  return (
    <div className={classes.buttons}>
      <Button variant="default" onClick={() => setAsked('credential')}>
        {t('reissue.action')}
      </Button>
      {organisation.manager.second_factor && (
        <Button variant="default" onClick={() => setAsked('factor')}>
          {t('factor.action')}
        </Button>
      )}
      <ReasonDialog
        opened={asked === 'factor'}
        onClose={() => setAsked(undefined)}
        grave
        action={t('factor.action')}
        onConfirm={async (reason) => {
          onIssued(await resetManagerFactors(organisation.id, reason))
          void queries.invalidateQueries({ queryKey: organisationKeys.all })
        }}
      >
        <p>{t('factor.preview', { name: organisation.manager.name })}</p>
      </ReasonDialog>
      <ReasonDialog
        opened={asked === 'credential'}
        onClose={() => setAsked(undefined)}
        action={t('reissue.action')}
        onConfirm={async (reason) => {
          onIssued(await reissueManager(organisation.id, reason))
          void queries.invalidateQueries({ queryKey: organisationKeys.all })
        }}
      >
        <p>{t('reissue.preview', { name: organisation.manager.name })}</p>
      </ReasonDialog>
      <Appoint organisation={organisation} />
    </div>
  )
}

/** Asks somebody else to become the manager, where the manager cannot do so. */
function Appoint({ organisation }: { organisation: Organisation }) {
  const { t } = useTranslation('organisation')
  const [asked, setAsked] = useState(false)
  const [login, setLogin] = useState('')
  return (
    <>
      <Button variant="default" onClick={() => setAsked(true)}>
        {t('appoint.action')}
      </Button>
      <ReasonDialog
        opened={asked}
        onClose={() => setAsked(false)}
        action={t('appoint.action')}
        onConfirm={async (reason) => {
          await appointManager(organisation.id, login, reason)
          tell(t('appoint.done'))
        }}
      >
        <p>{t('appoint.preview', { name: organisation.manager.name })}</p>
        <TextInput
          required
          label={t('appoint.login')}
          description={t('appoint.loginHelp')}
          maxLength={100}
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
      </ReasonDialog>
    </>
  )
}
