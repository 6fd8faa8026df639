import { IconBooks } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import classes from '@/components/Cards.module.css'
import { Cover } from '@/components/Cover'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { CardsSkeleton } from '@/components/Skeletons'
import { StatusBadge } from '@/components/StatusBadge'
import { type Offer, offersQuery } from '../api/catalogue'
import type { CatalogueFilter } from '../api/filter'
import { Facts } from '../components/Facts'
import { Filters } from '../components/Filters'

const route = getRouteApi('/shell/catalogue')

/** Every course that the organisation may use: its own, and those that the association shares with it. */
export function CataloguePage() {
  const { t } = useTranslation('catalogue')
  const filter = route.useSearch()
  const navigate = route.useNavigate()
  const query = useQuery(offersQuery(filter))
  const filtered = Object.keys(filter).length > 0
  const change = (next: CatalogueFilter) => navigate({ search: next, replace: true, resetScroll: false })
  return (
    <>
      <PageHeader title={t('title')} description={t('text')} />
      <Filters filter={filter} onChange={change} />
      {query.isPending && <CardsSkeleton />}
      {query.isError && <ErrorState error={query.error} onRetry={() => query.refetch()} />}
      {query.data?.length === 0 && (
        <EmptyState
          icon={IconBooks}
          title={t(filtered ? 'noneFound' : 'none')}
          text={t(filtered ? 'noneFoundText' : 'noneText')}
        />
      )}
      <ul className={classes.cards} aria-label={t('title')}>
        {query.data?.map((offer) => (
          <Card key={offer.course} offer={offer} />
        ))}
      </ul>
    </>
  )
}

function Card({ offer }: { offer: Offer }) {
  const { t } = useTranslation('catalogue')
  return (
    <li className={classes.card}>
      <Cover link={offer.cover} />
      {offer.newer && <StatusBadge tone="active">{t('newer.badge')}</StatusBadge>}
      <h2 className={classes.title}>
        <Link to="/catalogue/$courseId" params={{ courseId: offer.course }} className={classes.link}>
          {offer.title}
        </Link>
      </h2>
      {offer.summary && <p className={classes.summary}>{offer.summary}</p>}
      <Facts offer={offer} />
    </li>
  )
}
