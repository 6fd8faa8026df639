import { Modal } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Body } from '../api/lessons'
import { LessonContent } from './LessonContent'

interface LessonPreviewProps {
  title: string
  body: Body
  /** Without it the lesson is shown in place, for people who may only read. */
  onClose?: () => void
}

/** The lesson as a learner reads it, with what is on the screen now. */
export function LessonPreview({ title, body, onClose }: LessonPreviewProps) {
  const { t } = useTranslation('course')
  const content = <LessonContent title={title} body={body} />
  if (!onClose) return content
  return (
    <Modal
      opened
      onClose={onClose}
      size="56rem"
      title={t('lesson.previewTitle')}
      closeButtonProps={{ 'aria-label': t('common:action.close') }}
    >
      {content}
    </Modal>
  )
}
