import { Modal, SegmentedControl, Stack } from '@mantine/core'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Body } from '../api/lessons'
import { LessonContent } from './LessonContent'
import classes from './LessonPreview.module.css'

interface LessonPreviewProps {
  title: string
  body: Body
  /** Without it the lesson is shown in place, for people who may only read. */
  onClose?: () => void
}

const devices = ['desktop', 'phone'] as const

/** The lesson as a learner reads it on a computer or on a phone, with what is on the screen now. */
export function LessonPreview({ title, body, onClose }: LessonPreviewProps) {
  const { t } = useTranslation('course')
  const [device, setDevice] = useState<string>('desktop')
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
      <Stack>
        <SegmentedControl
          className={classes.devices ?? ''}
          aria-label={t('lesson.device')}
          value={device}
          onChange={setDevice}
          data={devices.map((value) => ({ value, label: t('lesson.device', { context: value }) }))}
        />
        <div data-device={device} className={classes.screen}>
          {content}
        </div>
      </Stack>
    </Modal>
  )
}
