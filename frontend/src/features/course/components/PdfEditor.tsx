import { Button, Group, Stack } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { RowsSkeleton } from '@/components/Skeletons'
import { AssetState } from '@/components/upload/AssetState'
import { UploadField } from '@/components/upload/UploadField'
import type { Body, PdfBody } from '../api/lessons'

const PdfPages = lazy(() => import('./PdfPages').then((file) => ({ default: file.PdfPages })))

interface PdfEditorProps {
  lesson: string
  pdf: PdfBody
  onChange: (patch: { body: Body }) => void
}

/** A PDF lesson: the file and how it looks. */
export function PdfEditor({ lesson, pdf, onChange }: PdfEditorProps) {
  const { t } = useTranslation('course')
  const [replacing, setReplacing] = useState(false)
  return (
    <Stack gap="sm">
      {pdf.asset && (
        <>
          <AssetState id={pdf.asset} />
          <Suspense fallback={<RowsSkeleton rows={4} />}>
            <PdfPages key={pdf.asset} asset={pdf.asset} />
          </Suspense>
          <Group>
            <Button size="sm" variant="default" onClick={() => setReplacing(!replacing)}>
              {t('pdf.replace')}
            </Button>
          </Group>
        </>
      )}
      {(!pdf.asset || replacing) && (
        <UploadField
          kind="pdf"
          label={t('pdf.choose')}
          slot={`${lesson} pdf`}
          onDone={(asset) => {
            setReplacing(false)
            onChange({ body: { pdf: { asset: asset.id, pages: 0 } } })
          }}
        />
      )}
    </Stack>
  )
}
