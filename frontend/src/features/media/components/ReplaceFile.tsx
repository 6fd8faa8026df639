import { Alert, Button, Group, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AssetState } from '@/components/upload/AssetState'
import { UploadField } from '@/components/upload/UploadField'
import { asProblem } from '@/lib/api/problem'
import { assetQuery } from '@/lib/assets'
import { useSentence } from '@/lib/problem-text'
import { type ChangedCourse, type MediaFile, replaceFile } from '../api/media'

interface ReplaceFileProps {
  file: MediaFile
  onDone: (courses: ChangedCourse[]) => void
}

/** Uploads another file and puts it in the place of this one once it has been looked at. */
export function ReplaceFile({ file, onDone }: ReplaceFileProps) {
  const { t } = useTranslation('media')
  const [next, setNext] = useState<string>()
  return (
    <Stack gap="sm">
      <p>{t('replace.text')}</p>
      {next ? (
        <Swap file={file} next={next} onDone={onDone} onAgain={() => setNext(undefined)} />
      ) : (
        <UploadField
          kind={file.kind}
          label={t('replace.choose')}
          slot={`replace ${file.id}`}
          onDone={(asset) => setNext(asset.id)}
        />
      )}
    </Stack>
  )
}

interface SwapProps extends ReplaceFileProps {
  next: string
  onAgain: () => void
}

function Swap({ file, next, onDone, onAgain }: SwapProps) {
  const { t } = useTranslation('media')
  const sentence = useSentence()
  const { data } = useQuery(assetQuery(next))
  const [problem, setProblem] = useState('')
  const asked = useRef(false)
  const state = data?.state
  useEffect(() => {
    if (state !== 'ready' || asked.current) return
    asked.current = true
    replaceFile(file.id, next).then(onDone, (error) => {
      const found = asProblem(error)
      setProblem(sentence(found.fields?.[0]?.key ?? found.key, found.args))
    })
  }, [state, file.id, next, onDone, sentence])
  return (
    <>
      <AssetState id={next} />
      {problem && (
        <Alert color="red" title={t('replace.failed')}>
          {problem}
        </Alert>
      )}
      {(problem || state === 'refused') && (
        <Group>
          <Button variant="default" onClick={onAgain}>
            {t('replace.again')}
          </Button>
        </Group>
      )}
    </>
  )
}

/** What a replacement has changed, and what is left to do. */
export function Replaced({ courses, onClose }: { courses: ChangedCourse[]; onClose: () => void }) {
  const { t } = useTranslation('media')
  const waiting = courses.filter((one) => one.published)
  return (
    <Stack gap="md">
      <p role="status">{t('replace.done', { count: courses.length })}</p>
      {waiting.length > 0 && (
        <>
          <p>{t('replace.publish')}</p>
          <ul>
            {waiting.map((one) => (
              <li key={one.id}>
                <Link to="/courses/$courseId" params={{ courseId: one.id }}>
                  {one.title}
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
      <Group>
        <Button onClick={onClose}>{t('replace.back')}</Button>
      </Group>
    </Stack>
  )
}
