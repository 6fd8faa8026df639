import { Button, Modal, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { formatDateTime } from '@/lib/format'
import type { Body, Lesson } from '../api/lessons'
import type { LessonSaver, Snapshot } from '../saving/lesson-saver'
import classes from './ConflictDialog.module.css'
import { LessonContent } from './LessonContent'

/** The same lesson was saved twice, by two people or on two screens of one: both versions side by side, either can be kept, the other stays in the history. */
export function ConflictDialog({
  now,
  theirs,
  saver,
}: {
  now: Snapshot
  theirs: Lesson
  saver: LessonSaver
}) {
  const { t } = useTranslation('course')
  const own = theirs.saved_by_you ? 'own' : 'another'
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      size="90rem"
      title={t('conflict.title', { context: own })}
    >
      <Text mb="md">
        {t('conflict.text', { context: own, name: theirs.saved_by || t('conflict.somebody') })}
      </Text>
      <div className={classes.sides}>
        <Side
          heading={t('conflict.mine')}
          title={now.title}
          body={now.body}
          action={t('conflict.keepMine')}
          onKeep={() => void saver.keepMine()}
        />
        <Side
          heading={t('conflict.theirs', {
            context: own,
            name: theirs.saved_by,
            time: formatDateTime(theirs.updated_at),
          })}
          title={theirs.title}
          body={theirs.body}
          action={t('conflict.keepTheirs', { context: own })}
          onKeep={() => void saver.keepTheirs()}
        />
      </div>
    </Modal>
  )
}

interface SideProps {
  heading: string
  title: string
  body: Body
  action: string
  onKeep: () => void
}

function Side({ heading, title, body, action, onKeep }: SideProps) {
  return (
    <div className={classes.side}>
      <h3 className={classes.heading}>{heading}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <section className={classes.content} tabIndex={0} aria-label={heading}>
        <LessonContent title={title} body={body} />
      </section>
      <Button onClick={onKeep}>{action}</Button>
    </div>
  )
}
