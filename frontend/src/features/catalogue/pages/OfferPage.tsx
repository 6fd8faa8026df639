import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { PageSkeleton } from '@/components/Skeletons'
import { offerQuery } from '../api/catalogue'
import { CopyCourse } from '../components/CopyCourse'
import { Facts } from '../components/Facts'
import { Lessons } from '../components/Lessons'
import { NewerVersion } from '../components/NewerVersion'

const route = getRouteApi('/shell/catalogue/$courseId')

/** One course of the catalogue: what is in it, and what a newer version does differently. */
export function OfferPage() {
  const { t } = useTranslation('catalogue')
  const { courseId } = route.useParams()
  const query = useQuery(offerQuery(courseId))
  if (query.isPending) return <PageSkeleton />
  if (query.isLoadingError) return <ErrorState page error={query.error} onRetry={() => query.refetch()} />
  const offer = query.data
  return (
    <>
      <PageHeader
        title={offer.title}
        description={offer.summary}
        back={<Link to="/catalogue">{t('back')}</Link>}
      />
      <Facts offer={offer} />
      <NewerVersion offer={offer} />
      <CopyCourse offer={offer} />
      <Lessons course={courseId} title={t('lessons', { number: offer.number })} lessons={offer.lessons} />
    </>
  )
}
