import { Button, Group, SegmentedControl } from '@mantine/core'
import { IconPlus, IconSchool } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '@/components/ButtonLink'
import classes from '@/components/Cards.module.css'
import { EmptyState } from '@/components/EmptyState'
import { ErrorState } from '@/components/ErrorState'
import { PageHeader } from '@/components/PageHeader'
import { CardsSkeleton } from '@/components/Skeletons'
import { itemsOf } from '@/lib/api/pages'
import { usePermission } from '@/lib/session'
import { coursesQuery } from '../api/courses'
import { CourseCard } from '../components/CourseCard'
import { CourseForm } from '../components/CourseForm'

/** The own courses as cards: what each is, where it stands, and the way in. */
export function CoursesPage() {
  const { t } = useTranslation('course')
  const navigate = useNavigate()
  const mayWrite = usePermission('course:write')
  const [archived, setArchived] = useState(false)
  const [making, setMaking] = useState(false)
  const courses = useInfiniteQuery(coursesQuery(archived))
  const items = itemsOf(courses.data)
  const make = mayWrite && (
    <Group gap="sm">
      <Button leftSection={<IconPlus size={20} aria-hidden />} onClick={() => setMaking(true)}>
        {t('list.new')}
      </Button>
      <ButtonLink variant="default" to="/courses/import" search={{}}>
        {t('list.moodle')}
      </ButtonLink>
    </Group>
  )
  return (
    <>
      <PageHeader title={t('list.title')} description={t('list.text')} action={make} />
      <p>
        <Link to="/media">{t('list.media')}</Link>
      </p>
      <SegmentedControl
        aria-label={t('list.which')}
        value={archived ? 'archived' : 'used'}
        onChange={(value) => setArchived(value === 'archived')}
        data={[
          { value: 'used', label: t('list.used') },
          { value: 'archived', label: t('list.archived') },
        ]}
        mb="md"
      />
      {courses.isPending && <CardsSkeleton />}
      {courses.isError && <ErrorState error={courses.error} onRetry={() => void courses.refetch()} />}
      {courses.isSuccess && items.length === 0 && (
        <EmptyState
          icon={IconSchool}
          title={t(archived ? 'list.noneArchived' : 'list.none')}
          text={t(archived ? 'list.noneArchivedText' : 'list.noneText')}
          action={!archived && make}
        />
      )}
      <ul className={classes.cards}>
        {items.map((course) => (
          <CourseCard key={course.id} course={course} />
        ))}
      </ul>
      {courses.hasNextPage && (
        <Button
          variant="default"
          loading={courses.isFetchingNextPage}
          onClick={() => void courses.fetchNextPage()}
        >
          {t('list.more')}
        </Button>
      )}
      {making && (
        <CourseForm
          onClose={() => setMaking(false)}
          onDone={(course) => void navigate({ to: '/courses/$courseId', params: { courseId: course.id } })}
        />
      )}
    </>
  )
}
