import { ActionIcon, Button, Drawer } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import {
  IconArrowLeft,
  IconArrowRight,
  IconCircleCheckFilled,
  IconFlag,
  IconList,
  IconX,
} from '@tabler/icons-react'
import { Link, useNavigate } from '@tanstack/react-router'
import { lazy, type ReactNode, Suspense, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { ButtonLink } from '@/components/ButtonLink'
import { type LearnerLesson, lockedBy, type Outline } from '@/lib/learning'
import { usePageTitle } from '@/lib/page-title'
import { useShortcuts } from '@/lib/shortcuts'
import { OutlineList } from './OutlineList'
import classes from './Player.module.css'
import { SavedState } from './SavedState'

const Notes = lazy(() => import('./Notes').then((one) => ({ default: one.Notes })))

interface PlayerFrameProps {
  outline: Outline
  lesson: LearnerLesson
  person: string
  children: ReactNode
}

/** The frame of the player: where I am, whether it is saved, the lessons, back and on. */
export function PlayerFrame({ outline, lesson, person, children }: PlayerFrameProps) {
  const { t } = useTranslation('player')
  usePageTitle(`${lesson.title} - ${outline.course_title}`)
  const [opened, drawer] = useDisclosure(false)
  const number = outline.lessons.findIndex((one) => one.id === lesson.id) + 1
  const done = outline.lessons.find((one) => one.id === lesson.id)?.state === 'done'
  const locked = lesson.next && lockedBy(outline, lesson.next)
  useNeighbourKeys(outline.id, locked ? { ...lesson, next: undefined } : lesson)
  return (
    <div className={classes.player}>
      <header className={classes.bar}>
        <ActionIcon
          component={Link}
          to="/learn"
          variant="subtle"
          color="gray"
          size={44}
          aria-label={t('close')}
        >
          <IconX size={22} aria-hidden />
        </ActionIcon>
        <span className={classes.barTitle}>{outline.course_title}</span>
        <SavedState person={person} />
        <Button
          variant="default"
          size="md"
          onClick={drawer.open}
          leftSection={<IconList size={20} aria-hidden />}
          className={classes.contents}
          aria-haspopup="dialog"
        >
          {t('contents', { number, total: outline.lessons.length })}
        </Button>
      </header>
      <main className={classes.stage}>
        <div className={classes.lessonHead}>
          <h1 className={classes.lessonTitle}>{lesson.title}</h1>
          {done && (
            <span className={classes.doneMark}>
              <IconCircleCheckFilled size={20} aria-hidden />
              {t('state', { context: 'done' })}
            </span>
          )}
        </div>
        {children}
        <Suspense>
          <Notes lesson={lesson} person={person} />
        </Suspense>
        {lesson.kind !== 'quiz' && <JustFinished outline={outline} />}
      </main>
      <nav className={classes.foot} aria-label={t('lessonsNav')}>
        <Neighbour enrolment={outline.id} lesson={lesson.previous} back />
        {locked ? (
          <span className={classes.locked}>{t('locked', { title: locked.title })}</span>
        ) : (
          <Neighbour
            enrolment={outline.id}
            lesson={lesson.next}
            strong={done}
            finished={outline.status === 'completed'}
          />
        )}
      </nav>
      <Drawer
        opened={opened}
        onClose={drawer.close}
        title={outline.course_title}
        position="right"
        closeButtonProps={{ 'aria-label': t('closeContents'), size: 44 }}
      >
        <OutlineList outline={outline} current={lesson.id} onChoose={drawer.close} />
      </Drawer>
    </div>
  )
}

/** Said once, where it happens: that was the last lesson. */
function JustFinished({ outline }: { outline: Outline }) {
  const { t } = useTranslation('player')
  const done = outline.status === 'completed'
  const [before] = useState(done)
  return (
    <div role="status">
      {done && !before && (
        <div className={classes.justFinished}>
          <p>{t('finished.title')}</p>
          <ButtonLink to="/learn/$enrolment" params={{ enrolment: outline.id }} size="lg">
            {t('quiz.toFinish')}
          </ButtonLink>
        </div>
      )}
    </div>
  )
}

interface NeighbourProps {
  enrolment: string
  lesson: string | undefined
  back?: boolean
  strong?: boolean
  /** The whole course is. */
  finished?: boolean
}

/** The way to the lesson before or after; after the last one to the course, which says whether it is finished. */
function Neighbour({ enrolment, lesson, back, strong, finished }: NeighbourProps) {
  const { t } = useTranslation('player')
  const look = { size: 'lg', variant: strong ? 'filled' : 'default' } as const
  if (lesson)
    return (
      <ButtonLink
        to="/learn/$enrolment/$lesson"
        params={{ enrolment, lesson }}
        preload={false}
        {...look}
        leftSection={back && <IconArrowLeft size={20} aria-hidden />}
        rightSection={!back && <IconArrowRight size={20} aria-hidden />}
      >
        {t(back ? 'previous' : 'next')}
      </ButtonLink>
    )
  if (back) return <span />
  return (
    <ButtonLink
      to="/learn/$enrolment"
      params={{ enrolment }}
      {...look}
      rightSection={<IconFlag size={20} aria-hidden />}
    >
      {t(finished ? 'quiz.toFinish' : 'toCourse')}
    </ButtonLink>
  )
}

interface Neighbours {
  previous?: string | undefined
  next?: string | undefined
}

function useNeighbourKeys(enrolment: string, lesson: Neighbours) {
  const { t } = useTranslation('player')
  const navigate = useNavigate()
  const shortcuts = useMemo(() => {
    const go = (to: string | undefined) =>
      to && void navigate({ to: '/learn/$enrolment/$lesson', params: { enrolment, lesson: to } })
    return [
      { key: 'n', label: t('next'), run: () => go(lesson.next) },
      { key: 'p', label: t('previous'), run: () => go(lesson.previous) },
    ]
  }, [enrolment, lesson.next, lesson.previous, navigate, t])
  useShortcuts(shortcuts)
}
